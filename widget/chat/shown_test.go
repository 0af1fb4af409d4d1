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

// stored returns the stored state of a conversation: "a" is a message of the agent, "s" one of the visitor that was
// sent, "…" one that is being sent.
func stored(shape string) Stored {
	r := Stored{At: start, Conversation: protocol.Conversation{Session: testSession, Flow: testFlow}}
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

// Loading a page does not connect. A stored conversation, an unsent message, or an open panel does. An inline chat
// connects only when it is touched, unless the attribute open is set.
func TestWhatBeginsAConnection(t *testing.T) {
	unsent := stored("…")
	unsent.Conversation.Session = ""
	for name, c := range map[string]struct {
		config Config
		want   bool
	}{
		"a page":                  {Config{Visible: true}, false},
		"a draft":                 {Config{Visible: true, Stored: Stored{Draft: "x"}}, false},
		"a stored conversation":   {Config{Visible: true, Stored: stored("")}, true},
		"what was not sent":       {Config{Visible: true, Stored: unsent}, true},
		"an open panel":           {Config{Visible: true, Open: true}, true},
		"the attribute":           {Config{Visible: true, Options: Options{Open: true}}, true},
		"inline":                  {Config{Visible: true, Options: Options{Inline: true}}, false},
		"inline, open":            {Config{Visible: true, Options: Options{Inline: true, Open: true}}, true},
		"inline, opened before":   {Config{Visible: true, Open: true, Options: Options{Inline: true}}, false},
		"inline and stored":       {Config{Visible: true, Stored: stored("a"), Options: Options{Inline: true}}, true},
		"in a hidden tab, stored": {Config{Stored: stored("a")}, true},
	} {
		s := begin(t, c.config)
		if got := slices.Contains(s.commands, "connect"); got != c.want {
			t.Errorf("%s: connects %v", name, got)
		}
		// The page shows "loading" until the Chat reports its state.
		if got := slices.Contains(s.emits, "status state=idle"); got == c.want {
			t.Errorf("%s: tells %q", name, s.emits)
		}
	}
}

// A returning visitor sees the first unread message, or the end.
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
		s := begin(t, Config{Visible: true, Open: c.open, Stored: r})
		if s.scroll != c.want || s.last.Screen.Unread != c.unread {
			t.Errorf("%s, read up to %q: scroll %+v, unread %d", c.shape, c.read, s.scroll, s.last.Screen.Unread)
		}
	}
	// In a hidden tab no message is marked as read, even if the panel is open.
	s := begin(t, Config{Open: true, Stored: stored("a")})
	if s.last.Screen.Unread != 1 || s.last.Screen.InTitle != 1 {
		t.Errorf("in a hidden tab: %+v", s.last.Screen)
	}
}

// A badge has room for two digits.
func TestBadge(t *testing.T) {
	for n, want := range map[int]string{1: "1", 99: "99", 100: "99+", 250: "99+"} {
		s := begin(t, Config{Visible: true, Stored: stored(strings.Repeat("a", n))})
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

// Each timer fires at its time, independent of the others.
func TestTimesOfAChat(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	s.event(protocol.Event{Kind: protocol.Acknowledged, Key: s.sends("Hello?")})
	s.wait(time.Second)
	s.do(Intent{Kind: WantEdit, Text: "x"})
	at, dotsUntil := s.now, func() bool { return s.last.Screen.Dots != "" }
	for _, c := range []struct {
		at          time.Duration
		typingUntil bool
		waiting     bool
	}{
		{2999 * time.Millisecond, true, true}, {3 * time.Second, false, true}, {29*time.Second - time.Millisecond, false, true}, {29 * time.Second, false, false},
	} {
		s.wait(at.Add(c.at).Sub(s.now))
		if typingUntil := s.commands[len(s.commands)-1] == "typing true"; typingUntil != c.typingUntil || dotsUntil() != c.waiting {
			t.Errorf("after %v: typing %v, dots %v", c.at, typingUntil, dotsUntil())
		}
	}
	// Only the timer for midnight is left.
	if got, want := s.Next(), time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("next is %v, want %v", got, want)
	}
	s.Tick(s.now)
	if b := s.Take(s.now); b.Save || len(b.Commands)+len(b.Rows) > 0 {
		t.Errorf("nothing is due: %+v", b)
	}
}

// Messages emit one event each, and end the waiting dots.
func TestDotsEndOnce(t *testing.T) {
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
		t.Error("in a new conversation, the dots of the old one are shown")
	}
}

// The second acknowledgement of a message that was written twice has no effect.
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
	s.expect("again", &s.emits)
	if s.last.Screen.Dots != "" {
		t.Error("dots for an answered message")
	}
}

