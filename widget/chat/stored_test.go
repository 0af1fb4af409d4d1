//go:build !js

package chat

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"plurachat/protocol"
	"plurachat/widget/backend"
	"plurachat/widget/words"
)

// savingPage is a page that carries out each batch in the order that [Batch] documents, and may be closed after any
// step. stored is what the next page loads.
type savingPage struct {
	*tester
	stored  Memory
	archive *Archive
	unsaved bool
	lag     bool // do not draw
}

func beginStored(t *testing.T, c Config) *savingPage {
	s := &savingPage{stored: Memory{}}
	s.tester = begin(t, c)
	s.archive = &Archive{Store: s.stored, Flow: testFlow}
	s.save()
	s.onBatch = s.carryOut
	return s
}

// next returns the state that the next page would load.
func (s *savingPage) next() *Stored {
	s.Helper()
	r := (&Archive{Store: s.stored, Flow: testFlow}).Load(s.now)
	return &r
}

// save stores the state.
func (s *savingPage) save() {
	s.Helper()
	if !s.archive.Save(s.Stored()) {
		s.Error("the state is not stored")
	}
	s.unsaved = false
}

func (s *savingPage) carryOut(b *Batch) {
	s.Helper()
	if b.Save {
		s.save()
	}
	s.unsaved = s.unsaved || b.SaveLater && !b.Save
	for _, c := range b.Commands {
		switch c.Kind {
		case backend.Send:
			if strings.Contains(s.next().Draft, c.Text) {
				s.Errorf("%q is sent, but is still in the stored draft", c.Text)
			}
		case backend.Adopt:
			if s.next().Given != digest(string(c.Session)) {
				s.Error("a session is adopted before that is stored")
			}
		}
	}
	if !s.lag {
		s.drawn()
	}
}

// drawn stores the state if it is unsaved, as a view does before it draws.
func (s *savingPage) drawn() {
	s.Helper()
	if s.unsaved {
		s.save()
	}
	kept, live := s.next(), s.Stored()
	show := func(r *Stored) string {
		text := fmt.Sprint(r.Conversation.Session, r.Conversation.Owner, r.Read, r.Sound)
		for _, e := range r.Conversation.Entries {
			text += fmt.Sprint("\n", e.Kind, e.State, e.Key, e.ID, e.Text)
		}
		return text
	}
	if got, want := show(kept), show(live); got != want {
		s.Errorf("what is drawn is not what is stored\n%s\nbut\n%s", want, got)
	}
}

// Everything is stored before it is sent or drawn: after a reload the visitor sees at least what they saw before, and
// nothing is sent twice.
func TestStoredBeforeSentAndDrawn(t *testing.T) {
	for _, visible := range []bool{true, false} {
		s := beginStored(t, Config{Visible: visible, Open: true, Options: Options{Prechat: prechatOptions().Prechat, Country: "US"}})
		s.do(Intent{Kind: CallSend, Text: "before the form"})
		if s.next().Draft != "before the form\n" {
			t.Errorf("while a message waits for the form, the next page has the draft %q", s.next().Draft)
		}
		s.do(Intent{Kind: WantSubmitForm, Text: filledIn})
		s.identified(asLead)
		s.online()
		first, second := s.sends("first"), s.sends("second")
		s.do(Intent{Kind: WantEdit, Text: "slowly typed"})
		s.wait(time.Second) // the draft is stored
		s.do(Intent{Kind: WantSend, Text: "slowly typed"})
		s.event(protocol.Event{Kind: protocol.Acknowledged, Key: first, ID: "m1"})
		s.event(protocol.Event{Kind: protocol.GivenUp, Key: second, Reason: "no answer"})
		s.event(protocol.Event{Kind: protocol.Retried, Key: second})
		s.event(protocol.Event{Kind: protocol.Answered, Key: second})
		s.event(protocol.Event{Kind: protocol.GivenUp, Key: s.sends("third"), Reason: "no answer"})
		s.event(protocol.Event{Kind: protocol.Removed, Key: s.rows[len(s.rows)-1].Key})
		s.says("an answer")
		s.event(protocol.Event{Kind: protocol.Renamed, Key: s.rows[0].Key, ID: "another id"})
		s.event(protocol.Event{Kind: protocol.OwnerNamed, Owner: protocol.Owner{Name: "Kim"}})
		s.agent(protocol.Entry{Kind: protocol.Ended, At: s.now})
		s.do(Intent{Kind: WantSound})
		s.event(protocol.Event{Kind: protocol.SessionBegun, Session: "webchat-session.00000000-0000-4000-8000-000000000000"})
		o := s.o
		o.Session = testSession
		s.SetOptions(s.now, o, words.New())
		s.applyBatch()
	}
}

