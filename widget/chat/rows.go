package chat

import (
	"slices"
	"time"

	"plurachat/protocol"
	"plurachat/widget/pieces"
)

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

const (
	// MostShown is the number of characters up to which a message is shown in full at once.
	MostShown = 20_000

	// collapsedLength is the number of characters that are shown of a longer message until the visitor expands it.
	collapsedLength = 5000
)

// applyChange turns a change of the entries into patches of the rows: of the changed row, and of its neighbours, whose
// groups may change.
func (c *Chat) applyChange(now time.Time, ch protocol.Change, isNew bool) {
	i := ch.Index
	switch ch.Op {
	case protocol.Inserted:
		r := c.insertRow(now, i)
		c.patch(RowPatch{Op: ch.Op, Index: i, Row: r, New: isNew})
		c.updateRow(now, i-1)
		c.updateRows(now, i+1, i+1)
		if r.Kind > protocol.Visitor {
			c.updateEndRows(now, i)
		}
		return
	case protocol.Updated:
	case protocol.Moved:
		c.rows = slices.Delete(c.rows, ch.Former, ch.Former+1)
		c.patch(RowPatch{Op: ch.Op, Index: i, Former: ch.Former, Row: c.insertRow(now, i)})
		c.updateRows(now, ch.Former-1, ch.Former+1)
	case protocol.Deleted:
		c.rows = slices.Delete(c.rows, i, i+1)
		c.patch(RowPatch{Op: ch.Op, Index: i})
	case protocol.Cleared:
		c.rows = nil
		c.patch(RowPatch{Op: ch.Op})
		return
	default:
		return
	}
	c.updateRows(now, i-1, i+1)
}

// dropExcess drops the oldest entries above the limit of a conversation, and their rows. It looks at all entries, so it
// is called once per batch and not for each event.
func (c *Chat) dropExcess(now time.Time) {
	conv := &c.stored.Conversation
	for i, n := conv.Excess(); n > 0; i, n = conv.Excess() {
		for _, e := range conv.Entries[i : i+n] {
			delete(c.expanded, e.Key)
		}
		conv.Drop(i, n)
		c.shortened = true
		if len(c.rows) > 0 { // New calls dropExcess before it makes the rows
			c.rows = slices.Delete(c.rows, i, i+n)
			c.patch(RowPatch{Op: protocol.Deleted, Index: i, More: n - 1})
			c.updateRows(now, i-1, i)
		}
	}
}

// Redraw replaces the waiting patches by patches that draw all rows anew.
func (c *Chat) Redraw(now time.Time) {
	c.rows, c.batch.Rows = nil, nil
	c.patch(RowPatch{Op: protocol.Cleared})
	c.makeRows(now)
	c.followEnd()
}

// makeRows makes the rows of all entries.
func (c *Chat) makeRows(now time.Time) {
	for i := range c.stored.Conversation.Entries {
		c.patch(RowPatch{Op: protocol.Inserted, Index: i, Row: c.insertRow(now, i)})
	}
}

// insertRow makes the row of entry i, and inserts it.
func (c *Chat) insertRow(now time.Time, i int) *Row {
	r := c.row(now, i)
	c.rows = slices.Insert(c.rows, i, &r)
	return &r
}

func (c *Chat) patch(p RowPatch) { c.batch.addRow(p) }

// updateRows updates the rows from first to last, and those below up to the next one with a time, whose day divider may
// depend on them.
func (c *Chat) updateRows(now time.Time, first, last int) {
	for i := max(first, 0); i < len(c.rows); i++ {
		c.updateRow(now, i)
		if i > last && c.rows[i].At != 0 {
			break
		}
	}
}

// updateRow adds a patch if a row has changed.
func (c *Chat) updateRow(now time.Time, i int) {
	if i < 0 {
		return
	}
	if r := c.row(now, i); r != *c.rows[i] && !c.batch.replacePending(c.rows[i], &r) {
		changed := r
		c.rows[i] = &changed
		c.patch(RowPatch{Op: protocol.Updated, Index: i, Row: &changed})
	}
}

// updateEndRows updates the rows before index end that end a flow: only the last such row offers a new conversation.
func (c *Chat) updateEndRows(now time.Time, end int) {
	for i := range end {
		if c.rows[i].Kind == protocol.Ended {
			c.updateRow(now, i)
		}
	}
}

// row returns the row of entry i.
func (c *Chat) row(now time.Time, i int) Row {
	entries := c.stored.Conversation.Entries
	e := &entries[i]
	r := Row{Key: e.Key, ID: e.ID, Kind: e.Kind, State: e.State, Text: e.Text}
	if _, long := pieces.Beginning(e.Text, MostShown); long && !c.expanded[e.Key] {
		r.Text, r.Cut = pieces.Beginning(e.Text, collapsedLength)
	}
	if !e.At.IsZero() {
		r.At = e.At.UnixMilli()
		if day := c.dayOf(e.At); day != c.dayAbove(i) {
			r.Day = true
			r.Ago = min(max(c.dayOf(now)-day, 0), 2)
		}
	}
	switch e.Kind {
	case protocol.Agent:
		c.setFace(e)
		r.Name, r.Picture, r.Initials = c.face.name, c.face.picture, c.face.initials
		r.Live = c.offersReplies(i)
		fallthrough
	case protocol.Visitor:
		r.First = i == 0 || r.Day || !sameGroup(&entries[i-1], e)
		r.Last = i == len(entries)-1 || !sameGroup(e, &entries[i+1]) ||
			!entries[i+1].At.IsZero() && c.dayOf(entries[i+1].At) != c.dayOf(e.At)
	case protocol.Ended:
		r.Offer = !slices.ContainsFunc(entries[i+1:], func(e protocol.Entry) bool {
			return e.Kind == protocol.Ended || e.Kind == protocol.Fresh
		})
	}
	return r
}

// DividerWord returns the key of the words of an entry that is not a message.
func DividerWord(k protocol.Kind) string {
	switch k {
	case protocol.Ended:
		return "ended"
	case protocol.Dropped:
		return "dropped"
	}
	return "newConversation"
}

// sameGroup reports whether b continues the group of a: the same sender, within groupWithin. A failed message stands
// alone, with its buttons.
func sameGroup(a, b *protocol.Entry) bool {
	if a.Kind != b.Kind || a.Kind > protocol.Visitor || a.Name != b.Name || a.Picture != b.Picture {
		return false
	}
	if a.At.IsZero() || b.At.IsZero() {
		return a.At.IsZero() && b.At.IsZero()
	}
	d := b.At.Sub(a.At)
	return d < groupWithin && d > -groupWithin && a.State != protocol.Failed && b.State != protocol.Failed
}

// dayAbove returns the day of the nearest entry above i that has a time, or -1.
func (c *Chat) dayAbove(i int) int {
	for i--; i >= 0; i-- {
		if at := c.stored.Conversation.Entries[i].At; !at.IsZero() {
			return c.dayOf(at)
		}
	}
	return -1
}

// expand shows a long message in full. The scroll position does not change, and the focus moves to the message because
// the focused button is gone.
func (c *Chat) expand(now time.Time, key string) {
	i := c.stored.Conversation.Index(key)
	if i < 0 || c.expanded[key] {
		return
	}
	if c.expanded == nil {
		c.expanded = map[string]bool{}
	}
	c.expanded[key] = true
	c.following = false
	c.updateRow(now, i)
	c.batch.Reveal = key
}
