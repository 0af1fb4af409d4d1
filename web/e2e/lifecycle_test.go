package e2e

import (
	"testing"

	"plurachat/protocol/protocoltest"
)

// TestBackForwardCache checks that a page that the browser restores from the back/forward cache has its conversation
// and connects again.
func TestBackForwardCache(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{Replay: protocoltest.ReplayGreeting})
	s.page("/", s.tag(""))
	s.page("/next", `<h1>Another page</h1>`)
	tab := chromium.visitor(t).open(s.URL + "/")
	tab.launch()
	tab.heard("How can I help")
	tab.say("Before")
	tab.heard("You said: Before")
	tab.press("Half a sen")
	eval[any](tab, `addEventListener("pageshow", event => document.persisted = event.persisted), document.same = "the same"`)

	tab.open(s.URL + "/next")
	if err := s.flow.WaitLive(patience, 0); err != nil {
		t.Errorf("the socket is still open: %v", err)
	}
	eval[any](tab, `void setTimeout(() => history.back())`) // chromedp would wait for a load event, which need not come
	tab.wait(`document.persisted`)
	tab.online()
	tab.press("tence")
	if got := tab.composer().Value; got != "Half a sentence" {
		t.Errorf("the composer holds %q", got)
	}
	tab.say("")
	tab.said("Half a sentence")
	tab.heard("You said: Half a sentence")
	if n := len(tab.transcript()); n != 5 {
		t.Errorf("the transcript has %d messages, want 5:\n%s", n, lines(tab.transcript()))
	}
	if dials := s.flow.Dials(); dials != 2 {
		t.Errorf("%d sockets were opened, want 2", dials)
	}
}
