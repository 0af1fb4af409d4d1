package protocoltest

import (
	"fmt"
	"time"
)

// Flow defines the chat owner and the messages of the agent. Its functions are
// called by several goroutines at once and must not block; use Reply.Delay for
// what takes time.
type Flow struct {
	// Owner is the name in the chatowner frame; empty is "Flow Tester".
	Owner string
	// Picture is the image URL in the chatowner frame, and in replies without
	// a picture. Empty is a data: URL of one dark pixel.
	Picture string
	// Name is the name in replies without a name; empty is "Assistant".
	Name string
	// Greet returns the first message of the conversation. record is that of
	// the initialisation, and nil for an anonymous visitor. If Greet is nil, the
	// message is "Hi! How can I help you today?", with the first name if there
	// is one.
	Greet func(record map[string]any) Reply
	// Answer returns the replies to a message, in order, or none. If Answer is
	// nil, the reply is "You said: " and the text.
	Answer func(*Exchange) []Reply
}

// Exchange is one message of a visitor, as a flow sees it.
type Exchange struct {
	Server  *Server
	Conn    *Conn  // the connection it came by; it may have ended
	Session string // webchat-session.{uuid}
	Text    string
	Turn    int            // the visitor's messages in this conversation, this one included
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
	// Delay is the time between the reply before it and this one.
	Delay time.Duration
	// Raw is sent as a frame without changes, instead of a message, and is not
	// part of the conversation.
	Raw []byte
	// Binary makes Raw a binary frame.
	Binary bool
	// Then, if set, is called after the reply was sent.
	Then func()
}

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

// firstName is the record's first name, empty where there is none.
func firstName(record map[string]any) string {
	name, _ := record["first_name"].(string)
	return name
}

// pixel is a very small picture, because the frames of ten thousand simulated
// visitors contain it.
const pixel = "data:image/gif;base64,R0lGODlhAQABAIAAACJE3QAAACwAAAAAAQABAAACAkQBADs="
