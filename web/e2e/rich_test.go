package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/browser"
)

// lastBubble is an expression for the bubble of the last message.
const lastBubble = `[...` + root + `.querySelectorAll("[part~=bubble]")].at(-1)`

// tells makes the agent say something, and returns once its end is shown.
func (s *site) tells(tab *tab, text, end string) {
	tab.t.Helper()
	s.push(tab.t, text)
	tab.heard(end)
}

// TestTablesAndTasks checks that a wide table scrolls sideways inside its bubble and has a name then, and how a reader
// finds header cells and tasks.
func TestTablesAndTasks(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{})
		tab := e.visitor(t).open(s.page("/", s.tag("")))
		tab.launch()
		tab.heard("How can I help")
		wide := "|" + strings.Repeat("A long heading|", 8) + "\n|" + strings.Repeat("-|", 8) + "\n|" + strings.Repeat("cell|", 7) + "the last cell|"
		s.tells(tab, wide, "the last cell")
		scroller := lastBubble + `.querySelector(".table")`
		tab.wait(scroller + `.tabIndex == 0 && ` + scroller + `.getAttribute("role") == "group" && ` + scroller + `.getAttribute("aria-label") == "Table"`)
		type geometry struct{ Table, Bubble, Log, Page bool }
		if got := eval[geometry](tab, `(() => {
			const over = e => e.scrollWidth > e.clientWidth + 1, table = `+scroller+`;
			return {table: over(table), bubble: table.getBoundingClientRect().right > `+lastBubble+`.getBoundingClientRect().right, log: over(`+part("log")+`), page: over(document.documentElement)};
		})()`); got != (geometry{Table: true}) {
			t.Errorf("scrolls sideways, or is wider than the bubble: %+v", got)
		}
		if n := eval[int](tab, lastBubble+`.querySelectorAll("[part~=table] thead th[scope=col]").length`); n != 8 {
			t.Errorf("%d header cells, want 8", n)
		}
		s.tells(tab, "|a|b|\n|-|-|\n|1|narrow|", "narrow")
		tab.wait(scroller + `.tabIndex < 0 && !` + scroller + `.hasAttribute("role")`)

		s.tells(tab, "- [x] measured\n- [ ] ordered\n- the rest", "the rest")
		names := eval[[]string](tab, `[...`+lastBubble+`.querySelectorAll("li")].map(li => li.querySelector("[role=img]")?.getAttribute("aria-label") ?? "")`)
		if !slices.Equal(names, []string{"Done", "Not done", ""}) {
			t.Errorf("the tasks are named %q", names)
		}
		if text := eval[string](tab, lastBubble+`.textContent`); text != "measuredorderedthe rest" {
			t.Errorf("the text of the message is %q", text)
		}
	})
}

// TestPicturesInMessages checks that only pictures from allowed hosts are loaded, also when the list changes.
func TestPicturesInMessages(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	s.allow("error: https://") // the pictures do not exist
	tab := chromium.visitor(t).open(s.page("/", s.tag(`data-image-hosts="cdn.example.invalid *.pics.invalid"`)))
	tab.launch()
	tab.heard("How can I help")
	s.tells(tab, "![A roof](https://cdn.example.invalid/a.png) ![B](https://x.pics.invalid/b.png) ![C](https://other.invalid/c.png) the end", "the end")
	shown := lastBubble + `.querySelectorAll("a.picture[href] > img[loading=lazy][referrerpolicy=no-referrer][alt]")`
	if got := eval[[]string](tab, `[...`+shown+`].map(i => i.alt + " " + i.src + " " + getComputedStyle(i).aspectRatio)`); !slices.Equal(got, []string{
		"A roof https://cdn.example.invalid/a.png 4 / 3", "B https://x.pics.invalid/b.png 4 / 3"}) {
		t.Errorf("pictures: %q", got)
	}
	if got := eval[[]string](tab, `[...`+lastBubble+`.querySelectorAll("a:not(.picture)")].map(a => a.textContent + " " + a.href)`); !slices.Equal(got, []string{"C https://other.invalid/c.png"}) {
		t.Errorf("links: %q", got)
	}
	eval[any](tab, `document.querySelector("plura-chat").setAttribute("image-hosts", "other.invalid")`)
	tab.wait(`[...` + shown + `].map(i => i.alt).join() == "C"`)
	eval[any](tab, `document.querySelector("plura-chat").removeAttribute("image-hosts")`)
	tab.wait(shown + `.length == 0 && ` + lastBubble + `.querySelectorAll("a").length == 3`)
}

