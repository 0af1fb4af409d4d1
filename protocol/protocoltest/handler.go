package protocoltest

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Failure is an error response of either endpoint.
type Failure struct {
	Status     int    // 0 is 500
	Message    string // empty is the text of the status, in lower case
	RetryAfter string // the Retry-After header; empty is none
}

// failures is a Failure and the number of requests to which it still applies. If
// the number is below 0, it applies to all requests.
type failures struct {
	n int
	Failure
}

// take returns the failure of the next request, if any. Server.mu is held.
func (f *failures) take() (Failure, bool) {
	if f.n == 0 {
		return Failure{}, false
	}
	if f.n > 0 {
		f.n--
	}
	return f.Failure, true
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/webchat/session", s.serveInit)
	mux.HandleFunc("/webchat/flow/{flow}/session/{session}/r/{reconnect}", s.serveSocket)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.violation(0, "", r.Method+" "+r.URL.RequestURI(), errors.New("no such endpoint"))
		writeFailure(w, Failure{Status: http.StatusNotFound, Message: "no such endpoint"})
	})
	return mux
}

// writeFailure writes an error response with the documented body.
func writeFailure(w http.ResponseWriter, f Failure) {
	if f.Status == 0 {
		f.Status = http.StatusInternalServerError
	}
	if f.Message == "" {
		f.Message = strings.ToLower(http.StatusText(f.Status))
	}
	if f.RetryAfter != "" {
		w.Header().Set("Retry-After", f.RetryAfter)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(f.Status)
	_, _ = w.Write(encode(struct {
		Status  string `json:"status"`
		Message string `json:"message"`
	}{"failed", f.Message}))
}

// isDown reports whether the server is down. s.mu is held.
func (s *Server) isDown() bool { return s.down || time.Now().Before(s.downUntil) }

// abort panics, which closes the connection of the request without a response.
func abort() { panic(http.ErrAbortHandler) }

// misbehaveHTTP produces the fault act for a request. It returns true if it has
// written the response. If act closes the connection, it panics.
func (s *Server) misbehaveHTTP(w http.ResponseWriter, r *http.Request, e Event, act Action) bool {
	s.pause(act.Wait, r.Context().Done())
	if act.Do == Pass || act.Do == Skip {
		return false
	}
	s.log(Event{
		Kind: Fault, Conn: e.Conn, Session: e.Session, Flow: e.Flow, Text: fmt.Sprintf("%s %s", act.Do, e.Kind),
	})
	switch act.Do {
	case Drop:
		abort()
	case Hang, Swallow, Mute:
		select {
		case <-r.Context().Done():
		case <-s.done:
		}
		abort()
	}
	f := Failure{Status: act.Status, Message: act.Reason, RetryAfter: act.RetryAfter}
	if f.Status == 0 {
		f.Status = http.StatusServiceUnavailable
	}
	writeFailure(w, f)
	return true
}

// validFlow reports whether a flow id is a UUID in its usual form.
func validFlow(id string) bool {
	_, err := uuid.Parse(id)
	return err == nil && len(id) == 36
}

// validSession reports whether a session has the documented form.
func validSession(id string) bool {
	id, ok := strings.CutPrefix(id, "webchat-session.")
	return ok && validFlow(id)
}

// knows reports whether a flow or flow instance exists. s.mu is held.
func (s *Server) knows(flow string) bool {
	if len(s.opts.Flows) == 0 || slices.Contains(s.opts.Flows, flow) {
		return true
	}
	for _, ss := range s.sessions {
		if ss.flow == flow {
			return true
		}
	}
	return false
}

func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	if !s.enter() {
		abort()
	}
	defer s.wg.Done()
	e := Event{Kind: Dial, Flow: r.PathValue("flow"), Raw: r.URL.RequestURI()}
	asked := r.PathValue("session")
	if asked != "null" {
		e.Session = asked
	}
	if s.dialFails(w, r, &e) {
		return
	}
	accept, err := s.checkDial(r, asked)
	if err != nil {
		s.violation(e.Conn, e.Session, e.Raw, err)
		writeFailure(w, Failure{Status: http.StatusBadRequest, Message: err.Error()})
		return
	}
	ss, resumed, failure := s.resolve(e)
	if failure.Status != 0 {
		writeFailure(w, failure)
		return
	}
	wire, err := upgrade(w, accept, s.manners.Load().Deflate && offersDeflate(r))
	if err != nil {
		return
	}
	c := &Conn{s: s, number: e.Conn, flow: e.Flow, wire: wire, done: make(chan struct{})}
	wire.mute, wire.manners = func() bool { return !c.is(normal) }, s.manners.Load
	// Close drops only live connections, and this one is not live yet.
	s.mu.Lock()
	closed := s.closed()
	s.mu.Unlock()
	if closed {
		c.end("the server was closed")
	}
	if ss == nil && e.Session != "" && s.unknownPolicy() == UnknownClose {
		c.mode.Store(kicked)
		wire.writeClose(1008, "unknown session")
		t := time.AfterFunc(kickGrace, func() { c.end("closed as unknown, and the client did not close") })
		defer t.Stop()
		c.drain()
		return
	}
	c.run(ss, resumed)
}

