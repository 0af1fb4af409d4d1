package protocoltest

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// session is a conversation. Its fields are guarded by Server.mu.
type session struct {
	id        string
	flow      string // id of the flow or flow instance that the socket URL must contain
	record    map[string]any
	opened    bool // the greeting was sent on a connection
	forgotten bool
	history   []Turn
	said      int // number of the visitor's messages
	conns     []*Conn

	recvs   queue // recv frames that are not due yet
	answers queue // answers of the flow that are not due yet
	talk    queue // sends one frame at a time, so that it has the same order on all connections
}

// newSession makes a session. s.mu is held.
func (s *Server) newSession(flow string) *session {
	ss := &session{id: "webchat-session." + uuid.NewString(), flow: flow}
	s.sessions[ss.id] = ss
	s.order = append(s.order, ss.id)
	return ss
}

// remember appends a message of the flow to the conversation. Server.mu is held.
func (ss *session) remember(f Flow, r Reply) Turn {
	t := turn(f, r)
	ss.history = append(ss.history, t)
	return t
}

// turn returns a reply as a message of the conversation, with a new id.
func turn(f Flow, r Reply) Turn {
	t := Turn{ID: uuid.NewString(), Name: r.Name, Picture: r.Picture, Text: r.Text, Time: time.Now()}
	if t.Name == "" {
		t.Name = f.Name
	}
	if t.Picture == "" {
		t.Picture = f.Picture
	}
	return t
}

// visitorName returns the visitor's name in recv frames.
func (ss *session) visitorName() string {
	if n := firstName(ss.record); n != "" {
		return n
	}
	return "Anonymous"
}

// opening returns the frames that follow a connection's session frame, and adds
// the greeting to a new conversation. s.mu is held.
func (c *Conn) opening(ss *session, replay Replay, greeting Reply) [][]byte {
	s := c.s
	if ss.opened && replay == ReplayNone {
		return nil
	}
	frames := [][]byte{encode(ownerFrame{"chatowner", c.id("chatowner", s.ownerID), s.flow.Picture, s.flow.Owner})}
	var turns []Turn
	switch {
	case !ss.opened:
		ss.opened = true
		turns = []Turn{ss.remember(s.flow, greeting)}
	case replay == ReplayOwner:
	case replay == ReplayGreeting:
		turns = []Turn{turn(s.flow, greeting)}
	case replay >= replayLast:
		turns = ss.history[max(0, len(ss.history)-int(replay-replayLast)):]
	default:
		turns = ss.history
	}
	for _, t := range turns {
		if t.Visitor && s.manners.Load().Recv == RecvNever {
			continue
		}
		if replay == ReplayAllNewIDs {
			t.ID = uuid.NewString()
		}
		if !t.Visitor {
			frames = append(frames, c.blank()...)
		}
		frames = append(frames, c.frame(t, true))
	}
	return frames
}

// receive adds a visitor's message to the conversation and calls the flow's answer
// function. act is the part of the fault that is still to be produced.
func (s *Server) receive(c *Conn, e Event, act Action) {
	ss := c.session
	s.mu.Lock()
	t := Turn{Visitor: true, ID: e.ID, Name: ss.visitorName(), Picture: pixel, Text: e.Text, Time: time.Now()}
	ss.history = append(ss.history, t)
	ss.said++
	s.logLocked(e)
	x := &Exchange{Server: s, Conn: c, Session: ss.id, Text: e.Text, Turn: ss.said, Record: ss.record}
	delays, answer := s.delays, s.flow.Answer
	s.mu.Unlock()
	if act.Do != Pass && act.Do != Skip && act.At <= Logged {
		c.misbehave(act, e)
	}
	if c.is(muted) {
		return
	}
	replies := func() {
		for _, r := range answer(x) {
			s.reply(ss, r, delays.Answer)
		}
	}
	if !s.manners.Load().AnswersFirst {
		ss.recvs.in(delays.Recv, func() {
			s.confirm(c, t, e, act)
			replies()
		})
		return
	}
	replies()
	received := time.Now()
	ss.answers.after(0, func() {
		ss.recvs.in(delays.Recv-time.Since(received), func() { s.confirm(c, t, e, act) })
	})
}

// confirm sends the recv of a message that c has received to every connection of
// the session. act is the fault to produce.
func (s *Server) confirm(c *Conn, t Turn, e Event, act Action) {
	ss := c.session
	ss.talk.in(0, func() {
		m := s.manners.Load()
		if m.Recv == RecvNever {
			if act.Do != Pass && act.Do != Skip {
				c.misbehave(act, e)
			}
			return
		}
		for _, to := range s.connsOf(ss) {
			if to == c && act.Do != Pass {
				c.deliver(Recv, t, act)
				continue
			}
			to.deliver(Recv, t, Action{})
			if m.Recv == RecvTwice {
				to.deliver(Recv, t, Action{})
			}
		}
	})
}

// reply queues r behind the earlier answers of the session.
func (s *Server) reply(ss *session, r Reply, delay time.Duration) {
	ss.answers.after(delay+r.Delay, func() { s.say(ss, r) })
}

// say sends r to every connection of the session without a delay, and adds it to
// the conversation if it is a message.
func (s *Server) say(ss *session, r Reply) {
	if s.closed() {
		return
	}
	ss.talk.in(0, func() {
		switch {
		case r.Raw != nil:
			op := byte(opText)
			if r.Binary {
				op = opBinary
			}
			for _, c := range s.connsOf(ss) {
				c.send(op, r.Raw)
			}
		case r.Text != "":
			s.mu.Lock()
			t := ss.remember(s.flow, r)
			conns := slices.Clone(ss.conns)
			s.mu.Unlock()
			for _, c := range conns {
				c.deliver(Answer, t, Action{})
			}
		}
	})
	if r.Then != nil {
		r.Then()
	}
}

// connsOf returns the open connections of a session.
func (s *Server) connsOf(ss *session) []*Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(ss.conns)
}
