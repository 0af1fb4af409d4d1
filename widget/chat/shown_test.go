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
)

// stored is a record of a conversation: "a" stands for an agent's message, "s" for one of the visitor's that was sent, "…"
// for one that is under way.
func stored(shape string) Record {
	r := Record{At: start, Conversation: protocol.Conversation{Session: testSession, Flow: testFlow}}
	for i, c := range []rune(shape) {
		e := protocol.Entry{Key: fmt.Sprint("k", i), ID: fmt.Sprint("id", i), Text: fmt.Sprint("text ", i), At: start.Add(time.Duration(i) * time.Second)}
		if c != 'a' {
			e.Kind = protocol.Visitor
		}
		if c == '…' {
			e.State = protocol.Sending
		}
		r.Conversation.Entries = append(r.Conversation.Entries, e)
	}
	return r
}

// Looking at a page begins nothing; a stored conversation, or what was not sent of it, is taken up, and so is one that the
// owner or the visitor has opened. An inline chat waits to be touched, unless the owner says open.
func TestWhatBeginsAConnection(t *testing.T) {
	unsent := stored("…")
	unsent.Conversation.Session = ""
	for name, c := range map[string]struct {
		config Config
		want   bool
	}{
		"a page":                  {Config{Visible: true}, false},
		"a draft":                 {Config{Visible: true, Record: Record{Draft: "x"}}, false},
		"a stored conversation":   {Config{Visible: true, Record: stored("")}, true},
		"what was not sent":       {Config{Visible: true, Record: unsent}, true},
		"an open panel":           {Config{Visible: true, Open: true}, true},
		"the attribute":           {Config{Visible: true, Options: Options{Open: true}}, true},
		"inline":                  {Config{Visible: true, Options: Options{Inline: true}}, false},
		"inline, open":            {Config{Visible: true, Options: Options{Inline: true, Open: true}}, true},
		"inline, opened before":   {Config{Visible: true, Open: true, Options: Options{Inline: true}}, false},
		"inline and stored":       {Config{Visible: true, Record: stored("a"), Options: Options{Inline: true}}, true},
		"in a hidden tab, stored": {Config{Record: stored("a")}, true},
	} {
		s := begin(t, c.config)
		if got := slices.Contains(s.commands, "connect"); got != c.want {
			t.Errorf("%s: connects %v", name, got)
		}
		// The page has been told that a chat is loading: it is told the end of it at once.
		if got := slices.Contains(s.emits, "status state=idle"); got == c.want {
			t.Errorf("%s: tells %q", name, s.emits)
		}
	}
}

// Whoever comes back sees the first message that they have not read, or the end.
func TestWhereTheLogBegins(t *testing.T) {
	for _, c := range []struct {
		shape, read string
		open        bool
		want        Scroll
		unread      int
	}{
		{"asa", "", true, Scroll{ScrollTo, "k0"}, 0},
		{"asa", "k0", true, Scroll{ScrollTo, "k2"}, 0},
		{"asaa", "k0", true, Scroll{ScrollTo, "k2"}, 0},
		{"asa", "k2", true, Scroll{Kind: ScrollEnd}, 0},
		{"asa", "k0", false, Scroll{Kind: ScrollEnd}, 1},
		{"asa", "", false, Scroll{Kind: ScrollEnd}, 2},
		{"asa", "k2", false, Scroll{Kind: ScrollEnd}, 0},
		{"ss", "", true, Scroll{Kind: ScrollEnd}, 0},
		{"asas", "k2", false, Scroll{Kind: ScrollEnd}, 0},
	} {
		r := stored(c.shape)
		r.Read = c.read
		s := begin(t, Config{Visible: true, Open: c.open, Record: r})
		if s.scroll != c.want || s.last.Screen.Unread != c.unread {
			t.Errorf("%s, read up to %q: scroll %+v, unread %d", c.shape, c.read, s.scroll, s.last.Screen.Unread)
		}
	}
	// In a hidden tab nothing is read, however open the panel is.
	s := begin(t, Config{Open: true, Record: stored("a")})
	if s.last.Screen.Unread != 1 || s.last.Screen.InTitle != 1 {
		t.Errorf("in a hidden tab: %+v", s.last.Screen)
	}
}