// What the server knows too is stored once for a burst. Other changes are stored at once. A hidden tab may be closed
// without an event, and stores everything at once.
func TestBurstIsStoredOnce(t *testing.T) {
	for _, visible := range []bool{true, false} {
		s := beginStored(t, Config{Visible: visible, Open: true})
		s.online()
		s.lag, s.saves = true, 0
		for i := range 10 {
			s.says(fmt.Sprint("message ", i))
		}
		if s.saves != map[bool]int{true: 0, false: 10}[visible] {
			t.Errorf("visible %v: stored %d times in a burst", visible, s.saves)
		}
		if !visible && len(s.next().Conversation.Entries) != 11 {
			t.Errorf("a hidden tab that ends now has stored %d messages", len(s.next().Conversation.Entries))
		}
		s.saves = 0
		key := s.sends("mine")
		if s.next().Conversation.Index(key) < 0 || s.saves == 0 {
			t.Error("what only this device knows is not stored at once")
		}
		s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Reconnecting})
		s.saves = 0
		s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Offline})
		s.event(protocol.Event{Kind: protocol.Ignored, Err: errors.New("an unknown frame")})
		s.event(protocol.Event{Kind: protocol.Reported, Err: errors.New("overloaded")})
		if s.saves > 0 {
			t.Error("what changes nothing is stored")
		}
		s.lag = false
		s.drawn()
	}
}

// A draft is stored half a second after a key press, and at once when the page may be closed: phones close hidden
// pages.
func TestDraftIsStored(t *testing.T) {
	s := beginStored(t, Config{Visible: true, Open: true})
	for name, leave := range map[string]func(){
		"in time":    func() { s.wait(time.Millisecond) },
		"hiding":     func() { s.do(Intent{Kind: TabShown}) },
		"going away": func() { s.do(Intent{Kind: PageHidden}) },
	} {
		s.do(Intent{Kind: TabShown, On: true})
		s.do(Intent{Kind: WantEdit, Text: name})
		s.wait(499 * time.Millisecond)
		if s.next().Draft == name {
			t.Errorf("%s: each key press is stored", name)
		}
		if name == "in time" {
			s.do(Intent{Kind: WantEdit, Text: name}) // further typing restarts the delay
			s.wait(499 * time.Millisecond)
			if s.next().Draft == name {
				t.Errorf("%s: each key press is stored", name)
			}
		}
		leave()
		if s.next().Draft != name {
			t.Errorf("%s: the next page has the draft %q", name, s.next().Draft)
		}
		s.saves = 0
		s.wait(time.Hour)
		if s.saves > 0 {
			t.Errorf("%s: stored again %d times", name, s.saves)
		}
	}
	s.do(Intent{Kind: WantEdit, Text: "send me"})
	s.do(Intent{Kind: WantSend, Text: "send me"})
	if s.next().Draft != "" || !s.last.Input || s.last.Screen.Draft != "" {
		t.Errorf("after sending, the next page has the draft %q", s.next().Draft)
	}
}

