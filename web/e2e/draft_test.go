package e2e

import (
	"fmt"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/browser"
)

// TestDraft checks that draft() opens the panel and fills an empty composer, sends nothing, and replaces nothing.
func TestDraft(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{})
		v := e.visitor(t)
		tab := v.open(s.page("/", s.tag("")))
		tab.wait(visible(part("launcher")))
		eval[any](tab, `void PluraChat.draft("My roof\nleaks").then(() => document.drafted = true)`)
		tab.wait(visible(part("panel")) + ` && ` + part("input") + `.value == "My roof\nleaks" && document.drafted`)
		tab.wait(root + `.activeElement == ` + part("input"))
		tab.online()
		eval[any](tab, `PluraChat.draft("Something else")`)
		if got := eval[string](tab, part("input")+`.value`); got != "My roof\nleaks" {
			t.Errorf("a second draft has replaced the first: %q", got)
		}
		tab.press(" badly")
		tab.wait(part("input") + `.value == "My roof\nleaks badly"`)
		// A stored draft of the visitor's is kept, whichever call comes before Go runs.
		tab.reload()
		eval[any](tab, `void PluraChat.draft("Something else").then(() => document.drafted = true)`)
		tab.wait(`document.drafted && ` + part("input") + `.value == "My roof\nleaks badly"`)
		if got := s.flow.Messages(""); len(got) > 0 {
			t.Errorf("a draft was sent: %q", got)
		}
	})
}

// TestLinksThatOpenTheChat checks links and addresses that end in #plura-chat.
func TestLinksThatOpenTheChat(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{})
		s.page("/roofs", s.tag("data-frame"))
		tab := e.visitor(t).open(s.page("/", `<a id=faq href="#plura-chat-faq">FAQ</a><a id=open href="#plura-chat">Chat</a><a id=ask href="#plura-chat=My%20roof%20leaks">Ask</a>`+s.tag("")))
		tab.wait(visible(part("launcher")))
		eval[any](tab, `document.querySelector("#faq").click()`)
		tab.wait(`location.hash == "#plura-chat-faq"`)
		eval[any](tab, `document.querySelector("#open").click()`)
		tab.wait(visible(part("panel")) + ` && location.hash == "" && PluraChat.state == "online"`)
		if got := eval[string](tab, part("input")+`.value`); got != "" {
			t.Errorf("the composer has %q", got)
		}
		for range 2 { // the link works again
			eval[any](tab, `PluraChat.close()`)
			tab.wait(part("panel") + `.hidden`)
			eval[any](tab, `document.querySelector("#ask").click()`)
			tab.wait(visible(part("panel")) + ` && location.hash == "" && ` + part("input") + `.value == "My roof leaks"`)
		}

		visit := e.visitor(t)
		tab = visit.open(s.URL + "/?a=b#plura-chat=%E0%A4%A%20" + strings.Repeat("x", 600))
		tab.wait(visible(part("panel")) + ` && location.search == "?a=b" && location.hash == "" && ` + part("input") + `.value.length == 500 && ` + part("input") + `.value.startsWith("%E0%A4%A%20x")`)

		s.page("/based", strings.Replace(s.tag(""), `src="`, `src="`+s.URL, 1)+`<base href="https://other.invalid/">`)
		tab = e.visitor(t).open(s.URL + "/based?a=b#plura-chat=My%20roof")
		tab.wait(visible(part("panel")) + ` && location.href.endsWith("/based?a=b") && ` + part("input") + `.value == "My roof"`)

		tab = e.visitor(t).open(s.URL + "/roofs#plura-chat=Bonjour%0A%C3%A0%20tous")
		tab.wait(inPanel(true) + `?.querySelector("[part~=input]")?.value == "Bonjour\nà tous" && location.hash == ""`)
		tab.wait(root + `.querySelector("iframe").hidden === false`)
	})
}

// TestSlowLineWaitsForTheClick checks that a visitor who wants to save data does not download the WebAssembly by
// pointing at the launcher, but by opening the chat.
func TestSlowLineWaitsForTheClick(t *testing.T) {
	t.Parallel()
	for name, connection := range map[string]string{"saves data": `{saveData: true}`, "2G": `{effectiveType: "slow-2g"}`, "4G": `{effectiveType: "4g", saveData: false}`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			tab := chromium.visitor(t).open(s.page("/", `<script>Object.defineProperty(navigator, "connection", {value: `+connection+`})</script>`+s.tag("")))
			tab.wait(visible(part("launcher")))
			eval[any](tab, part("launcher")+`.dispatchEvent(new PointerEvent("pointerover", {bubbles: true, composed: true}))`)
			tab.wait(`PluraChat.state == "loading"`)
			wasm := dist.Engine().Name
			if name == "4G" {
				tab.wait(`performance.getEntriesByType("resource").some(r => r.name.endsWith(".wasm"))`)
			} else if eval[any](tab, `new Promise(done => requestIdleCallback(() => requestIdleCallback(done)))`); s.asked(wasm) > 0 {
				t.Error("the WebAssembly was downloaded before the visitor used the chat")
			}
			tab.click(part("launcher"))
			tab.online()
			if s.asked(wasm) == 0 {
				t.Error("the WebAssembly was not downloaded")
			}
		})
	}
}

