package protocol

import (
	"slices"
	"strings"
)

// EndedText is the content of the message by which a flow announces its end. It
// is not documented by Plura AI; a third-party client reported it.
const EndedText = "Flow has ended"

// Conversation is the result of applying the events of a conversation. The zero
// value is a conversation that has not begun. It is not safe for concurrent use;
// [Conversation.Clone] makes an independent copy.
type Conversation struct {
	Session SessionID // empty before the first session
	Flow    string    // the flow or flow instance to dial for Session
	Digest  uint32    // of the lead data with which the session was initialised; 0: none
	Owner   Owner
	Opening Entry // what is compared of the first message of the current session, kept when Entries are trimmed
	Entries []Entry
}

// Change describes what [Conversation.Apply] did to the entries.
type Change struct {
	Op     Op
	Index  int // where the entry is now; for Deleted, where it was
	Former int // for Moved, where it was
}

// Op is what happened to an entry.
type Op uint8

const (
	Unchanged Op = iota
	Inserted
	Updated
	Moved // and possibly updated too
	Deleted
	Cleared
)

// Apply applies one event. Entries are in the order in which the server has
// them. Messages that have not been written are at the end, because the server
// will receive them after everything that it has sent. A message that has been
// written keeps its place, and later entries are below it.
func (c *Conversation) Apply(e Event) Change {
	switch e.Kind {
	case SessionBegun:
		if e.Session != c.Session {
			c.Opening = Entry{}
		}
		c.Session, c.Flow = e.Session, e.Flow
	case Switched:
		c.Session, c.Flow, c.Digest, c.Opening = e.Session, e.Flow, e.Digest, Entry{}
	case OwnerNamed:
		c.Owner = e.Owner
	case Added:
		return c.add(e.Entry, e.Before)
	case Written:
		if i := c.Index(e.Key); i >= 0 {
			c.Entries[i].Writes++
		}
	case Acknowledged, Answered:
		return c.confirm(e)
	case Postponed:
		return c.postpone(e)
	case GivenUp:
		if i := c.Index(e.Key); i >= 0 {
			c.Entries[i].State, c.Entries[i].Reason = Failed, e.Reason
			return Change{Op: Updated, Index: i}
		}
	case Retried:
		if i := c.Index(e.Key); i >= 0 {
			c.Entries[i].State, c.Entries[i].Reason = Sending, ""
			c.Entries[i].Retries++
			return c.move(i, len(c.Entries)-1)
		}
	case Removed:
		if i := c.Index(e.Key); i >= 0 {
			c.Entries = slices.Delete(c.Entries, i, i+1)
			return Change{Op: Deleted, Index: i}
		}
	case Renamed:
		if c.Opening.Key == e.Key { // its entry may be trimmed away
			c.Opening.ID = e.ID
		}
		if i := c.Index(e.Key); i >= 0 {
			c.Entries[i].ID = e.ID
			return Change{Op: Updated, Index: i}
		}
	case Forgotten:
		*c = Conversation{}
		return Change{Op: Cleared}
	}
	return Change{}
}

// seenWithin is the number of newest entries that add compares with a new one. An
// event that a tab receives twice is recent.
const seenWithin = 400

func (c *Conversation) add(e Entry, before string) Change {
	recent := c.Entries[max(0, len(c.Entries)-seenWithin):]
	n := len(e.Key)
	for i := range recent {
		// Most keys have the same length and differ in their last byte, so comparing it first is much faster.
		if k := recent[i].Key; len(k) == n && (n == 0 || k[n-1] == e.Key[n-1]) && k == e.Key {
			return Change{} // a tab that has just loaded the conversation receives recent events twice
		}
	}
	return c.insert(e, before)
}

