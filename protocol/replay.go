package protocol

import (
	"slices"
	"strings"
	"time"
)

// What a resumed connection sends first may be anything from nothing to the
// whole history, with the ids the messages had or with new ones. All of it is
// collected until there is quiet, and aligned with the transcript as a sequence
// of side and text. What aligns is known; the rest is shown, without a time.

// resolveReplay aligns what a resumed link has collected. A replay that was cut
// short by the link's end repeats only a beginning.
func (c *Client) resolveReplay(l *link, cut bool) {
	replay := l.replay
	l.replay, l.held = nil, 0
	l.told = !l.resumed
	if len(replay) == 0 {
		return
	}
	var confirmed []Entry
	for _, e := range c.conv.current() {
		if e.State == Sent && e.Kind != Dropped && e.Kind != Fresh {
			confirmed = append(confirmed, e)
		}
	}
	matches := align(c.comparable(confirmed, replay, cut))
	for j, i := range matches {
		if i >= 0 && replay[j].Type == FrameRecv {
			l.told = true
		}
	}
	if opening := c.conv.Opening; matches[0] < 0 && c.isOpening(replay[0]) {
		// The greeting alone: the alignment does not believe it, so far from
		// the transcript's end.
		c.rename(opening.Key, opening.ID, replay[0].ID)
		replay, matches = replay[1:], matches[1:]
	}
	c.show(l, confirmed, replay, matches)
}

// comparable returns copies for align, whose texts are in the form for
// comparisons. They cross into JavaScript together.
func (c *Client) comparable(stored []Entry, replay []Frame, cut bool) ([]Entry, []Frame, bool) {
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
	return stored, replay, cut
}

// show emits what a replay brings: ids, acknowledgements, and messages that
// were missed.
func (c *Client) show(l *link, confirmed []Entry, replay []Frame, matches []int) {
	before := make([]string, len(replay)) // the key of the next entry that is known
	for j := len(replay) - 2; j >= 0; j-- {
		if before[j] = before[j+1]; matches[j+1] >= 0 {
			before[j] = confirmed[matches[j+1]].Key
		}
	}
	echoes := map[string]int{} // what we wrote twice and the server has twice shows once
	for _, e := range confirmed {
		if e.Kind == Visitor && e.Recvs > 1 {
			echoes[form(e.Text)] += e.Recvs - 1
		}
	}
	last := "" // the key of the entry before
	for j, f := range replay {
		if i := matches[j]; i >= 0 {
			last = confirmed[i].Key
			c.rename(last, confirmed[i].ID, f.ID)
			if e := &confirmed[i]; e.Writes > 0 && time.Since(e.At) < replayedWithin {
				c.replayed(l, last)
			}
			continue
		}
		if c.known(f) {
			continue
		}
		if f.Type == FrameRecv {
			if key := c.unsettled(f.Content); key != "" {
				if l.told && c.conv.Index(key) < c.conv.Index(last) && c.has(key, Sending) {
					c.emit(Event{Kind: Postponed, Key: key, Before: c.behind(l, before[j])})
				}
				c.acknowledge(key, f, before[j])
				c.replayed(l, key)
				if c.conv.Index(key) > c.conv.Index(last) { // the same text may have been written long before
					last = key
				}
				continue
			}
			if _, again := c.acknowledges(l, f, time.Now()); again != "" {
				continue
			}
			if text := form(f.Content); echoes[text] > 0 {
				echoes[text]--
				continue
			}
		}
		e := c.entry(f, time.Time{})
		c.emit(Event{Kind: Added, Entry: e, Before: c.behind(l, before[j])})
		last = e.Key
	}
}

// behind is the key of the entry that stands behind what a replay brings: the
// next one that is known, or the first message that the server cannot have.
func (c *Client) behind(l *link, next string) string {
	if next == "" {
		next = c.unwritten(l)
	}
	return next
}

// Alignment scores. A match is worth more than a stored message that the replay
// lacks (servers may leave out a side, or lose a line), but a replay that stops
// short of the transcript's end must match well to be believed: a lone "ok"
// that stands somewhere in the transcript is more likely news.
const (
	scoreMatch = 2
	scoreID    = 3 // on top, for the same id
	costGap    = 1 // a stored message skipped between matches, unless the replay leaves out its side
	costTail   = 2 // a stored message after the last match
)

// alignAtMost bounds the work: the newest so many stored messages are compared
// with the newest so many of a replay.
const alignAtMost = 400

