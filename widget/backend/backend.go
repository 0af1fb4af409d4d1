// Package backend is what a chat asks of whatever carries its conversation: a connection of this tab's own, or the
// connection of another tab of the same visitor. The calls are an interface, [Backend]; as data, which can be queued and
// passed between tabs, each is a [Command]. A [Snapshot] is what a backend knows of the conversation.
package backend

import "plurachat/protocol"

// Backend carries a conversation. A [protocol.Client] is one. Its methods may be called from any goroutine and only
// queue; the events that follow reach whoever made the Backend.
type Backend interface {
	Connect()
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

// Kind names the method of [Backend] that a [Command] calls. Tabs of different builds pass the numbers to each other: they
// stay as they are, and new ones come at the end.
type Kind uint8

const (
	Connect  Kind = 0
	Send     Kind = 1 // Key, Text
	Retry    Kind = 2 // Key
	Remove   Kind = 3 // Key
	Typing   Kind = 4 // On
	Attend   Kind = 5 // On
	Network  Kind = 6 // On
	Wake     Kind = 7
	Suspend  Kind = 8
	Tick     Kind = 9
	Identify Kind = 10 // Text, Digest
	Adopt    Kind = 11 // Flow, Session
	Reset    Kind = 12
	StartNew Kind = 13
)

// Command is one call of a [Backend], as data. Kind says which of the other fields it uses.
type Command struct {
	Kind    Kind
	Key     string
	Text    string
	On      bool
	Digest  uint32
	Flow    string
	Session protocol.SessionID
}

// Call makes the call.
func (c *Command) Call(l Backend) {
	switch c.Kind {
	case Connect:
		l.Connect()
	case Send:
		l.Send(c.Key, c.Text)
	case Retry:
		l.Retry(c.Key)
	case Remove:
		l.Remove(c.Key)
	case Typing:
		l.Typing(c.On)
	case Attend:
		l.Attention(c.On)
	case Network:
		l.Network(c.On)
	case Wake:
		l.Wake()
	case Suspend:
		l.Suspend()
	case Tick:
		l.Tick()
	case Identify:
		l.Identify(c.Text, c.Digest)
	case Adopt:
		l.Adopt(c.Flow, c.Session)
	case Reset:
		l.Reset()
	case StartNew:
		l.StartNew()
	}
}
