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

// posted takes the tab's batch and returns the kinds of its messages.
func (s *simTab) posted(t *testing.T) (kinds []string) {
	t.Helper()
	for _, text := range s.Take().Messages {
		l, ok := parseMessage(text)
		if !ok || l.from != s.id {
			t.Errorf("%s writes %s", s.name, text)
		}
		kinds = append(kinds, l.kind)
	}
	return kinds
}

// pair returns a holder and a mirror. Both are visible and show "a", and all messages are delivered.
func pair(t *testing.T) (s *tabs, holder, mirror *simTab) {
	s = newTabs(t, 2)
	s.send(s.list[0], "a")
	s.agree("a")
	return s, s.list[0], s.list[1]
}

// A mirror that has missed an event notices it by the number of the next event, and asks for a snapshot.
func TestMirrorMissesAnEvent(t *testing.T) {
	s, holder, mirror := pair(t)
	mirror.deaf = true
	s.send(holder, "b")
	mirror.deaf = false
	s.send(holder, "c")
	s.agree("a b c")
}

// If no event follows, a mirror notices a missed event by the number in the next answer of the holder. A visible mirror
// asks every 15 s.
func TestMirrorMissesTheLastEvent(t *testing.T) {
	s, holder, mirror := pair(t)
	mirror.deaf = true
	s.send(holder, "b")
	mirror.deaf = false
	s.wait(16 * time.Second)
	s.agree("a b")
}

// A new tab gets the whole conversation, however long its pictures and texts are in JSON, and steals nothing.
func TestSnapshotOfLongConversation(t *testing.T) {
	picture := "data:image/png;base64," + strings.Repeat("A", 100<<10)
	for name, add := range map[string]struct {
		n     int
		entry protocol.Entry
	}{
		"pictures": {400, protocol.Entry{Picture: picture, Text: "Hi"}},
		"controls": {36, protocol.Entry{Text: strings.Repeat("\x01", 170<<10)}},
	} {
		s := newTabs(t, 1)
		holder := s.list[0]
		for i := range add.n {
			e := add.entry
			e.Key = fmt.Sprint("k", i)
			holder.Handle(&protocol.Event{Kind: protocol.Added, Entry: e})
			s.run()
		}
		late := s.open("late")
		s.wait(10 * time.Second)
		if !holder.Holding() || late.Holding() || late.connects > 0 {
			t.Fatalf("%s: the new tab has stolen the lock", name)
		}
		got, want := late.conv.Entries, holder.conv.Entries
		if len(got) == 0 || name == "pictures" && len(got) < len(want) {
			t.Fatalf("%s: it shows %d of %d entries", name, len(got), len(want))
		}
		if !slices.Equal(got, want[len(want)-len(got):]) {
			t.Errorf("%s: it shows other entries", name)
		}
		s.send(late, "and on")
		if last := holder.conv.Entries[len(holder.conv.Entries)-1]; last.Text != "and on" || last.State != protocol.Sent {
			t.Errorf("%s: the holder shows %.40q at the end", name, last.Text)
		}
	}
}

// A mirror ignores the events of a tab that is not its holder, and all events before the snapshot.
func TestMirrorFollowsOneHolder(t *testing.T) {
	s, _, mirror := pair(t)
	foreign := message{kind: "event", from: "x", seq: mirror.seq + 1, event: &protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Key: "x", Text: "x"}}}
	mirror.Received(s.now, foreign.json())
	foreign.seq++
	mirror.Received(s.now, foreign.json()) // before the snapshot that it has asked for arrives
	s.run()
	s.agree("a")
	fresh := New(s.now, "new", true)
	foreign.seq = 1
	fresh.Received(s.now, foreign.json())
	if n := len(fresh.Take().Feed); n > 0 {
		t.Errorf("a tab that knows nothing yet shows %d events", n)
	}
}

// A tab ignores its own messages.
func TestOwnMessagesAreNothing(t *testing.T) {
	s, holder, mirror := pair(t)
	for _, tab := range []*simTab{holder, mirror} {
		own := message{kind: "read", from: tab.id, text: "k"}
		tab.Received(s.now, own.json())
		if len(tab.Take().Seen) > 0 {
			t.Errorf("%s hears itself", tab.name)
		}
	}
}

