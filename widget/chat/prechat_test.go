package chat

import (
	"errors"
	"strings"
	"testing"

	"plurachat/protocol"
	"plurachat/widget/words"
)

const (
	filledIn = `{"first_name":"Johanna","phone":"(202) 555-0123"}`
	asLead   = `{"first_name":"Johanna","phone":"+12025550123"}`
	instance = "b7cf6862-0a1c-4bc3-9703-1ab767e5ea28"
)

// prechatOptions are options with a pre-chat form.
func prechatOptions() Options {
	return Options{Prechat: []Field{{Name: "first_name"}, {Name: "phone", Required: true}}, Country: "US"}
}

// identified simulates the backend's events for an initialised session.
func (s *tester) identified(record string) {
	s.Helper()
	s.event(protocol.Event{Kind: protocol.Switched, Session: testSession, Flow: instance, Digest: digest(record)})
	s.event(protocol.Event{Kind: protocol.SessionBegun, Session: testSession, Flow: instance})
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Online})
	s.says("Hi Johanna! How can I help you today?")
}

// refusal is the backend's event for a session that could not be initialised.
func (s *tester) refusal(status int) {
	s.Helper()
	s.event(protocol.Event{Kind: protocol.Refused, Err: &protocol.SessionError{Status: status, Message: "because"}})
}

func TestFormInsteadOfAConnection(t *testing.T) {
	s := begin(t, Config{Options: prechatOptions(), Visible: true})
	if s.last.Screen.Form != nil {
		t.Error("a form in a closed panel")
	}
	s.do(Intent{Kind: WantOpen})
	s.expect("opening", &s.commands, "attend true")
	f := s.last.Screen.Form
	if f == nil || len(f.Fields) != 2 || f.Busy || s.focus != FocusComposer {
		t.Fatalf("form %+v, focus %v", f, s.focus)
	}
	s.do(Intent{Kind: WantClose})
	s.do(Intent{Kind: WantOpen})
	if s.last.Screen.Form != f {
		t.Error("the form was replaced by closing and opening: the input is lost")
	}
	s.commands = nil

	s.do(Intent{Kind: WantSubmitForm, Text: `{"first_name":"Johanna","phone":"12"}`})
	f = s.last.Screen.Form
	s.expect("with an error", &s.commands)
	if f.Fields[0].Error != "" || f.Fields[1].Error == "" || f.Busy || s.focus != FocusComposer {
		t.Errorf("with an error: %+v, focus %v", f, s.focus)
	}

	s.do(Intent{Kind: WantSubmitForm, Text: filledIn})
	if got := s.leads(); len(got) != 1 || got[0] != asLead {
		t.Errorf("records %q, want %s", got, asLead)
	}
	s.expect("complete", &s.commands, "identify")
	if f = s.last.Screen.Form; f == nil || !f.Busy || f.Fields[1].Error != "" {
		t.Errorf("under way: %+v", f)
	}
	s.do(Intent{Kind: WantSubmitForm, Text: filledIn})
	s.do(Intent{Kind: WantOpen})
	if len(s.leads()) > 0 || s.last.Screen.Form != f {
		t.Error("started twice")
	}

	s.commands = nil
	s.identified(asLead)
	if s.last.Screen.Form != nil || s.last.Screen.Notice.Text != "" || len(s.rows) != 1 {
		t.Errorf("admitted: %+v", s.last.Screen)
	}
	s.expect("admitted", &s.commands)
}

// The focus moves from the form to the composer, but not into a closed panel.
func TestFormLeavesTheFocus(t *testing.T) {
	for _, open := range []bool{true, false} {
		s := begin(t, Config{Options: prechatOptions(), Visible: true, Open: true})
		s.do(Intent{Kind: WantSubmitForm, Text: filledIn})
		if !open {
			s.do(Intent{Kind: WantClose})
		}
		s.event(protocol.Event{Kind: protocol.Switched, Session: testSession, Flow: instance, Digest: digest(asLead)})
		if (s.focus == FocusComposer) != open {
			t.Errorf("open %v: focus %v", open, s.focus)
		}
	}
}

