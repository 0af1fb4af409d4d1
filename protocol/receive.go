package protocol

import (
	"errors"
	"slices"
	"strconv"
	"time"
)

// maxHeld bounds the size in bytes of the early frames and the replay that a
// connection keeps. There are at most two connections; the second one is a probe.
// Each frame counts heldOverhead more than its size.
const (
	maxHeld      = 2 << 20
	heldOverhead = 200

	// keepReplay relies on this: any single frame can be kept.
	_ = uint(maxHeld - MaxFrame - MaxPicture - heldOverhead)
)

// keepEarly keeps a frame until the session frame arrives.
func (c *Client) keepEarly(conn *connection, data string) {
	if conn.heldBytes += len(data) + heldOverhead; conn.heldBytes > maxHeld {
		conn.heldBytes -= len(data) + heldOverhead
		c.ignore(conn, ErrTooMuch)
		return
	}
	conn.early = append(conn.early, data)
}

// keepReplay keeps a frame of a replay. If there are too many, it drops the
// oldest, because the transcript is compared with the newest.
func (c *Client) keepReplay(conn *connection, f Frame, now time.Time) {
	conn.extendReplay(now)
	conn.heldBytes += f.size()
	for conn.heldBytes > maxHeld {
		c.ignore(conn, ErrTooMuch)
		conn.heldBytes -= conn.replay[0].size()
		conn.replay[0] = Frame{} // releases its texts, which the array would keep
		conn.replay = conn.replay[1:]
	}
	conn.replay = append(conn.replay, f)
}

// size returns about the memory that a frame uses.
func (f *Frame) size() int { return len(f.Content) + len(f.Picture) + heldOverhead }

// received handles a frame of a connection.
func (c *Client) received(conn *connection, data string, text bool, now time.Time) {
	if conn != c.main && conn != c.probe {
		return // the connection was dropped meanwhile
	}
	conn.lastIn = now
	if !conn.paused {
		conn.quietAt = later(conn.quietAt, now.Add(replayQuiet))
	}
	if !conn.silentAt.IsZero() {
		conn.silentAt = now.Add(c.silenceLimit)
	}
	if !text {
		c.ignore(conn, ErrNotText)
		return
	}
	if conn == c.probe {
		c.probeReceived(conn, data)
		return
	}
	f, err := decodeFrame(data)
	if errors.Is(err, ErrUnknownType) && c.mayHaveLead() {
		f.Type, err = "", ErrUnknownType // without the name, which may be any text
	}
	if c.o.Trace != nil {
		c.o.Trace("←", traced(f, len(data), err))
	}
	bare := f.Type == FrameRecv && (err == ErrNoContent || err == nil && blank(f.Content))
	if err == nil && f.Type == FrameMessage && blank(f.Content) {
		err = ErrNoContent
	}
	switch {
	case bare && conn.phase == live:
		c.recv(conn, f, true, now)
	case bare, f.notText && f.notMessage && conn.phase < live:
		c.ignore(conn, ErrNoMessage)
	case err != nil:
		c.ignore(conn, err)
	case f.Type == FrameError:
		c.serverError(conn, f.Content)
	case f.Type == FrameSession:
		c.sessionNamed(conn, f.Session, now)
	case f.Type == FrameChatOwner:
		if owner := (Owner{ID: f.ID, Name: f.Name, Picture: f.Picture}); owner != c.conv.Owner {
			c.emit(Event{Kind: OwnerNamed, Owner: owner})
		}
	case conn.phase < replaying:
		c.keepEarly(conn, data)
	case conn.phase == replaying && conn.resumed:
		c.keepReplay(conn, f, now)
	case f.Type == FrameRecv:
		c.recv(conn, f, false, now)
	default:
		c.message(conn, f, now)
		if conn.phase == replaying { // the greeting of a new conversation
			c.finishReplay(conn)
		}
	}
}

// traced returns the line of a log about a frame: its type and size, not its
// content.
func traced(f Frame, size int, err error) string {
	s := strconv.Itoa(size) + " bytes"
	if !errors.Is(err, ErrUnknownType) {
		s = string(f.Type) + " " + s
	}
	if f.Session != "" {
		s += " " + f.Session.Masked()
	}
	if err != nil {
		s += ": " + err.Error()
	}
	return s
}

// ignore emits that a frame was ignored. If it was too large, ignore adds a note
// to the transcript, except in a replay, which would add one each time.
func (c *Client) ignore(conn *connection, err error) {
	c.emit(Event{Kind: Ignored, Err: err})
	if err == ErrTooLarge && conn == c.main && conn.phase >= replaying && !(conn.resumed && conn.phase == replaying) {
		c.emit(Event{Kind: Added, Entry: Entry{Key: c.o.NewKey(), Kind: Dropped, At: time.Now()}})
	}
}

