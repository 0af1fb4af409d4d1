package protocoltest

import (
	"fmt"
	"time"
)

// Flow is who speaks and what they say. Its functions are called by several
// goroutines at once and must not block; what takes time is said by the
// replies' Delay.
type Flow struct {
	// Owner is the name in the chatowner frame; empty is "Flow Tester".
	Owner string
	// Picture is the image URL in the chatowner frame, and of replies that
	// name none. Empty is a data: URL of one dark pixel.
	Picture string
	// Name stands on replies that name nobody; empty is "Assistant".
	Name string
	// Greet returns the conversation's opening message; record is that of the
	// initialisation, nil for an anonymous visitor. Nil says "Hi! How can I help
	// you today?", with the first name where there is one.
	Greet func(record map[string]any) Reply
	// Answer returns what is said to a message, in order; none is fine. Nil is
	// an echo: "You said: " and the text.
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
	// Text is the content. A reply with neither Text nor Raw sends nothing, and
	// serves to wait or to call Then.
	Text string
	// Name and Picture stand in for the flow's: a person has taken over.
	Name, Picture string
	// Delay passes before it is said, counted from the reply before it.
	Delay time.Duration
	// Raw is sent as a frame as it is, in place of a message, and is no part of
	// the conversation.
	Raw []byte
	// Binary makes Raw a binary frame.
	Binary bool
	// Then, where set, is called once the reply has been sent.
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

// pixel is the smallest picture there is: frames of ten thousand simulated
// visitors carry it.
const pixel = "data:image/gif;base64,R0lGODlhAQABAIAAACJE3QAAACwAAAAAAQABAAACAkQBADs="
