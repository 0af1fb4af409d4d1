// Package browser drives a page in each of the three browser engines through one interface, so that a
// journey is written once. Chromium is driven by chromedp, Firefox by WebDriver BiDi on its own remote port,
// WebKit by the classic WebDriver of WebKitGTK.
//
// Each command has Patience to be done in. Nothing here waits for what a page does later: the caller asks,
// by Evaluate, until it is so.
package browser

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Patience is how long one command may take, a page's loading included. It is generous: a test machine has
// two cores, and three browsers run on them.
const Patience = time.Minute

// ErrMissing is what Start's error wraps when the engine is not installed.
var ErrMissing = errors.New("not installed")

// Engine is a browser engine that may be installed here.
type Engine struct {
	Name  string
	Start func() (Browser, error)
}

// Engines are all there are.
var Engines = []Engine{
	{"chromium", func() (Browser, error) { return StartChromium() }},
	{"firefox", func() (Browser, error) { return StartFirefox() }},
	{"webkit", func() (Browser, error) { return StartWebKit() }},
}

// Browser is a running engine. It may be used by several goroutines at once.
type Browser interface {
	// Visit begins the visit of somebody who has never been here: with storage of their own, that the
	// tabs of this visit share.
	Visit() (Visit, error)
	Close() error
}

// Visit is one person with any number of tabs.
type Visit interface {
	// Tab opens a tab, in a window of its own, so that each is visible.
	Tab() (Tab, error)
	// Close closes the tabs and forgets what they have stored.
	Close() error
}

// Tab is one page. Coordinates and sizes are in CSS pixels.
type Tab interface {
	// Open returns when the page has loaded.
	Open(url string) error
	Reload() error
	// Click moves the pointer there, presses and releases it.
	Click(x, y float64) error
	// Type presses keys one after the other on whatever has the focus: characters, and the constants of
	// this package. Shift and Control apply to the key after them.
	Type(keys string) error
	// Resize sets the viewport.
	Resize(width, height int) error
	// Picture returns the viewport as a PNG.
	Picture() ([]byte, error)
	// Close closes the tab as its visitor would.
	Close() error

	// run evaluates a script whose value is the promise of a string.
	run(script string) (string, error)
}

// Keys that are not characters, by the code points of WebDriver's specification.
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

// Evaluate returns the value of a JavaScript expression in the tab's page, as JSON; undefined is null. If it
// is a promise, its result counts. What the page throws is an error.
func Evaluate(tab Tab, expression string) (json.RawMessage, error) {
	// JSON.stringify, because each protocol has a way of its own of saying values.
	answer, err := tab.run(`Promise.resolve().then(() => (` + expression + `
)).then(value => JSON.stringify({value: value === undefined ? null : value}), error => JSON.stringify({error: String(error)}))`)
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

// strokes are what Type presses: a key, and the modifiers held meanwhile.
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
