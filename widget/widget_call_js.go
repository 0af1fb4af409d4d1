package widget

import (
	"syscall/js"

	"plurachat/protocol/strictjson"
	"plurachat/widget/chat"
)

// promise is the pending promise of a method call by the page.
type promise struct{ resolve, reject js.Value }

// fail rejects the promise with an error of a class of JavaScript.
func (p promise) fail(class, reason string) { p.reject.Invoke(js.Global().Get(class).New(reason)) }

// settleCall resolves or rejects the promise of a method call.
func (w *widget) settleCall(s chat.Settlement) {
	p, ok := w.calls[s.Call]
	if !ok {
		return
	}
	delete(w.calls, s.Call)
	if s.Reason != "" {
		p.fail("Error", s.Reason)
		return
	}
	if len(s.Detail) == 0 {
		p.resolve.Invoke() // with undefined
		return
	}
	p.resolve.Invoke(object(s.Detail))
}

// callQueued makes the method calls that the loader has queued before this widget existed.
func (w *widget) callQueued() {
	queue := w.host.v.Get("queue")
	for queue.Length() > 0 {
		c := queue.Call("shift")
		w.call(c.Index(0).String(), c.Index(1), promise{c.Index(2), c.Index(3)})
	}
}

// call makes a method call of the page. It runs in the page's callback, so it only reads the arguments and queues an
// intent. The transcript is the exception: it is read at once.
func (w *widget) call(name string, args js.Value, p promise) {
	defer func() { // the page may pass anything, for example a BigInt, or an object whose conversion to a string throws
		if v := recover(); v != nil {
			p.fail("TypeError", reasonOf(v))
		}
	}()
	intent := chat.Intent{}
	switch name {
	case "open":
		intent.Kind = chat.WantOpen
	case "close":
		intent.Kind = chat.WantClose
	case "toggle":
		intent.Kind = chat.WantToggle
	case "send":
		intent.Kind, intent.Text = chat.CallSend, toString(args.Index(0))
	case "identify":
		record, ok := leadData(args.Index(0))
		if !ok {
			p.fail("TypeError", `identify needs an object with a "phone"`)
			return
		}
		intent.Kind, intent.Text = chat.CallIdentify, record
	case "reset":
		intent.Kind = chat.CallReset
	case "draft":
		intent.Kind, intent.Text = chat.CallDraft, toString(args.Index(0))
	case "transcript":
		p.resolve.Invoke(w.transcript())
		return
	default:
		p.fail("TypeError", "there is no method "+name)
		return
	}
	if intent.Kind < chat.CallSend {
		w.enqueueIntent(intent)
		p.resolve.Invoke()
		return
	}
	w.lastCall++
	intent.Call = w.lastCall
	w.calls[w.lastCall] = p
	w.enqueueIntent(intent)
}

// toString converts a value to a string, as JavaScript does.
func toString(v js.Value) string {
	if v.Type() == js.TypeString {
		return v.String()
	}
	return js.Global().Call("String", v).String()
}

// leadData returns the JSON of an object of the page. It reports false if the object cannot be lead data: that has a
// phone number.
func leadData(v js.Value) (s string, ok bool) {
	if v.Type() != js.TypeObject {
		return "", false
	}
	try(func() { s = js.Global().Get("JSON").Call("stringify", v).String() })
	record, err := strictjson.Parse(s)
	return s, err == nil && record.Get("phone").Text() != ""
}

// transcript returns the messages as an array of objects for the page.
func (w *widget) transcript() js.Value {
	list := js.Global().Get("Array").New()
	for _, m := range w.chat.Transcript() {
		list.Call("push", object([]chat.Pair{
			{Name: "id", Value: m.ID}, {Name: "from", Value: m.From}, {Name: "name", Value: m.Name},
			{Name: "text", Value: m.Text}, {Name: "at", Value: m.At},
		}))
	}
	return list
}
