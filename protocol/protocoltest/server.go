package protocoltest

import (
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

// Options configure a [Server]. The zero value is a server that does what the
// documentation shows, at once, and answers every message with an echo.
type Options struct {
	// Flow is who speaks and what they say; see [Flow] for what a zero one does.
	Flow Flow
	// Flows are the flow ids that exist; others get 404. Empty: all do.
	Flows []string
	// Replay is what a resumed connection gets after its session frame.
	Replay Replay
	// ReplayFor, where set, decides in place of Replay, for each resumed
	// connection; it is asked with the connection's Open event.
	ReplayFor func(Event) Replay
	// Unknown is what becomes of a well-formed session that the server does
	// not know, or that belongs to another flow.
	Unknown Unknown
	// Manners are what the server does where the documentation is silent.
	Manners Manners
	// Delays are how long the server takes.
	Delays Delays
	// Fault is asked before each event and says what shall go wrong. It is
	// called by one goroutine at a time, so that it may use a seeded random
	// source as it is. It must not block, send (Push, SendText) or Close; what
	// reads, sets, drops and kicks it may call.
	Fault func(Event) Action
	// HeartbeatTimeout is after how long without a heartbeat a connection is
	// dropped and the silence logged as a Violation. 0: never. The
	// documentation requires a heartbeat every 15 s. What [Action.Wait] takes
	// does not count.
	HeartbeatTimeout time.Duration
	// StampTolerance is how far a heartbeat's stamp may be from the server's
	// time in UTC before it is a Violation. 0: any.
	StampTolerance time.Duration
	// NoCORS leaves the CORS headers out, so that a browser keeps a page of
	// another origin from initialising a session.
	NoCORS bool
	// LogSize is how many events the log keeps at least. 0: all; below 0:
	// none, which only counts.
	LogSize int
}

// Delays are how long a server takes for what it does.
type Delays struct {
	Open    time.Duration // before the session frame
	Between time.Duration // between the opening frames, a replay's included
	Recv    time.Duration // from a message to its recv
	Answer  time.Duration // before each of the flow's answers, on top of Reply.Delay
}

// Replay is what a resumed connection gets after its session frame. The
// documentation does not say. Recv frames repeat the visitor's messages,
// message frames the flow's.
type Replay int

// What a resumed connection may get. See also [ReplayLast].
const (
	ReplayNone      Replay = iota // nothing: only the session frame
	ReplayGreeting                // the chat owner and a greeting, as for a new conversation, with new ids
	ReplayAll                     // the chat owner and the whole conversation, with the ids it had
	ReplayAllNewIDs               // the same with new ids
	ReplayOwner                   // the chat owner
	replayLast
)

// ReplayLast replays the chat owner and the last k messages of the
// conversation, both sides counted, with the ids they had.
func ReplayLast(k int) Replay { return replayLast + Replay(max(k, 0)) }

// Unknown is how a server meets a session that it does not know.
type Unknown int

const (
	UnknownNew    Unknown = iota // begin a new conversation, whose session frame names another id
	UnknownRefuse                // refuse the handshake with 404
	UnknownClose                 // answer the handshake, then close with 1008 before any frame
)

// Server is a Plura-compatible server. Its methods may be called by any
// goroutine at any time.
type Server struct {
	opts     Options // as given; what can change is below
	handler  http.Handler
	client   *http.Client
	socket   string // base URL
	http     *http.Server
	listener net.Listener
	ownerID  string

	done chan struct{} // closed by Close
	wg   sync.WaitGroup

	faultMu sync.Mutex // one call of fault at a time
	manners atomic.Pointer[Manners]

	mu       sync.Mutex
	events   []Event
	logged   int
	count    map[Kind]int
	dials    int
	sessions map[string]*session
	order    []string
	live     map[*Conn]struct{}

	// Set at run time, under mu.
	flow      Flow
	replay    Replay
	replayFor func(Event) Replay
	unknown   Unknown
	delays    Delays
	fault     func(Event) Action
	downUntil time.Time
	down      bool
	hang      chan struct{} // handshakes wait for its end; nil: they do not
	refuse    failures      // of handshakes
	fail      failures      // of session initialisations

	heartbeatTimeout time.Duration
}

// New returns a server without a listener, whose [Server.Handler] the caller
// mounts. SocketURL and SessionURL are empty and Client is nil.
func New(o Options) *Server {
	s := &Server{
		opts: o, flow: o.Flow.withDefaults(), replay: o.Replay, replayFor: o.ReplayFor, unknown: o.Unknown,
		delays: o.Delays, fault: o.Fault, ownerID: uuid.NewString(), heartbeatTimeout: o.HeartbeatTimeout,
		done: make(chan struct{}), count: map[Kind]int{},
		sessions: map[string]*session{}, live: map[*Conn]struct{}{},
	}
	s.manners.Store(&o.Manners)
	s.handler = s.routes()
	return s
}

// NewServer starts a server on a free port of the loopback interface. The
// caller closes it. It panics where there is no port to be had, as
// [net/http/httptest.NewServer] does.
func NewServer(o Options) *Server {
	s := New(o)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		if l, err = net.Listen("tcp6", "[::1]:0"); err != nil {
			panic(fmt.Sprintf("protocoltest: listening on loopback: %v", err))
		}
	}
	s.listener, s.socket = l, "ws://"+l.Addr().String()
	s.client = &http.Client{Transport: &http.Transport{}}
	s.http = &http.Server{Handler: s.handler, ReadHeaderTimeout: 10 * time.Second}
	s.wg.Go(func() { _ = s.http.Serve(l) })
	return s
}