// A page that is back from the back/forward cache has the draft that a later page has stored, or none if a later page has
// sent it. It keeps its own draft if that is what is stored, if it is too long to be stored, if the visitor has typed
// since, or if it contains messages that wait for the form.
func TestDraftOfALaterPage(t *testing.T) {
	long := strings.Repeat("x", maxDraft+1)
	for _, c := range []struct{ first, later, want string }{
		{"half a sen", "half a sentence", "half a sentence"},
		{"half a sen", "", "half a sen"}, // the later page may have sent another draft
		{"half a sen ", "sent", ""},
		{"", "anew", "anew"},
		{"half a sen", "half a sen", "half a sen"},
		{long, long + "!", long},
	} {
		s := beginStored(t, Config{Visible: true, Open: true})
		s.do(Intent{Kind: WantEdit, Text: c.first})
		s.do(Intent{Kind: PageHidden})
		s.onBatch = nil // from here on, another page stores
		later := Archive{Store: s.stored, Flow: testFlow}
		r := later.Load(s.now)
		if r.Draft = c.later; c.later == "sent" {
			r.Draft = ""
			r.Conversation.Entries = []protocol.Entry{{Key: "k", Kind: protocol.Visitor, Text: "half a sen"}}
		}
		later.Save(&r)
		for range 2 { // nothing is new the second time
			if draft, changed := s.archive.ChangedDraft(); changed {
				s.ReplaceDraft(draft)
			}
			s.applyBatch()
			if s.last.Screen.Draft != c.want {
				t.Errorf("%.20q, then %.20q: the draft is %.20q", c.first, c.later, s.last.Screen.Draft)
			}
		}
	}
	s := begin(t, Config{Visible: true, Open: true})
	s.do(Intent{Kind: WantEdit, Text: "typed"})
	if s.ReplaceDraft("stored"); s.Stored().Draft != "typed" {
		t.Errorf("what was just typed is replaced by %q", s.Stored().Draft)
	}
	s = begin(t, Config{Options: prechatOptions(), Stored: Stored{Draft: "and al"}, Visible: true, Open: true})
	s.do(Intent{Kind: CallSend, Text: "My roof leaks", Call: 1})
	s.ReplaceDraft("and also")
	if draft := s.Stored().Draft; draft != "My roof leaks\nand al" {
		t.Errorf("with a message that waits, the draft is %q", draft)
	}
}

// A draft of a visitor who has not written yet expires like a conversation. Without the draft, the state has no time.
func TestDraftExpires(t *testing.T) {
	s := beginStored(t, Config{Visible: true})
	s.do(Intent{Kind: WantEdit, Text: "half a sen"})
	s.do(Intent{Kind: LeftComposer})
	if at := s.next().At; !at.Equal(s.now) {
		t.Errorf("the time of the draft is %v", at)
	}
	a := Archive{Store: s.stored, Flow: testFlow}
	if r := a.Load(s.now.Add(31 * 24 * time.Hour)); r.Draft != "" || len(s.stored) > 0 {
		t.Errorf("after 31 days, the draft is %q", r.Draft)
	}
	s.do(Intent{Kind: WantEdit})
	s.do(Intent{Kind: LeftComposer})
	if at := s.next().At; !at.IsZero() {
		t.Errorf("without the draft, the time is %v", at)
	}
	// A session that was handed over has no time.
	s = beginStored(t, Config{Visible: true, Stored: Stored{Conversation: protocol.Conversation{Session: testSession}}})
	s.do(Intent{Kind: WantEdit, Text: "half a sen"})
	s.do(Intent{Kind: LeftComposer})
	if at := s.next().At; !at.Equal(s.now) {
		t.Errorf("the time of the draft in a session without messages is %v", at)
	}
}

// A tab whose visibility has not changed has nothing to do.
func TestHiddenTwice(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.commands, s.saves = nil, 0
	s.do(Intent{Kind: TabShown, On: true})
	s.expect("shown", &s.commands)
	s.do(Intent{Kind: TabShown})
	s.expect("hidden", &s.commands, "attend false")
	s.do(Intent{Kind: TabShown})
	if s.saves != 1 {
		t.Errorf("stored %d times, want once", s.saves)
	}
	s.do(Intent{Kind: TabShown, On: true})
	s.expect("shown again", &s.commands, "wake", "attend true")
	if s.saves != 1 {
		t.Error("what is not new is stored as the tab is shown")
	}
	s.do(Intent{Kind: PageHidden})
	s.expect("left", &s.commands, "suspend")
	s.do(Intent{Kind: PageBack})
	s.expect("back", &s.commands, "wake")
	s.do(Intent{Kind: NetworkIsUp, On: true})
	s.expect("network", &s.commands, "network true")
}

