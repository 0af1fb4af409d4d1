package protocol

import (
	"slices"
	"strings"
	"time"
)

// After the session frame, a resumed connection may send anything from nothing to
// the whole history, with the old ids or with new ones. The Client collects these
// frames until none arrives for a time (replay_end.go), and aligns them with the
// transcript by side and text. Frames that align are known. The others are shown,
// without a time.

// confirmed returns the entries that the server has, or had.
func (c *Client) confirmed() (entries []Entry) {
	for _, e := range c.conv.current() {
		if e.State == Sent && e.Kind != Dropped && e.Kind != Fresh {
			entries = append(entries, e)
		}
	}
	return entries
}

// resolveReplay aligns the frames that a resumed connection has collected. cut
// means that the connection ended during the replay, so that its end is missing.
func (c *Client) resolveReplay(conn *connection, cut bool) {
	replay := conn.replay
	conn.replay, conn.heldBytes = nil, 0
	conn.historyKnown = !conn.resumed
	if len(replay) == 0 {
		return
	}
	confirmed := c.confirmed()
	stored, frames := c.normalized(confirmed, replay)
	matches := align(stored, frames, cut)
	for j, i := range matches {
		if i >= 0 && replay[j].Type == FrameRecv {
			conn.historyKnown = true
		}
	}
	if opening := c.conv.Opening; matches[0] < 0 && c.isOpening(replay[0]) {
		// Only the greeting. It is too far from the end of the transcript for
		// align to match it.
		c.rename(opening.Key, opening.ID, replay[0].ID)
		replay, matches = replay[1:], matches[1:]
	}
	c.emitReplay(conn, confirmed, replay, matches)
}

// normalized returns copies for align, with texts in the form for comparisons. It
// passes all texts to JavaScript in one call.
func (c *Client) normalized(stored []Entry, replay []Frame) ([]Entry, []Frame) {
	stored, replay = slices.Clone(stored), slices.Clone(replay)
	texts := make([]string, 0, len(stored)+len(replay))
	for i := range stored {
		text := stored[i].Echo
		if text == "" {
			text = stored[i].Text
		}
		texts = append(texts, form(text))
	}
	for i := range replay {
		texts = append(texts, form(replay[i].Content))
	}
	if normal := strings.Split(c.o.Normalize(strings.Join(texts, separator)), separator); len(normal) == len(texts) {
		texts = normal
	}
	for i := range stored {
		stored[i].Text = texts[i]
	}
	for i := range replay {
		replay[i].Content = texts[len(stored)+i]
	}
	return stored, replay
}

// emitReplay emits what is new in a replay: ids, acknowledgements, and messages
// that were missed.
func (c *Client) emitReplay(conn *connection, confirmed []Entry, replay []Frame, matches []int) {
	before := make([]string, len(replay)) // for each frame, the key of the next known entry
	for j := len(replay) - 2; j >= 0; j-- {
		if before[j] = before[j+1]; matches[j+1] >= 0 {
			before[j] = confirmed[matches[j+1]].Key
		}
	}
	echoes := map[string]int{} // a message that was written twice, and that the server has twice, is shown once
	for _, e := range confirmed {
		if e.Kind == Visitor && e.Recvs > 1 {
			echoes[form(e.Text)] += e.Recvs - 1
		}
	}
	last := "" // the key of the previous entry
	for j, f := range replay {
		if i := matches[j]; i >= 0 {
			last = confirmed[i].Key
			c.rename(last, confirmed[i].ID, f.ID)
			if e := &confirmed[i]; e.Writes > 0 && time.Since(e.At) < replayedWithin {
				c.noteReplayed(conn, last)
			}
			continue
		}
		if c.known(f) {
			continue
		}
		if f.Type == FrameRecv {
			if key := c.unacknowledged(f.Content); key != "" {
				if conn.historyKnown && c.conv.Index(key) < c.conv.Index(last) && c.has(key, Sending) {
					c.emit(Event{Kind: Postponed, Key: key, Before: c.insertBefore(conn, before[j])})
				}
				c.acknowledge(key, f, before[j])
				c.noteReplayed(conn, key)
				if c.conv.Index(key) > c.conv.Index(last) { // the same text may have been written long before
					last = key
				}
				continue
			}
			if _, again := c.acknowledges(conn, f, time.Now()); again != "" {
				continue
			}
			if text := form(f.Content); echoes[text] > 0 {
				echoes[text]--
				continue
			}
		}
		e := c.entry(f, time.Time{})
		c.emit(Event{Kind: Added, Entry: e, Before: c.insertBefore(conn, before[j])})
		last = e.Key
	}
}

// insertBefore returns the key of the entry that follows a new entry of a replay:
// the next known one, or the first message that the server does not have.
func (c *Client) insertBefore(conn *connection, next string) string {
	if next == "" {
		next = c.unwritten(conn)
	}
	return next
}