// insert adds an entry whose key is new.
func (c *Conversation) insert(e Entry, before string) Change {
	at := len(c.Entries)
	if before != "" {
		if i := c.Index(before); i >= 0 {
			at = i
		}
	} else if e.State != Sending {
		for at > 0 && c.Entries[at-1].State == Sending && c.Entries[at-1].Writes == 0 {
			at--
		}
	}
	if n := len(c.Entries); n == cap(c.Entries) { // append would grow a long slice by less, and copy it more often
		c.Entries = append(make([]Entry, 0, n+n/2+8), c.Entries...)
	}
	c.Entries = slices.Insert(c.Entries, at, e)
	if e.Kind == Agent && c.Opening.Key == "" {
		c.Opening = opening(e)
	}
	return Change{Op: Inserted, Index: at}
}

// maxOpening bounds the text of an opening in bytes. It is stored beside the
// entries, and a longer greeting is known by its beginning.
const maxOpening = 8 << 10

// opening returns the part of an entry that is kept as the Opening.
func opening(e Entry) Entry {
	text := e.Text
	if len(text) > maxOpening {
		text = strings.Clone(bounded(text, maxOpening)) // does not keep the whole text in memory
	}
	return Entry{Key: e.Key, ID: e.ID, Text: text}
}

func (c *Conversation) confirm(e Event) Change {
	i := c.Index(e.Key)
	if i < 0 {
		return Change{}
	}
	if e.Kind == Acknowledged {
		c.Entries[i].Recvs++
		c.Entries[i].Echo = e.Text
	}
	if c.Entries[i].State == Sent {
		if c.Entries[i].ID == "" && e.ID != "" { // the agent's answer came first
			c.Entries[i].ID = e.ID
			return Change{Op: Updated, Index: i}
		}
		return Change{}
	}
	to := i
	if before := c.Index(e.Before); e.Before != "" && before >= 0 && before < to {
		to = before
	}
	c.Entries[i].State, c.Entries[i].Reason = Sent, ""
	if e.ID != "" {
		c.Entries[i].ID = e.ID
	}
	return c.move(i, to)
}

// postpone moves a message to the place where it is written again.
func (c *Conversation) postpone(e Event) Change {
	i, to := c.Index(e.Key), c.Index(e.Before)
	if i < 0 {
		return Change{}
	}
	if e.Before == "" || to < 0 {
		to = len(c.Entries)
	}
	if to > i {
		to-- // without the message itself
	}
	return c.move(i, to)
}

func (c *Conversation) move(from, to int) Change {
	if from == to {
		return Change{Op: Updated, Index: to}
	}
	e := c.Entries[from]
	c.Entries = slices.Insert(slices.Delete(c.Entries, from, from+1), to, e)
	return Change{Op: Moved, Index: to, Former: from}
}

// pendingFrom returns the index of the first of the pending messages at the end.
func (c *Conversation) pendingFrom() int {
	i := len(c.Entries)
	for i > 0 && c.Entries[i-1].State == Sending {
		i--
	}
	return i
}

// Index returns the index of the entry with that key, or -1.
func (c *Conversation) Index(key string) int {
	for i := len(c.Entries) - 1; i >= 0; i-- {
		if c.Entries[i].Key == key {
			return i
		}
	}
	return -1
}

// key returns the key of entry i, or an empty string if i is the number of
// entries.
func (c *Conversation) key(i int) string {
	if i == len(c.Entries) {
		return ""
	}
	return c.Entries[i].Key
}

// Pending reports whether a message of the visitor is not yet acknowledged.
func (c *Conversation) Pending() bool {
	return c.oldestPending() < len(c.Entries)
}

// oldestPending returns the index of the first pending message, or the number of
// entries.
func (c *Conversation) oldestPending() int {
	for i := range c.Entries {
		if c.Entries[i].State == Sending {
			return i
		}
	}
	return len(c.Entries)
}

// Begun reports whether there is a session or an entry.
func (c *Conversation) Begun() bool { return c.Session != "" || len(c.Entries) > 0 }

// Clone returns a copy. Apply on one does not change the other.
func (c *Conversation) Clone() Conversation {
	d := *c
	d.Entries = slices.Clone(c.Entries)
	return d
}

