package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"plurachat/web/e2e/browser"
	"plurachat/web/e2e/suite"
)

const patience = suite.Patience

// engine is one of browser.Engines. The first test that needs it starts it.
type engine struct {
	browser.Engine
	running func() (browser.Browser, error)
}

var engines = func() (all []*engine) {
	for _, kind := range browser.Engines {
		all = append(all, &engine{kind, sync.OnceValues(func() (browser.Browser, error) {
			b, err := kind.Start()
			if err == nil {
				started.Lock()
				defer started.Unlock()
				started.browsers = append(started.browsers, b)
			}
			return b, err
		})})
	}
	return all
}()

// started are the browsers that closeEngines closes after all tests.
var started struct {
	sync.Mutex
	browsers []browser.Browser
}

func closeEngines() {
	started.Lock()
	defer started.Unlock()
	for _, b := range started.browsers {
		if err := b.Close(); err != nil {
			fmt.Fprintln(os.Stderr, "closing a browser:", err)
		}
	}
}

// chromium is the engine of tests that no other engine can run.
var chromium = engines[0]

// need starts the engine. If the engine is not installed, need skips the test, or fails it if CI is "true".
func (e *engine) need(t *testing.T) browser.Browser {
	t.Helper()
	b, err := e.running()
	if errors.Is(err, browser.ErrMissing) && os.Getenv("CI") != "true" {
		t.Skipf("%s is not here: %v", e.Name, err)
	}
	if err != nil {
		t.Fatalf("%s (required in CI): %v", e.Name, err)
	}
	return b
}

// everywhere runs a test in each engine that is installed, in parallel.
func everywhere(t *testing.T, test func(t *testing.T, e *engine)) {
	t.Helper()
	for _, e := range engines {
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			e.need(t)
			test(t, e)
		})
	}
}

// visitor has tabs that share storage with each other, but not with the tabs of other visitors.
type visitor struct {
	t     *testing.T
	visit browser.Visit
}

// visitor begins a visit that ends with the test.
func (e *engine) visitor(t *testing.T) *visitor {
	t.Helper()
	visit, err := e.need(t).Visit()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := visit.Close(); err != nil {
			t.Errorf("ending the visit: %v", err)
		}
	})
	return &visitor{t, visit}
}

// tab is a browser.Tab whose errors fail the test.
type tab struct {
	browser.Tab
	t      *testing.T
	closed bool
}

// chromedp returns the tab's context for chromedp's functions. Only Chromium's tabs have one.
func (b *tab) chromedp() context.Context { return b.Tab.(*browser.ChromiumTab).Context }

// open opens a page in a new tab.
func (v *visitor) open(url string) *tab {
	v.t.Helper()
	opened, err := v.visit.Tab()
	if err != nil {
		v.t.Fatal(err)
	}
	b := &tab{Tab: opened, t: v.t}
	v.t.Cleanup(func() {
		if v.t.Failed() && !b.closed {
			b.picture(v.t.Name() + " failed")
		}
		b.close()
	})
	b.size(1280, 800)
	b.open(url)
	return b
}

func (b *tab) open(url string) {
	b.t.Helper()
	if err := b.Open(url); err != nil {
		b.t.Fatalf("opening %s: %v", url, err)
	}
}

func (b *tab) reload() {
	b.t.Helper()
	b.settle()
	if err := b.Reload(); err != nil {
		b.t.Fatalf("reloading: %v", err)
	}
}

// close closes the tab once the site has the page's reports.
func (b *tab) close() {
	b.t.Helper()
	if b.closed {
		return
	}
	b.closed = true
	b.settle()
	if err := b.Close(); err != nil {
		b.t.Errorf("closing a tab: %v", err)
	}
}

// settle waits until the site has the page's reports, which watch.js sends.
func (b *tab) settle() {
	if _, err := browser.Evaluate(b, `document.watched?.()`); err != nil {
		b.t.Errorf("waiting for the page's reports: %v", err)
	}
}

func (b *tab) size(width, height int) {
	b.t.Helper()
	if err := b.Resize(width, height); err != nil {
		b.t.Fatalf("making the viewport %d × %d: %v", width, height, err)
	}
}

// press types keys as browser.Tab's Type does.
func (b *tab) press(keys string) {
	b.t.Helper()
	if err := b.Type(keys); err != nil {
		b.t.Fatalf("typing %q: %v", keys, err)
	}
}

// click clicks the middle of the element that an expression returns, once the element is visible and not animated.
func (b *tab) click(element string) {
	b.t.Helper()
	b.wait(`(e => e?.getClientRects().length > 0 && e.getAnimations({subtree: false}).length == 0)(` + element + `)`)
	at := eval[[2]float64](b, `(r => [r.x + r.width / 2, r.y + r.height / 2])((`+element+`).getBoundingClientRect())`)
	if err := b.Click(at[0], at[1]); err != nil {
		b.t.Fatalf("clicking on %s: %v", element, err)
	}
}

// wait returns once an expression is true. It fails the test after patience.
func (b *tab) wait(condition string) {
	b.t.Helper()
	b.waitFor(patience, condition)
}

func (b *tab) waitFor(limit time.Duration, condition string) {
	b.t.Helper()
	var err error
	if !suite.Poll(limit, func() bool {
		var value json.RawMessage
		value, err = browser.Evaluate(b, "Boolean("+condition+")")
		return string(value) == "true"
	}) {
		b.t.Fatalf("waited %s in vain for %s (last error: %v)\nthe widget: %s", limit, condition, err, b.state())
	}
}

// state describes the widget for the message of a failed test.
func (b *tab) state() string {
	value, err := browser.Evaluate(b, `[PluraChat.state, `+part("status")+`?.textContent, `+
		part("panel")+`?.hidden, `+messages+`.slice(-6)]`)
	if err != nil {
		return err.Error()
	}
	if len(value) > 2000 {
		value = append(value[:2000:2000], "…"...) // a message may be as long as a frame
	}
	return string(value)
}

// active is like eval, while the tab's window is the active one.
func active[T any](b *tab, expression string) T {
	b.t.Helper()
	release, err := b.Activate()
	if err != nil {
		b.t.Fatal(err)
	}
	defer release()
	return eval[T](b, expression)
}

// eval returns the value of an expression. If the value is a promise, eval returns the promise's result.
func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	var value T
	data, err := browser.Evaluate(b, expression)
	if err == nil {
		err = json.Unmarshal(data, &value)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return value
}
