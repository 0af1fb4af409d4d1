package protocoltest

import (
	"fmt"
	"time"
)

// Flow defines the chat owner and the messages of the agent. Its functions may be
// called by several goroutines at once. They must not block; an answer that takes
// time has a Reply.Delay.
type Flow struct {
	// Owner is the name in the chatowner frame; empty is "Flow Tester".
	Owner string
	// Picture is the image URL in the chatowner frame, and in replies without
	// a picture. Empty is a data: URL of one dark pixel.
	Picture string
	// Name is the name in replies without a name; empty is "Assistant".
	Name string
	// Greet returns the first message of the conversation. record is the record
	// of the session initialisation, or nil for an anonymous visitor. If Greet is
	// nil, the message is "Hi! How can I help you today?", with the first name if
	// there is one.
	Greet func(record map[string]any) Reply
	// Answer returns the replies to a message in order. There may be none. If
	// Answer is nil, the reply is an echo: "You said: " and the text.
	Answer func(*Exchange) []Reply
}

// Exchange is one message of a visitor, the argument of [Flow.Answer].
type Exchange struct {
	Server  *Server
	Conn    *Conn  // the connection on which the message arrived; it may have ended
	Session string // webchat-session.{uuid}
	Text    string
	Turn    int            // number of the visitor's messages in this conversation, with this one
	Record  map[string]any // as in Greet
}

// Reply is one message of a flow.
type Reply struct {
	// Text is the content. A reply with neither Text nor Raw sends nothing; it
	// only waits, or calls Then.
	Text string
	// Name and Picture replace those of the flow, for example when a person
	// takes over.
	Name, Picture string
	// Delay is the time between the previous reply and this one.
	Delay time.Duration
	// Raw, if set, is sent as a frame instead of a message. It is not changed,
	// and is not part of the conversation.
	Raw []byte
	// Binary makes Raw a binary frame.
	Binary bool
	// Then, if set, is called after the reply was queued for sending.
	Then func()
}

// withDefaults returns the flow with the default of each field that is not set.
func (f Flow) withDefaults() Flow {
	if f.Owner == "" {
		f.Owner = "Flow Tester"
	}
	if f.Picture == "" {
		f.Picture = pixel
	}
	if f.Name == "" {
		f.Name = "Assistant"
	}
	if f.Greet == nil {
		f.Greet = greet
	}
	if f.Answer == nil {
		f.Answer = func(x *Exchange) []Reply { return []Reply{{Text: "You said: " + x.Text}} }
	}
	return f
}

// greet is the documented greeting.
func greet(record map[string]any) Reply {
	if name := firstName(record); name != "" {
		return Reply{Text: fmt.Sprintf("Hi %s! How can I help you today?", name)}
	}
	return Reply{Text: "Hi! How can I help you today?"}
}

// firstName returns the first name in the record, or "".
func firstName(record map[string]any) string {
	name, _ := record["first_name"].(string)
	return name
}

// pixel is the default picture. It is very small, because tests with ten thousand
// visitors send it to each of them.
const pixel = "data:image/gif;base64,R0lGODlhAQABAIAAACJE3QAAACwAAAAAAQABAAACAkQBADs="