// A choice about the sound reaches the other tabs, whichever of them holds the connection.
func TestSoundIsChosenForAllTabs(t *testing.T) {
	s, holder, mirror := pair(t)
	for _, from := range []*simTab{holder, mirror} {
		for on, want := range map[bool]string{true: "on", false: "off"} {
			from.ChooseSound(on)
			for _, message := range from.Take().Messages {
				for _, tab := range []*simTab{holder, mirror} {
					tab.Received(s.now, message)
				}
			}
			for _, tab := range []*simTab{holder, mirror} {
				if got := tab.Take().Sound; (tab == from) != (got == "") || tab != from && got != want {
					t.Errorf("%s chooses %s: %s hears %q", from.name, want, tab.name, got)
				}
			}
		}
	}
}

// A tab that has received no message of another tab sends no events, to save their encoding. It asks once, and answers
// when it is asked.
func TestLoneTabIsSilent(t *testing.T) {
	now := time.Unix(1e9, 0)
	tab := &simTab{Tab: New(now, "one", true), name: "one"}
	if got := tab.posted(t); !slices.Equal(got, []string{"ask"}) {
		t.Errorf("a new tab writes %q", got)
	}
	if !tab.Acquired() {
		t.Error("what is in storage may be newer than what a new tab has")
	}
	if !tab.Take().Answer {
		t.Error("tabs that wait for a holder are not told that there is one")
	}
	tab.Handle(&protocol.Event{Kind: protocol.StateChanged, State: protocol.Online})
	tab.Read("k")
	if got := tab.posted(t); len(got) > 0 {
		t.Errorf("without others it writes %q", got)
	}
	for _, none := range []string{"", "no message", "{}", `{"kind":"ask"}`, strings.Repeat(" ", 16<<20) + "{}"} {
		tab.Received(now, none) // not a tab message: any script can write to the channel
	}
	tab.Handle(&protocol.Event{Kind: protocol.StateChanged, State: protocol.Online})
	if got := tab.posted(t); len(got) > 0 {
		t.Errorf("in no others it writes %q", got)
	}
	ask := message{kind: "ask", from: "two", sync: true}
	tab.Received(now, ask.json())
	if b := tab.Take(); !b.Answer || len(b.Messages) > 0 {
		t.Errorf("a new tab is to get the whole: %+v", b)
	}
	tab.Broadcast(&backend.Snapshot{State: protocol.Online})
	ask.sync = false
	tab.Received(now, ask.json())
	tab.Handle(&protocol.Event{Kind: protocol.StateChanged, State: protocol.Offline})
	tab.Read("k")
	if got := tab.posted(t); !slices.Equal(got, []string{"snapshot", "here", "event", "read"}) {
		t.Errorf("in others it writes %q", got)
	}
	if !tab.Next().IsZero() {
		t.Error("a holder without readers waits for something")
	}
}

// Events of a client whose tab has lost the lock are ignored: the conversation now follows another holder.
func TestLastWordsOfALostClient(t *testing.T) {
	s, holder, _ := pair(t)
	holder.Lost(s.now)
	holder.Take()
	holder.Handle(&protocol.Event{Kind: protocol.Forgotten})
	holder.Broadcast(&backend.Snapshot{})
	if b := holder.Take(); len(b.Feed)+len(b.Messages) > 0 {
		t.Errorf("it is told on: %+v", b)
	}
}

// A tab that loses the lock forgets the readers. When it gets the lock again, their tabs may be closed. A client that
// counts them would dial more often than necessary.
func TestReadersAfterTheLockIsLost(t *testing.T) {
	s, holder, mirror := pair(t)
	mirror.Show(s.now, true, true)
	s.run()
	if holder.Alone() || !holder.attention {
		t.Fatal("the reader is not counted")
	}
	holder.Lost(s.now)
	if holder.Alone() {
		t.Error("a tab without the lock thinks that it may be heard")
	}
	if asked := holder.posted(t); !slices.Equal(asked, []string{"ask"}) {
		t.Errorf("a visible tab that has lost the lock writes %q", asked)
	}
	reload := holder.Acquired()
	b := holder.Take()
	if !reload {
		t.Error("what the other holder has stored is not looked at")
	}
	if !holder.Alone() || slices.Contains(b.Calls, backend.Command{Kind: backend.Attend, On: true}) {
		t.Errorf("with the lock again, its client is told of readers who may be gone: %+v", b.Calls)
	}
	// A hidden tab does not ask, because nobody sees it and the browser throttles its timers.
	holder.Show(s.now, false, false)
	holder.Lost(s.now)
	if asked := holder.posted(t); len(asked) > 0 || !holder.Next().IsZero() {
		t.Errorf("a hidden tab writes %q", asked)
	}
}