// A sound is played if the panel is closed or the tab hidden, and sound is on: by the visitor's choice, or else the
// site owner's.
func TestSound(t *testing.T) {
	for _, c := range []struct {
		open, visible, owner bool
		visitor              Choice
		replayed             bool
		want                 bool
	}{
		{open: true, visible: true, owner: true},
		{open: true, visible: false, owner: true, want: true},
		{open: false, visible: true, owner: true, want: true},
		{open: false, visible: false, owner: true, want: true},
		{open: true, visible: false},
		{open: true, visible: false, visitor: Yes, want: true},
		{open: true, visible: false, owner: true, visitor: No},
		{open: true, visible: false, owner: true, replayed: true}, // it is not new
	} {
		s := begin(t, Config{Visible: c.visible, Open: c.open, Stored: Stored{Sound: c.visitor}, Options: Options{Sound: c.owner}})
		e := protocol.Entry{Text: "Hi", At: s.now}
		if c.replayed {
			e.At = time.Time{}
		}
		s.agent(e)
		if s.last.Sound != c.want {
			t.Errorf("%+v: sound %v", c, s.last.Sound)
		}
		// One of several messages in a batch is enough.
		s.Event(s.now, protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Key: "x", Text: "x", At: s.now}})
		s.Event(s.now, protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Key: "y", Text: "y"}})
		s.applyBatch()
		if c.replayed {
			continue
		}
		if s.last.Sound != c.want {
			t.Errorf("%+v: sound %v of two", c, s.last.Sound)
		}
	}
	s := begin(t, Config{Visible: true, Open: true})
	s.do(Intent{Kind: WantSound})
	if s.last.SoundChoice != Yes || !s.last.Screen.SoundOn || s.saves == 0 {
		t.Error("the sound is not on")
	}
	s.do(Intent{Kind: WantSound})
	if s.last.SoundChoice != No || s.last.Screen.SoundOn || s.Stored().Sound != No {
		t.Error("the sound is not off")
	}
	// A choice in another tab is stored here too, but not passed on again.
	for _, on := range []bool{true, false} {
		s.SoundChosenElsewhere(on)
		s.applyBatch()
		if s.last.Screen.SoundOn != on || s.last.SoundChoice != NoChoice || !s.last.SaveLater {
			t.Errorf("another tab has chosen %v: %+v", on, s.last)
		}
	}
}

// The API's transcript leaves out messages that the server has not acknowledged.
func TestWhatTheNextPageShows(t *testing.T) {
	s := beginStored(t, Config{Visible: true, Open: true})
	s.online()
	s.event(protocol.Event{Kind: protocol.GivenUp, Key: s.sends("lost"), Reason: "no answer"})
	s.sends("under way")
	s.event(protocol.Event{Kind: protocol.Acknowledged, Key: s.sends("sent"), ID: "m"})
	s.agent(protocol.Entry{Kind: protocol.Fresh, At: s.now})
	back := begin(t, Config{Visible: true, Open: true, Stored: *s.next()})
	if !slices.Equal(back.rows, s.rows) {
		t.Errorf("the next page shows\n%+v\nnot\n%+v", back.rows, s.rows)
	}
	for _, m := range []*tester{s.tester, back} {
		var said []string
		for _, m := range m.Transcript() {
			said = append(said, m.From+" "+m.Text)
		}
		if got := strings.Join(said, ", "); got != "agent Hi! How can I help you today?, visitor sent" {
			t.Errorf("the page's script gets %q", got)
		}
	}
}