func TestFormInline(t *testing.T) {
	o := prechatOptions()
	o.Inline = true
	s := begin(t, Config{Options: o, Visible: true})
	s.expect("in view", &s.commands, "attend true")
	if s.last.Screen.Form == nil {
		t.Error("no form in view")
	}
	s.do(Intent{Kind: WantConnect})
	s.expect("touched", &s.commands)
}

func TestFormRefused(t *testing.T) {
	for _, c := range []struct {
		name   string
		err    error
		notice string
		again  IntentKind
	}{
		{"400", &protocol.SessionError{Status: 400, Message: "bad"}, "sessionRefused", 0},
		{"401", &protocol.SessionError{Status: 401}, "sessionRefused", 0},
		{"404", &protocol.SessionError{Status: 404}, "sessionRefused", 0},
		{"409", &protocol.SessionError{Status: 409}, "sessionRefused", 0},
		{"cross-origin", &protocol.SessionError{Err: protocol.ErrCrossOrigin}, "sessionRefused", 0},
		{"429", &protocol.SessionError{Status: 429}, "sessionFailed", WantIdentify},
		{"500", &protocol.SessionError{Status: 500}, "sessionFailed", WantIdentify},
		{"network", &protocol.SessionError{Err: errors.New("fetch failed")}, "sessionFailed", WantIdentify},
	} {
		s := begin(t, Config{Options: prechatOptions(), Visible: true, Open: true})
		s.do(Intent{Kind: WantSubmitForm, Text: filledIn})
		shown := s.last.Screen.Form.Original
		s.emits, s.commands = nil, nil
		s.event(protocol.Event{Kind: protocol.Refused, Err: c.err})
		s.expect(c.name, &s.emits, "error code=session message="+c.err.Error())
		s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.GaveUp})
		n, f := s.last.Screen.Notice, s.last.Screen.Form
		if want := s.words.Get(c.notice); n.Text != want || n.Intent != c.again || (n.Button != "") != (c.again != 0) {
			t.Errorf("%s: notice %+v, want %q", c.name, n, want)
		}
		if f == nil || f.Busy || f.Original != shown {
			t.Fatalf("%s: form %+v; want the same, to be sent again", c.name, f)
		}
		// Through the notice's button, or the form's.
		again := Intent{Kind: WantSubmitForm, Text: filledIn}
		if c.again != 0 {
			again = Intent{Kind: c.again}
		}
		s.do(again)
		if got := s.leads(); len(got) != 1 || got[0] != asLead {
			t.Errorf("%s: again with %q", c.name, got)
		}
		if sc := s.last.Screen; sc.Notice.Text != "" || !sc.Form.Busy {
			t.Errorf("%s: again: %+v", c.name, sc)
		}
		s.identified(asLead)
		if sc := s.last.Screen; sc.Form != nil || sc.Notice.Text != "" {
			t.Errorf("%s: accepted: %+v", c.name, sc)
		}
	}
}

// With fallback="anonymous" the conversation continues without lead data. After a reload the form is shown again.
func TestFormFallsBack(t *testing.T) {
	o := prechatOptions()
	o.Anonymous = true
	s := begin(t, Config{Options: o, Visible: true, Open: true})
	s.do(Intent{Kind: CallSend, Text: "Hello", Call: 1})
	s.do(Intent{Kind: WantSubmitForm, Text: filledIn})
	s.commands = nil
	s.refusal(401)
	if sc := s.last.Screen; sc.Form != nil || sc.Notice.Text != "" {
		t.Errorf("without lead data: %+v", sc)
	}
	s.expect("without lead data", &s.commands, "connect anonymously", "send v1 Hello")
	s.online()
	s.do(Intent{Kind: WantNew})
	if got := s.leads(); len(got) != 0 {
		t.Errorf("a new conversation with what was refused: %q", got)
	}
	if again := begin(t, Config{Options: o, Visible: true, Open: true}); again.last.Screen.Form == nil {
		t.Error("no form after a reload")
	}
}