const (
	// MostEntries is the number of entries that a conversation keeps. Pending and failed messages are kept beyond it.
	MostEntries = 2000

	// mostBytes is the approximate number of bytes that it keeps.
	mostBytes = 6 << 20
)

// Excess returns the oldest entries beyond the bounds of a conversation: n
// entries from i on. There may be more after these are dropped. Pending and
// failed messages and the newest entry are never among them.
func (c *Conversation) Excess() (i, n int) {
	count, size := len(c.Entries)-MostEntries, -mostBytes
	for j := range c.Entries {
		size += c.bytes(j)
	}
	last := len(c.Entries) - 1
	for i < last && c.Entries[i].State != Sent {
		i++
	}
	for i+n < last && c.Entries[i+n].State == Sent && (count > n || size > 0) {
		size -= c.bytes(i + n)
		n++
	}
	return i, n
}

// Drop removes n entries, from i on.
func (c *Conversation) Drop(i, n int) {
	if i > 0 {
		c.Entries = slices.Delete(c.Entries, i, i+n)
		return
	}
	clear(c.Entries[:n]) // releases their texts, which the array would keep
	c.Entries = c.Entries[n:]
}

// dropExcess drops the entries beyond the bounds of a conversation. e is the
// newest entry. It does nothing for most entries, because Excess reads all of
// them.
func (c *Conversation) dropExcess(e *Entry) {
	if len(c.Entries) < MostEntries+dropEvery && len(e.Text)+len(e.Picture) < mostBytes/MostEntries {
		return
	}
	for i, n := c.Excess(); n > 0; i, n = c.Excess() {
		c.Drop(i, n)
	}
}

const dropEvery = 100

// bytes returns the approximate size of an entry. A picture is not counted if the chat owner or the entry before has
// the same one.
func (c *Conversation) bytes(i int) int {
	e := &c.Entries[i]
	n := entryOverhead + len(e.Name) + len(e.Text) + len(e.Echo) + len(e.Reason)
	if e.Picture != c.Owner.Picture && (i == 0 || e.Picture != c.Entries[i-1].Picture) {
		n += len(e.Picture)
	}
	return n
}

// Trim keeps the newest entries: at most n, so that the conversation has about
// size bytes. It also keeps all pending and failed messages, because they exist
// nowhere else. It leaves out pictures of more than picture bytes. The result
// shares no memory with the old entries.
func (c *Conversation) Trim(n, size, picture int) {
	if len(c.Owner.Picture) > picture {
		c.Owner.Picture = ""
	}
	size -= len(c.Owner.Picture) + len(c.Opening.Text)
	keep, first := 0, len(c.Entries)
	for i := len(c.Entries) - 1; i >= 0; i-- {
		e := &c.Entries[i]
		size -= entryOverhead + len(e.Name) + len(e.Text) + len(e.Echo) + len(e.Reason)
		if p := e.Picture; len(p) <= picture && p != c.Owner.Picture && (keep == 0 || p != c.Entries[i+1].Picture) {
			size -= len(p)
		}
		if keep >= n || size < 0 {
			break
		}
		keep, first = keep+1, i
	}
	var held []Entry
	for i := range first {
		if c.Entries[i].State != Sent {
			held = append(held, c.Entries[i])
		}
	}
	c.Entries = append(held, c.Entries[first:]...)
	for i := range c.Entries {
		if len(c.Entries[i].Picture) > picture {
			c.Entries[i].Picture = ""
		}
	}
}

// entryOverhead is the approximate size of an entry in storage without its text: keys, ids and names.
const entryOverhead = 160

// current returns the entries of the current session, which are those below the
// last divider of a new conversation.
func (c *Conversation) current() []Entry {
	for i := len(c.Entries) - 1; i >= 0; i-- {
		if c.Entries[i].Kind == Fresh {
			return c.Entries[i+1:]
		}
	}
	return c.Entries
}

// hasConfirmed reports whether the current session has a confirmed entry, with
// which a replay can be aligned.
func (c *Conversation) hasConfirmed() bool {
	return slices.ContainsFunc(c.current(), func(e Entry) bool { return e.State == Sent })
}
