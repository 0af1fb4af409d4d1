package chat

import (
	"slices"
	"strings"

	"plurachat/protocol"
	"plurachat/widget/backend"
	"plurachat/widget/markdown"
	"plurachat/widget/pieces"
	"plurachat/widget/words"
)

// Batch holds the consequences of calls of a [Chat]. The caller carries out Save, Commands, Warnings, Emits and Settled
// at once and in this order. It may carry out SaveLater, and then the drawing, at a later time and together with those
// of further batches ([Batch.Merge]). So a message is always stored before the visitor sees it.
type Batch struct {
	Save      bool // store the state before anything else
	SaveLater bool // store the state before anything is drawn
	Forget    bool // remove everything of this flow from the store
	Commands  []backend.Command
	Warnings  []Warning // for the console
	Emits     []Emit
	Settled   []Settlement
	Sound     bool // play the sound of a new message
	Download  bool // save the transcript as a file

	Rows     []RowPatch // to be applied in order
	Scroll   Scroll     // to be applied after Rows
	Focus    Focus
	Input    bool           // set the composer's text to Screen.Draft
	Hush     bool           // empty the announcer, before Announce
	Announce []Announcement // to be read out
	Unheard  int            // number of new messages that are not in Announce
	Reveal   string         // key of a row that is shown in full from now on and gets the focus; empty: none
	Screen   Screen         // the current state of everything but the rows
}

// mostPatches is the number of waiting patches above which a batch is stale.
const mostPatches = 4 * protocol.MostEntries

// Stale reports whether drawing the waiting patches costs more than drawing all rows anew. In a hidden tab nothing is
// drawn, and patches accumulate.
func (b *Batch) Stale() bool { return len(b.Rows) > mostPatches }

