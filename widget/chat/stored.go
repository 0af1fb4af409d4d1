package chat

import (
	"time"

	"plurachat/protocol"
	"plurachat/protocol/strictjson"
)

const (
	StoredVersion = 1
	maxMessages   = 200       // the newest ones are stored
	maxStored     = 256 << 10 // bytes of the whole state
	maxStoredFace = 64 << 10  // bytes of a picture; the server sends the chat owner's again
)

// Stored is the state of one flow that a [Store] keeps over page loads. The draft and the choice of the sound have
// records of their own (choices.go). It never holds lead data.
type Stored struct {
	Conversation protocol.Conversation // session, chat owner, transcript and unsent messages
	At           time.Time             // of the last message, or of the draft before the first; the state expires 30 days later
	Read         string                // key of the agent's newest message that was seen
	Draft        string                // the composer's text
	Given        uint32                // digest of the last session that the site owner handed over
	Teaser       bool                  // the teaser was dismissed; its script writes this (web/aside/teaser_bubble.js)
	Sound        Choice                // the visitor's choice; it overrides the site owner's
}

// Choice is a visitor's answer to a yes-or-no question. The numbers are stored: they never change, and new ones are
// appended.
type Choice uint8

const (
	NoChoice Choice = 0
	Yes      Choice = 1
	No       Choice = 2
)

func choiceOf(yes bool) Choice {
	if yes {
		return Yes
	}
	return No
}

// expired reports whether what was stored at a time is to be forgotten. What has no time does not expire.
func expired(at, now time.Time) bool { return !at.IsZero() && now.Sub(at) > ForgetAfter }

// empty reports whether there is no conversation to be stored.
func (r *Stored) empty() bool { return !r.Conversation.Begun() && !r.Teaser }

// Text returns the conversation in its stored form. It holds at most limit messages, and fewer if they are long, but always
// those that are not sent yet or have failed.
func (r *Stored) Text(limit int) string {
	size := maxStored - 4<<10
	for {
		c := r.Conversation
		c.Trim(limit, size, maxStoredFace)
		text := r.encode(&c)
		if len(text) <= maxStored || size < 1<<10 {
			return text
		}
		size /= 2 // escapes can make a text several times as long
	}
}

func (r *Stored) encode(c *protocol.Conversation) string {
	w := strictjson.Writer{Buf: make([]byte, 0, 1<<10+300*len(c.Entries))}
	openRecord(&w, r.At)
	w.Key("conversation")
	w.Open('{')
	c.AppendJSON(&w)
	w.Close('}')
	w.TextMember("read", r.Read)
	w.IntMember("given", int64(r.Given))
	w.BoolMember("teaser", r.Teaser)
	w.Close('}')
	return string(w.Buf)
}

// openRecord begins a stored record.
func openRecord(w *strictjson.Writer, at time.Time) {
	w.Open('{')
	w.IntMember("v", StoredVersion)
	if !at.IsZero() {
		w.Key("at")
		w.Int(at.UnixMilli())
	}
}

// parseRecord reads the beginning of a stored record. It returns false if text is not of this version.
func parseRecord(text string) (v strictjson.Value, at time.Time, ok bool) {
	v, err := strictjson.Parse(text)
	if err != nil || v.Get("v").Int() != StoredVersion {
		return v, at, false
	}
	if ms := v.Get("at").Int(); ms > 0 {
		at = time.UnixMilli(ms)
	}
	return v, at, true
}

// parseStored reads the stored form of a conversation. It returns false if text is not of this version. Invalid fields
// are left out. Widgets before 0.2.1 stored the choices here too.
func parseStored(text string) (Stored, bool) {
	v, at, ok := parseRecord(text)
	if !ok {
		return Stored{}, false
	}
	c := choicesIn(v)
	return Stored{
		Conversation: protocol.ParseConversation(v.Get("conversation")),
		At:           at,
		Read:         v.Get("read").Text(),
		Draft:        c.draft,
		Given:        uint32(v.Get("given").Int()),
		Teaser:       v.Get("teaser").Bool(),
		Sound:        c.sound,
	}, true
}
