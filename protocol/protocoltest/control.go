package protocoltest

import (
	"fmt"
	"maps"
	"time"
)

// SetFlow replaces the flow, also for existing conversations.
func (s *Server) SetFlow(f Flow) { s.set(func() { s.flow = f.withDefaults() }) }

// SetAnswer replaces the flow's answer function; nil is the echo.
func (s *Server) SetAnswer(f func(*Exchange) []Reply) {
	s.set(func() {
		s.flow.Answer = f
		s.flow = s.flow.withDefaults()
	})
}

// SetDelays changes the delays of everything that is not scheduled yet.
func (s *Server) SetDelays(d Delays) { s.set(func() { s.delays = d }) }

// SetReplay changes the replay of resumed connections. It also replaces
// ReplayFor.
func (s *Server) SetReplay(r Replay) { s.set(func() { s.replay, s.replayFor = r, nil }) }

// SetUnknown changes how the server handles unknown sessions.
func (s *Server) SetUnknown(u Unknown) { s.set(func() { s.unknown = u }) }

// SetFault replaces the fault function; nil removes it.
func (s *Server) SetFault(f func(Event) Action) { s.set(func() { s.fault = f }) }

func (s *Server) set(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// FailInits makes the next n initialisations fail. If n is below 0, all of them
// fail; if n is 0, none.
func (s *Server) FailInits(n int, f Failure) { s.set(func() { s.fail = failures{n, f} }) }

// RefuseDials makes the next n handshakes fail. If n is below 0, all of them fail;
// if n is 0, none. A browser tells the page only that the handshake failed.
func (s *Server) RefuseDials(n int, f Failure) { s.set(func() { s.refuse = failures{n, f} }) }

// HangDials makes handshakes wait for an answer. With false, the waiting ones
// continue.
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

// Down drops all connections, and for the time d closes every request without an
// answer, like a server that restarts. If d is below 0, the server is down until
// Up. The server keeps its conversations; see [Server.ForgetAll].
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
// on. Tests can still read its history.
func (s *Server) Forget(session string) {
	s.set(func() {
		if ss := s.sessions[session]; ss != nil {
			ss.forgotten = true
		}
	})
}

// ForgetAll forgets all sessions, like a server that keeps them in memory and
// restarts.
func (s *Server) ForgetAll() {
	s.set(func() {
		for _, ss := range s.sessions {
			ss.forgotten = true
		}
	})
}

// Push adds a message to a conversation, like a person in the Plura inbox. It is
// sent after r.Delay, independently of the flow's answers. Push returns an error
// for a session that the server never had.
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

// Record returns the record with which a session was initialised, with numbers as
// json.Number. It returns nil for an anonymous or unknown session.
func (s *Server) Record(session string) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ss := s.sessions[session]; ss != nil {
		return maps.Clone(ss.record)
	}
	return nil
}
