//go:build !js

package protocoltest

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// session is a conversation. Its fields are guarded by Server.mu.
type session struct {
	id        string
	flow      string // the one that its socket URL has to name
	record    map[string]any
	opened    bool // a connection has had the greeting
	forgotten bool
	history   []Turn
	said      int // the visitor's messages
	conns     []*Conn

	recvs   queue // recv frames to come
	answers queue // the flow's answers to come
	talk    queue // one at a time, so that all connections see one order
}

// newSession makes a session; s.mu is held.
func (s *Server) newSession(flow string) *session {
	ss := &session{id: "webchat-session." + uuid.NewString(), flow: flow}
	s.sessions[ss.id] = ss
	s.order = append(s.order, ss.id)
	return ss
}

// remember appends what the flow says to the conversation.
func (ss *session) remember(f Flow, r Reply) Turn {
	t := turn(f, r)
	ss.history = append(ss.history, t)
	return t
}

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

// visitorName is how recv frames call the visitor.
func (ss *session) visitorName() string {
	if n := firstName(ss.record); n != "" {
		return n
	}
	return "Anonymous"
}

func (t Turn) frame() []byte {
	typ := "message"
	if t.Visitor {
		typ = "recv"
	}
	return encode(messageFrame{typ, t.ID, t.Picture, t.Name, t.Text})
}

// opening makes the frames that follow a connection's session frame, and takes
// the greeting of a new conversation into it; s.mu is held.
func (s *Server) opening(ss *session, replay Replay, greeting Reply) [][]byte {
	owner := encode(ownerFrame{"chatowner", s.ownerID, s.flow.Picture, s.flow.Owner})
	if !ss.opened {
		ss.opened = true
		return [][]byte{owner, ss.remember(s.flow, greeting).frame()}
	}
	switch replay {
	case ReplayNone:
		return nil
	case ReplayGreeting:
		return [][]byte{owner, turn(s.flow, greeting).frame()}
	}
	turns := ss.history
	if replay >= replayLast {
		turns = turns[max(0, len(turns)-int(replay-replayLast)):]
	}
	frames := [][]byte{owner}
	for _, t := range turns {
		if replay == ReplayAllNewIDs {
			t.ID = uuid.NewString()
		}
		frames = append(frames, t.frame())
	}
	return frames
}

// receive takes a visitor's message into the conversation and lets the flow
// answer. act is the fault function's, as far as it is still to be done.
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
	ss.recvs.in(delays.Recv, func() {
		ss.talk.in(0, func() {
			for _, to := range s.connsOf(ss) {
				if to == c && act.Do != Pass {
					c.deliver(Recv, t, act)
				} else {
					to.deliver(Recv, t, Action{})
				}
			}
		})
		for _, r := range answer(x) {
			s.reply(ss, r, delays.Answer)
		}
	})
}

// reply says r in its turn.
func (s *Server) reply(ss *session, r Reply, delay time.Duration) {
	ss.answers.after(delay+r.Delay, func() { s.say(ss, r) })
}

// say says r now, to every connection of the session.
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

func (s *Server) connsOf(ss *session) []*Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(ss.conns)
}
