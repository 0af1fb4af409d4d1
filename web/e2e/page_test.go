package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/browser"
	"plurachat/web/e2e/suite"
)

// The tests of this file change the page around the chat, and check that the chat still works.

// TestAddressIsReadOnce checks that the widget loads its files from the address that the script had when it ran, even
// if the page's address, its base URL or the script tag changes afterwards.
func TestAddressIsReadOnce(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]string{
		"pushState": `history.pushState({}, "", "/a/b/")`,
		"base":      `document.head.prepend(Object.assign(document.createElement("base"), {href: "https://elsewhere.invalid/"}))`,
		"src":       `document.querySelector("script[data-flow-id]").src = "https://elsewhere.invalid/plura-chat.js"`,
		"no src":    `document.querySelector("script[data-flow-id]").removeAttribute("src")`,
		"no tag":    `document.querySelector("script[data-flow-id]").remove()`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			tab := chromium.visitor(t).open("about:blank")
			requested := recordRequests(tab)
			tab.open(s.page("/", strings.Replace(s.tag("data-lang=de"), `"/plura-chat.js"`, `"plura-chat.js"`, 1)))
			tab.wait(visible(part("launcher")))
			eval[any](tab, `void (`+change+`)`)
			converse(tab)
			for _, url := range requested() {
				if strings.Contains(url, "plura-chat-") && !strings.HasPrefix(url, s.URL+"/plura-chat-") {
					t.Errorf("the page requested %s", url)
				}
			}
		})
	}
}

// TestDocumentIsDrawnAnew checks that the chat continues after the page has replaced the content of the whole document,
// as some frameworks do: with its transcript, its draft and its connection. If the page removes the element itself, the
// chat stays removed.
func TestDocumentIsDrawnAnew(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]string{
		"body":          `document.documentElement.replaceChildren(document.head, document.createElement("body"))`,
		"children":      `document.documentElement.replaceChildren(document.head, document.body)`,
		"html":          `(() => { const old = document.documentElement, html = old.cloneNode(); html.append(document.head, document.createElement("body")); old.replaceWith(html); })()`,
		"one by one":    `[...document.documentElement.children].reverse().forEach(e => e == document.head || e.parentNode.removeChild(e)), document.documentElement.append(document.createElement("body"))`,
		"several times": `(() => { for (let n = 0; n < 5; n++) { document.documentElement.replaceChildren(document.createElement("head"), document.createElement("body")); } })()`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			tab := chromium.visitor(t).open(s.page("/", s.tag("")))
			converse(tab)
			tab.press("Half a sen")
			before := tab.transcript()
			eval[any](tab, `void (`+change+`)`)
			eval[any](tab, `PluraChat.open()`)
			tab.wait(visible(part("panel")))
			tab.shows(before)
			if draft := eval[string](tab, part("input")+`.value`); draft != "Half a sen" {
				t.Errorf("the draft is %q", draft)
			}
			tab.click(part("input"))
			tab.say("tence")
			tab.heard("You said: Half a sentence")
			if n := s.flow.Dials(); n != 1 {
				t.Errorf("%d sockets were opened", n)
			}
			if sheets := eval[int](tab, root+`.adoptedStyleSheets.length`); sheets != 3 {
				t.Errorf("it has %d style sheets", sheets)
			}
			eval[any](tab, `document.querySelector("plura-chat").remove()`)
			if err := s.flow.WaitLive(patience, 0); err != nil {
				t.Errorf("a removed chat has a socket: %v", err)
			}
			if eval[bool](tab, `Boolean(document.querySelector("plura-chat"))`) {
				t.Error("it was removed, and came back")
			}
		})
	}
}

// TestDocumentIsWrittenAnew checks that a new chat starts after document.open(), which removes all event listeners of
// the page.
func TestDocumentIsWrittenAnew(t *testing.T) {
	t.Parallel()
	for _, when := range []string{"before Go", "after Go"} {
		t.Run(when, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{Replay: protocoltest.ReplayGreeting})
			tab := chromium.visitor(t).open(s.page("/", s.tag("")))
			tab.wait(visible(part("launcher")))
			if when == "after Go" {
				converse(tab)
				tab.press(browser.Escape)
			}
			eval[any](tab, `document.old = `+root+`.firstChild, document.open(), document.write("<h1>x</h1>"), document.close()`)
			tab.wait(root + `?.firstChild && ` + root + `.firstChild != document.old && ` + visible(part("launcher")))
			converse(tab)
		})
	}
}