// Merge adds what a later batch draws.
func (b *Batch) Merge(later *Batch) {
	for _, p := range later.Rows {
		b.addRow(p)
	}
	if later.Hush {
		b.Hush, b.Announce, b.Unheard = true, nil, 0
	}
	b.Unheard += later.Unheard
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

// addRow adds a patch. A change of a row that is itself not drawn yet is merged into the earlier patch: in a burst,
// each message is the last of its group until the next one arrives.
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

// replacePending replaces the content of row by that of to, if row belongs to a recent patch of this batch. It reports
// whether it does.
func (b *Batch) replacePending(row, to *Row) bool {
	for i := len(b.Rows) - 1; i >= max(len(b.Rows)-lookBack, 0); i-- {
		if b.Rows[i].Row == row {
			*row = *to
			return true
		}
	}
	return false
}

// announce adds an announcement. Of a burst only the last ones are kept.
func (b *Batch) announce(a Announcement) {
	if len(b.Announce) == mostAnnounced {
		if b.Announce[0].Message != "" {
			b.Unheard++
		}
		b.Announce = append(b.Announce[:0], b.Announce[1:]...)
	}
	b.Announce = append(b.Announce, a)
}

const mostAnnounced = 4

// Announcement is a message or a phrase that screen readers read out. Most announcements of a burst are dropped, so the
// text is made only when it is needed.
type Announcement struct {
	Words   string // a phrase; used if Message is empty
	Name    string // the sender of Message
	Message string // Markdown, as received
}

// Text returns the text to read out.
func (a *Announcement) Text(w *words.Language) string {
	if a.Message == "" {
		return a.Words
	}
	message, _ := pieces.Beginning(a.Message, mostAnnouncedText)
	quote, _, _ := strings.Cut(w.Get("quoted"), "{text}")
	return w.Get("said", "name", a.Name) + " " + markdown.Spoken(markdown.Parse(message), quote)
}

// mostAnnouncedText is the number of characters of one message that are read out. The log has all of them.
const mostAnnouncedText = 4000

// lookBack is the number of recent patches that addRow and replacePending search.
const lookBack = 8

// NeedsDrawing reports whether the batch has anything to draw but the screen.
func (b *Batch) NeedsDrawing() bool {
	return len(b.Rows) > 0 || b.Hush || len(b.Announce) > 0 || b.Scroll.Kind != ScrollStay || b.Focus != FocusNone || b.Input || b.Reveal != ""
}

// HasAgentMessage reports whether the batch inserts a message of the agent.
func (b *Batch) HasAgentMessage() bool {
	return slices.ContainsFunc(b.Rows, func(p RowPatch) bool { return p.Op == protocol.Inserted && p.Row.Kind == protocol.Agent })
}

// Emit is an event for the page.
type Emit struct {
	Name   string // without the prefix "plura-chat:"
	Detail []Pair
}

// Pair is a member of an event's detail. Its value is a string, an int or a bool.
type Pair struct {
	Name  string
	Value any
}

// Settlement settles the promise that an API call returned.
type Settlement struct {
	Call   int
	Reason string // why the promise is rejected; empty: it is resolved
	Detail []Pair // the value with which it is resolved
}

// Focus says where the batch moves the keyboard focus.
type Focus uint8

const (
	FocusNone Focus = iota // leave it
	FocusComposer
	FocusLauncher // only if it is in the panel
)

// Scroll says where the log scrolls to.
type Scroll struct {
	Kind ScrollKind
	Key  string // for ScrollTo: the row whose top stays in view
}

// ScrollKind is the kind of a [Scroll].
type ScrollKind uint8

const (
	ScrollStay ScrollKind = iota // do not scroll
	ScrollEnd                    // to the end
	ScrollTo                     // to the end, but not past the top of a row
)

// add merges a later Scroll. A ScrollTo is kept: its row stays in view, even if the batch scrolls again later.
func (s *Scroll) add(later Scroll) {
	if later.Kind != ScrollStay && s.Kind != ScrollTo {
		*s = later
	}
}

// RowPatch changes one row of the log. Op is Inserted, Updated, Moved, Deleted or Cleared of package protocol. Index
// and Former are as in [protocol.Change].
type RowPatch struct {
	Op     protocol.Op
	Index  int
	Former int
	More   int  // for Deleted: how many rows below are deleted too
	Row    *Row // nil for Deleted and Cleared; it does not change after Take
	New    bool // for Inserted: the message is new and not from a replay or the store, so it may be animated
}

// Row is one row of the log: a message or a divider.
type Row struct {
	Key, ID  string
	Kind     protocol.Kind
	State    protocol.Delivery
	Name     string // the agent's; may be empty
	Picture  string // safe to load; empty: show Initials
	Initials string
	Text     string
	Cut      bool  // Text is only the beginning of the message
	At       int64 // milliseconds since 1970; 0: unknown
	First    bool  // it begins a group
	Last     bool  // it ends a group
	Day      bool  // a day divider stands above it
	Ago      int   // days ago for the divider: 0 today, 1 yesterday, 2 earlier
	Offer    bool  // for Ended: it has a button for a new conversation
	Live     bool  // for Agent: its answers are buttons
}

// Screen is everything that the widget shows beside the rows.
type Screen struct {
	Open       bool
	State      protocol.State
	Name       string // of the panel, for screen readers
	Heading    string
	Subheading string
	Picture    string // safe to load; empty: show Initials
	Initials   string
	Status     string // text for the state of the connection; empty when online
	Dots       string // text of the waiting dots; empty: they are hidden
	Jump       string // text of the button that scrolls to the end; empty: it is hidden
	Counter    string // text of the character counter; empty: it is hidden
	TooLong    bool
	CanSend    bool
	Draft      string
	Unread     int
	Badge      string
	Launcher   string // the launcher's accessible name
	InTitle    int    // the count in the tab's title; 0: none
	Notice     Notice
	Form       *Form // nil: the conversation is shown
	Menu       bool  // the menu is open
	SoundOn    bool
	Ask        Question
	Begun      bool   // there is a conversation to download or to end
	Written    bool   // the visitor has written in this conversation
	Earlier    string // text above the first row, which says that messages were dropped; empty: there is none
}

// Notice is an error message of the panel. The zero Notice is none.
type Notice struct {
	Text   string
	Button string     // the button's label; empty: there is no button
	Intent IntentKind // what the button does
	Final  bool       // no message can be sent, so the composer is hidden
}

// Question is the question that the panel shows before an action, with the labels of its buttons. The zero Question is
// none.
type Question struct{ Text, Yes, No string }
