package e2e

import (
	"testing"

	"plurachat/protocol/protocoltest"
)

// breakGo is a script that makes performance.now throw while document.broken is true. Go's scheduler calls it where
// nothing catches the exception, so that Go crashes.
const breakGo = `<script>{ const now = performance.now; performance.now = () => {
	if (document.broken) { throw new Error("no time"); }
	return now.call(performance);
}; }</script>`

// TestCrash checks that after a crash of Go the console has one message for the site owner, and the conversation
// continues in a new Go program.
func TestCrash(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{Replay: protocoltest.ReplayGreeting})
		s.allow("plura-chat: Go stopped")
		tab := e.visitor(t).open(s.page("/", breakGo+s.tag("")))
		tab.launch()
		tab.heard("How can I help")
		tab.say("Before")
		tab.heard("You said: Before")
		tab.press("Half a sen")
		eval[bool](tab, `document.broken = true, dispatchEvent(new Event("pageshow")), !(document.broken = false)`)
		tab.wait(`document.querySelector("plura-chat").state == "online" && ` + messages + `.length == 3`)
		if err := s.flow.WaitCount(patience, protocoltest.Dial, 2); err != nil {
			t.Fatal(err)
		}
		if got := tab.composer().Value; got != "Half a sen" {
			t.Errorf("the composer holds %q", got)
		}
		tab.press("tence")
		tab.say("")
		tab.heard("You said: Half a sentence")
		eval[any](tab, `document.watched()`)
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(s.reports) != 1 {
			t.Errorf("the owner was told %q, want one line", s.reports)
		}
	})
}

// TestCrashWhileLeaving checks that a crash is not reported while the visitor leaves the page. Firefox ends the page's
// WebAssembly at that time, so the page's last events reach a Go program that cannot continue.
func TestCrashWhileLeaving(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{Replay: protocoltest.ReplayGreeting})
		s.page("/", `<script>addEventListener("pagehide", () => { document.broken = true; }, true);</script>`+breakGo+s.tag(""))
		s.page("/next", `<h1>Another page</h1>`)
		tab := e.visitor(t).open(s.URL + "/")
		tab.launch()
		tab.heard("How can I help")
		tab.open(s.URL + "/next")
		tab.wait(`document.querySelector("h1").textContent == "Another page"`)
	})
}