// align finds, for each frame of a replay, the stored entry that it repeats, or
// -1. The matched entries are in order; they lie near the transcript's end, but
// a replay may begin anywhere and may hold messages that nobody has seen.
// It is a semi-global alignment by dynamic programming: frames without an entry
// are free, and so are the entries before the first match.
func align(stored []Entry, replay []Frame, cut bool) []int {
	const (
		stop uint8 = iota
		both
		skipFrame
		skipEntry
	)
	matches := make([]int, len(replay))
	for j := range matches {
		matches[j] = -1
	}
	offset, skip := max(0, len(stored)-alignAtMost), max(0, len(replay)-5*alignAtMost)
	stored, frames := stored[offset:], replay[skip:]
	n, m := len(stored), len(frames)
	way := make([]uint8, (n+1)*(m+1))
	above, row := make([]int32, m+1), make([]int32, m+1)
	best, tail := int32(0), int32(costTail)
	if cut { // it had no chance to reach the end, but a lone match proves nothing
		best, tail = 2*scoreMatch-1, 0
	}
	var endI, endJ int // just behind the last match of the best alignment
	sides := [2]bool{}
	for _, f := range frames {
		sides[side(f.Type == FrameRecv)] = true
	}
	for i := 1; i <= n; i++ {
		gap := int32(costGap)
		if !sides[side(stored[i-1].Kind == Visitor)] {
			gap = 0
		}
		for j := 1; j <= m; j++ {
			s, step := int32(0), stop
			if row[j-1] > s {
				s, step = row[j-1], skipFrame
			}
			if above[j]-gap > s {
				s, step = above[j]-gap, skipEntry
			}
			if w := likeness(stored[i-1], frames[j-1]); w > 0 {
				w += above[j-1]
				if w > s {
					s, step = w, both
				}
				if whole := w - int32(n-i)*tail; whole > best {
					best, endI, endJ = whole, i, j
				}
			}
			row[j], way[i*(m+1)+j] = s, step
		}
		above, row = row, above
	}
	if endI == 0 {
		return matches
	}
	way[endI*(m+1)+endJ] = both
	for i, j := endI, endJ; way[i*(m+1)+j] != stop; { // the first row and column are stops
		switch way[i*(m+1)+j] {
		case both:
			i, j = i-1, j-1
			matches[skip+j] = offset + i
		case skipFrame:
			j--
		case skipEntry:
			i--
		}
	}
	swapped(stored, frames, matches[skip:], offset)
	return matches
}

// side is 1 for the visitor's.
func side(visitor bool) int {
	if visitor {
		return 1
	}
	return 0
}

// swapAtMost is how many places a message may be from where the server has it,
// swapBefore how many of them before everything that the replay repeats: what
// the replay does not hold is not to be taken for what it brings.
const (
	swapAtMost = 20
	swapBefore = 3
)

// swapped finds the entries that stand a little before or behind their frames:
// messages that crossed reach a visitor in another order than the one that the
// server remembers, and a slow server takes several of the visitor's at once.
func swapped(stored []Entry, frames []Frame, matches []int, offset int) {
	taken, keepsIDs, first := make([]bool, len(stored)), false, len(stored)
	for j, i := range matches {
		if i >= 0 {
			taken[i-offset] = true
			first = min(first, i-offset)
			keepsIDs = keepsIDs || frames[j].ID != "" && frames[j].ID == stored[i-offset].ID
		}
	}
	last := -1 // the stored index of the nearest match before
	for j, f := range frames {
		if matches[j] >= 0 {
			last = matches[j] - offset
			continue
		}
		if last < 0 {
			continue
		}
		for i := max(0, first-swapBefore, last-swapAtMost); i < min(len(stored), last+swapAtMost+1); i++ {
			if !taken[i] && likeness(stored[i], f) > 0 && !(keepsIDs && f.ID != stored[i].ID) {
				taken[i], matches[j] = true, offset+i
				break
			}
		}
	}
}

// likeness is what matching a frame with an entry is worth; 0: they differ. Their
// texts are in the form for comparisons.
func likeness(e Entry, f Frame) int32 {
	if (e.Kind == Visitor) != (f.Type == FrameRecv) || e.Text != f.Content {
		return 0
	}
	if f.ID != "" && f.ID == e.ID {
		return scoreMatch + scoreID
	}
	return scoreMatch
}