// A reset clears the state and settles all promises. The visitor's choice of sound is kept.
func TestResetForgets(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true, Stored: Stored{Sound: No, Teaser: true, Given: 7}})
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
	s.expect("reset", &s.settled, "1 the conversation was reset[]", "2 the conversation was reset[]", "3 []")
	s.expect("reset", &s.commands, "connect")
	s.expect("reset", &s.emits, "reset")
	r := s.Stored()
	if sc := s.last.Screen; !s.last.Input || sc.Draft != "" || sc.Dots != "" || sc.Jump != "" || sc.Begun || !s.last.Forget {
		t.Errorf("after a reset: %+v", sc)
	}
	if r.Sound != No || !r.Teaser || r.Given != 0 || r.Read != "" || !r.At.IsZero() {
		t.Errorf("after a reset the state is %+v", r)
	}
	if s.wait(announcedFor); !s.last.Hush {
		t.Error("what was read out stays readable")
	}
	if next := s.Next(); next.Sub(s.now) < time.Hour {
		t.Errorf("after a reset, a timer is set: %v", next.Sub(s.now))
	}
	s.says("Hi again")
	if s.scroll.Kind != ScrollTo {
		t.Error("the new conversation is not followed")
	}
	// Promises from before the reset are settled once.
	theirs := s.Stored().Conversation.Clone()
	s.Sync(s.now, &backend.Snapshot{Conversation: theirs})
	s.event(protocol.Event{Kind: protocol.Acknowledged, Key: "v1", ID: "m"})
	s.expect("later", &s.settled)
	s.do(Intent{Kind: Scrolled})
	if s.last.Screen.Jump != "" {
		t.Error("the button counts messages from before the reset")
	}
	// In a closed panel no new conversation begins.
	s.do(Intent{Kind: WantClose})
	s.commands = nil
	s.event(protocol.Event{Kind: protocol.Forgotten})
	s.expect("closed", &s.commands)
}

// Each state is reported to the page once, with the reason if there is one. Typing ends with the connection.
func TestStatesAreReported(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	s.do(Intent{Kind: WantEdit, Text: "x"})
	s.commands, s.emits = nil, nil
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Online})
	s.expect("the same", &s.emits)
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Reconnecting})
	s.expect("another one", &s.emits, "status state=reconnecting")
	s.wait(time.Minute)
	s.expect("without a connection", &s.commands)
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.GaveUp, Err: errors.New("why")})
	s.expect("the end", &s.emits, "status state=failed reason=why", "error code=failed message=why")
	if n := s.last.Screen.Notice; n.Text != s.words.Get("sessionFailed") || n.Button != "Try again" || n.Intent != WantConnect || n.Final {
		t.Errorf("notice %+v", n)
	}
	s.sends("Anybody?") // which does what the notice's button does
	if n := s.last.Screen.Notice; n.Text != "" {
		t.Errorf("after sending, the notice %+v", n)
	}
	s.expect("sending", &s.commands, "connect", "send v1 Anybody?")
	for _, state := range []protocol.State{protocol.Connecting, protocol.GaveUp, protocol.Connecting} {
		s.event(protocol.Event{Kind: protocol.StateChanged, State: state})
	}
	s.emits = nil
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.GaveUp})
	s.expect("a notice is shown", &s.emits, "status state=failed")
}

