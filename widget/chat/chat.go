// Package chat is the state of one conversation as a visitor sees it.
//
// A [Chat] takes events of the protocol ([Chat.Event]) and intents of the visitor and the page ([Chat.Do]). What follows
// from them is data, a [Batch], which the caller takes with [Chat.Take] and carries out: what to store, to send, to tell
// the page, and to draw. A Chat knows no socket, no clock, no store and no page, so all of it is tested natively.
//
// Beside the state stand what it is made of: the attributes of a site owner ([Options]), what a browser stores ([Record],
// [Archive]), and the form that asks who a visitor is ([Form]).
package chat

import (
	"time"

	"plurachat/protocol"
	"plurachat/widget/backend"
	"plurachat/widget/words"
)

// Config is what a [Chat] begins with. Options.Flow and NewKey are required.
type Config struct {
	Options Options
	Words   words.Language
	Record  Record // what was stored
	Open    bool   // the panel is open already: the loader's, or this tab's before a reload
	Visible bool   // the tab is

	// NewKey makes a key for a message of the visitor, unique on this device.
	NewKey func() string
	// Offset is the visitor's offset from UTC at a time, in seconds to the east;
	// nil: that of the times that are passed in.
	Offset func(time.Time) int
	// OwnHost reports whether an https: address leads to the page's own host,
	// where the visitor's cookies would go along; nil: none does.
	OwnHost func(address string) bool
}

// Chat is the state of one widget: what is known, and what is shown of it. It
// is told what happens by [Chat.Event], [Chat.Do] and [Chat.Tick], each with
// the time at which it does; what follows from it is taken with [Chat.Take].
// It is not safe for concurrent use.
type Chat struct {
	o      Options
	words  words.Language
	newKey func() string
	offset func(time.Time) int
	own    func(address string) bool
	judged picture // the one that own was asked for last

	record  Record
	state   protocol.State
	began   bool // a connection was asked for
	offered bool // this life has shown the record that the owner gave

	open      bool
	visible   bool
	following bool // the end of the log is in view
	fresh     int  // messages of the agent that came since somebody said so
	below     int  // messages of the agent that are below what is in view

	dots     time.Time // until when the agent is waited for; zero: not at all
	typing   time.Time // until when the visitor counts as typing
	saveAt   time.Time // when the draft is stored
	midnight time.Time // when the day dividers read differently

	menu bool    // it is open
	ask  AskKind // what the visitor is asked before it is done

	form      *Form             // the pre-chat form; nil: it is not shown
	lead      string            // lead data, for as long as the page lives; never stored
	held      []backend.Command // messages that wait for the form
	renewing  bool              // the visitor wants a new conversation, and is asked again who they are
	anonymous bool              // no lead data is to be had, and the owner wants to go on without

	rows    []*Row
	whole   map[string]bool // the long messages that the visitor wants to see all of, by their keys
	cut     bool            // messages above the first row were dropped
	face    face            // of whoever was looked at last
	stamped struct {
		at   time.Time
		text string
	}
	lastDay struct {
		quarter int64 // of an hour since 1970
		day     int
	}
	notice   Notice
	calls    map[string]int // promises of send, by the message's key
	identify []int          // promises of identify
	reset    []int          // promises of reset

	attending bool // what the line was told last
	unread    int  // what the owner was told last
	batch     Batch
}

const (
	groupWithin  = 5 * time.Minute        // between two messages of one group
	dotsAtMost   = 30 * time.Second       // for an agent who never answers
	typingIdle   = 3 * time.Second        // without a key press
	draftDelay   = 500 * time.Millisecond // from a key press to the store
	MaxText      = 4000                   // characters of one message
	counterFrom  = MaxText * 9 / 10       // from here on the composer counts
	biggestBadge = 99                     // the badge says 99+ above it
)

// New begins a chat, and asks for a connection where protocol.md does: with
// a stored conversation, and with an open panel.
func New(now time.Time, c Config) *Chat {
	ch := &Chat{
		o: c.Options, words: c.Words, newKey: c.NewKey, offset: c.Offset, own: c.OwnHost, record: c.Record,
		state: protocol.Idle, visible: c.Visible, following: true, calls: map[string]int{},
		open: c.Open || c.Options.Inline || c.Options.Open,
	}
	if ch.offset == nil {
		ch.offset = func(t time.Time) int { _, s := now.Zone(); return s }
	}
	ch.turnDay(now)
	ch.bound(now)
	for i := range ch.record.Conversation.Entries {
		r := ch.row(now, i)
		ch.rows = append(ch.rows, &r)
		ch.patch(RowPatch{Op: protocol.Inserted, Index: i, Row: ch.rows[i]})
	}
	ch.batch.Scroll = Scroll{Kind: ScrollEnd}
	if key := ch.firstUnread(); ch.open && key != "" {
		ch.batch.Scroll = Scroll{Kind: ScrollTo, Key: key}
	}
	if ch.o.Inline && ch.formDue() {
		ch.showForm()
	}
	conv := &ch.record.Conversation
	if conv.Session != "" || conv.Pending() || c.Options.Open || ch.open && !c.Options.Inline {
		ch.connect()
	} else {
		ch.emit("status", Pair{"state", string(protocol.Idle)}) // no longer "loading"
	}
	ch.settle(now)
	return ch
}