// NewPipe starts a server that only its own [Server.Client] reaches, within
// the process. Reading blocks durably and writing does not block, so that all
// of it can run in a bubble of testing/synctest; the server is then made, used
// and closed within that bubble.
func NewPipe(o Options) *Server {
	s := New(o)
	s.socket = "ws://" + pipeHost
	s.client = &http.Client{Transport: pipeTransport{s}}
	return s
}

// Handler returns the handler of both endpoints, for /webchat/ at the root of
// a server of the caller's.
func (s *Server) Handler() http.Handler { return s.handler }

// Client returns the client that reaches this server: for the POST, and as
// HTTPClient of github.com/coder/websocket's DialOptions.
func (s *Server) Client() *http.Client { return s.client }

// SocketURL returns what stands in for wss://wss.plura.ai: scheme and host,
// no path.
func (s *Server) SocketURL() string { return s.socket }

// SessionURL returns what stands in for
// https://hooks.plura.ai/webchat/session.
func (s *Server) SessionURL() string {
	if s.socket == "" {
		return ""
	}
	return "http" + s.socket[len("ws"):] + "/webchat/session"
}

// Close drops every connection, refuses what comes later, and returns when the
// server's goroutines have ended. It must not be called from a [Flow] or a
// fault function. Closing twice does nothing.
func (s *Server) Close() {
	s.mu.Lock()
	if s.closed() {
		s.mu.Unlock()
		return
	}
	close(s.done)
	conns := make([]*Conn, 0, len(s.live))
	for c := range s.live {
		conns = append(conns, c)
	}
	for _, ss := range s.sessions {
		ss.recvs.stop()
		ss.answers.stop()
		ss.talk.stop()
	}
	s.mu.Unlock()
	for _, c := range conns {
		c.end("the server was closed")
	}
	if s.http != nil {
		_ = s.http.Close()
	}
	s.wg.Wait()
	if t, ok := s.transport(); ok {
		t.CloseIdleConnections()
	}
}

func (s *Server) transport() (*http.Transport, bool) {
	if s.client == nil {
		return nil, false
	}
	t, ok := s.client.Transport.(*http.Transport)
	return t, ok
}

func (s *Server) heartbeats() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.heartbeatTimeout
}

func (s *Server) closed() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// enter counts a request in; false: the server has been closed.
func (s *Server) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed() {
		return false
	}
	s.wg.Add(1)
	return true
}

// ask asks the fault function about e.
func (s *Server) ask(e Event) Action {
	s.mu.Lock()
	fault := s.fault
	s.mu.Unlock()
	if fault == nil {
		return Action{}
	}
	e.Time = time.Now()
	s.faultMu.Lock()
	defer s.faultMu.Unlock()
	return fault(e)
}

// pause waits for d, or until the server or what it does it for has ended.
func (s *Server) pause(d time.Duration, gone <-chan struct{}) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-gone:
	case <-s.done:
	}
}
