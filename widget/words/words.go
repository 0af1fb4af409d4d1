package words

import (
	_ "embed" // for the words that are always there
	"strconv"
	"strings"

	"plurachat/protocol/strictjson"
)

//go:embed en.json
var english string

// Language are what the widget says, in one language. The zero value says every
// key itself, which nobody should ever see.
//
// A word is found by its key; one that counts something has a key for each
// plural category of its language ("unread.one", "unread.other"). Placeholders
// stand in braces: {name}.
type Language struct {
	// Plural is the plural category of n in this language: zero, one, two, few,
	// many or other. Intl.PluralRules knows them; nil knows English.
	Plural func(n int) string

	text map[string]string
}

// New begins with English, so that a translation that lacks a key is
// understood by somebody, and lays the languages' JSON objects over it, the
// last one on top. What is not a JSON object of texts is left out.
func New(layers ...string) Language {
	w := Language{text: make(map[string]string, 96)}
	w.add(english)
	for _, l := range layers {
		w.add(l)
	}
	return w
}

func (w *Language) add(json string) {
	v, _ := strictjson.Parse(json) // what is no JSON has no keys
	for i, key := range v.Keys() {
		if m := v.Items()[i]; m.Kind() == strictjson.String {
			w.text[key] = m.Text()
		}
	}
}

// Get is the word for a key. pairs are names and values of its placeholders.
func (w *Language) Get(key string, pairs ...string) string {
	s, ok := w.text[key]
	if !ok {
		s = key
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		s = strings.ReplaceAll(s, "{"+pairs[i]+"}", pairs[i+1])
	}
	return s
}

// Count is the word for n of something; its placeholder is {n}.
func (w *Language) Count(key string, n int) string {
	category := "other"
	if w.Plural != nil {
		category = w.Plural(n)
	} else if n == 1 {
		category = "one"
	}
	if _, ok := w.text[key+"."+category]; !ok {
		category = "other"
	}
	return w.Get(key+"."+category, "n", strconv.Itoa(n))
}
