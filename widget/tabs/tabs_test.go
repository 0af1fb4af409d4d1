//go:build !js

package tabs

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"plurachat/protocol"
	"plurachat/widget/backend"
)

const (
	testFlow    = "87f66d6d-dba9-4a44-9274-02c6927a083a"
	testSession = "webchat-session.2a36d9fd-3114-4cb4-a0ef-751f3e8e7cc3"
)

// tabs simulates the tabs of a visitor, the browser's lock and channel, and a server that acknowledges every message.
type tabs struct {
	t    *testing.T
	now  time.Time
	list []*simTab
	lock *simTab
	got  []string // texts that the server has received
}

type simTab struct {
	*Tab
	name           string
	conv           protocol.Conversation
	state          protocol.State
	connects       int
	frozen, closed bool
	deaf           bool     // the channel delivers nothing to this tab
	mail           []string // messages that were delivered and not handled yet
	messages       []string // kinds of the messages that this tab has written
	seen           []string
	attention      bool
}

func newTabs(t *testing.T, n int) *tabs {
	s := &tabs{t: t, now: time.Unix(1e9, 0)}
	for i := range n {
		s.open(fmt.Sprint("tab", i))
	}
	return s
}

func (s *tabs) open(name string) *simTab {
	tab := &simTab{Tab: New(s.now, name, true), name: name}
	s.list = append(s.list, tab)
	tab.Command(s.now, backend.Command{Kind: backend.Connect})
	s.run()
	return tab
}

// run delivers messages and executes batches until nothing is left to do.
func (s *tabs) run() {
	for range 100 {
		if s.lock == nil {
			for _, tab := range s.list {
				if !tab.closed && !tab.frozen {
					s.hold(tab)
					break
				}
			}
		}
		moved := false
		for _, tab := range s.list {
			if tab.frozen || tab.closed {
				continue
			}
			mail := tab.mail
			tab.mail = nil
			for _, message := range mail {
				tab.Received(s.now, message)
			}
			if next := tab.Next(); !next.IsZero() && !s.now.Before(next) {
				tab.Tick(s.now) // in the page, a timer does this
			}
			moved = s.take(tab) || len(mail) > 0 || moved
		}
		if !moved && s.lock != nil {
			return
		}
	}
	s.t.Fatal("the tabs never come to rest")
}

func (s *tabs) hold(tab *simTab) {
	s.lock = tab
	tab.Acquired()
}

func (s *tabs) take(tab *simTab) bool {
	b := tab.Take()
	if b.Steal {
		old := s.lock
		s.hold(tab)
		if old != nil && !old.frozen && !old.closed {
			old.Lost(s.now)
		}
		return true
	}
	for _, c := range b.Calls {
		switch c.Kind {
		case backend.Connect:
			tab.connects++
			tab.Handle(&protocol.Event{Kind: protocol.StateChanged, State: protocol.Online})
		case backend.Send:
			tab.Handle(&protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Key: c.Key, Kind: protocol.Visitor, State: protocol.Sending, Text: c.Text}})
			s.got = append(s.got, c.Text)
			tab.Handle(&protocol.Event{Kind: protocol.Acknowledged, Key: c.Key, ID: "id-" + c.Key})
		case backend.Attend:
			tab.attention = c.On
		}
	}
	told := tab.Take()
	for _, f := range append(b.Feed, told.Feed...) {
		if f.Sync != nil {
			tab.conv, tab.state = backend.Join(&tab.conv, &f.Sync.Conversation), f.Sync.State
		} else {
			tab.conv.Apply(*f.Event)
			if f.Event.Kind == protocol.StateChanged {
				tab.state = f.Event.State
			}
		}
	}
	tab.seen = append(tab.seen, b.Seen...)
	messages := append(b.Messages, told.Messages...)
	if b.Answer {
		tab.Broadcast(&backend.Snapshot{Conversation: tab.conv.Clone(), State: tab.state})
		messages = append(messages, tab.Take().Messages...)
	}
	for _, message := range messages {
		if l, ok := parseMessage(message); ok {
			tab.messages = append(tab.messages, l.kind)
		}
		for _, other := range s.list {
			if other != tab && !other.closed && !other.deaf {
				other.mail = append(other.mail, message)
			}
		}
	}
	return len(b.Feed)+len(b.Calls)+len(messages) > 0
}

