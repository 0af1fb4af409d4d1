package widget

import (
	"syscall/js"

	"plurachat/protocol/strictjson"
	"plurachat/widget/chat"
)

// host is the loader's object for one widget. It has the element, its nodes, and the method calls that the page has
// made so far.
type host struct{ v js.Value }

// attr returns the current value of an attribute of the element.
func (h host) attr(name string) (string, bool) {
	v := h.v.Call("attr", name)
	if v.Type() != js.TypeString {
		return "", false
	}
	return v.String(), true
}

// node returns one of the nodes that the loader drew. It reports false if there is none.
func (h host) node(name string) (element, bool) {
	v := h.v.Get("nodes").Get(name)
	return wrap(v), v.Truthy()
}

// isTouched reports whether the composer's text is newer than the stored draft: it is not what start.js has shown of it,
// or an earlier page has kept it.
func (h host) isTouched() bool { return h.v.Call("isTouched").Truthy() }

// language returns the BCP 47 tag of the language that the widget is in, and the JSON text of its words, which is empty
// for English.
func (h host) language() (tag, words string) {
	return h.v.Call("languageTag").String(), h.v.Call("translation").String()
}

// ownHost reports whether an address is on the page's own host. It is also true for an address that the browser cannot
// parse.
func (h host) ownHost(address string) bool { return h.v.Call("isOwnHost", address).Truthy() }

// emit dispatches events to the page. An exception in one of the page's listeners does not reach Go.
func (h host) emit(events ...chat.Emit) {
	if len(events) == 0 {
		return
	}
	w := strictjson.Writer{Buf: make([]byte, 0, 256*len(events))}
	w.Open('[')
	for _, e := range events {
		w.Open('[')
		w.Text(e.Name)
		if len(e.Detail) > 0 { // else the event's detail is null
			writeMembers(&w, e.Detail)
		}
		w.Close(']')
	}
	w.Close(']')
	h.v.Call("emitAll", string(w.Buf))
}

// emitLink dispatches the event of a click on a link, inside the click, and reports whether the browser may follow it.
func (h host) emitLink(url string) bool {
	return h.v.Call("emit", "link", object([]chat.Pair{{Name: "url", Value: url}})).Truthy()
}

// reportCrash tells the loader that this widget cannot continue. The loader shows that and makes another one. It
// reports false if the loader cannot be told.
func (h host) reportCrash(reason string) bool {
	if h.v.Get("crashed").Type() != js.TypeFunction {
		return false
	}
	h.v.Call("crashed", reason)
	return true
}

// object makes a JavaScript object. It passes all members as one JSON text, because each string that is passed to
// JavaScript costs as much as the whole text.
func object(pairs []chat.Pair) js.Value {
	var w strictjson.Writer
	writeMembers(&w, pairs)
	return jsonObject.Call("parse", string(w.Buf))
}

// writeMembers writes an object with the pairs as its members.
func writeMembers(w *strictjson.Writer, pairs []chat.Pair) {
	w.Open('{')
	for _, p := range pairs {
		w.Key(p.Name)
		switch v := p.Value.(type) {
		case string:
			w.Text(v)
		case int:
			w.Int(int64(v))
		case bool:
			w.Bool(v)
		}
	}
	w.Close('}')
}

var jsonObject = js.Global().Get("JSON")

// pageHost returns the host of a page that was loaded over plain HTTP, and "" for other pages. Such a page may use
// plain HTTP for its own host.
func pageHost() string {
	location := js.Global().Get("location")
	if location.Get("protocol").String() != "http:" {
		return ""
	}
	return location.Get("host").String()
}

// isColor reports whether the browser knows a CSS colour: a style takes no other value. The page may have replaced
// CSS.supports.
func isColor(css string) bool {
	style := newElement("p").Get("style")
	style.Set("color", css)
	return style.Get("color").String() != ""
}

// pageAddress returns the address of the page that the visitor is on. It ignores a <base> element, which an attacker
// who can add HTML to the page could set. In the iframe, the script of frame.html has set pluraChatPage to the address
// that the page around it has sent.
func pageAddress() string {
	if s := js.Global().Get("pluraChatPage"); s.Type() == js.TypeString {
		return s.String()
	}
	return js.Global().Get("location").Get("href").String()
}

// stringOf returns the string of a value, and false if the value is not a string. It is for values that any script of
// the page may have set: js.Value.Type panics at a BigInt.
func stringOf(v js.Value) (s string, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	if v.Type() != js.TypeString {
		return "", false
	}
	return v.String(), true
}

// log writes to the page's console.
func log(level string, args ...any) {
	try(func() { js.Global().Get("console").Call(level, args...) })
}
