package chat

import (
	"strings"
	"time"

	"plurachat/protocol"
	"plurachat/protocol/strictjson"
	"plurachat/widget/backend"
)

// Store is the part of the Web Storage interface that the widget uses. A Store
// that cannot keep a value says so by Set's error and goes on.
type Store interface {
	Get(key string) (value string, ok bool)
	Has(key string) bool // Get's ok, without the value
	Set(key, value string) error
	Remove(key string)
	Keys() []string
}

// Memory is a Store that lives as long as the page, for storage="none" and for
// browsers that forbid theirs.
type Memory map[string]string

func (m Memory) Get(key string) (string, bool) { s, ok := m[key]; return s, ok }
func (m Memory) Has(key string) bool           { _, ok := m[key]; return ok }
func (m Memory) Set(key, value string) error   { m[key] = value; return nil }
func (m Memory) Remove(key string)             { delete(m, key) }

func (m Memory) Keys() []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	return keys
}

const (
	// KeyPrefix begins every key of the widget's in a store.
	KeyPrefix = "plura-chat:"

	// aside ends the key of content that could not be read. It is kept for as
	// long as a record, for a later version that might know it.
	aside = ":aside"

	// vendorKey is where the vendor's own sample keeps a session.
	vendorKey = "plura_session_id"

	// forgetAfter is how long after the last message a conversation is forgotten.
	forgetAfter = 30 * 24 * time.Hour
)

// RecordKey is the key of a flow's record.
func RecordKey(flow string) string { return KeyPrefix + flow }

// Archive keeps one flow's record in a Store.
type Archive struct {
	Store Store
	Flow  string // as the owner configured it

	saved   string // what was written last, so that the same is not written again
	cleared bool   // somebody has removed what was written
	vendor  bool   // the vendor's key was adopted and is removed with the first save
}

// Load reads the record. Content that is no record of this version is set
// aside, a forgotten conversation is removed, and where there is nothing of our
// own a session of the vendor's sample is adopted.
func (a *Archive) Load(now time.Time) Record {
	key := RecordKey(a.Flow)
	text, ok := a.Store.Get(key)
	if ok {
		if r, ok := ParseRecord(text); !ok {
			a.setAside(key, text, now)
		} else if !r.expired(now) {
			a.saved = text
			return r
		}
		a.Store.Remove(key)
	}
	var r Record
	if s, ok := a.Store.Get(vendorKey); ok {
		if id, err := protocol.ParseSession(strings.TrimSpace(s)); err == nil {
			r.Conversation.Session, r.Conversation.Flow, r.At = id, a.Flow, now
			a.vendor = true
		}
	}
	return r
}

func (a *Archive) setAside(key, text string, now time.Time) {
	var w strictjson.Writer
	w.Open('{')
	w.Key("v")
	w.Int(recordVersion)
	w.Key("at")
	w.Int(now.UnixMilli())
	w.Key("aside")
	w.Text(text)
	w.Close('}')
	// Without room for it, it is gone: a chat that works is worth more.
	_ = a.Store.Set(key+aside, string(w.Buf))
}

// Save writes the record, with fewer messages where the store is short of room.
// It reports whether the record is stored now.
//
// A record that somebody else has removed stays removed: a page clears its
// storage when its user logs out, and what was said before must not come back
// with the next message. The chat goes on without memory until [Archive.Forget]
// or an empty record begins anew.
func (a *Archive) Save(r *Record) bool {
	if r.empty() {
		if a.saved != "" {
			a.Store.Remove(RecordKey(a.Flow))
		}
		a.saved, a.cleared = "", false
		return true
	}
	if a.cleared = a.cleared || a.saved != "" && !a.Store.Has(RecordKey(a.Flow)); a.cleared {
		return false
	}
	for _, limit := range []int{maxMessages, 50, 10} {
		text := r.Text(limit)
		if text == a.saved {
			return true
		}
		if a.Store.Set(RecordKey(a.Flow), text) == nil {
			a.saved = text
			if a.vendor {
				a.Store.Remove(vendorKey)
				a.vendor = false
			}
			return true
		}
	}
	return false
}

// SaveBeside is Save for a tab that does not hold the connection: the
// conversation is the holder's to write. What this tab adds is what the visitor
// has just sent, and the draft.
func (a *Archive) SaveBeside(r *Record) bool {
	text, _ := a.Store.Get(RecordKey(a.Flow))
	stored, ok := ParseRecord(text)
	if !ok {
		return a.Save(r)
	}
	stored.Conversation = backend.Join(&r.Conversation, &stored.Conversation)
	stored.Draft, stored.Read, stored.Teaser, stored.Sound = r.Draft, r.Read, r.Teaser, r.Sound
	a.saved = text
	return a.Save(&stored)
}

// Forget removes everything of this flow, and what the vendor's sample left.
func (a *Archive) Forget() {
	key := RecordKey(a.Flow)
	a.Store.Remove(key)
	a.Store.Remove(key + aside)
	a.Store.Remove(vendorKey)
	a.saved, a.cleared, a.vendor = "", false, false
}

// Prune removes what other flows left behind and nobody has used for 30 days.
// Keys that are not ours are not touched.
func (a *Archive) Prune(now time.Time) {
	for _, key := range a.Store.Keys() {
		flow, ok := strings.CutPrefix(key, KeyPrefix)
		if !ok || flow == a.Flow {
			continue
		}
		if _, err := protocol.ParseFlow(strings.TrimSuffix(flow, aside)); err != nil {
			continue
		}
		text, _ := a.Store.Get(key)
		v, err := strictjson.Parse(text)
		if err != nil || v.Get("v").Int() != recordVersion {
			continue // a later version's, perhaps; its own widget knows what to do
		}
		if now.Sub(time.UnixMilli(v.Get("at").Int())) > forgetAfter {
			a.Store.Remove(key)
		}
	}
}
