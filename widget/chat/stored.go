package chat

import (
	"time"

	"plurachat/protocol"
	"plurachat/protocol/strictjson"
)

const (
	storedVersion = 1
	maxMessages   = 200       // the newest ones are stored
	maxStored     = 256 << 10 // bytes of the whole state
	maxDraft      = 16 << 10  // bytes of a draft
	maxStoredFace = 64 << 10  // bytes of a picture; the server sends the chat owner's again
)

// Stored is the state of one flow that a [Store] keeps over page loads. It never holds lead data.
type Stored struct {
	Conversation protocol.Conversation // session, chat owner, transcript and unsent messages
	At           time.Time             // of the last message, or of the draft before the first; the state expires 30 days later
	Read         string                // key of the agent's newest message that was seen
	Draft        string                // the composer's text
	Given        uint32                // digest of the last session that the site owner handed over
	Teaser       bool                  // the teaser was dismissed
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

// choices is the part of the state that no tab learns from another, except through the store.
type choices struct {
	draft  string
	teaser bool
	sound  Choice
}

func (r *Stored) choices() choices { return choices{r.Draft, r.Teaser, r.Sound} }

// replaceUnchanged replaces the choices that are equal to ours by theirs.
func (r *Stored) replaceUnchanged(ours, theirs choices) {
	if r.Draft == ours.draft {
		r.Draft = theirs.draft
	}
	if r.Teaser == ours.teaser {
		r.Teaser = theirs.teaser
	}
	if r.Sound == ours.sound {
		r.Sound = theirs.sound
	}
}

func (r *Stored) expired(now time.Time) bool {
	return !r.At.IsZero() && now.Sub(r.At) > forgetAfter
}

func (r *Stored) empty() bool {
	return !r.Conversation.Begun() && r.Draft == "" && !r.Teaser && r.Sound == NoChoice
}

// Text returns the state in its stored form. It holds at most limit messages, and fewer if they are long, but always
// those that are not sent yet or have failed.
func (r *Stored) Text(limit int) string {
	size := maxStored - maxDraft - 4<<10
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
	w.Open('{')
	w.IntMember("v", storedVersion)
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
	w.BoolMember("teaser", r.Teaser)
	w.IntMember("sound", int64(r.Sound))
	w.Close('}')
	return string(w.Buf)
}

// parseStored reads the stored form. It returns false if text is not of this version. Invalid fields are left out.
func parseStored(text string) (Stored, bool) {
	v, err := strictjson.Parse(text)
	if err != nil || v.Kind() != strictjson.Object || v.Get("v").Int() != storedVersion {
		return Stored{}, false
	}
	r := Stored{
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
