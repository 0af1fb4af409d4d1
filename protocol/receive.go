package protocol

import (
	"slices"
	"strconv"
	"time"
)

// heldAtMost bounds, in bytes, what a connection keeps of frames that come before
// their time and of a replay. There are two connections at most, the second one
// a probe. A frame counts heldOverhead more than it has.
const (
	heldAtMost   = 2 << 20
	heldOverhead = 200
)

// keepEarly keeps a frame until the session is named.
func (c *Client) keepEarly(l *link, data string) {
	if l.held += len(data) + heldOverhead; l.held > heldAtMost {
		l.held -= len(data) + heldOverhead
		c.ignore(l, ErrTooMuch)
		return
	}
	l.early = append(l.early, data)
}

// keepReplay keeps a frame of a replay. Where there are too many, the oldest
// ones go: the transcript is compared with the newest.
func (c *Client) keepReplay(l *link, f Frame) {
	l.held += f.size()
	for l.held > heldAtMost {
		c.ignore(l, ErrTooMuch)
		l.held -= l.replay[0].size()
		l.replay[0] = Frame{} // the array stays for a while
		l.replay = l.replay[1:]
	}
	l.replay = append(l.replay, f)
}

// size is about how much memory a frame holds.
func (f *Frame) size() int { return len(f.Content) + len(f.Picture) + heldOverhead }

// received: a frame has come in on a link.
func (c *Client) received(l *link, data string, text bool, now time.Time) {
	if l != c.main && l != c.probe {
		return // given up meanwhile
	}
	l.lastIn = now
	if !l.silentAt.IsZero() {
		l.silentAt = now.Add(c.silence)
	}
	if !text {
		c.ignore(l, ErrNotText)
		return
	}
	if l == c.probe {
		c.probeHeard(l, data)
		return
	}
	f, err := decodeFrame(data)
	if c.o.Trace != nil {
		c.o.Trace("←", traced(f, len(data), err))
	}
	bare := f.Type == FrameRecv && (err == ErrNoContent || err == nil && blank(f.Content))
	if err == nil && f.Type == FrameMessage && blank(f.Content) {
		err = ErrNoContent
	}
	switch {
	case bare && l.phase == live:
		c.recv(l, f, true, now)
	case bare, f.odd && f.idle && l.phase < live:
		c.ignore(l, ErrNoMessage)
	case err != nil:
		c.ignore(l, err)
	case f.Type == FrameError:
		c.serverError(l, f.Content)
	case f.Type == FrameSession:
		c.hello(l, f.Session, now)
	case f.Type == FrameChatOwner:
		if owner := (Owner{ID: f.ID, Name: f.Name, Picture: f.Picture}); owner != c.conv.Owner {
			c.emit(Event{Kind: OwnerNamed, Owner: owner})
		}
	case l.phase < settling:
		c.keepEarly(l, data)
	case l.phase == settling && l.resumed:
		c.keepReplay(l, f)
	case f.Type == FrameRecv:
		c.recv(l, f, false, now)
	default:
		c.message(l, f, now)
		if l.phase == settling { // the greeting of a new conversation
			c.settle(l)
		}
	}
}

// traced is a frame as a log may show it: what it is, not what it says.
func traced(f Frame, size int, err error) string {
	s := string(f.Type) + " " + strconv.Itoa(size) + " bytes"
	if f.Session != "" {
		s += " " + f.Session.Masked()
	}
	if err != nil {
		s += ": " + err.Error()
	}
	return s
}

// ignore counts what is not understood. A frame that was too large leaves a
// note in the transcript, unless it is part of a replay, which would leave one
// each time.
func (c *Client) ignore(l *link, err error) {
	c.emit(Event{Kind: Ignored, Err: err})
	if err == ErrTooLarge && l == c.main && l.phase >= settling && !(l.resumed && l.phase == settling) {
		c.emit(Event{Kind: Added, Entry: Entry{Key: c.o.NewKey(), Kind: Dropped, At: time.Now()}})
	}
}

