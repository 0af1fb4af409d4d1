package widget

import (
	"plurachat/protocol"
	"plurachat/protocol/strictjson"
)

// letter is one message on the channel.
type letter struct {
	kind     string // ask, here, snapshot, event, command, heard, read or bye
	from     string // id of the tab
	seq      int64  // the holder's
	n        int64  // of a command
	sync     bool   // ask: a snapshot is wanted
	reading  bool
	text     string
	event    *protocol.Event
	command  *Command
	snapshot *Snapshot
}

func (l *letter) json() string {
	var w strictjson.Writer
	w.Open('{')
	w.TextMember("kind", l.kind)
	w.TextMember("from", l.from)
	w.IntMember("seq", l.seq)
	w.IntMember("n", l.n)
	w.TextMember("text", l.text)
	boolMember(&w, "sync", l.sync)
	boolMember(&w, "reading", l.reading)
	if l.event != nil {
		w.Key("event")
		l.event.AppendJSON(&w)
	}
	if c := l.command; c != nil {
		w.Key("command")
		w.Open('{')
		w.IntMember("kind", int64(c.Kind))
		w.TextMember("key", c.Key)
		w.TextMember("text", c.Text)
		boolMember(&w, "on", c.On)
		w.IntMember("digest", int64(c.Digest))
		w.TextMember("flow", c.Flow)
		w.TextMember("session", string(c.Session))
		w.Close('}')
	}
	if s := l.snapshot; s != nil {
		w.TextMember("state", string(s.State))
		w.Key("conversation")
		w.Open('{')
		s.Conversation.AppendJSON(&w)
		w.Close('}')
	}
	w.Close('}')
	return string(w.Buf)
}

func boolMember(w *strictjson.Writer, key string, b bool) {
	if b {
		w.Key(key)
		w.Bool(true)
	}
}

// Bounds of a letter: any script of the page's origin may write on the channel.
const (
	letterAtMost = 16 << 20 // bytes; a snapshot has a conversation of 6 MiB, escaped
	tabIDAtMost  = 64       // bytes
)

func parseLetter(text string) (letter, bool) {
	if len(text) > letterAtMost {
		return letter{}, false
	}
	v, err := strictjson.Parse(text)
	if err != nil {
		return letter{}, false
	}
	l := letter{
		kind: v.Get("kind").Text(), from: v.Get("from").Text(), seq: v.Get("seq").Int(), n: v.Get("n").Int(),
		sync: v.Get("sync").Bool(), reading: v.Get("reading").Bool(), text: v.Get("text").Text(),
	}
	ok := l.from != "" && len(l.from) <= tabIDAtMost
	switch l.kind {
	case "event":
		e, valid := protocol.ParseEvent(v.Get("event"))
		l.event, ok = &e, ok && valid
	case "command":
		c := v.Get("command")
		l.command = &Command{
			Kind: CommandKind(c.Get("kind").Int()), Key: c.Get("key").Text(), Text: c.Get("text").Text(), On: c.Get("on").Bool(),
			Digest: uint32(c.Get("digest").Int()), Flow: c.Get("flow").Text(),
		}
		if s := c.Get("session").Text(); s != "" {
			l.command.Session, err = protocol.ParseSession(s)
			ok = ok && err == nil
		}
	case "snapshot":
		state, _ := protocol.ParseState(v.Get("state").Text()) // none: the connection's is as it was
		l.snapshot = &Snapshot{protocol.ParseConversation(v.Get("conversation")), state}
	}
	return l, ok
}
