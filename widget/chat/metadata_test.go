package chat

import (
	"strings"
	"testing"
	"time"

	"plurachat/protocol"
	"plurachat/widget/backend"
)

func TestCompleted(t *testing.T) {
	for _, c := range []struct{ object, metadata, attribution, want string }{
		{`{"phone":"+1"}`, ``, ``, `{"phone":"+1"}`},
		{`{ "phone" : "+1" }`, `{"plan":"pro","phone":"+2","score":1.50}`, `{"plan":"x","utm_source":"ad \"1\""}`, `{ "phone" : "+1" ,"plan":"pro","score":1.50,"utm_source":"ad \"1\""}`},
		{`{"phone":"+1"}`, `{}`, `{"gclid":"a","deep":{"b":[null,true]}}`, `{"phone":"+1","gclid":"a","deep":{"b":[null,true]}}`},
		{`not JSON`, `{"plan":"pro"}`, ``, `not JSON`},
		{`{}`, `{"plan":"pro"}`, ``, `{}`},
		{`["a"]`, `{"plan":"pro"}`, ``, `["a"]`},
		{`{"phone":"+1"}`, `nonsense`, `[1]`, `{"phone":"+1"}`},
		{`{ "phone" : "\u002b1" }`, ``, ``, `{ "phone" : "\u002b1" }`},
		{`{"phone":"+1","a":null,"b":1,"b":2}`, `{"a":"x","b":3,"c":1,"d":0,"c":2}`, `{"d":1,"e":1}`, `{"phone":"+1","a":null,"b":1,"b":2,"d":0,"c":2,"e":1}`},
	} {
		if got := completed(c.object, c.metadata, c.attribution); got != c.want {
			t.Errorf("%s with %s and %s: %s, want %s", c.object, c.metadata, c.attribution, got, c.want)
		}
	}
}

// TestMetadataCompletesLeads checks that metadata reaches the backend whichever way a session is initialised, that its
// digest is that of the lead data alone, and that it is nowhere else.
func TestMetadataCompletesLeads(t *testing.T) {
	const metadata, attribution, lead = `{"plan":"secret-plan","phone":"+9"}`, `{"utm_source":"secret-ad","plan":"no"}`, `{"phone":"+15550142000"}`
	const want = `{"phone":"+15550142000","plan":"secret-plan","utm_source":"secret-ad"}`
	for name, c := range map[string]struct {
		record, prechat string
		begin           func(*tester)
	}{
		"record":   {lead, "", func(s *tester) { s.do(Intent{Kind: WantOpen}) }},
		"identify": {"", "", func(s *tester) { s.do(Intent{Kind: CallIdentify, Text: lead, Call: 1}) }},
		"form":     {"", "phone", func(s *tester) { s.do(Intent{Kind: WantOpen}); s.do(Intent{Kind: WantSubmitForm, Text: lead}) }},
		"again": {lead, "", func(s *tester) {
			s.do(Intent{Kind: WantOpen})
			s.event(protocol.Event{Kind: protocol.Refused, Err: &protocol.SessionError{Status: 503}})
			s.do(Intent{Kind: WantIdentify})
		}},
		"new": {lead, "", func(s *tester) { s.do(Intent{Kind: WantOpen}); s.do(Intent{Kind: WantNew}) }},
	} {
		t.Run(name, func(t *testing.T) {
			o, warnings := ParseOptions(attributes("metadata", metadata, "attribution", attribution, "record", c.record, "prechat", c.prechat), Page{})
			if len(warnings) > 0 {
				t.Fatal(warnings)
			}
			s := &leakTester{tester: begin(t, Config{Options: o}), private: []string{"secret"}, name: name}
			var last backend.Command
			s.onBatch = func(b *Batch) {
				s.checkLeaks(b)
				for _, cmd := range b.Commands {
					if cmd.Kind == backend.Identify {
						last = cmd
					}
				}
			}
			c.begin(s.tester)
			if last.Text != want || last.Digest != digest(lead) {
				t.Errorf("the backend gets %s with digest %d, want %s and %d", last.Text, last.Digest, want, digest(lead))
			}
			s.wait(time.Minute)
			s.do(Intent{Kind: PageHidden})
		})
	}
}

