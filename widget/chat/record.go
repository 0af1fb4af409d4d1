package chat

import (
	"time"

	"plurachat/protocol"
	"plurachat/protocol/strictjson"
)

const (
	recordVersion = 1
	maxMessages   = 200       // the newest are stored
	maxStored     = 256 << 10 // bytes of one record
	maxDraft      = 16 << 10  // bytes of a stored draft
)

// Record is what is stored of one flow. It never holds lead data.
type Record struct {
	Conversation protocol.Conversation // session, owner, transcript and outbox in one
	At           time.Time             // of the last message; the 30 days begin here
	Read         string                // key of the newest message of the agent that was seen
	Draft        string                // what stands in the composer
	Given        uint32                // digest of the session that the owner handed over last
	Teaser       bool                  // the teaser was dismissed
	Sound        Choice                // the visitor's own choice, before the owner's
}

// Choice is a visitor's answer to a yes-or-no question that they may not have
// been asked.
type Choice uint8

const (
	NoChoice Choice = iota
	Yes
	No
)

func (r *Record) expired(now time.Time) bool {
	return !r.At.IsZero() && now.Sub(r.At) > forgetAfter
}

func (r *Record) empty() bool {
	return r.Conversation.Session == "" && len(r.Conversation.Entries) == 0 && r.Draft == "" && !r.Teaser && r.Sound == NoChoice
}

// Text is the record as it is stored, with at most limit messages, fewer if
// they are long. What is still on its way, or failed, is always in it.
func (r *Record) Text(limit int) string {
	size := maxStored - maxDraft - 4<<10
	for {
		c := r.Conversation
		c.Trim(limit, size)
		text := r.encode(&c)
		if len(text) <= maxStored || size < 1<<10 {
			return text
		}
		size /= 2 // escapes can make a text several times as long
	}
}

func (r *Record) encode(c *protocol.Conversation) string {
	w := strictjson.Writer{Buf: make([]byte, 0, 1<<10+300*len(c.Entries))}
	w.Open('{')
	w.Key("v")
	w.Int(recordVersion)
	if !r.At.IsZero() {
		w.Key("at")
		w.Int(r.At.UnixMilli())
	}
	w.Key("conversation")
	w.Open('{')
	c.AppendJSON(&w)
	w.Close('}')
	w.TextMember("read", r.Read)
	if len(r.Draft) <= maxDraft {
		w.TextMember("draft", r.Draft)
	}
	w.IntMember("given", int64(r.Given))
	if r.Teaser {
		w.Key("teaser")
		w.Bool(true)
	}
	w.IntMember("sound", int64(r.Sound))
	w.Close('}')
	return string(w.Buf)
}

// ParseRecord reads a stored record. It reports false for what is not one of
// this version; fields inside it that make no sense are left out.
func ParseRecord(text string) (Record, bool) {
	v, err := strictjson.Parse(text)
	if err != nil || v.Kind() != strictjson.Object || v.Get("v").Int() != recordVersion {
		return Record{}, false
	}
	r := Record{
		Conversation: protocol.ParseConversation(v.Get("conversation")),
		Read:         v.Get("read").Text(),
		Draft:        v.Get("draft").Text(),
		Given:        uint32(v.Get("given").Int()),
		Teaser:       v.Get("teaser").Bool(),
	}
	if at := v.Get("at").Int(); at > 0 {
		r.At = time.UnixMilli(at)
	}
	if s := v.Get("sound").Int(); s == int64(Yes) || s == int64(No) {
		r.Sound = Choice(s)
	}
	return r, true
}
