//go:build !js

package widget

import "plurachat/protocol/strictjson"

// nodeBuilder makes nodes in the order of a document. In the page they are DOM nodes (node_builder_js.go). Elsewhere
// they are JSON, for tests: a text is a string, and an element is a list of its tag, its attributes, and its children.
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

// text adds a text to the element that was opened last. It is never parsed as HTML.
func (b *nodeBuilder) text(s string) { b.Text(s) }

// close ends the element that was opened last.
func (b *nodeBuilder) close() { b.Close(']') }

// template adds the one element that build makes. For one key, build must always make the same element: the page's
// builder adds a copy of an earlier one.
func (b *nodeBuilder) template(_ string, build func()) { build() }
