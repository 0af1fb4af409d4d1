package chat

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"plurachat/protocol"
)

func TestFirstVisit(t *testing.T) {
	s := begin(t, Config{Visible: true})
	s.expect("loading the page", &s.commands)
	s.expect("loading the page", &s.emits, "status state=idle")
	if sc := s.last.Screen; sc.Open || sc.Heading != "Chat with us" || sc.Initials != "" || sc.Launcher != "Open chat" || sc.Status != "" {
		t.Errorf("screen %+v", sc)
	}
	s.do(Intent{Kind: WantOpen})
	s.expect("opening", &s.commands, "connect", "attend true")
	s.expect("opening", &s.emits, "open")
	if s.focus != FocusComposer || s.last.Screen.Launcher != "Close chat" {
		t.Errorf("focus %v, launcher %q", s.focus, s.last.Screen.Launcher)
	}
	s.online()
	s.expect("the greeting", &s.emits, "status state=connecting", "session id="+testSession+" flowId="+testFlow+" resumed=false", "status state=online",
		"owner id=o name=Flow Tester picture=https://example.com/o.png",
		"message id=id-a0Hi! How can I help you today? from=agent name=Maya text=Hi! How can I help you today? at=2026-03-02T10:00:00.000Z")
	if sc := s.last.Screen; sc.Heading != "Flow Tester" || sc.Picture != "https://example.com/o.png" || sc.Initials != "FT" || sc.Status != "" || sc.Unread != 0 {
		t.Errorf("screen %+v", sc)
	}
	s.expect("announced", &s.announced, "Maya said: Hi! How can I help you today?")

	key := s.sends("Do you repair roofs?")
	if r := s.rows[1]; r.State != protocol.Sending || s.last.Screen.Draft != "" || s.last.Screen.Dots != "" {
		t.Errorf("sending: %+v", r)
	}
	s.expect("sending", &s.commands, "typing true", "typing false", "send v1 Do you repair roofs?")
	s.event(protocol.Event{Kind: protocol.Acknowledged, Key: key, ID: "m7"})
	if r := s.rows[1]; r.State != protocol.Sent || r.ID != "m7" || s.last.Screen.Dots != "Flow Tester is typing…" {
		t.Errorf("acknowledged: %+v, dots %q", r, s.last.Screen.Dots)
	}
	s.wait(3 * time.Second)
	s.says("Yes.")
	if s.last.Screen.Dots != "" {
		t.Error("the dots stay after the answer")
	}
	s.do(Intent{Kind: WantClose})
	if s.focus != FocusLauncher || s.last.Screen.Open {
		t.Errorf("closing: focus %v", s.focus)
	}
	s.expect("closing", &s.commands, "attend false")
}

func TestDotsEnd(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	for _, c := range []struct {
		name string
		end  func()
	}{
		{"30 s", func() { s.wait(30 * time.Second) }},
		{"an answer", func() { s.says("Yes.") }},
		{"the end", func() { s.agent(protocol.Entry{Kind: protocol.Ended, At: s.now}) }},
		{"another session", func() {
			s.event(protocol.Event{Kind: protocol.SessionBegun, Session: "webchat-session.00000000-0000-4000-8000-000000000000"})
		}},
	} {
		key := s.sends("Hello?")
		s.event(protocol.Event{Kind: protocol.Acknowledged, Key: key})
		if s.last.Screen.Dots == "" {
			t.Errorf("%s: no dots before", c.name)
		}
		c.end()
		if s.last.Screen.Dots != "" {
			t.Errorf("%s: the dots stay", c.name)
		}
	}
}

// A replay may bring the answer before the acknowledgement of the question.
func TestNoDotsForAnAnsweredQuestion(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	key := s.sends("Hello?")
	s.agent(protocol.Entry{Text: "Yes?"})
	s.event(protocol.Event{Kind: protocol.Acknowledged, Key: key, Before: s.rows[1].Key})
	if s.last.Screen.Dots == "" == (s.rows[len(s.rows)-1].Kind == protocol.Agent) {
		return
	}
	t.Errorf("dots %q with %v at the end", s.last.Screen.Dots, s.rows[len(s.rows)-1].Kind)
}

