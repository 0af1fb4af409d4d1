package e2e

import (
	"slices"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/browser"
	"plurachat/web/e2e/suite"
)

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
