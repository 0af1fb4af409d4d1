// Package browser drives a page in each of the three browser engines through one interface, so that a journey is
// written once. chromedp drives Chromium, WebDriver BiDi drives Firefox through Firefox's own remote port, and the
// classic WebDriver of WebKitGTK drives WebKit.
//
// Each command fails if it takes longer than Patience. No command waits for what the page does later: the caller polls
// with Evaluate.
package browser

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Patience is how long one command may take, including the loading of a page. It is long, because three browsers run on
// a test machine with two cores.
const Patience = time.Minute

// ErrMissing is wrapped by the error of Engine.Start if the engine is not installed.
var ErrMissing = errors.New("not installed")

// Engine is a browser engine, which need not be installed.
type Engine struct {
	Name  string
	Start func() (Browser, error)
}

// Engines are all engines.
var Engines = []Engine{
	{"chromium", func() (Browser, error) { return StartChromium() }},
	{"firefox", func() (Browser, error) { return StartFirefox() }},
	{"webkit", func() (Browser, error) { return StartWebKit() }},
}

// Browser is a running engine. Several goroutines may use it at once.
type Browser interface {
	// Visit begins a visit. The tabs of a visit share storage that is empty at first and that no other visit has.
	Visit() (Visit, error)
	Close() error
}

// Visit is one visitor with any number of tabs.
type Visit interface {
	// Tab opens a tab in a window of its own, so that each tab is visible.
	Tab() (Tab, error)
	// Close closes the tabs and deletes what they have stored.
	Close() error
}

// Tab is one page. Coordinates and sizes are in CSS pixels.
type Tab interface {
	// Open returns when the page has loaded.
	Open(url string) error
	Reload() error
	// Click moves the pointer to a point, and presses and releases the button.
	Click(x, y float64) error
	// Type presses keys one after the other: characters, and the constants of this package. They go to the element that
	// has the focus. Shift and Control apply to the key after them.
	Type(keys string) error
	// Activate makes the tab's window the active one until release is called, which must be soon: other tabs of the
	// browser may wait for it. Only in the active window of Firefox does the focused element match ":focus" between the
	// other calls. Click and Type do without Activate.
	Activate() (release func(), err error)
	// Resize sets the viewport, or comes as near as the browser's window can. It returns once the page has that size.
	Resize(width, height int) error
	// Picture returns the viewport as a PNG.
	Picture() ([]byte, error)
	// Print returns the page as it is printed, as a PDF. Its error is errors.ErrUnsupported if the engine's driver cannot.
	Print() ([]byte, error)
	// Close closes the tab as a visitor does.
	Close() error

	// run evaluates a script whose value is a promise of a string, and returns that string.
	run(script string) (string, error)
}

// Keys that are not characters, by the code points of the WebDriver specification.
const (
	Backspace = "\uE003"
	TabKey    = "\uE004"
	Enter     = "\uE007"
	Shift     = "\uE008"
	Control   = "\uE009"
	Escape    = "\uE00C"
	End       = "\uE010"
	Home      = "\uE011"
	Left      = "\uE012"
	Up        = "\uE013"
	Right     = "\uE014"
	Down      = "\uE015"
)

// Evaluate returns the value of a JavaScript expression in the tab's page, as JSON; undefined becomes null. If the
// value is a promise, Evaluate returns the promise's result. It returns an error if the expression throws or the
// promise is rejected.
func Evaluate(tab Tab, expression string) (json.RawMessage, error) {
	// The script encodes the value as JSON, because each protocol encodes values in its own way.
	answer, err := tab.run(`Promise.resolve().then(() => (` + expression + `
)).then(value => JSON.stringify({value: value ?? null}), error => JSON.stringify({error: String(error)}))`)
	if err != nil {
		return nil, fmt.Errorf("evaluating %s: %w", short(expression), err)
	}
	var result struct {
		Value json.RawMessage `json:"value"`
		Error *string         `json:"error"`
	}
	if err := json.Unmarshal([]byte(answer), &result); err != nil {
		return nil, fmt.Errorf("evaluating %s: the page answered %q: %w", short(expression), answer, err)
	}
	if result.Error != nil {
		return nil, fmt.Errorf("evaluating %s: %s", short(expression), *result.Error)
	}
	return result.Value, nil
}

func short(expression string) string {
	const limit = 300
	if len(expression) > limit {
		return expression[:limit] + "…"
	}
	return expression
}

// stroke is a key that Type presses, and the modifiers that are held at the time.
type stroke struct {
	key       string
	modifiers []string
}

func strokes(keys string) []stroke {
	var all []stroke
	var held []string
	for _, r := range keys {
		if key := string(r); key == Shift || key == Control {
			held = append(held, key)
		} else {
			all = append(all, stroke{key, held})
			held = nil
		}
	}
	return all
}
