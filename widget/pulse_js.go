package widget

import "syscall/js"

// pulse lets the line look at the clock in hidden tabs, where a page's timers
// fire once a minute: too seldom for a heartbeat every 15 s. A worker's timers
// are not slowed down. It is started only once a tab has been hidden for a
// while, and done without where the page's policy refuses it; the refusal may
// be reported, so it is tried once.
type pulse struct {
	start   js.Func
	beat    js.Func
	fail    js.Func
	timer   js.Value
	worker  js.Value
	url     js.Value
	refused bool
}

const (
	pulseAfter  = 4 * 60 * 1000 // ms; browsers slow timers down after 5 minutes
	pulseScript = "setInterval(function(){postMessage(0)},5000)"
)

func newPulse(s *scope, beat func()) *pulse {
	p := &pulse{}
	p.start = s.fn(func([]js.Value) { p.run() })
	p.beat = s.fn(func([]js.Value) { beat() })
	p.fail = s.fn(func(args []js.Value) {
		args[0].Call("preventDefault")
		p.refused = true
		p.stop()
	})
	return p
}

// shown follows whether the tab is visible.
func (p *pulse) shown(visible bool) {
	p.stop()
	if !visible && !p.refused {
		p.timer = js.Global().Call("setTimeout", p.start, pulseAfter)
	}
}

func (p *pulse) run() {
	p.refused = !try(func() {
		parts := js.Global().Get("Array").Call("of", pulseScript)
		p.url = js.Global().Get("URL").Call("createObjectURL", js.Global().Get("Blob").New(parts))
		p.worker = js.Global().Get("Worker").New(p.url)
		p.worker.Set("onmessage", p.beat)
		p.worker.Set("onerror", p.fail)
	})
	if p.refused {
		p.stop()
	}
}

func (p *pulse) stop() {
	if p.timer.Truthy() {
		js.Global().Call("clearTimeout", p.timer)
	}
	if p.worker.Truthy() {
		p.worker.Call("terminate")
	}
	if p.url.Truthy() {
		js.Global().Get("URL").Call("revokeObjectURL", p.url)
	}
	p.timer, p.worker, p.url = js.Undefined(), js.Undefined(), js.Undefined()
}