// TestFocusTraps checks that the visitor can write to the chat while the page moves the focus back to a field of its
// own. Dialogs do that in several ways.
func TestFocusTraps(t *testing.T) {
	t.Parallel()
	for name, trap := range map[string]string{
		"focusin":           `document.addEventListener("focusin", e => e.target !== i && i.focus())`,
		"focusin, captured": `document.addEventListener("focusin", e => e.target !== i && i.focus(), true)`,
		"focus, captured":   `document.addEventListener("focus", e => e.target !== i && e.target !== document && i.focus(), true)`,
		"focusout":          `document.addEventListener("focusout", e => e.relatedTarget !== null && e.relatedTarget !== i && i.focus())`,
		"focusout and blur": `for (const type of ["focusout", "blur"]) { document.addEventListener(type, e => e.relatedTarget && i.focus(), true); }`,
		"later":             `setTimeout(() => document.addEventListener("focusin", e => e.target !== i && i.focus(), true), 1500)`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			release := s.hold(startModule(t))
			t.Cleanup(release)
			tab := chromium.visitor(t).open(s.page("/", `<input id=i autofocus><script>const i = document.querySelector("#i"); `+trap+`</script>`+s.tag("")))
			tab.wait(visible(part("launcher")))
			tab.click(`document.querySelector("#i")`)
			tab.click(part("launcher"))
			early := ""
			// The start module hides from the page that the focus moves into the chat. Before it has loaded, a trap
			// that listens to focusout keeps the focus.
			if !strings.Contains(name, "out") {
				tab.wait(focused("input"))
				early = "one "
				tab.press(early)
			}
			release()
			tab.online()
			tab.click(`document.querySelector("#i")`)
			tab.click(part("input"))
			tab.press(browser.End + "two")
			if field := eval[string](tab, `i.value`); field != "" {
				t.Errorf("the page's field has %q", field)
			}
			tab.say("")
			tab.said(early + "two")
		})
	}
}

// TestEventsEndAtTheChat checks that the page's listeners get no events from inside the chat and cannot cancel them.
// For such a listener the target is the plura-chat element, which is not a text field, and pages cancel keyboard,
// clipboard and scroll events of elements that are not text fields.
func TestEventsEndAtTheChat(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{})
		tab := e.visitor(t).open(s.page("/", s.tag("")))
		tab.wait(visible(part("launcher")))
		const types = `["keydown", "keypress", "keyup", "beforeinput", "input", "paste", "copy", "cut", "drop", "selectstart", "contextmenu", "compositionstart", "compositionupdate", "compositionend", "focus", "blur", "focusin", "focusout", "wheel", "touchmove"]`
		eval[any](tab, `document.heard = [], `+types+`.forEach(type => document.addEventListener(type, event => {
			// Firefox sends the document a focus event when the window becomes the active one.
			if (event.target != document && !/^(INPUT|TEXTAREA)$/.test(event.target.tagName)) { document.heard.push(type); event.preventDefault(); }
		}, {passive: false, capture: !/^(wheel|touch)/.test(type)}))`)
		eval[any](tab, `addEventListener("keydown", event => { if (event.code == "Space" && !/^(INPUT|TEXTAREA)$/.test(event.target.tagName)) { event.preventDefault(); } }, true)`)
		tab.launch()
		tab.wait(focused("input"))
		eval[any](tab, `document.heard.length = 0`)
		tab.press("a b c")
		if text := eval[string](tab, part("input")+`.value`); text != "a b c" {
			t.Errorf("the composer holds %q", text)
		}
		prevented := eval[[]string](tab, types+`.filter(type => {
			const Kind = {paste: ClipboardEvent, keydown: KeyboardEvent, keypress: KeyboardEvent, keyup: KeyboardEvent, wheel: WheelEvent, drop: DragEvent}[type] ?? Event;
			return !`+part("input")+`.dispatchEvent(new Kind(type, {bubbles: true, composed: true, cancelable: true, key: "x"}));
		})`)
		if len(prevented) > 0 {
			t.Errorf("the page has prevented %q", prevented)
		}
		if heard := eval[[]string](tab, `document.heard`); len(heard) > 0 {
			t.Errorf("the page heard %q", heard)
		}
		tab.say("")
		tab.said("a b c")
	})
}