// TestMetadataStartsNoSession checks that metadata that changes does not initialise another session.
func TestMetadataStartsNoSession(t *testing.T) {
	o := Options{Flow: testFlow, Record: `{"phone":"+15550142000"}`, Metadata: `{"page":"/a"}`}
	s := begin(t, Config{Options: o})
	s.do(Intent{Kind: WantOpen})
	s.event(protocol.Event{Kind: protocol.Switched, Session: testSession, Flow: testFlow, Digest: digest(o.Record)})
	s.commands = nil
	o.Metadata, o.Attribution = `{"page":"/b"}`, `{"utm_source":"x"}`
	s.SetOptions(s.now, o, s.words)
	s.applyBatch()
	if len(s.commands) > 0 {
		t.Errorf("other metadata leads to %q", s.commands)
	}
}

// TestMetadataOfLargeRecords checks that lead data which metadata would make larger than a record may be is sent alone,
// and that the site owner is told once, by the attribute's name only.
func TestMetadataOfLargeRecords(t *testing.T) {
	const added = len(`,"plan":"secret"`)
	for _, c := range []struct {
		size                          int
		metadata, attribution, warned string
		grows                         int
	}{
		{mostRecord - added, `{"plan":"secret"}`, "", "", added},
		{mostRecord - added + 1, `{"plan":"secret"}`, "", "metadata", 0},
		{mostRecord, "", `{"gclid":"secret"}`, "attribution", 0},
		{mostRecord + 1, `{"phone":"secret"}`, "", "", 0}, // there is nothing to add
		{mostRecord + 1, "", "", "", 0},
	} {
		s := begin(t, Config{Options: Options{Metadata: c.metadata, Attribution: c.attribution}})
		warned := ""
		s.onBatch = func(b *Batch) {
			for _, w := range b.Warnings {
				warned += w.Attribute
				if strings.Contains(w.Text(), "secret") {
					t.Error(w.Text())
				}
			}
		}
		for call, filler := range []string{"x", "y"} {
			lead := `{"phone":"+1","note":"` + strings.Repeat(filler, c.size-len(`{"phone":"+1","note":""}`)) + `"}`
			s.do(Intent{Kind: CallIdentify, Text: lead, Call: call})
			for _, cmd := range s.last.Commands {
				if cmd.Kind == backend.Identify && (len(cmd.Text) != c.size+c.grows || c.grows == 0 && cmd.Text != lead) {
					t.Errorf("lead data of %d bytes is sent as %d bytes, want %d", c.size, len(cmd.Text), c.size+c.grows)
				}
			}
		}
		if warned != c.warned {
			t.Errorf("lead data of %d bytes leads to warnings of %q, want %q", c.size, warned, c.warned)
		}
	}
}

func TestLaunchLabelContainsTheText(t *testing.T) {
	for _, c := range [][3]string{
		{"", "", ""}, {"Open chat", "", "Open chat"}, {"", "Ask us", "Ask us"}, {"Please ASK us now", "Ask us", "Please ASK us now"},
		{"Chat with a roofer", "Ask us", "Ask us, Chat with a roofer"},
	} {
		if o, _ := ParseOptions(attributes("launcher-label", c[0], "launcher-text", c[1]), Page{}); o.LaunchLabel != c[2] {
			t.Errorf("label %q and text %q: %q, want %q", c[0], c[1], o.LaunchLabel, c[2])
		}
	}
}

// TestDraftCall checks that draft opens the panel and fills an empty composer, and only that.
func TestDraftCall(t *testing.T) {
	s := begin(t, Config{})
	s.do(Intent{Kind: CallDraft, Text: "My roof\nleaks\x00\x1b[1m\u0085 now", Call: 1})
	if s.last.Screen.Draft != "My roof\nleaks[1m now" || !s.last.Input || !s.last.Screen.Open || s.focus != FocusComposer || s.saves == 0 {
		t.Errorf("%+v, saved %d times", s.last, s.saves)
	}
	for _, command := range s.commands {
		if strings.Contains(command, "typing") || strings.Contains(command, "send") {
			t.Errorf("a draft leads to %q", command)
		}
	}
	s.do(Intent{Kind: WantClose})
	s.do(Intent{Kind: CallDraft, Text: "Another", Call: 2})
	if s.last.Screen.Draft != "My roof\nleaks[1m now" || !s.last.Screen.Open {
		t.Errorf("a second draft: %+v", s.last.Screen)
	}
	s.do(Intent{Kind: WantEdit, Text: "  "})
	s.do(Intent{Kind: CallDraft, Text: "Yes\U000E0049\U000E0067\u200b\u202e please", Call: 5})
	if s.last.Screen.Draft != "Yes please" {
		t.Errorf("a draft with invisible text: %q", s.last.Screen.Draft)
	}
	s.do(Intent{Kind: WantEdit, Text: "  "})
	s.do(Intent{Kind: CallDraft, Text: strings.Repeat("ü", MaxText+1), Call: 3})
	if s.last.Screen.Draft != strings.Repeat("ü", MaxText) {
		t.Errorf("a draft that is too long has %d bytes", len(s.last.Screen.Draft))
	}
	s.do(Intent{Kind: WantEdit})
	s.do(Intent{Kind: CallDraft, Call: 4})
	if s.last.Screen.Draft != "" || len(s.settled) != 5 {
		t.Errorf("an empty draft: %q; settled %q", s.last.Screen.Draft, s.settled)
	}
}

