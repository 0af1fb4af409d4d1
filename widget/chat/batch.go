package chat

import (
	"slices"

	"plurachat/protocol"
	"plurachat/widget/backend"
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
	Download  bool // save the transcript as a file

	Sound       bool   // play the sound of a new message, in one of the visitor's tabs
	SoundChoice Choice // what the visitor has just chosen: tell the other tabs, and play the sound here for Yes

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

// lookBack is the number of recent patches that addRow and replacePending search.
const lookBack = 8

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

// NeedsDrawing reports whether the batch has anything to draw but the screen.
func (b *Batch) NeedsDrawing() bool {
	return len(b.Rows) > 0 || b.Hush || len(b.Announce) > 0 || b.Scroll.Kind != ScrollStay || b.Focus != FocusNone ||
		b.Input || b.Reveal != ""
}

// HasAgentMessage reports whether the batch inserts a message of the agent.
func (b *Batch) HasAgentMessage() bool {
	return slices.ContainsFunc(b.Rows, func(p RowPatch) bool {
		return p.Op == protocol.Inserted && p.Row.Kind == protocol.Agent
	})
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
