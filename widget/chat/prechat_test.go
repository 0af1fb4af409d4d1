package chat

import (
	"errors"
	"strings"
	"testing"
	"time"

	"plurachat/protocol"
	"plurachat/widget/backend"
	"plurachat/widget/words"
)

const (
	filledIn = `{"first_name":"Johanna","phone":"(202) 555-0123"}`
	asLead   = `{"first_name":"Johanna","phone":"+12025550123"}`
	instance = "b7cf6862-0a1c-4bc3-9703-1ab767e5ea28"
)

// asks are options with a pre-chat form.
func asks() Options {
	return Options{Prechat: []Field{{Name: "first_name"}, {Name: "phone", Required: true}}, Country: "US"}
}

// identified is what the line says once a session is initialised.
func (s *stage) identified(record string) {
	s.Helper()
	s.event(protocol.Event{Kind: protocol.Switched, Session: testSession, Flow: instance, Digest: digest(record)})
	s.event(protocol.Event{Kind: protocol.SessionBegun, Session: testSession, Flow: instance})
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Online})
	s.says("Hi Johanna! How can I help you today?")
}

// refusal is what the line says of a session that was not to be had.
func (s *stage) refusal(status int) {
	s.Helper()
	s.event(protocol.Event{Kind: protocol.Refused, Err: &protocol.SessionError{Status: status, Message: "because"}})
}

// leads are the records among the batch's commands.
func (s *stage) leads() (records []string) {
	for _, c := range s.last.Commands {
		if c.Kind == backend.Identify {
			if c.Digest != digest(c.Text) {
				s.Errorf("digest %d of %s", c.Digest, c.Text)
			}
			records = append(records, c.Text)
		}
	}
	return records
}

func TestFormInsteadOfAConnection(t *testing.T) {
	s := begin(t, Config{Options: asks(), Visible: true})
	if s.last.Screen.Form != nil {
		t.Error("a form in a closed panel")
	}
	s.do(Intent{Kind: WantOpen})
	s.happened("opening", &s.commands, "attend true")
	f := s.last.Screen.Form
	if f == nil || len(f.Fields) != 2 || f.Busy || s.focus != FocusComposer {
		t.Fatalf("form %+v, focus %v", f, s.focus)
	}
	s.do(Intent{Kind: WantClose})
	s.do(Intent{Kind: WantOpen})
	if s.last.Screen.Form != f {
		t.Error("another form after closing and opening: what was filled in is gone")
	}
	s.commands = nil

	s.do(Intent{Kind: WantStart, Text: `{"first_name":"Johanna","phone":"12"}`})
	f = s.last.Screen.Form
	s.happened("with an error", &s.commands)
	if f.Fields[0].Error != "" || f.Fields[1].Error == "" || f.Busy || s.focus != FocusComposer {
		t.Errorf("with an error: %+v, focus %v", f, s.focus)
	}

	s.do(Intent{Kind: WantStart, Text: filledIn})
	if got := s.leads(); len(got) != 1 || got[0] != asLead {
		t.Errorf("records %q, want %s", got, asLead)
	}
	s.happened("complete", &s.commands, "identify")
	if f = s.last.Screen.Form; f == nil || !f.Busy || f.Fields[1].Error != "" {
		t.Errorf("under way: %+v", f)
	}
	s.do(Intent{Kind: WantStart, Text: filledIn})
	s.do(Intent{Kind: WantOpen})
	if len(s.leads()) > 0 || s.last.Screen.Form != f {
		t.Error("started twice")
	}

	s.commands = nil
	s.identified(asLead)
	if s.last.Screen.Form != nil || s.last.Screen.Notice.Text != "" || len(s.rows) != 1 {
		t.Errorf("admitted: %+v", s.last.Screen)
	}
	s.happened("admitted", &s.commands)
}

