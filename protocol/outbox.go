package protocol

import (
	"slices"
	"time"
)

// The outbox is the visitor's messages that no recv has acknowledged: the
// entries of the conversation that are Sending. They are delivered at least
// once, in order. The wire has no idempotency key, so a message is written
// again only after a reconnect, and by itself at most writesAtMost times.

// lastWriteWaits is for how long the last write of a message waits for the recv
// of the message before it.
const lastWriteWaits = 2 * time.Second

// flush writes what waits to be written, oldest first. A message that an earlier
// connection has lost goes alone: one more drop would otherwise take the last
// write of all of them at once.
func (c *Client) flush() {
	l := c.main
	if l == nil || l.phase != live {
		return
	}
	now := time.Now()
	l.flushAt = time.Time{}
	for _, e := range slices.Clone(c.conv.Entries[c.conv.oldestPending():]) {
		if e.State != Sending || e.Writes >= writesAtMost*(e.Retries+1) || l.wrote(e.Key) >= 0 {
			continue
		}
		if at := l.wroteAt.Add(lastWriteWaits); e.Writes%writesAtMost == writesAtMost-1 && at.After(now) && c.unanswered(l) {
			l.flushAt = at
			break
		}
		if _, ok := c.firstWrite[e.Key]; !ok {
			c.firstWrite[e.Key] = c.worked
		}
		c.emit(Event{Kind: Written, Key: e.Key}) // before the write: a crash in between must not cost a third one
		c.trace("→", "message")
		c.write(l, AppendMessage(nil, e.Text))
		l.written = append(l.written, writing{key: e.Key, at: now})
		l.wroteAt = now
		if l.silentAt.IsZero() {
			l.silentAt = now.Add(c.silence)
		}
	}
}

// unanswered reports whether a message that was written on the link waits for
// its recv.
func (c *Client) unanswered(l *link) bool {
	return slices.ContainsFunc(l.written, func(w writing) bool { return w.recv.IsZero() && c.has(w.key, Sending) })
}

// calm ends the suspicion against a link on which nothing is unanswered.
func (c *Client) calm(l *link) {
	if !c.unanswered(l) {
		l.silentAt = time.Time{}
	}
}

// recv handles a recv outside of a replay: the server has a message of the
// visitor. bare says that it has no content.
func (c *Client) recv(l *link, f Frame, bare bool, now time.Time) {
	key, repeated := "", ""
	if bare {
		key = l.oldest()
	} else {
		key, repeated = c.acknowledges(l, f, now)
	}
	switch {
	case key != "":
		if i := l.wrote(key); i >= 0 {
			l.written[i].recv = now
			c.silence = max(silenceDeadline, min(2*now.Sub(l.written[i].at), silenceAtMost))
		}
		c.acknowledge(key, f, "")
		c.calm(l)
		c.flush()
	case bare, f.odd, f.idle:
		c.ignore(l, ErrNoMessage)
	case repeated != "":
		if i := c.conv.Index(repeated); i >= 0 { // the one before had no content, and an id of its own
			c.rename(repeated, c.conv.Entries[i].ID, f.ID)
		}
	case c.known(f):
	default: // the visitor wrote it somewhere else
		c.emit(Event{Kind: Added, Entry: c.entry(f, now), Before: c.unwritten(l)})
	}
}

// acknowledges finds the message that a recv acknowledges, which the frame does
// not say: the oldest written on this link with the same text; else the oldest
// that was written more often than it was acknowledged; else the oldest written
// here, as a server may change a text. Ids veto none of this, as servers give
// the same one again. A recv that comes twice acknowledges nothing the second
// time: repeated is then the message that it acknowledges again.
func (c *Client) acknowledges(l *link, f Frame, now time.Time) (key, repeated string) {
	echoed := ""
	for _, w := range l.written {
		i := c.conv.Index(w.key)
		if i < 0 {
			continue
		}
		e := &c.conv.Entries[i]
		same := c.o.same(e.Text, f.Content)
		switch {
		case w.recv.IsZero() && same:
			return w.key, ""
		case w.recv.IsZero() || now.Sub(w.recv) >= repeatsWithin:
		case same:
			repeated = w.key
		case c.o.same(e.Echo, f.Content):
			echoed = w.key
		}
	}
	if key = c.unsettled(f.Content); key == "" && repeated == "" && !f.idle {
		key, repeated = l.oldest(), echoed
	}
	return key, repeated
}

// repeatsWithin is for how long a recv with the text of one before, on the same
// link, is taken for the same one again. Some servers take long.
const repeatsWithin = 40 * time.Second

// replayedWithin is how old a message may be for its recv to be expected still,
// where a replay has told of it: it may have waited for long before it was written.
const replayedWithin = 5 * time.Minute

// replayed notes that a link's replay has told of a message. Its recv may still
// come.
func (c *Client) replayed(l *link, key string) {
	if l.wrote(key) < 0 {
		now := time.Now()
		l.written = append(l.written, writing{key: key, at: now, recv: now})
	}
}

// oldest is the oldest message written on the link that no recv has come for.
func (l *link) oldest() string {
	for _, w := range l.written {
		if w.recv.IsZero() {
			return w.key
		}
	}
	return ""
}