// A tab tells its client whether its panel is being read each time it gets the lock, because each time the client is
// new. A client that is not told dials as if a visitor were waiting.
func TestNewHolderIsRead(t *testing.T) {
	s, holder, _ := pair(t)
	for _, reading := range []bool{true, true, false, false} {
		holder.Show(s.now, true, reading)
		holder.Take()
		holder.Lost(s.now)
		holder.Take()
		holder.Acquired()
		want := []backend.Command{{Kind: backend.Connect}, {Kind: backend.Attend, On: reading}}
		if got := holder.Take().Calls; !slices.Equal(got, want) {
			t.Errorf("its client is told %+v, want %+v", got, want)
		}
	}
}

// A mirror that is being read counts for 45 s after its newest message. It sends one every 15 s, so that two may be
// lost. A mirror whose panel is closed, or that sends bye, stops counting at once.
func TestReadersLast(t *testing.T) {
	for name, c := range map[string]struct {
		end   func(s *tabs, mirror *simTab)
		lasts time.Duration
	}{
		"a crash":     {func(s *tabs, mirror *simTab) { mirror.closed = true }, 45 * time.Second},
		"closed":      {func(s *tabs, mirror *simTab) { mirror.Show(s.now, true, false) }, 0},
		"a good-bye":  {func(s *tabs, mirror *simTab) { mirror.Leave() }, 0},
		"hidden away": {func(s *tabs, mirror *simTab) { mirror.Show(s.now, false, false) }, 0},
	} {
		s, holder, mirror := pair(t)
		mirror.Show(s.now, true, true)
		s.run()
		c.end(s, mirror)
		s.run()
		if c.lasts > 0 {
			s.wait(c.lasts - time.Second)
			if holder.Alone() || !holder.attention {
				t.Errorf("%s: forgotten too soon", name)
			}
			s.wait(time.Second)
		}
		if !holder.Alone() || holder.attention {
			t.Errorf("%s: still counted", name)
		}
		if !holder.Next().IsZero() {
			t.Errorf("%s: the holder still waits for somebody", name)
		}
	}
}

// A tab that has sent bye and is restored from the back/forward cache reports again that it is being read.
func TestReaderComesBack(t *testing.T) {
	s, holder, mirror := pair(t)
	mirror.Show(s.now, true, true)
	s.run()
	mirror.Leave()
	s.run()
	mirror.Show(s.now, true, true)
	s.run()
	if holder.Alone() || !holder.attention {
		t.Error("a reader who has come back is not counted")
	}
}

// Next of a holder is when the reader with the oldest message expires.
func TestOldestReader(t *testing.T) {
	s, holder, _ := pair(t)
	at := s.now
	for i, from := range []string{"x", "y", "z"} {
		reads := message{kind: "ask", from: from, reading: true}
		holder.Received(at.Add(time.Duration(i)*time.Second), reads.json())
	}
	if got := holder.Next().Sub(at); got != 45*time.Second {
		t.Errorf("the holder looks again after %v", got)
	}
	again := message{kind: "ask", from: "x", reading: true}
	holder.Received(at.Add(10*time.Second), again.json())
	if got := holder.Next().Sub(at); got != 46*time.Second {
		t.Errorf("after another sign of life, the holder looks again after %v", got)
	}
}

// A visible mirror asks the holder four times a minute, gets an answer each time, and does not steal the lock.
func TestMirrorAsks(t *testing.T) {
	s, holder, mirror := pair(t)
	mirror.messages, holder.messages = nil, nil
	s.wait(time.Minute)
	if got := strings.Join(mirror.messages, " "); got != "ask ask ask ask" {
		t.Errorf("in a minute it writes %q", got)
	}
	if got := strings.Join(holder.messages, " "); got != "here here here here" {
		t.Errorf("and is answered %q", got)
	}
	if !holder.Holding() {
		t.Error("the lock was stolen from a tab that answers")
	}
}

