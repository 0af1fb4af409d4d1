package protocoltest

import (
	"fmt"
	"time"
)

// Kind is the kind of an [Event].
type Kind string

const (
	// Events of a client and its connection.

	Init      Kind = "init"      // a POST that initialises a session
	Dial      Kind = "dial"      // a handshake, successful or not
	Message   Kind = "message"   // the visitor's message
	Typing    Kind = "typing"    // Text is true or false
	Heartbeat Kind = "heartbeat" // Text is stamp and tz, with a space between them
	Close     Kind = "close"     // a connection has ended; Text says how

	// Events of the server.

	Open   Kind = "open"   // the handshake is answered; the session frame is next
	Recv   Kind = "recv"   // a recv frame for a message; replays are not logged
	Answer Kind = "answer" // a message of the flow or of [Server.Push]

	// Errors and faults.

	Violation Kind = "violation" // the client has violated the protocol; Text says how
	Fault     Kind = "fault"     // the server has produced a fault; Text says which
)

// Event is an entry of the server's log, and the argument of a fault function.
type Event struct {
	N       int       // position in the log, counting from 1; 0 in the argument of a fault function
	Time    time.Time // by the server's clock
	Kind    Kind
	Conn    int    // number of the connection's dial, counting from 1; 0 for Init
	Session string // id of the session; for Dial, the id in the URL; empty if there is none yet
	Flow    string // id of the flow, from the URL or from the body of an Init
	Text    string // text of a message, recv or answer; for other kinds, see Kind
	ID      string // id of a message, recv or answer
	Raw     string // what the client sent, byte for byte; empty for events of the server
}

// String returns the event as one line, for the output of a failed test.
func (e Event) String() string {
	return fmt.Sprintf("%d %s conn %d %s %q", e.N, e.Kind, e.Conn, e.Session, e.Text)
}

// Do is what an [Action] does.
type Do int

const (
	Pass    Do = iota // no fault
	Drop              // end the connection at once, without a close frame
	Kick              // send a close frame with Action.Code, then end the connection
	Refuse            // Dial and Init: answer with Action.Status; other events: Drop
	Hang              // Dial and Init: never answer; other events: Swallow
	Swallow           // half-open: from now on, neither log nor send anything
	Mute              // half-open: from now on, log what arrives but send nothing
	Skip              // Message: send no recv; Recv and Answer: do not send the frame
)

var doNames = [...]string{"pass", "drop", "kick", "refuse", "hang", "swallow", "mute", "skip"}

func (d Do) String() string {
	if d < 0 || int(d) >= len(doNames) {
		return fmt.Sprintf("Do(%d)", int(d))
	}
	return doNames[d]
}

// Moment is the time, within the handling of an event, at which an [Action] takes
// effect.
type Moment int

const (
	// Before is the time before the event is handled. What the client has sent
	// is not logged. What the server is about to send is not sent.
	Before Moment = iota
	// Logged is the time after an event of the client was logged. If it is a
	// message, it is in the conversation, but its recv is not sent. For an event
	// of the server, Logged is the same as Before.
	Logged
	// MidFrame is the time after half of the frame to which the event leads
	// (session, recv or message) was written. Only Drop takes effect at this
	// time; other faults take effect after the frame.
	MidFrame
	// After is the time after the frame was written. For Open, it is after all
	// opening frames.
	After
)

var momentNames = [...]string{"before", "logged", "in mid frame", "after"}

func (m Moment) String() string {
	if m < 0 || int(m) >= len(momentNames) {
		return fmt.Sprintf("Moment(%d)", int(m))
	}
	return momentNames[m]
}

// Action is the result of a fault function. The zero Action causes no fault.
type Action struct {
	Do Do
	At Moment
	// Wait is the delay before the event is handled, for any Do. Later frames on
	// the same connection wait too.
	Wait time.Duration
	// Code is the close code of a Kick; 0 is 1012 (service restart).
	Code int
	// Status is the HTTP status of a Refuse; 0 is 503.
	Status int
	// RetryAfter is the Retry-After header of a Refuse; empty is none.
	RetryAfter string
	// Reason is the reason of a Kick, or the message of a Refuse.
	Reason string
}

func (a Action) code() int {
	if a.Code == 0 {
		return 1012
	}
	return a.Code
}
