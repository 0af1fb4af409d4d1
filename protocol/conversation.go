package protocol

import "slices"

// EndedText is the content of the message by which a flow announces its end.
// Not documented by Plura AI; reported by a third-party client.
const EndedText = "Flow has ended"

// Conversation is what is known of one conversation: the fold of its events.
// The zero value is a conversation that has not begun. It is not safe for
// concurrent use; [Conversation.Clone] makes an independent copy.
type Conversation struct {
	Session SessionID // empty before the first session
	Flow    string    // the flow or flow instance to dial for Session
	Digest  uint32    // of the lead data the session was initialised with; 0: none
	Owner   Owner
	Opening Entry // the message the current session opened with, kept when Entries are trimmed
	Entries []Entry
}

// Change tells a view what [Conversation.Apply] did to the entries.
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

// Apply folds one event. Entries stay in the order in which the server knows
// them. Messages that have not been written stand at the end, because the server
// will see them after everything it has said. A message that has been written
// keeps its place: what arrives later stands below it.
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
		return c.settle(e)
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

// seenWithin is how far back an event is looked for that may be seen twice: it
// is a recent one.
const seenWithin = 400

func (c *Conversation) add(e Entry, before string) Change {
	recent := c.Entries[max(0, len(c.Entries)-seenWithin):]
	n := len(e.Key)
	for i := range recent {
		// Most keys differ at their ends and are of one length: to look there first is faster by far.
		if k := recent[i].Key; len(k) == n && (n == 0 || k[n-1] == e.Key[n-1]) && k == e.Key {
			return Change{} // an event seen twice, by a tab that caught up meanwhile
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
	if n := len(c.Entries); n == cap(c.Entries) { // by itself, a long slice grows by less, and is copied more often
		c.Entries = append(make([]Entry, 0, n+n/2+8), c.Entries...)
	}
	c.Entries = slices.Insert(c.Entries, at, e)
	if e.Kind == Agent && c.Opening.Key == "" {
		c.Opening = e
	}
	return Change{Op: Inserted, Index: at}
}

func (c *Conversation) settle(e Event) Change {
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

// postpone moves a message to where it is written again.
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

// pendingFrom is where the messages begin that are still on their way.
func (c *Conversation) pendingFrom() int {
	i := len(c.Entries)
	for i > 0 && c.Entries[i-1].State == Sending {
		i--
	}
	return i
}

// Index finds an entry by its key, the newest first; -1 if there is none.
func (c *Conversation) Index(key string) int {
	for i := len(c.Entries) - 1; i >= 0; i-- {
		if c.Entries[i].Key == key {
			return i
		}
	}
	return -1
}

// key is the key of an entry; empty behind the last one.
func (c *Conversation) key(i int) string {
	if i == len(c.Entries) {
		return ""
	}
	return c.Entries[i].Key
}

// Pending reports whether a message of the visitor is still on its way.
func (c *Conversation) Pending() bool {
	return c.oldestPending() < len(c.Entries)
}

// oldestPending is where the first message is that is still on its way.
func (c *Conversation) oldestPending() int {
	for i := range c.Entries {
		if c.Entries[i].State == Sending {
			return i
		}
	}
	return len(c.Entries)
}

// Begun reports whether there is anything worth keeping.
func (c *Conversation) Begun() bool { return c.Session != "" || len(c.Entries) > 0 }

// Clone is a copy that shares nothing that Apply changes.
func (c *Conversation) Clone() Conversation {
	d := *c
	d.Entries = slices.Clone(c.Entries)
	return d
}

const (
	// MostEntries is how many entries a conversation holds, while none are on their way that exist nowhere else.
	MostEntries = 2000

	// mostBytes is about how many bytes they are.
	mostBytes = 6 << 20
)

// Excess finds the oldest entries beyond what a conversation holds: n of them
// from i on. There may be more, once these are dropped. What is still on its way
// or failed is never one of them, nor is the newest entry.
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

// Drop takes n entries out, from i on.
func (c *Conversation) Drop(i, n int) {
	if i > 0 {
		c.Entries = slices.Delete(c.Entries, i, i+n)
		return
	}
	clear(c.Entries[:n]) // what they say is not kept with the slice
	c.Entries = c.Entries[n:]
}

// bound drops what is beyond what a conversation holds, of which e is the newest
// entry: not after each one, for that takes a look at all.
func (c *Conversation) bound(e *Entry) {
	if len(c.Entries) < MostEntries+boundEvery && len(e.Text)+len(e.Picture) < mostBytes/MostEntries {
		return
	}
	for i, n := c.Excess(); n > 0; i, n = c.Excess() {
		c.Drop(i, n)
	}
}

const boundEvery = 100

// bytes is about what an entry holds. One picture may be that of many entries.
func (c *Conversation) bytes(i int) int {
	e := &c.Entries[i]
	n := entryOverhead + len(e.Name) + len(e.Text) + len(e.Echo) + len(e.Reason)
	if e.Picture != c.Owner.Picture && (i == 0 || e.Picture != c.Entries[i-1].Picture) {
		n += len(e.Picture)
	}
	return n
}

// Trim keeps the newest messages: at most n entries and about size bytes of
// text, but every message that is still on its way or failed, for those exist
// nowhere else. What it leaves shares nothing with what was there.
func (c *Conversation) Trim(n, size int) {
	keep, first := 0, len(c.Entries)
	for i := len(c.Entries) - 1; i >= 0; i-- {
		size -= len(c.Entries[i].Text) + len(c.Entries[i].Picture) + entryOverhead
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
}

// entryOverhead is about what an entry costs in storage besides its text: its
// keys, ids and names.
const entryOverhead = 160

// current are the entries of the current session: those below the last divider
// of a new conversation.
func (c *Conversation) current() []Entry {
	for i := len(c.Entries) - 1; i >= 0; i-- {
		if c.Entries[i].Kind == Fresh {
			return c.Entries[i+1:]
		}
	}
	return c.Entries
}

// begun reports whether the current session has anything confirmed to align a
// replay with.
func (c *Conversation) begun() bool {
	return slices.ContainsFunc(c.current(), func(e Entry) bool { return e.State == Sent })
}
