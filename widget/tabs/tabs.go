// Package tabs decides which of a visitor's tabs holds the connection, and what the tabs tell each other.
//
// All tabs of one visitor show one conversation over one socket. One tab, the holder, has the connection; a lock of the
// browser decides which. The others mirror it: the holder broadcasts every event of its client, and the mirrors send it
// their commands. Tabs that apply the same events show the same conversation.
//
// The browser passes the lock on when its tab is closed or crashes. A frozen tab keeps the lock and answers nothing, so a
// visible mirror that gets no answer steals it. There is no periodic heartbeat between tabs: hidden tabs are woken once a
// minute at best.
//
// A [Tab] is pure state: it knows no channel, no lock and no clock. What follows from what happens is data, a [Batch],
// which the caller takes with [Tab.Take] and carries out.
package tabs

import (
	"time"

	"plurachat/protocol"
	"plurachat/widget/backend"
)

const (
	answerWithin = 3 * time.Second  // else a visible mirror steals the lock
	askEvery     = 15 * time.Second // while visible
	readerLasts  = 45 * time.Second // without a message of a mirror
	tabsAtMost   = 256              // about which something is kept
)

// Tab is one tab's part: whether it holds the connection, and what it knows of the other tabs. It must not be used from
// several goroutines at once.
type Tab struct {
	id      string
	holding bool
	visible bool
	reading bool // the panel is open and in view

	others  bool   // there are other tabs, or were
	holder  string // the tab whose events are applied
	seq     int64  // of the newest event, sent or applied
	synced  bool   // the conversation is the holder's
	asked   time.Time
	nextAsk time.Time

	sent    int64            // number of the newest command
	unheard []numbered       // commands that no holder has confirmed
	heard   map[string]int64 // the newest command taken from each mirror
	wanted  bool             // a tab wants a connection

	readers   map[string]time.Time // mirrors in which the panel is read, and when they last said so
	attending bool                 // whether the client was told that somebody reads

	out Batch
}

// numbered is a command that is sent again until a holder confirms its number.
type numbered struct {
	n int64
	c backend.Command
}

// Batch is what the caller has to do, in this order.
type Batch struct {
	Steal    bool              // steal the lock
	Feed     []Feed            // pass these to the chat
	Seen     []string          // pass these read marks of other tabs to the chat
	Calls    []backend.Command // call these on this tab's client
	Answer   bool              // pass a snapshot to [Tab.Broadcast], and broadcast what it makes
	Messages []string          // broadcast these to the other tabs
}

// Feed is an event of the conversation, or all of it at once. One field is set.
type Feed struct {
	Event *protocol.Event
	Sync  *backend.Snapshot
}

// New returns a tab that does not hold the lock yet, and asks whether another one does. The id must be unique among the
// tabs.
func New(now time.Time, id string, visible bool) *Tab {
	t := &Tab{id: id, visible: visible, heard: map[string]int64{}, readers: map[string]time.Time{}}
	t.ask(now)
	return t
}

// Holding reports whether this tab holds the connection.
func (t *Tab) Holding() bool { return t.holding }

// Take returns what followed since the last call.
func (t *Tab) Take() Batch {
	b := t.out
	t.out = Batch{}
	return b
}

// Next returns when Tick is due; zero: not before something else happens.
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

// Show takes whether this tab is visible, and whether its panel is being read.
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

// ask asks the holder for an answer, and tells it whether this tab is being read.
func (t *Tab) ask(now time.Time) {
	t.nextAsk = now.Add(askEvery)
	if t.asked.IsZero() {
		t.asked = now
	}
	t.post(message{kind: "ask", sync: !t.synced, reading: t.reading})
}

// Acquired is called when this tab has got the lock. It reports whether the stored conversation may be newer than the
// chat's: then the caller syncs the chat with it. After that the caller makes a client, and takes the batch.
func (t *Tab) Acquired(now time.Time) (reload bool) {
	reload = !t.synced
	t.holding, t.synced, t.holder, t.seq = true, true, t.id, 0
	t.asked, t.attending = time.Time{}, false
	if t.wanted {
		t.out.Calls = append(t.out.Calls, backend.Command{Kind: backend.Connect})
	}
	for _, u := range t.unheard {
		t.out.Calls = append(t.out.Calls, u.c)
	}
	t.unheard = nil
	t.out.Answer = true
	t.attend(now)
	return reload
}

// Lost is called when the lock was stolen, or given back. The caller closes the client.
func (t *Tab) Lost(now time.Time) {
	t.holding, t.synced = false, false
	clear(t.readers)
	if t.visible {
		t.ask(now)
	}
}

// Leave tells the other tabs that this one ends.
func (t *Tab) Leave() {
	t.reading = false
	t.post(message{kind: "bye"})
}

// Handle takes an event of this tab's client, for the chat and the other tabs.
func (t *Tab) Handle(e *protocol.Event) {
	if !t.holding {
		return // another tab has the lock, and this client is about to be closed
	}
	t.seq++
	t.feed(e)
	if t.others { // a new tab asks for a snapshot
		t.post(message{kind: "event", event: e})
	}
}

// Broadcast sends the whole conversation to the other tabs. It is called where [Batch.Answer] asks for it.
func (t *Tab) Broadcast(s *backend.Snapshot) {
	if t.holding {
		t.post(message{kind: "snapshot", snapshot: s})
	}
}

// Read tells the other tabs up to which message this one was read.
func (t *Tab) Read(key string) {
	if t.others || !t.holding {
		t.post(message{kind: "read", text: key})
	}
}

