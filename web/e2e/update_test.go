package e2e

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/browser"
)

// deploy replaces the build of a site by another one, which differs in the names of the modules that the loader names.
// Their old names are gone, except those that are kept.
func deploy(t *testing.T, s *site, kept ...string) {
	t.Helper()
	loader := string(dist.Loader().Data)
	for _, stem := range []string{"start", "aside"} {
		f := file(t, `^plura-chat-`+stem+`-[0-9a-f]{8}\.js$`)
		renamed := "plura-chat-" + stem + "-00000000.js"
		loader = strings.ReplaceAll(loader, f.Name, renamed)
		s.header("/"+renamed, "Content-Type", "text/javascript")
		s.document("/"+renamed, string(f.Data))
	}
	for _, stem := range []string{"start", "aside", "failure"} {
		name := file(t, `^plura-chat-`+stem+`-[0-9a-f]{8}\.js$`).Name
		s.gone(name, !slices.Contains(kept, stem))
		s.allow(name)
	}
	s.answer("/plura-chat.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = w.Write([]byte(loader))
	})
}

// keptTexts lists the keys of what visitors have written while the chat could not load.
const keptTexts = `[...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter(key => key.endsWith(":text")).join()`

// oldPage is what has become of a build when a visitor opens the chat of a page that names its files.
type oldPage struct {
	attributes string // of the tag
	sentence   string // that the visitor reads
	deploy     func(*testing.T, *site)
	repair     func(*testing.T, *site) // before the visitor reloads the page, if set
	lost       bool                    // what the visitor wrote is not kept
}

// oldPages are the cases of TestOldPage, by name.
func oldPages() map[string]oldPage {
	const german = "Der Chat wurde aktualisiert. Bitte laden Sie die Seite neu."
	const english = "The chat has been updated. Please reload the page."
	wasm := dist.Engine().Name
	withEngine := func(_ *testing.T, s *site) { s.gone(wasm, false) }
	withoutEngine := func(t *testing.T, s *site) {
		deploy(t, s, "start", "aside", "failure")
		s.gone(wasm, true)
		s.allow(wasm)
	}
	return map[string]oldPage{
		"all is gone": {
			sentence: "The chat could not load. Please reload.",
			deploy:   func(t *testing.T, s *site) { deploy(t, s) },
		},
		"the notice is kept": {
			attributes: "data-lang=de", sentence: german,
			deploy: func(t *testing.T, s *site) { deploy(t, s, "aside", "failure") },
		},
		"the WebAssembly is gone": {
			attributes: "data-lang=de", sentence: german,
			deploy: withoutEngine, repair: withEngine,
		},
		"the WebAssembly and the script are gone": {
			sentence: english,
			deploy: func(t *testing.T, s *site) {
				s.gone(wasm, true)
				s.allow(wasm)
				s.answer("/plura-chat.js", http.NotFound)
				s.allow("plura-chat.js")
			},
			repair: func(t *testing.T, s *site) {
				s.gone(wasm, false)
				s.answer("/plura-chat.js", nil)
			},
		},
		"without a storage": {
			attributes: "data-storage=none", sentence: english, lost: true,
			deploy: withoutEngine, repair: withEngine,
		},
	}
}

// TestOldPage opens a page, replaces the build on its host, and opens the chat. The visitor must read that the page is
// to be reloaded. After the reload the chat must work, with all that the visitor has written in the composer.
func TestOldPage(t *testing.T) {
	t.Parallel()
	for name, c := range oldPages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			tab := chromium.visitor(t).open(s.page("/", s.tag(c.attributes)))
			tab.wait(visible(part("launcher")))
			c.deploy(t, s)
			tab.writeOnOldPage(c.sentence)
			if c.repair != nil {
				c.repair(t, s)
			}
			tab.reloadOldPage()
			want := "Are you there?\nMy roof leaks"
			if c.lost {
				want = ""
			}
			if got := eval[string](tab, part("input")+`.value`); got != want {
				t.Errorf("the composer has %q, want %q", got, want)
			}
			if sent := s.flow.Messages(""); len(sent) > 0 {
				t.Errorf("%q was sent without an act of the visitor", sent)
			}
			tab.reload()
			tab.wait(visible(part("panel")) + ` || (` + part("launcher") + `?.click(), false)`)
			tab.online()
			if got := eval[string](tab, part("input")+`.value`); got != want {
				t.Errorf("after another reload the composer has %q, want %q", got, want)
			}
		})
	}
}

// writeOnOldPage opens the chat, which cannot load, and writes a message and a draft. The visitor reads the sentence
// before and after that.
func (b *tab) writeOnOldPage(sentence string) {
	b.t.Helper()
	told := part("notice") + `?.textContent.includes(` + strconv.Quote(sentence) + `)`
	b.click(part("launcher"))
	b.wait(told)
	if keys := eval[string](b, keptTexts); keys != "" {
		b.t.Errorf("before the visitor has written, the page stores %s", keys)
	}
	b.click(part("input"))
	b.press("Are you there?" + browser.Enter)
	b.wait(part("log") + `.textContent.includes("Are you there?")`)
	b.press("My roof leaks")
	if eval[bool](b, `Object.keys(localStorage).some(key => key.endsWith(":text"))`) {
		b.t.Error("the text is stored for other tabs")
	}
	b.wait(told)
}

// reloadOldPage reloads the page by the button of the notice, or as a visitor does if there is none. It returns once
// the chat is open and online.
func (b *tab) reloadOldPage() {
	b.t.Helper()
	retry := part("retry")
	eval[any](b, `(document.old = true, setTimeout(() => `+retry+` ? `+retry+`.click() : location.reload()), 0)`)
	b.wait(`!document.old && ` + visible(part("launcher")))
	b.wait(visible(part("panel")) + ` || (` + part("launcher") + `.click(), false)`)
	b.online()
}

// TestStalledScript checks that a visitor on an old page reads at once that the chat could not load, and that the text
// is stored at once, although the host does not answer the question whether it has another build. Once it does, the
// visitor is asked to reload the page.
func TestStalledScript(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab := chromium.visitor(t).open(s.page("/", s.tag("")))
	tab.wait(visible(part("launcher")))
	start := startModule(t)
	s.gone(start, true)
	s.allow(start)
	s.script("/plura-chat.js", "// another build")
	release := s.hold("plura-chat.js")
	tab.click(part("launcher"))
	tab.wait(part("notice") + `?.textContent.includes("We couldn’t load the chat.") && ` + visible(part("retry")))
	tab.click(part("input"))
	tab.press("My roof leaks")
	tab.wait(`Object.entries(sessionStorage).some(([key, text]) => key.endsWith(":text") && text.includes("My roof leaks"))`)
	release()
	tab.wait(part("notice") + `?.textContent.includes("The chat has been updated.")`)
	if n := eval[int](tab, root+`.querySelectorAll("[part=notice]").length`); n != 1 {
		t.Errorf("the panel has %d notices", n)
	}
	if got := tab.composer().Value; got != "My roof leaks" {
		t.Errorf("the composer has %q", got)
	}
}
