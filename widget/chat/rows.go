package chat

import (
	"slices"
	"time"

	"plurachat/protocol"
	"plurachat/widget/markdown"
	"plurachat/widget/pieces"
)

// follow turns a change of the entries into patches of the rows: of the row
// itself, and of its neighbours, whose group it may have joined or parted.
func (c *Chat) follow(now time.Time, ch protocol.Change, isNew bool) {
	i := ch.Index
	switch ch.Op {
	case protocol.Inserted:
		r := c.row(now, i)
		c.rows = slices.Insert(c.rows, i, &r)
		c.patch(RowPatch{Op: ch.Op, Index: i, Row: c.rows[i], New: isNew})
		c.renew(now, i-1)
		c.refresh(now, i+1, i+1)
		if r.Kind > protocol.Visitor {
			c.renewEnds(now, i)
		}
		return
	case protocol.Updated:
	case protocol.Moved:
		c.rows = slices.Delete(c.rows, ch.Former, ch.Former+1)
		r := c.row(now, i)
		c.rows = slices.Insert(c.rows, i, &r)
		c.patch(RowPatch{Op: ch.Op, Index: i, Former: ch.Former, Row: c.rows[i]})
		c.refresh(now, ch.Former-1, ch.Former+1)
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
	c.refresh(now, i-1, i+1)
}

// bound drops the oldest entries beyond what a conversation holds, and their
// rows. It looks at all entries, and so is called once for many events.
func (c *Chat) bound(now time.Time) {
	conv := &c.record.Conversation
	for i, n := conv.Excess(); n > 0; i, n = conv.Excess() {
		for _, e := range conv.Entries[i : i+n] {
			delete(c.whole, e.Key)
		}
		conv.Drop(i, n)
		c.cut = true
		if len(c.rows) > 0 { // else they are still to be made
			c.rows = slices.Delete(c.rows, i, i+n)
			c.patch(RowPatch{Op: protocol.Deleted, Index: i, More: n - 1})
			c.refresh(now, i-1, i)
		}
	}
}

// Redraw has all rows drawn anew, whatever has become of them and was not drawn.
func (c *Chat) Redraw(now time.Time) {
	c.rows, c.batch.Rows = nil, nil
	c.patch(RowPatch{Op: protocol.Cleared})
	for i := range c.record.Conversation.Entries {
		r := c.row(now, i)
		c.rows = append(c.rows, &r)
		c.patch(RowPatch{Op: protocol.Inserted, Index: i, Row: c.rows[i]})
	}
	c.end()
}

func (c *Chat) patch(p RowPatch) { c.batch.addRow(p) }

// refresh compares the rows from first to last with what they should be, and
// goes on to the next one with a date, whose day divider may depend on them.
func (c *Chat) refresh(now time.Time, first, last int) {
	for i := max(first, 0); i < len(c.rows); i++ {
		c.renew(now, i)
		if i > last && c.rows[i].At != 0 {
			break
		}
	}
}

// renew compares a row with what it should be.
func (c *Chat) renew(now time.Time, i int) {
	if i < 0 {
		return
	}
	if r := c.row(now, i); r != *c.rows[i] && !c.batch.redo(c.rows[i], &r) {
		changed := r
		c.rows[i] = &changed
		c.patch(RowPatch{Op: protocol.Updated, Index: i, Row: &changed})
	}
}

// renewEnds compares the ends of flows above a row with what they should be:
// only the last one offers a new conversation, however much was said since.
func (c *Chat) renewEnds(now time.Time, below int) {
	for i := range below {
		if c.rows[i].Kind == protocol.Ended {
			c.renew(now, i)
		}
	}
}

// row is how an entry is shown where it stands.
func (c *Chat) row(now time.Time, i int) Row {
	entries := c.record.Conversation.Entries
	e := &entries[i]
	r := Row{Key: e.Key, ID: e.ID, Kind: e.Kind, State: e.State, Text: e.Text}
	if _, long := pieces.Beginning(e.Text, MostShown); long && !c.whole[e.Key] {
		r.Text, r.Cut = pieces.Beginning(e.Text, beginningShown)
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
		c.look(e)
		r.Name, r.Picture, r.Initials = c.face.name, c.face.picture, c.face.initials
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
	// MostShown is how many characters of a message are shown at once.
	MostShown = 20_000

	// beginningShown is how many are shown of a longer one before the visitor
	// wants to see all of it.
	beginningShown = 5000
)

// sameGroup reports whether b goes on where a stopped: the same person, a few
// minutes later at most. What was not sent stands alone, with its buttons.
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

// face is how somebody is shown who spoke. Whoever speaks mostly spoke before.
type face struct {
	saidName, saidPicture string // what the message tells
	owner                 protocol.Owner

	name, picture, initials string
}

// look makes c.face that of whoever said something.
func (c *Chat) look(e *protocol.Entry) {
	owner := &c.record.Conversation.Owner
	if f := &c.face; f.name != "" && f.saidName == e.Name && f.saidPicture == e.Picture && f.owner == *owner {
		return
	}
	c.face = face{saidName: e.Name, saidPicture: e.Picture, owner: *owner, name: c.nameOf(e), picture: c.pictureOf(e)}
	c.face.initials = initials(c.face.name)
}

// dayOf numbers the days of the visitor's calendar. Most messages are of one
// day, and even of one quarter of an hour, in which no clock is changed. (1970
// began for nobody's chat.)
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

// dayAbove is the day of the last entry above i that has one; -1 if none has.
func (c *Chat) dayAbove(i int) int {
	for i--; i >= 0; i-- {
		if at := c.record.Conversation.Entries[i].At; !at.IsZero() {
			return c.dayOf(at)
		}
	}
	return -1
}

// nameOf is who said something: the chat owner where the message does not tell.
func (c *Chat) nameOf(e *protocol.Entry) string {
	if n := markdown.WithoutBidi(e.Name); n != "" {
		return n
	}
	if n := c.ownerName(); n != "" {
		return n
	}
	return c.words.Get("agent")
}

// ownerName is the chat owner's name as it is shown: without controls that turn letters round, of it and of what stands
// beside it.
func (c *Chat) ownerName() string { return markdown.WithoutBidi(c.record.Conversation.Owner.Name) }

// pictureOf is the face beside what was said. The chat owner's face is nobody
// else's.
func (c *Chat) pictureOf(e *protocol.Entry) string {
	if c.mayLoad(e.Picture) {
		return e.Picture
	}
	owner := &c.record.Conversation.Owner
	if e.Name == "" || e.Name == owner.Name {
		return c.ownerPicture()
	}
	return ""
}

// ownerPicture is the chat owner's face, or the one that the owner of the page
// gave for the time until it arrives.
func (c *Chat) ownerPicture() string {
	if p := c.record.Conversation.Owner.Picture; c.mayLoad(p) {
		return p
	}
	return c.o.Avatar
}

// picture is an address, and whether it may be loaded.
type picture struct {
	address string
	ok      bool
}

// mayLoad reports whether a picture that the server names may be loaded. One on
// the page's own host is none but the one that the owner of the page has named:
// another address there may do something for a visitor who is logged in.
func (c *Chat) mayLoad(address string) bool {
	if address != c.judged.address {
		ok := SafePicture(address)
		if ok && address != c.o.Avatar && c.own != nil && address[0]|0x20 == 'h' {
			ok = !c.own(address)
		}
		c.judged = picture{address, ok}
	}
	return c.judged.ok
}