// Alone reports whether this tab holds the connection and no other one is being read: then it may play the sound of a
// message.
func (t *Tab) Alone() bool { return t.holding && len(t.readers) == 0 }

// Command takes a command of this tab's chat, for its client or for the holder's.
func (t *Tab) Command(now time.Time, c backend.Command) {
	switch {
	case c.Kind == backend.Attend:
		t.Show(now, t.visible, c.On)
	case t.holding:
		t.out.Calls = append(t.out.Calls, c)
	case c.Kind == backend.Typing:
		t.post(message{kind: "command", command: &c})
	case aboutConversation(&c):
		if c.Kind == backend.Send { // shown at once; the holder's event for it has the same key
			t.feed(&protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{
				Key: c.Key, Kind: protocol.Visitor, State: protocol.Sending, Text: c.Text, At: now}})
		}
		t.sent++
		t.unheard = append(t.unheard, numbered{t.sent, c})
		if t.asked.IsZero() {
			t.asked = now
		}
		t.post(message{kind: "command", n: t.sent, command: &c})
	case c.Kind == backend.Wake:
		t.ask(now)
	}
}

// feed adds an event for the chat.
func (t *Tab) feed(e *protocol.Event) {
	switch {
	case e.Kind == protocol.StateChanged:
		t.wanted = e.State != protocol.Idle
	case e.Kind == protocol.Forgotten:
		t.wanted = false
	}
	t.out.Feed = append(t.out.Feed, Feed{Event: e})
}

// aboutConversation reports whether a command is about the conversation, and not about the page that it comes from.
func aboutConversation(c *backend.Command) bool {
	switch c.Kind {
	case backend.Connect, backend.Send, backend.Retry, backend.Remove, backend.Identify, backend.Adopt, backend.Reset, backend.StartNew:
		return true
	}
	return false
}

// Received takes a message of another tab. It ignores what is not one: any script of the page's origin can write to the
// channel.
func (t *Tab) Received(now time.Time, text string) {
	m, ok := parseMessage(text)
	if !ok || m.from == t.id {
		return
	}
	t.others = true
	if t.holding {
		t.receivedHolding(now, m)
	} else {
		t.receivedMirroring(now, m)
	}
	if m.kind == "read" {
		t.out.Seen = append(t.out.Seen, m.text)
	}
}

func (t *Tab) receivedHolding(now time.Time, m message) {
	switch m.kind {
	case "ask":
		t.reader(now, m)
		if m.sync {
			t.out.Answer = true
		} else {
			t.post(message{kind: "here"})
		}
	case "command":
		if m.n > 0 {
			t.post(message{kind: "heard", text: m.from, n: m.n})
			if m.n <= t.heard[m.from] {
				return // sent again because its confirmation had not come
			}
			if len(t.heard) >= tabsAtMost {
				// A command that is sent again after this is applied twice, which its key makes harmless.
				clear(t.heard)
			}
			t.heard[m.from] = m.n
		}
		if aboutConversation(m.command) || m.command.Kind == backend.Typing {
			t.out.Calls = append(t.out.Calls, *m.command)
		}
	case "bye":
		delete(t.readers, m.from)
		t.attend(now)
	}
}

func (t *Tab) receivedMirroring(now time.Time, m message) {
	switch m.kind {
	case "here":
		t.answered()
		if m.from != t.holder || m.seq != t.seq {
			t.synced = false
			t.ask(now)
		}
	case "snapshot":
		t.answered()
		t.holder, t.seq, t.synced = m.from, m.seq, true
		t.wanted = t.wanted || m.snapshot.State != protocol.Idle
		t.out.Feed = append(t.out.Feed, Feed{Sync: m.snapshot})
		for _, u := range t.unheard { // the holder may be a new one
			t.post(message{kind: "command", n: u.n, command: &u.c})
		}
		if len(t.unheard) > 0 {
			t.asked = now
		}
	case "event":
		if !t.synced {
			return // the snapshot that was asked for holds it
		}
		if m.from != t.holder || m.seq != t.seq+1 {
			t.synced = false
			t.ask(now)
			return
		}
		t.seq = m.seq
		t.feed(m.event)
	case "heard":
		if m.text == t.id {
			for len(t.unheard) > 0 && t.unheard[0].n <= m.n {
				t.unheard = t.unheard[1:]
			}
			t.answered()
		}
	}
}

// answered notes that the holder has answered.
func (t *Tab) answered() {
	if len(t.unheard) == 0 {
		t.asked = time.Time{}
	}
}

// reader notes whether the mirror that a message comes from is being read.
func (t *Tab) reader(now time.Time, m message) {
	if !m.reading {
		delete(t.readers, m.from)
	} else if _, known := t.readers[m.from]; known || len(t.readers) < tabsAtMost {
		t.readers[m.from] = now
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

// attend tells the client whether the conversation is being read, in any tab.
func (t *Tab) attend(now time.Time) {
	for id, seen := range t.readers {
		if now.Sub(seen) >= readerLasts {
			delete(t.readers, id) // it ended without a message
		}
	}
	if on := t.reading || len(t.readers) > 0; on != t.attending {
		t.attending = on
		t.out.Calls = append(t.out.Calls, backend.Command{Kind: backend.Attend, On: on})
	}
}

// post adds a message for the other tabs.
func (t *Tab) post(m message) {
	m.from = t.id
	if t.holding {
		m.seq = t.seq
	}
	t.out.Messages = append(t.out.Messages, m.json())
}

func due(at, now time.Time) bool { return !at.IsZero() && !now.Before(at) }
