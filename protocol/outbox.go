package protocol

import (
	"slices"
	"time"
)

// The outbox consists of the visitor's messages that no recv has acknowledged:
// the entries that are Sending. They are delivered in order, at least once. The
// protocol has no idempotency key, so a message is written again only after a
// reconnect, and at most maxWrites times unless the visitor retries it.

// lastWriteWaits is how long the last write of a message waits for the recv of
// the message before it.
const lastWriteWaits = 2 * time.Second

// flush writes the pending messages that were not written on this connection, the
// oldest first. The last write of a message waits for the recv of the message
// before it; otherwise, one more lost connection could take the last write of
// several messages.
func (c *Client) flush() {
	conn := c.main
	if conn == nil || conn.phase != live {
		return
	}
	now := time.Now()
	conn.flushAt = time.Time{}
	conn.written = slices.DeleteFunc(conn.written, func(w writtenMessage) bool {
		return !w.recv.IsZero() && now.Sub(w.recv) >= repeatsWithin
	})
	for _, e := range slices.Clone(c.conv.Entries[c.conv.oldestPending():]) {
		if e.State != Sending || e.Writes >= maxWrites*(e.Retries+1) || conn.wrote(e.Key) >= 0 {
			continue
		}
		last := e.Writes%maxWrites == maxWrites-1
		if at := conn.wroteAt.Add(lastWriteWaits); last && at.After(now) && c.unanswered(conn) {
			conn.flushAt = at
			break
		}
		if _, ok := c.firstWrite[e.Key]; !ok {
			c.firstWrite[e.Key] = c.workedFor
		}
		// Emitted before the write, so that a crash in between cannot cause a third write.
		c.emit(Event{Kind: Written, Key: e.Key})
		c.trace("→", "message")
		c.write(conn, AppendMessage(nil, e.Text))
		conn.written = append(conn.written, writtenMessage{key: e.Key, at: now})
		conn.wroteAt = now
		if conn.silentAt.IsZero() {
			conn.silentAt = now.Add(c.silenceLimit)
		}
	}
}

// unanswered reports whether a message that was written on the connection has no
// recv yet.
func (c *Client) unanswered(conn *connection) bool {
	return slices.ContainsFunc(conn.written, func(w writtenMessage) bool {
		return w.recv.IsZero() && c.has(w.key, Sending)
	})
}

// clearSilence clears silentAt if all messages of the connection have a recv.
func (c *Client) clearSilence(conn *connection) {
	if !c.unanswered(conn) {
		conn.silentAt = time.Time{}
	}
}

// recv handles a recv frame outside of a replay: the server has a message of the
// visitor. bare means that the frame has no content.
func (c *Client) recv(conn *connection, f Frame, bare bool, now time.Time) {
	key, repeated := "", ""
	if bare {
		key = conn.oldest()
	} else {
		key, repeated = c.acknowledges(conn, f, now)
	}
	switch {
	case key != "":
		if i := conn.wrote(key); i >= 0 {
			conn.written[i].recv = now
			c.silenceLimit = max(silenceDeadline, min(2*now.Sub(conn.written[i].at), maxSilence))
		}
		c.acknowledge(key, f, "")
		c.clearSilence(conn)
		c.flush()
	case bare, f.notText, f.notMessage:
		c.ignore(conn, ErrNoMessage)
	case repeated != "":
		if i := c.conv.Index(repeated); i >= 0 { // the recv before had no content and another id
			c.rename(repeated, c.conv.Entries[i].ID, f.ID)
		}
	case c.known(f):
	default: // the visitor wrote it on another device
		c.emit(Event{Kind: Added, Entry: c.entry(f, now), Before: c.unwritten(conn)})
	}
}

// acknowledges returns the message that a recv acknowledges. The frame does not
// name it. It is the oldest message with the same text that was written on this
// connection and has no recv; else the oldest message with the same text that was
// written more often than it was acknowledged; else the oldest message of this
// connection without a recv, because a server may change the text. Ids are not
// compared, because servers use the same id more than once. If the recv repeats
// an earlier one, key is empty and repeated is the message of the earlier one.
func (c *Client) acknowledges(conn *connection, f Frame, now time.Time) (key, repeated string) {
	echoed := ""
	for _, w := range conn.written {
		i := c.conv.Index(w.key)
		if i < 0 {
			continue
		}
		e := &c.conv.Entries[i]
		same := c.o.sameText(e.Text, f.Content)
		switch {
		case w.recv.IsZero() && same:
			return w.key, ""
		case w.recv.IsZero() || now.Sub(w.recv) >= repeatsWithin:
		case same:
			repeated = w.key
		case c.o.sameText(e.Echo, f.Content):
			echoed = w.key
		}
	}
	if key = c.unacknowledged(f.Content); key == "" && repeated == "" && !f.notMessage {
		key, repeated = conn.oldest(), echoed
	}
	return key, repeated
}

// repeatsWithin is how long a recv with the text of an earlier recv of the same
// connection counts as a repetition. Some servers are slow.
const repeatsWithin = 40 * time.Second

// replayedWithin is the greatest age of a message in a replay whose recv may still
// arrive. The message may have been pending for long before it was written.
const replayedWithin = 5 * time.Minute

// noteReplayed records that the replay of a connection contains a message. Its
// recv may still arrive.
func (c *Client) noteReplayed(conn *connection, key string) {
	if conn.wrote(key) < 0 {
		now := time.Now()
		conn.written = append(conn.written, writtenMessage{key: key, at: now, recv: now})
	}
}

// oldest returns the key of the oldest message of the connection without a recv.
func (conn *connection) oldest() string {
	for _, w := range conn.written {
		if w.recv.IsZero() {
			return w.key
		}
	}
	return ""
}