// The keyboard goes from the form to the composer, but not into a closed panel.
func TestFormLeavesTheFocus(t *testing.T) {
	for _, open := range []bool{true, false} {
		s := begin(t, Config{Options: asks(), Visible: true, Open: true})
		s.do(Intent{Kind: WantStart, Text: filledIn})
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
	o := asks()
	o.Inline = true
	s := begin(t, Config{Options: o, Visible: true})
	s.happened("in view", &s.commands, "attend true")
	if s.last.Screen.Form == nil {
		t.Error("no form in view")
	}
	s.do(Intent{Kind: WantConnect})
	s.happened("touched", &s.commands)
}

func TestFormRefused(t *testing.T) {
	for _, c := range []struct {
		name   string
		err    error
		notice string
		again  WantKind
	}{
		{"400", &protocol.SessionError{Status: 400, Message: "bad"}, "sessionRefused", 0},
		{"401", &protocol.SessionError{Status: 401}, "sessionRefused", 0},
		{"404", &protocol.SessionError{Status: 404}, "sessionRefused", 0},
		{"409", &protocol.SessionError{Status: 409}, "sessionRefused", 0},
		{"cross-origin", &protocol.SessionError{Err: protocol.ErrCrossOrigin}, "sessionRefused", 0},
		{"429", &protocol.SessionError{Status: 429}, "sessionFailed", WantAgain},
		{"500", &protocol.SessionError{Status: 500}, "sessionFailed", WantAgain},
		{"network", &protocol.SessionError{Err: errors.New("fetch failed")}, "sessionFailed", WantAgain},
	} {
		s := begin(t, Config{Options: asks(), Visible: true, Open: true})
		s.do(Intent{Kind: WantStart, Text: filledIn})
		shown := s.last.Screen.Form.Original
		s.emits, s.commands = nil, nil
		s.event(protocol.Event{Kind: protocol.Refused, Err: c.err})
		s.happened(c.name, &s.emits, "error code=session message="+c.err.Error())
		s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.GaveUp})
		n, f := s.last.Screen.Notice, s.last.Screen.Form
		if want := s.words.Get(c.notice); n.Text != want || n.Want != c.again || (n.Button != "") != (c.again != 0) {
			t.Errorf("%s: notice %+v, want %q", c.name, n, want)
		}
		if f == nil || f.Busy || f.Original != shown {
			t.Fatalf("%s: form %+v; want the same, to be sent again", c.name, f)
		}
		// By the notice's button, or by the form's.
		again := Intent{Kind: WantStart, Text: filledIn}
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
			t.Errorf("%s: admitted: %+v", c.name, sc)
		}
	}
}

// Without lead data the conversation is anonymous, if the owner wants that. It
// goes for this page: the next one asks again.
func TestFormFallsBack(t *testing.T) {
	o := asks()
	o.Anonymous = true
	s := begin(t, Config{Options: o, Visible: true, Open: true})
	s.do(Intent{Kind: CallSend, Text: "Hello", Call: 1})
	s.do(Intent{Kind: WantStart, Text: filledIn})
	s.commands = nil
	s.refusal(401)
	if sc := s.last.Screen; sc.Form != nil || sc.Notice.Text != "" {
		t.Errorf("fallen back: %+v", sc)
	}
	s.happened("fallen back", &s.commands, "connect", "send v1 Hello")
	s.online()
	s.do(Intent{Kind: WantNew})
	if got := s.leads(); len(got) != 0 {
		t.Errorf("a new conversation with what was refused: %q", got)
	}
	if again := begin(t, Config{Options: o, Visible: true, Open: true}); again.last.Screen.Form == nil {
		t.Error("no form after a reload")
	}
}

// What the page sends meanwhile waits for the form.
func TestFormHoldsMessages(t *testing.T) {
	s := begin(t, Config{Options: asks(), Visible: true})
	s.do(Intent{Kind: CallSend, Text: "one", Call: 1})
	s.do(Intent{Kind: CallSend, Text: "two", Call: 2})
	s.happened("before the form", &s.commands)
	s.do(Intent{Kind: WantOpen})
	s.do(Intent{Kind: WantStart, Text: filledIn})
	s.happened("started", &s.commands, "attend true", "identify")
	s.event(protocol.Event{Kind: protocol.Switched, Session: testSession, Flow: instance, Digest: digest(asLead)})
	s.happened("admitted", &s.commands, "send v1 one", "send v2 two")
	s.happened("not yet", &s.settled)
	for i, key := range []string{"v1", "v2"} {
		text := []string{"one", "two"}[i]
		s.event(protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Key: key, Kind: protocol.Visitor, State: protocol.Sending, Text: text, At: s.now}})
	}
	s.event(protocol.Event{Kind: protocol.Acknowledged, Key: "v1", ID: "m1"})
	s.event(protocol.Event{Kind: protocol.GivenUp, Key: "v2", Reason: "no answer"})
	s.happened("settled", &s.settled, "1 [{id m1}]", "2 no answer[]")
	s.happened("once each", &s.commands)

	held := begin(t, Config{Options: asks(), Visible: true})
	held.do(Intent{Kind: CallSend, Text: "one", Call: 1})
	held.event(protocol.Event{Kind: protocol.Forgotten})
	held.happened("reset meanwhile", &held.settled, "1 the conversation was reset[]")
	held.do(Intent{Kind: WantOpen})
	held.do(Intent{Kind: WantStart, Text: filledIn})
	held.commands = nil
	held.identified(asLead)
	held.happened("what was held before the reset", &held.commands)
}

