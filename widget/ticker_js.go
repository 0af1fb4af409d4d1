package widget

import "syscall/js"

// ticker wakes the backend in hidden tabs, where a page's timers fire once a minute: too seldom for a heartbeat every 15 s.
// The timers of a worker are not slowed down. The worker is started only once a tab has been hidden for a while. Where the
// page's policy refuses it, the chat works without it; the browser may report the refusal, so it is tried once.
type ticker struct {
	start   js.Func
	tick    js.Func
	fail    js.Func
	timer   js.Value
	worker  js.Value
	url     js.Value
	refused bool
}

const (
	tickerAfter  = 4 * 60 * 1000 // ms; browsers slow timers down after 5 minutes
	tickerScript = "setInterval(function(){postMessage(0)},5000)"
)

func newTicker(s *scope, tick func()) *ticker {
	p := &ticker{}
	p.start = s.fn(func([]js.Value) { p.run() })
	p.tick = s.fn(func([]js.Value) { tick() })
	p.fail = s.fn(func(args []js.Value) {
		args[0].Call("preventDefault")
		p.refused = true
		p.stop()
	})
	return p
}

// shown takes whether the tab is visible: a hidden one gets its worker after tickerAfter.
func (p *ticker) shown(visible bool) {
	p.stop()
	if !visible && !p.refused {
		p.timer = js.Global().Call("setTimeout", p.start, tickerAfter)
	}
}

func (p *ticker) run() {
	p.refused = !try(func() {
		parts := js.Global().Get("Array").Call("of", tickerScript)
		p.url = js.Global().Get("URL").Call("createObjectURL", js.Global().Get("Blob").New(parts))
		p.worker = js.Global().Get("Worker").New(p.url)
		p.worker.Set("onmessage", p.tick)
		p.worker.Set("onerror", p.fail)
	})
	if p.refused {
		p.stop()
	}
}

func (p *ticker) stop() {
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