// TestOwnLaunchers checks that a click on an element that the site owner has chosen as the launcher opens the chat and
// does nothing else: it follows no link, submits no form and checks no box.
func TestOwnLaunchers(t *testing.T) {
	t.Parallel()
	for name, button := range map[string]string{
		"fragment": `<a class=own href="#">Chat</a>`,
		"link":     `<a class=own href="/contact"><b>Chat</b></a>`,
		"inside":   `<a href="/contact"><b class=own>Chat</b></a>`,
		"submit":   `<form action="/contact"><button class=own>Chat</button></form>`,
		"checkbox": `<label class=own><input type=checkbox>Chat</label>`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			tab := chromium.visitor(t).open(s.page("/", `<div style="height:3000px"></div>`+button+s.tag("data-launcher=.own")))
			tab.wait(`document.querySelector(".own").getAttribute("aria-expanded") == "false"`)
			eval[any](tab, `scrollTo(0, 9999)`)
			y := atRest(tab)
			tab.click(`document.querySelector(".own")`)
			tab.online()
			if url := eval[string](tab, `location.href`); url != s.URL+"/" {
				t.Errorf("the page is at %s", url)
			}
			if now := atRest(tab); now != y {
				t.Errorf("the page has jumped from %v to %v", y, now)
			}
			if eval[bool](tab, `Boolean(document.querySelector(":checked"))`) {
				t.Error("the box is checked")
			}
		})
	}
}

// TestModalDialogOfThePage checks that the panel is not shown while a modal dialog of the page makes everything else
// unusable, and that it is shown when the dialog is closed.
func TestModalDialogOfThePage(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab := chromium.visitor(t).open(s.page("/", `<dialog><button>Close</button></dialog>`+s.tag("")))
	tab.wait(visible(part("launcher")))
	eval[any](tab, `document.querySelector("dialog").showModal(), void PluraChat.open()`)
	tab.wait(part("log") + `?.role == "log" && !` + visible(part("panel"))) // once start.js has loaded
	eval[any](tab, `document.querySelector("dialog").close()`)
	tab.wait(visible(part("panel")))
	tab.online()
	tab.press(browser.Escape)
	eval[any](tab, `document.querySelector("dialog").showModal(), void PluraChat.open().then(() => document.opened = true)`)
	eval[any](tab, `new Promise(done => setTimeout(done, 500))`) // the widget polls whether the dialog is open
	if eval[bool](tab, visible(part("panel"))+` || document.opened`) {
		t.Error("the chat is shown behind the dialog")
	}
	eval[any](tab, `document.querySelector("dialog").close()`)
	tab.wait(`document.opened && ` + visible(part("panel")))
	tab.say("hello")
	tab.said("hello")

	// A chat inside the dialog is shown while the dialog is open.
	inside := chromium.visitor(t).open(s.page("/inside", `<dialog>`+s.element("")+`</dialog>`))
	inside.wait(part("launcher"))
	eval[any](inside, `document.querySelector("dialog").showModal(), PluraChat.open()`)
	inside.wait(visible(part("panel")))
}

// TestBackClosesThePanel checks that a close request closes a panel that covers the whole screen, wherever the focus
// is. A close request is Back on a phone and Escape on a desktop.
func TestBackClosesThePanel(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab := chromium.visitor(t).open(s.page("/", s.tag("")))
	tab.size(390, 700)
	for range 2 {
		tab.launch()
		tab.wait(focused("input"))
		eval[any](tab, part("input")+`.blur()`)
		tab.press(browser.Escape)
		tab.wait(`!` + visible(part("panel")))
	}
	if n := s.flow.Dials(); n != 1 {
		t.Errorf("%d sockets were opened", n)
	}
	// While the page beside the panel can be used, a close request outside of the chat does not close the panel.
	tab.size(1280, 800)
	tab.launch()
	tab.wait(focused("input"))
	eval[any](tab, part("input")+`.blur()`)
	tab.press(browser.Escape)
	if !eval[bool](tab, `new Promise(done => setTimeout(() => done(`+visible(part("panel"))+`), 300))`) {
		t.Error("Escape on the page has closed the chat")
	}
}

