//go:build !js

package widget

import "plurachat/protocol/strictjson"

// nodeBuilder makes nodes one after the other, as they stand in a document. In the page they are DOM nodes
// (node_builder_js.go). Elsewhere they are JSON, which the tests read: a text is a string, and an element a list of its
// tag, its attributes, and what is in it.
type nodeBuilder struct{ strictjson.Writer }

// open begins an element. Class and part may be empty; attributes are names and values.
func (b *nodeBuilder) open(tag, class, part string, attributes ...string) {
	b.Open('[')
	b.Text(tag)
	b.Open('{')
	b.TextMember("class", class)
	b.TextMember("part", part)
	for i := 0; i < len(attributes); i += 2 {
		b.Key(attributes[i])
		b.Text(attributes[i+1])
	}
	b.Close('}')
}

// text adds a text to the element that was opened last. It is never read as HTML.
func (b *nodeBuilder) text(s string) { b.Text(s) }

// close ends the element that was opened last.
func (b *nodeBuilder) close() { b.Close(']') }

// template adds the one element that build makes. For the same key, build makes the same element each time, so in the
// page a copy of an earlier one is added.
func (b *nodeBuilder) template(_ string, build func()) { build() }