// The form goes when somebody else says who the visitor is.
func TestFormIsOvertaken(t *testing.T) {
	s := begin(t, Config{Options: asks(), Visible: true, Open: true})
	s.do(Intent{Kind: CallIdentify, Text: asLead, Call: 1})
	s.happened("identify", &s.commands, "attend true", "identify")
	s.identified(asLead)
	if s.last.Screen.Form != nil {
		t.Error("the form stays")
	}
	s.happened("identify", &s.settled, "1 [{sessionId "+testSession+"}]")

	for _, c := range []struct {
		name   string
		change func(*Options)
		want   string
	}{
		{"record", func(o *Options) { o.Record = asLead }, "identify"},
		{"session", func(o *Options) { o.Session = testSession }, "adopt " + testFlow + " " + testSession},
		{"no form", func(o *Options) { o.Prechat = nil }, "connect"},
	} {
		s := begin(t, Config{Options: asks(), Visible: true, Open: true})
		s.do(Intent{Kind: CallSend, Text: "Hello", Call: 1})
		s.commands = nil
		o := s.Options()
		c.change(&o)
		s.SetOptions(s.now, o, words.New())
		s.take()
		if s.last.Screen.Form != nil {
			t.Errorf("%s: the form stays", c.name)
		}
		s.happened(c.name, &s.commands, c.want, "send v1 Hello")
	}

	// An inline form that nobody has touched is no reason to connect.
	o := asks()
	o.Inline = true
	s = begin(t, Config{Options: o, Visible: true})
	s.commands = nil
	o.Prechat = nil
	s.SetOptions(s.now, o, words.New())
	s.take()
	s.happened("inline", &s.commands)
	if s.last.Screen.Form != nil {
		t.Error("inline: the form stays")
	}
}

// What the owner asks for may change while the form is shown.
func TestFormFollowsItsOptions(t *testing.T) {
	s := begin(t, Config{Options: asks(), Visible: true, Open: true})
	first := s.last.Screen.Form
	o := s.Options()
	o.Prechat = append(o.Prechat, Field{Name: "company", Label: "Your firm"})
	s.SetOptions(s.now, o, words.New("", `{"first_name":"Given name"}`))
	s.take()
	s.do(Intent{Kind: WantClose})
	s.do(Intent{Kind: WantOpen})
	f := s.last.Screen.Form
	if len(f.Fields) != 3 || f.Fields[0].Label != "Given name (optional)" || f.Fields[2].Label != "Your firm (optional)" {
		t.Errorf("%+v", f.Fields)
	}
	if f.Original != first {
		t.Error("it is another form: what was filled in is lost")
	}
	s.event(protocol.Event{Kind: protocol.Forgotten})
	if again := s.last.Screen.Form; again == nil || again.Original == first || !again.Like(f) {
		t.Errorf("after a reset: %+v; want one that begins empty", again)
	}
}

// A name stands in a record once, whatever the owner asks for.
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
	s.do(Intent{Kind: WantStart, Text: `{"phone":"+12025550123","email":"a@b.co"}`})
	if f := s.last.Screen.Form; f.Missing == "" || f.firstWrong() != "consent" {
		t.Errorf("without consent: %+v", f)
	}
	s.do(Intent{Kind: WantStart, Text: `{"phone":"+12025550123","email":"a@b.co"}`, On: true})
	want := `{"phone":"+12025550123","email":"a@b.co","consent":{"at":"2026-03-02T10:00:00Z","text":"I agree to the processing of my data as described in the Privacy policy."}}`
	if got := s.leads(); len(got) != 1 || got[0] != want {
		t.Errorf("record %q\nwant    %s", got, want)
	}
}