// A badge has room for two digits.
func TestBadge(t *testing.T) {
	for n, want := range map[int]string{1: "1", 99: "99", 100: "99+", 250: "99+"} {
		s := begin(t, Config{Visible: true, Record: stored(strings.Repeat("a", n))})
		if sc := s.last.Screen; sc.Badge != want || sc.Unread != n || sc.InTitle != 0 || sc.Launcher != "Open chat, "+map[bool]string{true: "1 unread message", false: fmt.Sprint(n, " unread messages")}[n == 1] {
			t.Errorf("%d unread: %q, %q", n, sc.Badge, sc.Launcher)
		}
	}
	s := begin(t, Config{Visible: true, Options: Options{LaunchLabel: "Ask us"}})
	if got := s.last.Screen.Launcher; got != "Ask us" {
		t.Errorf("the launcher is called %q", got)
	}
	s.do(Intent{Kind: WantOpen})
	if got := s.last.Screen.Launcher; got != "Close chat" {
		t.Errorf("the launcher of an open panel is called %q", got)
	}
}

// What is waited for ends at its time and not before, whatever else is waited for.
func TestTimesOfAChat(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	s.event(protocol.Event{Kind: protocol.Acknowledged, Key: s.sends("Hello?")})
	s.wait(time.Second)
	s.do(Intent{Kind: WantEdit, Text: "x"})
	at, dots := s.now, func() bool { return s.last.Screen.Dots != "" }
	for _, c := range []struct {
		at      time.Duration
		typing  bool
		waiting bool
	}{
		{2999 * time.Millisecond, true, true}, {3 * time.Second, false, true}, {29*time.Second - time.Millisecond, false, true}, {29 * time.Second, false, false},
	} {
		s.wait(at.Add(c.at).Sub(s.now))
		if typing := s.commands[len(s.commands)-1] == "typing true"; typing != c.typing || dots() != c.waiting {
			t.Errorf("after %v: typing %v, dots %v", c.at, typing, dots())
		}
	}
	// Now only midnight is left.
	if got, want := s.Next(), time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("next is %v, want %v", got, want)
	}
	s.Tick(s.now)
	if b := s.Take(s.now); b.Save || len(b.Commands)+len(b.Rows) > 0 {
		t.Errorf("nothing is due, and yet: %+v", b)
	}
}

// Who has written is told once, by whoever is the owner of the page; what ends the wait for them ends it for good.
func TestDotsSayWhoIsWaitedFor(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Online})
	key := s.sends("Hello?")
	s.do(Intent{Kind: Scrolled})
	s.event(protocol.Event{Kind: protocol.Acknowledged, Key: key})
	if s.last.Screen.Dots != "Assistant is typing…" || s.scroll.Kind != ScrollStay {
		t.Errorf("%q, scroll %+v", s.last.Screen.Dots, s.scroll)
	}
	s.do(Intent{Kind: Scrolled, On: true})
	s.event(protocol.Event{Kind: protocol.Acknowledged, Key: s.sends("Hello again?")})
	if s.scroll.Kind != ScrollEnd {
		t.Error("the dots are out of view")
	}
	s.do(Intent{Kind: WantNew})
	if s.last.Screen.Dots != "" {
		t.Error("in a new conversation, the answer to the old one is waited for")
	}
}

// A second acknowledgement of a message that was written twice is none.
func TestAcknowledgedTwice(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	key := s.sends("Hello?")
	s.event(protocol.Event{Kind: protocol.Acknowledged, Key: key, ID: "m"})
	s.says("Yes?")
	s.emits = nil
	s.event(protocol.Event{Kind: protocol.Acknowledged, Key: key, ID: "m"})
	s.event(protocol.Event{Kind: protocol.Acknowledged, Key: "of nothing", ID: "m"})
	s.event(protocol.Event{Kind: protocol.GivenUp, Key: "of nothing", Reason: "no answer"})
	s.happened("again", &s.emits)
	if s.last.Screen.Dots != "" {
		t.Error("dots for an answered message")
	}
}

