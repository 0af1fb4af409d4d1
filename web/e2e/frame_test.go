package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/browser"
	"plurachat/web/e2e/suite"
)

// framedPage opens a page of s with a widget in an iframe. The page has the policy that the documentation gives to site
// owners: it allows the scripts and the iframe of one origin, and no WebAssembly, no requests and no styles.
func framedPage(t *testing.T, e *engine, s *site, origin, attributes string) (b *tab, console func() []string) {
	t.Helper()
	s.document("/", fmt.Sprintf(`<!doctype html><html lang=en><title>Roofs</title><link rel=icon href=data:,>
		<script async src="%s/plura-chat.js" data-flow-id="%s" data-frame %s %s></script>
		<button id=before>Before</button><h1>Roofs</h1>`, origin, flow, s.endpoints("data-"), attributes))
	s.header("/", "Content-Security-Policy", "default-src 'none'; style-src 'none'; img-src data:; "+
		strings.ReplaceAll(ownersPolicies(t)[2], "https://cdn.example.com", origin))
	b = e.visitor(t).open("about:blank")
	console = func() []string { return nil }
	if e == chromium {
		console = recordConsole(b)
	}
	b.open(s.URL + "/")
	return b, console
}

// recordEvents makes the page append the events of its widgets to document.log.
func (b *tab) recordEvents() {
	b.t.Helper()
	eval[any](b, `(() => {
		document.log = [];
		for (const name of ["ready", "open", "close", "status", "session", "owner", "message", "sent", "failed", "unread", "reset", "error"]) {
			addEventListener("plura-chat:" + name, ({ detail }) => document.log.push([name, detail?.state ?? detail?.count ?? detail?.text ?? ""].join(" ").trim()));
		}
	})()`)
}

func (b *tab) events() []string {
	b.t.Helper()
	return eval[[]string](b, `document.log`)
}

// recalls returns once a condition is true. In the condition, all is the transcript that PluraChat.transcript returns.
func (b *tab) recalls(condition string) {
	b.t.Helper()
	if !suite.Poll(patience, func() bool { return eval[bool](b, `PluraChat.transcript().then(all => `+condition+`)`) }) {
		b.t.Fatalf("waited %s in vain for %s of %s", patience, condition, eval[string](b, `PluraChat.transcript().then(all => JSON.stringify(all))`))
	}
}

// TestFrame checks that the chat works in an iframe on a page that forbids WebAssembly, requests and styles, and
// behaves towards the page and the visitor as it does without an iframe.
func TestFrame(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		t.Run("of the page's origin", func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{Replay: protocoltest.ReplayGreeting})
			frame(t, e, s, s)
		})
		t.Run("of another origin", func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{Replay: protocoltest.ReplayGreeting})
			frame(t, e, s, newSite(t, protocoltest.Options{}))
		})
	})
}

func frame(t *testing.T, e *engine, s, files *site) {
	release := files.hold("frame.html")
	tab, console := framedPage(t, e, s, files.URL, `data-color="#0a7d55" data-heading="Ask a roofer"`)
	v := &framedVisit{tab: tab, engine: e, site: s, files: files}
	v.writeWhileLoading(release)
	v.countUnread()
	if id := eval[string](tab, `PluraChat.send("By the page").then(sent => sent.id)`); id == "" {
		t.Error("send has no id")
	}
	v.checkEvents()
	v.recalls(`all.length == 8`) // every message is answered
	before := v.remembered()
	v.leaveByKeyboard()
	v.coverPhone()
	v.reloadOpen()
	if after := v.remembered(); after != before {
		t.Errorf("after a reload the transcript has %d messages, it had %d", after, before)
	}
	v.resetStore()
	v.destroy()
	// Chromium warns that an iframe of the page's own origin can escape its sandbox. SECURITY.md says so too.
	got := slices.DeleteFunc(console(), func(line string) bool {
		return s == files && strings.Contains(line, "can escape its sandboxing")
	})
	if len(got) > 0 {
		t.Errorf("the console says %q", got)
	}
}

// framedVisit is a visit of a page with a widget in an iframe. Its methods are the steps of frame, in their order.
type framedVisit struct {
	*tab
	engine *engine
	site   *site // has the page and the flow
	files  *site // has the iframe
}

