package main

import (
	"fmt"
	"time"

	"plurachat/web/e2e/browser"
)

// These are expressions for the widget's parts, as paths of selectors through shadow roots; see README.md.
const (
	launcher = `document.bench.find(["plura-chat", "[part~=launcher]"])`
	panel    = `document.bench.find(["plura-chat", "[part~=panel]"])`
	composer = `document.bench.find(["plura-chat", "[part~=input]"])`
	chatLog  = `document.bench.find(["plura-chat", "[part~=log]"])`
)

// says returns an expression that is true once the log contains a text.
func says(text string) string { return fmt.Sprintf("%s.textContent.includes(%q)", chatLog, text) }

const quiet = 1500 * time.Millisecond // after which the page is expected to be idle

// beforeInteraction measures what each page view costs.
var beforeInteraction = experiment{
	name: "a visit without the chat being touched",
	figures: []figure{
		{name: "before interaction: requests", goal: 1},
		{name: "before interaction: brotli", unit: "bytes", goal: 4000},
		{name: "before interaction: blocking above the bare page", unit: "ms", goal: 0, note: "4× CPU"},
		{name: "before interaction: layout shift", goal: 0},
		{name: "launcher visible after the bare page's first paint", unit: "ms", goal: 100, note: "1.6 Mbit/s, 150 ms, 4× CPU"},
		{name: "bare page's first paint", unit: "ms", goal: -1},
		{name: "bare page's blocking", unit: "ms", goal: -1},
	},
	run: func(b *bench) ([]float64, error) {
		bare, err := b.arrive("/bare", "")
		if err != nil {
			return nil, err
		}
		chat, err := b.arrive("/chat", launcher)
		if err != nil {
			return nil, err
		}
		return []float64{float64(chat.requests), float64(chat.bytes), max(0, chat.blocking-bare.blocking), chat.shift,
			chat.visible - bare.painted, bare.painted, bare.blocking}, nil
	},
}

// arrival has the measurements of a page view, up to the time when the page is idle.
type arrival struct {
	painted, visible, blocking, shift float64
	requests, bytes                   int
}

// arrive opens a page as a phone would. It waits for the element that the expression returns, if there is an
// expression.
func (b *bench) arrive(path, expression string) (a arrival, err error) {
	t, err := b.newTab(phone)
	if err != nil {
		return a, err
	}
	defer t.close()
	b.site.forget()
	if expression != "" {
		if err := t.watch(expression); err != nil {
			return a, err
		}
	}
	if err := t.Open(b.site.URL + path); err != nil {
		return a, err
	}
	if expression != "" {
		if a.visible, err = value[float64](t, `document.bench.seen`); err != nil {
			return a, err
		}
	}
	t.idle(quiet)
	figures, err := value[[3]float64](t, `[performance.getEntriesByName("first-paint")[0].startTime, document.bench.blocking(), document.bench.shift]`)
	if err != nil {
		return a, err
	}
	a.painted, a.blocking, a.shift = figures[0], figures[1], figures[2]
	a.requests, a.bytes = b.site.chat()
	return a, nil
}

// openCold measures the first click of a visitor whose browser has fetched nothing yet.
var openCold = experiment{
	name:    "the first click",
	figures: []figure{{name: "click → panel visible and typable, cold, no WebAssembly yet", unit: "ms", goal: 85, note: "1.6 Mbit/s, 150 ms, 4× CPU"}},
	run: func(b *bench) ([]float64, error) {
		t, err := b.newTab(phone)
		if err != nil {
			return nil, err
		}
		defer t.close()
		took, err := b.clickTo(t, "/chat", launcher, `document.bench.visible(`+panel+`) && document.bench.focused() == `+composer)
		return []float64{took}, err
	},
}

// clickTo opens a page, clicks an element once it is visible, and returns the time in ms from the click to the
// animation frame in which the condition is true.
func (b *bench) clickTo(t *tab, path, element, condition string) (took float64, err error) {
	if err := t.Open(b.site.URL + path); err != nil {
		return 0, err
	}
	if err := t.until(`document.bench.visible(` + element + `)`); err != nil {
		return 0, err
	}
	t.idle(quiet)
	if _, err := value[bool](t, `(document.bench.done = document.bench.painted(() => document.bench.marks.click && `+condition+`), true)`); err != nil {
		return 0, err
	}
	if err := t.click(element); err != nil {
		return 0, err
	}
	return value[float64](t, `document.bench.done.then(time => time - document.bench.marks.click)`)
}

