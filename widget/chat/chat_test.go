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

// tester is a Chat with a clock and a record of its consequences.
type tester struct {
	*testing.T
	*Chat
	now       time.Time
	commands  []string
	emits     []string
	settled   []string
	saves     int
	last      Batch
	rows      []Row // as a view shows them that applies the patches
	focus     Focus
	scroll    Scroll
	announced []string
	onBatch   func(*Batch) // called with each batch
}

func begin(t *testing.T, c Config) *tester {
	n := 0
	c.NewKey = func() string { n++; return fmt.Sprint("v", n) }
	c.Options.Flow = testFlow
	c.Words = words.New()
	s := &tester{T: t, now: start}
	s.Chat = New(s.now, c)
	s.applyBatch()
	return s
}

func (s *tester) do(i Intent)            { s.Helper(); s.Do(s.now, i); s.applyBatch() }
func (s *tester) event(e protocol.Event) { s.Helper(); s.Event(s.now, e); s.applyBatch() }
func (s *tester) wait(d time.Duration) {
	s.Helper()
	for end := s.now.Add(d); ; {
		next := s.Next()
		if next.IsZero() || next.After(end) {
			s.now = end
			return
		}
		s.now = next
		s.Tick(s.now)
		s.applyBatch()
	}
}

// applyBatch applies the batch as a view does, and checks the rows.
func (s *tester) applyBatch() {
	s.Helper()
	b := s.Take(s.now)
	s.last, s.focus, s.scroll = b, b.Focus, b.Scroll
	for _, c := range b.Commands {
		s.commands = append(s.commands, commandText(&c))
	}
	for _, e := range b.Emits {
		text := e.Name
		for _, p := range e.Detail {
			text += fmt.Sprintf(" %s=%v", p.Name, p.Value)
		}
		s.emits = append(s.emits, text)
	}
	for _, e := range b.Settled {
		s.settled = append(s.settled, fmt.Sprint(e.Call, " ", e.Reason, e.Detail))
	}
	if b.Save {
		s.saves++
	}
	if s.onBatch != nil {
		s.onBatch(&b)
	}
	for i := range b.Announce {
		s.announced = append(s.announced, b.Announce[i].Text(&s.Chat.words))
	}
	for _, p := range b.Rows {
		switch p.Op {
		case protocol.Inserted:
			s.rows = slices.Insert(s.rows, p.Index, *p.Row)
		case protocol.Updated:
			s.rows[p.Index] = *p.Row
		case protocol.Moved:
			s.rows = slices.Delete(s.rows, p.Former, p.Former+1)
			s.rows = slices.Insert(s.rows, p.Index, *p.Row)
		case protocol.Deleted:
			s.rows = slices.Delete(s.rows, p.Index, p.Index+1+p.More)
		case protocol.Cleared:
			s.rows = nil
		}
	}
	entries := s.Stored().Conversation.Entries
	if len(s.rows) != len(entries) {
		s.Fatalf("%d rows for %d entries", len(s.rows), len(entries))
	}
	for i := range entries {
		if want := s.Chat.row(s.now, i); s.rows[i] != want {
			s.Fatalf("row %d is\n%+v, should be\n%+v", i, s.rows[i], want)
		}
	}
}

func commandText(c *backend.Command) string {
	text := [...]string{"connect", "send", "retry", "remove", "typing", "attend", "network", "wake", "suspend", "tick", "identify", "adopt", "reset", "new"}[c.Kind]
	switch c.Kind {
	case backend.Send:
		text += " " + c.Key + " " + c.Text
	case backend.Retry, backend.Remove:
		text += " " + c.Key
	case backend.Typing, backend.Attend, backend.Network:
		text += fmt.Sprint(" ", c.On)
	case backend.Adopt:
		text += " " + c.Flow + " " + string(c.Session)
	}
	return text
}

// expect compares what has been recorded since the last call, and clears it.
func (s *tester) expect(what string, got *[]string, want ...string) {
	s.Helper()
	if !slices.Equal(*got, want) {
		s.Errorf("%s: %q, want %q", what, *got, want)
	}
	*got = nil
}

func (s *tester) says(text string) {
	s.agent(protocol.Entry{Text: text, Name: "Maya", At: s.now})
}

func (s *tester) agent(e protocol.Entry) {
	s.Helper()
	e.Key = fmt.Sprint("a", len(s.rows), e.Text)
	e.ID = "id-" + e.Key
	s.event(protocol.Event{Kind: protocol.Added, Entry: e})
}

