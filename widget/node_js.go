package widget

import (
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

// molds holds one element of each kind, to clone: one call into the browser instead of one for each attribute. The key
// has the tag and the attributes that are the same for all elements of the kind. They are those that are written in this
// package, and labels, so there are few.
var molds = map[string]js.Value{}

// create makes an element. Class and part may be empty; attributes are names and values.
func create(tag, class, part string, attributes ...string) element {
	key := tag + "\x00" + class + "\x00" + part
	for i := 0; i < len(attributes); i += 2 {
		if !varies(attributes[i]) {
			key += "\x00" + attributes[i] + "\x00" + attributes[i+1]
		}
	}
	mold, ok := molds[key]
	if !ok {
		e := newElement(tag)
		if class != "" {
			e.SetAttribute("class", class)
		}
		if part != "" {
			e.SetAttribute("part", part)
		}
		setAttributes(e, attributes, false)
		mold = e.Value
		molds[key] = mold
	}
	e := wrap(mold.Call("cloneNode", true))
	setAttributes(e, attributes, true)
	return e
}

// setAttributes sets those attributes that vary within a kind, or those that do not.
func setAttributes(e element, attributes []string, varying bool) {
	for i := 0; i < len(attributes); i += 2 {
		if varies(attributes[i]) == varying {
			e.SetAttribute(attributes[i], attributes[i+1])
		}
	}
}

// varies reports whether hardly two elements have the same value of an attribute.
func varies(attribute string) bool {
	switch attribute {
	case "id", "data-id", "data-key", "href", "src", "start":
		return true
	}
	return false
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
	b := create("button", class, part, "type", "button", "data-do", do)
	b.SetTextContent(text)
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
