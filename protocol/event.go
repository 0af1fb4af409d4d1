package protocol

import "time"

// Kind says what an [Entry] of the transcript is.
type Kind uint8

const (
	Agent   Kind = iota // what the AI, or a person in the inbox, said
	Visitor             // what the visitor wrote, here or on another device
	Fresh               // divider: a new conversation begins below
	Ended               // divider: the flow has ended
	Dropped             // note: a frame was too large to be shown
)

// Delivery is how far a visitor's message has come. It is Sent for every
// other kind of entry.
type Delivery uint8

const (
	Sent    Delivery = iota // the server has it
	Sending                 // stored here, not yet acknowledged
	Failed                  // given up; the visitor may try again or remove it
)

// Entry is one line of the transcript.
type Entry struct {
	Key     string // names the entry on this device; never changes, never empty
	ID      string // the server's id of the message; empty until it is known
	Kind    Kind
	State   Delivery
	Writes  int       // how often the message was written to a socket
	Recvs   int       // how often a recv acknowledged it; at most Writes, on this device
	Retries int       // how often the visitor said "Try again"
	Name    string    // who said it; may be empty
	Picture string    // address as sent by the server; unchecked
	Text    string    // as sent; never HTML
	Echo    string    // what the server calls the visitor's Text, where that is another
	At      time.Time // zero when nobody knows: a replayed message has no time
	Reason  string    // why State is Failed
}

// Owner is the face of the chat, from the chatowner frame.
type Owner struct {
	ID      string
	Name    string
	Picture string // address as sent by the server; unchecked
}

// State is the state of the connection.
type State string

const (
	Idle         State = "idle"         // nobody has asked for a conversation yet
	Connecting   State = "connecting"   // the first connection is being made
	Online       State = "online"       // the server has named the session
	Reconnecting State = "reconnecting" // a connection was lost; another is being made
	Offline      State = "offline"      // the browser says that there is no network
	GaveUp       State = "failed"       // no session is to be had; see [Event.Err]
)

// EventKind says which fields of an [Event] count.
type EventKind uint8

const (
	StateChanged EventKind = iota // State, Err: why there is no connection; again with the same State for another reason
	SessionBegun                  // Session, Flow, Resumed
	OwnerNamed                    // Owner
	Added                         // Entry, Before
	Written                       // Key: the message was handed to a socket
	Acknowledged                  // Key, ID, Before, Text: the server's; again for each time the message was written
	GivenUp                       // Key, Reason
	Retried                       // Key
	Removed                       // Key
	Renamed                       // Key, ID: a replay told the entry's current id
	Forgotten                     // everything is forgotten: a new beginning
	Switched                      // Session, Flow, Digest: the next connection is to another session
	Refused                       // Err, a *SessionError: lead data was not accepted
	Ignored                       // Err: something from the wire was ignored
	Answered                      // Key: the agent's answer acknowledges it, as the server sends no recv
	Postponed                     // Key, Before: the message was lost, and stands where it is written again
	Reported                      // Reason: a code, Err: for the site owner, who alone can mend it
)

// Event is one thing that happened to a conversation. Events are values: they
// may be kept, stored and sent to other tabs.
type Event struct {
	Kind    EventKind
	State   State
	Session SessionID
	Flow    string // the flow or flow instance of the session
	Resumed bool   // the server continued the session that was asked for
	Owner   Owner
	Entry   Entry
	Before  string // key of the entry to stand before; empty: after all that is confirmed
	Key     string
	ID      string
	Reason  string
	Digest  uint32 // of the lead data the session was initialised with
	Text    string
	Err     error // only its text crosses tabs; see [Event.AppendJSON]
}
