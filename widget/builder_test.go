//go:build !js

package widget

import "plurachat/protocol/strictjson"

// written is a builder that writes down what it is told, as JSON: a text is a string, and an element a list of its tag,
// its attributes, and what is in it.
type written struct{ strictjson.Writer }

func (w *written) open(tag, class, part string, attributes ...string) {
	w.Open('[')
	w.Text(tag)
	w.Open('{')
	w.TextMember("class", class)
	w.TextMember("part", part)
	for i := 0; i < len(attributes); i += 2 {
		w.Key(attributes[i])
		w.Text(attributes[i+1])
	}
	w.Close('}')
}

func (w *written) text(s string) { w.Text(s) }

func (w *written) close() { w.Close(']') }

func (w *written) template(_ string, build func()) { build() }
