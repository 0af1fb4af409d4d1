package chat

import (
	"slices"
	"time"

	"plurachat/protocol"
	"plurachat/widget/markdown"
	"plurachat/widget/pieces"
)

// applyChange turns a change of the entries into patches of the rows: of the changed row, and of its neighbours, whose
// groups may change.
func (c *Chat) applyChange(now time.Time, ch protocol.Change, isNew bool) {
	i := ch.Index
	switch ch.Op {
	case protocol.Inserted:
		r := c.row(now, i)
		c.rows = slices.Insert(c.rows, i, &r)
		c.patch(RowPatch{Op: ch.Op, Index: i, Row: c.rows[i], New: isNew})
		c.updateRow(now, i-1)
		c.updateRows(now, i+1, i+1)
		if r.Kind > protocol.Visitor {
			c.updateEndRows(now, i)
		}
		return
	case protocol.Updated:
	case protocol.Moved:
		c.rows = slices.Delete(c.rows, ch.Former, ch.Former+1)
		r := c.row(now, i)
		c.rows = slices.Insert(c.rows, i, &r)
		c.patch(RowPatch{Op: ch.Op, Index: i, Former: ch.Former, Row: c.rows[i]})
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
	for i := range c.stored.Conversation.Entries {
		r := c.row(now, i)
		c.rows = append(c.rows, &r)
		c.patch(RowPatch{Op: protocol.Inserted, Index: i, Row: c.rows[i]})
	}
	c.followEnd()
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
		r.Offer = !slices.ContainsFunc(entries[i+1:], func(e protocol.Entry) bool { return e.Kind == protocol.Ended || e.Kind == protocol.Fresh })
	}
	return r
}

const (
	// MostShown is the number of characters up to which a message is shown in full at once.
	MostShown = 20_000

	// collapsedLength is the number of characters that are shown of a longer message until the visitor expands it.
	collapsedLength = 5000
)

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

// face is how the sender of a message is shown. It is cached because most messages have the sender of the one before.
type face struct {
	entryName, entryPicture string // of the entry
	owner                   protocol.Owner

	name, picture, initials string
}

// setFace sets c.face to the sender of an entry.
func (c *Chat) setFace(e *protocol.Entry) {
	owner := &c.stored.Conversation.Owner
	if f := &c.face; f.name != "" && f.entryName == e.Name && f.entryPicture == e.Picture && f.owner == *owner {
		return
	}
	c.face = face{entryName: e.Name, entryPicture: e.Picture, owner: *owner, name: c.nameOf(e), picture: c.pictureOf(e)}
	c.face.initials = initials(c.face.name)
}

// dayOf returns the number of the visitor's calendar day at t, counted from 1970. The result is cached for a quarter of
// an hour: time zones change their offset only at quarters.
func (c *Chat) dayOf(t time.Time) int {
	const day = 24 * 60 * 60
	s := t.Unix()
	if quarter := s / 900; quarter != c.lastDay.quarter {
		c.lastDay.quarter = quarter
		if s += int64(c.offset(t)); s < 0 {
			s -= day - 1
		}
		c.lastDay.day = int(s / day)
	}
	return c.lastDay.day
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

// nameOf returns the name of an entry's sender. An entry without a name is the chat owner's.
func (c *Chat) nameOf(e *protocol.Entry) string {
	if n := markdown.WithoutBidi(e.Name); n != "" {
		return n
	}
	if n := c.ownerName(); n != "" {
		return n
	}
	return c.words.Get("agent")
}

// ownerName returns the chat owner's name without controls of the writing direction, which would reorder the text
// beside it.
func (c *Chat) ownerName() string { return markdown.WithoutBidi(c.stored.Conversation.Owner.Name) }

// pictureOf returns the picture of an entry's sender. The chat owner's picture is used for no other name.
func (c *Chat) pictureOf(e *protocol.Entry) string {
	if c.mayLoad(e.Picture) {
		return e.Picture
	}
	owner := &c.stored.Conversation.Owner
	if e.Name == "" || e.Name == owner.Name {
		return c.ownerPicture()
	}
	return ""
}

// ownerPicture returns the chat owner's picture, or the site owner's avatar until it arrives.
func (c *Chat) ownerPicture() string {
	if p := c.stored.Conversation.Owner.Picture; c.mayLoad(p) {
		return p
	}
	return c.o.Avatar
}

// picture is an address, and whether it may be loaded.
type picture struct {
	address string
	ok      bool
}

// mayLoad reports whether a picture named by the server may be loaded. A picture on the page's own host may not, except
// the site owner's avatar: a request there carries the visitor's cookies and could trigger an action.
func (c *Chat) mayLoad(address string) bool {
	if address != c.checkedPicture.address {
		ok := SafePicture(address)
		if ok && address != c.o.Avatar && c.ownHost != nil && address[0]|0x20 == 'h' {
			ok = !c.ownHost(address)
		}
		c.checkedPicture = picture{address, ok}
	}
	return c.checkedPicture.ok
}