// online simulates the connection of a first visit.
func (s *tester) online() {
	s.Helper()
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Connecting})
	s.event(protocol.Event{Kind: protocol.SessionBegun, Session: testSession, Flow: testFlow})
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Online})
	s.event(protocol.Event{Kind: protocol.OwnerNamed, Owner: protocol.Owner{ID: "o", Name: "Flow Tester", Picture: "https://example.com/o.png"}})
	s.says("Hi! How can I help you today?")
}

func (s *tester) sends(text string) (key string) {
	s.Helper()
	s.do(Intent{Kind: WantEdit, Text: text})
	s.do(Intent{Kind: WantSend, Text: text})
	last := s.commands[len(s.commands)-1]
	key, _, _ = strings.Cut(strings.TrimPrefix(last, "send "), " ")
	s.event(protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Key: key, Kind: protocol.Visitor, State: protocol.Sending, Text: text, At: s.now}})
	s.event(protocol.Event{Kind: protocol.Written, Key: key})
	return key
}

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
	key = s.sends("And?") // from a server that sends no recv
	s.event(protocol.Event{Kind: protocol.Answered, Key: key})
	s.says("So.")
	if s.last.Screen.Dots != "" || s.rows[len(s.rows)-2].State != protocol.Sent {
		t.Errorf("dots %q, rows %+v", s.last.Screen.Dots, s.rows)
	}
}

// The page gets the errors that only the site owner can mend, and the reason why there is no connection.
func TestOwnerIsTold(t *testing.T) {
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
	s.do(Intent{Kind: WantRemove, Key: key})
	s.expect("removing", &s.commands, "remove "+key)
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
	r, _ := ParseStored(s.Stored().Text(maxMessages))
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
	r, ok := ParseStored(s.Stored().Text(maxMessages))
	if !ok {
		t.Fatal("the stored form is not read")
	}
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
}

