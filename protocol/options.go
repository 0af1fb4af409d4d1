package protocol

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
)

// Options configure a [Client]. Only Flow is required.
type Options struct {
	Flow        string // the site owner's flow id, a UUID
	SocketURL   string // empty: [DefaultSocketURL]
	SessionURL  string // empty: [DefaultSessionURL]
	NoReconnect bool   // the reconnect parameter of the URL is "false"

	// Conversation is the stored conversation; the zero value starts a new one.
	// The Client uses a copy.
	Conversation Conversation

	// Handle is called with every event, in order, in the Client's goroutine. It
	// must not block. It may call the Client's methods, which only queue.
	Handle func(Event)

	// Trace, if set, is called for every frame, for a debug log, with "→" or "←"
	// and the frame's kind and size. Session ids are masked. The text never
	// contains lead data, except the names of its members.
	Trace func(direction, text string)

	// Panicked, if set, is called with the value of a panic in any goroutine of
	// the Client, after the Client was closed. If nil, a panic ends the program.
	Panicked func(v any)

	// Anonymous keeps the pending messages if the server refuses lead data, for
	// [Client.ConnectAnonymous]. Otherwise, they fail.
	Anonymous bool

	// Normalize returns a text in Unicode normalization form C, for comparisons
	// with texts that a server has stored. If nil, the Client uses
	// String.prototype.normalize in a browser, and does not normalize natively.
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

// Conn is an open connection for text frames.
type Conn interface {
	// Read waits for the next frame; text is false for a binary one. One
	// goroutine calls it repeatedly until it fails.
	Read(ctx context.Context) (data []byte, text bool, err error)
	// Write sends one text frame. One goroutine calls it.
	Write(ctx context.Context, data []byte) error
	// Close closes the connection and does not wait. It may be called from any
	// goroutine, and more than once.
	Close()
}

// Poster posts JSON, for session initialisation. Post returns the response for
// any status, and an error if there is no response.
type Poster interface {
	Post(ctx context.Context, url string, body []byte) (Answer, error)
}

// Answer is the response to a POST.
type Answer struct {
	Status     int
	RetryAfter string // the Retry-After header, if the server sent one and the browser exposes it
	Body       []byte // the first 64 KiB
}

// The times and counts of the Client. Those that the protocol documents say so;
// the others are decisions of this project.
const (
	HeartbeatEvery = 15 * time.Second // documented as required

	// HandoverTime is how long the page's script keeps the early socket for the first dial, from the start of the
	// Client on.
	HandoverTime = 5 * time.Second

	dialTimeout      = 15 * time.Second // until the socket must be open
	sessionTimeout   = 10 * time.Second // from the open socket to the session frame
	replayQuiet      = time.Second      // without a frame, until the replay is over or has paused
	replayPause      = 3 * time.Second  // without a frame of a replay that has paused, until it is over
	replayLate       = time.Second / 5  // a page that comes this late to the end of a replay was busy; it waits as long again
	maxReplayTime    = 10 * time.Second // until the replay is over in any case, unless the page was busy then
	silenceDeadline  = 20 * time.Second // without a frame while a recv is missing, until the connection is dropped
	maxSilence       = 40 * time.Second // the same for a server that is known to be slow
	deliveryTimeout  = 2 * time.Minute  // of working connections until a message fails
	lostAfter        = 20 * time.Second // of a later connection until a message that was written twice fails
	errorTimeout     = 10 * time.Second // from an error of the server, instead of a session, until the Client gives up
	firstHeartbeat   = 9 * time.Second  // from the open socket; the early socket may be older by HandoverTime
	dialInterval     = 2 * time.Second  // between two dials for acts of the visitor
	serverGoneAfter  = 45 * time.Second // without a heartbeat, until the server is taken to have closed the connection
	refusalsToProbe  = 3                // consecutive failures of a stored session until a probe is dialled
	failuresToReport = 3                // consecutive failures until ErrUnreachable is reported to the site owner
	maxWrites        = 2                // writes of one message, unless the visitor chooses "Try again"
)
