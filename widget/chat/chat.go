// Package chat holds the state of one conversation as a visitor sees it.
//
// A [Chat] handles events of the protocol ([Chat.Event]) and intents of the visitor, the browser and the page
// ([Chat.Do]). The consequences are data, a [Batch]: what to store, to send, to report to the page, and to draw. The
// caller gets it from [Chat.Take] and carries it out. A Chat has no access to a socket, a clock, a store or the page,
// so all of it is tested natively.
//
// The package also holds what a Chat works with: the attributes of the site owner ([Options]), what a browser stores
// ([Stored], [Archive]), and the form that asks who a visitor is ([Form]).
package chat

import (
	"time"

	"plurachat/protocol"
	"plurachat/widget/backend"
	"plurachat/widget/words"
)

// Config configures a [Chat]. Options.Flow and NewKey are required.
type Config struct {
	Options Options
	Words   words.Language
	Stored  Stored // the stored state, as [Archive.Load] returned it
	Open    bool   // the panel is open already: the loader opened it, or it was open before a reload
	Visible bool   // the tab is visible

	// NewKey returns a key for a message of the visitor. It must be unique on this device.
	NewKey func() string
	// Offset returns the visitor's offset from UTC at a time, in seconds east of Greenwich. If nil, the location of the
	// given times applies.
	Offset func(time.Time) int
	// OwnHost reports whether an https: address leads to the page's own host, to which a request carries the visitor's
	// cookies. If nil, no address does.
	OwnHost func(address string) bool
}

// Chat is the state of one widget: the conversation, and what the widget shows of it. Its methods take the current
// time. It must not be used by several goroutines at once.
type Chat struct {
	o              Options
	words          words.Language
	newKey         func() string
	offset         func(time.Time) int
	ownHost        func(address string) bool
	checkedPicture picture // the last result of mayLoad

	stored           Stored
	state            protocol.State
	connectRequested bool // a connection was requested since the page was loaded, or since the last reset
	identityChecked  bool // the session or lead data of the attributes was compared with the stored state

	open        bool
	visible     bool
	following   bool // the end of the log is in view
	sinceScroll int  // messages of the agent since the last Scrolled
	belowView   int  // messages of the agent below the view

	dotsUntil   time.Time // when the waiting dots disappear; zero: they are not shown
	typingUntil time.Time // when the visitor no longer counts as typing; zero: they are not typing
	saveAt      time.Time // when to store the draft; zero: it is stored
	hushAt      time.Time // when to empty the announcer; zero: it is empty
	midnight    time.Time // when to update the day dividers

	menu bool    // the menu is open
	ask  AskKind // the question that the panel shows

	form       *Form             // the pre-chat form; nil: it is not shown
	lead       string            // lead data; kept in memory only, never stored
	tooMuch    bool              // the site owner was told that metadata makes a record too large
	held       []backend.Command // messages that are sent once the form is answered
	lost       bool              // the connection was lost, which the visitor was told
	formForNew bool              // the form is shown for a new conversation; the current one ends with the answer
	anonymous  bool              // there is no valid lead data, and the site owner allows a conversation without

	repliedTo string // key of the message whose offered answer was sent last

	rows      []*Row
	expanded  map[string]bool // keys of the long messages that are shown in full
	shortened bool            // messages above the first row were dropped
	face      face            // of the agent whose row was made last
	stamped   struct {
		at   time.Time
		text string
	}
	lastDay struct {
		quarter int64 // a quarter of an hour, counted from 1970
		day     int
	}
	notice   notice
	calls    map[string]int // promises of send, by the message's key
	identify []int          // promises of identify
	reset    []int          // promises of reset

	attentive bool // the value of the last backend.Attend command
	unread    int  // the count of the last unread event
	batch     Batch
	underway  string // key of the last message that was sent; empty: the conversation has it, or there is none
}

const (
	groupWithin  = 5 * time.Minute        // messages further apart start a new group
	dotsAtMost   = 30 * time.Second       // the waiting dots are shown no longer than this
	typingIdle   = 3 * time.Second        // since the last key press, until typing ends
	draftDelay   = 500 * time.Millisecond // from a key press to the storing of the draft
	announcedFor = 10 * time.Second       // from an announcement until it is removed: a screen reader may be late
	counterFrom  = MaxText * 9 / 10       // characters from which on the composer shows a counter
	biggestBadge = 99                     // above it the badge shows 99+
)

// MaxText is the largest length of a visitor's message, in characters.
const MaxText = 4000