// A mirror that becomes visible, is read or wakes asks at once, because it may have missed events. A call that changes
// nothing does not make it ask.
func TestMirrorAsksWhenItAppears(t *testing.T) {
	s, _, mirror := pair(t)
	for _, c := range []struct {
		name string
		do   func()
		want []string
	}{
		{"hidden", func() { mirror.Show(s.now, false, false) }, nil},
		{"shown", func() { mirror.Show(s.now, true, false) }, []string{"ask"}},
		{"still shown", func() { mirror.Show(s.now, true, false) }, nil},
		{"read", func() { mirror.Command(s.now, backend.Command{Kind: backend.Attend, On: true}) }, []string{"ask"}},
		{"still read", func() { mirror.Command(s.now, backend.Command{Kind: backend.Attend, On: true}) }, nil},
		{"woken", func() { mirror.Command(s.now, backend.Command{Kind: backend.Wake}) }, []string{"ask"}},
		{"offline", func() { mirror.Command(s.now, backend.Command{Kind: backend.Network}) }, nil},
		{"suspended", func() { mirror.Command(s.now, backend.Command{Kind: backend.Suspend}) }, nil},
		{"typing", func() { mirror.Command(s.now, backend.Command{Kind: backend.Typing, On: true}) }, []string{"command"}},
		{"trying again", func() { mirror.Command(s.now, backend.Command{Kind: backend.Retry, Key: "k"}) }, []string{"command"}},
	} {
		c.do()
		if got := mirror.posted(t); !slices.Equal(got, c.want) {
			t.Errorf("%s: it writes %q, want %q", c.name, got, c.want)
		}
		if c.name == "hidden" && !mirror.Next().IsZero() {
			t.Error("a hidden mirror waits for something")
		}
	}
}

// A visible mirror steals the lock after 3 s without an answer. Before that, the holder may only be busy.
func TestLockIsStolenAfterThreeSeconds(t *testing.T) {
	s, holder, mirror := pair(t)
	holder.frozen = true
	s.send(mirror, "b")
	s.wait(2900 * time.Millisecond)
	if mirror.Holding() {
		t.Error("stolen after less than 3 s")
	}
	s.wait(200 * time.Millisecond)
	if !mirror.Holding() {
		t.Error("not stolen after 3 s")
	}
	s.agree("a b")
}

// If stealing the lock fails, the mirror tries again 3 s later.
func TestTheftIsTriedAgain(t *testing.T) {
	s, _, mirror := pair(t)
	mirror.Command(s.now, backend.Command{Kind: backend.Send, Key: "k", Text: "b"})
	mirror.Take()
	for range 2 {
		s.now = s.now.Add(3 * time.Second)
		mirror.Tick(s.now)
		if !mirror.Take().Steal {
			t.Error("nothing is stolen")
		}
		mirror.Tick(s.now.Add(2999 * time.Millisecond))
		if mirror.Take().Steal {
			t.Error("stolen again at once")
		}
	}
}

// A holder executes a command once, also if it arrives twice. A mirror sends unconfirmed commands again to the next
// holder.
func TestCommandsAreHeardOnce(t *testing.T) {
	s, holder, mirror := pair(t)
	for i := range 3 {
		mirror.Command(s.now, backend.Command{Kind: backend.Send, Key: string(rune('p' + i)), Text: string(rune('p' + i))})
	}
	messages := mirror.Take().Messages
	for _, l := range append(slices.Clone(messages), messages...) {
		holder.Received(s.now, l)
	}
	b := holder.Take()
	var texts []string
	for _, c := range b.Calls {
		texts = append(texts, c.Text)
	}
	if got := strings.Join(texts, " "); got != "p q r" {
		t.Errorf("the client is to send %q", got)
	}
	if len(b.Messages) != 6 {
		t.Fatalf("%d answers to 6 messages", len(b.Messages))
	}
	// Two of the three commands are confirmed. The confirmation for another tab does not count.
	elsewhere := message{kind: "heard", from: holder.id, text: "somebody else", n: 9}
	mirror.Received(s.now, elsewhere.json())
	for _, l := range b.Messages[:2] {
		mirror.Received(s.now, l)
	}
	if mirror.Next() != s.now.Add(3*time.Second) {
		t.Error("while one of its commands is not heard, the mirror does not look out for the holder")
	}
	whole := message{kind: "snapshot", from: "next", snapshot: &backend.Snapshot{Conversation: holder.conv, State: protocol.Online}}
	mirror.Received(s.now, whole.json())
	if got := mirror.posted(t); !slices.Equal(got, []string{"command"}) {
		t.Errorf("to the next holder it writes %q", got)
	}
	// The mirror becomes the holder.
	mirror.Acquired()
	if got := mirror.Take().Calls; len(got) != 3 || got[0].Kind != backend.Connect || got[1].Text != "r" || got[2].Kind != backend.Attend {
		t.Errorf("its own client gets %+v", got)
	}
	mirror.Lost(s.now)
	mirror.Acquired()
	if got := mirror.Take().Calls; len(got) != 2 || got[0].Kind != backend.Connect || got[1].Kind != backend.Attend {
		t.Errorf("its next client gets %+v", got)
	}
}