// TestDraftOfALaterPage checks that Back shows what the visitor has typed on a later page, also where the browser
// restores the earlier page as it was.
func TestDraftOfALaterPage(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{})
		s.page("/next", s.tag(""))
		tab := e.visitor(t).open(s.page("/", s.tag("")))
		tab.launch()
		tab.press("Half a sen")
		tab.open(s.URL + "/next")
		tab.wait(visible(part("panel")))
		tab.online()
		tab.wait(part("input") + `.value == "Half a sen"`)
		tab.click(part("input"))
		tab.press(browser.End + "tence")
		tab.wait(part("input") + `.value == "Half a sentence"`)
		eval[any](tab, `void setTimeout(() => history.back())`)
		tab.wait(`location.pathname == "/" && document.readyState == "complete" && ` + visible(part("panel")))
		tab.online()
		tab.wait(part("input") + `.value == "Half a sentence"`)
		tab.click(part("input"))
		tab.say("")
		tab.said("Half a sentence")
	})
}

// TestDraftBeforeGoRuns checks that a returning visitor sees the stored draft before Go runs, and can change, send or
// remove it: nothing that was typed is lost or comes back.
func TestDraftBeforeGoRuns(t *testing.T) {
	t.Parallel()
	const left = "Half a sen"
	record := func(age int, draft string) string {
		return fmt.Sprintf(`JSON.stringify({v: 1, at: Date.now() - %d * 86400000, draft: %s})`, age, draft)
	}
	yesterdays := record(1, jsText(left))
	everywhere(t, func(t *testing.T, e *engine) {
		for name, c := range map[string]struct {
			stored        string // when the page is opened; an expression
			shown         string // before Go runs
			keys          string
			later         string // what another tab stores meanwhile; an expression
			value, server string // in the end: in the composer and in the storage; on the server
		}{
			"changed":   {yesterdays, left, browser.End + "tence", "", "Half a sentence", ""},
			"sent":      {yesterdays, left, browser.Enter, "", "", left},
			"removed":   {yesterdays, left, strings.Repeat(browser.Backspace, len(left)), "", "", ""},
			"untouched": {yesterdays, left, "", "", left, ""},
			"elsewhere": {yesterdays, left, "", record(0, `"Half a sentence"`), "Half a sentence", ""},
			"expired":   {record(31, jsText(left)), "", "Anew", "", "Anew", ""},
			"hostile":   {record(1, `{toString: 1}`), "", "Anew", "", "Anew", ""},
			"foreign":   {`"5"`, "", "Anew", "", "Anew", ""},
		} {
			t.Run(name, func(t *testing.T) {
				s := newSite(t, protocoltest.Options{})
				release := s.hold(dist.Engine().Name)
				record := `localStorage["plura-chat:` + flow + `:draft"]`
				tab := e.visitor(t).open(s.page("/", `<script>`+record+` = `+c.stored+`</script>`+s.tag("")))
				tab.wait(visible(part("launcher")))
				tab.click(part("launcher"))
				tab.wait(greeted)
				tab.wait(part("input") + `.value == ` + jsText(c.shown))
				if c.keys != "" {
					tab.press(c.keys)
				}
				if c.later != "" {
					eval[any](tab, record+` = `+c.later)
				}
				if state := eval[string](tab, `PluraChat.state`); state != "loading" {
					t.Fatalf("Go already runs: the state is %s", state)
				}
				release()
				tab.online()
				if c.server != "" {
					tab.said(c.server)
				}
				tab.wait(part("input") + `.value == ` + jsText(c.value) +
					` && (JSON.parse(` + record + ` ?? "{}").draft ?? "") == ` + jsText(c.value))
				if got := strings.Join(s.flow.Messages(""), "|"); got != c.server {
					t.Errorf("the server got %q, want %q", got, c.server)
				}
			})
		}
	})
}

// TestDraftOfThePageIsNotOfTheFrame checks that a chat in an iframe does not get a draft of a chat that is in the page.
func TestDraftOfThePageIsNotOfTheFrame(t *testing.T) {
	t.Parallel()
	s, files := newSite(t, protocoltest.Options{}), newSite(t, protocoltest.Options{})
	files.hold("frame.html")
	tab, _ := framedPage(t, chromium, s, files.URL, "")
	eval[any](tab, `localStorage["plura-chat:`+flow+`:draft"] = JSON.stringify({v: 1, at: Date.now(), draft: "Half"})`)
	tab.reload()
	tab.wait(visible(part("launcher")))
	tab.click(part("launcher"))
	tab.wait(visible(part("panel")) + ` && ` + part("send") + `.ariaLabel`) // start.js has named the button
	if got := tab.composer().Value; got != "" {
		t.Errorf("the composer has %q", got)
	}
}