// WantConnect has no effect when online. It removes the notice that offers it, and no other.
func TestWantingAConnection(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	s.commands = nil
	s.do(Intent{Kind: WantConnect})
	s.do(Intent{Kind: WantOpen})
	s.expect("online", &s.commands)
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

// The button that scrolls to the end appears when a message is out of view, and goes when the visitor sends a message
// or scrolls to the end.
func TestJumpButtonGoes(t *testing.T) {
	for name, end := range map[string]func(*tester){
		"sent":     func(s *tester) { s.do(Intent{Kind: WantSend, Text: "mine"}) },
		"scrolled": func(s *tester) { s.do(Intent{Kind: Scrolled, On: true}) },
		"jumped":   func(s *tester) { s.do(Intent{Kind: WantJump}) },
		"reset": func(s *tester) {
			s.event(protocol.Event{Kind: protocol.Forgotten})
			s.says("Hi again")
			s.says(strings.Repeat("word ", 10_000))
		},
		"reopened": func(s *tester) { s.do(Intent{Kind: WantClose}); s.do(Intent{Kind: WantOpen}) },
	} {
		s := begin(t, Config{Visible: true, Open: true})
		s.online()
		s.says(strings.Repeat("word ", 10_000))
		s.do(Intent{Kind: Scrolled})
		s.says("below")
		s.do(Intent{Kind: WantExpand, Key: "of nothing"})
		if s.last.Screen.Jump == "" {
			t.Errorf("%s: no button", name)
		}
		if end(s); s.last.Screen.Jump != "" {
			t.Errorf("%s: the button stays", name)
		}
		if s.do(Intent{Kind: WantExpand, Key: s.rows[1].Key}); s.last.Screen.Jump != "" {
			t.Errorf("%s: the button comes back with nothing new", name)
		}
	}
}

// A conversation of one message can be downloaded and ended.
func TestOneMessageIsAConversation(t *testing.T) {
	for shape, want := range map[string]bool{"": false, "a": true, "as": true} {
		if s := begin(t, Config{Visible: true, Stored: stored(shape)}); s.last.Screen.Begun != want {
			t.Errorf("%q: begun %v", shape, !want)
		}
	}
}

// The digest must not change between releases: otherwise each visitor's session would be initialised again, and a new
// conversation begin.
func TestDigestStays(t *testing.T) {
	for text, want := range map[string]uint32{"": 0x811c9dc5, "a": 0xe40c292c, "foobar": 0xbf9cf968} {
		if got := digest(text); got != want {
			t.Errorf("the digest of %q is %#x, want FNV-1a's %#x", text, got, want)
		}
	}
}

// An expanded message stays expanded, and the view stays in place. The button reports messages below.
func TestExpandedMessageHoldsTheView(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	s.says(strings.Repeat("word ", 10_000))
	key := s.rows[1].Key
	s.do(Intent{Kind: WantExpand, Key: key})
	s.says("below")
	if s.scroll.Kind != ScrollStay || s.last.Screen.Jump == "" {
		t.Errorf("scroll %+v, %q", s.scroll, s.last.Screen.Jump)
	}
	s.do(Intent{Kind: WantExpand, Key: key})
	if s.last.Reveal != "" {
		t.Error("what is whole is shown whole once more, and takes the keyboard")
	}
	first := begin(t, Config{Visible: true, Open: true, Stored: Stored{Conversation: protocol.Conversation{Entries: []protocol.Entry{{Key: "k", Text: strings.Repeat("word ", 10_000), At: start}}}}})
	if first.do(Intent{Kind: WantExpand, Key: "k"}); first.last.Reveal != "k" {
		t.Error("the first message was not expanded")
	}
}

// The session event has the id, and whether the session was resumed.
func TestSessionBegins(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.GaveUp})
	s.event(protocol.Event{Kind: protocol.SessionBegun, Session: testSession, Flow: testFlow})
	if s.last.Screen.Notice.Text != "" || !s.Stored().At.Equal(s.now) {
		t.Errorf("notice %+v, at %v", s.last.Screen.Notice, s.Stored().At)
	}
	at := s.now
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Online})
	s.event(protocol.Event{Kind: protocol.Acknowledged, Key: s.sends("Hello?")})
	s.wait(time.Second)
	s.event(protocol.Event{Kind: protocol.SessionBegun, Session: testSession, Flow: testFlow, Resumed: true})
	if s.last.Screen.Dots == "" || !s.Stored().At.Equal(at) {
		t.Errorf("resumed: dots %q, at %v", s.last.Screen.Dots, s.Stored().At)
	}
	s.event(protocol.Event{Kind: protocol.Switched, Session: testSession, Flow: testFlow})
	if s.last.Screen.Dots != "" {
		t.Error("with another session, the answer to the old one is waited for")
	}
	if got := strings.Join(s.emits, "\n"); strings.Contains(got, "identify") {
		t.Errorf("without lead data: %s", got)
	}
	// The stored time is that of the last message, from which the 30 days count. A replayed message does not change it.
	s.wait(time.Hour)
	at = s.now
	s.says("now")
	s.wait(time.Hour)
	s.agent(protocol.Entry{Text: "some time"})
	if !s.Stored().At.Equal(at) {
		t.Errorf("the state has the time %v, want %v", s.Stored().At, at)
	}
	s.sends("mine")
	if !s.Stored().At.Equal(s.now) {
		t.Error("one's own message does not count")
	}
}

// Rows that are not the agent's play no sound, and are not counted as new. They are read out.
func TestDividersAreNoNews(t *testing.T) {
	s := begin(t, Config{Visible: true, Options: Options{Sound: true}})
	for _, kind := range []protocol.Kind{protocol.Ended, protocol.Fresh, protocol.Dropped} {
		s.announced = nil
		s.agent(protocol.Entry{Kind: kind, At: s.now})
		if s.last.Sound || s.last.Screen.Unread > 0 {
			t.Errorf("%d: %+v", kind, s.last)
		}
		s.expect("read out", &s.announced, s.Chat.words.Get(DividerWord(kind)))
		if s.scroll.Kind != ScrollEnd {
			t.Errorf("%d: scroll %+v", kind, s.scroll)
		}
	}
}
