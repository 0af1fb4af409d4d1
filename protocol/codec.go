package protocol

import (
	"errors"
	"time"

	"plurachat/protocol/strictjson"
)

// Conversations are stored, and events are sent between tabs, as JSON. The
// readers skip what they do not understand, so that older and newer versions of
// this code lose as little as possible.

// AppendJSON writes the conversation as members of an object that the caller has
// opened.
func (c *Conversation) AppendJSON(w *strictjson.Writer) {
	w.TextMember("session", string(c.Session))
	w.TextMember("flow", c.Flow)
	w.IntMember("digest", int64(c.Digest))
	if c.Owner != (Owner{}) {
		w.Key("owner")
		c.Owner.appendJSON(w)
	}
	if c.Opening.Key != "" {
		w.Key("opening")
		c.Opening.appendJSON(w, 0)
	}
	w.Key("entries")
	w.Open('[')
	var seen seenPictures
	seen.add(c.Owner.Picture)
	for _, e := range c.Entries {
		e.appendJSON(w, seen.add(e.Picture))
	}
	w.Close(']')
}

// seenPictures are the pictures that a conversation in JSON has so far: the chat
// owner's, which has the number 1, and those of the entries from 2 on. A server
// repeats a picture in each message, and it may be as long as MaxPicture.
type seenPictures struct {
	last  int64     // number of the newest picture
	long  [8]string // some pictures that are worth a reference
	first [8]int64  // their numbers
	next  int       // index in long that is replaced next
}

// add adds a picture. It returns the number of an equal one, or 0.
func (s *seenPictures) add(picture string) int64 {
	s.last++
	if len(picture) < referredFrom {
		return 0
	}
	for i := range s.long { // equal pictures mostly share their memory, so that they are compared at once
		if s.long[i] == picture {
			return s.first[i]
		}
	}
	s.long[s.next], s.first[s.next] = picture, s.last
	s.next = (s.next + 1) % len(s.long)
	return 0
}

// referredFrom is the length from which a repeated picture is a reference. Older
// versions do not read references, so most addresses are written out.
const referredFrom = 1 << 10

// ParseConversation reads what AppendJSON wrote. It checks ids and sessions
// again, because any script of the origin can write to storage.
func ParseConversation(v strictjson.Value) Conversation {
	c := Conversation{
		Digest:  uint32(v.Get("digest").Int()),
		Owner:   parseOwner(v.Get("owner")),
		Opening: opening(parseEntry(v.Get("opening"))),
	}
	if s, err := ParseSession(v.Get("session").Text()); err == nil {
		c.Session = s
		c.Flow, _ = ParseFlow(v.Get("flow").Text()) // if it is not a flow, the site owner's is dialled
	}
	seen := map[string]bool{}
	pictures := []string{c.Owner.Picture}
	for _, item := range v.Get("entries").Items() {
		e := parseEntry(item)
		if n := item.Get("pictureAs").Int(); n > 0 && n <= int64(len(pictures)) {
			e.Picture = pictures[n-1]
		}
		pictures = append(pictures, e.Picture)
		if e.Key != "" && !seen[e.Key] {
			seen[e.Key] = true
			c.Entries = append(c.Entries, e)
		}
	}
	return c
}

func (o Owner) appendJSON(w *strictjson.Writer) {
	w.Open('{')
	w.TextMember("id", o.ID)
	w.TextMember("name", o.Name)
	w.TextMember("picture", o.Picture)
	w.Close('}')
}

func parseOwner(v strictjson.Value) Owner {
	return Owner{
		ID:      boundedLabel(v.Get("id").Text()),
		Name:    boundedLabel(v.Get("name").Text()),
		Picture: boundedPicture(v.Get("picture").Text()),
	}
}

// appendJSON writes the entry. If pictureAs is not 0, it writes this number in
// place of the picture.
func (e Entry) appendJSON(w *strictjson.Writer, pictureAs int64) {
	w.Open('{')
	w.TextMember("key", e.Key)
	w.TextMember("id", e.ID)
	w.IntMember("kind", int64(e.Kind))
	w.IntMember("state", int64(e.State))
	w.IntMember("writes", int64(e.Writes))
	w.IntMember("recvs", int64(e.Recvs))
	w.IntMember("retries", int64(e.Retries))
	w.TextMember("name", e.Name)
	if pictureAs == 0 {
		w.TextMember("picture", e.Picture)
	}
	w.IntMember("pictureAs", pictureAs)
	w.TextMember("text", e.Text)
	w.TextMember("echo", e.Echo)
	if !e.At.IsZero() {
		w.IntMember("at", e.At.UnixMilli())
	}
	w.TextMember("reason", e.Reason)
	w.Close('}')
}