// greetings compares the time from the first click to the greeting with that of a page in plain JavaScript, and with
// that of a second visit.
var greetings = experiment{
	name: "from the click to the greeting",
	figures: []figure{
		{name: "click → greeting, cold, against plain JavaScript with the same WebAssembly", unit: "×", goal: 1.5},
		{name: "click → greeting, second visit, against the first", unit: "×", goal: 0.5},
		{name: "click → greeting, cold", unit: "ms", goal: -1},
		{name: "click → greeting, plain JavaScript", unit: "ms", goal: -1},
		{name: "click → greeting, second visit", unit: "ms", goal: -1},
		{name: "click → greeting, second visit, with the conversation of the first", unit: "ms", goal: -1},
		{name: "of the cold one, click → socket dialled", unit: "ms", goal: -1},
		{name: "… → greeting received", unit: "ms", goal: -1},
		{name: "the cold one, click → WebAssembly instantiated", unit: "ms", goal: -1},
		{name: "the cold one, click → Go has the conversation", unit: "ms", goal: -1},
		{name: "the second one, click → WebAssembly instantiated", unit: "ms", goal: -1},
		{name: "the second one, click → Go has the conversation", unit: "ms", goal: -1},
		{name: "all that a first conversation downloads, without the WebAssembly", unit: "bytes", goal: 20_000},
	},
	run: func(b *bench) ([]float64, error) {
		plain, err := b.newTab(speed{})
		if err != nil {
			return nil, err
		}
		defer plain.close()
		reference, err := b.clickTo(plain, "/plain", `document.getElementById("launcher")`, fmt.Sprintf(`document.getElementById("log").textContent.includes(%q)`, greeting))
		if err != nil {
			return nil, err
		}
		// A new browser has empty caches. Its own profile is used, because only there does Chromium cache compiled
		// code.
		chromium, err := browser.StartChromium()
		if err != nil {
			return nil, err
		}
		defer chromium.Close()
		t, err := newTab(chromium.Profile(), speed{})
		if err != nil {
			return nil, err
		}
		defer t.close()
		b.site.forget()
		cold, err := b.clickTo(t, "/chat", launcher, says(greeting))
		if err != nil {
			return nil, err
		}
		if err := t.until(`document.bench.marks.online`); err != nil {
			return nil, err
		}
		_, downloaded := b.site.chat()
		way, err := value[[4]float64](t, `(({marks, frames}) => [marks.dial - marks.click, frames[2] - marks.dial, marks.go - marks.click, marks.online - marks.click])(document.bench)`)
		if err != nil {
			return nil, err
		}
		t.idle(3 * time.Second) // until the browser has cached the compiled code
		// The visitor returns, in a tab that is new to the widget.
		if err := t.Open(b.site.URL + "/bare"); err != nil {
			return nil, err
		}
		if _, err := value[bool](t, `(sessionStorage.clear(), true)`); err != nil {
			return nil, err
		}
		back, err := b.clickTo(t, "/chat", launcher, says(greeting))
		if err != nil {
			return nil, err
		}
		// The visitor returns again, without the stored conversation.
		if _, err := value[bool](t, `(dispatchEvent(new Event("pagehide")), localStorage.clear(), sessionStorage.clear(), true)`); err != nil {
			return nil, err
		}
		if err := t.Open("about:blank"); err != nil {
			return nil, err
		}
		if err := t.Open(b.site.URL + "/bare"); err != nil {
			return nil, err
		}
		if _, err := value[bool](t, `(localStorage.clear(), sessionStorage.clear(), true)`); err != nil {
			return nil, err
		}
		again, err := b.clickTo(t, "/chat", launcher, says(greeting))
		if err != nil {
			return nil, err
		}
		if err := t.until(`document.bench.marks.online`); err != nil {
			return nil, err
		}
		later, err := value[[2]float64](t, `(({marks}) => [marks.go - marks.click, marks.online - marks.click])(document.bench)`)
		if err != nil {
			return nil, err
		}
		return []float64{cold / reference, again / cold, cold, reference, again, back, way[0], way[1], way[2], way[3], later[0], later[1], float64(downloaded - b.wasm())}, nil
	},
}

// greetingOnPhone measures the same with a slow network and a slow processor.
var greetingOnPhone = experiment{
	name: "from the click to the greeting on a phone",
	figures: []figure{
		{name: "click → greeting, on a phone", unit: "ms", goal: -1, note: "1.6 Mbit/s, 150 ms, 4× CPU; sockets are not slowed down"},
		{name: "click → Go has the conversation, on a phone", unit: "ms", goal: -1},
	},
	run: func(b *bench) ([]float64, error) {
		t, err := b.newTab(phone)
		if err != nil {
			return nil, err
		}
		defer t.close()
		took, err := b.clickTo(t, "/chat", launcher, says(greeting))
		if err != nil {
			return nil, err
		}
		if err := t.until(`document.bench.marks.online`); err != nil {
			return nil, err
		}
		online, err := value[float64](t, `document.bench.marks.online - document.bench.marks.click`)
		return []float64{took, online}, err
	},
}

// wasm returns the size of the WebAssembly in bytes, compressed by brotli.
func (b *bench) wasm() int {
	for _, s := range b.sizes {
		if s.Name == b.site.dist.Engine().Name {
			return s.Brotli
		}
	}
	return 0
}

// downloads measures sizes, which needs no browser.
var downloads = experiment{
	name:    "the size",
	figures: []figure{{name: "WebAssembly with every feature, brotli", unit: "bytes", goal: 600_000}},
	once:    true,
	run:     func(b *bench) ([]float64, error) { return []float64{float64(b.wasm())}, nil },
}

// start measures for how long Go's start blocks the page.
var start = experiment{
	name: "Go's start",
	figures: []figure{
		{name: "blocking while Go starts, in sum", unit: "ms", goal: 150, note: "4× CPU"},
		{name: "its longest task", unit: "ms", goal: -1},
	},
	run: func(b *bench) ([]float64, error) {
		t, err := b.newTab(speed{cpu: 4})
		if err != nil {
			return nil, err
		}
		defer t.close()
		if _, err := b.clickTo(t, "/chat", launcher, says(greeting)); err != nil {
			return nil, err
		}
		t.idle(quiet)
		figures, err := value[[2]float64](t, `[document.bench.blocking(document.bench.marks.click), document.bench.longest(document.bench.marks.click)]`)
		return figures[:], err
	},
}
