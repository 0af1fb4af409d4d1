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

// speeds are the factors by which the processor is slowed down for figures that are to hold on any machine.
var speeds = []float64{1, 4, 6}

// beforeInteraction measures what each page view costs.
var beforeInteraction = experiment{
	name: "a visit without the chat being touched",
	figures: []figure{
		{name: "untouched: requests", goal: 1},
		{name: "untouched: brotli", unit: "bytes", goal: 4000},
		{name: "untouched: layout shift", goal: 0},
		{name: "untouched: launcher visible after the bare page's first paint", unit: "ms", goal: -1, note: "1.6 Mbit/s, 150 ms, 4× CPU"},
	},
	run: func(b *bench) ([]measured, error) {
		bare, err := b.arrive("/bare", "", phone)
		if err != nil {
			return nil, err
		}
		chat, err := b.arrive("/chat", launcher, phone)
		if err != nil {
			return nil, err
		}
		return plain(float64(chat.requests), float64(chat.bytes), chat.shift, chat.visible-bare.painted), nil
	},
}

// frameTime is how long a browser shows a frame, in ms.
const frameTime = 17

// untouched compares a page view with one of the bare page, and the launcher with a button that a script appends.
func untouched(cpu float64) experiment {
	at := fmt.Sprintf(" at %g×", cpu)
	return experiment{
		name: "a visit without the chat being touched" + at,
		figures: []figure{
			{name: "untouched: blocking" + at, unit: "ms", goal: 1, noise: true, against: "the bare page"},
			{name: "untouched: launcher visible after the bare page's first paint" + at, unit: "ms", goal: frameTime, noise: true, against: "a button that a script appends"},
			{name: "untouched: longest task" + at, unit: "ms", goal: -1},
		},
		run: func(b *bench) ([]measured, error) {
			s := speed{cpu: cpu}
			bare, err := b.arrive("/bare", "", s)
			if err != nil {
				return nil, err
			}
			button, err := b.arrive("/button", plainLauncher, s)
			if err != nil {
				return nil, err
			}
			chat, err := b.arrive("/chat", launcher, s)
			if err != nil {
				return nil, err
			}
			return []measured{{chat.blocking, bare.blocking}, {chat.visible - bare.painted, button.visible - bare.painted}, {value: chat.longest}}, nil
		},
	}
}

// arrival has the measurements of a page view, up to the time when the page is idle.
type arrival struct {
	painted, visible, blocking, longest, shift float64
	requests, bytes                            int
}

// arrive opens a page. It waits for the element that the expression returns, if there is an expression.
func (b *bench) arrive(path, expression string, s speed) (a arrival, err error) {
	t, err := b.newTab(s)
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
	figures, err := value[[4]float64](t, `[performance.getEntriesByName("first-paint")[0].startTime, document.bench.blocking(), document.bench.shift, document.bench.longest()]`)
	if err != nil {
		return a, err
	}
	a.painted, a.blocking, a.shift, a.longest = figures[0], figures[1], figures[2], figures[3]
	a.requests, a.bytes = b.site.chat()
	return a, nil
}

// openCold measures the first click of a visitor whose browser has fetched nothing yet.
var openCold = experiment{
	name:    "the first click",
	figures: []figure{{name: "click → panel visible and typable, cold, no WebAssembly yet", unit: "ms", goal: 85, note: "1.6 Mbit/s, 150 ms, 4× CPU"}},
	run: func(b *bench) ([]measured, error) {
		t, err := b.newTab(phone)
		if err != nil {
			return nil, err
		}
		defer t.close()
		took, err := b.clickTo(t, "/chat", launcher, `document.bench.visible(`+panel+`) && document.bench.focused() == `+composer)
		return plain(took), err
	},
}

// clickTo opens a page, clicks an element once it is visible, and returns the time in ms from the click to the
// animation frame in which the condition is true.
func (b *bench) clickTo(t *tab, path, element, condition string) (took float64, err error) {
	if err := b.arriveAt(t, path, element); err != nil {
		return 0, err
	}
	return t.clickUntil(element, condition)
}

// arriveAt opens a page and waits until an element is visible and the page is idle.
func (b *bench) arriveAt(t *tab, path, element string) error {
	if err := t.Open(b.site.URL + path); err != nil {
		return err
	}
	if err := t.until(`document.bench.visible(` + element + `)`); err != nil {
		return err
	}
	t.idle(quiet)
	return nil
}

// clickUntil clicks an element, and returns the time in ms from the click to the animation frame in which the condition
// is true.
func (t *tab) clickUntil(element, condition string) (took float64, err error) {
	if err := t.clickAwaiting(element, condition); err != nil {
		return 0, err
	}
	return value[float64](t, sinceClick)
}

// clickAwaiting clicks an element, and makes sinceClick wait for the condition.
func (t *tab) clickAwaiting(element, condition string) error {
	if _, err := value[any](t, `void (document.bench.done =
		document.bench.painted(() => document.bench.marks.click && `+condition+`))`); err != nil {
		return err
	}
	return t.click(element)
}

