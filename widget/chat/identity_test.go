package chat

import (
	"testing"

	"plurachat/protocol"
	"plurachat/widget/backend"
	"plurachat/widget/words"
)

// Each call of identify is answered, even with the same lead data.
func TestIdentifyAgainResolves(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.do(Intent{Kind: CallIdentify, Text: asLead, Call: 1})
	s.expect("under way", &s.settled)
	s.identified(asLead)
	s.expect("identified", &s.settled, "1 [{sessionId "+testSession+"}]")
	s.do(Intent{Kind: CallIdentify, Text: asLead, Call: 2})
	s.expect("again", &s.settled, "2 [{sessionId "+testSession+"}]")
	s.do(Intent{Kind: CallIdentify, Text: filledIn, Call: 3})
	s.expect("as another person", &s.settled)
}

// The attribute's lead data holds after a reload, too, unless the server refused it.
func TestStartNewAfterAReload(t *testing.T) {
	stored := Stored{At: start, Conversation: protocol.Conversation{Session: testSession, Flow: instance, Digest: digest(asLead)}}
	s := begin(t, Config{Options: Options{Record: asLead}, Stored: stored, Visible: true, Open: true})
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

// If a session could not be initialised, the lead data is sent again before the next message or retry, which would fail
// at once without a session.
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

// Lead data of a call replaces that of the attribute, also where the panel is opened only later.
func TestIdentifyBeforeOpening(t *testing.T) {
	s := begin(t, Config{Options: Options{Record: asLead}, Visible: true})
	s.do(Intent{Kind: CallIdentify, Text: filledIn, Call: 1})
	if got := s.leads(); len(got) != 1 || got[0] != filledIn {
		t.Errorf("identified as %q", got)
	}
	s.do(Intent{Kind: WantOpen})
	if got := s.leads(); len(got) != 0 {
		t.Errorf("opening identifies as %q", got)
	}
}

// After a refusal the notice stays, and opening the panel begins no conversation without the lead data. The notice's
// button tries the lead data again. If only another tab has it, that tab's client tries it.
func TestRefusedLeadOfAnotherTab(t *testing.T) {
	for _, lead := range []string{"", asLead} {
		for _, status := range []int{401, 503} {
			s := begin(t, Config{Options: Options{Record: lead}, Visible: true, Open: true})
			s.refusal(status)
			s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.GaveUp})
			shown := s.last.Screen.Notice
			if final := status == 401; shown.Final != final || !final && (shown.Intent != WantIdentify || shown.Button == "") {
				t.Errorf("%d with the lead data %q: %+v", status, lead, shown)
			}
			s.commands = nil
			s.do(Intent{Kind: WantClose})
			s.do(Intent{Kind: WantOpen})
			s.do(Intent{Kind: WantConnect})
			s.expect("opened again", &s.commands, "attend false", "attend true")
			if n := s.last.Screen.Notice; n != shown {
				t.Errorf("%d with the lead data %q: opened again: %+v", status, lead, n)
			}
			s.do(Intent{Kind: WantIdentify})
			if all := s.last.Commands; len(all) != 1 || all[0].Kind != backend.Identify || all[0].Text != lead {
				t.Errorf("%d with the lead data %q: again: %+v", status, lead, all)
			}
			if n := s.last.Screen.Notice; n.Text != "" {
				t.Errorf("%d with the lead data %q: again: %+v stays", status, lead, n)
			}
		}
	}
}

// A tab that is opened after the refusal learns from the snapshot only that the client has given up.
func TestRefusedBeforeThisTab(t *testing.T) {
	s := begin(t, Config{Visible: true})
	s.Sync(s.now, &backend.Snapshot{State: protocol.GaveUp})
	s.applyBatch()
	s.commands = nil
	s.do(Intent{Kind: WantOpen})
	s.expect("opened", &s.commands, "attend true")
	s.do(Intent{Kind: s.last.Screen.Notice.Intent})
	if all := s.last.Commands; len(all) != 1 || all[0].Kind != backend.Identify || all[0].Text != "" {
		t.Errorf("the button: %+v", all)
	}

	// A form that is due comes first.
	s = begin(t, Config{Options: prechatOptions(), Visible: true, Open: true})
	s.refusal(503)
	s.commands = nil
	s.do(Intent{Kind: s.last.Screen.Notice.Intent})
	s.expect("the button", &s.commands)
	if sc := s.last.Screen; sc.Form == nil || sc.Form.Busy || sc.Notice.Text != "" {
		t.Errorf("%+v", sc)
	}
}

// A refusal of lead data does not end the current conversation.
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
	s.expect("refused", &s.emits, "error code=session message="+told)
	s.expect("refused", &s.settled, "1 "+told+"[]")
}

// The state GaveUp arrives before the client gets the command to connect without lead data. It shows no notice.
func TestFallbackIsQuiet(t *testing.T) {
	o := prechatOptions()
	o.Anonymous = true
	s := begin(t, Config{Options: o, Visible: true, Open: true})
	s.do(Intent{Kind: WantSubmitForm, Text: filledIn})
	s.emits = nil
	s.refusal(401)
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.GaveUp})
	if n := s.last.Screen.Notice; n.Text != "" {
		t.Errorf("the visitor reads %q", n.Text)
	}
	s.expect("without lead data", &s.emits, "error code=session message=session initialisation failed with status 401: because", "status state=failed")
}

func TestInlineFormAfterReset(t *testing.T) {
	o := prechatOptions()
	o.Inline = true
	s := begin(t, Config{Options: o, Visible: true})
	s.do(Intent{Kind: WantSubmitForm, Text: filledIn})
	s.identified(asLead)
	s.commands = nil
	s.event(protocol.Event{Kind: protocol.Forgotten})
	if s.last.Screen.Form == nil {
		t.Error("no form after a reset")
	}
	s.expect("after a reset", &s.commands)
}

// The form changes with its attributes while it is shown.
func TestOpenFormFollowsItsOptions(t *testing.T) {
	s := begin(t, Config{Options: prechatOptions(), Visible: true, Open: true})
	o := s.o
	o.Prechat = []Field{{Name: "email"}}
	s.SetOptions(s.now, o, words.New())
	s.applyBatch()
	if f := s.last.Screen.Form; f.Fields[0].Name != "email" || len(f.Fields) != 2 {
		t.Errorf("%+v", f.Fields)
	}
}

// A message that was written before the form was shown, and was not sent, is in the composer after a reload.
func TestHeldMessagesSurviveAReload(t *testing.T) {
	s := begin(t, Config{Options: prechatOptions(), Stored: Stored{Draft: "and al"}, Visible: true, Open: true})
	s.do(Intent{Kind: CallSend, Text: "My roof leaks", Call: 1})
	s.do(Intent{Kind: CallSend, Text: "Help", Call: 2})
	if r := reloaded(s.Stored()); r.Draft != "My roof leaks\nHelp\nand al" {
		t.Errorf("stored: %q", r.Draft)
	}
	s.do(Intent{Kind: WantSubmitForm, Text: filledIn})
	s.commands = nil
	s.event(protocol.Event{Kind: protocol.Switched, Session: testSession, Flow: instance, Digest: digest(asLead)})
	s.expect("admitted", &s.commands, "send v1 My roof leaks", "send v2 Help")
	if s.Stored().Draft != "and al" || !s.last.Input {
		t.Errorf("draft %q", s.Stored().Draft)
	}
}