// TestTeaser checks that the texts of the teaser and the names of the buttons are in the page's language, and that a
// dismissed teaser stays dismissed. Neither start.js nor the WebAssembly is fetched before there is a conversation.
func TestTeaser(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	s.document("/", `<!doctype html><html lang=de><title>Dächer</title><link rel=icon href=data:,><script src="/watch.js"></script>`+s.tag(`data-teaser="500ms"`))
	visitor := chromium.visitor(t)
	tab := visitor.open("about:blank")
	requested := recordRequests(tab)
	tab.open(s.URL + "/")
	tab.wait(visible(part("teaser")))
	if text := eval[string](tab, part("invite")+`.textContent`); text != "Hallo! Können wir helfen?" {
		t.Errorf("the teaser says %q", text)
	}
	if name := eval[string](tab, part("dismiss")+`.getAttribute("aria-label")`); name != "Ausblenden" {
		t.Errorf("its close button is named %q", name)
	}
	if name := eval[string](tab, part("launcher")+`.getAttribute("aria-label")`); name != "Chat öffnen" {
		t.Errorf("the launcher is named %q", name)
	}
	tab.click(part("dismiss"))
	tab.wait(`!` + part("teaser"))
	for _, record := range []string{"", `{"v":1,"conversation":{"entries":[]},"teaser":true}`, `{"v":1,"conversation":{"entries":[]},"draft":"A draft of some length","teaser":true}`} {
		if record != "" {
			eval[any](tab, fmt.Sprintf(`localStorage.setItem("plura-chat:%s", %q)`, flow, record))
		}
		tab.reload()
		tab.wait(visible(part("launcher")))
		eval[any](tab, `new Promise(done => requestIdleCallback(() => setTimeout(done, 700)))`)
		if eval[bool](tab, `Boolean(`+part("teaser")+`)`) {
			t.Errorf("dismissed, it is there again with the record %q", record)
		}
	}
	for _, url := range requested() {
		if strings.HasSuffix(url, ".wasm") || strings.Contains(url, "-start-") {
			t.Errorf("the page requested %s", url)
		}
	}
	// If a conversation is stored, the WebAssembly is fetched while the page is idle.
	eval[any](tab, fmt.Sprintf(`localStorage.setItem("plura-chat:%s", '{"v":1,"conversation":{"entries":[{"key":"x"}]}}')`, flow))
	tab.reload()
	tab.wait(`performance.getEntriesByType("resource").some(({name}) => name.endsWith(".wasm"))`)
}

// TestStartModuleIsNotToBeHad checks what happens if start.js cannot be loaded: the visitor reads a notice in the
// page's language and can try again, what was typed is kept, and the console names the reason.
func TestStartModuleIsNotToBeHad(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	start := file(t, startModule(t))
	s.header("/"+start.Name, "Content-Type", "text/javascript")
	s.document("/"+start.Name, "export const start = () => {}") // not the bytes of the build
	s.allow("could not load")
	s.allow(start.Name) // reported for the link element that failed to load
	s.document("/", `<!doctype html><html lang=de><title>Dächer</title><link rel=icon href=data:,><script src="/watch.js"></script>`+s.tag(""))
	tab := chromium.visitor(t).open("about:blank")
	console := recordConsole(tab)
	tab.open(s.URL + "/")
	tab.wait(visible(part("launcher")))
	tab.click(part("launcher"))
	tab.wait(part("notice") + `?.textContent.includes("Der Chat konnte nicht geladen werden.") && ` + part("notice") + `.role == "alert"`)
	for name, want := range map[string]string{"retry": "Erneut versuchen", "heading": "Chatten Sie mit uns"} {
		if text := eval[string](tab, part(name)+`.textContent`); text != want {
			t.Errorf("the %s says %q, want %q", name, text, want)
		}
	}
	tab.click(part("input"))
	tab.press("Are you there?" + browser.Enter)
	tab.wait(part("log") + `.textContent.includes("Are you there?")`)
	tab.press("A draft")
	if !suite.Poll(patience, func() bool {
		return strings.Contains(strings.Join(console(), "\n"), "could not load "+s.URL+"/"+start.Name+": its bytes are not those of this build")
	}) {
		t.Errorf("the console says %q", console())
	}
	s.document("/"+start.Name, string(start.Data))
	tab.wait(`(` + part("retry") + `?.click(), ` + acknowledged("Are you there?") + `)`) // the button is absent while the loader retries by itself
	if eval[bool](tab, visible(part("notice"))) {
		t.Error("the notice is still there")
	}
	if draft := eval[string](tab, part("input")+`.value`); draft != "A draft" {
		t.Errorf("the draft is %q", draft)
	}
}