// A holder executes only those commands of other tabs that are about the conversation, and typing. Network, Wake,
// Suspend and Attend describe a single page. Number 9 is not used.
func TestCommandsForTheHolder(t *testing.T) {
	s, holder, _ := pair(t)
	for kind := backend.Connect; kind <= backend.StartNew+1; kind++ {
		passed := message{kind: "command", from: "x", command: &backend.Command{Kind: kind}}
		holder.Received(s.now, passed.json())
		own := slices.Contains([]backend.Kind{
			backend.Attend, backend.Network, backend.Wake, backend.Suspend, 9, backend.StartNew + 1,
		}, kind)
		if got := holder.Take().Calls; (len(got) == 0) != own {
			t.Errorf("command %d of another tab: %+v", kind, got)
		}
	}
}

// A new holder connects if and only if the connection of the previous holder was not idle.
func TestConnectionIsWanted(t *testing.T) {
	now := time.Unix(1e9, 0)
	for name, c := range map[string]struct {
		snapshot protocol.State
		events   []protocol.Event
		want     bool
	}{
		"idle":              {protocol.Idle, nil, false},
		"online":            {protocol.Online, nil, true},
		"offline":           {protocol.Offline, nil, true},
		"connecting since":  {protocol.Idle, []protocol.Event{{Kind: protocol.StateChanged, State: protocol.Connecting}}, true},
		"idle since":        {protocol.Online, []protocol.Event{{Kind: protocol.StateChanged, State: protocol.Idle}}, false},
		"forgotten since":   {protocol.Online, []protocol.Event{{Kind: protocol.Forgotten}}, false},
		"something is said": {protocol.Online, []protocol.Event{{Kind: protocol.Added, Entry: protocol.Entry{Key: "k", Text: "x"}}}, true},
	} {
		tab := New(now, "me", true)
		whole := message{kind: "snapshot", from: "x", seq: 7, snapshot: &backend.Snapshot{State: c.snapshot}}
		tab.Received(now, whole.json())
		for i, e := range c.events {
			told := message{kind: "event", from: "x", seq: int64(8 + i), event: &e}
			tab.Received(now, told.json())
		}
		if n := len(tab.Take().Feed); n != 1+len(c.events) {
			t.Errorf("%s: %d events reach the chat", name, n)
		}
		if tab.Acquired() {
			t.Errorf("%s: the conversation is the holder's, and storage has nothing newer", name)
		}
		if got := slices.Contains(tab.Take().Calls, backend.Command{Kind: backend.Connect}); got != c.want {
			t.Errorf("%s: connects %v", name, got)
		}
	}
}

// parseMessage returns every field of a message as it was written.
func TestMessagesArrive(t *testing.T) {
	command := backend.Command{Kind: backend.Adopt, Key: "k", Text: "t", On: true, Digest: 9, Flow: testFlow, Session: testSession}
	l := message{kind: "command", from: strings.Repeat("x", 64), seq: 3, n: 4, sync: true, reading: true, text: "text", command: &command}
	got, ok := parseMessage(l.json())
	if !ok || got.command == nil || *got.command != command {
		t.Fatalf("%+v, %v", got.command, ok)
	}
	if got.command = l.command; got != l {
		t.Errorf("%+v, want %+v", got, l)
	}
	// A message may have 16 MiB: a snapshot contains a conversation of up to 6 MiB, which may be twice as long as JSON.
	large := message{kind: "read", from: "x"}
	large.text = strings.Repeat("x", 16<<20-len(large.json())-len(`"text":"",`))
	if n := len(large.json()); n != 16<<20 {
		t.Errorf("%d bytes", n)
	}
	if got, ok := parseMessage(large.json()); !ok || len(got.text) != len(large.text) {
		t.Error("a message of 16 MiB is not read")
	}
	event := message{kind: "event", from: "x", event: &protocol.Event{Kind: protocol.Acknowledged, Key: "k", ID: "m"}}
	if got, ok := parseMessage(event.json()); !ok || got.event == nil || got.event.Key != "k" || got.event.ID != "m" {
		t.Errorf("%+v, %v", got.event, ok)
	}
	whole := message{kind: "snapshot", from: "x", snapshot: &backend.Snapshot{State: protocol.Offline, Conversation: protocol.Conversation{Session: testSession, Flow: testFlow}}}
	if got, ok := parseMessage(whole.json()); !ok || got.snapshot.State != protocol.Offline || got.snapshot.Conversation.Session != testSession {
		t.Errorf("%+v, %v", got.snapshot, ok)
	}
}
