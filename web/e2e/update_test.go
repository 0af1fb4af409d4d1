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

// TestOldPage opens a page, replaces the build on its host, and opens the chat. The visitor must read that the page is
// to be reloaded. After the reload the chat must work, with all that the visitor has written in the composer.
func TestOldPage(t *testing.T) {
	t.Parallel()
	const english, german = "Please reload the page.", "Der Chat wurde aktualisiert. Bitte laden Sie die Seite neu."
	wasm := dist.Engine().Name
	withoutEngine := func(t *testing.T, s *site) {
		deploy(t, s, "start", "aside", "failure")
		s.gone(wasm, true)
		s.allow(wasm)
	}
	for name, c := range map[string]struct {
		attributes, sentence string
		deploy, repair       func(*testing.T, *site)
		lost                 bool
	}{
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
			deploy: withoutEngine,
			repair: func(t *testing.T, s *site) { s.gone(wasm, false) },
		},
		"the WebAssembly and the script are gone": {
			sentence: "The chat has been updated. " + english,
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
			attributes: "data-storage=none", sentence: "The chat has been updated. " + english, lost: true,
			deploy: withoutEngine,
			repair: func(t *testing.T, s *site) { s.gone(wasm, false) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			tab := chromium.visitor(t).open(s.page("/", s.tag(c.attributes)))
			tab.wait(visible(part("launcher")))
			c.deploy(t, s)
			tab.click(part("launcher"))
			tab.wait(part("notice") + `?.textContent.includes(` + strconv.Quote(c.sentence) + `)`)
			if keys := eval[string](tab, keptTexts); keys != "" {
				t.Errorf("before the visitor has written, the page stores %s", keys)
			}
			tab.click(part("input"))
			tab.press("Are you there?" + browser.Enter)
			tab.wait(part("log") + `.textContent.includes("Are you there?")`)
			tab.press("My roof leaks")
			if eval[bool](tab, `Object.keys(localStorage).some(key => key.endsWith(":text"))`) {
				t.Error("the text is stored for other tabs")
			}
			tab.wait(part("notice") + `?.textContent.includes(` + strconv.Quote(c.sentence) + `)`) // again, after the message
			if c.repair != nil {
				c.repair(t, s)
			}
			retry := part("retry")
			eval[any](tab, `(document.old = true, setTimeout(() => `+retry+` ? `+retry+`.click() : location.reload()), 0)`)
			tab.wait(`!document.old && ` + visible(part("launcher")))
			tab.wait(visible(part("panel")) + ` || (` + part("launcher") + `.click(), false)`)
			tab.online()
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