// TestStartModuleFails checks that the visitor gets a notice, and keeps what was typed, if the host of start.js fails or
// does not allow cross-origin requests. The console names the reason as far as a script can know it.
func TestStartModuleFails(t *testing.T) {
	t.Parallel()
	start := file(t, startModule(t))
	t.Run("503", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, protocoltest.Options{})
		s.answer("/"+start.Name, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "busy", http.StatusServiceUnavailable) })
		s.allow(start.Name)
		tab := chromium.visitor(t).open(s.page("/", s.tag("")))
		cannotLoad(tab, "We couldn’t load the chat.")
		if size := eval[float64](tab, part("retry")+`.getBoundingClientRect().height`); size < 44 {
			t.Errorf("the button is %v px high", size)
		}
		if !suite.Poll(patience, func() bool {
			tab.settle()
			return strings.Contains(s.consoleErrors(), "the server answers with status 503")
		}) {
			t.Errorf("the console says %q", s.consoleErrors())
		}
	})
	t.Run("no CORS header", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, protocoltest.Options{})
		host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			f := dist.File(strings.TrimPrefix(r.URL.Path, "/"))
			if f == nil {
				http.NotFound(w, r)
				return
			}
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = w.Write(f.Data)
		}))
		t.Cleanup(host.Close)
		s.allow(start.Name)
		s.allow("plura-chat-aside")
		tab := chromium.visitor(t).open(s.page("/", strings.Replace(s.tag(""), `src="/plura-chat.js"`, `src="`+host.URL+`/plura-chat.js"`, 1)))
		cannotLoad(tab, "The chat could not load.") // the module with the other words cannot be loaded either
		tab.settle()
		if told := s.consoleErrors(); !strings.Contains(told, "could not load "+host.URL+"/"+start.Name) {
			t.Errorf("the console says %q", told)
		}
	})
}

// cannotLoad opens a chat whose start.js cannot be loaded, and checks the notice and the composer.
func cannotLoad(tab *tab, sentence string) {
	tab.t.Helper()
	tab.wait(visible(part("launcher")))
	tab.click(part("launcher"))
	tab.wait(part("notice") + `?.textContent.includes(` + fmt.Sprintf("%q", sentence) + `)`)
	tab.click(part("input"))
	tab.press("A draft")
	if draft := eval[string](tab, part("input")+`.value`); draft != "A draft" {
		tab.t.Errorf("the draft is %q", draft)
	}
}

// TestScriptSaysWhatIsMissing checks that the script writes one line to the console if it was loaded in a way in which
// it cannot know the address of its files, or if nothing on the page asks for a chat.
func TestScriptSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	const classic = "plura-chat: use a classic script tag"
	for name, c := range map[string]struct{ page, want string }{
		"module":        {`<script type=module src="/plura-chat.js" data-flow-id="` + flow + `"></script>`, classic},
		"import":        {`<script type=module>import("/plura-chat.js")</script>`, classic},
		"inlined":       {`<script data-flow-id="` + flow + `">` + string(dist.Loader().Data) + `</script>`, classic},
		"no attributes": {`<script async src="/plura-chat.js"></script>`, "plura-chat: no data-flow-id"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			s.allow(c.want)
			tab := chromium.visitor(t).open("about:blank")
			console := recordConsole(tab)
			tab.open(s.page("/", `<meta charset=utf-8>`+c.page))
			if !suite.Poll(patience, func() bool { return strings.Contains(strings.Join(console(), "\n"), c.want) }) {
				t.Errorf("the console says %q, want %q", console(), c.want)
			}
			if n := strings.Count(strings.Join(console(), "\n"), "plura-chat: "); n != 1 {
				t.Errorf("%d lines: %q", n, console())
			}
		})
	}
}

