package protocol

import (
	"strconv"
	"time"
)

// earlyAtMost bounds what is kept of frames that come before their time, and
// of a replay.
const earlyAtMost = 20_000

// received: a frame has come in on a link.
func (c *Client) received(l *link, data string, text bool, now time.Time) {
	if l != c.main && l != c.probe {
		return // given up meanwhile
	}
	l.lastIn = now
	if !l.silentAt.IsZero() {
		l.silentAt = now.Add(silenceDeadline)
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
	switch {
	case err != nil:
		c.ignore(l, err)
	case f.Type == FrameSession:
		c.hello(l, f.Session, now)
	case f.Type == FrameChatOwner:
		if owner := (Owner{ID: f.ID, Name: f.Name, Picture: f.Picture}); owner != c.conv.Owner {
			c.emit(Event{Kind: OwnerNamed, Owner: owner})
		}
	case l.phase < settling:
		if len(l.early) < earlyAtMost {
			l.early = append(l.early, data)
		}
	case l.phase == settling && l.resumed:
		if len(l.replay) < earlyAtMost {
			l.replay = append(l.replay, f)
		}
	case f.Type == FrameRecv:
		c.recv(l, f, now)
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
	l.phase, l.since, l.beat = settling, now, now
	c.dropProbe()
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
	l.early = nil
	for _, data := range early {
		c.received(l, data, true, now)
	}
}

// message: the agent has said something.
func (c *Client) message(l *link, f Frame, now time.Time) {
	first := l.resumed && !l.greeted
	l.greeted = true
	if first && c.conv.isOpening(f) {
		c.rename(c.conv.Opening.Key, c.conv.Opening.ID, f.ID)
		return
	}
	if c.known(f) {
		return
	}
	c.emit(Event{Kind: Added, Entry: c.entry(f, now)})
}

// isOpening reports whether an agent's message is the one the conversation
// began with.
func (c *Conversation) isOpening(f Frame) bool {
	return c.Opening.Key != "" && f.Type == FrameMessage &&
		(sameText(f.Content, c.Opening.Text) || f.ID != "" && f.ID == c.Opening.ID)
}

// entry makes the transcript's entry of a frame.
func (c *Client) entry(f Frame, at time.Time) Entry {
	e := Entry{Key: c.o.NewKey(), ID: f.ID, Kind: Agent, Name: f.Name, Picture: f.Picture, Text: f.Content, At: at}
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

// known reports whether a message is in the transcript already, by its id. The
// text must be the same too: a server that numbers carelessly loses nothing.
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
		if e.ID == f.ID && (e.Kind == Visitor) == (f.Type == FrameRecv) && sameText(e.Text, f.Content) {
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
	l.phase = live
	c.workedSince = time.Now()
	c.flush()
}