// New returns a Chat. It requests a connection if there is a stored session, if a stored message is still to be sent,
// if the attribute open is set, or if the panel is open and not inline.
func New(now time.Time, c Config) *Chat {
	ch := &Chat{
		o: c.Options, words: c.Words, newKey: c.NewKey, offset: c.Offset, ownHost: c.OwnHost, stored: c.Stored,
		state: protocol.Idle, visible: c.Visible, following: true, calls: map[string]int{},
		open: c.Open || c.Options.Inline || c.Options.Open,
	}
	if ch.offset == nil {
		ch.offset = func(t time.Time) int { _, s := t.Zone(); return s }
	}
	ch.turnDay(now)
	ch.dropExcess(now)
	ch.makeRows(now)
	ch.batch.Scroll = Scroll{Kind: ScrollEnd}
	if ch.open {
		ch.batch.Scroll = ch.toUnread()
	}
	if ch.o.Inline && ch.formDue() {
		ch.showForm()
	}
	conv := &ch.stored.Conversation
	if conv.Session != "" || conv.Pending() || c.Options.Open || ch.open && !c.Options.Inline {
		ch.connect()
	} else {
		ch.emit("status", Pair{"state", string(protocol.Idle)}) // replaces the loader's "loading"
	}
	ch.reconcile(now)
	return ch
}

// Stored returns the state to store. It shares memory with the Chat.
func (c *Chat) Stored() *Stored { return &c.stored }

// State returns the state of the connection.
func (c *Chat) State() protocol.State { return c.state }

// SetOptions changes the attributes and words. A change of the flow, the URLs or the storage has no effect; it needs a
// new Chat.
func (c *Chat) SetOptions(now time.Time, o Options, words words.Language) {
	before := c.o
	c.o, c.words, c.face, c.checkedPicture = o, words, face{}, picture{}
	if o.Session != before.Session || o.Instance != before.Instance || o.Record != before.Record {
		c.identityChecked = false
		if c.connectRequested {
			c.connect()
		}
	}
	if c.form != nil {
		c.showForm() // labels and fields may have changed
	}
	c.updateRows(now, 0, len(c.rows)-1)
	c.reconcile(now)
}

// Take returns the consequences of all calls since the last Take, and the current screen.
func (c *Chat) Take(now time.Time) Batch {
	c.dropExcess(now)
	b := c.batch
	if len(b.Announce) > 0 {
		c.hushAt = now.Add(announcedFor)
	}
	c.batch = Batch{}
	b.Screen = c.screen()
	return b
}

// reconcile updates what depends on several parts of the state: it closes the form when it is no longer due, marks
// visible messages as read, and reports changes of the unread count to the page and of the attention to the backend. It
// follows every event, intent and change of options.
func (c *Chat) reconcile(now time.Time) {
	if !c.formDue() {
		c.closeForm()
	}
	if c.underway != "" && c.stored.Conversation.Index(c.underway) >= 0 {
		c.underway = ""
	}
	if c.stored.Draft != "" && c.stored.At.IsZero() {
		c.stored.At = now // a draft expires too
	} else if c.stored.Draft == "" && !c.stored.Conversation.Begun() {
		c.stored.At = time.Time{}
	}
	if c.Reading() {
		c.markRead()
	}
	if n, _ := c.unreadMessages(); n != c.unread {
		c.unread = n
		c.emit("unread", Pair{"count", n})
	}
	if a := c.visible && (c.open || c.stored.Conversation.Pending()); a != c.attentive {
		c.attentive = a
		c.command(backend.Command{Kind: backend.Attend, On: a})
	}
}

// save makes the batch store the state before anything else happens. It is for changes that only this device has.
func (c *Chat) save() {
	c.batch.Save = true
	c.saveAt = time.Time{}
}

// saveLater makes the batch store the state before it is drawn, so that a burst is stored once. It is for changes that
// the server has too. A hidden tab may be closed without an event, so it stores at once.
func (c *Chat) saveLater() {
	if c.batch.SaveLater = true; !c.visible {
		c.save()
	}
}

// hush empties the announcer. What it has said stays readable there otherwise, also after the conversation was deleted.
func (c *Chat) hush() {
	c.hushAt = time.Time{}
	c.batch.Hush, c.batch.Announce, c.batch.Unheard = true, nil, 0
}

// say makes screen readers read out a phrase.
func (c *Chat) say(phrase string) { c.batch.announce(Announcement{Words: phrase}) }

func (c *Chat) command(cmd backend.Command) {
	if cmd.Kind == backend.Send {
		c.underway = cmd.Key
	}
	c.batch.Commands = append(c.batch.Commands, cmd)
}

// emit adds an event for the page.
func (c *Chat) emit(name string, detail ...Pair) {
	c.batch.Emits = append(c.batch.Emits, Emit{name, detail})
}
