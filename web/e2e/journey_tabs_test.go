package e2e

import (
	"testing"
	"time"

	"plurachat/protocol/protocoltest"
)

// tabs is a journey: two tabs share one conversation and one connection. When the holder is closed, the other tab
// connects within five seconds.
func tabs(t *testing.T, e *engine) {
	s := newSite(t, protocoltest.Options{Replay: protocoltest.ReplayGreeting})
	v := e.visitor(t)
	first := v.open(s.page("/", s.tag("")))
	first.launch()
	first.heard("How can I help")
	first.say("From the first")
	first.said("From the first")
	first.heard("You said: From the first")

	second := v.open(s.URL + "/")
	second.wait(visible(part("launcher")))
	second.click(part("launcher"))
	second.online()
	second.shows(first.transcript())
	second.say("From the second")
	second.said("From the second")
	second.heard("You said: From the second")
	first.heard("You said: From the second")
	first.shows(second.transcript())
	if n := s.flow.Dials(); n != 1 {
		t.Errorf("%d sockets were opened for two tabs", n)
	}

	before := second.transcript()
	first.close()
	closed := time.Now()
	second.waitFor(patience, `PluraChat.state == "online"`)
	if err := s.flow.Wait(patience, "the second tab's socket", func() bool { return s.flow.Dials() == 2 && s.flow.Live() == 1 }); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(closed); took > 5*time.Second {
		t.Errorf("the hand-over took %s", took)
	}
	second.online()
	second.say("Alone now")
	second.said("Alone now")
	second.heard("You said: Alone now")
	after := second.transcript()
	if len(after) != len(before)+2 {
		t.Errorf("after the hand-over the transcript is\n%sbefore it was\n%s", lines(after), lines(before))
	}
	if n := len(s.flow.Sessions()); n != 1 {
		t.Errorf("%d sessions, want 1", n)
	}
}