// maxDateMillis is the latest time of JavaScript's Date, in milliseconds since
// 1970. Browsers cannot format a later one.
const maxDateMillis = 8_640_000_000_000_000

// parseEntry reads an entry. It returns an Entry without a Key if v is not one.
func parseEntry(v strictjson.Value) Entry {
	e := Entry{
		Key:     v.Get("key").Text(),
		ID:      boundedLabel(v.Get("id").Text()),
		Kind:    Kind(v.Get("kind").Int()),
		State:   Delivery(v.Get("state").Int()),
		Writes:  int(max(0, v.Get("writes").Int())),
		Recvs:   int(max(0, v.Get("recvs").Int())),
		Retries: int(max(0, v.Get("retries").Int())),
		Name:    boundedLabel(v.Get("name").Text()),
		Picture: boundedPicture(v.Get("picture").Text()),
		Text:    v.Get("text").Text(),
		Echo:    v.Get("echo").Text(),
		Reason:  v.Get("reason").Text(),
	}
	if ms := v.Get("at").Int(); ms > 0 && ms <= maxDateMillis {
		e.At = time.UnixMilli(ms)
	}
	if e.Kind > Dropped || e.State > Failed || e.State != Sent && e.Kind != Visitor {
		return Entry{}
	}
	return e
}

// AppendJSON writes the event as an object. It writes only the text of Err.
func (e Event) AppendJSON(w *strictjson.Writer) {
	w.Open('{')
	w.IntMember("kind", int64(e.Kind))
	w.TextMember("state", string(e.State))
	w.TextMember("session", string(e.Session))
	w.TextMember("flow", e.Flow)
	w.BoolMember("resumed", e.Resumed)
	if e.Owner != (Owner{}) {
		w.Key("owner")
		e.Owner.appendJSON(w)
	}
	if e.Entry.Key != "" {
		w.Key("entry")
		e.Entry.appendJSON(w, 0)
	}
	w.TextMember("before", e.Before)
	w.TextMember("key", e.Key)
	w.TextMember("id", e.ID)
	w.TextMember("reason", e.Reason)
	w.TextMember("text", e.Text)
	w.IntMember("digest", int64(e.Digest))
	if e.Err != nil {
		w.TextMember("err", e.Err.Error())
	}
	w.Close('}')
}

// ParseState reads a State. It returns false if s is not one.
func ParseState(s string) (State, bool) {
	switch state := State(s); state {
	case Idle, Connecting, Online, Reconnecting, Offline, GaveUp:
		return state, true
	}
	return "", false
}

// ParseEvent reads what AppendJSON wrote. It returns false if v is not an event.
func ParseEvent(v strictjson.Value) (Event, bool) {
	e := Event{
		Kind:    EventKind(v.Get("kind").Int()),
		Flow:    v.Get("flow").Text(),
		Resumed: v.Get("resumed").Bool(),
		Owner:   parseOwner(v.Get("owner")),
		Entry:   parseEntry(v.Get("entry")),
		Before:  v.Get("before").Text(),
		Key:     v.Get("key").Text(),
		ID:      boundedLabel(v.Get("id").Text()),
		Reason:  v.Get("reason").Text(),
		Text:    v.Get("text").Text(),
		Digest:  uint32(v.Get("digest").Int()),
	}
	if s := v.Get("session").Text(); s != "" {
		session, err := ParseSession(s)
		if err != nil {
			return Event{}, false
		}
		e.Session = session
	}
	if s := v.Get("err").Text(); s != "" {
		e.Err = errors.New(s)
	}
	known := false
	e.State, known = ParseState(v.Get("state").Text())
	if v.Kind() != strictjson.Object || e.Kind > Reported ||
		e.Kind == Added && e.Entry.Key == "" || e.Kind == StateChanged && !known {
		return Event{}, false
	}
	return e, true
}