// Record is what is to be stored. It shares memory with the Chat.
func (c *Chat) Record() *Record { return &c.record }

// State is the state of the connection.
func (c *Chat) State() protocol.State { return c.state }

// Options are the attributes in force.
func (c *Chat) Options() Options { return c.o }

// Take returns what followed from all that happened since the last call, and
// the screen as it is now.
func (c *Chat) Take(now time.Time) Batch {
	c.bound(now)
	b := c.batch
	c.batch = Batch{}
	b.Screen = c.screen()
	return b
}

// Next is when [Chat.Tick] is due; zero: only if something happens.
func (c *Chat) Next() time.Time {
	var next time.Time
	for _, t := range [...]time.Time{c.dots, c.typing, c.saveAt, c.midnight} {
		if !t.IsZero() && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	return next
}

// Tick does what is due.
func (c *Chat) Tick(now time.Time) {
	if due(c.dots, now) {
		c.dots = time.Time{}
	}
	if due(c.typing, now) {
		c.stopTyping()
	}
	if due(c.saveAt, now) {
		c.save()
	}
	if due(c.midnight, now) {
		c.turnDay(now)
		c.refresh(now, 0, len(c.rows)-1)
	}
}

func due(t, now time.Time) bool { return !t.IsZero() && !now.Before(t) }

// turnDay finds the next midnight, when "today" becomes "yesterday".
func (c *Chat) turnDay(now time.Time) {
	const day = 24 * 60 * 60
	past := (now.Unix() + int64(c.offset(now))) % day
	c.midnight = now.Add(time.Duration(day-past) * time.Second)
}

// connect asks for a connection, as whoever the owner says the visitor is.
func (c *Chat) connect() {
	if c.formDue() {
		c.showForm()
		return
	}
	c.began = true
	if !c.offered {
		c.offered = true
		if c.o.Session != "" {
			if given := digest(string(c.o.Session)); given != c.record.Given {
				c.record.Given = given
				flow := c.o.Instance
				if flow == "" {
					flow = c.o.Flow
				}
				c.command(backend.Command{Kind: backend.Adopt, Flow: flow, Session: c.o.Session})
				c.save()
				return
			}
		} else if c.o.Record != "" {
			if d := digest(c.o.Record); d != c.record.Conversation.Digest {
				c.lead = c.o.Record
				c.command(backend.Command{Kind: backend.Identify, Text: c.o.Record, Digest: d})
				return
			}
		}
	}
	c.command(backend.Command{Kind: backend.Connect})
}

// digest is FNV-1a, and never 0, which stands for none. It tells a changed
// record from the same one and is not meant to keep a secret.
func digest(s string) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return max(h, 1)
}

// settle draws the consequences that several causes have: what is seen is read,
// and the line and the owner are told what has changed.
func (c *Chat) settle(now time.Time) {
	if !c.formDue() {
		c.admitted()
	}
	entries := c.record.Conversation.Entries
	if c.open && c.visible {
		for i := len(entries) - 1; i >= 0; i-- {
			if entries[i].Kind == protocol.Agent {
				if c.record.Read != entries[i].Key {
					c.record.Read = entries[i].Key
					c.keep()
				}
				break
			}
		}
	}
	if n := c.countUnread(); n != c.unread {
		c.unread = n
		c.emit("unread", Pair{"count", n})
	}
	if a := c.visible && (c.open || c.record.Conversation.Pending()); a != c.attending {
		c.attending = a
		c.command(backend.Command{Kind: backend.Attend, On: a})
	}
}

// countUnread counts what the agent said below the read mark.
func (c *Chat) countUnread() int {
	n := 0
	entries := c.record.Conversation.Entries
	for i := len(entries) - 1; i >= 0 && entries[i].Key != c.record.Read; i-- {
		if entries[i].Kind == protocol.Agent {
			n++
		}
	}
	return n
}

// firstUnread is the key of the oldest unread message of the agent, or of the
// newest one where all are read; empty if there is none.
func (c *Chat) firstUnread() string {
	key := ""
	entries := c.record.Conversation.Entries
	for i := len(entries) - 1; i >= 0; i-- {
		if entries[i].Key == c.record.Read {
			break
		}
		if entries[i].Kind == protocol.Agent {
			key = entries[i].Key
		}
	}
	return key
}

// save stores what exists nowhere else.
func (c *Chat) save() {
	c.batch.Save = true
	c.saveAt = time.Time{}
}

// keep stores what the server knows too: a hundred messages in one moment are
// stored once. Hidden tabs may be ended without another word.
func (c *Chat) keep() {
	if c.batch.Keep = true; !c.visible {
		c.save()
	}
}

func (c *Chat) command(cmd backend.Command) { c.batch.Commands = append(c.batch.Commands, cmd) }

func (c *Chat) emit(name string, detail ...Pair) {
	c.batch.Emits = append(c.batch.Emits, Emit{name, detail})
}