// TestAttributesAreReadAlike checks that the loader and Go read attributes in the same way: values from a list without
// regard to case and surrounding spaces, and "false", which frameworks write for an absent attribute, as absent.
func TestAttributesAreReadAlike(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab := chromium.visitor(t).open(s.page("/", s.element(`mode="Inline" storage=" Session" theme="Dark" open="false" frame="False" debug="false"`)))
	tab.wait(visible(part("panel")))
	if box := eval[string](tab, `getComputedStyle(`+part("panel")+`).position + getComputedStyle(document.querySelector("plura-chat")).display + getComputedStyle(`+part("frame")+`).colorScheme`); box != "relativeblockdark" {
		t.Errorf("the panel is %s", box)
	}
	tab.click(part("input"))
	tab.say("hello")
	tab.said("hello")
	tab.wait(`sessionStorage.getItem("plura-chat:` + flow + `")?.includes("hello")`)
	if eval[bool](tab, `Boolean(localStorage.getItem("plura-chat:`+flow+`"))`) {
		t.Error("the conversation is in localStorage")
	}
	if eval[bool](tab, `Boolean(`+root+`.querySelector("iframe"))`) {
		t.Error(`frame="False" runs in a frame`)
	}

	bubble := chromium.visitor(t).open(s.page("/bubble", s.element(`open="false" launcher="Default"`)))
	bubble.wait(visible(part("launcher")))
	if eval[bool](bubble, visible(part("panel"))) {
		t.Error(`open="false" is open`)
	}
	eval[any](bubble, `document.querySelector("plura-chat").setAttribute("open", "")`)
	bubble.online()
	eval[any](bubble, `document.querySelector("plura-chat").setAttribute("open", "false")`)
	bubble.wait(`!` + visible(part("panel")))
}

// TestElementIsKeptElsewhere checks that the element has its style sheets after the page has moved it to another
// document and back. A browser removes them when an element changes its document.
func TestElementIsKeptElsewhere(t *testing.T) {
	t.Parallel()
	for _, when := range []string{"before Go", "after Go"} {
		t.Run(when, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			tab := chromium.visitor(t).open(s.page("/", s.element("")))
			tab.wait(visible(part("launcher")))
			if when == "after Go" {
				converse(tab)
			}
			const sheets = root + `.adoptedStyleSheets.length`
			before := eval[int](tab, sheets)
			eval[any](tab, `(() => {
				const e = document.querySelector("plura-chat");
				for (let n = 0; n < 2; n++) { new DOMParser().parseFromString("<p>", "text/html").body.append(e); document.body.append(e); }
			})()`)
			if after := eval[int](tab, sheets); after != before || before == 0 {
				t.Errorf("it has %d style sheets, and had %d", after, before)
			}
			if when == "before Go" {
				converse(tab)
			}
			tab.click(part("input"))
			tab.say("again")
			tab.heard("You said: again")
			if n := s.flow.Dials(); n != 1 {
				t.Errorf("%d sockets were opened", n)
			}
		})
	}
}

// TestSpeaksForWhatIsThere checks that the methods of PluraChat act on the widget that is on the page, not on one that
// the page has just removed.
func TestSpeaksForWhatIsThere(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	const other = "00000000-0000-4000-8000-000000000001"
	tab := chromium.visitor(t).open(s.page("/", `<div id=r>`+s.element("")+`</div>`))
	tab.wait(visible(part("launcher")))
	eval[any](tab, fmt.Sprintf(`document.querySelector("#r").innerHTML = '<plura-chat flow-id="%s" %s></plura-chat>', PluraChat.open()`, other, s.endpoints("")))
	if !eval[bool](tab, visible(part("panel"))) {
		t.Error("the one that is there is closed")
	}
	tab.online()
	tab.say("hello")
	tab.said("hello")
}

