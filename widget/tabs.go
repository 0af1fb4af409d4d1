package widget

import (
	"time"

	"plurachat/protocol"
)

// A visitor's tabs are one conversation over one socket. One tab holds the
// connection, which a lock decides; the others mirror it. The holder broadcasts
// every event of its client, the mirrors pass their commands to it. Whoever
// folds the same events shows the same conversation.
//
// A lock is handed on when its tab is closed or crashes. A frozen tab keeps it
// and answers nothing; so a visible mirror that gets no answer steals it.
// Nobody beats periodically: hidden tabs are woken once a minute at best.

const (
	answerWithin = 3 * time.Second  // else a visible mirror steals the lock
	askEvery     = 15 * time.Second // while visible
	readerLasts  = 45 * time.Second // without a sign of life of a mirror
	tabsAtMost   = 256              // of whom something is kept
)

// Tab is one tab's part in it: pure state, as [Chat] is. What follows from what
// happens is taken with [Tab.Take].
type Tab struct {
	id      string
	holding bool
	visible bool
	reading bool // the panel is open and in view

	company bool   // there are other tabs, or were
	holder  string // whose events are followed
	seq     int64  // of the newest event, sent or followed
	synced  bool   // the conversation is the holder's
	asked   time.Time
	nextAsk time.Time

	sent    int64            // number of the newest command
	unheard []numbered       // commands that no holder has taken yet
	heard   map[string]int64 // the newest command taken from each mirror
	wanted  bool             // a connection is wanted, by whoever

	readers   map[string]time.Time // mirrors in which the panel is read, and when they last said so
	attending bool                 // what the client was told

	out TabBatch
}

type numbered struct {
	n int64
	c Command
}

// TabBatch is what follows from what happened, in this order.
type TabBatch struct {
	Steal   bool      // the lock is to be stolen
	Feed    []Feed    // for the chat
	Seen    []string  // read marks from other tabs, for the chat
	Calls   []Command // for this tab's client
	Answer  bool      // the holder is to broadcast a snapshot
	Letters []string  // to be broadcast
}

// Feed is an event of the conversation, or all of it at once. One field is set.
type Feed struct {
	Event *protocol.Event
	Sync  *Snapshot
}

// Snapshot is a conversation and the state of its connection.
type Snapshot struct {
	Conversation protocol.Conversation
	State        protocol.State
}

// NewTab is a tab that does not hold the lock yet, and asks whether another
// does. The id is unique among the tabs.
func NewTab(now time.Time, id string, visible bool) *Tab {
	t := &Tab{id: id, visible: visible, heard: map[string]int64{}, readers: map[string]time.Time{}}
	t.ask(now)
	return t
}

// Holding reports whether this tab has the connection.
func (t *Tab) Holding() bool { return t.holding }

// Take returns what followed since the last call.
func (t *Tab) Take() TabBatch {
	b := t.out
	t.out = TabBatch{}
	return b
}

// Next is when Tick is due; zero: only if something happens.
func (t *Tab) Next() time.Time {
	switch {
	case t.holding:
		return t.oldestReader()
	case !t.visible:
		return time.Time{} // its timers are throttled, and nobody is looking
	case !t.asked.IsZero():
		return t.asked.Add(answerWithin)
	}
	return t.nextAsk
}

// Tick does what is due.
func (t *Tab) Tick(now time.Time) {
	switch {
	case t.holding:
		t.attend(now)
	case !t.visible:
	case due(t.asked, now.Add(-answerWithin)):
		t.asked = now // once more, should the theft fail
		t.out.Steal = true
	case t.asked.IsZero() && due(t.nextAsk, now):
		t.ask(now)
	}
}

// Show says whether this tab is visible, and its panel being read.
func (t *Tab) Show(now time.Time, visible, reading bool) {
	appeared := visible && !t.visible
	changed := reading != t.reading
	t.visible, t.reading = visible, reading
	if t.holding {
		t.attend(now)
	} else if appeared || changed {
		t.ask(now)
	}
}

