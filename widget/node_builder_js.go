package widget

// nodeBuilder makes DOM nodes in the order of a document. A call from Go into the browser costs more than the operation
// itself, so each element is a clone that already has the attributes common to its kind.
type nodeBuilder struct {
	opened    []element // the elements that are not closed; the first one is the fragment that gets all nodes
	templates map[string]element
}

// templatesAtMost limits the number of templates, because the server chooses names and pictures.
const templatesAtMost = 64

// build calls make, and returns a fragment with the nodes that make has added.
func (b *nodeBuilder) build(make func()) element {
	b.opened = append(b.opened, wrap(document.Call("createDocumentFragment")))
	make()
	last := len(b.opened) - 1
	nodes := b.opened[last]
	b.opened = b.opened[:last]
	return nodes
}

// open begins an element. Class and part may be empty; attributes are names and values.
func (b *nodeBuilder) open(tag, class, part string, attributes ...string) {
	b.opened = append(b.opened, create(tag, class, part, attributes...))
}

// text adds a text to the element that was opened last. It is never parsed as HTML.
func (b *nodeBuilder) text(s string) { appendText(b.opened[len(b.opened)-1], s) }

// close ends the element that was opened last.
func (b *nodeBuilder) close() {
	last := len(b.opened) - 1
	b.opened[last-1].AppendChild(b.opened[last])
	b.opened = b.opened[:last]
}

// template adds the one element that build makes. For one key, build must always make the same element: later calls add
// a copy of the first one.
func (b *nodeBuilder) template(key string, build func()) {
	made, ok := b.templates[key]
	if !ok {
		made = wrap(b.build(build).Get("firstChild"))
		if len(b.templates) >= templatesAtMost || b.templates == nil {
			b.templates = map[string]element{}
		}
		b.templates[key] = made
	}
	b.opened[len(b.opened)-1].AppendChild(wrap(made.Call("cloneNode", true)))
}
