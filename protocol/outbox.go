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
		if e.State != Sending || e.Writes >= writesAtMost*(e.Retries+1) || slices.Contains(l.written, e.Key) {
			continue
		}
		if at := l.wroteAt.Add(lastWriteWaits); (e.Writes+1)%writesAtMost == 0 && at.After(now) && c.unanswered(l) {
			l.flushAt = at
			break
		}
		if _, ok := c.firstWrite[e.Key]; !ok {
			c.firstWrite[e.Key] = c.workedSoFar(now)
		}
		c.emit(Event{Kind: Written, Key: e.Key}) // before the write: a crash in between must not cost a third one
		c.trace("→", "message")
		c.write(l, AppendMessage(nil, e.Text))
		l.written = append(l.written, e.Key)
		l.wroteAt = now
		if l.silentAt.IsZero() {
			l.silentAt = now.Add(silenceDeadline)
		}
	}
}

// unanswered reports whether a message that was written on the link waits for
// its recv.
func (c *Client) unanswered(l *link) bool {
	return slices.ContainsFunc(l.written, func(key string) bool { return c.has(key, Sending) })
}

// recv: the server has a message of the visitor. Which one, the frame does not
// say: the oldest written on this link with the same text; else one that an
// earlier link carried; else the oldest written here, as a server may normalise
// text; else the visitor wrote it somewhere else.
func (c *Client) recv(l *link, f Frame, now time.Time) {
	if c.known(f) {
		return
	}
	key := ""
	if i := slices.IndexFunc(l.written, func(key string) bool {
		at := c.conv.Index(key)
		return at >= 0 && sameText(c.conv.Entries[at].Text, f.Content)
	}); i >= 0 {
		key = l.written[i]
	} else if key = c.conv.unsettled(f.Content); key == "" && len(l.written) > 0 {
		key = l.written[0]
	}
	if key != "" {
		l.written = slices.DeleteFunc(l.written, func(k string) bool { return k == key })
		c.acknowledge(key, f.ID, "")
		if !c.unanswered(l) {
			l.silentAt = time.Time{}
		}
		c.flush()
		return
	}
	c.emit(Event{Kind: Added, Entry: c.entry(f, now)})
}

// unsettled is the oldest message with that text that was written more often
// than it was acknowledged, on its way, given up or delivered: a message that
// was written again, because nobody could know that the first one had arrived,
// is acknowledged twice, and shown once.
func (c *Conversation) unsettled(text string) string {
	for i := range c.Entries {
		if e := &c.Entries[i]; e.Kind == Visitor && e.Writes > e.Recvs && sameText(e.Text, text) {
			return e.Key
		}
	}
	return ""
}

func (c *Client) acknowledge(key, id, before string) {
	delete(c.firstWrite, key)
	c.emit(Event{Kind: Acknowledged, Key: key, ID: id, Before: before})
}

// Unanswered is the reason of a message that no recv came for.
const Unanswered = "unanswered"

// workedSoFar is for how long connections have worked, in sum.
func (c *Client) workedSoFar(now time.Time) time.Duration {
	if c.workedSince.IsZero() {
		return c.worked
	}
	return c.worked + now.Sub(c.workedSince)
}

func (c *Client) stopWorking() {
	c.worked, c.workedSince = c.workedSoFar(time.Now()), time.Time{}
}

// failOverdue gives up on messages that a working connection has not
// acknowledged in two minutes.
func (c *Client) failOverdue(now time.Time) {
	if c.workedSince.IsZero() || len(c.firstWrite) == 0 {
		return
	}
	worked := c.workedSoFar(now)
	for _, e := range slices.Clone(c.conv.Entries[c.conv.oldestPending():]) {
		if from, ok := c.firstWrite[e.Key]; ok && e.State == Sending && worked-from >= patience {
			delete(c.firstWrite, e.Key)
			c.emit(Event{Kind: GivenUp, Key: e.Key, Reason: Unanswered})
		}
	}
}

// nextOverdue is when failOverdue will have something to do; zero: never.
func (c *Client) nextOverdue(now time.Time) (at time.Time) {
	if c.workedSince.IsZero() {
		return
	}
	worked := c.workedSoFar(now)
	for _, from := range c.firstWrite {
		if t := now.Add(patience - (worked - from)); at.IsZero() || t.Before(at) {
			at = t
		}
	}
	return
}
