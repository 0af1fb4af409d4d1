package widget

import (
	"strings"
	"syscall/js"

	"honnef.co/go/js/dom/v2"
)

// element is a DOM element. dom/v2's own constructors look a value's type up
// among seventy, for each node; wrapping directly costs a thirtieth of the time
// and spares the wasm those seventy types.
type element = *dom.BasicHTMLElement

// wrap makes an element of a value that is known to be one.
func wrap(v js.Value) element {
	return &dom.BasicHTMLElement{BasicElement: &dom.BasicElement{BasicNode: &dom.BasicNode{Value: v}}}
}

// document is the page's. It is read once: a page cannot get another one.
var document = js.Global().Get("document")

// kind is what elements have in common that are made again and again. fixed has names and values of attributes, each
// with a zero byte behind it.
type kind struct{ tag, class, part, fixed string }

// molds holds one element of each kind, to clone: one call into the browser instead of one for each attribute. The kinds
// are those that are written in this package, so there are few.
var molds = map[kind]js.Value{}

// create makes an element with a class and a part; either may be empty.
func create(tag, class, part string) element {
	fixed := ""
	if tag == "button" {
		fixed = "type\x00button\x00"
	}
	return clone(kind{tag, class, part, fixed})
}

// clone makes an element of a kind.
func clone(k kind) element {
	mold, ok := molds[k]
	if !ok {
		e := newElement(k.tag)
		if k.class != "" {
			e.SetAttribute("class", k.class)
		}
		if k.part != "" {
			e.SetAttribute("part", k.part)
		}
		for rest := k.fixed; rest != ""; {
			var name, value string
			name, rest, _ = strings.Cut(rest, "\x00")
			value, rest, _ = strings.Cut(rest, "\x00")
			e.SetAttribute(name, value)
		}
		mold = e.Value
		molds[k] = mold
	}
	return wrap(mold.Call("cloneNode", true))
}

func newElement(tag string) element {
	if tag == "svg" || tag == "path" {
		return wrap(document.Call("createElementNS", "http://www.w3.org/2000/svg", tag))
	}
	return wrap(document.Call("createElement", tag))
}

// createText makes an element that holds a text and nothing else.
func createText(tag, class, part, text string) element {
	e := create(tag, class, part)
	e.SetTextContent(text)
	return e
}

// createButton makes a button that says what to do when it is pressed by
// data-do, which the log's one listener reads.
func createButton(class, part, text, do string) element {
	b := createText("button", class, part, text)
	if do != "" {
		b.SetAttribute("data-do", do)
	}
	return b
}

// appendText adds a text node. Whatever anybody says goes into the page by this
// or by SetTextContent, and never as HTML.
func appendText(to element, text string) {
	to.Call("append", text)
}

// setHidden sets the hidden attribute's property.
func setHidden(e element, hidden bool) { e.Set("hidden", hidden) }

// icon makes an SVG of strokes on a 24 px grid, in the colour of the text.
func icon(paths ...string) element {
	svg := newElement("svg")
	svg.SetAttribute("viewBox", "0 0 24 24")
	svg.SetAttribute("aria-hidden", "true")
	for _, d := range paths {
		p := newElement("path")
		p.SetAttribute("d", d)
		svg.AppendChild(p)
	}
	return svg
}

// try calls f and reports whether it did not throw. Whatever a browser or a
// page may forbid goes through here.
func try(f func()) (ok bool) {
	defer func() {
		if v := recover(); v != nil {
			if _, thrown := v.(js.Error); !thrown {
				panic(v)
			}
			ok = false
		}
	}()
	f()
	return true
}
