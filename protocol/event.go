package protocol

import "time"

// Kind is the kind of an [Entry]. The numbers are stored: they never change, and
// new ones are appended.
type Kind uint8

const (
	Agent   Kind = 0 // a message of the AI, or of a person in the inbox
	Visitor Kind = 1 // a message of the visitor, from this device or another one
	Fresh   Kind = 2 // divider: a new conversation begins below
	Ended   Kind = 3 // divider: the flow has ended
	Dropped Kind = 4 // note: a frame was too large to be shown
)

// Delivery is the delivery state of a visitor's message. It is Sent for all other
// kinds of entries. The numbers are stored: they never change, and new ones are
// appended.
type Delivery uint8

const (
	Sent    Delivery = 0 // the server has it
	Sending Delivery = 1 // pending: the server has not acknowledged it
	Failed  Delivery = 2 // not delivered; the visitor may try again or remove it
)

// Entry is one entry of the transcript: a message, a divider or a note.
type Entry struct {
	Key     string // identifies the entry on this device; never changes, never empty
	ID      string // the server's id of the message; empty until it is known
	Kind    Kind
	State   Delivery
	Writes  int       // how often the message was written to a socket
	Recvs   int       // how often a recv acknowledged it; at most Writes, on this device
	Retries int       // how often the visitor chose "Try again"
	Name    string    // of the sender; may be empty
	Picture string    // address as sent by the server; unchecked
	Text    string    // as sent; never HTML
	Echo    string    // the server's version of the visitor's Text, if it differs
	At      time.Time // zero if it is not known: a replayed message has no time
	Reason  string    // why State is Failed
}

// Owner is the chat owner, from the chatowner frame.
type Owner struct {
	ID      string
	Name    string
	Picture string // address as sent by the server; unchecked
}

// State is the state of the connection.
type State string

const (
	Idle         State = "idle"         // no conversation has been requested yet
	Connecting   State = "connecting"   // the first connection is being made
	Online       State = "online"       // the server has sent the session frame
	Reconnecting State = "reconnecting" // a connection was lost, and another one is being made
	Offline      State = "offline"      // the browser reports that there is no network
	GaveUp       State = "failed"       // a session could not be established; see [Event.Err]
)

// EventKind is the kind of an [Event]. The comments list the fields that an event
// of the kind uses. The numbers are sent between tabs, whose versions may differ:
// they never change, and new ones are appended.
type EventKind uint8

const (
	StateChanged EventKind = 0  // State, Err: why there is no connection; sent again for another reason
	SessionBegun EventKind = 1  // Session, Flow, Resumed
	OwnerNamed   EventKind = 2  // Owner
	Added        EventKind = 3  // Entry, Before
	Written      EventKind = 4  // Key: the message is about to be written to a socket
	Acknowledged EventKind = 5  // Key, ID, Before, Text: the server's text; once for each write of the message
	GivenUp      EventKind = 6  // Key, Reason
	Retried      EventKind = 7  // Key
	Removed      EventKind = 8  // Key
	Renamed      EventKind = 9  // Key, ID: the entry has another id in a replay
	Forgotten    EventKind = 10 // none: the conversation was reset
	Switched     EventKind = 11 // Session, Flow, Digest: the next connection uses another session
	Refused      EventKind = 12 // Err, a *SessionError: the server did not accept lead data
	Ignored      EventKind = 13 // Err: a frame was ignored
	Answered     EventKind = 14 // Key: the agent's answer acknowledges the message, because the server sends no recv
	Postponed    EventKind = 15 // Key, Before: the message was lost and moves to the place where it is written again
	Reported     EventKind = 16 // Reason: a code, Err: an error that the site owner must fix
)

// Event is one change of a conversation. Events are values: they may be kept,
// stored and sent to other tabs.
type Event struct {
	Kind    EventKind
	State   State
	Session SessionID
	Flow    string // the flow or flow instance of the session
	Resumed bool   // the server continued the requested session
	Owner   Owner
	Entry   Entry
	Before  string // key of the entry that follows; empty: after all confirmed entries
	Key     string
	ID      string
	Reason  string
	Digest  uint32 // of the lead data with which the session was initialised
	Text    string
	Err     error // other tabs receive only its text; see [Event.AppendJSON]
}