// ask asks whether the holder is alive, and tells it that this tab is.
func (t *Tab) ask(now time.Time) {
	t.nextAsk = now.Add(askEvery)
	if t.asked.IsZero() {
		t.asked = now
	}
	t.post(letter{kind: "ask", sync: !t.synced, reading: t.reading})
}

// Held says that the lock is this tab's. It reports whether what is in storage
// may be newer than what the chat has: then the chat is to become that. After
// it the caller makes a client, and takes the batch.
func (t *Tab) Held(now time.Time) (reload bool) {
	reload = !t.synced
	t.holding, t.synced, t.holder, t.seq = true, true, t.id, 0
	t.asked, t.attending = time.Time{}, false
	if t.wanted {
		t.out.Calls = append(t.out.Calls, Command{Kind: LineConnect})
	}
	for _, u := range t.unheard {
		t.out.Calls = append(t.out.Calls, u.c)
	}
	t.unheard = nil
	t.out.Answer = true
	t.attend(now)
	return reload
}

// Lost says that the lock was stolen, or given back. The caller closes the
// client.
func (t *Tab) Lost(now time.Time) {
	t.holding, t.synced = false, false
	clear(t.readers)
	if t.visible {
		t.ask(now)
	}
}

// Leave tells the others that this tab goes.
func (t *Tab) Leave() {
	t.reading = false
	t.post(letter{kind: "bye"})
}

// Told takes an event of this tab's client, for the chat and the other tabs.
func (t *Tab) Told(e *protocol.Event) {
	if !t.holding {
		return // the client's last words; the lock is another's
	}
	t.seq++
	t.feed(e)
	if t.company { // a tab that comes asks for all of it
		t.post(letter{kind: "event", event: e})
	}
}

// Tell broadcasts the whole conversation, for [TabBatch.Answer].
func (t *Tab) Tell(s *Snapshot) {
	if t.holding {
		t.post(letter{kind: "snapshot", snapshot: s})
	}
}

// Read tells the other tabs what was read in this one.
func (t *Tab) Read(key string) {
	if t.company || !t.holding {
		t.post(letter{kind: "read", text: key})
	}
}

// Alone reports whether no other tab shows the conversation to anybody: then a
// message may be heard here.
func (t *Tab) Alone() bool { return t.holding && len(t.readers) == 0 }

// Command takes what this tab's chat wants of its line.
func (t *Tab) Command(now time.Time, c Command) {
	switch {
	case c.Kind == LineAttend:
		t.Show(now, t.visible, c.On)
	case t.holding:
		t.out.Calls = append(t.out.Calls, c)
	case c.Kind == LineTyping:
		t.post(letter{kind: "command", command: &c})
	case c.forHolder():
		if c.Kind == LineSend { // shown at once; the holder's own event will be known by its key
			t.feed(&protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{
				Key: c.Key, Kind: protocol.Visitor, State: protocol.Sending, Text: c.Text, At: now}})
		}
		t.sent++
		t.unheard = append(t.unheard, numbered{t.sent, c})
		if t.asked.IsZero() {
			t.asked = now
		}
		t.post(letter{kind: "command", n: t.sent, command: &c})
	case c.Kind == LineWake:
		t.ask(now)
	}
}

// feed passes an event to the chat.
func (t *Tab) feed(e *protocol.Event) {
	switch {
	case e.Kind == protocol.StateChanged:
		t.wanted = e.State != protocol.Idle
	case e.Kind == protocol.Forgotten:
		t.wanted = false
	}
	t.out.Feed = append(t.out.Feed, Feed{Event: e})
}

// forHolder reports whether a command is about the conversation, and not about
// the page that it comes from.
func (c *Command) forHolder() bool {
	switch c.Kind {
	case LineConnect, LineSend, LineRetry, LineRemove, LineIdentify, LineAdopt, LineReset, LineStartNew:
		return true
	}
	return false
}

