package protocoltest

import (
	"fmt"
	"maps"
	"time"
)

// SetFlow replaces the flow, also for existing conversations.
func (s *Server) SetFlow(f Flow) { s.set(func() { s.flow = f.withDefaults() }) }

// SetAnswer replaces the flow's answer function. If f is nil, the flow answers
// with an echo.
func (s *Server) SetAnswer(f func(*Exchange) []Reply) {
	s.set(func() {
		s.flow.Answer = f
		s.flow = s.flow.withDefaults()
	})
}

// SetDelays changes the delays. Frames that are already scheduled keep theirs.
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

// HangDials(true) makes handshakes wait. HangDials(false) ends that, and lets the
// waiting handshakes continue.
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

// Down drops all connections. For the time d, it ends every request without a
// response, like a server that restarts. If d is below 0, the server is down
// until Up is called. The server keeps its conversations; see [Server.ForgetAll].
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

// HalfOpen calls [Conn.Mute] on every open connection if logs is true, and
// [Conn.Swallow] otherwise.
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
// on. [Server.History] still returns its conversation.
func (s *Server) Forget(session string) {
	s.set(func() {
		if ss := s.sessions[session]; ss != nil {
			ss.forgotten = true
		}
	})
}

// ForgetAll makes the server treat all sessions as unknown, like a server that
// keeps them in memory and restarts.
func (s *Server) ForgetAll() {
	s.set(func() {
		for _, ss := range s.sessions {
			ss.forgotten = true
		}
	})
}

// Push adds a message to a conversation, as a person does in the Plura inbox. The
// message is sent after r.Delay, independently of the flow's answers. Push
// returns an error if the server has never had the session.
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

// Record returns a copy of the record with which a session was initialised. Its
// numbers are of type json.Number. It returns nil for an anonymous or unknown
// session.
func (s *Server) Record(session string) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ss := s.sessions[session]; ss != nil {
		return maps.Clone(ss.record)
	}
	return nil
}
