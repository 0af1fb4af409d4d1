package chat

import (
	"strings"
	"testing"
	"time"

	"plurachat/protocol"
	"plurachat/widget/words"
)

// TestSpoken checks what is read out besides messages: what a visitor who sees the panel would see.
func TestSpoken(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	s.expect("the greeting", &s.announced, "Maya said: Hi! How can I help you today?")

	key := s.sends("Hello?")
	s.event(protocol.Event{Kind: protocol.Acknowledged, Key: key, ID: "m1"})
	s.expect("an agent who types", &s.announced, "Flow Tester is typing…")
	key = s.sends("Anybody?")
	s.event(protocol.Event{Kind: protocol.Acknowledged, Key: key, ID: "m2"})
	s.expect("an agent who still types", &s.announced)

	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Reconnecting})
	s.expect("a lost connection, which the status tells", &s.announced)
	key = s.sends("Are you there?")
	s.expect("a message that waits", &s.announced, "Your message will be sent when you’re back online.")
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Online})
	s.expect("the connection is back", &s.announced, "You’re connected again.")
	s.event(protocol.Event{Kind: protocol.GivenUp, Key: key, Reason: "no answer"})
	s.expect("a message that failed", &s.announced, "Not sent")

	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Offline})
	s.do(Intent{Kind: WantClose})
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Online})
	s.expect("with a closed panel", &s.announced)
}

// TestTooLongIsSpoken checks that a text that is too long is read out when it exceeds the limit, and when the visitor
// tries to send it.
func TestTooLongIsSpoken(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	long := strings.Repeat("x", MaxText)
	s.do(Intent{Kind: WantEdit, Text: long})
	s.expect("the longest text", &s.announced)
	s.do(Intent{Kind: WantEdit, Text: long + "y"})
	s.expect("a character more", &s.announced, s.last.Screen.Counter)
	s.do(Intent{Kind: WantEdit, Text: long + "yz"})
	s.expect("two characters more", &s.announced)
	s.do(Intent{Kind: WantSend, Text: long + "yz"})
	s.expect("Enter", &s.announced, s.last.Screen.Counter)
	if s.last.Screen.Draft != long+"yz" {
		t.Error("the draft is lost")
	}
}

// TestHush checks when the announcer is emptied: what it has said stays readable otherwise.
func TestHush(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	s.wait(announcedFor - time.Second)
	s.says("More")
	s.wait(announcedFor - time.Millisecond)
	if s.last.Hush {
		t.Error("emptied before the last message was heard")
	}
	s.last = Batch{}
	s.wait(time.Millisecond)
	if !s.last.Hush {
		t.Error("not emptied")
	}
	s.says("And more")
	s.do(Intent{Kind: WantClose})
	if !s.last.Hush {
		t.Error("not emptied when the panel closes")
	}
	s.do(Intent{Kind: WantOpen})
	s.says("Still more")
	s.announced = nil
	s.event(protocol.Event{Kind: protocol.Forgotten})
	if !s.last.Hush {
		t.Error("not emptied when the conversation is deleted")
	}
	s.expect("the deletion", &s.announced, "The conversation was deleted from this device.")
}

// TestUnheard checks that of a burst the last messages are read out, and how many others there are.
func TestUnheard(t *testing.T) {
	var b Batch
	for _, text := range []string{"1", "2", "3", "4", "5", "6", "7"} {
		b.Merge(&Batch{Announce: []Announcement{{Name: "Maya", Message: text}}})
	}
	w := words.New()
	if b.Unheard != 3 || len(b.Announce) != 4 || b.Announce[0].Text(&w) != "Maya said: 4" {
		t.Errorf("%d are not read out, and %d are: %+v", b.Unheard, len(b.Announce), b.Announce)
	}
	b.Merge(&Batch{Hush: true, Announce: []Announcement{{Words: "Deleted"}}})
	if b.Unheard != 0 || len(b.Announce) != 1 || !b.Hush {
		t.Errorf("what was to be read out before is left: %+v", b)
	}
	b.Merge(&Batch{Unheard: 2})
	if b.Unheard != 2 || !b.Hush {
		t.Errorf("after another batch: %+v", b)
	}
}

// TestQuotationIsSpoken checks that a quotation is not read out as a sign.
func TestQuotationIsSpoken(t *testing.T) {
	w := words.New()
	a := Announcement{Name: "Maya", Message: "> Three years\n> at most\n\nThat was it."}
	if got, want := a.Text(&w), "Maya said: Quote: Three years\nat most\nThat was it."; got != want {
		t.Errorf("read out as %q, want %q", got, want)
	}
}

// TestPanelIsNamed checks that the name of the panel says that it is a chat.
func TestPanelIsNamed(t *testing.T) {
	for heading, want := range map[string]string{"": "Chat with us", "Support": "Chat: Support"} {
		s := begin(t, Config{Options: Options{Heading: heading}})
		if got := s.last.Screen.Name; got != want {
			t.Errorf("with the heading %q it is named %q, want %q", heading, got, want)
		}
		s.online()
		if got := s.last.Screen.Name; got != "Chat: Flow Tester" {
			t.Errorf("with a chat owner it is named %q", got)
		}
	}
}