// A reset forgets what the page knew, and tells everybody who waits; the visitor's choice of sound is theirs.
func TestResetForgets(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true, Record: Record{Sound: No, Teaser: true, Given: 7}})
	s.online()
	s.do(Intent{Kind: CallSend, Text: "one", Call: 1})
	s.do(Intent{Kind: CallIdentify, Text: asLead, Call: 2})
	s.do(Intent{Kind: CallReset, Call: 3})
	s.event(protocol.Event{Kind: protocol.Acknowledged, Key: s.sends("Hello?")})
	s.do(Intent{Kind: WantEdit, Text: "half"})
	s.do(Intent{Kind: Scrolled})
	s.says("more")
	s.commands, s.emits, s.settled = nil, nil, nil
	s.event(protocol.Event{Kind: protocol.Forgotten})
	s.happened("reset", &s.settled, "1 the conversation was reset[]", "2 the conversation was reset[]", "3 []")
	s.happened("reset", &s.commands, "connect")
	s.happened("reset", &s.emits, "reset")
	r := s.Record()
	if sc := s.last.Screen; !s.last.Input || sc.Draft != "" || sc.Dots != "" || sc.Jump != "" || sc.Begun || !s.last.Forget {
		t.Errorf("after a reset: %+v", sc)
	}
	if r.Sound != No || !r.Teaser || r.Given != 0 || r.Read != "" || !r.At.IsZero() {
		t.Errorf("after a reset the record is %+v", r)
	}
	if next := s.Next(); next.Sub(s.now) < time.Hour {
		t.Errorf("after a reset, something is waited for: %v", next.Sub(s.now))
	}
	s.says("Hi again")
	if s.scroll.Kind != ScrollTo {
		t.Error("the new conversation is not followed")
	}
	// What was promised before is settled, and stays so.
	theirs := s.Record().Conversation.Clone()
	s.Sync(s.now, &backend.Snapshot{Conversation: theirs})
	s.event(protocol.Event{Kind: protocol.Acknowledged, Key: "v1", ID: "m"})
	s.happened("later", &s.settled)
	s.do(Intent{Kind: Scrolled})
	if s.last.Screen.Jump != "" {
		t.Error("what was below before the reset is told of after it")
	}
	// In a closed panel nothing begins anew.
	s.do(Intent{Kind: WantClose})
	s.commands = nil
	s.event(protocol.Event{Kind: protocol.Forgotten})
	s.happened("closed", &s.commands)
}

// The states tell the page once, with the reason where there is one, and the typing frame goes with the connection.
func TestStatesAreTold(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	s.do(Intent{Kind: WantEdit, Text: "x"})
	s.commands, s.emits = nil, nil
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Online})
	s.happened("the same", &s.emits)
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Reconnecting})
	s.happened("another one", &s.emits, "status state=reconnecting")
	s.wait(time.Minute)
	s.happened("without a connection", &s.commands)
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.GaveUp, Err: errors.New("why")})
	s.happened("the end", &s.emits, "status state=failed reason=why", "error code=failed message=why")
	if n := s.last.Screen.Notice; n.Text != s.words.Get("sessionFailed") || n.Button != "Try again" || n.Want != WantConnect || n.Final {
		t.Errorf("notice %+v", n)
	}
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Connecting})
	s.emits = nil
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.GaveUp})
	s.happened("told already", &s.emits, "status state=failed")
}

// A wish for a connection is none where there is one, and takes away the notice that asked for it, but no other.
func TestWantingAConnection(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	s.commands = nil
	s.do(Intent{Kind: WantConnect})
	s.do(Intent{Kind: WantOpen})
	s.happened("online", &s.commands)
	s = begin(t, Config{Visible: true, Open: true})
	s.do(Intent{Kind: CallIdentify, Text: asLead, Call: 1})
	s.refusal(401)
	if n := s.last.Screen.Notice; !n.Final || n.Text != s.words.Get("unavailable") {
		t.Errorf("notice %+v", n)
	}
	s.do(Intent{Kind: WantConnect})
	if s.last.Screen.Notice.Text == "" {
		t.Error("the notice that nothing is to be had is taken away by trying again")
	}
}