// writeWhileLoading writes before the iframe has loaded, and releases it. What was written moves into the iframe,
// together with the caret.
func (v *framedVisit) writeWhileLoading(release func()) {
	v.t.Helper()
	v.wait(visible(part("launcher")))
	v.recordEvents()
	v.click(part("launcher"))
	v.wait(focused("input"))
	v.say("First")
	v.wait(messages + `.at(-1)?.text == "First"`)
	v.press("A draftof words" + strings.Repeat(browser.Left, len("of words")))
	release()
	v.wait(part("panel") + `?.localName == "iframe"`)
	if src := eval[string](v.tab, part("panel")+`.src`); src != v.files.URL+"/frame.html" {
		v.t.Errorf("the frame's URL is %s", src)
	}
	v.wait(focused("panel"))
	v.online()
	v.wait(part("panel") + `.title == "Flow Tester"`)
	v.press(" ")
	v.press(browser.Enter)
	v.recalls(`all.filter(m => m.from == "visitor").length == 2`)
	var got []string
	both := suite.Poll(patience, func() bool { got = v.site.flow.Messages(""); return len(got) == 2 })
	if want := []string{"First", "A draft of words"}; !both || !slices.Equal(got, want) {
		v.t.Errorf("the server got %q, want %q", got, want)
	}
	v.picture(v.t.Name() + " open")
}

// countUnread closes the panel, and opens it again once the launcher's badge counts a new message. Escape moves the
// focus back to the launcher.
func (v *framedVisit) countUnread() {
	v.t.Helper()
	v.press(browser.Escape)
	v.wait(`!` + visible(part("panel")))
	v.wait(focused("launcher"))
	v.wait(part("launcher") + `.getAttribute("aria-expanded") == "false"`)
	if err := v.site.flow.Push(v.site.flow.Sessions()[0], protocoltest.Reply{Text: "Are you there?"}); err != nil {
		v.t.Fatal(err)
	}
	v.wait(part("badge") + `?.textContent == "1" && PluraChat.unread == 1`)
	v.wait(part("launcher") + `.getAttribute("aria-label").includes("1 ")`)
	v.picture(v.t.Name() + " unread")
	if v.engine.Name == "firefox" {
		v.click(part("launcher")) // its driver sometimes loses a key after the focus has left an iframe
	} else {
		v.press(browser.Enter)
	}
	v.wait(focused("panel"))
	v.wait(`PluraChat.unread == 0 && ` + part("launcher") + `.getAttribute("aria-expanded") == "true"`)
	v.wait(`!` + visible(part("badge")))
}

// checkEvents checks how often the page has heard each event.
func (v *framedVisit) checkEvents() {
	v.t.Helper()
	log := v.events()
	for want, times := range map[string]int{
		"open": 2, "close": 1, "ready": 1, "status loading": 1, "status online": 1,
		"sent First": 1, "message Are you there?": 1, "unread 1": 1,
	} {
		got := 0
		for _, line := range log {
			if line == want {
				got++
			}
		}
		if got != times {
			v.t.Errorf("%d times %q, want %d, in %q", got, want, times, log)
		}
	}
}

// remembered returns the number of messages in the transcript that the page is told.
func (v *framedVisit) remembered() int {
	v.t.Helper()
	return eval[int](v.tab, `PluraChat.transcript().then(all => all.length)`)
}

// leaveByKeyboard leaves the iframe by Tab, which is possible on a wide screen.
func (v *framedVisit) leaveByKeyboard() {
	v.t.Helper()
	out := false
	for i := 0; i < 12 && !out; i++ {
		// Backwards, because browsers differ in what follows the last element of a page.
		v.press(browser.Shift + browser.TabKey)
		out = !eval[bool](v.tab, focused("panel"))
	}
	if !out {
		v.t.Error("the frame does not let the keyboard out")
	}
}

// coverPhone makes the window as narrow as a phone, where the iframe covers the screen.
func (v *framedVisit) coverPhone() {
	v.t.Helper()
	v.size(390, 700) // WebKit's window stays wider than that, but narrow enough
	const covers = `(r => r.x == 0 && r.y == 0 && r.width == innerWidth && r.height == innerHeight)`
	v.wait(`innerWidth < 480 && ` + covers + `(` + part("panel") + `.getBoundingClientRect())`)
	v.picture(v.t.Name() + " phone")
	v.size(1280, 800)
}

// reloadOpen reloads the page. The panel is open afterwards, and the conversation continues.
func (v *framedVisit) reloadOpen() {
	v.t.Helper()
	eval[any](v.tab, `document.old = true`)
	v.reload()
	v.wait(`!document.old && ` + part("panel") + `?.localName == "iframe"`)
	v.online()
}

// resetStore checks that the page's store has the conversation if the iframe is of the page's origin, otherwise only a
// placeholder for it, and that a reset removes the placeholder.
func (v *framedVisit) resetStore() {
	v.t.Helper()
	stored := eval[string](v.tab, `localStorage["plura-chat:`+flow+`"] ?? ""`)
	if told := strings.Contains(stored, "By the page"); told != (v.site == v.files) || stored == "" {
		v.t.Errorf("the page's store holds %q", stored)
	}
	eval[any](v.tab, `PluraChat.reset()`)
	v.wait(`!localStorage["plura-chat:` + flow + `"]?.includes("frame")`)
}