// An answer that comes before the acknowledgement starts no dots, and stands below its question.
func TestNoDotsForALateRecv(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	key := s.sends("Hello?")
	s.says("Yes?")
	s.event(protocol.Event{Kind: protocol.Acknowledged, Key: key})
	n := len(s.rows)
	if s.last.Screen.Dots != "" || s.rows[n-1].Kind != protocol.Agent || s.rows[n-2].Key != key || s.rows[n-2].State != protocol.Sent {
		t.Errorf("dots %q, rows %+v", s.last.Screen.Dots, s.rows)
	}
	key = s.sends("And?") // to a server that sends no recv
	s.event(protocol.Event{Kind: protocol.Answered, Key: key})
	s.says("So.")
	if s.last.Screen.Dots != "" || s.rows[len(s.rows)-2].State != protocol.Sent {
		t.Errorf("dots %q, rows %+v", s.last.Screen.Dots, s.rows)
	}
}

// The page gets the errors that only the site owner can fix, and the reason why there is no connection.
func TestErrorsAreReported(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	s.emits = nil
	s.event(protocol.Event{Kind: protocol.Reported, Reason: protocol.CodeServer, Err: &protocol.ServerError{Message: "quota exceeded"}})
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Reconnecting, Err: errors.New("no such host")})
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Reconnecting, Err: errors.New("timeout")})
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Reconnecting})
	s.expect("trouble", &s.emits, "error code=server message=the server reports: quota exceeded",
		"status state=reconnecting reason=no such host", "status state=reconnecting reason=timeout")
	if s.last.Screen.Notice.Text != "" {
		t.Errorf("the visitor reads %q", s.last.Screen.Notice.Text)
	}
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.GaveUp, Err: errors.New("unknown flow")})
	if s.last.Screen.Notice.Text == "" {
		t.Error("there is no notice that the chat is unavailable")
	}
}

func TestFailedMessage(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	s.emits, s.commands = nil, nil
	key := s.sends("Hello?")
	s.emits = nil
	s.event(protocol.Event{Kind: protocol.GivenUp, Key: key, Reason: "no answer"})
	s.expect("failing", &s.emits, "failed text=Hello? reason=no answer")
	if s.rows[1].State != protocol.Failed || s.announced[len(s.announced)-1] != "Not sent" {
		t.Errorf("row %+v, said %q", s.rows[1], s.announced)
	}
	s.commands = nil
	s.do(Intent{Kind: WantRetry, Key: key})
	s.expect("trying again", &s.commands, "retry "+key)
	s.event(protocol.Event{Kind: protocol.Retried, Key: key})
	if s.rows[1].State != protocol.Sending || s.scroll.Kind != ScrollEnd {
		t.Errorf("retried: %+v, scroll %v", s.rows[1], s.scroll)
	}
	s.event(protocol.Event{Kind: protocol.GivenUp, Key: key, Reason: "no answer"})
	s.focus = FocusNone
	s.do(Intent{Kind: WantRemove, Key: key})
	s.expect("removing", &s.commands, "remove "+key)
	if s.focus != FocusComposer {
		t.Errorf("the button that had the focus is gone, and the focus is %v", s.focus)
	}
	s.event(protocol.Event{Kind: protocol.Removed, Key: key})
	if len(s.rows) != 1 {
		t.Errorf("%d rows after removing", len(s.rows))
	}
}

