// Package words holds the visible texts of the widget in each language. The English texts are part of the program;
// those of other languages are JSON arrays that the page loads and passes to [New], together with the site owner's own
// texts.
package words

import (
	_ "embed" // for the English words
	"slices"
	"strconv"
	"strings"

	"plurachat/protocol/strictjson"
)

//go:embed en.json
var english string

// Languages are the languages with words, English first. Each is a BCP 47 tag in lower case.
var Languages = []string{
	"en", "ar", "cs", "da", "de", "el", "es", "fa", "fi", "fr", "he", "hi", "hu", "id", "it", "ja", "ko", "nb",
	"nl", "pl", "pt", "pt-pt", "ro", "ru", "sv", "th", "tr", "uk", "vi", "zh", "zh-hant",
}

// RightToLeft are the languages with words that are written from right to left, by their primary subtags. iw is the
// former tag of he.
var RightToLeft = []string{"ar", "fa", "he", "iw"}

// Aliases has, by language tag in lower case, the name of the words for it, where that is not the tag or its beginning:
// the scripts of Chinese, and former tags. (For the Portuguese of all countries but Brazil, the lookup uses pt-pt.)
var Aliases = map[string]string{
	"iw": "he", "in": "id", "no": "nb", "nn": "nb", "zh-tw": "zh-hant", "zh-hk": "zh-hant", "zh-mo": "zh-hant",
}

// IsRightToLeft reports whether a language with words is written from right to left.
func IsRightToLeft(tag string) bool {
	primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return slices.Contains(RightToLeft, primary)
}

// Language is the set of texts of the widget in one language. In the zero value each text is its key.
//
// A text is found by its key. A text with a number has a key for each plural category of its language ("unread.one",
// "unread.other"). Placeholders are in braces: {name}.
type Language struct {
	// Plural returns the plural category of n in this language: zero, one, two, few, many or other, as Intl.PluralRules
	// does. Where it is nil, English applies.
	Plural func(n int) string

	text map[string]string
}

// New returns the English texts, overridden by layers. A layer is a JSON object of keys and texts, or a JSON array of
// the texts in the order of [Keys]. Later layers override earlier ones. Items that are not strings are ignored, and so
// are layers that are neither.
func New(layers ...string) Language {
	w := Language{text: make(map[string]string, 96)}
	w.add(english)
	for _, l := range layers {
		w.add(l)
	}
	return w
}

// add overrides texts by those of a layer.
func (w *Language) add(json string) {
	v, _ := strictjson.Parse(json) // invalid JSON has no items
	keys := v.Keys()
	if v.Kind() == strictjson.Array {
		keys = Keys()
	}
	for i, m := range v.Items() {
		if i < len(keys) && m.Kind() == strictjson.String {
			w.text[keys[i]] = m.Text()
		}
	}
}

// Keys returns the keys of all texts: those in English, in their order, and those of the plural categories that English
// does not have.
func Keys() []string {
	v, _ := strictjson.Parse(english)
	keys := v.Keys()
	for _, key := range keys {
		if word, ok := strings.CutSuffix(key, ".other"); ok {
			keys = append(keys, word+".few", word+".many", word+".zero", word+".two")
		}
	}
	return keys
}

// Get returns the text of a key, or the key if there is none. pairs are the names and values of placeholders.
func (w *Language) Get(key string, pairs ...string) string {
	s, ok := w.text[key]
	if !ok {
		s = key
	}
	return fill(s, pairs)
}

// fill returns s with the values of pairs in place of their placeholders. It does not search the values, because the
// server chooses some of them: a name that consists of "{text}" would become as many copies of the text.
func fill(s string, pairs []string) string {
	before, after, ok := strings.Cut(s, "{")
	if !ok {
		return s
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if rest, ok := strings.CutPrefix(after, pairs[i]+"}"); ok {
			return before + pairs[i+1] + fill(rest, pairs)
		}
	}
	return before + "{" + fill(after, pairs)
}

// Count returns the text of a key for the number n, which is the value of its placeholder {n}.
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
