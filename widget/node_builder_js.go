package widget

import (
	"slices"
	"strings"
)

// nodeBuilder is the [builder] of DOM nodes. A call into the browser costs more than the work that it asks for, so an
// element is a clone that has all attributes which are the same for every element of its kind.
type nodeBuilder struct {
	opened    []element // the elements that are not closed; the first one is a fragment, which gets all nodes
	templates map[string]element
}

// varying are the attributes that hardly two elements have the same value of.
var varying = []string{"id", "data-id", "data-key", "href", "src", "start"}

// templatesAtMost bounds the templates: names and pictures come from the server.
const templatesAtMost = 64

// build calls make, and returns a fragment of the nodes that it has made.
func (b *nodeBuilder) build(make func()) element {
	b.opened = append(b.opened, wrap(document.Call("createDocumentFragment")))
	make()
	last := len(b.opened) - 1
	nodes := b.opened[last]
	b.opened = b.opened[:last]
	return nodes
}

// open implements [builder].
func (b *nodeBuilder) open(tag, class, part string, attributes ...string) {
	fixed := ""
	for i := 0; i < len(attributes); i += 2 {
		if !slices.Contains(varying, attributes[i]) {
			fixed += attributes[i] + "\x00" + attributes[i+1] + "\x00"
		}
	}
	e := clone(kind{tag, class, part, fixed})
	for i := 0; i < len(attributes); i += 2 {
		if slices.Contains(varying, attributes[i]) {
			e.SetAttribute(attributes[i], attributes[i+1])
		}
	}
	b.opened = append(b.opened, e)
}

// text implements [builder].
func (b *nodeBuilder) text(s string) { appendText(b.opened[len(b.opened)-1], s) }

// close implements [builder].
func (b *nodeBuilder) close() {
	last := len(b.opened) - 1
	b.opened[last-1].AppendChild(b.opened[last])
	b.opened = b.opened[:last]
}

// template implements [builder].
func (b *nodeBuilder) template(key string, build func()) {
	made, ok := b.templates[key]
	if !ok {
		made = wrap(b.build(build).Get("firstChild"))
		if len(b.templates) >= templatesAtMost || b.templates == nil {
			b.templates = map[string]element{}
		}
		b.templates[strings.Clone(key)] = made
	}
	b.opened[len(b.opened)-1].AppendChild(wrap(made.Call("cloneNode", true)))
}
