package protocoltest

import (
	"fmt"
	"slices"
	"time"
)

// Turn is one message of a conversation, as the server stores it.
type Turn struct {
	Visitor bool // sent by the visitor; otherwise by the flow or a person
	ID      string
	Name    string
	Picture string
	Text    string
	Time    time.Time
}

// log appends e to the log.
func (s *Server) log(e Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logLocked(e)
}

// logLocked appends e to the log. s.mu is held. If LogSize is positive, the log
// may have up to twice as many events, so that they are rarely copied.
func (s *Server) logLocked(e Event) {
	s.count[e.Kind]++
	s.logged++
	e.N = s.logged
	if e.Time.IsZero() {
		e.Time = time.Now()
	}
	if s.opts.LogSize < 0 {
		return
	}
	s.events = append(s.events, e)
	if n := s.opts.LogSize; n > 0 && len(s.events) >= 2*n {
		s.events = append([]Event(nil), s.events[len(s.events)-n:]...)
	}
}

// violation logs a Violation on the connection with the number c, or 0.
func (s *Server) violation(c int, session, raw string, err error) {
	s.log(Event{Kind: Violation, Conn: c, Session: session, Raw: raw, Text: err.Error()})
}

// Log returns the events in the log, oldest first: all of them, or only those of
// the given kinds.
func (s *Server) Log(kinds ...Kind) []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Event
	for _, e := range s.events {
		if len(kinds) == 0 || slices.Contains(kinds, e.Kind) {
			list = append(list, e)
		}
	}
	if n := s.opts.LogSize; len(kinds) == 0 && n > 0 && len(list) > n {
		list = list[len(list)-n:]
	}
	return list
}

// Count returns the number of events of a kind, including those that
// [Options.LogSize] has removed from the log.
func (s *Server) Count(kind Kind) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count[kind]
}

// Dials returns the number of handshakes, including refused ones.
func (s *Server) Dials() int { return s.Count(Dial) }

// Violations returns the Violation events in the log: each is something that a
// client did and that the documentation does not allow. A test of a client should
// check that there are none.
func (s *Server) Violations() []Event { return s.Log(Violation) }

// Messages returns the texts of the visitor's messages in a session, in the order
// in which they arrived. If session is "", it returns those of all sessions, one
// session after the other.
func (s *Server) Messages(session string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var texts []string
	for _, id := range s.order {
		if session != "" && session != id {
			continue
		}
		for _, t := range s.sessions[id].history {
			if t.Visitor {
				texts = append(texts, t.Text)
			}
		}
	}
	return texts
}

// History returns the conversation of a session, also if the session was
// forgotten. It returns nil if the server has never had the session.
func (s *Server) History(session string) []Turn {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ss := s.sessions[session]; ss != nil {
		return slices.Clone(ss.history)
	}
	return nil
}

// Sessions returns the ids of all sessions, including forgotten ones, in the
// order in which they were made.
func (s *Server) Sessions() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.order)
}

// Live returns the number of open connections.
func (s *Server) Live() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.live)
}

// Conns returns the open connections, oldest first: all of them, or those of the
// given sessions.
func (s *Server) Conns(sessions ...string) []*Conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []*Conn
	for c := range s.live {
		if len(sessions) == 0 || slices.Contains(sessions, c.sessionID()) {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b *Conn) int { return a.number - b.number })
	return list
}

// Wait polls until done returns true. After timeout, it returns an error that
// contains what, which describes the condition, and the end of the log. It is for
// tests in real time; in a bubble of testing/synctest, use synctest.Wait.
func (s *Server) Wait(timeout time.Duration, what string, done func() bool) error {
	for end := time.Now().Add(timeout); ; time.Sleep(2 * time.Millisecond) {
		if done() {
			return nil
		}
		if time.Now().After(end) {
			tail := s.Log()
			tail = tail[max(0, len(tail)-10):]
			return fmt.Errorf("protocoltest: not within %v: %s; the log ends %v", timeout, what, tail)
		}
	}
}

// WaitMessages waits until at least n messages of the visitor have arrived in a
// session. If session is "", it counts those of all sessions.
func (s *Server) WaitMessages(timeout time.Duration, session string, n int) error {
	return s.Wait(timeout, fmt.Sprintf("%d messages", n), func() bool { return len(s.Messages(session)) >= n })
}

// WaitLive waits until exactly n connections are open.
func (s *Server) WaitLive(timeout time.Duration, n int) error {
	return s.Wait(timeout, fmt.Sprintf("%d open connections", n), func() bool { return s.Live() == n })
}

// WaitCount waits until at least n events of a kind have occurred.
func (s *Server) WaitCount(timeout time.Duration, kind Kind, n int) error {
	return s.Wait(timeout, fmt.Sprintf("%d × %s", n, kind), func() bool { return s.Count(kind) >= n })
}
