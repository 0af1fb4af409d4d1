package chat

import (
	"strings"
	"testing"
	"time"

	"plurachat/protocol"
	"plurachat/widget/backend"
	"plurachat/widget/words"
)

// leads returns the lead data of the batch's commands.
func (s *tester) leads() (records []string) {
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

// The same lead data is initialised once, and other lead data again, over any number of reloads.
func TestLeadDataIsInitialisedOnce(t *testing.T) {
	reload := func(s *tester, o Options) *tester {
		r, ok := parseStored(s.Stored().Text(maxMessages))
		if !ok {
			t.Fatal("the stored form is not read")
		}
		again := begin(t, Config{Options: o, Stored: r, Visible: true, Open: true})
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
	// The same holds without a reload.
	s.identified(other)
	o := s.o
	o.Record = asLead
	s.SetOptions(s.now, o, words.New())
	s.applyBatch()
	if got := s.leads(); len(got) != 1 || got[0] != asLead {
		t.Errorf("a changed attribute: %q", got)
	}
	// A visitor who has filled in the form is not asked again.
	s = begin(t, Config{Options: prechatOptions(), Visible: true, Open: true})
	s.do(Intent{Kind: WantSubmitForm, Text: filledIn})
	s.identified(asLead)
	s = reload(s, prechatOptions())
	if s.last.Screen.Form != nil || s.commands[0] != "connect" {
		t.Errorf("after the form: %q, %+v", s.commands, s.last.Screen.Form)
	}
}

// A new conversation belongs to the same person.
func TestStartNewIdentifiesAgain(t *testing.T) {
	for _, c := range []struct {
		name string
		o    Options
		who  func(s *tester)
	}{
		{"form", prechatOptions(), func(s *tester) { s.do(Intent{Kind: WantSubmitForm, Text: filledIn}) }},
		{"record", Options{Record: asLead}, func(*tester) {}},
		{"identify", Options{}, func(s *tester) { s.do(Intent{Kind: CallIdentify, Text: asLead, Call: 1}) }},
	} {
		s := begin(t, Config{Options: c.o, Visible: true, Open: true})
		c.who(s)
		s.identified(asLead)
		s.commands = nil
		s.do(Intent{Kind: WantNew})
		s.expect(c.name, &s.commands, "new", "identify")
		if got := s.leads(); len(got) != 1 || got[0] != asLead {
			t.Errorf("%s: %q", c.name, got)
		}
		if s.last.Screen.Form != nil {
			t.Errorf("%s: asked again", c.name)
		}
	}
}

// Lead data is in the Identify command and nowhere else: not in the stored state, events, announcements, the screen or
// other commands.
func TestLeadDataStaysWhereItIs(t *testing.T) {
	const secret = "+12025550199"
	const values = `{"first_name":"Quetzalcoatl","last_name":"Featherstonehaugh","email":"q@secret.example","phone":"` + secret + `","budget":"777888999"}`
	private := []string{"Quetzalcoatl", "Featherstonehaugh", "q@secret.example", "2025550199", "777888999"}
	fields := []Field{{Name: "first_name"}, {Name: "last_name"}, {Name: "email"}, {Name: "phone", Required: true}, {Name: "budget"}}
	for _, c := range []struct {
		name string
		o    Options
		who  func(s *tester)
	}{
		{"form", Options{Prechat: fields}, func(s *tester) { s.do(Intent{Kind: WantSubmitForm, Text: values}) }},
		{"record", Options{Record: values}, func(*tester) {}},
		{"identify", Options{}, func(s *tester) { s.do(Intent{Kind: CallIdentify, Text: values, Call: 1}) }},
	} {
		s := &leakTester{tester: begin(t, Config{Options: c.o, Visible: true, Open: true}), private: private, name: c.name}
		s.checkLeaks(&s.last)
		c.who(s.tester)
		s.checkLeaks(&s.last)
		if s.leads == 0 {
			t.Errorf("%s: the backend did not get the lead data", c.name)
		}
		for _, e := range []protocol.Event{
			{Kind: protocol.Refused, Err: &protocol.SessionError{Status: 503}},
			{Kind: protocol.StateChanged, State: protocol.GaveUp},
		} {
			s.event(e)
			s.checkLeaks(&s.last)
		}
		s.do(Intent{Kind: WantIdentify})
		s.checkLeaks(&s.last)
		s.event(protocol.Event{Kind: protocol.Switched, Session: testSession, Flow: instance, Digest: digest(values)})
		s.checkLeaks(&s.last)
		s.event(protocol.Event{Kind: protocol.SessionBegun, Session: testSession, Flow: instance})
		s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Online})
		s.checkLeaks(&s.last)
		s.sends("Hello")
		s.checkLeaks(&s.last)
		s.wait(time.Minute)
		s.do(Intent{Kind: PageHidden})
		s.checkLeaks(&s.last)
		s.do(Intent{Kind: WantNew})
		s.checkLeaks(&s.last)
	}
}

// leakTester searches for lead data where it must not be.
type leakTester struct {
	*tester
	private []string
	name    string
	leads   int
}

func (s *leakTester) checkLeaks(b *Batch) {
	s.Helper()
	check := func(where, text string) {
		for _, p := range s.private {
			if strings.Contains(text, p) {
				s.Errorf("%s: %q is in %s: %s", s.name, p, where, text)
			}
		}
	}
	check("the stored state", s.Stored().Text(maxMessages))
	check("an event", strings.Join(s.emits, "\n"))
	check("what is read out", strings.Join(s.announced, "\n"))
	check("what promises get", strings.Join(s.settled, "\n"))
	check("the notice", b.Screen.Notice.Text)
	if f := b.Screen.Form; f != nil {
		check("the form", f.Intro+f.Consent+f.ConsentError)
		for _, field := range f.Fields {
			check("the form", field.Label+field.Error)
		}
	}
	for _, c := range b.Commands {
		if c.Kind == backend.Identify {
			s.leads++
			continue
		}
		check("a command", c.Text+c.Key+c.Flow+string(c.Session))
	}
}