// TestDraftBehindTheForm checks that a message which waits for the form does not count as written text of the composer,
// and that it and the draft stay apart.
func TestDraftBehindTheForm(t *testing.T) {
	s := begin(t, Config{Options: prechatOptions(), Visible: true})
	s.do(Intent{Kind: CallSend, Text: "Hi", Call: 1})
	s.do(Intent{Kind: CallDraft, Text: "My roof leaks", Call: 2})
	s.do(Intent{Kind: CallDraft, Text: "Another", Call: 3})
	if s.last.Screen.Form == nil || len(s.settled) != 2 {
		t.Errorf("form %v; settled %q", s.last.Screen.Form, s.settled)
	}
	s.do(Intent{Kind: WantSubmitForm, Text: filledIn})
	s.commands = nil
	s.identified(asLead)
	if sent := strings.Join(s.commands, "|"); !strings.Contains(sent, " Hi") || strings.Contains(sent, "roof") || s.Stored().Draft != "My roof leaks" {
		t.Errorf("after the form: commands %q, draft %q", sent, s.Stored().Draft)
	}
}

// TestWritten checks when the visitor has written in the current conversation.
func TestWritten(t *testing.T) {
	s := begin(t, Config{})
	is := func(want bool, after string) {
		t.Helper()
		if got := s.screen().Written; got != want {
			t.Errorf("after %s: %t", after, got)
		}
	}
	add := func(key string, kind protocol.Kind) {
		s.event(protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Key: key, Kind: kind, Text: key, At: s.now}})
	}
	is(false, "the start")
	add("a", protocol.Agent)
	is(false, "the greeting")
	add("v", protocol.Visitor)
	is(true, "a message")
	add("e", protocol.Ended)
	is(true, "the end")
	add("f", protocol.Fresh)
	is(false, "a new conversation")

	s = begin(t, Config{Options: Options{Prechat: []Field{{Name: "phone", Required: true}}}})
	s.do(Intent{Kind: WantOpen})
	s.do(Intent{Kind: CallSend, Text: "Hi", Call: 1})
	is(true, "a message that waits for the form")
}

// TestWrittenHasNoGap checks that the screen does not change back between a message's sending and its entry.
func TestWrittenHasNoGap(t *testing.T) {
	s := begin(t, Config{Options: prechatOptions(), Visible: true})
	s.do(Intent{Kind: WantOpen})
	s.do(Intent{Kind: CallSend, Text: "Hi", Call: 1})
	s.onBatch = func(b *Batch) {
		if !b.Screen.Written {
			t.Error("a sent message does not count")
		}
	}
	s.do(Intent{Kind: WantSubmitForm, Text: filledIn})
	s.identified(asLead) // sends
	s.do(Intent{Kind: Scrolled, On: true})
	add := func(key string, kind protocol.Kind, state protocol.Delivery) {
		s.event(protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Key: key, Kind: kind, State: state, Text: key, At: s.now}})
	}
	add("v1", protocol.Visitor, protocol.Sending)
	s.onBatch = nil
	s.event(protocol.Event{Kind: protocol.GivenUp, Key: "v1", Reason: "x"})
	s.event(protocol.Event{Kind: protocol.Removed, Key: "v1"})
	if s.last.Screen.Written {
		t.Error("a removed message still counts")
	}
	s.sends("Hello")
	if !s.last.Screen.Written {
		t.Error("a message of the composer does not count")
	}
	add("f", protocol.Fresh, 0)
	if s.last.Screen.Written {
		t.Error("a message above the divider counts")
	}
	s.do(Intent{Kind: WantSend, Text: "Again"})
	if !s.last.Screen.Written {
		t.Error("a message below the divider does not count")
	}
	s.event(protocol.Event{Kind: protocol.Forgotten})
	if s.last.Screen.Written {
		t.Error("a forgotten conversation counts")
	}
}
