package widget

// nodeBuilder makes DOM nodes one after the other, as they stand in a document. A call into the browser costs more than
// the work that it asks for, so an element is a clone that has all attributes which are the same for every element of its
// kind.
type nodeBuilder struct {
	opened    []element // the elements that are not closed; the first one is a fragment, which gets all nodes
	templates map[string]element
}

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

// open begins an element. Class and part may be empty; attributes are names and values.
func (b *nodeBuilder) open(tag, class, part string, attributes ...string) {
	b.opened = append(b.opened, create(tag, class, part, attributes...))
}

// text adds a text to the element that was opened last. It is never read as HTML.
func (b *nodeBuilder) text(s string) { appendText(b.opened[len(b.opened)-1], s) }

// close ends the element that was opened last.
func (b *nodeBuilder) close() {
	last := len(b.opened) - 1
	b.opened[last-1].AppendChild(b.opened[last])
	b.opened = b.opened[:last]
}

// template adds the one element that build makes. For the same key, build makes the same element each time, so a copy of
// an earlier one is added.
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
