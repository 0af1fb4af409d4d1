package widget

import "syscall/js"

// ticker wakes the backend in hidden tabs. There the timers of a page fire once a minute, but a heartbeat is due every
// 15 s. The timers of a worker are not slowed down, so the ticker starts a worker when the tab has been hidden for a
// while. If the page's policy refuses the worker, the chat works without it. The browser may report the refusal, so the
// ticker tries only once.
type ticker struct {
	startFn js.Func
	tickFn  js.Func
	failFn  js.Func
	timer   js.Value
	worker  js.Value
	url     js.Value
	refused bool
}

const (
	tickerAfter  = 4 * 60 * 1000 // ms; browsers slow timers down after 5 minutes
	tickerScript = "setInterval(function(){postMessage(0)},5000)"
)

// newTicker returns a ticker that calls tick.
func newTicker(ls *listeners, tick func()) *ticker {
	t := &ticker{}
	t.startFn = ls.fn(func([]js.Value) { t.startWorker() })
	t.tickFn = ls.fn(func([]js.Value) { tick() })
	t.failFn = ls.fn(func(args []js.Value) {
		args[0].Call("preventDefault")
		t.refused = true
		t.stop()
	})
	return t
}

// setVisible stops the worker in a visible tab. In a hidden one it starts the worker after tickerAfter.
func (t *ticker) setVisible(visible bool) {
	t.stop()
	if !visible && !t.refused {
		t.timer = js.Global().Call("setTimeout", t.startFn, tickerAfter)
	}
}

// startWorker starts the worker, or stops all if the browser refuses it.
func (t *ticker) startWorker() {
	t.refused = !try(func() {
		parts := js.Global().Get("Array").Call("of", tickerScript)
		t.url = js.Global().Get("URL").Call("createObjectURL", js.Global().Get("Blob").New(parts))
		t.worker = js.Global().Get("Worker").New(t.url)
		t.worker.Set("onmessage", t.tickFn)
		t.worker.Set("onerror", t.failFn)
	})
	if t.refused {
		t.stop()
	}
}

// stop stops the timer and the worker.
func (t *ticker) stop() {
	if t.timer.Truthy() {
		js.Global().Call("clearTimeout", t.timer)
	}
	if t.worker.Truthy() {
		t.worker.Call("terminate")
	}
	if t.url.Truthy() {
		js.Global().Get("URL").Call("revokeObjectURL", t.url)
	}
	t.timer, t.worker, t.url = js.Undefined(), js.Undefined(), js.Undefined()
}