// A record is initialised once, and another one again, over any number of
// reloads.
func TestRecordIsInitialisedOnce(t *testing.T) {
	reload := func(s *stage, o Options) *stage {
		r, ok := ParseRecord(s.Record().Text(maxMessages))
		if !ok {
			t.Fatal("the record does not survive")
		}
		again := begin(t, Config{Options: o, Record: r, Visible: true, Open: true})
		return again
	}
	s := begin(t, Config{Options: Options{Record: asLead}, Visible: true, Open: true})
	if got := s.leads(); len(got) != 1 || got[0] != asLead {
		t.Fatalf("first: %q", got)
	}
	s.identified(asLead)
	for range 2 {
		s = reload(s, Options{Record: asLead})
		if len(s.leads()) != 0 || s.commands[0] != "connect" {
			t.Errorf("the same record: %q", s.commands)
		}
	}
	other := strings.Replace(asLead, "Johanna", "Ann", 1)
	s = reload(s, Options{Record: other})
	if got := s.leads(); len(got) != 1 || got[0] != other {
		t.Errorf("another record: %q", got)
	}
	// While the page lives, too.
	s.identified(other)
	o := s.Options()
	o.Record = asLead
	s.SetOptions(s.now, o, words.New())
	s.take()
	if got := s.leads(); len(got) != 1 || got[0] != asLead {
		t.Errorf("a changed attribute: %q", got)
	}
	// Whoever filled in a form is not asked again.
	s = begin(t, Config{Options: asks(), Visible: true, Open: true})
	s.do(Intent{Kind: WantStart, Text: filledIn})
	s.identified(asLead)
	s = reload(s, asks())
	if s.last.Screen.Form != nil || s.commands[0] != "connect" {
		t.Errorf("after the form: %q, %+v", s.commands, s.last.Screen.Form)
	}
}

func TestResetAsksAgain(t *testing.T) {
	s := begin(t, Config{Options: asks(), Visible: true, Open: true})
	s.do(Intent{Kind: WantStart, Text: filledIn})
	s.identified(asLead)
	s.commands = nil
	s.event(protocol.Event{Kind: protocol.Forgotten})
	if f := s.last.Screen.Form; f == nil || f.Busy || f.firstWrong() != "" {
		t.Errorf("after a reset: %+v", f)
	}
	s.happened("after a reset", &s.commands)
	s.do(Intent{Kind: WantAgain}) // of a notice that was just taken away
	if got := s.leads(); len(got) > 0 {
		t.Errorf("lead data outlives a reset: %q", got)
	}

	s = begin(t, Config{Options: Options{Record: asLead}, Visible: true, Open: true})
	s.identified(asLead)
	s.event(protocol.Event{Kind: protocol.Forgotten})
	if got := s.leads(); len(got) != 1 || got[0] != asLead {
		t.Errorf("the owner's record after a reset: %q", got)
	}
}

// A new conversation is the same person's.
func TestStartNewIdentifiesAgain(t *testing.T) {
	for _, c := range []struct {
		name string
		o    Options
		who  func(s *stage)
	}{
		{"form", asks(), func(s *stage) { s.do(Intent{Kind: WantStart, Text: filledIn}) }},
		{"record", Options{Record: asLead}, func(*stage) {}},
		{"identify", Options{}, func(s *stage) { s.do(Intent{Kind: CallIdentify, Text: asLead, Call: 1}) }},
	} {
		s := begin(t, Config{Options: c.o, Visible: true, Open: true})
		c.who(s)
		s.identified(asLead)
		s.commands = nil
		s.do(Intent{Kind: WantNew})
		s.happened(c.name, &s.commands, "new", "identify")
		if got := s.leads(); len(got) != 1 || got[0] != asLead {
			t.Errorf("%s: %q", c.name, got)
		}
		if s.last.Screen.Form != nil {
			t.Errorf("%s: asked again", c.name)
		}
	}
}

