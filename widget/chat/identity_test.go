package chat

import (
	"testing"

	"plurachat/protocol"
	"plurachat/widget/backend"
	"plurachat/widget/words"
)

// A page that says on every view who the visitor is gets its answer each time.
func TestIdentifyAgainResolves(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.do(Intent{Kind: CallIdentify, Text: asLead, Call: 1})
	s.happened("under way", &s.settled)
	s.identified(asLead)
	s.happened("identified", &s.settled, "1 [{sessionId "+testSession+"}]")
	s.do(Intent{Kind: CallIdentify, Text: asLead, Call: 2})
	s.happened("again", &s.settled, "2 [{sessionId "+testSession+"}]")
	s.do(Intent{Kind: CallIdentify, Text: filledIn, Call: 3})
	s.happened("as somebody else", &s.settled)
}

// The owner's record is the visitor's over a reload, too, unless it was refused.
func TestStartNewAfterAReload(t *testing.T) {
	stored := Record{At: start, Conversation: protocol.Conversation{Session: testSession, Flow: instance, Digest: digest(asLead)}}
	s := begin(t, Config{Options: Options{Record: asLead}, Record: stored, Visible: true, Open: true})
	s.do(Intent{Kind: WantNew})
	if got := s.leads(); len(got) != 1 || got[0] != asLead {
		t.Errorf("%q", got)
	}
	s = begin(t, Config{Options: Options{Record: asLead, Anonymous: true}, Visible: true, Open: true})
	s.refusal(401)
	s.online()
	s.do(Intent{Kind: WantNew})
	if got := s.leads(); len(got) != 0 {
		t.Errorf("refused before: %q", got)
	}
}

// Where there is no conversation because the lead data got none, a visitor who sends a message, or sends one again, has the lead data
// sent again first: by itself the message would fail at once.
func TestSendingTriesTheLeadAgain(t *testing.T) {
	for name, act := range map[string]Intent{"send": {Kind: WantSend, Text: "hello"}, "retry": {Kind: WantRetry, Key: "x"}} {
		for _, status := range []int{401, 404, 503} {
			s := begin(t, Config{Options: Options{Record: asLead}, Visible: true, Open: true})
			s.refusal(status)
			s.do(act)
			if all := s.last.Commands; len(all) != 2 || all[0].Kind != backend.Identify {
				t.Fatalf("%s after %d: the commands %v", name, status, all)
			}
			if got := s.leads(); len(got) != 1 || got[0] != asLead {
				t.Errorf("%s after %d: the lead data %q", name, status, got)
			}
			if n := s.last.Screen.Notice; n.Text != "" {
				t.Errorf("%s after %d: the notice %+v stays", name, status, n)
			}
		}
	}
}

// A refusal of lead data does not say that a conversation under way is over.
func TestRefusedInMidConversation(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	s.emits = nil
	s.do(Intent{Kind: CallIdentify, Text: asLead, Call: 1})
	s.refusal(400)
	if n := s.last.Screen.Notice; n.Text != "" {
		t.Errorf("the visitor reads %q", n.Text)
	}
	const told = "session initialisation failed with status 400: because"
	s.happened("refused", &s.emits, "error code=session message="+told)
	s.happened("refused", &s.settled, "1 "+told+"[]")
}

// The client gives up for a moment before it is told to go on anonymously.
func TestFallbackIsQuiet(t *testing.T) {
	o := asks()
	o.Anonymous = true
	s := begin(t, Config{Options: o, Visible: true, Open: true})
	s.do(Intent{Kind: WantStart, Text: filledIn})
	s.emits = nil
	s.refusal(401)
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.GaveUp})
	if n := s.last.Screen.Notice; n.Text != "" {
		t.Errorf("the visitor reads %q", n.Text)
	}
	s.happened("fallen back", &s.emits, "error code=session message=session initialisation failed with status 401: because", "status state=failed")
}

func TestInlineFormAfterReset(t *testing.T) {
	o := asks()
	o.Inline = true
	s := begin(t, Config{Options: o, Visible: true})
	s.do(Intent{Kind: WantStart, Text: filledIn})
	s.identified(asLead)
	s.commands = nil
	s.event(protocol.Event{Kind: protocol.Forgotten})
	if s.last.Screen.Form == nil {
		t.Error("no form after a reset")
	}
	s.happened("after a reset", &s.commands)
}

// The form follows its attributes while it is being looked at.
func TestOpenFormFollowsItsOptions(t *testing.T) {
	s := begin(t, Config{Options: asks(), Visible: true, Open: true})
	o := s.Options()
	o.Prechat = []Field{{Name: "email"}}
	s.SetOptions(s.now, o, words.New())
	s.take()
	if f := s.last.Screen.Form; f.Fields[0].Name != "email" || len(f.Fields) != 2 {
		t.Errorf("%+v", f.Fields)
	}
}

// What was written before the form was there, and not sent when the page went,
// is in the composer of the next one.
func TestHeldMessagesSurviveAReload(t *testing.T) {
	s := begin(t, Config{Options: asks(), Record: Record{Draft: "and al"}, Visible: true, Open: true})
	s.do(Intent{Kind: CallSend, Text: "My roof leaks", Call: 1})
	s.do(Intent{Kind: CallSend, Text: "Help", Call: 2})
	r, ok := ParseRecord(s.Record().Text(maxMessages))
	if !ok || r.Draft != "My roof leaks\nHelp\nand al" {
		t.Errorf("stored: %q, %v", r.Draft, ok)
	}
	s.do(Intent{Kind: WantStart, Text: filledIn})
	s.commands = nil
	s.event(protocol.Event{Kind: protocol.Switched, Session: testSession, Flow: instance, Digest: digest(asLead)})
	s.happened("admitted", &s.commands, "send v1 My roof leaks", "send v2 Help")
	if s.Record().Draft != "and al" || !s.last.Input {
		t.Errorf("draft %q", s.Record().Draft)
	}
}
