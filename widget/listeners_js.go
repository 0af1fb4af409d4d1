package widget

import "syscall/js"

// scope owns every function and listener that a widget gives to the browser.
// close undoes them all: listeners are removed first, then functions released,
// so that nothing is left behind that could be called.
type scope struct {
	options   js.Value // of addEventListener: the signal by which the loader ends what outlives Go
	capture   js.Value // the same, for events that do not bubble
	fault     func(reason string)
	listeners []listener
	funcs     []js.Func
	closed    bool
}

type listener struct {
	target  js.Value
	event   string
	fn      js.Func
	options js.Value
}

// live counts the functions that scopes hold, for tests that look for leaks.
var live int

// newScope makes a scope; fault is told of panics in its functions.
func newScope(signal js.Value, fault func(reason string)) *scope {
	s := &scope{options: js.Global().Get("Object").New(), capture: js.Global().Get("Object").New(), fault: fault}
	s.capture.Set("capture", true)
	if signal.Truthy() {
		s.options.Set("signal", signal)
		s.capture.Set("signal", signal)
	}
	return s
}

// on listens until the scope is closed. f runs in the browser's callback: it
// may prevent the default and queue, nothing else.
func (s *scope) on(target js.Value, event string, f func(e js.Value)) {
	s.listen(target, event, s.options, f)
}

// onCapture is on for events that do not bubble, of whatever is inside target.
func (s *scope) onCapture(target js.Value, event string, f func(e js.Value)) {
	s.listen(target, event, s.capture, f)
}

func (s *scope) listen(target js.Value, event string, options js.Value, f func(e js.Value)) {
	fn := s.fn(func(args []js.Value) { f(args[0]) })
	target.Call("addEventListener", event, fn, options)
	s.listeners = append(s.listeners, listener{target, event, fn, options})
}

// fn makes a function that lives until the scope is closed. A panic in it stops
// there and is told to fault.
func (s *scope) fn(f func(args []js.Value)) js.Func {
	return s.value(func(args []js.Value) any {
		f(args)
		return nil
	})
}

// value is fn for a function that returns something.
func (s *scope) value(f func(args []js.Value) any) js.Func {
	fn := js.FuncOf(func(_ js.Value, args []js.Value) any {
		defer s.rescue()
		if s.closed {
			return nil
		}
		return f(args)
	})
	live++
	s.funcs = append(s.funcs, fn)
	return fn
}

func (s *scope) rescue() {
	if v := recover(); v != nil {
		s.fault(reasonOf(v))
	}
}

func (s *scope) close() {
	s.closed = true
	for _, l := range s.listeners {
		try(func() { l.target.Call("removeEventListener", l.event, l.fn, l.options) })
	}
	for _, fn := range s.funcs {
		fn.Release()
		live--
	}
	s.listeners, s.funcs = nil, nil
}

// reasonOf is what a panic says.
func reasonOf(v any) string {
	switch v := v.(type) {
	case error:
		return v.Error()
	case string:
		return v
	}
	return "panic"
}
