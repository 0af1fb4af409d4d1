package widget

import (
	"syscall/js"

	"github.com/google/uuid"
)

// Main passes the function that makes a widget to the loader, and never returns. The loader has set pluraChat on the
// private global object that it started this program with.
func Main() {
	uuid.EnableRandPool() // one call to the browser's random source makes sixteen keys
	mount := js.FuncOf(func(_ js.Value, args []js.Value) any {
		return mount(host{args[0]})
	})
	js.Global().Get("pluraChat").Call("ready", mount)
	select {}
}

// mount makes one widget and returns its handle, an object with the methods call, changed and destroy.
func mount(h host) js.Value {
	defer func() {
		if v := recover(); v != nil {
			reportCrash(h, reasonOf(v))
		}
	}()
	w := newWidget(h, newClient)
	ls := w.listeners
	handle := js.Global().Get("Object").New()
	handle.Set("call", ls.fn(func(args []js.Value) {
		w.call(args[0].String(), args[1], promise{args[2], args[3]})
	}))
	handle.Set("changed", ls.fn(func(args []js.Value) {
		w.queue.put(item{attr: args[0].String()})
	}))
	handle.Set("destroy", ls.fn(func([]js.Value) { w.destroy() }))
	return handle
}