// The panel opens and closes once, and takes the keyboard along, unless it was the page that did it.
func TestOpeningAndClosing(t *testing.T) {
	s := begin(t, Config{Visible: true})
	s.emits = nil
	for _, c := range []struct {
		do    Intent
		open  bool
		focus Focus
		told  []string
	}{
		{Intent{Kind: WantToggle}, true, FocusComposer, []string{"open"}},
		{Intent{Kind: WantOpen}, true, FocusComposer, nil},
		{Intent{Kind: WantOpen, Quiet: true}, true, FocusNone, nil},
		{Intent{Kind: WantToggle}, false, FocusLauncher, []string{"close"}},
		{Intent{Kind: WantClose}, false, FocusNone, nil},
		{Intent{Kind: WantOpen, Quiet: true}, true, FocusNone, []string{"open"}},
		{Intent{Kind: WantClose, Quiet: true}, false, FocusNone, []string{"close"}},
	} {
		s.do(c.do)
		if s.last.Screen.Open != c.open || s.focus != c.focus {
			t.Errorf("%+v: open %v, focus %v", c.do, s.last.Screen.Open, s.focus)
		}
		s.happened(fmt.Sprint(c.do), &s.emits, c.told...)
	}
	// What was asked in the panel is not asked when it opens again; typing ends with it.
	s.do(Intent{Kind: WantOpen})
	s.online()
	s.do(Intent{Kind: WantMenu, On: true})
	s.do(Intent{Kind: WantEdit, Text: "x"})
	s.do(Intent{Kind: WantAsk, Ask: AskEnd})
	if s.last.Screen.Menu || s.last.Screen.Ask != AskEnd {
		t.Errorf("asked: %+v", s.last.Screen)
	}
	s.do(Intent{Kind: WantMenu, On: true})
	s.commands = nil
	s.do(Intent{Kind: WantClose})
	s.happened("closed", &s.commands, "typing false", "attend false")
	s.do(Intent{Kind: WantOpen})
	if sc := s.last.Screen; sc.Menu || sc.Ask != AskNothing {
		t.Errorf("opened again: %+v", sc)
	}
	if s.scroll.Kind != ScrollEnd {
		t.Errorf("opened with nothing unread: scroll %+v", s.scroll)
	}
}

// The menu closes with what is chosen, and what cannot be undone is asked first.
func TestMenu(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	s.commands = nil
	s.do(Intent{Kind: WantMenu, On: true})
	if !s.last.Screen.Menu {
		t.Error("the menu is closed")
	}
	s.do(Intent{Kind: WantDownload})
	if s.last.Screen.Menu || !s.last.Download {
		t.Error("nothing to download, or the menu is open")
	}
	for _, c := range []struct {
		ask  AskKind
		yes  bool
		want []string
		open bool
	}{
		{AskNew, false, nil, true}, {AskNew, true, []string{"new"}, true}, {AskEnd, false, nil, true}, {AskEnd, true, []string{"reset", "attend false"}, false},
	} {
		s.do(Intent{Kind: WantAsk, Ask: c.ask})
		s.happened("asked", &s.commands)
		s.do(Intent{Kind: WantAnswer, On: c.yes})
		s.happened(fmt.Sprint(c), &s.commands, c.want...)
		if sc := s.last.Screen; sc.Ask != AskNothing || sc.Open != c.open || c.open && s.focus != FocusComposer {
			t.Errorf("%v: %+v, focus %v", c, sc, s.focus)
		}
		s.do(Intent{Kind: WantAnswer, On: true})
		s.happened("answered again", &s.commands)
	}
}