// TestInlineAndBubbleOfOneFlow checks that an inline element and a script tag of the same flow are one chat: the inline
// element while the page has it, and otherwise a bubble.
func TestInlineAndBubbleOfOneFlow(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	inline := fmt.Sprintf(`<plura-chat flow-id="%s" %s mode=inline></plura-chat>`, strings.ToUpper(flow), s.endpoints(""))
	tab := chromium.visitor(t).open(s.page("/", `<div id=r>`+inline+`</div>`+s.tag("")))
	tab.wait(visible(part("panel")))
	one := func(bubble bool) {
		t.Helper()
		tab.wait(fmt.Sprintf(`document.querySelectorAll("plura-chat").length == 1 && (document.querySelector("plura-chat").parentNode == document.documentElement) == %v`, bubble))
	}
	one(false)
	for range 2 {
		eval[any](tab, `document.querySelector("#r").innerHTML = "<h1>Another page</h1>", 0`)
		one(true)
		eval[any](tab, "document.querySelector('#r').innerHTML = `"+inline+"`, 0")
		one(false)
	}
	eval[any](tab, `document.querySelector("#r").innerHTML = "", 0`)
	one(true)
	converse(tab)
	eval[any](tab, `PluraChat.destroy()`)
	if eval[bool](tab, `new Promise(done => setTimeout(() => done(Boolean(document.querySelector("plura-chat"))), 1500))`) {
		t.Error("it was destroyed, and is there again")
	}
}

// TestDraftGoesAlong checks that the draft is kept when a page replaces its body, as some do when the visitor follows a
// link.
func TestDraftGoesAlong(t *testing.T) {
	t.Parallel()
	for _, when := range []string{"before Go", "after Go"} {
		t.Run(when, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			release := s.hold(dist.Engine().Name)
			t.Cleanup(release)
			if when == "after Go" {
				release()
			}
			tab := chromium.visitor(t).open(s.page("/", s.element("")))
			tab.wait(visible(part("launcher")))
			tab.click(part("launcher"))
			tab.wait(focused("input"))
			if when == "after Go" {
				tab.online()
			}
			tab.press("Half a sen")
			eval[any](tab, `(() => {
				const body = document.createElement("body"), fresh = document.querySelector("plura-chat").cloneNode();
				body.append(fresh);
				document.body.replaceWith(body);
			})()`)
			release()
			tab.online()
			if draft := eval[string](tab, part("input")+`.value`); draft != "Half a sen" {
				t.Errorf("the draft is %q", draft)
			}
			tab.click(part("input"))
			tab.say(browser.End + "tence")
			tab.heard("You said: Half a sentence")
		})
	}
}

// TestForeignRecords checks that the widget ignores records under its storage keys that another script of the origin
// wrote.
func TestForeignRecords(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	for name, record := range map[string]string{
		"word": `x`, "null": `null`, "number": `1e999`, "array": `[]`, "empty": `{}`, "version": `{"v":99,"conversation":{"session":"x"}}`, "kinds": `{"v":1,"conversation":7,"draft":{},"teaser":[]}`,
		"entries": `{"v":1,"conversation":{"entries":[null,1,"x",{"key":5}],"session":[]}}`, "deep": strings.Repeat(`{"v":`, 20000), "long": `"` + strings.Repeat("x", 1<<20) + `"`,
	} {
		t.Run(name, func(t *testing.T) {
			tab := chromium.visitor(t).open(s.page("/"+name, `<script>if (!sessionStorage.begun) { sessionStorage.begun = 1; localStorage.setItem("plura-chat:`+flow+`", `+jsText(record)+`); sessionStorage.setItem("plura-chat:`+flow+`:open", "[]"); }</script>`+s.tag("")))
			tab.online() // the record in sessionStorage says that the panel was open
			tab.heard("How can I help")
			tab.click(part("input"))
			tab.say("hello")
			tab.heard("You said: hello")
		})
	}
}

// jsText returns a JavaScript expression for a text.
func jsText(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err) // a string always encodes
	}
	return string(quoted)
}
