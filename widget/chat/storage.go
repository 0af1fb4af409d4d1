package chat

import (
	"slices"
	"strings"
	"time"

	"plurachat/protocol"
	"plurachat/protocol/strictjson"
	"plurachat/widget/backend"
)

// Store is the part of the Web Storage interface that the widget uses. Set returns an error if the value could not be
// stored; the widget continues without.
type Store interface {
	Get(key string) (value string, ok bool)
	Set(key, value string) error
	Remove(key string)
	Keys() []string
}

// Memory is a [Store] that is lost with the page. It serves storage="none", and browsers that forbid storage.
type Memory map[string]string

// Get implements [Store].
func (m Memory) Get(key string) (string, bool) { s, ok := m[key]; return s, ok }

// Set implements [Store].
func (m Memory) Set(key, value string) error { m[key] = value; return nil }

// Remove implements [Store].
func (m Memory) Remove(key string) { delete(m, key) }

// Keys implements [Store].
func (m Memory) Keys() []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	return keys
}

const (
	// KeyPrefix is the prefix of every key that the widget uses in a store.
	KeyPrefix = "plura-chat:"

	// aside is the suffix of the key of a value that this version could not read. It is kept for ForgetAfter, for a
	// later version that may be able to read it.
	aside = ":aside"

	// VendorKey is the key under which the vendor's sample page stores a session.
	VendorKey = "plura_session_id"

	// ForgetAfter is how long a conversation is stored after its last message, and a draft without a conversation after
	// it was begun.
	ForgetAfter = 30 * 24 * time.Hour
)

// suffixes are appended to [StoredKey] for the keys of a flow's records.
var suffixes = []string{"", aside, DraftSuffix, SoundSuffix}

// StoredKey returns the key of a flow's stored state.
func StoredKey(flow string) string { return KeyPrefix + flow }

// Archive loads and saves the state of one flow in a [Store]. Its fields must not change after the first call.
type Archive struct {
	Store Store
	Flow  string // the value of flow-id, which a switch to another flow does not change

	loaded  bool    // Load was called
	saved   string  // the conversation's value when this tab read or wrote it last; the same value is not written again
	teaser  bool    // the teaser was dismissed in another tab, or after the first Load
	ours    choices // of this tab when it loaded or stored them last
	cleared bool    // the value was removed by another script
	vendor  bool    // the vendor's key was adopted and is removed with the first save
}

// Load returns the stored state. It sets aside a value that is not of this version, and removes an expired one. If
// there is no value it adopts a session of the vendor's sample page.
//
// A later call is for what another tab has stored meanwhile. The tab keeps its own draft and choices.
func (a *Archive) Load(now time.Time) Stored {
	r := a.loadConversation(now)
	if stored := a.loadChoices(&r, now); !a.loaded {
		a.loaded, a.ours = true, stored
	}
	return r
}

// loadConversation returns the stored state without what the records of the draft and the sound have.
func (a *Archive) loadConversation(now time.Time) Stored {
	key := StoredKey(a.Flow)
	text, ok := a.Store.Get(key)
	a.saved = "" // a later page of this tab, or another tab, may have removed it
	if ok {
		if r, ok := parseStored(text); !ok {
			a.setAside(key, text, now)
		} else if !expired(r.At, now) {
			a.saved = text
			return r
		}
		a.Store.Remove(key)
	}
	var r Stored
	if s, ok := a.Store.Get(VendorKey); ok {
		if id, err := protocol.ParseSession(strings.TrimSpace(s)); err == nil {
			r.Conversation.Session, r.Conversation.Flow, r.At = id, a.Flow, now
			a.vendor = true
		}
	}
	return r
}

// setAside stores a value that could not be read under another key.
func (a *Archive) setAside(key, text string, now time.Time) {
	var w strictjson.Writer
	w.Open('{')
	w.IntMember("v", StoredVersion)
	w.IntMember("at", now.UnixMilli())
	w.Key("aside")
	w.Text(text)
	w.Close('}')
	// If there is no room, the value is lost, and the chat continues without it.
	_ = a.Store.Set(key+aside, string(w.Buf))
}

