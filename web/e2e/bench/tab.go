package main

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/css"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"plurachat/web/e2e/browser"
)

//go:embed observe.js
var observe string

// speed is how much a visitor's machine and network are slowed down. The zero value leaves this machine as it is.
type speed struct {
	cpu  float64 // the factor by which the processor is slower; 0: it is not
	slow bool    // a network with 1.6 Mbit/s and a latency of 150 ms
}

// phone is the speed at which widgets are compared.
var phone = speed{cpu: 4, slow: true}

// tab is a visitor's tab.
type tab struct {
	*browser.ChromiumTab
	visit browser.Visit
}

// newTab opens a tab in a new profile.
func (b *bench) newTab(s speed) (*tab, error) {
	visit, err := b.browser.Visit()
	if err != nil {
		return nil, err
	}
	return newTab(visit, s)
}

func newTab(visit browser.Visit, s speed) (*tab, error) {
	opened, err := visit.Tab()
	if err != nil {
		return nil, err
	}
	t := &tab{opened.(*browser.ChromiumTab), visit}
	if err := t.Resize(1280, 800); err != nil {
		return nil, err
	}
	if _, err := chromedp.Call(t.Context, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: observe}); err != nil {
		return nil, fmt.Errorf("preparing a tab: %w", err)
	}
	if err := t.slow(s); err != nil || s.slow { // a slow network needs the tools that unwatched turns off
		return t, err
	}
	return t, t.unwatched()
}

// watch makes each page that is opened from now on store, in document.bench.seen, a promise of the time at which an
// element becomes visible.
func (t *tab) watch(element string) error {
	_, err := chromedp.Call(t.Context, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
		Source: `document.bench.seen = document.bench.painted(() => document.bench.visible(` + element + `));`})
	return err
}

// slow slows the tab down from now on.
func (t *tab) slow(s speed) error {
	rate := max(s.cpu, 1)
	if _, err := chromedp.Call(t.Context, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: rate}); err != nil {
		return fmt.Errorf("slowing the processor down: %w", err)
	}
	line := &network.Conditions{DownloadThroughput: -1, UploadThroughput: -1}
	if s.slow {
		line = &network.Conditions{Latency: 150, DownloadThroughput: 1.6e6 / 8, UploadThroughput: 1.6e6 / 8}
	}
	_, err := chromedp.Call(t.Context, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{line}})
	if err != nil {
		return fmt.Errorf("slowing the network down: %w", err)
	}
	return nil
}

// unwatched turns off the developer tools that observe the page. Visitors do not use them, and with them the browser
// reports each frame and each node.
func (t *tab) unwatched() error {
	for _, do := range []func() error{
		func() error { _, err := chromedp.Call(t.Context, network.Disable, cdp.Empty{}); return err },
		func() error { _, err := chromedp.Call(t.Context, css.Disable, cdp.Empty{}); return err },
		func() error { _, err := chromedp.Call(t.Context, dom.Disable, cdp.Empty{}); return err },
	} {
		if err := do(); err != nil {
			return fmt.Errorf("turning developer tools off: %w", err)
		}
	}
	return nil
}

// close ends the visit.
func (t *tab) close() { _ = t.visit.Close() }

// value returns the value of an expression. If the value is a promise, it returns the promise's result.
func value[T any](t *tab, expression string) (v T, err error) {
	data, err := browser.Evaluate(t, expression)
	if err == nil {
		err = json.Unmarshal(data, &v)
	}
	return v, err
}

// until returns once a condition is true in the page.
func (t *tab) until(condition string) error { return t.untilWithin(90*time.Second, condition) }

func (t *tab) untilWithin(patience time.Duration, condition string) error {
	const interval = 20 * time.Millisecond
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(interval) {
		if met, err := value[bool](t, "Boolean("+condition+")"); err == nil && met {
			return nil
		}
	}
	return fmt.Errorf("%w for %s", errPatience, condition)
}

// errPatience is the error of a condition that is not met in time.
var errPatience = errors.New("waited in vain")

// idle waits for d, so that the page can finish what it does.
func (t *tab) idle(d time.Duration) { time.Sleep(d) }

// click clicks the middle of an element. The pointer moves there in one step.
func (t *tab) click(element string) error {
	return t.mouse(element, input.DispatchMouseEventTypeMouseMoved, input.DispatchMouseEventTypeMousePressed, input.DispatchMouseEventTypeMouseReleased)
}

// point moves the pointer to the middle of an element.
func (t *tab) point(element string) error {
	return t.mouse(element, input.DispatchMouseEventTypeMouseMoved)
}

// mouse dispatches events of the mouse in the middle of an element.
func (t *tab) mouse(element string, kinds ...input.DispatchMouseEventType) error {
	at, err := value[[2]float64](t, `(() => { const r = `+element+`.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()`)
	if err != nil {
		return err
	}
	for _, kind := range kinds {
		event := input.DispatchMouseEventParams{Type: kind, X: at[0], Y: at[1], Button: input.MouseButtonLeft, ClickCount: 1}
		if kind == input.DispatchMouseEventTypeMouseMoved {
			event.Button, event.ClickCount = input.MouseButtonNone, 0
		}
		if _, err := chromedp.Call(t.Context, input.DispatchMouseEvent, event); err != nil {
			return fmt.Errorf("the mouse: %w", err)
		}
	}
	return nil
}

// memory returns the size of what the page's scripts hold after a garbage collection, in bytes: the JavaScript heap and
// array buffers, including the memory of the WebAssembly.
func (t *tab) memory() (float64, error) {
	if _, err := chromedp.Call(t.Context, heapprofiler.CollectGarbage, cdp.Empty{}); err != nil {
		return 0, fmt.Errorf("collecting garbage: %w", err)
	}
	heap, err := chromedp.Call(t.Context, runtime.GetHeapUsage, cdp.Empty{})
	if err != nil {
		return 0, fmt.Errorf("asking for the heap: %w", err)
	}
	// The heap usage does not include the memory of the WebAssembly.
	wasm, err := value[float64](t, `document.bench.memory?.buffer.byteLength ?? 0`)
	return heap.UsedSize + heap.BackingStorageSize + wasm, err
}

// busy returns how long the main thread has worked so far. measureBusy must have been called.
func (t *tab) busy() (time.Duration, error) {
	all, err := chromedp.Call(t.Context, performance.GetMetrics, cdp.Empty{})
	if err != nil {
		return 0, fmt.Errorf("asking for metrics: %w", err)
	}
	for _, m := range all.Metrics {
		if m.Name == "TaskDuration" {
			return time.Duration(m.Value * float64(time.Second)), nil
		}
	}
	return 0, fmt.Errorf("the browser does not tell how long its tasks took")
}

// measureBusy makes the browser measure what busy returns, in the thread's own time, which does not include the time
// that other programs use.
func (t *tab) measureBusy() error {
	_, err := chromedp.Call(t.Context, performance.Enable, performance.EnableParams{TimeDomain: performance.EnableTimeDomainThreadTicks})
	return err
}