// dialFails logs a handshake, gives e the number of its connection, and produces
// the faults of handshakes. It returns true if it has written the response. If a
// fault closes the connection, it panics.
func (s *Server) dialFails(w http.ResponseWriter, r *http.Request, e *Event) bool {
	s.mu.Lock()
	e.Conn = s.count[Dial] + 1
	s.logLocked(*e)
	down, hang := s.isDown(), s.hang
	refusal, refused := s.refuse.take()
	s.mu.Unlock()
	if down {
		abort()
	}
	if hang != nil {
		select {
		case <-hang:
		case <-r.Context().Done():
			abort()
		case <-s.done:
			abort()
		}
	}
	if refused {
		writeFailure(w, refusal)
		return true
	}
	return s.misbehaveHTTP(w, r, *e, s.ask(*e))
}

// checkDial checks a handshake against the documentation.
func (s *Server) checkDial(r *http.Request, asked string) (accept string, err error) {
	if r.Method != http.MethodGet {
		return "", fmt.Errorf("a handshake is GET, not %s", r.Method)
	}
	if flow := r.PathValue("flow"); !validFlow(flow) {
		return "", fmt.Errorf("flow_id %q is not a UUID", flow)
	}
	if asked != "null" && !validSession(asked) {
		return "", fmt.Errorf("session %q is neither null nor webchat-session.{uuid}", asked)
	}
	if v := r.PathValue("reconnect"); v != "true" && v != "false" {
		return "", fmt.Errorf("reconnect %q is neither true nor false", v)
	}
	return acceptKey(r)
}

// resolve returns the session that a handshake names. resumed reports whether the
// session has already had a connection. If resolve returns neither a session nor
// a failure, the caller makes a new session or, by [UnknownClose], closes the
// connection.
func (s *Server) resolve(e Event) (ss *session, resumed bool, f Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.knows(e.Flow) {
		return nil, false, Failure{Status: http.StatusNotFound, Message: "unknown flow"}
	}
	if e.Session == "" {
		return nil, false, f
	}
	ss = s.sessions[e.Session]
	if ss != nil && ss.flow != e.Flow {
		s.logLocked(Event{Kind: Violation, Conn: e.Conn, Session: e.Session, Raw: e.Raw,
			Text: "the session belongs to flow " + ss.flow})
		ss = nil
	}
	if ss != nil && ss.forgotten {
		ss = nil
	}
	if ss == nil && s.unknown == UnknownRefuse {
		return nil, false, Failure{Status: http.StatusNotFound, Message: "unknown session"}
	}
	return ss, ss != nil && ss.opened, f
}

func (s *Server) unknownPolicy() Unknown {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.unknown
}
