package widget

import "plurachat/protocol"

// Line is what carries the conversation: a [protocol.Client], or in a tab that
// mirrors another one, whatever reaches that tab's client. Its methods only
// queue. Whoever is the Line delivers its events into the widget's queue.
type Line interface {
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

// CommandKind names the method of [Line] that a [Command] calls.
type CommandKind uint8

const (
	LineConnect  CommandKind = iota
	LineSend                 // Key, Text
	LineRetry                // Key
	LineRemove               // Key
	LineTyping               // On
	LineAttend               // On
	LineNetwork              // On
	LineWake                 //
	LineSuspend              //
	LineTick                 //
	LineIdentify             // Text, Digest
	LineAdopt                // Flow, Session
	LineReset                //
	LineStartNew             //
)

// Command is one call of a [Line], as data.
type Command struct {
	Kind    CommandKind
	Key     string
	Text    string
	On      bool
	Digest  uint32
	Flow    string
	Session protocol.SessionID
}

// Call makes the call.
func (c *Command) Call(l Line) {
	switch c.Kind {
	case LineConnect:
		l.Connect()
	case LineSend:
		l.Send(c.Key, c.Text)
	case LineRetry:
		l.Retry(c.Key)
	case LineRemove:
		l.Remove(c.Key)
	case LineTyping:
		l.Typing(c.On)
	case LineAttend:
		l.Attention(c.On)
	case LineNetwork:
		l.Network(c.On)
	case LineWake:
		l.Wake()
	case LineSuspend:
		l.Suspend()
	case LineTick:
		l.Tick()
	case LineIdentify:
		l.Identify(c.Text, c.Digest)
	case LineAdopt:
		l.Adopt(c.Flow, c.Session)
	case LineReset:
		l.Reset()
	case LineStartNew:
		l.StartNew()
	}
}
