package chat

import (
	"slices"
	"strings"
	"time"

	"plurachat/protocol"
	"plurachat/protocol/strictjson"
)

// DraftSuffix and SoundSuffix are appended to [StoredKey] for the keys of the draft and of the choice of the sound.
//
// These are records of their own because a tab may read an old value of the store for a while after another tab has
// written a new one: in each browser engine, a message of a BroadcastChannel can arrive earlier than a value that was
// written before it. A tab that stored its own copy of the draft with each message would write an old draft over a new
// one. So each tab writes a record only when its own value has changed, and does not write what it has read.
const (
	DraftSuffix = ":draft"
	SoundSuffix = ":sound"
)

const maxDraft = 16 << 10 // bytes of a draft that is stored

// choices is the part of the state that a tab stores only when the visitor has changed it there.
type choices struct {
	draft string
	sound Choice
}

func (r *Stored) choices() choices { return choices{r.Draft, r.Sound} }

// choicesIn returns the choices in a record. Invalid ones are left out.
func choicesIn(v strictjson.Value) choices {
	c := choices{draft: v.Get("draft").Text()}
	if s := v.Get("sound").Int(); s == int64(Yes) || s == int64(No) {
		c.sound = Choice(s)
	}
	return c
}

// loadChoices replaces the draft and the choice of the sound by those that have records, and returns these. It removes
// an expired draft.
func (a *Archive) loadChoices(r *Stored, now time.Time) (stored choices) {
	if c, at, ok := a.loadChoice(DraftSuffix); ok && expired(at, now) {
		a.saveChoice(DraftSuffix, time.Time{}, choices{})
	} else if ok {
		stored.draft, r.Draft = c.draft, c.draft
		if r.At.IsZero() {
			r.At = at
		}
	}
	if c, _, ok := a.loadChoice(SoundSuffix); ok {
		stored.sound, r.Sound = c.sound, c.sound
	}
	return stored
}

// saveChoices stores the draft and the choice of the sound if this tab has changed them since it loaded or stored them.
// It reports whether they are stored.
func (a *Archive) saveChoices(r *Stored) bool {
	now := r.choices()
	draft := now.draft
	if len(draft) > maxDraft {
		draft = ""
	}
	if now.draft == "" && a.ours.draft != "" {
		if c, _, ok := a.loadChoice(DraftSuffix); ok && c.draft != a.ours.draft {
			a.ours.draft = "" // the draft of another tab stays
		}
	}
	if now.draft != a.ours.draft && a.saveChoice(DraftSuffix, r.At, choices{draft: draft}) {
		a.ours.draft = now.draft
	}
	if now.sound != a.ours.sound && a.saveChoice(SoundSuffix, time.Time{}, choices{sound: now.sound}) {
		a.ours.sound = now.sound
	}
	return now == a.ours
}

// ChangedDraft returns the stored draft, and whether a later page of this tab, or another tab, has changed it since this
// page loaded or stored it. A draft that is gone was sent if the stored conversation has it. Otherwise the visitor may
// have sent another one, and this one counts as not changed.
func (a *Archive) ChangedDraft() (draft string, changed bool) {
	ours := a.ours.draft
	if len(ours) > maxDraft {
		return "", false // it is not stored
	}
	c, _, ok := a.loadChoice(DraftSuffix)
	if !ok && !a.wasSent(ours) {
		return "", false
	}
	a.ours.draft = c.draft
	return c.draft, c.draft != ours
}

// wasSent reports whether the stored conversation has a text as a message of the visitor.
func (a *Archive) wasSent(text string) bool {
	record, _ := a.Store.Get(StoredKey(a.Flow))
	stored, _ := parseStored(record)
	return slices.ContainsFunc(stored.Conversation.Entries, func(e protocol.Entry) bool {
		return e.Kind == protocol.Visitor && e.Text == strings.TrimSpace(text)
	})
}

// loadChoice reads one of the two records.
func (a *Archive) loadChoice(suffix string) (c choices, at time.Time, ok bool) {
	text, _ := a.Store.Get(StoredKey(a.Flow) + suffix)
	v, at, ok := parseRecord(text)
	if ok {
		c = choicesIn(v)
	}
	return c, at, ok
}

// saveChoice writes one of the two records, or removes it if it would be empty. It reports whether that is done.
func (a *Archive) saveChoice(suffix string, at time.Time, c choices) bool {
	key := StoredKey(a.Flow) + suffix
	if c == (choices{}) {
		a.Store.Remove(key)
		return true
	}
	var w strictjson.Writer
	openRecord(&w, at)
	w.TextMember("draft", c.draft)
	w.IntMember("sound", int64(c.sound))
	w.Close('}')
	return a.Store.Set(key, string(w.Buf)) == nil
}
