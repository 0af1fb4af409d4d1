package widget

import (
	"syscall/js"

	"plurachat/protocol/strictjson"
	"plurachat/widget/chat"
)

// promise is a call from the page that waits for its end.
type promise struct{ resolve, reject js.Value }

// settle ends a call.
func (w *widget) settle(s chat.Settlement) {
	p, ok := w.calls[s.Call]
	if !ok {
		return
	}
	delete(w.calls, s.Call)
	if s.Reason != "" {
		p.reject.Invoke(js.Global().Get("Error").New(s.Reason))
		return
	}
	p.resolve.Invoke(object(s.Detail))
}

// takeQueue takes the calls that the page made before there was anybody to take
// them.
func (w *widget) takeQueue() {
	queue := w.host.v.Get("queue")
	for queue.Length() > 0 {
		c := queue.Call("shift")
		w.call(c.Get("name").String(), c.Get("args"), promise{c.Get("resolve"), c.Get("reject")})
	}
}

// call takes a call from the page.
func (w *widget) call(name string, args js.Value, p promise) {
	defer func() { // a BigInt, an object that throws when it is made a string: what a page passes is its own
		if v := recover(); v != nil {
			p.reject.Invoke(js.Global().Get("TypeError").New(reasonOf(v)))
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
		intent.Kind, intent.Text = chat.CallSend, text(args.Index(0))
	case "identify":
		record, ok := jsonText(args.Index(0))
		if !ok {
			p.reject.Invoke(js.Global().Get("TypeError").New(`identify wants an object with a "phone"`))
			return
		}
		intent.Kind, intent.Text = chat.CallIdentify, record
	case "reset":
		intent.Kind = chat.CallReset
	case "transcript":
		p.resolve.Invoke(w.transcript())
		return
	default:
		p.reject.Invoke(js.Global().Get("TypeError").New("there is no method " + name))
		return
	}
	if intent.Kind < chat.CallSend {
		w.want(intent)
		p.resolve.Invoke()
		return
	}
	w.called++
	intent.Call = w.called
	w.calls[w.called] = p
	w.want(intent)
}

// text is a value as a string, whatever it is.
func text(v js.Value) string {
	if v.Type() == js.TypeString {
		return v.String()
	}
	return js.Global().Call("String", v).String()
}

// jsonText is the JSON of an object from the page that can be lead data.
func jsonText(v js.Value) (s string, ok bool) {
	if v.Type() != js.TypeObject {
		return "", false
	}
	try(func() { s = js.Global().Get("JSON").Call("stringify", v).String() })
	record, err := strictjson.Parse(s)
	return s, err == nil && record.Get("phone").Text() != ""
}

func (w *widget) transcript() js.Value {
	list := js.Global().Get("Array").New()
	for _, m := range w.chat.Transcript() {
		list.Call("push", object([]chat.Pair{{Name: "id", Value: m.ID}, {Name: "from", Value: m.From}, {Name: "name", Value: m.Name}, {Name: "text", Value: m.Text}, {Name: "at", Value: m.At}}))
	}
	return list
}