// unacknowledged returns the key of the oldest message with that text that was
// written more often than it was acknowledged, in any delivery state. A message
// that was written twice, although the first one had arrived, is acknowledged
// twice and shown once.
func (c *Client) unacknowledged(text string) string {
	for i := range c.conv.Entries {
		if e := &c.conv.Entries[i]; e.Kind == Visitor && e.Writes > e.Recvs && c.o.sameText(e.Text, text) {
			return e.Key
		}
	}
	return ""
}

// maxEchoRatio bounds the server's version of a text, as a multiple of the text's
// length.
const maxEchoRatio = 4

// acknowledge emits that a frame acknowledges a message.
func (c *Client) acknowledge(key string, f Frame, before string) {
	delete(c.firstWrite, key)
	e := Event{Kind: Acknowledged, Key: key, ID: f.ID, Before: before}
	if i := c.conv.Index(key); i >= 0 && !blank(f.Content) {
		text := c.conv.Entries[i].Text
		if len(f.Content) <= maxEchoRatio*(len(text)+16) && !c.o.sameText(text, f.Content) {
			e.Text = f.Content
		}
	}
	c.emit(e)
}

// answered records that a message of the agent has arrived on a connection. If
// the server has sent no recv in this conversation, and sends none within
// recvAfterAnswer, the message acknowledges what was written on the connection
// before. (It does not acknowledge at once, because it may answer a message of an
// earlier connection.)
func (c *Client) answered(conn *connection, now time.Time) {
	if !c.unanswered(conn) || c.acknowledged() {
		return
	}
	for i := range conn.written {
		if w := &conn.written[i]; w.recv.IsZero() && w.answered.IsZero() {
			w.answered = now
		}
	}
	if conn.acceptAt.IsZero() {
		conn.acceptAt = now.Add(recvAfterAnswer)
	}
}

// recvAfterAnswer is how long the Client waits for a recv after an answer.
const recvAfterAnswer = 5 * time.Second

// acknowledged reports whether the server has ever sent a recv in this
// conversation.
func (c *Client) acknowledged() bool {
	return slices.ContainsFunc(c.conv.current(), func(e Entry) bool {
		return e.Kind == Visitor && (e.Recvs > 0 || e.Writes == 0 && e.State == Sent)
	})
}

// acceptAnswers acknowledges the messages that were answered at least
// recvAfterAnswer ago.
func (c *Client) acceptAnswers(conn *connection, now time.Time) {
	conn.acceptAt = time.Time{}
	if c.acknowledged() {
		return
	}
	for _, w := range slices.Clone(conn.written) {
		i := c.conv.Index(w.key)
		if w.answered.IsZero() || i < 0 || c.conv.Entries[i].State == Sent {
			continue
		}
		if at := w.answered.Add(recvAfterAnswer); at.After(now) {
			if conn.acceptAt.IsZero() || at.Before(conn.acceptAt) {
				conn.acceptAt = at
			}
			continue
		}
		delete(c.firstWrite, w.key)
		c.emit(Event{Kind: Answered, Key: w.key})
	}
	c.clearSilence(conn)
	c.flush() // messages that waited for a recv
}

// Values of Reason in a [GivenUp] event.
const (
	Unanswered = "unanswered" // no recv arrived
	NoSession  = "no session" // a session could not be established
)

// failPending fails all pending messages, because a session could not be
// established.
func (c *Client) failPending() {
	c.fail(NoSession, func(*Entry) bool { return true })
}

// failOverdue fails the messages that were not acknowledged within
// deliveryTimeout of working connections. It also fails the messages whose last
// write was on an earlier connection, if this one has not acknowledged them within
// lostAfter.
func (c *Client) failOverdue() {
	conn := c.main
	if conn == nil || conn.phase != live {
		return
	}
	c.fail(Unanswered, func(e *Entry) bool {
		wait, ok := c.overdueIn(conn, e)
		return ok && wait <= 0
	})
	c.clearSilence(conn)
}

// overdueIn returns how long the connection must still work until a message
// fails. It returns false if that is not known yet.
func (c *Client) overdueIn(conn *connection, e *Entry) (wait time.Duration, ok bool) {
	if e.State != Sending || e.Writes == 0 {
		return 0, false
	}
	from, ok := c.firstWrite[e.Key]
	wait = deliveryTimeout - (c.workedFor - from)
	if e.Writes >= maxWrites*(e.Retries+1) && conn.wrote(e.Key) < 0 {
		if lost := lostAfter - (c.workedFor - conn.workedBefore); !ok || lost < wait {
			return lost, true
		}
	}
	return wait, ok
}

// fail fails the pending messages that which selects.
func (c *Client) fail(reason string, which func(*Entry) bool) {
	for _, e := range slices.Clone(c.conv.Entries[c.conv.oldestPending():]) {
		if e.State == Sending && which(&e) {
			delete(c.firstWrite, e.Key)
			c.emit(Event{Kind: GivenUp, Key: e.Key, Reason: reason})
		}
	}
}

// nextOverdue returns when failOverdue has something to do; zero if that is not
// known.
func (c *Client) nextOverdue(now time.Time) (at time.Time) {
	conn := c.main
	if conn == nil || conn.phase != live {
		return time.Time{}
	}
	for i := c.conv.oldestPending(); i < len(c.conv.Entries); i++ {
		if wait, ok := c.overdueIn(conn, &c.conv.Entries[i]); ok {
			if t := now.Add(wait); at.IsZero() || t.Before(at) {
				at = t
			}
		}
	}
	return at
}
