package widget

import (
	"syscall/js"

	"honnef.co/go/js/dom/v2"
)

// element is a DOM element. The constructors of dom/v2 look up the type of each value among seventy. Wrapping a value
// directly takes a thirtieth of the time, and keeps the seventy types out of the WebAssembly.
type element = *dom.BasicHTMLElement

// wrap returns a value as an element. It must be one.
func wrap(v js.Value) element {
	return &dom.BasicHTMLElement{BasicElement: &dom.BasicElement{BasicNode: &dom.BasicNode{Value: v}}}
}

// document is the page's document. It is read once, because it stays the same while Go runs.
var document = js.Global().Get("document")

// prototypes has one element of each kind, for cloning: a clone is one call into the browser, instead of one for each
// attribute. The key has the tag and the attributes that are the same for all elements of the kind. Their values are
// constants of this package and labels, so the map stays small.
var prototypes = map[string]js.Value{}

// create returns a new element. Class and part may be empty; attributes are names and values.
func create(tag, class, part string, attributes ...string) element {
	key := tag + "\x00" + class + "\x00" + part
	for i := 0; i < len(attributes); i += 2 {
		if !varies(attributes[i]) {
			key += "\x00" + attributes[i] + "\x00" + attributes[i+1]
		}
	}
	prototype, ok := prototypes[key]
	if !ok {
		e := newElement(tag)
		if class != "" {
			e.SetAttribute("class", class)
		}
		if part != "" {
			e.SetAttribute("part", part)
		}
		setAttributes(e, attributes, false)
		prototype = e.Value
		prototypes[key] = prototype
	}
	e := wrap(prototype.Call("cloneNode", true))
	setAttributes(e, attributes, true)
	return e
}

// setAttributes sets the attributes that vary within a kind, or those that do not.
func setAttributes(e element, attributes []string, varying bool) {
	for i := 0; i < len(attributes); i += 2 {
		if varies(attributes[i]) == varying {
			e.SetAttribute(attributes[i], attributes[i+1])
		}
	}
}

// varies reports whether an attribute usually has a different value on each element.
func varies(attribute string) bool {
	switch attribute {
	case "id", "data-id", "data-key", "href", "src", "alt", "start", "aria-label":
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

// createText returns an element that contains only a text.
func createText(tag, class, part, text string) element {
	e := create(tag, class, part)
	e.SetTextContent(text)
	return e
}

// createButton returns a button. data-do names its action, which the panel's click listener reads.
func createButton(class, part, text, do string) element {
	b := create("button", class, part, "type", "button", "data-do", do)
	b.SetTextContent(text)
	return b
}

// appendText adds a text node. All text of visitors, agents and site owners enters the page through it or through
// SetTextContent, and never as HTML.
func appendText(to element, text string) {
	to.Call("append", text)
}

// setHidden sets the property hidden.
func setHidden(e element, hidden bool) { e.Set("hidden", hidden) }

// icon returns an SVG of strokes on a 24 px grid, in the colour of the text.
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

// try calls f and reports whether it returned without a JavaScript exception. Other panics go on. Every call that the
// browser or the page may forbid uses it.
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
