package widget

import "syscall/js"

// listeners owns every function and event listener that a widget passes to the browser. close removes all listeners and
// then releases the functions, so that the browser never calls a released function.
type listeners struct {
	options js.Value // of addEventListener: the signal by which the loader removes listeners after Go has crashed
	capture js.Value // the same, for events that do not bubble
	onPanic func(reason string)
	added   []listener
	funcs   []js.Func
	closed  bool
}

// listener has the arguments of one addEventListener, which removeEventListener needs too.
type listener struct {
	target  js.Value
	event   string
	fn      js.Func
	options js.Value
}

// liveFuncs is the number of functions that are not released. Tests use it to find leaks.
var liveFuncs int

// newListeners returns an empty listeners. It calls onPanic with the reason of each panic in its functions.
func newListeners(signal js.Value, onPanic func(reason string)) *listeners {
	object := js.Global().Get("Object")
	ls := &listeners{options: object.New(), capture: object.New(), onPanic: onPanic}
	ls.capture.Set("capture", true)
	if signal.Truthy() {
		ls.options.Set("signal", signal)
		ls.capture.Set("signal", signal)
	}
	return ls
}

// on adds an event listener until close. f runs in the browser's callback, so it must only prevent the default, read
// and change the DOM, and queue.
func (ls *listeners) on(target js.Value, event string, f func(e js.Value)) {
	ls.listen(target, event, ls.options, f)
}

// onCapture is like on for events that do not bubble, of all elements inside target.
func (ls *listeners) onCapture(target js.Value, event string, f func(e js.Value)) {
	ls.listen(target, event, ls.capture, f)
}

func (ls *listeners) listen(target js.Value, event string, options js.Value, f func(e js.Value)) {
	fn := ls.fn(func(args []js.Value) { f(args[0]) })
	target.Call("addEventListener", event, fn, options)
	ls.added = append(ls.added, listener{target, event, fn, options})
}

// fn returns a function that is valid until close. A panic in f is recovered and passed to onPanic.
func (ls *listeners) fn(f func(args []js.Value)) js.Func {
	fn := js.FuncOf(func(_ js.Value, args []js.Value) any {
		defer ls.reportPanic()
		if !ls.closed {
			f(args)
		}
		return nil
	})
	liveFuncs++
	ls.funcs = append(ls.funcs, fn)
	return fn
}

// reportPanic recovers from a panic in a callback. It must be deferred.
func (ls *listeners) reportPanic() {
	if v := recover(); v != nil {
		ls.onPanic(reasonOf(v))
	}
}

// close removes the listeners and releases the functions.
func (ls *listeners) close() {
	ls.closed = true
	for _, l := range ls.added {
		try(func() { l.target.Call("removeEventListener", l.event, l.fn, l.options) })
	}
	for _, fn := range ls.funcs {
		fn.Release()
		liveFuncs--
	}
	ls.added, ls.funcs = nil, nil
}

// reasonOf returns the text of a panic.
func reasonOf(v any) string {
	switch v := v.(type) {
	case error:
		return v.Error()
	case string:
		return v
	}
	return "panic"
}
