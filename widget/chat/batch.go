package chat

import (
	"slices"

	"plurachat/protocol"
	"plurachat/widget/backend"
	"plurachat/widget/markdown"
	"plurachat/widget/pieces"
	"plurachat/widget/words"
)

// Batch is what follows from what happened. Whoever takes it does, in this
// order: Save, Commands, Emits and Settled, and then, perhaps together with the
// batches that come meanwhile, Keep and what is to be drawn. So whatever a
// visitor sees of a message has been stored before.
type Batch struct {
	Save     bool // the record is to be stored, before anything else happens
	Keep     bool // the record is to be stored before anything is drawn
	Forget   bool // everything of this flow is to be removed from the store
	Commands []backend.Command
	Emits    []Emit
	Settled  []Settlement
	Sound    bool // a message is to be heard
	Download bool // the transcript is to be saved as a file

	Rows     []RowPatch // in order
	Scroll   Scroll     // after Rows
	Focus    Focus
	Input    bool // the composer's text is to become Screen.Draft
	Announce []Announcement
	Reveal   string // the key of a row that is shown whole from now on, and has the keyboard; empty: none
	Screen   Screen // all that is shown beside the rows, as it is now
}

// mostPatches is how many patches wait to be drawn.
const mostPatches = 4 * protocol.MostEntries

// Stale reports whether more waits to be drawn than there are rows: in a hidden
// tab it may be long until anything is. Then it is better to draw all rows anew.
func (b *Batch) Stale() bool { return len(b.Rows) > mostPatches }

// Merge adds what a later batch wants to be drawn.
func (b *Batch) Merge(later *Batch) {
	for _, p := range later.Rows {
		b.addRow(p)
	}
	for _, a := range later.Announce {
		b.announce(a)
	}
	b.Scroll.add(later.Scroll)
	if later.Focus != FocusNone {
		b.Focus = later.Focus
	}
	b.Input = b.Input || later.Input
	if later.Reveal != "" {
		b.Reveal = later.Reveal
	}
	b.Screen = later.Screen
}

// addRow adds a patch. What a row becomes before it is drawn at all need not be
// drawn in between: in a burst, every message is the last of its group for the
// moment until the next one.
func (b *Batch) addRow(p RowPatch) {
	if p.Op == protocol.Updated {
		for i := len(b.Rows) - 1; i >= max(len(b.Rows)-lookBack, 0); i-- {
			earlier := &b.Rows[i]
			if earlier.Op <= protocol.Moved && earlier.Row.Key == p.Row.Key {
				earlier.Row = p.Row
				return
			}
		}
	}
	b.Rows = append(b.Rows, p)
}

// redo changes a row that comes with this batch, where that was not long ago.
func (b *Batch) redo(row, to *Row) bool {
	for i := len(b.Rows) - 1; i >= max(len(b.Rows)-lookBack, 0); i-- {
		if b.Rows[i].Row == row {
			*row = *to
			return true
		}
	}
	return false
}

// announce adds an announcement. Of a burst only the end is read out.
func (b *Batch) announce(a Announcement) {
	if len(b.Announce) == mostAnnounced {
		b.Announce = append(b.Announce[:0], b.Announce[1:]...)
	}
	b.Announce = append(b.Announce, a)
}

const mostAnnounced = 4

// Announcement is something to be read out: a message, or a word. Of a burst
// most are forgotten again, so what is read is made of it last.
type Announcement struct {
	Words   string // of no message
	Name    string // who said it
	Message string // as it came
}

// Text is what is read out.
func (a *Announcement) Text(w *words.Language) string {
	if a.Message == "" {
		return a.Words
	}
	message, _ := pieces.Beginning(a.Message, mostAnnouncedText)
	return w.Get("said", "name", a.Name) + " " + markdown.PlainText(markdown.Parse(message))
}

// mostAnnouncedText is how many characters of one message are read out by
// themselves. All of them can be read in the log.
const mostAnnouncedText = 4000

// lookBack is how many patches back addRow and redo look for the same row.
const lookBack = 8