// sinceClick is an expression for a promise of the time in ms from the click to the animation frame in which the
// condition of clickAwaiting is true.
const sinceClick = `document.bench.done.then(time => time - document.bench.marks.click)`

// reach is the time from when a visitor's pointer or finger reaches the launcher until the click. A mouse rests longer
// on a button before it is pressed, and a tap takes about as long.
const reach = 100 * time.Millisecond

// firstGreeting compares the time from the first click to the greeting with that of a page in plain JavaScript, which
// loads no WebAssembly: for a click that comes at once, and for one after the time that visitors take.
func firstGreeting(cpu float64) experiment {
	at := fmt.Sprintf(" at %g×", cpu)
	return experiment{
		name: "from the click to the greeting" + at,
		figures: []figure{
			{name: "click → greeting, nothing fetched yet" + at, unit: "ms", goal: 1.2, against: "plain JavaScript without WebAssembly"},
			{name: "click → greeting, 100 ms after the pointer has reached the launcher" + at, unit: "ms", goal: 1.2, against: "plain JavaScript without WebAssembly"},
		},
		run: func(b *bench) (all []measured, err error) {
			for _, rest := range []time.Duration{0, reach} {
				var m measured
				if m.value, err = b.clickToGreeting("/chat", launcher, says(greeting), rest, speed{cpu: cpu}); err != nil {
					return nil, err
				}
				if m.reference, err = b.clickToGreeting("/plain", plainLauncher, fmt.Sprintf(`%s.textContent.includes(%q)`, plainLog, greeting), rest, speed{cpu: cpu}); err != nil {
					return nil, err
				}
				all = append(all, m)
			}
			return all, nil
		},
	}
}

// clickToGreeting does so in a tab of its own. The pointer reaches the element so long before the click.
func (b *bench) clickToGreeting(path, element, condition string, before time.Duration, s speed) (float64, error) {
	t, err := b.newTab(s)
	if err != nil {
		return 0, err
	}
	defer t.close()
	if err := b.arriveAt(t, path, element); err != nil {
		return 0, err
	}
	if before > 0 {
		if err := t.point(element); err != nil {
			return 0, err
		}
		t.idle(before)
	}
	return t.clickUntil(element, condition)
}

// greetings compares the first visit with a second one, and tells what happens on the way to the greeting.
var greetings = experiment{
	name: "from the click to the greeting",
	figures: []figure{
		{name: "click → greeting, second visit", unit: "ms", goal: -1, against: "the first visit"},
		{name: "click → greeting, second visit, with the conversation of the first", unit: "ms", goal: -1},
		{name: "of the cold one, click → socket dialled", unit: "ms", goal: -1},
		{name: "… → greeting received", unit: "ms", goal: -1},
		{name: "the cold one, click → WebAssembly instantiated", unit: "ms", goal: -1},
		{name: "the cold one, click → Go has the conversation", unit: "ms", goal: -1},
		{name: "the second one, click → WebAssembly instantiated", unit: "ms", goal: -1},
		{name: "the second one, click → Go has the conversation", unit: "ms", goal: -1},
		{name: "all that a first conversation downloads, without the WebAssembly", unit: "bytes", goal: 20_000},
	},
	run: func(b *bench) ([]measured, error) {
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
		return append([]measured{{again, cold}}, plain(back, way[0], way[1], way[2], way[3], later[0], later[1], float64(downloaded-b.wasm()))...), nil
	},
}

// greetingOnPhone measures the same with a slow network and a slow processor.
var greetingOnPhone = experiment{
	name: "from the click to the greeting on a phone",
	figures: []figure{
		{name: "click → greeting, on a phone", unit: "ms", goal: -1, note: "1.6 Mbit/s, 150 ms, 4× CPU; sockets are not slowed down"},
		{name: "click → Go has the conversation, on a phone", unit: "ms", goal: -1},
	},
	run: func(b *bench) ([]measured, error) {
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
		return plain(took, online), err
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
	run:     func(b *bench) ([]measured, error) { return plain(float64(b.wasm())), nil },
}

// goStart compares for how long Go's start blocks the page with the start of an empty Go program.
func goStart(cpu float64) experiment {
	at := fmt.Sprintf(" at %g×", cpu)
	const against = "an empty Go program"
	return experiment{
		name: "Go's start" + at,
		figures: []figure{
			{name: "Go's start: work of the main thread" + at, unit: "ms", goal: 2, against: against},
			{name: "Go's start: longest task" + at, unit: "ms", goal: 1.5, against: against},
			{name: "Go's start: blocking in sum" + at, unit: "ms", goal: -1, against: against},
		},
		run: func(b *bench) ([]measured, error) {
			reference, err := b.startEmpty(speed{cpu: cpu})
			if err != nil {
				return nil, err
			}
			own, err := b.startOf("/chat", launcher, `document.bench.marks.online`, speed{cpu: cpu})
			return []measured{{own.work, reference.work}, {own.longest, reference.longest}, {own.blocking, reference.blocking}}, err
		},
	}
}