// destroy removes the widget, and with it its connection and all elements.
func (v *framedVisit) destroy() {
	v.t.Helper()
	eval[any](v.tab, `PluraChat.destroy()`)
	if err := v.site.flow.WaitLive(patience, 0); err != nil {
		v.t.Errorf("the socket is still open: %v", err)
	}
	if left := eval[int](v.tab, `document.querySelectorAll("plura-chat").length + frames.length`); left != 0 {
		v.t.Errorf("%d elements and frames are left", left)
	}
}

// TestFramesAreApart checks that another site that embeds the same iframe cannot read this site's conversation.
func TestFramesAreApart(t *testing.T) {
	t.Parallel()
	s, files := newSite(t, protocoltest.Options{}), newSite(t, protocoltest.Options{})
	tab, _ := framedPage(t, chromium, s, files.URL, "")
	tab.launch()
	tab.wait(focused("panel"))
	tab.press("For this site only" + browser.Enter)
	tab.recalls(`all.some(m => m.text == "For this site only")`)

	other := newSite(t, protocoltest.Options{})
	other.document("/", fmt.Sprintf(`<!doctype html><html lang=en><title>Other</title><link rel=icon href=data:,>
		<script async src="%s/plura-chat.js" data-flow-id="%s" data-frame %s></script>`, files.URL, flow, other.endpoints("data-")))
	tab.open(other.URL + "/")
	tab.launch()
	if said := eval[string](tab, `PluraChat.transcript().then(all => JSON.stringify(all))`); strings.Contains(said, "For this site only") {
		t.Errorf("another site reads %s", said)
	}
}

// TestFrameForbidden checks that a page whose policy forbids the iframe gets a clear error on the console, and the
// visitor a notice in the panel.
func TestFrameForbidden(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	s.document("/", `<!doctype html><html lang=en><title>A page</title><link rel=icon href=data:,>`+s.tag("data-frame"))
	s.header("/", "Content-Security-Policy", "default-src 'none'; script-src 'self'; img-src data:")
	tab := chromium.visitor(t).open("about:blank")
	console := recordConsole(tab)
	tab.open(s.URL + "/")
	tab.wait(visible(part("launcher")))
	tab.click(part("launcher"))
	tab.wait(part("notice") + `?.textContent.includes("isn’t available")`)
	tab.wait(`PluraChat.state == "failed"`)
	if !slices.ContainsFunc(console(), func(line string) bool { return strings.Contains(line, "add "+s.URL+" to its frame-src") }) {
		t.Errorf("the console says %q", console())
	}
}

// TestFrameBackForwardCache checks that the iframe's connection is closed while the page is in the back/forward cache,
// and that the chat continues afterwards.
func TestFrameBackForwardCache(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{Replay: protocoltest.ReplayGreeting})
	files := newSite(t, protocoltest.Options{})
	s.page("/next", `<h1>Another page</h1>`)
	tab, _ := framedPage(t, chromium, s, files.URL, "")
	tab.launch()
	tab.wait(focused("panel"))
	tab.recordEvents()
	tab.press("Before" + browser.Enter + "Half a sen")
	eval[any](tab, `addEventListener("pageshow", event => document.persisted = event.persisted)`)
	tab.wait(`document.log.includes("sent Before")`) // what is not acknowledged would be sent again
	if got := s.flow.Messages(""); !slices.Equal(got, []string{"Before"}) {
		t.Fatalf("the server got %q", got)
	}
	tab.open(s.URL + "/next")
	if err := s.flow.WaitLive(patience, 0); err != nil {
		t.Errorf("the socket is still open: %v", err)
	}
	// chromedp's own function waits for a load event, which a restored page with an iframe does not fire.
	eval[any](tab, `void setTimeout(() => history.back())`)
	tab.wait(`document.persisted`)
	tab.online()
	tab.wait(focused("panel"))
	tab.press("tence" + browser.Enter)
	if !suite.Poll(patience, func() bool { return slices.Equal(s.flow.Messages(""), []string{"Before", "Half a sentence"}) }) {
		t.Errorf("the server got %q", s.flow.Messages(""))
	}
}

// TestFrameMoves checks that the chat continues after the page has moved the element, which makes the browser load the
// iframe again.
func TestFrameMoves(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		frameMoves(t, e)
	})
}

func frameMoves(t *testing.T, e *engine) {
	s := newSite(t, protocoltest.Options{Replay: protocoltest.ReplayGreeting})
	tab, _ := framedPage(t, e, s, s.URL, "")
	tab.launch()
	tab.wait(focused("panel"))
	eval[any](tab, `PluraChat.send("Before")`) // resolves when the message is acknowledged, after which it is not sent again
	tab.recordEvents()
	eval[any](tab, `document.body.append(document.querySelector("plura-chat"))`)
	tab.wait(`document.log.includes("ready")`)
	tab.online()
	if id := eval[string](tab, `PluraChat.send("After").then(sent => sent.id)`); id == "" {
		t.Error("send has no id")
	}
	if got := s.flow.Messages(""); !slices.Equal(got, []string{"Before", "After"}) {
		t.Errorf("the server got %q", got)
	}
}
