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

// Options configure a [Server]. With the zero value, the server does what the
// documentation shows, without delays, and answers every message with an echo.
type Options struct {
	// Flow defines the messages of the agent; see [Flow] for the zero value.
	Flow Flow
	// Flows lists the ids of the flows that exist. The server answers requests
	// for other flows with 404. If Flows is empty, all flows exist.
	Flows []string
	// Replay is what the server sends on a resumed connection after the session
	// frame.
	Replay Replay
	// ReplayFor, if set, replaces Replay. It is called for each resumed
	// connection with the connection's Open event.
	ReplayFor func(Event) Replay
	// Unknown is how the server handles a well-formed session that it does not
	// know, or that belongs to another flow.
	Unknown Unknown
	// Manners define what the documentation leaves open.
	Manners Manners
	// Delays are the delays of the frames that the server sends.
	Delays Delays
	// Fault is called before each event and returns the fault to produce. Only
	// one goroutine at a time calls it, so that it may use a random source with a
	// seed. It must not block, and must not call Push, SendText or Close. It may
	// call methods that read or set something, drop a connection or kick it.
	Fault func(Event) Action
	// HeartbeatTimeout is the time without a heartbeat after which the server
	// drops a connection and logs a Violation. 0: never. The documentation
	// requires a heartbeat every 15 s. [Action.Wait] extends the time.
	HeartbeatTimeout time.Duration
	// StampTolerance is how far a heartbeat's stamp may be from the server's
	// time in UTC before it is a Violation. 0: any.
	StampTolerance time.Duration
	// NoCORS omits the CORS headers, so that a browser does not let a page of
	// another origin initialise a session.
	NoCORS bool
	// LogSize is the number of newest events that the log keeps at least. 0: the
	// log keeps all events. Below 0: the log keeps none, and the server only
	// counts the events.
	LogSize int
}

// Delays are the delays of what a server sends.
type Delays struct {
	Open    time.Duration // before the session frame
	Between time.Duration // between the opening frames, including those of a replay
	Recv    time.Duration // from a message to its recv
	Answer  time.Duration // before each answer of the flow, in addition to Reply.Delay
}

// Replay is what the server sends on a resumed connection after the session
// frame. The documentation does not specify it. In a replay, recv frames repeat
// the visitor's messages, and message frames repeat the flow's.
type Replay int

// The replays. See also [ReplayLast].
const (
	ReplayNone      Replay = iota // nothing: only the session frame
	ReplayGreeting                // the chat owner and a greeting, as for a new conversation, with new ids
	ReplayAll                     // the chat owner and the whole conversation, with the same ids
	ReplayAllNewIDs               // the chat owner and the whole conversation, with new ids
	ReplayOwner                   // the chat owner
	replayLast
)

// ReplayLast returns a replay of the chat owner and the last k messages of the
// conversation, of either side, with the same ids.
func ReplayLast(k int) Replay { return replayLast + Replay(max(k, 0)) }

// Unknown is how a server handles a session that it does not know.
type Unknown int

const (
	UnknownNew    Unknown = iota // begin a new conversation with another session id
	UnknownRefuse                // refuse the handshake with 404
	UnknownClose                 // accept the handshake, then close with 1008 before any frame
)

// Server is a Plura-compatible server. Its methods may be called by any
// goroutine at any time.
type Server struct {
	opts     Options // as passed to New; fields below replace those that can change
	handler  http.Handler
	client   *http.Client
	socket   string // base URL
	http     *http.Server
	listener net.Listener
	ownerID  string

	done chan struct{} // closed by Close
	wg   sync.WaitGroup

	faultMu sync.Mutex // held during a call of fault
	manners atomic.Pointer[Manners]

	mu       sync.Mutex
	events   []Event
	logged   int
	count    map[Kind]int
	sessions map[string]*session
	order    []string
	live     map[*Conn]struct{}

	// Options that can change.
	flow      Flow
	replay    Replay
	replayFor func(Event) Replay
	unknown   Unknown
	delays    Delays
	fault     func(Event) Action
	downUntil time.Time
	down      bool
	hang      chan struct{} // handshakes wait until it is closed; nil: they do not wait
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

// NewServer starts a server on a free port of the loopback interface. The caller
// must close it. Like [net/http/httptest.NewServer], it panics if it cannot
// listen.
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

// NewPipe starts a server without a network. Only its own [Server.Client] can
// reach it. Reads block durably and writes do not block, so that the server can
// run in a bubble of testing/synctest. In this case it must be made, used and
// closed within the bubble.
func NewPipe(o Options) *Server {
	s := New(o)
	s.socket = "ws://" + pipeHost
	s.client = &http.Client{Transport: pipeTransport{s}}
	return s
}

// Handler returns the handler of both endpoints, which the caller can mount at
// /webchat/ of another server.
func (s *Server) Handler() http.Handler { return s.handler }

// Client returns a client for this server. It is for session initialisation, and
// for the field HTTPClient of github.com/coder/websocket's DialOptions.
func (s *Server) Client() *http.Client { return s.client }

// SocketURL returns the scheme and host of the server's WebSocket URLs, without a
// path. It takes the place of wss://wss.plura.ai.
func (s *Server) SocketURL() string { return s.socket }

// SessionURL returns the URL of session initialisation. It takes the place of
// https://hooks.plura.ai/webchat/session.
func (s *Server) SessionURL() string {
	if s.socket == "" {
		return ""
	}
	return "http" + s.socket[len("ws"):] + "/webchat/session"
}

// Close drops all connections, refuses later requests, and returns when the
// server's goroutines have ended. It must not be called from a [Flow] or a fault
// function. A second call does nothing.
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

// enter adds a request to s.wg. It returns false if the server is closed.
func (s *Server) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed() {
		return false
	}
	s.wg.Add(1)
	return true
}

// ask calls the fault function with e and returns its result.
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

// pause waits for d, or until the server is closed or gone is closed.
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