// A transcript as a file says who said what, when by the visitor's clock, and what was not sent.
func TestTranscriptAsAFile(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true, Offset: func(time.Time) int { return 2 * 3600 }})
	if got := s.TranscriptText(); got != "Chat transcript\n\n" {
		t.Errorf("of nothing: %q", got)
	}
	s.online()
	s.agent(protocol.Entry{Text: "**bold** [a](https://a.b)"})
	s.event(protocol.Event{Kind: protocol.GivenUp, Key: s.sends("**mine**"), Reason: "no answer"})
	s.agent(protocol.Entry{Kind: protocol.Dropped, At: s.now})
	s.agent(protocol.Entry{Kind: protocol.Ended, At: s.now})
	s.agent(protocol.Entry{Kind: protocol.Fresh, At: s.now})
	s.event(protocol.Event{Kind: protocol.Acknowledged, Key: s.sends("sent"), ID: "m"})
	const want = "Chat transcript: Flow Tester\n\n" +
		"[2026-03-02 12:00] Maya:\nHi! How can I help you today?\n\n" +
		"Flow Tester:\nbold a (https://a.b)\n\n" +
		"[2026-03-02 12:00] You (Not sent):\n**mine**\n\n" +
		"A message was too large to show.\n\n" +
		"--- Conversation ended ---\n\n--- New conversation ---\n\n" +
		"[2026-03-02 12:00] You:\nsent\n\n"
	if got := s.TranscriptText(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// What another tab knows is drawn if it is different, and settles what this one's page was promised.
func TestSyncSettles(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	s.now = s.now.Add(time.Second)
	for i, text := range []string{"sent", "failed", "gone", "under way"} {
		s.do(Intent{Kind: CallSend, Text: text, Call: i + 1})
		s.event(protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Key: fmt.Sprint("v", i+1), Kind: protocol.Visitor, State: protocol.Sending, Text: text, At: s.now}})
	}
	same := &backend.Snapshot{Conversation: s.Record().Conversation.Clone()}
	s.Sync(s.now, same)
	s.take()
	s.happened("nothing new", &s.settled)
	if len(s.last.Rows) > 0 {
		t.Errorf("what is the same is drawn anew: %d patches", len(s.last.Rows))
	}
	s.emits = nil
	theirs := s.Record().Conversation.Clone()
	theirs.Entries[1].State, theirs.Entries[1].ID = protocol.Sent, "m1"
	theirs.Entries[2].State, theirs.Entries[2].Reason = protocol.Failed, "no answer"
	s.Record().Conversation.Entries[3].State = protocol.Sent // taken out by the other tab
	theirs.Entries = slices.Delete(theirs.Entries, 3, 4)
	s.Sync(s.now, &backend.Snapshot{Conversation: theirs, State: protocol.Offline})
	s.take()
	slices.Sort(s.settled)
	s.happened("from another tab", &s.settled, "1 [{id m1}]", "2 no answer[]", "3 the conversation was reset[]")
	s.happened("from another tab", &s.emits, "status state=offline")
	if len(s.rows) != 4 || s.scroll.Kind != ScrollEnd || s.last.Screen.Status != "You are offline" {
		t.Errorf("%d rows, scroll %+v, %q", len(s.rows), s.scroll, s.last.Screen.Status)
	}
	s.Sync(s.now, &backend.Snapshot{Conversation: theirs})
	s.take()
	s.happened("again", &s.settled)
	s.happened("again", &s.emits)
	// Only the owner's name is another one: the heading is drawn, and the rows may bear it.
	theirs.Owner.Name = "Kim"
	s.Sync(s.now, &backend.Snapshot{Conversation: theirs})
	s.take()
	if s.last.Screen.Heading != "Kim" || len(s.last.Rows) == 0 {
		t.Errorf("%+v", s.last.Screen)
	}
}

