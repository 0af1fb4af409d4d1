package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/suite"
)

// tags has, by language tag, the file with the words for it, and the attributes lang and dir.
var tags = []struct{ tag, words, lang, dir string }{
	{"en-GB", "en", "en-GB", "ltr"},
	{"DE", "de", "DE", "ltr"},
	{"de_AT", "de", "de-AT", "ltr"},
	{"es-419", "es", "es-419", "ltr"},
	{"zh-TW", "zh-hant", "zh-TW", "ltr"},
	{"zh-HK", "zh-hant", "zh-HK", "ltr"},
	{"zh-Hant-MO", "zh-hant", "zh-Hant-MO", "ltr"},
	{"zh-Hans-HK", "zh", "zh-Hans-HK", "ltr"},
	{"zh", "zh", "zh", "ltr"},
	{"pt", "pt", "pt", "ltr"},
	{"pt-BR", "pt", "pt-BR", "ltr"},
	{"pt_pt", "pt-pt", "pt-pt", "ltr"},
	{"pt-AO", "pt-pt", "pt-AO", "ltr"},
	{"AR_eg", "ar", "AR-eg", "rtl"},
	{"fa", "fa", "fa", "rtl"},
	{"iw-IL", "he", "iw-IL", "rtl"},
	{"no", "nb", "no", "ltr"},
	{"nn-NO", "nb", "nn-NO", "ltr"},
	{"in", "id", "in", "ltr"},
	{"arn", "en", "en", "ltr"},   // Mapudungun, not Arabic
	{"hil", "en", "en", "ltr"},   // Hiligaynon, not Hindi
	{"ur-PK", "en", "en", "ltr"}, // Urdu has no words here: English, from left to right
	{"tl", "en", "en", "ltr"},
	{"x", "en", "en", "ltr"},
	{"constructor", "en", "en", "ltr"},
}

// wordsOf returns the words in a file.
func wordsOf(t *testing.T, name string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "widget", "words", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var words map[string]string
	if err := json.Unmarshal(data, &words); err != nil {
		t.Fatal(err)
	}
	return words
}

// TestLanguageTags checks the words, the language and the direction for language tags of all kinds, while Go runs.
func TestLanguageTags(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{})
		tab := e.visitor(t).open(s.page("/", s.tag("")))
		tab.launch()
		for _, c := range tags {
			eval[any](tab, fmt.Sprintf(`document.querySelector("plura-chat").setAttribute("lang", %q)`, c.tag))
			var got [3]string
			want := [3]string{wordsOf(t, c.words)["placeholder"], c.lang, c.dir}
			if !suite.Poll(patience, func() bool {
				got = eval[[3]string](tab, `(frame => [`+part("input")+`.placeholder, frame.lang, frame.dir])(`+part("frame")+`)`)
				return got == want
			}) {
				t.Errorf("%s: placeholder, lang and dir are %q, want %q", c.tag, got, want)
			}
		}
	})
}

// TestLanguageTagsBeforeGo checks the launcher's name and its corner for such tags, before the visitor has used the
// chat, and the words of the panel before Go runs.
func TestLanguageTagsBeforeGo(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	defer s.hold(dist.Engine().Name)()
	v := chromium.visitor(t)
	for i, c := range tags {
		tab := v.open(s.page(fmt.Sprint("/", i), s.tag(fmt.Sprintf("data-lang=%q", c.tag))))
		words := wordsOf(t, c.words)
		tab.wait(visible(part("launcher")))
		tab.wait(fmt.Sprintf(part("launcher")+`.getAttribute("aria-label") == %q`, words["open"]))
		if left := eval[bool](tab, part("launcher")+`.getBoundingClientRect().left < innerWidth / 2`); left != (c.dir == "rtl") {
			t.Errorf("%s: the launcher is on the left: %v", c.tag, left)
		}
		tab.opened()
		tab.wait(fmt.Sprintf(part("input")+`.placeholder == %q`, words["placeholder"]))
		tab.close()
	}
}