func (s *tabs) wait(d time.Duration) {
	for end := s.now.Add(d); s.now.Before(end); {
		s.now = s.now.Add(100 * time.Millisecond)
		s.run()
	}
}

func (s *tabs) send(tab *simTab, text string) {
	tab.Command(s.now, backend.Command{Kind: backend.Send, Key: tab.name + text, Text: text})
	s.run()
}

func (s *tabs) close(tab *simTab) {
	tab.closed = true
	if s.lock == tab {
		s.lock = nil
	}
	s.run()
}

// agree checks that every running tab shows the entries in want, all in the state Sent, that it is online, and that
// there is one holder.
func (s *tabs) agree(want string) {
	s.t.Helper()
	holders := 0
	for _, tab := range s.list {
		if tab.closed || tab.frozen {
			continue
		}
		var shown []string
		for _, e := range tab.conv.Entries {
			text := e.Text
			if e.State != protocol.Sent {
				text += "…"
			}
			shown = append(shown, text)
		}
		if got := strings.Join(shown, " "); got != want {
			s.t.Errorf("%s shows %q, want %q", tab.name, got, want)
		}
		if tab.state != protocol.Online {
			s.t.Errorf("%s is %q", tab.name, tab.state)
		}
		if tab.Holding() {
			holders++
		}
	}
	if holders != 1 {
		s.t.Errorf("%d tabs hold a connection", holders)
	}
}

func TestTabsShowOneConversation(t *testing.T) {
	s := newTabs(t, 3)
	s.send(s.list[0], "a")
	s.send(s.list[1], "b")
	s.send(s.list[2], "c")
	s.agree("a b c")
	late := s.open("late")
	s.agree("a b c")
	s.send(late, "d")
	s.agree("a b c d")
	if !slices.Equal(s.got, []string{"a", "b", "c", "d"}) {
		t.Errorf("the server got %q", s.got)
	}
}

func TestClosedHolderHandsOver(t *testing.T) {
	s := newTabs(t, 3)
	s.send(s.list[1], "a")
	s.close(s.list[0])
	s.send(s.list[2], "b")
	s.agree("a b")
	s.close(s.list[1])
	s.send(s.list[2], "c")
	s.agree("a b c")
	if n := s.list[2].connects; n != 1 {
		t.Errorf("the last tab connected %d times, want once", n)
	}
}

// A client gives up for example because lead data was refused. The next holder's client knows nothing of that, and must
// not begin a conversation without it. A tab that was opened later knows the state from the snapshot.
func TestNextHolderLeavesGivingUpToTheVisitor(t *testing.T) {
	for _, late := range []bool{false, true} {
		s := newTabs(t, 2)
		s.list[0].Handle(&protocol.Event{Kind: protocol.StateChanged, State: protocol.GaveUp})
		s.run()
		next := s.list[1]
		if late {
			next = &simTab{Tab: New(s.now, "late", true), name: "late"}
			s.list = append(s.list, next)
			s.run()
			s.close(s.list[1])
		}
		s.close(s.list[0])
		if !next.Holding() || next.connects != 0 {
			t.Errorf("late %v: holding: %v; it connected %d times", late, next.Holding(), next.connects)
		}
		next.Command(s.now, backend.Command{Kind: backend.Connect})
		s.run()
		if next.connects != 1 {
			t.Errorf("late %v: the visitor connects %d times", late, next.connects)
		}
	}
}