// What another tab has heard is unread here, and a message that is the first of all is one like others.
func TestSyncCountsUnread(t *testing.T) {
	s := begin(t, Config{Visible: true})
	s.do(Intent{Kind: CallSend, Text: "hello", Call: 1})
	s.event(protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Key: "v1", Kind: protocol.Visitor, State: protocol.Sending, Text: "hello", At: s.now}})
	s.emits = nil
	theirs := s.Record().Conversation.Clone()
	theirs.Entries[0].State, theirs.Entries[0].ID = protocol.Sent, "m"
	theirs.Entries = append(theirs.Entries, protocol.Entry{Key: "a", Text: "hi", At: s.now})
	s.Sync(s.now, &backend.Snapshot{Conversation: theirs, State: protocol.Online})
	s.take()
	s.happened("from another tab", &s.settled, "1 [{id m}]")
	s.happened("from another tab", &s.emits, "status state=online", "unread count=1")
	if s.last.Screen.Badge != "1" {
		t.Errorf("%+v", s.last.Screen)
	}
}

// The jump button is there for what came out of view, and goes with a message of one's own, or at the end, for good.
func TestJumpButtonGoes(t *testing.T) {
	for name, end := range map[string]func(*stage){
		"sent":     func(s *stage) { s.do(Intent{Kind: WantSend, Text: "mine"}) },
		"scrolled": func(s *stage) { s.do(Intent{Kind: Scrolled, On: true}) },
		"jumped":   func(s *stage) { s.do(Intent{Kind: WantJump}) },
		"reset": func(s *stage) {
			s.event(protocol.Event{Kind: protocol.Forgotten})
			s.says("Hi again")
			s.says(strings.Repeat("word ", 10_000))
		},
		"reopened": func(s *stage) { s.do(Intent{Kind: WantClose}); s.do(Intent{Kind: WantOpen}) },
	} {
		s := begin(t, Config{Visible: true, Open: true})
		s.online()
		s.says(strings.Repeat("word ", 10_000))
		s.do(Intent{Kind: Scrolled})
		s.says("below")
		s.do(Intent{Kind: WantWhole, Key: "of nothing"})
		if s.last.Screen.Jump == "" {
			t.Errorf("%s: no button", name)
		}
		if end(s); s.last.Screen.Jump != "" {
			t.Errorf("%s: the button stays", name)
		}
		if s.do(Intent{Kind: WantWhole, Key: s.rows[1].Key}); s.last.Screen.Jump != "" {
			t.Errorf("%s: the button comes back with nothing new", name)
		}
	}
}

// What is read in another tab is read here, too; nothing that was read becomes unread by it.
func TestSeenElsewhere(t *testing.T) {
	s := begin(t, Config{Visible: true, Record: stored("aaa")})
	for _, c := range []struct {
		key    string
		unread int
		kept   bool
	}{{"k1", 1, true}, {"k0", 1, false}, {"k1", 1, false}, {"of nothing", 1, false}, {"k2", 0, true}} {
		s.SeenElsewhere(s.now, c.key)
		s.take()
		if s.last.Screen.Unread != c.unread || s.last.Keep != c.kept {
			t.Errorf("read up to %s elsewhere: %d unread, to be kept %v", c.key, s.last.Screen.Unread, s.last.Keep)
		}
	}
	// The very first message is one, too.
	s = begin(t, Config{Visible: true, Record: stored("aa")})
	s.SeenElsewhere(s.now, "k0")
	s.take()
	if s.last.Screen.Unread != 1 {
		t.Errorf("%d unread", s.last.Screen.Unread)
	}
	if s.Reading() {
		t.Error("a closed panel is read")
	}
	s.do(Intent{Kind: WantOpen})
	if !s.Reading() {
		t.Error("an open panel in a visible tab is not read")
	}
	if s.do(Intent{Kind: TabShown}); s.Reading() {
		t.Error("a hidden tab is read")
	}
}

// A conversation of one message is one: it can be downloaded, and ended.
func TestOneMessageIsAConversation(t *testing.T) {
	for shape, want := range map[string]bool{"": false, "a": true, "as": true} {
		if s := begin(t, Config{Visible: true, Record: stored(shape)}); s.last.Screen.Begun != want {
			t.Errorf("%q: begun %v", shape, !want)
		}
	}
}