// Drawn reports whether the batch has anything to draw but the screen.
func (b *Batch) Drawn() bool {
	return len(b.Rows) > 0 || len(b.Announce) > 0 || b.Scroll.Kind != ScrollStay || b.Focus != FocusNone || b.Input || b.Reveal != ""
}

// Says reports whether there is something that the agent has said.
func (b *Batch) Says() bool {
	return slices.ContainsFunc(b.Rows, func(p RowPatch) bool { return p.Op == protocol.Inserted && p.Row.Kind == protocol.Agent })
}

// Emit is an event for the owner of the page.
type Emit struct {
	Name   string // without the prefix
	Detail []Pair
}

// Pair is a member of an event's detail. Its value is a string, an int or a
// bool.
type Pair struct {
	Name  string
	Value any
}

// Settlement ends a call that returned a promise.
type Settlement struct {
	Call   int
	Reason string // why the promise is rejected; empty: it is resolved
	Detail []Pair // what it is resolved with
}

// Focus is where the keyboard is to be.
type Focus uint8

const (
	FocusNone Focus = iota // where it is
	FocusComposer
	FocusLauncher // if it is in the panel
)

// Scroll is where the log is to be scrolled.
type Scroll struct {
	Kind ScrollKind
	Key  string // of ScrollTo: the row whose top is to stay in view
}

// ScrollKind says how.
type ScrollKind uint8

const (
	ScrollStay ScrollKind = iota // not at all
	ScrollEnd                    // to the end
	ScrollTo                     // to the end, but not past the top of a row
)

// add joins a later wish. The first row that is to be read stays in view, for
// whatever comes after it in the same moment.
func (s *Scroll) add(later Scroll) {
	if later.Kind != ScrollStay && s.Kind != ScrollTo {
		*s = later
	}
}

// RowPatch changes one row of the log. Op is one of Inserted, Updated, Moved,
// Deleted and Cleared of package protocol; Index and Former are as in
// [protocol.Change].
type RowPatch struct {
	Op     protocol.Op
	Index  int
	Former int
	More   int  // of a Deleted one: so many rows below it go too
	Row    *Row // not changed any more once the batch is taken; nil of a Deleted and a Cleared one
	New    bool // it has just been said, and may come with a movement
}

// Row is one line of the log as it is shown.
type Row struct {
	Key, ID  string
	Kind     protocol.Kind
	State    protocol.Delivery
	Name     string // of an agent; may be empty
	Picture  string // safe to load; empty: Initials
	Initials string
	Text     string
	Cut      bool  // Text is only the beginning
	At       int64 // milliseconds since 1970; 0: nobody knows
	First    bool  // of a group
	Last     bool  // of a group
	Day      bool  // a day divider stands above it
	Ago      int   // of the divider: 0 today, 1 yesterday, 2 before
	Offer    bool  // of an Ended one: a new conversation may be started here
}

// Screen is all that is shown beside the rows.
type Screen struct {
	Open       bool
	State      protocol.State
	Heading    string
	Subheading string
	Picture    string // safe to load; empty: Initials
	Initials   string
	Status     string // empty when online
	Dots       string // who is waited for, in words; empty: nobody
	Jump       string // the jump button's text; empty: there is none
	Counter    string // characters left, in words; empty: none is shown
	TooLong    bool
	CanSend    bool
	Draft      string
	Unread     int
	Badge      string
	Launcher   string // the launcher's name
	InTitle    int    // the count in the tab's title; 0: none
	Notice     Notice
	Form       *Form // nil: the conversation is shown
	Menu       bool  // it is open
	SoundOn    bool
	Ask        AskKind
	Begun      bool // there is a conversation to download, or to end
	Earlier    bool // messages above the first row are no longer shown
}

// Notice is an error that ended something, and what to do about it. The zero
// Notice is none.
type Notice struct {
	Text   string
	Button string   // empty: there is none
	Want   WantKind // what the button is for
	Final  bool     // nothing that the visitor could write would get anywhere
}