// The holder crashes before it receives a mirror's command. The next holder executes the command.
func TestCommandSurvivesTheHolder(t *testing.T) {
	s := newTabs(t, 2)
	s.list[0].closed = true // the browser has not released its lock yet
	s.send(s.list[1], "a")
	if len(s.got) != 0 {
		t.Fatal("nobody could have heard it")
	}
	s.lock = nil
	s.run()
	s.agree("a")
	if !slices.Equal(s.got, []string{"a"}) {
		t.Errorf("the server got %q", s.got)
	}
}

func TestFrozenHolderIsReplaced(t *testing.T) {
	s := newTabs(t, 3)
	s.send(s.list[0], "a")
	holder := s.list[0]
	holder.frozen = true
	s.send(s.list[1], "b")
	s.wait(5 * time.Second)
	s.agree("a b")
	holder.frozen = false // it runs again, after its lock was stolen
	holder.Lost(s.now)
	s.run()
	s.wait(time.Second)
	s.agree("a b")
	s.send(holder, "c")
	s.agree("a b c")
}

func TestHiddenTabStealsNothing(t *testing.T) {
	s := newTabs(t, 2)
	s.list[0].frozen = true
	s.list[1].Show(s.now, false, false)
	s.wait(time.Minute)
	if s.list[1].Holding() {
		t.Error("a hidden tab stole the lock")
	}
	s.list[1].Show(s.now, true, false)
	s.run()
	s.wait(5 * time.Second)
	if !s.list[1].Holding() {
		t.Error("5 s after it became visible, the frozen tab still holds")
	}
}

// A tab that was frozen while it waited for the holder's answer gives the holder time again when it is shown.
func TestShownTabAsksFirst(t *testing.T) {
	s, holder, mirror := pair(t)
	mirror.deaf = true
	mirror.Show(s.now, true, true)
	s.run()
	mirror.Show(s.now, false, false)
	mirror.deaf = false
	s.now = s.now.Add(time.Hour)
	mirror.Show(s.now, true, false)
	s.run()
	if !holder.Holding() || mirror.Holding() {
		t.Error("the lock was stolen from a tab that answers")
	}
}

func TestReadersAreCounted(t *testing.T) {
	s := newTabs(t, 3)
	holder, mirror := s.list[0], s.list[1]
	if !holder.Alone() || holder.attention {
		t.Error("nobody reads yet")
	}
	mirror.Command(s.now, backend.Command{Kind: backend.Attend, On: true})
	s.run()
	if holder.Alone() || !holder.attention {
		t.Error("a mirror reads, and the holder does not know")
	}
	mirror.Read("k")
	s.run()
	if !slices.Equal(holder.seen, []string{"k"}) || !slices.Equal(s.list[2].seen, []string{"k"}) {
		t.Errorf("seen: %q %q", holder.seen, s.list[2].seen)
	}
	s.wait(time.Minute)
	if holder.Alone() {
		t.Error("a visible reader was forgotten")
	}
	s.close(mirror) // a crash: it sends no bye message
	s.wait(time.Minute)
	if !holder.Alone() || holder.attention {
		t.Error("a crashed reader is still counted")
	}
}

func TestForeignMessagesAreIgnored(t *testing.T) {
	s := newTabs(t, 2)
	s.send(s.list[0], "a")
	for _, text := range []string{``, `{}`, `7`, `{"kind":"event","from":"x"}`, `{"kind":"event","from":"x","event":{"kind":3}}`, `{"kind":"command","from":"x"}`,
		`{"kind":"command","from":"x","command":{"kind":200}}`, `{"kind":"event","event":{"kind":1,"entry":{"key":"y","text":"y"}}}`,
		`{"kind":"event","from":"` + strings.Repeat("x", 65) + `","event":{"kind":1,"entry":{"key":"y","text":"y"}}}`, `{"kind":"snapshot","from":""}`, `{"kind":"command","from":"x","command":{"session":"../x"}}`} {
		s.list[0].Received(s.now, text)
		s.list[1].Received(s.now, text)
	}
	s.run()
	s.wait(10 * time.Second)
	s.agree("a")
}