// Save stores the state, with fewer messages if the store has no room for all. It reports whether the state is stored.
//
// A conversation that another script has removed is not written again, nor are the choices: a site clears its storage
// when a user logs out, and the conversation must not return with the next message. The chat continues without storage
// until [Archive.Forget], or until Save gets a state without a conversation.
func (a *Archive) Save(r *Stored) bool {
	for _, limit := range []int{maxMessages, 50, 10} {
		if a.saveConversation(r, limit) && a.saveChoices(r) {
			return true
		}
		if a.cleared {
			return false
		}
	}
	return false
}

// saveConversation stores the conversation with at most limit messages.
func (a *Archive) saveConversation(r *Stored, limit int) bool {
	if r.empty() && a.saved == "" {
		return true // what is stored, if anything, is of another tab
	}
	key := StoredKey(a.Flow)
	if r.empty() {
		a.Store.Remove(key)
		a.saved, a.cleared = "", false
		return true
	}
	text, there := a.Store.Get(key)
	if a.cleared = a.cleared || a.saved != "" && !there; a.cleared {
		return false
	}
	if there && text != a.saved {
		a.saved = text
		stored, _ := parseStored(text)
		a.teaser = a.teaser || stored.Teaser
	}
	merged := *r
	merged.Teaser = r.Teaser || a.teaser
	if text = merged.Text(limit); text != a.saved && a.Store.Set(key, text) != nil {
		return false
	}
	a.saved = text
	if a.vendor {
		a.Store.Remove(VendorKey)
		a.vendor = false
	}
	return true
}

// SaveAsMirror is Save for a tab that does not hold the connection. The holder stores the conversation; a mirror only
// adds messages that the visitor has just sent. It does not write anything else of what it has read, because that may
// be old: the conversation of before a deletion, for example.
func (a *Archive) SaveAsMirror(r *Stored) bool {
	key := StoredKey(a.Flow)
	text, there := a.Store.Get(key)
	if !there && a.saved != "" {
		return false // another script or the holder has removed it
	}
	stored, _ := parseStored(text)
	is := stored.Conversation
	stored.Conversation = backend.Join(&r.Conversation, &is)
	if slices.ContainsFunc(stored.Conversation.Entries, func(e protocol.Entry) bool {
		return e.State == protocol.Sending && is.Index(e.Key) < 0
	}) {
		if stored.At.IsZero() {
			stored.At = r.At
		}
		if text = stored.Text(maxMessages); a.Store.Set(key, text) != nil {
			return false
		}
		a.saved = text
	}
	return a.saveChoices(r)
}

// Forget removes everything of this flow, and the session of the vendor's sample page.
func (a *Archive) Forget() {
	for _, suffix := range suffixes {
		a.Store.Remove(StoredKey(a.Flow) + suffix)
	}
	a.Store.Remove(VendorKey)
	a.ForgetAsMirror()
}

// ForgetAsMirror is Forget for a tab that does not hold the connection. It leaves the conversation to the holder, which
// may not have removed it yet, and removes a draft that this tab has stored.
func (a *Archive) ForgetAsMirror() {
	if c, _, ok := a.loadChoice(DraftSuffix); ok && c.draft == a.ours.draft {
		a.Store.Remove(StoredKey(a.Flow) + DraftSuffix)
	}
	a.saved, a.teaser, a.ours, a.cleared, a.vendor = "", false, choices{}, false, false
}

// Prune removes the expired state of other flows. It does not touch keys of other programs.
func (a *Archive) Prune(now time.Time) {
	for _, key := range a.Store.Keys() {
		flow, ok := strings.CutPrefix(key, KeyPrefix)
		if !ok || flow == a.Flow {
			continue
		}
		for _, suffix := range suffixes {
			flow = strings.TrimSuffix(flow, suffix)
		}
		if _, err := protocol.ParseFlow(flow); err != nil {
			continue
		}
		text, _ := a.Store.Get(key)
		v, err := strictjson.Parse(text)
		if err != nil || v.Get("v").Int() != StoredVersion {
			continue // possibly of a later version, whose widget removes it
		}
		if v.Get("at").Int() == 0 && v.Get("draft").Text() == "" {
			continue // only choices, which say nothing of the visitor
		}
		if now.Sub(time.UnixMilli(v.Get("at").Int())) > ForgetAfter {
			a.Store.Remove(key)
		}
	}
}