// sessionNamed handles a session frame. The connection is online only after it.
func (c *Client) sessionNamed(conn *connection, session SessionID, now time.Time) {
	if conn.phase >= replaying && session == c.conv.Session {
		return
	}
	conn.phase, conn.since, conn.endAt = replaying, now, now.Add(maxReplayTime)
	conn.extendReplay(now)
	c.dropProbe()
	c.outage, c.reason = outage{}, nil
	c.refusals, c.hadSession = 0, true
	flow := c.o.Flow
	if session == c.conv.Session {
		flow = c.conv.Flow
		conn.resumed = c.conv.hasConfirmed()
	} else {
		conn.resumed = false
		c.addDivider()
	}
	c.emit(Event{Kind: SessionBegun, Session: session, Flow: flow, Resumed: conn.resumed})
	c.emitState()
	early := conn.early
	conn.early, conn.heldBytes = nil, 0
	for _, data := range early {
		c.received(conn, data, true, now)
	}
}

// message handles a message of the agent outside of a replay. It shows every
// message, even if the text or the id is already in the transcript.
func (c *Client) message(conn *connection, f Frame, now time.Time) {
	c.answered(conn, now)
	c.emit(Event{Kind: Added, Entry: c.entry(f, now), Before: c.unwritten(conn)})
}

// isOpening reports whether a message of the agent has the text of the first
// message of the conversation. It does not compare ids, because servers restart
// their numbers.
func (c *Client) isOpening(f Frame) bool {
	return c.conv.Opening.Key != "" && f.Type == FrameMessage && c.o.sameText(bounded(f.Content, maxOpening), c.conv.Opening.Text)
}

// entry returns the entry of a frame.
func (c *Client) entry(f Frame, at time.Time) Entry {
	e := Entry{Key: c.o.NewKey(), ID: f.ID, Kind: Agent, Name: f.Name, Picture: f.Picture, Text: f.Content, At: at}
	if e.Picture == c.conv.Owner.Picture {
		e.Picture = c.conv.Owner.Picture // shares the memory
	} else if n := len(c.conv.Entries); n > 0 && e.Picture == c.conv.Entries[n-1].Picture {
		e.Picture = c.conv.Entries[n-1].Picture
	}
	switch {
	case f.Type == FrameRecv:
		e.Kind = Visitor
	case f.Content == EndedText:
		e.Kind = Ended
	}
	return e
}

// knownWithin is the number of newest entries that known compares. Servers repeat
// only recent messages.
const knownWithin = 200

// known reports whether the transcript has an entry with the id and the text of a
// frame of a replay, or of a recv that acknowledges nothing. It compares the text
// too, because a server may use an id for two messages.
func (c *Client) known(f Frame) bool {
	n := len(f.ID)
	if n == 0 {
		return false
	}
	entries := c.conv.Entries
	for i := len(entries) - 1; i >= max(0, len(entries)-knownWithin) && entries[i].Kind != Fresh; i-- {
		e := &entries[i]
		if len(e.ID) != n || e.ID[n-1] != f.ID[n-1] {
			continue // most ids differ here
		}
		if e.ID == f.ID && (e.Kind == Visitor) == (f.Type == FrameRecv) &&
			(c.o.sameText(e.Text, f.Content) || e.Echo != "" && c.o.sameText(e.Echo, f.Content)) {
			return true
		}
	}
	return false
}

// rename changes the id of a known message to the one in a replay.
func (c *Client) rename(key, old, id string) {
	if id != "" && id != old {
		c.emit(Event{Kind: Renamed, Key: key, ID: id})
	}
}

// finishReplay ends the phase after the session frame: it handles the replay of a
// resumed conversation, and lets messages be written.
func (c *Client) finishReplay(conn *connection) {
	c.resolveReplay(conn, false)
	conn.paused, c.cutInPause = false, false
	conn.phase, conn.workedBefore = live, c.workedFor
	if conn.historyKnown {
		c.postpone()
	}
	c.flush()
}

// postpone moves the messages that an earlier connection has lost, and that will
// be written again, below the messages that have arrived meanwhile.
func (c *Client) postpone() {
	run := c.conv.pendingFrom()
	before := c.conv.key(run)
	for _, e := range slices.Clone(c.conv.Entries[c.conv.oldestPending():run]) {
		if e.State == Sending && e.Writes < maxWrites*(e.Retries+1) {
			c.emit(Event{Kind: Postponed, Key: e.Key, Before: before})
		}
	}
}

// unwritten returns the key of the first of the messages at the end that the
// server does not have, because they are not written yet. New entries go before
// it. The server may have a message that was written on an earlier connection,
// unless the replay shows that it does not, or the visitor retries it.
func (c *Client) unwritten(conn *connection) string {
	i := len(c.conv.Entries)
	for i > 0 {
		e := &c.conv.Entries[i-1]
		if e.State != Sending || e.Writes > 0 && (conn.wrote(e.Key) >= 0 || !conn.historyKnown && e.Retries == 0) {
			break
		}
		i--
	}
	return c.conv.key(i)
}
