package protocoltest

import (
	"fmt"
	"maps"
	"time"
)

// SetFlow puts another flow in place, for conversations under way too.
func (s *Server) SetFlow(f Flow) { s.set(func() { s.flow = f.withDefaults() }) }

// SetAnswer puts another answer function in place and leaves the rest of the
// flow as it is; nil is the echo.
func (s *Server) SetAnswer(f func(*Exchange) []Reply) {
	s.set(func() {
		s.flow.Answer = f
		s.flow = s.flow.withDefaults()
	})
}

// SetDelays changes the delays of what has not yet been scheduled.
func (s *Server) SetDelays(d Delays) { s.set(func() { s.delays = d }) }

// SetReplay changes what resumed connections get, in place of ReplayFor too.
func (s *Server) SetReplay(r Replay) { s.set(func() { s.replay, s.replayFor = r, nil }) }

// SetUnknown changes what becomes of unknown sessions.
func (s *Server) SetUnknown(u Unknown) { s.set(func() { s.unknown = u }) }

// SetFault puts another fault function in place; nil takes it away.
func (s *Server) SetFault(f func(Event) Action) { s.set(func() { s.fault = f }) }

func (s *Server) set(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// FailInits lets the next n initialisations fail, or all that follow with n
// below 0; n = 0 ends it.
func (s *Server) FailInits(n int, f Failure) { s.set(func() { s.fail = failures{n, f} }) }

// RefuseDials lets the next n handshakes fail, or all that follow with n below
// 0; n = 0 ends it. A browser tells its page only that the handshake failed.
func (s *Server) RefuseDials(n int, f Failure) { s.set(func() { s.refuse = failures{n, f} }) }

// HangDials lets handshakes from now on wait for an answer; false lets those
// that wait go on.
func (s *Server) HangDials(on bool) {
	s.set(func() {
		if on && s.hang == nil {
			s.hang = make(chan struct{})
		} else if !on && s.hang != nil {
			close(s.hang)
			s.hang = nil
		}
	})
}

// Down drops every connection, and for the time given cuts off every request
// without an answer, as a server that restarts does. Below 0 it is down until
// Up. Conversations are remembered; see [Server.ForgetAll].
func (s *Server) Down(d time.Duration) {
	s.set(func() {
		s.down, s.downUntil = d < 0, time.Now().Add(d)
		s.logLocked(Event{Kind: Fault, Text: fmt.Sprintf("down %v", d)})
	})
	s.DropAll()
}

// Up ends Down.
func (s *Server) Up() { s.set(func() { s.down, s.downUntil = false, time.Time{} }) }

// DropAll drops every open connection.
func (s *Server) DropAll() {
	for _, c := range s.Conns() {
		c.Drop()
	}
}

// KickAll kicks every open connection; see [Conn.Kick].
func (s *Server) KickAll(code int, reason string) {
	for _, c := range s.Conns() {
		c.Kick(code, reason)
	}
}

// HalfOpen makes every open connection half-open, as by [Conn.Mute] where logs
// is true, and as by [Conn.Swallow] otherwise.
func (s *Server) HalfOpen(logs bool) {
	for _, c := range s.Conns() {
		if logs {
			c.Mute()
		} else {
			c.Swallow()
		}
	}
}

// Forget makes the server treat a session as unknown from the next handshake
// on. Its history stays readable for tests.
func (s *Server) Forget(session string) {
	s.set(func() {
		if ss := s.sessions[session]; ss != nil {
			ss.forgotten = true
		}
	})
}

// ForgetAll forgets every session, as a server without a disk does when it
// restarts.
func (s *Server) ForgetAll() {
	s.set(func() {
		for _, ss := range s.sessions {
			ss.forgotten = true
		}
	})
}

// Push says something in a conversation from outside, as a person in the Plura
// inbox does: after r.Delay, whatever the flow is about to say. It returns an
// error for a session that the server never had.
func (s *Server) Push(session string, r Reply) error {
	s.mu.Lock()
	ss := s.sessions[session]
	s.mu.Unlock()
	if ss == nil {
		return fmt.Errorf("protocoltest: no session %q", session)
	}
	if r.Delay > 0 {
		time.AfterFunc(r.Delay, func() { s.say(ss, r) })
	} else {
		s.say(ss, r)
	}
	return nil
}

// Record returns the record that a session was initialised with, numbers as
// json.Number; nil for an anonymous or unknown session.
func (s *Server) Record(session string) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ss := s.sessions[session]; ss != nil {
		return maps.Clone(ss.record)
	}
	return nil
}