func TestUnread(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true, Options: Options{Sound: true}})
	s.online()
	s.do(Intent{Kind: WantClose})
	s.emits = nil
	s.says("One")
	if sc := s.last.Screen; sc.Badge != "1" || sc.Launcher != "Open chat, 1 unread message" || sc.InTitle != 0 || !s.last.Sound {
		t.Errorf("closed: %+v, sound %v", sc, s.last.Sound)
	}
	s.says("Two")
	if sc := s.last.Screen; sc.Badge != "2" || sc.Launcher != "Open chat, 2 unread messages" {
		t.Errorf("closed: %+v", sc)
	}
	s.do(Intent{Kind: TabShown})
	if s.last.Screen.InTitle != 2 {
		t.Errorf("hidden: %+v", s.last.Screen)
	}
	first := s.rows[1].Key
	s.do(Intent{Kind: TabShown, On: true})
	s.do(Intent{Kind: WantOpen})
	if sc := s.last.Screen; sc.Unread != 0 || sc.Badge != "" || s.scroll != (Scroll{ScrollTo, first}) {
		t.Errorf("opened: %+v, scroll %+v; want to the first unread", sc, s.scroll)
	}
	s.do(Intent{Kind: TabShown})
	s.says("Three")
	if sc := s.last.Screen; sc.Unread != 1 || sc.InTitle != 1 || sc.Badge != "" {
		t.Errorf("open in a hidden tab: %+v", sc)
	}
	s.do(Intent{Kind: TabShown, On: true})
	if s.last.Screen.Unread != 0 || s.last.Sound {
		t.Errorf("shown: %+v, sound %v", s.last.Screen, s.last.Sound)
	}
	if got := strings.Join(slices.DeleteFunc(s.emits, func(e string) bool { return !strings.HasPrefix(e, "unread") }), ","); got != "unread count=1,unread count=2,unread count=0,unread count=1,unread count=0" {
		t.Errorf("emitted %s", got)
	}
	// The read mark is stored: it holds after a reload.
	r, _ := parseStored(s.Stored().Text(maxMessages))
	again := begin(t, Config{Visible: true, Stored: r})
	if again.last.Screen.Unread != 0 {
		t.Errorf("after a reload: %d unread", again.last.Screen.Unread)
	}
}

func TestReturningVisitor(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	s.sends("Hello?")
	s.do(Intent{Kind: WantEdit, Text: "and al"})
	s.wait(time.Second)
	if s.last.Screen.Draft != "and al" {
		t.Fatal("draft")
	}
	r := reloaded(s.Stored())
	back := begin(t, Config{Visible: true, Stored: r})
	back.expect("a stored conversation", &back.commands, "connect", "attend true")
	if len(back.rows) != 2 || back.rows[1].State != protocol.Sending || back.last.Screen.Heading != "Flow Tester" || back.last.Screen.Draft != "and al" {
		t.Errorf("%+v, %+v", back.rows, back.last.Screen)
	}
	if len(back.announced) != 0 || slices.ContainsFunc(back.last.Rows, func(p RowPatch) bool { return p.New }) {
		t.Errorf("a replayed message is announced: %q", back.announced)
	}
}

func TestTypingFrames(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.commands = nil
	s.do(Intent{Kind: WantEdit, Text: "a"})
	s.expect("offline", &s.commands)
	s.online()
	s.do(Intent{Kind: WantEdit, Text: "ab"})
	s.wait(2 * time.Second)
	s.do(Intent{Kind: WantEdit, Text: "abc"})
	s.wait(2900 * time.Millisecond)
	s.expect("going on", &s.commands, "typing true")
	s.wait(200 * time.Millisecond)
	s.expect("3 s idle", &s.commands, "typing false")
	for _, c := range []struct {
		name  string
		leave Intent
	}{
		{"leaving", Intent{Kind: LeftComposer}}, {"emptied", Intent{Kind: WantEdit, Text: " "}}, {"hidden", Intent{Kind: TabShown}},
	} {
		s.do(Intent{Kind: WantEdit, Text: "x"})
		s.do(c.leave)
		if len(s.commands) < 2 || s.commands[0] != "typing true" || s.commands[1] != "typing false" {
			t.Errorf("%s: %q", c.name, s.commands)
		}
		s.commands = nil
		s.wait(time.Minute)
		s.expect(c.name+" and later", &s.commands)
	}
	// The draft is stored within a second.
	saves := s.saves
	s.do(Intent{Kind: WantEdit, Text: "keep me"})
	s.wait(time.Second)
	if s.saves == saves || s.Stored().Draft != "keep me" {
		t.Error("the draft was not stored")
	}
	// It is stored at once when the visitor leaves the composer, and only if it has changed.
	saves = s.saves
	s.do(Intent{Kind: WantEdit, Text: "keep me too"})
	s.do(Intent{Kind: LeftComposer})
	if s.saves != saves+1 {
		t.Errorf("stored %d times when the visitor left the composer", s.saves-saves)
	}
	if s.do(Intent{Kind: LeftComposer}); s.saves != saves+1 {
		t.Error("the same draft is stored again")
	}
}

