package protocol

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
)

// Options configure a [Client]. Only Flow is required.
type Options struct {
	Flow        string // the owner's flow id, a UUID
	SocketURL   string // empty: [DefaultSocketURL]
	SessionURL  string // empty: [DefaultSessionURL]
	NoReconnect bool   // the reconnect parameter of the URL is "false"

	// Conversation is what was stored; the zero value begins anew. The Client
	// takes its own copy.
	Conversation Conversation

	// Handle receives every event, in order, in the Client's goroutine. It must
	// not block; it may call the Client's methods, which only queue.
	Handle func(Event)

	// Trace, if set, is told every frame for a debug log: "→" or "←" and the
	// text, with session ids masked. Lead data never passes here.
	Trace func(direction, text string)

	// Panicked, if set, receives the value of a panic in any goroutine of the
	// Client, which is closed by then. If nil, a panic is the program's end.
	Panicked func(v any)

	// Anonymous says that the conversation goes on without the lead data that a
	// server refuses. Otherwise the messages that wait for it are failed.
	Anonymous bool

	// Normalize brings a text into Unicode normalization form C, for comparisons
	// with what a server has stored. Nil is the platform's: a browser's
	// String.prototype.normalize, and natively none.
	Normalize func(string) string

	Dialer Dialer         // nil: github.com/coder/websocket
	Poster Poster         // nil: the platform's HTTP client (in a browser its fetch)
	Rand   func() float64 // uniform in [0, 1); nil: math/rand/v2
	NewKey func() string  // unique on this device; nil: a random UUID
	Offset func() int     // seconds east of UTC now; nil: the platform's
}

func (o *Options) defaults() {
	if o.Handle == nil {
		o.Handle = func(Event) {}
	}
	if o.Dialer == nil {
		o.Dialer = webSocket{}
	}
	if o.Poster == nil {
		o.Poster = httpPoster{}
	}
	if o.Rand == nil {
		o.Rand = rand.Float64
	}
	if o.NewKey == nil {
		o.NewKey = uuid.NewString
	}
	if o.Offset == nil {
		o.Offset = localOffset
	}
	if o.Normalize == nil {
		o.Normalize = normalize
	}
}

// Dialer opens connections. Dial may take until ctx ends.
type Dialer interface {
	Dial(ctx context.Context, url string) (Conn, error)
}

// Conn is one open connection that carries text frames.
type Conn interface {
	// Read waits for the next frame; text is false for a binary one. One
	// goroutine calls it, again and again, until it fails.
	Read(ctx context.Context) (data []byte, text bool, err error)
	// Write sends one text frame. One goroutine calls it.
	Write(ctx context.Context, data []byte) error
	// Close ends the connection without waiting for anybody. It may be called
	// from any goroutine, and more than once.
	Close()
}

// Poster posts JSON, for session initialisation. It returns the answer
// whatever its status; err is for requests that got none.
type Poster interface {
	Post(ctx context.Context, url string, body []byte) (Answer, error)
}

// Answer is the answer to a POST.
type Answer struct {
	Status     int
	RetryAfter string // the header of that name, if the server sent one and the browser shows it
	Body       []byte // at most 64 KiB of it
}

// The client's clock. Times that the protocol documents name their source;
// the others are this project's decisions.
const (
	HeartbeatEvery = 15 * time.Second // documented as required

	dialTimeout     = 15 * time.Second // for the socket to open
	helloTimeout    = 10 * time.Second // from the open socket to the session frame
	replayQuiet     = time.Second      // without a frame: the replay is over
	replayAtMost    = 10 * time.Second // the replay is over in any case
	silenceDeadline = 20 * time.Second // a message is unanswered and nothing at all arrives; longer where a server is known to be slow
	silenceAtMost   = 40 * time.Second // the longest that such a deadline becomes
	patience        = 2 * time.Minute  // of working connection until a message is failed
	lostAfter       = 20 * time.Second // of a later connection until a message is failed that was written twice
	errorPatience   = 10 * time.Second // from a server's error until there is no conversation to be had
	firstBeat       = 9 * time.Second  // from the open socket to the first heartbeat: a page's script may have had it open for 5 s before
	wakeEvery       = 2 * time.Second  // at most so often does an act of the visitor dial
	suspendedAfter  = 45 * time.Second // without a heartbeat of ours the server has let go
	refusalsToProbe = 3                // failures of a stored session until a probe is opened
	failuresToTell  = 3                // failures in a row until the site owner is told what to check
	writesAtMost    = 2                // of one message, unless the visitor says "Try again"
)