// hello: the session frame. Only now is the connection a conversation.
func (c *Client) hello(l *link, session SessionID, now time.Time) {
	if l.phase >= settling && session == c.conv.Session {
		return
	}
	l.phase, l.since = settling, now
	c.dropProbe()
	c.outage, c.why = outage{}, nil
	c.refusals, c.online = 0, true
	flow := c.o.Flow
	if session == c.conv.Session {
		flow = c.conv.Flow
		l.resumed = c.conv.begun()
	} else {
		l.resumed = false
		c.divide()
	}
	c.emit(Event{Kind: SessionBegun, Session: session, Flow: flow, Resumed: l.resumed})
	c.tellState()
	early := l.early
	l.early, l.held = nil, 0
	for _, data := range early {
		c.received(l, data, true, now)
	}
}

// message handles what the agent says, outside of a replay: nothing is held
// back, whatever its text or id.
func (c *Client) message(l *link, f Frame, now time.Time) {
	c.answered(l, now)
	c.emit(Event{Kind: Added, Entry: c.entry(f, now), Before: c.unwritten(l)})
}

// isOpening reports whether an agent's message is the one the conversation
// began with, by its text: servers begin to number anew.
func (c *Client) isOpening(f Frame) bool {
	return c.conv.Opening.Key != "" && f.Type == FrameMessage && c.o.same(f.Content, c.conv.Opening.Text)
}

// entry makes the transcript's entry of a frame.
func (c *Client) entry(f Frame, at time.Time) Entry {
	e := Entry{Key: c.o.NewKey(), ID: f.ID, Kind: Agent, Name: f.Name, Picture: f.Picture, Text: f.Content, At: at}
	if e.Picture == c.conv.Owner.Picture {
		e.Picture = c.conv.Owner.Picture // held once
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

// knownWithin is how far back a message is compared with what is there. A
// server that repeats itself does so soon.
const knownWithin = 200

// known reports whether a frame of a replay, or a recv that acknowledges nothing,
// is in the transcript already, by its id. The text must be the same too: a
// server that numbers carelessly loses nothing.
func (c *Client) known(f Frame) bool {
	n := len(f.ID)
	if n == 0 {
		return false
	}
	entries := c.conv.Entries
	for i := len(entries) - 1; i >= max(0, len(entries)-knownWithin) && entries[i].Kind != Fresh; i-- {
		e := &entries[i]
		if len(e.ID) != n || e.ID[n-1] != f.ID[n-1] {
			continue // most are told by this
		}
		if e.ID == f.ID && (e.Kind == Visitor) == (f.Type == FrameRecv) && (c.o.same(e.Text, f.Content) || e.Echo != "" && c.o.same(e.Echo, f.Content)) {
			return true
		}
	}
	return false
}

// rename takes over the id that a replay gave to a known message.
func (c *Client) rename(key, old, id string) {
	if id != "" && id != old {
		c.emit(Event{Kind: Renamed, Key: key, ID: id})
	}
}

// settle ends what follows a session frame: the replay of a resumed
// conversation has had its say, and messages may be written.
func (c *Client) settle(l *link) {
	c.resolveReplay(l, false)
	l.phase, l.settledAt = live, c.worked
	if l.told {
		c.postpone()
	}
	c.flush()
}

// postpone moves the messages that an earlier connection has lost, and that are
// going to be written again, below what has been said meanwhile.
func (c *Client) postpone() {
	run := c.conv.pendingFrom()
	before := c.conv.key(run)
	for _, e := range slices.Clone(c.conv.Entries[c.conv.oldestPending():run]) {
		if e.State == Sending && e.Writes < writesAtMost*(e.Retries+1) {
			c.emit(Event{Kind: Postponed, Key: e.Key, Before: before})
		}
	}
}

// unwritten is the key of the first message at the end that the server cannot
// have, because it waits to be written: what comes in stands before it. One that
// was written on an earlier link the server may have, unless a replay tells, or
// the visitor tries it again.
func (c *Client) unwritten(l *link) string {
	i := len(c.conv.Entries)
	for i > 0 {
		e := &c.conv.Entries[i-1]
		if e.State != Sending || e.Writes > 0 && (l.wrote(e.Key) >= 0 || !l.told && e.Retries == 0) {
			break
		}
		i--
	}
	return c.conv.key(i)
}