// The digest tells one record from another over releases: with another one, each visitor's session would be initialised
// again, and their conversation be a new one.
func TestDigestStays(t *testing.T) {
	for text, want := range map[string]uint32{"": 0x811c9dc5, "a": 0xe40c292c, "foobar": 0xbf9cf968} {
		if got := digest(text); got != want {
			t.Errorf("the digest of %q is %#x, want FNV-1a's %#x", text, got, want)
		}
	}
}

// A long message that was opened stays open, and the view stays where it was: what comes below is told by the button.
func TestWholeMessageHoldsTheView(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	s.says(strings.Repeat("word ", 10_000))
	key := s.rows[1].Key
	s.do(Intent{Kind: WantWhole, Key: key})
	s.says("below")
	if s.scroll.Kind != ScrollStay || s.last.Screen.Jump == "" {
		t.Errorf("scroll %+v, %q", s.scroll, s.last.Screen.Jump)
	}
	s.do(Intent{Kind: WantWhole, Key: key})
	if s.last.Reveal != "" {
		t.Error("what is whole is shown whole once more, and takes the keyboard")
	}
	first := begin(t, Config{Visible: true, Open: true, Record: Record{Conversation: protocol.Conversation{Entries: []protocol.Entry{{Key: "k", Text: strings.Repeat("word ", 10_000), At: start}}}}})
	if first.do(Intent{Kind: WantWhole, Key: "k"}); first.last.Reveal != "k" {
		t.Error("the first message of all is not shown whole")
	}
}

// The owner's line on a session: who it is, and whether it is the one from before.
func TestSessionBegins(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.GaveUp})
	s.event(protocol.Event{Kind: protocol.SessionBegun, Session: testSession, Flow: testFlow})
	if s.last.Screen.Notice.Text != "" || !s.Record().At.Equal(s.now) {
		t.Errorf("notice %+v, at %v", s.last.Screen.Notice, s.Record().At)
	}
	at := s.now
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Online})
	s.event(protocol.Event{Kind: protocol.Acknowledged, Key: s.sends("Hello?")})
	s.wait(time.Second)
	s.event(protocol.Event{Kind: protocol.SessionBegun, Session: testSession, Flow: testFlow, Resumed: true})
	if s.last.Screen.Dots == "" || !s.Record().At.Equal(at) {
		t.Errorf("resumed: dots %q, at %v", s.last.Screen.Dots, s.Record().At)
	}
	s.event(protocol.Event{Kind: protocol.Switched, Session: testSession, Flow: testFlow})
	if s.last.Screen.Dots != "" {
		t.Error("with another session, the answer to the old one is waited for")
	}
	if got := strings.Join(s.emits, "\n"); strings.Contains(got, "identify") {
		t.Errorf("nobody has said who they are: %s", got)
	}
	// The record's time is that of the last message, whose 30 days begin then, but not of one that is only repeated.
	s.wait(time.Hour)
	at = s.now
	s.says("now")
	s.wait(time.Hour)
	s.agent(protocol.Entry{Text: "some time"})
	if !s.Record().At.Equal(at) {
		t.Errorf("the record is of %v, want %v", s.Record().At, at)
	}
	s.sends("mine")
	if !s.Record().At.Equal(s.now) {
		t.Error("one's own message does not count")
	}
}

// What was not written by the agent does not sound, is not read out, and counts as no news.
func TestDividersAreNoNews(t *testing.T) {
	s := begin(t, Config{Visible: true, Options: Options{Sound: true}})
	for _, kind := range []protocol.Kind{protocol.Ended, protocol.Fresh, protocol.Dropped} {
		s.said = nil
		s.agent(protocol.Entry{Kind: kind, At: s.now})
		if s.last.Sound || s.last.Screen.Unread > 0 {
			t.Errorf("%d: %+v", kind, s.last)
		}
		if kind == protocol.Ended {
			s.happened("read out", &s.said, "Conversation ended")
		} else {
			s.happened("read out", &s.said)
		}
		if s.scroll.Kind != ScrollEnd {
			t.Errorf("%d: scroll %+v", kind, s.scroll)
		}
	}
}