func TestGroups(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	shape := func() string {
		out := ""
		for _, r := range s.rows {
			if r.Day {
				out += fmt.Sprint("|", r.Ago)
			}
			c := map[[2]bool]string{{true, true}: "o", {true, false}: "(", {false, true}: ")", {false, false}: "-"}[[2]bool{r.First, r.Last}]
			if r.Kind > protocol.Visitor {
				c = "="
			} else if r.Kind == protocol.Visitor {
				c = strings.ToUpper(strings.NewReplacer("o", "v", "(", "<", ")", ">", "-", "~").Replace(c))
			}
			out += c
		}
		return out
	}
	for _, c := range []struct {
		do   func()
		want string
	}{
		{func() {}, "|0o"},
		{func() { s.says("and") }, "|0()"},
		{func() { s.says("so on") }, "|0(-)"},
		{func() { s.wait(5 * time.Minute); s.says("later") }, "|0(-)o"},
		{func() { s.agent(protocol.Entry{Name: "Kim", Text: "a person takes over", At: s.now}) }, "|0(-)oo"},
		{func() { s.sends("hi") }, "|0(-)ooV"},
		{func() { s.sends("there") }, "|0(-)oo<>"},
		{func() { s.says("sorry") }, "|0(-)oo<>o"}, // below a failed message
		{func() { s.event(protocol.Event{Kind: protocol.GivenUp, Key: "v1"}) }, "|0(-)ooVVo"},
		{func() { s.event(protocol.Event{Kind: protocol.Removed, Key: "v1"}) }, "|0(-)ooVo"},
		{func() { s.agent(protocol.Entry{Kind: protocol.Fresh, At: s.now}) }, "|0(-)ooVo="},
		{func() { s.wait(14 * time.Hour) }, "|1(-)ooVo="}, // past midnight
		{func() { s.says("new day") }, "|1(-)ooVo=|0o"},
		{func() { s.wait(24 * time.Hour) }, "|2(-)ooVo=|1o"},
	} {
		c.do()
		if got := shape(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

func TestScrolling(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	s.says("an answer")
	if s.scroll != (Scroll{ScrollTo, s.rows[1].Key}) {
		t.Errorf("at the end: %+v", s.scroll)
	}
	s.do(Intent{Kind: Scrolled})
	s.says("more")
	s.says("and more")
	if s.scroll.Kind != ScrollStay || s.last.Screen.Jump != "New messages" {
		t.Errorf("scrolled up: %+v, %q; want the button and no scroll", s.scroll, s.last.Screen.Jump)
	}
	s.do(Intent{Kind: WantJump})
	if s.scroll.Kind != ScrollEnd || s.last.Screen.Jump != "" {
		t.Errorf("jump: %+v, %q", s.scroll, s.last.Screen.Jump)
	}
	s.do(Intent{Kind: Scrolled})
	s.says("and more still")
	s.do(Intent{Kind: Scrolled, On: true})
	if s.last.Screen.Jump != "" {
		t.Error("the button stays at the end")
	}
	s.says("a short one")
	s.says("and a long one")
	s.do(Intent{Kind: Scrolled}) // to the top of the short one
	if s.last.Screen.Jump != "New messages" {
		t.Errorf("a message out of view: button %q", s.last.Screen.Jump)
	}
	s.do(Intent{Kind: WantJump})
	s.do(Intent{Kind: Scrolled, On: true})
	s.do(Intent{Kind: Scrolled}) // by the visitor
	if s.last.Screen.Jump != "" {
		t.Errorf("what has been in view: %q", s.last.Screen.Jump)
	}
	s.sends("mine")
	if s.scroll.Kind != ScrollEnd && s.last.Screen.Jump == "" {
		// the scroll belongs to the Added event, whose batch was taken before Written
		if !s.following {
			t.Error("one's own message is not followed")
		}
	}
	var joined Scroll
	for _, add := range []Scroll{{}, {ScrollEnd, ""}, {ScrollTo, "first"}, {ScrollTo, "second"}, {ScrollEnd, ""}, {}} {
		joined.add(add)
	}
	if joined != (Scroll{ScrollTo, "first"}) {
		t.Errorf("merged: %+v; want the first message to read", joined)
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

func TestWhoTheVisitorIs(t *testing.T) {
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
		{MaxText, "0 characters left", true}, {MaxText + 1, "1 character too many", false}, {10000, "6000 characters too many", false},
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
		{protocol.Offline, "You are offline", false}, {protocol.GaveUp, "", true}, {protocol.Connecting, "Connecting…", true}, {protocol.Online, "", false},
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

// The groups on both sides of a removed message are joined in the same batch.
func TestRemovedBetweenTwo(t *testing.T) {
	now := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	var entries []protocol.Entry
	for i, kind := range []protocol.Kind{protocol.Agent, protocol.Visitor, protocol.Agent} {
		key := string(rune('a' + i))
		e := protocol.Entry{Key: key, ID: key, Kind: kind, Text: "text", Name: "Maya", At: now.Add(time.Duration(i) * time.Second)}
		if kind == protocol.Visitor {
			e.State = protocol.Failed
		}
		entries = append(entries, e)
	}
	c := New(now, Config{Words: words.New(), Stored: Stored{Conversation: protocol.Conversation{Entries: entries}}, NewKey: func() string { return "k" }})
	c.Take(now)
	c.Event(now, protocol.Event{Kind: protocol.Removed, Key: "b"})
	var last *Row
	for _, p := range c.Take(now).Rows {
		if p.Op == protocol.Updated && p.Index == 1 {
			last = p.Row
		}
	}
	if last == nil || last.First || !last.Last {
		t.Errorf("the message below is %+v, want the last one of a group", last)
	}
}

// TestNamesReadOneWay: controls of the writing direction are removed from names that the server sends, and from
// headings.
func TestNamesReadOneWay(t *testing.T) {
	const turned, name = "\u202eay\u2066aM\u200f\u061c", "ayaM"
	s := begin(t, Config{Visible: true, Options: Options{Heading: turned, Subheading: turned}})
	if sc := s.last.Screen; sc.Heading != name || sc.Subheading != name {
		t.Errorf("the headings are %q and %q", sc.Heading, sc.Subheading)
	}
	s.do(Intent{Kind: WantOpen})
	s.online()
	s.event(protocol.Event{Kind: protocol.OwnerNamed, Owner: protocol.Owner{ID: "o", Name: turned}})
	if sc := s.last.Screen; sc.Heading != name {
		t.Errorf("the heading is %q", sc.Heading)
	}
	for _, said := range []string{turned, "", "\u202e"} {
		e := protocol.Entry{Text: "x", Name: said, At: s.now}
		if got := s.nameOf(&e); got != name {
			t.Errorf("%q is shown as %q", said, got)
		}
		s.agent(e)
	}
	if s := s.TranscriptText(); strings.Contains(s, "\u202eay") {
		t.Errorf("the transcript: %q", s)
	}
}
