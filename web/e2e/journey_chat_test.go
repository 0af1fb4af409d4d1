package e2e

import (
	"slices"
	"testing"

	"plurachat/protocol/protocoltest"
)

// chat is a journey: a question is answered, and after a reload the conversation continues where it was, although the
// server sends its greeting again.
func chat(t *testing.T, e *engine) {
	options := protocoltest.Demo{Hurry: true}.Options()
	options.Replay = protocoltest.ReplayGreeting
	s := newSite(t, options)
	tab := e.visitor(t).open(s.page("/", s.tag("")+"<h1>Roofs</h1>"))

	tab.launch()
	tab.wait(part("heading") + `?.textContent.includes("Ridgeline Roofing")`)
	tab.wait(messages + `.length == 1`)
	greeting := tab.transcript()
	if greeting[0].From != "agent" {
		t.Errorf("the conversation begins with %+v", greeting[0])
	}

	tab.say("How much does a new roof cost?")
	tab.said("How much does a new roof cost?")
	tab.heard("$")
	before := tab.transcript()
	if want := append(slices.Clone(greeting), message{"visitor", "sent", "How much does a new roof cost?"}); !slices.Equal(before[:2], want) {
		t.Errorf("the transcript begins\n%swant\n%s", lines(before[:2]), lines(want))
	}

	tab.reload()
	tab.wait(visible(part("panel"))) // it was open before the reload
	tab.online()
	tab.shows(before)
	if conns := s.flow.Conns(s.flow.Sessions()...); len(s.flow.Sessions()) != 1 || len(conns) != 1 {
		t.Errorf("%d sessions and %d connections, want one of each", len(s.flow.Sessions()), len(conns))
	}

	// The client sends the next message once it has handled the replay.
	tab.click(part("input"))
	tab.say("Thank you")
	tab.said("Thank you")
	tab.heard("welcome")
	after := tab.transcript()
	if want := append(slices.Clone(before), message{"visitor", "sent", "Thank you"}); !slices.Equal(after[:len(want)], want) {
		t.Errorf("after the reload, the transcript begins\n%swant\n%s", lines(after), lines(want))
	}
	for i, m := range after {
		if i > 0 && m == greeting[0] {
			t.Errorf("the greeting is there again:\n%s", lines(after))
		}
	}
}