func TestCalls(t *testing.T) {
	s := begin(t, Config{Visible: true})
	s.do(Intent{Kind: CallSend, Text: " hello ", Call: 1})
	s.expect("send", &s.commands, "connect", "send v1 hello")
	s.do(Intent{Kind: CallSend, Text: "  ", Call: 2})
	s.do(Intent{Kind: CallSend, Text: strings.Repeat("x", MaxText+1), Call: 3})
	s.expect("bad sends", &s.settled, "2 the message is empty[]", "3 the message is too long[]")
	s.event(protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Key: "v1", Kind: protocol.Visitor, State: protocol.Sending, Text: "hello", At: s.now}})
	s.do(Intent{Kind: CallSend, Text: "again", Call: 4})
	s.event(protocol.Event{Kind: protocol.Acknowledged, Key: "v1", ID: "m1"})
	s.expect("acknowledged", &s.settled, "1 [{id m1}]")
	s.event(protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Key: "v2", Kind: protocol.Visitor, State: protocol.Sending, Text: "again", At: s.now}})
	s.event(protocol.Event{Kind: protocol.GivenUp, Key: "v2", Reason: "no answer"})
	s.expect("given up", &s.settled, "4 no answer[]")
	if got := s.Transcript(); len(got) != 1 || got[0] != (Message{"m1", "visitor", "", "hello", "2026-03-02T10:00:00.000Z"}) {
		t.Errorf("transcript %+v", got)
	}

	s.do(Intent{Kind: CallIdentify, Text: `{"phone":"+1"}`, Call: 5})
	s.event(protocol.Event{Kind: protocol.Switched, Session: testSession, Flow: testFlow, Digest: 9})
	s.expect("identified", &s.settled, "5 [{sessionId "+testSession+"}]")
	s.do(Intent{Kind: CallIdentify, Text: `{"phone":"+2"}`, Call: 6})
	s.event(protocol.Event{Kind: protocol.Refused})
	if len(s.settled) != 1 || !strings.HasPrefix(s.settled[0], "6 the session was refused") || s.last.Screen.Notice.Text == "" {
		t.Errorf("refused: %q, %+v", s.settled, s.last.Screen.Notice)
	}
	s.settled = nil

	s.do(Intent{Kind: CallReset, Call: 7})
	s.event(protocol.Event{Kind: protocol.Forgotten})
	s.expect("reset", &s.settled, "7 []")
	if !s.last.Forget || len(s.rows) != 0 || s.last.Screen.Notice.Text != "" || s.last.Screen.Unread != 0 {
		t.Errorf("after reset: %+v", s.last)
	}
}

func TestIdentityAttributes(t *testing.T) {
	record := `{"phone":"+15551234567"}`
	stored := Stored{At: start, Conversation: protocol.Conversation{Session: testSession, Flow: testFlow, Digest: digest(record)}}
	given := Stored{At: start, Given: digest(testSession), Conversation: stored.Conversation}
	for _, c := range []struct {
		name    string
		options Options
		stored  Stored
		want    string
	}{
		{"no identity", Options{}, Stored{}, "connect"},
		{"lead data", Options{Record: record}, Stored{}, "identify"},
		{"the same lead data", Options{Record: record}, stored, "connect"},
		{"other lead data", Options{Record: `{"phone":"+15550000000"}`}, stored, "identify"},
		{"a session from the site's server", Options{Session: testSession, Instance: "b7cf6862-0a1c-4bc3-9703-1ab767e5ea28"}, Stored{}, "adopt b7cf6862-0a1c-4bc3-9703-1ab767e5ea28 " + testSession},
		{"a session without an instance", Options{Session: testSession}, Stored{}, "adopt " + testFlow + " " + testSession},
		{"the same session", Options{Session: testSession}, given, "connect"},
	} {
		s := begin(t, Config{Options: c.options, Stored: c.stored, Visible: true})
		s.do(Intent{Kind: WantOpen})
		if s.commands[0] != c.want {
			t.Errorf("%s: %q, want %q first", c.name, s.commands, c.want)
		}
	}
}

