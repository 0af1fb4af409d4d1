// Package tabs decides which of a visitor's tabs holds the connection, and which messages the tabs send each other.
//
// All tabs of one visitor show one conversation over one connection. The tab that has the connection is the holder. It
// is the tab that has a lock of the browser. The other tabs are mirrors: the holder broadcasts every event of its
// client, and the mirrors send it their commands. Tabs that apply the same events show the same conversation.
//
// When the holder is closed or crashes, the browser gives the lock to another tab. A frozen tab keeps the lock and does
// not answer. A visible mirror that gets no answer steals the lock. The holder sends no periodic heartbeat, because the
// timers of hidden tabs run once a minute at best.
//
// A [Tab] only has state. It does not use a channel, a lock or a clock. Its methods collect in a [Batch] what the
// caller has to do. The caller takes the batch with [Tab.Take] and does it.
package tabs

import (
	"time"

	"plurachat/protocol"
	"plurachat/widget/backend"
)

const (
	answerWithin = 3 * time.Second  // time for the holder's answer; after it, a visible mirror steals the lock
	askEvery     = 15 * time.Second // interval of a visible mirror's questions
	readerLasts  = 45 * time.Second // time after its newest ask for which a mirror counts as being read
	maxTabs      = 256              // maximum length of Tab.heard and of Tab.readers
)

// Tab is the state of one tab: whether it holds the connection, and what it has received about the other tabs. It must
// not be used by several goroutines at once.
type Tab struct {
	id      string
	holding bool
	visible bool
	reading bool // the panel is open and in view

	others  bool      // a message of another tab has arrived
	holder  string    // id of the tab whose events this tab applies
	seq     int64     // number of the newest event, sent or applied
	synced  bool      // this tab's conversation is equal to the holder's
	asked   time.Time // since when this tab waits for an answer of the holder; zero: it does not wait
	nextAsk time.Time // when to ask the holder again

	sent    int64      // number of the newest command
	unheard []numbered // commands that no holder has confirmed
	heard   []executed // for each mirror that has sent commands; the last one is of the newest command
	wanted  bool       // the connection is not idle and not given up: the next holder has to connect

	readers   map[string]time.Time // mirrors whose panel is being read, and when their newest ask arrived
	attending bool                 // value of the newest Attend command to the client

	out Batch
}

// numbered is a command that is sent again until a holder confirms its number.
type numbered struct {
	n int64
	c backend.Command
}

// executed is the number of the newest command that was executed for a mirror.
type executed struct {
	mirror string
	n      int64
}

// Batch is what the caller has to do, in this order.
type Batch struct {
	Steal    bool              // steal the lock
	Sound    string            // pass this choice of another tab, on or off, to the chat; empty: none
	Feed     []Feed            // pass these to the chat
	Seen     []string          // pass these read marks of other tabs to the chat
	Calls    []backend.Command // call these on this tab's client
	Answer   bool              // pass a snapshot to [Tab.Broadcast], take the next batch, and broadcast its messages
	Messages []string          // broadcast these to the other tabs
}

// Feed is an event of the conversation, or a snapshot of all of it. One field is set.
type Feed struct {
	Event *protocol.Event
	Sync  *backend.Snapshot
}

// New returns a tab that does not have the lock. Its first batch asks the holder for a snapshot. The id must be unique
// among the tabs.
func New(now time.Time, id string, visible bool) *Tab {
	t := &Tab{id: id, visible: visible, readers: map[string]time.Time{}}
	t.ask(now)
	return t
}

// Holding reports whether this tab holds the connection.
func (t *Tab) Holding() bool { return t.holding }

// Take returns the batch since the last call.
func (t *Tab) Take() Batch {
	b := t.out
	t.out = Batch{}
	return b
}

// Next returns when Tick is due. Zero means that Tick is not due before another method is called.
func (t *Tab) Next() time.Time {
	switch {
	case t.holding:
		return t.oldestReader()
	case !t.visible:
		return time.Time{} // the browser throttles the timers of a hidden tab, and nobody sees it
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
		t.asked = now // if this attempt fails, the next one is due after answerWithin
		t.out.Steal = true
	case t.asked.IsZero() && due(t.nextAsk, now):
		t.ask(now)
	}
}

// Show sets whether this tab is visible, and whether its panel is being read.
func (t *Tab) Show(now time.Time, visible, reading bool) {
	appeared := visible && !t.visible
	changed := reading != t.reading
	t.visible, t.reading = visible, reading
	if t.holding {
		t.attend(now)
	} else if appeared || changed {
		if appeared {
			t.asked = time.Time{} // a hidden tab may have been frozen and missed the answer
		}
		t.ask(now)
	}
}