// Received takes a letter of another tab. What is none is ignored: any script of
// the page's origin may write on the channel.
func (t *Tab) Received(now time.Time, text string) {
	l, ok := parseLetter(text)
	if !ok || l.from == t.id {
		return
	}
	t.company = true
	if t.holding {
		t.receivedHolding(now, l)
	} else {
		t.receivedMirroring(now, l)
	}
	if l.kind == "read" {
		t.out.Seen = append(t.out.Seen, l.text)
	}
}

func (t *Tab) receivedHolding(now time.Time, l letter) {
	switch l.kind {
	case "ask":
		t.reader(now, l)
		if l.sync {
			t.out.Answer = true
		} else {
			t.post(letter{kind: "here"})
		}
	case "command":
		if l.n > 0 {
			t.post(letter{kind: "heard", text: l.from, n: l.n})
			if l.n <= t.heard[l.from] {
				return // written again, for fear that nobody had heard it
			}
			if len(t.heard) >= tabsAtMost {
				// What is forgotten is which commands were taken; one that is written again is known by what it does.
				clear(t.heard)
			}
			t.heard[l.from] = l.n
		}
		if l.command.forHolder() || l.command.Kind == LineTyping {
			t.out.Calls = append(t.out.Calls, *l.command)
		}
	case "bye":
		delete(t.readers, l.from)
		t.attend(now)
	}
}

func (t *Tab) receivedMirroring(now time.Time, l letter) {
	switch l.kind {
	case "here":
		t.answered()
		if l.from != t.holder || l.seq != t.seq {
			t.synced = false
			t.ask(now)
		}
	case "snapshot":
		t.answered()
		t.holder, t.seq, t.synced = l.from, l.seq, true
		t.wanted = t.wanted || l.snapshot.State != protocol.Idle
		t.out.Feed = append(t.out.Feed, Feed{Sync: l.snapshot})
		for _, u := range t.unheard { // the holder may be a new one
			t.post(letter{kind: "command", n: u.n, command: &u.c})
		}
		if len(t.unheard) > 0 {
			t.asked = now
		}
	case "event":
		if !t.synced {
			return // the snapshot that was asked for has it
		}
		if l.from != t.holder || l.seq != t.seq+1 {
			t.synced = false
			t.ask(now)
			return
		}
		t.seq = l.seq
		t.feed(l.event)
	case "heard":
		if l.text == t.id {
			for len(t.unheard) > 0 && t.unheard[0].n <= l.n {
				t.unheard = t.unheard[1:]
			}
			t.answered()
		}
	}
}

// answered: the holder lives.
func (t *Tab) answered() {
	if len(t.unheard) == 0 {
		t.asked = time.Time{}
	}
}

// reader notes whether a mirror is being read.
func (t *Tab) reader(now time.Time, l letter) {
	if !l.reading {
		delete(t.readers, l.from)
	} else if _, known := t.readers[l.from]; known || len(t.readers) < tabsAtMost {
		t.readers[l.from] = now
	}
	t.attend(now)
}

func (t *Tab) oldestReader() (at time.Time) {
	for _, seen := range t.readers {
		if until := seen.Add(readerLasts); at.IsZero() || until.Before(at) {
			at = until
		}
	}
	return at
}

// attend tells the client whether anybody is looking, in any tab.
func (t *Tab) attend(now time.Time) {
	for id, seen := range t.readers {
		if now.Sub(seen) >= readerLasts {
			delete(t.readers, id) // it went without a word
		}
	}
	if on := t.reading || len(t.readers) > 0; on != t.attending {
		t.attending = on
		t.out.Calls = append(t.out.Calls, Command{Kind: LineAttend, On: on})
	}
}

func (t *Tab) post(l letter) {
	l.from = t.id
	if t.holding {
		l.seq = t.seq
	}
	t.out.Letters = append(t.out.Letters, l.json())
}
