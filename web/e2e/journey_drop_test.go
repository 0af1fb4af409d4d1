package e2e

import (
	"slices"
	"sync/atomic"
	"testing"

	"plurachat/protocol/protocoltest"
)

// drop is a journey: the connection breaks while the visitor types a sentence, when a message has just been sent, and
// in the middle of its recv. Each message is delivered once, in order.
func drop(t *testing.T, e *engine) {
	s := newSite(t, protocoltest.Options{Replay: protocoltest.ReplayAll})
	tab := e.visitor(t).open(s.page("/", s.tag("")))
	tab.launch()
	tab.heard("How can I help")

	tab.press("The roof leaks ")
	tab.loses(s)
	tab.say("since yesterday")
	tab.said("The roof leaks since yesterday")
	tab.heard("You said: The roof leaks since yesterday")
	tab.wait(part("status") + `.textContent == ""`)

	for _, fault := range []struct {
		text string
		kind protocoltest.Kind
		at   protocoltest.Moment
	}{
		{"before it arrived", protocoltest.Message, protocoltest.Before},
		{"in the middle of the answer", protocoltest.Recv, protocoltest.MidFrame},
		{"before the answer", protocoltest.Message, protocoltest.Logged},
	} {
		var done atomic.Bool
		s.flow.SetFault(func(event protocoltest.Event) protocoltest.Action {
			if event.Kind == fault.kind && event.Text == fault.text && done.CompareAndSwap(false, true) {
				return protocoltest.Action{Do: protocoltest.Drop, At: fault.at}
			}
			return protocoltest.Action{}
		})
		tab.say(fault.text)
		tab.redialled(fault.text)
		if !done.Load() {
			t.Errorf("no connection was dropped %s", fault.text)
		}
	}
	s.flow.SetFault(nil)
	tab.say("The end")
	tab.heard("You said: The end")

	want := []string{"The roof leaks since yesterday", "before it arrived", "in the middle of the answer", "before the answer", "The end"}
	if got := s.flow.Messages(""); !slices.Equal(got, want) {
		t.Errorf("the server got %q, want %q", got, want)
	}
	var shown []string
	for _, m := range tab.transcript() {
		if m.From == "visitor" {
			shown = append(shown, m.Text)
		}
	}
	if !slices.Equal(shown, want) {
		t.Errorf("the visitor sees to have said %q, want %q", shown, want)
	}
}