// ask asks the holder for an answer. The message also says whether the panel of this tab is being read.
func (t *Tab) ask(now time.Time) {
	t.nextAsk = now.Add(askEvery)
	if t.asked.IsZero() {
		t.asked = now
	}
	t.post(message{kind: "ask", sync: !t.synced, reading: t.reading})
}

// Acquired must be called when this tab gets the lock. It reports whether the stored conversation may be newer than the
// chat's. If so, the caller syncs the chat with the stored one. Then the caller makes a client and takes the batch.
func (t *Tab) Acquired() (reload bool) {
	reload = !t.synced
	t.holding, t.synced, t.holder, t.seq = true, true, t.id, 0
	t.asked = time.Time{}
	if t.wanted {
		t.out.Calls = append(t.out.Calls, backend.Command{Kind: backend.Connect})
	}
	for _, u := range t.unheard {
		t.out.Calls = append(t.out.Calls, u.c)
	}
	t.unheard = nil
	t.out.Answer = true
	t.attending = t.reading // there are no readers yet
	t.out.Calls = append(t.out.Calls, backend.Command{Kind: backend.Attend, On: t.attending})
	return reload
}

// Lost must be called when the lock was stolen or released. The caller closes the client.
func (t *Tab) Lost(now time.Time) {
	t.holding, t.synced = false, false
	clear(t.readers)
	if t.visible {
		t.ask(now)
	}
}

// Leave tells the other tabs that this tab is being closed.
func (t *Tab) Leave() {
	t.reading, t.synced = false, false // a page that comes back loads what was stored meanwhile
	t.post(message{kind: "bye"})
}

// Handle passes an event of this tab's client to the chat and to the other tabs.
func (t *Tab) Handle(e *protocol.Event) {
	if !t.holding {
		return // another tab has the lock, and this client is about to be closed
	}
	t.seq++
	t.feed(e)
	if t.others { // a tab that opens later asks for a snapshot
		t.post(message{kind: "event", event: e})
	}
}

// Broadcast sends a snapshot to the other tabs. It must be called if [Batch.Answer] is true. It leaves out the oldest
// entries of a snapshot that no tab would read: JSON makes a text of control characters six times as long.
func (t *Tab) Broadcast(s *backend.Snapshot) {
	if !t.holding {
		return
	}
	fits := *s
	for n := len(fits.Conversation.Entries); ; n /= 2 {
		t.post(message{kind: "snapshot", snapshot: &fits})
		last := len(t.out.Messages) - 1
		if len(t.out.Messages[last]) <= maxMessage || n == 0 {
			return
		}
		t.out.Messages = t.out.Messages[:last]
		fits.Conversation.Trim(n/2, maxMessage, maxMessage)
	}
}

// Read sends the other tabs the key of the newest message that was read in this tab.
func (t *Tab) Read(key string) {
	if t.others || !t.holding {
		t.post(message{kind: "read", text: key})
	}
}

// ChooseSound sends the other tabs the visitor's choice whether messages play a sound.
func (t *Tab) ChooseSound(on bool) {
	choice := "off"
	if on {
		choice = "on"
	}
	t.post(message{kind: "sound", text: choice})
}

// Alone reports whether this tab is the holder and no mirror is being read. Only then may it play the sound of a
// message.
func (t *Tab) Alone() bool { return t.holding && len(t.readers) == 0 }

// Command executes a command of this tab's chat. Attend sets whether the panel is being read. The holder passes the
// other commands to its client. A mirror sends Typing and the commands about the conversation to the holder, asks the
// holder for an answer on Wake, and ignores the rest.
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

// feed adds an event to the batch for the chat.
func (t *Tab) feed(e *protocol.Event) {
	switch {
	case e.Kind == protocol.StateChanged:
		t.wanted = wanted(e.State)
	case e.Kind == protocol.Forgotten:
		t.wanted = false
	}
	t.out.Feed = append(t.out.Feed, Feed{Event: e})
}

// wanted reports whether a holder's client in that state dials. One that has given up leaves it to the visitor: it may
// not begin a conversation without the lead data that was refused.
func wanted(s protocol.State) bool { return s != protocol.Idle && s != protocol.GaveUp }

// aboutConversation reports whether a command changes the conversation. The other commands describe the page that they
// come from.
func aboutConversation(c *backend.Command) bool {
	switch c.Kind {
	case backend.Connect, backend.Send, backend.Retry, backend.Remove,
		backend.Identify, backend.Adopt, backend.Reset, backend.StartNew:
		return true
	}
	return false
}

// post adds a message for the other tabs to the batch.
func (t *Tab) post(m message) {
	m.from = t.id
	if t.holding {
		m.seq = t.seq
	}
	t.out.Messages = append(t.out.Messages, m.json())
}

func due(at, now time.Time) bool { return !at.IsZero() && !now.Before(at) }
