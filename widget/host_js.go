package widget

import (
	"syscall/js"

	"plurachat/protocol/strictjson"
	"plurachat/widget/chat"
)

// host is the loader's side of one widget: the element, its nodes, and what the
// page has asked for so far.
type host struct{ v js.Value }

// attr is an attribute of the element as it is now.
func (h host) attr(name string) (string, bool) {
	v := h.v.Call("attr", name)
	if v.Type() != js.TypeString {
		return "", false
	}
	return v.String(), true
}

// node is one of the nodes that the loader drew; false where there is none.
func (h host) node(name string) (element, bool) {
	v := h.v.Get("nodes").Get(name)
	return wrap(v), v.Truthy()
}

// ownHost reports whether an address leads to the page's own host, or is none
// that the browser can read.
func (h host) ownHost(address string) bool { return h.v.Call("isOwnHost", address).Truthy() }

// emit sends events to the page. What its listeners do or throw is theirs.
func (h host) emit(events ...chat.Emit) {
	if len(events) == 0 {
		return
	}
	w := strictjson.Writer{Buf: make([]byte, 0, 256*len(events))}
	w.Open('[')
	for _, e := range events {
		w.Open('[')
		w.Text(e.Name)
		members(&w, e.Detail)
		w.Close(']')
	}
	w.Close(']')
	h.v.Call("emitAll", string(w.Buf))
}

// crashed tells the loader that this widget cannot go on, so that it says so and
// begins another one.
func (h host) crashed(reason string) bool {
	if h.v.Get("crashed").Type() != js.TypeFunction {
		return false
	}
	h.v.Call("crashed", reason)
	return true
}

// object makes a JavaScript object. It crosses as one text, for each string that
// crosses by itself costs as much as all of it.
func object(pairs []chat.Pair) js.Value {
	var w strictjson.Writer
	members(&w, pairs)
	return parser.Call("parse", string(w.Buf))
}

func members(w *strictjson.Writer, pairs []chat.Pair) {
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

var parser = js.Global().Get("JSON")

// pageHost is the host of a page that came over plain HTTP, which may talk to
// its own host in the same way.
func pageHost() string {
	location := js.Global().Get("location")
	if location.Get("protocol").String() != "http:" {
		return ""
	}
	return location.Get("host").String()
}

// pageAddress is the address of the page that the visitor is on: not what a <base> in it says, which whoever gets HTML
// into the page could add. In the iframe of frame.html, its script has left there what the page told.
func pageAddress() string {
	if s := js.Global().Get("pluraChatPage"); s.Type() == js.TypeString {
		return s.String()
	}
	return js.Global().Get("location").Get("href").String()
}

// stringOf is the string that a value is, if it is one. It may come from any
// script of the page: js.Value.Type panics at a BigInt.
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