// parseMessage rejects a message without a sender, one with a sender's id that is too long, and one that is too large.
func TestMessagesAreChecked(t *testing.T) {
	var event strings.Builder
	e := message{kind: "event", from: "x", event: &protocol.Event{Kind: protocol.StateChanged, State: protocol.Online}}
	event.WriteString(e.json())
	if _, ok := parseMessage(event.String()); !ok {
		t.Fatal("a message is not read")
	}
	for name, text := range map[string]string{
		"no sender":     strings.Replace(event.String(), `"from":"x"`, `"from":""`, 1),
		"a long sender": strings.Replace(event.String(), `"from":"x"`, `"from":"`+strings.Repeat("x", 65)+`"`, 1),
		"too large":     strings.Replace(event.String(), `"from":"x"`, `"from":"x","more":"`+strings.Repeat("x", maxMessage)+`"`, 1),
	} {
		if _, ok := parseMessage(text); ok {
			t.Errorf("%s: the message is taken", name)
		}
	}
}

// Messages with made-up senders do not let heard and readers grow beyond their limit, and do not remove a real reader.
// The newest commands are not executed twice.
func TestMadeUpTabsAreBounded(t *testing.T) {
	s := newTabs(t, 2)
	holder := s.list[0]
	s.list[1].Show(s.now, true, true)
	s.run()
	executed := func(i int) int { // how many calls the command of a made-up tab causes
		command := message{
			kind: "command", from: fmt.Sprint("made up ", i), n: 1, command: &backend.Command{Kind: backend.StartNew},
		}
		holder.Received(s.now, command.json())
		return len(holder.Take().Calls)
	}
	for i := range 10 * maxTabs {
		ask := message{kind: "ask", from: fmt.Sprint("made up ", i), reading: true}
		holder.Received(s.now, ask.json())
		holder.Take()
		if n := executed(i); n != 1 {
			t.Fatalf("%d calls for a command, want 1", n)
		}
	}
	for i := 9 * maxTabs; i < 10*maxTabs; i++ {
		if executed(i) != 0 {
			t.Errorf("the command of tab %d is executed twice", i)
		}
	}
	if len(holder.heard) != maxTabs || len(holder.readers) != maxTabs {
		t.Errorf("of made-up tabs, %d commands and %d readers are kept", len(holder.heard), len(holder.readers))
	}
	s.now = s.now.Add(time.Second)
	again := message{kind: "ask", from: s.list[1].id, reading: true}
	holder.Received(s.now, again.json())
	if !holder.readers[s.list[1].id].Equal(s.now) {
		t.Error("a reader who says so again is not counted any more")
	}
}

func TestTabsThroughChaos(t *testing.T) {
	s := newTabs(t, 2)
	alive := func() []*simTab {
		return slices.DeleteFunc(slices.Clone(s.list), func(tab *simTab) bool { return tab.closed || tab.frozen })
	}
	var want []string
	for i := range 200 {
		switch tabs := alive(); {
		case i%17 == 5 && len(tabs) > 1:
			s.close(tabs[i%len(tabs)])
		case i%23 == 7 && len(tabs) > 1:
			tabs[0].frozen = true
		case i%11 == 3:
			s.open(fmt.Sprint("new", i))
		}
		tabs := alive()
		s.send(tabs[(i*7)%len(tabs)], fmt.Sprint(i))
		want = append(want, fmt.Sprint(i))
		s.wait(4 * time.Second)
	}
	if !slices.Equal(s.got, want) {
		t.Errorf("the server got %q", s.got)
	}
	s.agree(strings.Join(want, " "))
}

// A mirror that was suspended loads what was stored meanwhile when it gets the lock.
func TestSuspendedMirrorLoads(t *testing.T) {
	_, _, m := pair(t)
	m.Leave()
	m.Take()
	if !m.Acquired() {
		t.Error("it uses the conversation of before")
	}
}