// A message that the page sends meanwhile waits for the form.
func TestFormHoldsMessages(t *testing.T) {
	s := begin(t, Config{Options: prechatOptions(), Visible: true})
	s.do(Intent{Kind: CallSend, Text: "one", Call: 1})
	s.do(Intent{Kind: CallSend, Text: "two", Call: 2})
	s.expect("before the form", &s.commands)
	s.do(Intent{Kind: WantOpen})
	s.do(Intent{Kind: WantSubmitForm, Text: filledIn})
	s.expect("started", &s.commands, "attend true", "identify")
	s.event(protocol.Event{Kind: protocol.Switched, Session: testSession, Flow: instance, Digest: digest(asLead)})
	s.expect("admitted", &s.commands, "send v1 one", "send v2 two")
	s.expect("not yet", &s.settled)
	for i, key := range []string{"v1", "v2"} {
		text := []string{"one", "two"}[i]
		s.event(protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Key: key, Kind: protocol.Visitor, State: protocol.Sending, Text: text, At: s.now}})
	}
	s.event(protocol.Event{Kind: protocol.Acknowledged, Key: "v1", ID: "m1"})
	s.event(protocol.Event{Kind: protocol.GivenUp, Key: "v2", Reason: "no answer"})
	s.expect("settled", &s.settled, "1 [{id m1}]", "2 no answer[]")
	s.expect("once each", &s.commands)

	held := begin(t, Config{Options: prechatOptions(), Visible: true})
	held.do(Intent{Kind: CallSend, Text: "one", Call: 1})
	held.event(protocol.Event{Kind: protocol.Forgotten})
	held.expect("reset meanwhile", &held.settled, "1 the conversation was reset[]")
	held.do(Intent{Kind: WantOpen})
	held.do(Intent{Kind: WantSubmitForm, Text: filledIn})
	held.commands = nil
	held.identified(asLead)
	held.expect("what was held before the reset", &held.commands)
}

// The form is closed when an attribute or the page identifies the visitor.
func TestFormClosesWhenIdentified(t *testing.T) {
	s := begin(t, Config{Options: prechatOptions(), Visible: true, Open: true})
	s.do(Intent{Kind: CallIdentify, Text: asLead, Call: 1})
	s.expect("identify", &s.commands, "attend true", "identify")
	s.identified(asLead)
	if s.last.Screen.Form != nil {
		t.Error("the form stays")
	}
	s.expect("identify", &s.settled, "1 [{sessionId "+testSession+"}]")

	for _, c := range []struct {
		name   string
		change func(*Options)
		want   string
	}{
		{"record", func(o *Options) { o.Record = asLead }, "identify"},
		{"session", func(o *Options) { o.Session = testSession }, "adopt " + testFlow + " " + testSession},
		{"no form", func(o *Options) { o.Prechat = nil }, "connect"},
	} {
		s := begin(t, Config{Options: prechatOptions(), Visible: true, Open: true})
		s.do(Intent{Kind: CallSend, Text: "Hello", Call: 1})
		s.commands = nil
		o := s.o
		c.change(&o)
		s.SetOptions(s.now, o, words.New())
		s.applyBatch()
		if s.last.Screen.Form != nil {
			t.Errorf("%s: the form stays", c.name)
		}
		s.expect(c.name, &s.commands, c.want, "send v1 Hello")
	}

	// An inline form that was not touched does not connect.
	o := prechatOptions()
	o.Inline = true
	s = begin(t, Config{Options: o, Visible: true})
	s.commands = nil
	o.Prechat = nil
	s.SetOptions(s.now, o, words.New())
	s.applyBatch()
	s.expect("inline", &s.commands)
	if s.last.Screen.Form != nil {
		t.Error("inline: the form stays")
	}
}

// The attributes may change while the form is shown.
func TestFormFollowsItsOptions(t *testing.T) {
	s := begin(t, Config{Options: prechatOptions(), Visible: true, Open: true})
	first := s.last.Screen.Form
	o := s.o
	o.Prechat = append(o.Prechat, Field{Name: "company", Label: "Your firm"})
	s.SetOptions(s.now, o, words.New("", `{"first_name":"Given name"}`))
	s.applyBatch()
	s.do(Intent{Kind: WantClose})
	s.do(Intent{Kind: WantOpen})
	f := s.last.Screen.Form
	if len(f.Fields) != 3 || f.Fields[0].Label != "Given name (optional)" || f.Fields[2].Label != "Your firm (optional)" {
		t.Errorf("%+v", f.Fields)
	}
	if f.Original != first {
		t.Error("the form was replaced: the input is lost")
	}
	s.event(protocol.Event{Kind: protocol.Forgotten})
	if again := s.last.Screen.Form; again == nil || again.Original == first || !again.Matches(f) {
		t.Errorf("after a reset: %+v; want one that begins empty", again)
	}
}

