package tabs

import (
	"plurachat/protocol"
	"plurachat/protocol/strictjson"
	"plurachat/widget/backend"
)

// message is a tab message, which a tab broadcasts to the others as JSON.
type message struct {
	kind     string // ask, here, snapshot, event, command, heard, read, sound or bye
	from     string // id of the sender
	seq      int64  // number of the holder's newest event; 0 if the sender is not the holder
	n        int64  // command, heard: number of the command
	sync     bool   // ask: the sender needs a snapshot
	reading  bool   // ask: the sender's panel is being read
	text     string // heard: id of the tab that sent the command; read: key of the message; sound: on or off
	event    *protocol.Event
	command  *backend.Command
	snapshot *backend.Snapshot
}

// json returns the message as JSON.
func (m *message) json() string {
	var w strictjson.Writer
	w.Open('{')
	w.TextMember("kind", m.kind)
	w.TextMember("from", m.from)
	w.IntMember("seq", m.seq)
	w.IntMember("n", m.n)
	w.TextMember("text", m.text)
	w.BoolMember("sync", m.sync)
	w.BoolMember("reading", m.reading)
	if m.event != nil {
		w.Key("event")
		m.event.AppendJSON(&w)
	}
	if c := m.command; c != nil {
		w.Key("command")
		w.Open('{')
		w.IntMember("kind", int64(c.Kind))
		w.TextMember("key", c.Key)
		w.TextMember("text", c.Text)
		w.BoolMember("on", c.On)
		w.IntMember("digest", int64(c.Digest))
		w.TextMember("flow", c.Flow)
		w.TextMember("session", string(c.Session))
		w.Close('}')
	}
	if s := m.snapshot; s != nil {
		w.TextMember("state", string(s.State))
		w.Key("conversation")
		w.Open('{')
		s.Conversation.AppendJSON(&w)
		w.Close('}')
	}
	w.Close('}')
	return string(w.Buf)
}

// Limits of a message. They are needed because any script of the page's origin can write to the channel.
const (
	maxMessage = 16 << 20 // bytes; a snapshot contains up to 6 MiB of conversation, which JSON makes longer (see Broadcast)
	maxTabID   = 64       // bytes
)

// parseMessage parses a message. It returns false if the text is not a valid message.
func parseMessage(text string) (message, bool) {
	if len(text) > maxMessage {
		return message{}, false
	}
	v, err := strictjson.Parse(text)
	if err != nil {
		return message{}, false
	}
	m := message{
		kind: v.Get("kind").Text(), from: v.Get("from").Text(), seq: v.Get("seq").Int(), n: v.Get("n").Int(),
		sync: v.Get("sync").Bool(), reading: v.Get("reading").Bool(), text: v.Get("text").Text(),
	}
	ok := m.from != "" && len(m.from) <= maxTabID
	switch m.kind {
	case "event":
		e, valid := protocol.ParseEvent(v.Get("event"))
		m.event, ok = &e, ok && valid
	case "command":
		c := v.Get("command")
		m.command = &backend.Command{
			Kind: backend.Kind(c.Get("kind").Int()), Key: c.Get("key").Text(), Text: c.Get("text").Text(),
			On: c.Get("on").Bool(), Digest: uint32(c.Get("digest").Int()), Flow: c.Get("flow").Text(),
		}
		if s := c.Get("session").Text(); s != "" {
			m.command.Session, err = protocol.ParseSession(s)
			ok = ok && err == nil
		}
	case "snapshot":
		state, _ := protocol.ParseState(v.Get("state").Text()) // empty: the state has not changed
		m.snapshot = &backend.Snapshot{Conversation: protocol.ParseConversation(v.Get("conversation")), State: state}
	}
	return m, ok
}