// TestQuickReplies checks that answers are buttons in the last message, and that a tap sends exactly what it shows,
// once.
func TestQuickReplies(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{Flow: protocoltest.Flow{Answer: func(*protocoltest.Exchange) []protocoltest.Reply { return nil }}})
		tab := e.visitor(t).open(s.page("/", s.tag("")))
		tab.launch()
		tab.heard("How can I help")
		eval[any](tab, `(document.suggestions = [], PluraChat.on("suggestion", detail => document.suggestions.push(detail.kind + " " + detail.text)), 0)`)
		s.tells(tab, "Which roof? [Asphalt shingles](reply:) [Metal](reply:) or tell us.", "tell us")
		buttons := `[...` + root + `.querySelectorAll("[part~=replies] button")]`
		tab.wait(buttons + `.map(b => b.textContent).join() == "Asphalt shingles,Metal"`)
		if got := eval[string](tab, root+`.querySelector("[part~=replies]").getAttribute("aria-label")`); got != "Suggested messages" {
			t.Errorf("the group is named %q", got)
		}

		tab.reload()
		tab.wait(visible(part("panel")))
		tab.wait(buttons + `.length == 2`)
		eval[any](tab, `(document.suggestions = [], PluraChat.on("suggestion", detail => document.suggestions.push(detail.kind + " " + detail.text)), 0)`)
		tab.online()
		eval[any](tab, buttons+`[1].focus()`)
		eval[any](tab, `(() => { const button = `+buttons+`[1]; button.click(); button.click(); })()`)
		tab.said("Metal")
		tab.wait(buttons + `.length == 0 && ` + root + `.activeElement == ` + part("input"))
		if got := eval[[]string](tab, `document.suggestions`); !slices.Equal(got, []string{"reply Metal"}) {
			t.Errorf("suggestion events: %q", got)
		}
		if got := s.flow.Messages(""); !slices.Equal(got, []string{"Metal"}) {
			t.Errorf("the server got %q", got)
		}
		if text := eval[string](tab, `[...`+root+`.querySelectorAll("[data-from=agent] [part~=bubble]")].at(-1).textContent`); text != "Which roof? Asphalt shingles Metal or tell us." {
			t.Errorf("the message is %q", text)
		}

		s.tells(tab, "And now? [Yes](reply:) [No](reply:) please", "please")
		tab.wait(buttons + `.length == 2`)
		eval[any](tab, `document.querySelector("plura-chat").setAttribute("quick-replies", "off")`)
		tab.wait(buttons + `.length == 0`)
	})
}

// TestLinkEvent checks that a page may take a click on a link, and where links lead otherwise.
func TestLinkEvent(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		for _, frame := range []string{"", "data-frame"} {
			t.Run(fmt.Sprintf("frame=%t", frame != ""), func(t *testing.T) {
				s := newSite(t, protocoltest.Options{})
				s.page("/pricing", s.tag(frame)+"<h1>Prices</h1>")
				tab := e.visitor(t).open(s.page("/", s.tag(`data-links="own" `+frame)))
				in := inPanel(frame != "")
				tab.wait(visible(part("launcher")))
				tab.click(part("launcher"))
				tab.wait(in + `?.querySelector("[part~=bubble]")`)
				s.push(t, "See [prices](/pricing) or [ours](https://other.invalid/) here")
				links := `[...` + in + `.querySelectorAll("[part~=bubble] a")]`
				tab.wait(links + `.length == 2`)
				if got := eval[[]string](tab, links+`.map(a => a.target)`); !slices.Equal(got, []string{"", "_blank"}) {
					t.Errorf("the targets are %q", got)
				}
				eval[any](tab, `(document.taken = [], document.off = PluraChat.on("link", detail => document.taken.push(detail.url)),
					document.router = event => event.preventDefault(), addEventListener("plura-chat:link", document.router, true), 0)`)
				eval[any](tab, links+`.forEach(a => a.click())`)
				tab.wait(`document.taken.length == 2`)
				if got := eval[[]string](tab, `document.taken`); !slices.Equal(got, []string{s.URL + "/pricing", "https://other.invalid/"}) {
					t.Errorf("the events' addresses are %q", got)
				}
				if path := eval[string](tab, `location.pathname`); path != "/" {
					t.Fatalf("the browser followed a link that the page took: %s", path)
				}
				eval[any](tab, `removeEventListener("plura-chat:link", document.router, true)`)
				// By a key and not by a script: in an iframe, only an act of the visitor counts.
				eval[any](tab, `(`+links+`[0].focus(), 0)`)
				tab.press(browser.Enter)
				tab.wait(`location.pathname == "/pricing" && document.querySelector("h1") && ` + root + `?.querySelector("[part~=panel]")?.hidden === false`)
			})
		}
	})
}

// inPanel is an expression for the shadow root with the panel's content: that of the page's widget, or of the widget in
// the iframe, which is of the page's origin.
func inPanel(framed bool) string {
	if framed {
		return root + `?.querySelector("iframe")?.contentDocument?.querySelector("plura-chat")?.shadowRoot`
	}
	return root
}