// The lead data has each name once, even if prechat repeats it.
func TestFormHasEachNameOnce(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true, Options: Options{Consent: true,
		Prechat: []Field{{Name: "phone", Required: true}, {Name: "consent"}, {Name: "phone", Required: true}, {Name: "email"}, {Name: "email"}}}})
	var names []string
	for _, f := range s.last.Screen.Form.Fields {
		names = append(names, f.Name)
	}
	if got := strings.Join(names, ","); got != "phone,email" {
		t.Errorf("fields %s", got)
	}
	s.do(Intent{Kind: WantSubmitForm, Text: `{"phone":"+12025550123","email":"a@b.co"}`})
	if f := s.last.Screen.Form; f.ConsentError == "" || invalidField(f) != "consent" {
		t.Errorf("without consent: %+v", f)
	}
	s.do(Intent{Kind: WantSubmitForm, Text: `{"phone":"+12025550123","email":"a@b.co"}`, On: true})
	want := `{"phone":"+12025550123","email":"a@b.co","consent":{"at":"2026-03-02T10:00:00Z","text":"I agree to the processing of my data as described in the Privacy Policy."}}`
	if got := s.leads(); len(got) != 1 || got[0] != want {
		t.Errorf("record %q\nwant    %s", got, want)
	}
}

func TestResetAsksAgain(t *testing.T) {
	s := begin(t, Config{Options: prechatOptions(), Visible: true, Open: true})
	s.do(Intent{Kind: WantSubmitForm, Text: filledIn})
	s.identified(asLead)
	s.commands = nil
	s.event(protocol.Event{Kind: protocol.Forgotten})
	if f := s.last.Screen.Form; f == nil || f.Busy || invalidField(f) != "" {
		t.Errorf("after a reset: %+v", f)
	}
	s.expect("after a reset", &s.commands)
	s.do(Intent{Kind: WantIdentify}) // of a notice that was just removed
	if got := s.leads(); len(got) > 0 {
		t.Errorf("lead data after a reset: %q", got)
	}

	s = begin(t, Config{Options: Options{Record: asLead}, Visible: true, Open: true})
	s.identified(asLead)
	s.event(protocol.Event{Kind: protocol.Forgotten})
	if got := s.leads(); len(got) != 1 || got[0] != asLead {
		t.Errorf("the owner's record after a reset: %q", got)
	}
}

// After a reload the lead data of the form is gone.
func TestFormAfterAReload(t *testing.T) {
	reloaded := func(o Options) *tester {
		s := begin(t, Config{Options: prechatOptions(), Visible: true, Open: true})
		s.do(Intent{Kind: WantSubmitForm, Text: filledIn})
		s.identified(asLead)
		s = begin(t, Config{Options: o, Visible: true, Open: true, Stored: *s.Stored()})
		if s.last.Screen.Form != nil {
			t.Error("a form before the conversation that is there")
		}
		s.commands = nil
		s.do(Intent{Kind: WantNew})
		return s
	}
	s := reloaded(prechatOptions())
	s.expect("a new conversation", &s.commands)
	if s.last.Screen.Form == nil || s.focus != FocusComposer {
		t.Fatal("no form is shown")
	}
	s.do(Intent{Kind: WantClose})
	s.do(Intent{Kind: WantOpen})
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Reconnecting})
	if s.last.Screen.Form == nil {
		t.Error("the form is gone")
	}
	s.commands = nil
	s.do(Intent{Kind: WantSubmitForm, Text: filledIn})
	s.expect("filled in", &s.commands, "identify")
	s.identified(asLead)
	if s.last.Screen.Form != nil {
		t.Error("the form is still there")
	}

	o := prechatOptions()
	o.Anonymous = true
	s = reloaded(o)
	s.do(Intent{Kind: WantSubmitForm, Text: filledIn})
	s.commands = nil
	s.refusal(400)
	s.expect("refused", &s.commands, "new", "connect anonymously")
	if s.last.Screen.Form != nil {
		t.Error("the form is still shown although anonymous conversations are allowed")
	}

	o = prechatOptions()
	o.Record = asLead
	s = reloaded(o)
	s.expect("identified by attribute", &s.commands, "new", "identify")
}
