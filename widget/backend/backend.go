// Package backend defines the calls by which a chat controls the connection of its conversation. The connection belongs
// to this tab or to another tab of the same visitor. [Backend] is the interface. A [Command] is one call as data, which
// can be queued and sent to another tab. A [Snapshot] is a conversation with the state of its connection.
package backend

import "plurachat/protocol"

// Backend controls the connection of a conversation. [protocol.Client] implements it. Its methods may be called by any
// goroutine. They only queue the call; the resulting events go to the code that made the Backend.
type Backend interface {
	Connect()
	ConnectAnonymous()
	Send(key, text string)
	Retry(key string)
	Remove(key string)
	Typing(on bool)
	Attention(waiting bool)
	Network(up bool)
	Wake()
	Suspend()
	Tick()
	Identify(record string, digest uint32)
	Adopt(flow string, session protocol.SessionID)
	Reset()
	StartNew()
	Close()
}

// Kind is the method of [Backend] that a [Command] calls. Tabs of different builds send the numbers to each other, so
// that a number must never change. New kinds are added at the end. Number 9 is not used.
type Kind uint8

const (
	Connect  Kind = 0 // On: ConnectAnonymous
	Send     Kind = 1 // Key, Text
	Retry    Kind = 2 // Key
	Remove   Kind = 3 // Key
	Typing   Kind = 4 // On
	Attend   Kind = 5 // On
	Network  Kind = 6 // On
	Wake     Kind = 7
	Suspend  Kind = 8
	Identify Kind = 10 // Text, Digest; without them: the lead data that the server has refused, again
	Adopt    Kind = 11 // Flow, Session
	Reset    Kind = 12
	StartNew Kind = 13
)

// Command is one call of a method of [Backend], as data. The comment of its Kind lists the other fields that it uses.
type Command struct {
	Kind    Kind
	Key     string
	Text    string
	On      bool
	Digest  uint32
	Flow    string
	Session protocol.SessionID
}

// Call calls the method of b that the command stands for. It does nothing if the Kind is unknown.
func (c *Command) Call(b Backend) {
	switch c.Kind {
	case Connect:
		if c.On {
			b.ConnectAnonymous()
		} else {
			b.Connect()
		}
	case Send:
		b.Send(c.Key, c.Text)
	case Retry:
		b.Retry(c.Key)
	case Remove:
		b.Remove(c.Key)
	case Typing:
		b.Typing(c.On)
	case Attend:
		b.Attention(c.On)
	case Network:
		b.Network(c.On)
	case Wake:
		b.Wake()
	case Suspend:
		b.Suspend()
	case Identify:
		b.Identify(c.Text, c.Digest)
	case Adopt:
		b.Adopt(c.Flow, c.Session)
	case Reset:
		b.Reset()
	case StartNew:
		b.StartNew()
	}
}
