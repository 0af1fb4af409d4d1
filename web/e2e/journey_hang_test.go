package e2e

import (
	"testing"
	"time"

	"plurachat/protocol/protocoltest"
)

// hangingHandshake is a journey: the server accepts the connection but does not answer the handshake. The client ends
// the attempt after a while and makes another one. The page is not blocked, and the chat connects once the server
// answers again. The page's clock runs five times faster.
func hangingHandshake(t *testing.T, e *engine) {
	s := newSite(t, protocoltest.Options{})
	s.flow.HangDials(true)
	tab := e.visitor(t).open(s.page("/", hurried(5)+s.tag("data-open")))
	if err := s.flow.Wait(patience, "the first attempt", func() bool { return s.flow.Dials() == 1 }); err != nil {
		t.Fatal(err)
	}
	// A blocked page runs no timers, so the longest time between two calls shows for how long it was blocked.
	eval[any](tab, `(document.longest = 0, document.last = Date.now(), void setInterval(() => {
		document.longest = Math.max(document.longest, Date.now() - document.last);
		document.last = Date.now();
	}, 50))`)
	if err := s.flow.Wait(patience, "the second attempt", func() bool { return s.flow.Dials() == 2 }); err != nil {
		t.Fatal(err)
	}
	const limit = 5 * time.Second // long enough for a busy machine
	if longest := time.Duration(eval[float64](tab, `document.longest`) * float64(time.Millisecond)); longest > limit {
		t.Errorf("the page stood still for %s", longest)
	}
	s.flow.HangDials(false)
	tab.online()
	tab.heard("How can I help")
}