// unsettled is the oldest message with that text that was written more often
// than it was acknowledged, on its way, given up or delivered: a message that
// was written again, because nobody could know that the first one had arrived,
// is acknowledged twice, and shown once.
func (c *Client) unsettled(text string) string {
	for i := range c.conv.Entries {
		if e := &c.conv.Entries[i]; e.Kind == Visitor && e.Writes > e.Recvs && c.o.same(e.Text, text) {
			return e.Key
		}
	}
	return ""
}

// echoAtMost bounds what is kept of a server's own text of a message, in
// multiples of the message.
const echoAtMost = 4

// acknowledge tells that a frame acknowledges a message.
func (c *Client) acknowledge(key string, f Frame, before string) {
	delete(c.firstWrite, key)
	e := Event{Kind: Acknowledged, Key: key, ID: f.ID, Before: before}
	if i := c.conv.Index(key); i >= 0 && !blank(f.Content) {
		text := c.conv.Entries[i].Text
		if len(f.Content) <= echoAtMost*(len(text)+16) && !c.o.same(text, f.Content) {
			e.Text = f.Content
		}
	}
	c.emit(e)
}

// answered notes that an agent's message has come on a link. Where the server has
// sent no recv in this conversation, and sends none for a while, that is taken
// for an acknowledgement of what was written on the link before. (At once would
// be too soon: it may answer what an earlier link has carried.)
func (c *Client) answered(l *link, now time.Time) {
	if !c.unanswered(l) || c.acknowledged() {
		return
	}
	for i := range l.written {
		if w := &l.written[i]; w.recv.IsZero() && w.answered.IsZero() {
			w.answered = now
		}
	}
	if l.believeAt.IsZero() {
		l.believeAt = now.Add(recvAfterAnswer)
	}
}

// recvAfterAnswer is how long after an answer a recv is waited for.
const recvAfterAnswer = 5 * time.Second

// acknowledged reports whether the server has ever sent a recv in this
// conversation.
func (c *Client) acknowledged() bool {
	return slices.ContainsFunc(c.conv.current(), func(e Entry) bool {
		return e.Kind == Visitor && (e.Recvs > 0 || e.Writes == 0 && e.State == Sent)
	})
}

// believe takes for acknowledged what was answered long enough ago.
func (c *Client) believe(l *link, now time.Time) {
	l.believeAt = time.Time{}
	if c.acknowledged() {
		return
	}
	for _, w := range slices.Clone(l.written) {
		i := c.conv.Index(w.key)
		if w.answered.IsZero() || i < 0 || c.conv.Entries[i].State == Sent {
			continue
		}
		if at := w.answered.Add(recvAfterAnswer); at.After(now) {
			if l.believeAt.IsZero() || at.Before(l.believeAt) {
				l.believeAt = at
			}
			continue
		}
		delete(c.firstWrite, w.key)
		c.emit(Event{Kind: Answered, Key: w.key})
	}
	c.calm(l)
	c.flush() // what waited for a recv
}

// The Reason of a message that was given up.
const (
	Unanswered = "unanswered" // no recv came for it
	NoSession  = "no session" // no conversation is to be had
)

// failPending gives up every message, where no conversation is to be had.
func (c *Client) failPending() {
	c.fail(NoSession, func(*Entry) bool { return true })
}

// failOverdue gives up the messages that a working connection has not
// acknowledged in two minutes, and those that were written for the last time on
// a connection that is gone, and that a later one has not brought.
func (c *Client) failOverdue() {
	l := c.main
	if l == nil || l.phase != live {
		return
	}
	c.fail(Unanswered, func(e *Entry) bool {
		wait, ok := c.overdueIn(l, e)
		return ok && wait <= 0
	})
	c.calm(l)
}

// overdueIn is how long the connection still has to work until a message is
// given up; false: that is not known yet.
func (c *Client) overdueIn(l *link, e *Entry) (wait time.Duration, ok bool) {
	if e.State != Sending || e.Writes == 0 {
		return 0, false
	}
	from, ok := c.firstWrite[e.Key]
	wait = patience - (c.worked - from)
	if e.Writes >= writesAtMost*(e.Retries+1) && l.wrote(e.Key) < 0 {
		if lost := lostAfter - (c.worked - l.settledAt); !ok || lost < wait {
			return lost, true
		}
	}
	return wait, ok
}

func (c *Client) fail(reason string, which func(*Entry) bool) {
	for _, e := range slices.Clone(c.conv.Entries[c.conv.oldestPending():]) {
		if e.State == Sending && which(&e) {
			delete(c.firstWrite, e.Key)
			c.emit(Event{Kind: GivenUp, Key: e.Key, Reason: reason})
		}
	}
}

// nextOverdue is when failOverdue will have something to do; zero: that is not
// known.
func (c *Client) nextOverdue(now time.Time) (at time.Time) {
	l := c.main
	if l == nil || l.phase != live {
		return
	}
	for i := c.conv.oldestPending(); i < len(c.conv.Entries); i++ {
		if wait, ok := c.overdueIn(l, &c.conv.Entries[i]); ok {
			if t := now.Add(wait); at.IsZero() || t.Before(at) {
				at = t
			}
		}
	}
	return
}