func TestLimits(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	for _, c := range []struct {
		n       int
		counter string
		can     bool
	}{
		{0, "", false}, {1, "", true}, {counterFrom - 1, "", true}, {counterFrom, "400 characters left", true}, {MaxText - 1, "1 character left", true},
		{MaxText, "0 characters left", true}, {MaxText + 1, "1 character over the limit", false}, {10000, "6000 characters over the limit", false},
	} {
		s.do(Intent{Kind: WantEdit, Text: strings.Repeat("ü", c.n)})
		if sc := s.last.Screen; sc.Counter != c.counter || sc.CanSend != c.can {
			t.Errorf("%d characters: %q, can send %v", c.n, sc.Counter, sc.CanSend)
		}
		s.commands = nil
		s.do(Intent{Kind: WantSend, Text: strings.Repeat("ü", c.n)})
		if sent := len(s.commands) > 0; sent != c.can {
			t.Errorf("%d characters: sent %v", c.n, sent)
		}
	}
}

func TestStates(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	for _, c := range []struct {
		state  protocol.State
		status string
		notice bool
	}{
		{protocol.Connecting, "Connecting…", false}, {protocol.Online, "", false}, {protocol.Reconnecting, "Reconnecting…", false},
		{protocol.Offline, "You’re offline", false}, {protocol.GaveUp, "", true}, {protocol.Connecting, "Connecting…", true}, {protocol.Online, "", false},
	} {
		s.event(protocol.Event{Kind: protocol.StateChanged, State: c.state})
		if sc := s.last.Screen; sc.Status != c.status || (sc.Notice.Text != "") != c.notice {
			t.Errorf("%s: %q, notice %+v", c.state, sc.Status, sc.Notice)
		}
	}
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.GaveUp})
	s.commands = nil
	s.do(Intent{Kind: s.last.Screen.Notice.Intent})
	s.expect("trying again", &s.commands, "connect")
	if s.last.Screen.Notice.Text != "" {
		t.Error("the notice stays")
	}
}

func TestInline(t *testing.T) {
	s := begin(t, Config{Visible: true, Options: Options{Inline: true}})
	s.expect("an inline panel in view", &s.commands, "attend true")
	s.do(Intent{Kind: WantConnect})
	s.expect("touched", &s.commands, "connect")
	s.do(Intent{Kind: WantClose})
	if !s.last.Screen.Open {
		t.Error("closed")
	}
}

func TestFlowEnds(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	s.agent(protocol.Entry{Kind: protocol.Ended, At: s.now})
	if !s.rows[1].Offer {
		t.Error("no new conversation is offered")
	}
	s.commands = nil
	s.do(Intent{Kind: WantNew})
	s.expect("a new one", &s.commands, "new")
	s.agent(protocol.Entry{Kind: protocol.Fresh, At: s.now})
	if s.rows[1].Offer {
		t.Error("still offered")
	}
}

// Each of ten thousand messages costs the same.
func BenchmarkAdded(b *testing.B) {
	for _, n := range []int{100, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			r := recordOf(n, "x")
			c := New(start, Config{Options: Options{Flow: testFlow}, Stored: r, Open: true, Visible: true, NewKey: func() string { return "k" }})
			for i := 0; b.Loop(); i++ {
				c.Event(start, protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Key: fmt.Sprint("n", i), Text: "x", At: start}})
				c.Take(start)
			}
		})
	}
}