// After a reload nobody knows any more who the visitor said they are.
func TestFormAfterAReload(t *testing.T) {
	reloaded := func(o Options) *stage {
		s := begin(t, Config{Options: asks(), Visible: true, Open: true})
		s.do(Intent{Kind: WantStart, Text: filledIn})
		s.identified(asLead)
		s = begin(t, Config{Options: o, Visible: true, Open: true, Record: *s.Record()})
		if s.last.Screen.Form != nil {
			t.Error("a form before the conversation that is there")
		}
		s.commands = nil
		s.do(Intent{Kind: WantNew})
		return s
	}
	s := reloaded(asks())
	s.happened("a new conversation", &s.commands)
	if s.last.Screen.Form == nil || s.focus != FocusComposer {
		t.Fatal("nobody is asked")
	}
	s.do(Intent{Kind: WantClose})
	s.do(Intent{Kind: WantOpen})
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Reconnecting})
	if s.last.Screen.Form == nil {
		t.Error("the form is gone")
	}
	s.commands = nil
	s.do(Intent{Kind: WantStart, Text: filledIn})
	s.happened("filled in", &s.commands, "identify")
	s.identified(asLead)
	if s.last.Screen.Form != nil {
		t.Error("the form is still there")
	}

	o := asks()
	o.Anonymous = true
	s = reloaded(o)
	s.do(Intent{Kind: WantStart, Text: filledIn})
	s.commands = nil
	s.refusal(400)
	s.happened("refused", &s.commands, "new")
	if s.last.Screen.Form != nil {
		t.Error("the form is still there after a refusal that is none")
	}

	o = asks()
	o.Record = asLead
	s = reloaded(o)
	s.happened("as the owner knows them", &s.commands, "new", "identify")
}

// Lead data is in one command and nowhere else: not in what is stored, told to
// the page, announced, shown or sent beside it.
func TestLeadDataStaysWhereItIs(t *testing.T) {
	const secret = "+12025550199"
	const values = `{"first_name":"Quetzalcoatl","last_name":"Featherstonehaugh","email":"q@secret.example","phone":"` + secret + `","budget":"777888999"}`
	private := []string{"Quetzalcoatl", "Featherstonehaugh", "q@secret.example", "2025550199", "777888999"}
	fields := []Field{{Name: "first_name"}, {Name: "last_name"}, {Name: "email"}, {Name: "phone", Required: true}, {Name: "budget"}}
	for _, c := range []struct {
		name string
		o    Options
		who  func(s *stage)
	}{
		{"form", Options{Prechat: fields}, func(s *stage) { s.do(Intent{Kind: WantStart, Text: values}) }},
		{"record", Options{Record: values}, func(*stage) {}},
		{"identify", Options{}, func(s *stage) { s.do(Intent{Kind: CallIdentify, Text: values, Call: 1}) }},
	} {
		s := &leakStage{stage: begin(t, Config{Options: c.o, Visible: true, Open: true}), private: private, name: c.name}
		s.look(&s.last)
		c.who(s.stage)
		s.look(&s.last)
		if s.told == 0 {
			t.Errorf("%s: the line was not told either", c.name)
		}
		for _, e := range []protocol.Event{
			{Kind: protocol.Refused, Err: &protocol.SessionError{Status: 503}},
			{Kind: protocol.StateChanged, State: protocol.GaveUp},
		} {
			s.event(e)
			s.look(&s.last)
		}
		s.do(Intent{Kind: WantAgain})
		s.look(&s.last)
		s.event(protocol.Event{Kind: protocol.Switched, Session: testSession, Flow: instance, Digest: digest(values)})
		s.look(&s.last)
		s.event(protocol.Event{Kind: protocol.SessionBegun, Session: testSession, Flow: instance})
		s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Online})
		s.look(&s.last)
		s.sends("Hello")
		s.look(&s.last)
		s.wait(time.Minute)
		s.do(Intent{Kind: PageHidden})
		s.look(&s.last)
		s.do(Intent{Kind: WantNew})
		s.look(&s.last)
	}
}

// leakStage looks for lead data where it must not be.
type leakStage struct {
	*stage
	private []string
	name    string
	told    int
}

func (s *leakStage) look(b *Batch) {
	s.Helper()
	check := func(where, text string) {
		for _, p := range s.private {
			if strings.Contains(text, p) {
				s.Errorf("%s: %q is in %s: %s", s.name, p, where, text)
			}
		}
	}
	check("the record", s.Record().Text(maxMessages))
	check("an event", strings.Join(s.emits, "\n"))
	check("what is read out", strings.Join(s.said, "\n"))
	check("what promises get", strings.Join(s.settled, "\n"))
	check("the notice", b.Screen.Notice.Text)
	if f := b.Screen.Form; f != nil {
		check("the form", f.Intro+f.Consent+f.Missing)
		for _, field := range f.Fields {
			check("the form", field.Label+field.Error)
		}
	}
	for _, c := range b.Commands {
		if c.Kind == backend.Identify {
			s.told++
			continue
		}
		check("a command", c.Text+c.Key+c.Flow+string(c.Session))
	}
}
