package widget

import (
	"syscall/js"

	"github.com/google/uuid"
)

// Main offers the loader a function that makes widgets, and waits for ever. The
// loader put pluraChat on the private global that it started this program with.
func Main() {
	uuid.EnableRandPool() // the browser is asked for chance once for sixteen keys
	mount := js.FuncOf(func(_ js.Value, args []js.Value) any {
		return mount(host{args[0]})
	})
	js.Global().Get("pluraChat").Call("ready", mount)
	select {}
}

// mount makes one widget and returns its handle: call, changed and destroy.
func mount(h host) js.Value {
	defer func() {
		if v := recover(); v != nil {
			crash(h, reasonOf(v))
		}
	}()
	w := newWidget(h, newClient)
	s := w.scope
	handle := js.Global().Get("Object").New()
	handle.Set("call", s.fn(func(args []js.Value) {
		w.call(args[0].String(), args[1], promise{args[2], args[3]})
	}))
	handle.Set("changed", s.fn(func(args []js.Value) {
		w.queue.put(item{attr: args[0].String()})
	}))
	handle.Set("destroy", s.fn(func([]js.Value) { w.destroy() }))
	return handle
}

// translation is the JSON of the words in a language, as far as the loader
// brought one along; empty: English is all there is.
func translation(lang string) string {
	find := js.Global().Get("pluraChat").Get("words")
	if find.Type() != js.TypeFunction {
		return ""
	}
	if v := find.Invoke(lang); v.Type() == js.TypeString {
		return v.String()
	}
	return ""
}
