package chat

import (
	"errors"
	"strings"
	"testing"
	"time"

	"plurachat/protocol"
)

var start = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

func recordOf(n int, text string) Stored {
	r := Stored{At: start, Read: "k0", Draft: "half a sen", Teaser: true, Sound: No, Given: 7}
	r.Conversation.Session, r.Conversation.Flow = testSession, testFlow
	for i := range n {
		r.Conversation.Entries = append(r.Conversation.Entries, protocol.Entry{
			Key: "k" + strings.Repeat("x", i%3) + string(rune('a'+i%26)) + time.Duration(i).String(), Kind: protocol.Agent, Text: text, At: start.Add(time.Duration(i) * time.Second),
		})
	}
	return r
}

func has(m Memory, key string) bool { _, ok := m[key]; return ok }

// storeOf returns a store in which a tab has stored a state.
func storeOf(r *Stored) Memory {
	store := Memory{}
	(&Archive{Store: store, Flow: testFlow}).Save(r)
	return store
}

// reloaded returns what the next page loads after a tab has stored a state.
func reloaded(r *Stored) Stored {
	return (&Archive{Store: storeOf(r), Flow: testFlow}).Load(r.At)
}

func TestStoredRoundTrip(t *testing.T) {
	want := recordOf(3, "Hi \"there\"\n\u2028🙂")
	got := reloaded(&want)
	if got.Read != want.Read || got.Draft != want.Draft || !got.Teaser || got.Sound != No || got.Given != 7 || !got.At.Equal(want.At) {
		t.Fatalf("got %+v", got)
	}
	if c := got.Conversation; c.Session != testSession || c.Flow != testFlow || len(c.Entries) != 3 || c.Entries[2].Text != want.Conversation.Entries[2].Text {
		t.Fatalf("conversation %+v", c)
	}
}

func TestStoredStateIsBounded(t *testing.T) {
	for name, text := range map[string]string{"many": "x", "long": strings.Repeat("x", 9000), "escapes": strings.Repeat("\x01", 9000), "huge": strings.Repeat("x", 1<<20), "pictures": "x", "faces": "x"} {
		r := recordOf(500, "")
		r.Conversation.Entries = nil
		if name == "pictures" || name == "faces" {
			r.Conversation.Owner.Picture = strings.Repeat("p", map[string]int{"pictures": 250 << 10, "faces": 60 << 10}[name])
		}
		for _, e := range recordOf(500, text).Conversation.Entries {
			e.Picture = r.Conversation.Owner.Picture
			r.Conversation.Apply(protocol.Event{Kind: protocol.Added, Entry: e})
		}
		r.Conversation.Entries[0] = protocol.Entry{Key: "pending", Kind: protocol.Visitor, State: protocol.Sending, Text: "do not lose me"}
		s := r.Text(maxMessages)
		if len(s) > maxStored {
			t.Errorf("%s: %d bytes stored, want at most %d", name, len(s), maxStored)
		}
		got, ok := parseStored(s)
		if n := len(got.Conversation.Entries); text == "x" && n != maxMessages+1 {
			t.Errorf("%s: only %d entries", name, n)
		}
		if picture := got.Conversation.Entries[1:]; name == "faces" && picture[0].Picture != r.Conversation.Owner.Picture {
			t.Error("a picture is not that of the chat owner any more")
		}
		if !ok || len(got.Conversation.Entries) > maxMessages+1 || got.Conversation.Index("pending") < 0 {
			t.Errorf("%s: %d entries, the pending one at %d, %v", name, len(got.Conversation.Entries), got.Conversation.Index("pending"), ok)
		}
	}
}

func TestArchive(t *testing.T) {
	good := recordOf(2, "hello")
	text := good.Text(maxMessages)
	key := StoredKey(testFlow)
	for _, c := range []struct {
		name, stored string
		after        time.Duration
		entries      int
		aside        bool // the value is set aside
		left         bool // the value is still under its key
	}{
		{name: "nothing"},
		{name: "good", stored: text, entries: 2, left: true},
		{name: "29 days later", stored: text, after: 29 * 24 * time.Hour, entries: 2, left: true},
		{name: "31 days later", stored: text, after: 31 * 24 * time.Hour},
		{name: "cut off", stored: text[:len(text)/2], aside: true},
		{name: "foreign", stored: "<html>", aside: true},
		{name: "empty", stored: "", aside: false},
		{name: "null", stored: "null", aside: true},
		{name: "a later version", stored: strings.Replace(text, `"v":1`, `"v":2`, 1), aside: true},
		{name: "wrong types", stored: `{"v":1,"at":"x","conversation":[],"read":{},"draft":5,"sound":99}`, left: true},
		{name: "the loader's", stored: `{"v":1,"at":1772445600000,"teaser":true}`, left: true},
	} {
		store := Memory{}
		if c.stored != "" {
			store[key] = c.stored
		}
		a := Archive{Store: store, Flow: testFlow}
		r := a.Load(start.Add(c.after))
		if len(r.Conversation.Entries) != c.entries {
			t.Errorf("%s: %d entries, want %d", c.name, len(r.Conversation.Entries), c.entries)
		}
		if aside, ok := store.Get(key + aside); ok != c.aside || ok && !strings.Contains(aside, `"aside":`) {
			t.Errorf("%s: set aside %v %.60q, want %v", c.name, ok, aside, c.aside)
		}
		if _, ok := store.Get(key); ok != c.left {
			t.Errorf("%s: value still there: %v, want %v", c.name, ok, c.left)
		}
	}
}

func TestVendorSessionIsAdopted(t *testing.T) {
	for value, want := range map[string]protocol.SessionID{testSession: testSession, "webchat-session.x": "", `"` + testSession + `"`: ""} {
		store := Memory{VendorKey: value}
		a := Archive{Store: store, Flow: testFlow}
		r := a.Load(start)
		if r.Conversation.Session != want {
			t.Errorf("%q: session %q, want %q", value, r.Conversation.Session, want)
		}
		if _, ok := store[VendorKey]; !ok {
			t.Errorf("%q: removed before anything of ours is stored", value)
		}
		a.Save(&r)
		if _, ok := store[VendorKey]; ok != (want == "") {
			t.Errorf("%q: still there after saving: %v", value, ok)
		}
	}
	ownHost := recordOf(1, "x")
	store := Memory{VendorKey: "webchat-session.00000000-0000-4000-8000-000000000000", StoredKey(testFlow): ownHost.Text(10)}
	a := Archive{Store: store, Flow: testFlow}
	if r := a.Load(start); r.Conversation.Session != testSession {
		t.Errorf("the vendor's session won over our own: %s", r.Conversation.Session)
	}
	full := recordOf(1, "x")
	store = storeOf(&full)
	store[StoredKey(testFlow)+aside], store[VendorKey] = "x", "x"
	if a = (Archive{Store: store, Flow: testFlow}); len(store) != 5 {
		t.Errorf("the store has %v", store)
	}
	a.Forget()
	if len(store) != 0 {
		t.Errorf("left after Forget: %v", store)
	}
}

func TestPrune(t *testing.T) {
	const other, sinceScroll = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
	old, young := recordOf(1, "x"), recordOf(1, "x")
	old.At = start.Add(-40 * 24 * time.Hour)
	draft := func(at time.Time) string {
		return storeOf(&Stored{At: at, Draft: "x"})[StoredKey(testFlow)+DraftSuffix]
	}
	sound := storeOf(&Stored{At: old.At, Sound: Yes})[StoredKey(testFlow)+SoundSuffix]
	store := Memory{
		StoredKey(other): old.Text(1), StoredKey(other) + aside: `{"v":1,"at":1,"aside":"x"}`, StoredKey(sinceScroll): young.Text(1),
		StoredKey(other) + DraftSuffix: draft(old.At), StoredKey(sinceScroll) + DraftSuffix: draft(start),
		KeyPrefix + "settings": `{"v":1,"at":1}`, "theirs": `{"v":1,"at":1}`, StoredKey("00000000-0000-4000-8000-000000000003"): "not ours",
		StoredKey(testFlow): old.Text(1), StoredKey(other) + SoundSuffix: sound,
	}
	a := Archive{Store: store, Flow: testFlow}
	a.Prune(start)
	for _, gone := range []string{StoredKey(other), StoredKey(other) + aside, StoredKey(other) + DraftSuffix} {
		if _, ok := store[gone]; ok {
			t.Errorf("%s was not pruned", gone)
		}
		delete(store, gone)
	}
	if len(store) != 7 {
		t.Errorf("pruned too much; left: %v", store)
	}
	store = Memory{StoredKey(other): `{"v":1,"teaser":true}`, StoredKey(sinceScroll): `{"v":1,"draft":"x"}`}
	a = Archive{Store: store, Flow: testFlow}
	if a.Prune(start); !has(store, StoredKey(other)) || has(store, StoredKey(sinceScroll)) {
		t.Errorf("of states without a time, the draft should be pruned; left: %v", store)
	}
}

// shortStore has room for a few bytes.
type shortStore struct {
	Memory
	room int
}

func (s shortStore) Set(key, value string) error {
	if len(value) > s.room {
		return errors.New("quota")
	}
	return s.Memory.Set(key, value)
}

func TestSaveInShortStores(t *testing.T) {
	r := recordOf(200, "some text")
	for room, want := range map[int]bool{100: false, 5000: true, 1 << 20: true} {
		a := Archive{Store: shortStore{Memory{}, room}, Flow: testFlow}
		if got := a.Save(&r); got != want {
			t.Errorf("room for %d bytes: saved %v, want %v", room, got, want)
		}
	}
	a := Archive{Store: Memory{}, Flow: testFlow}
	if !a.Save(&Stored{}) || len(a.Store.Keys()) != 0 {
		t.Error("an empty state must remove the stored one")
	}
}

// What a site has removed stays removed until a new conversation begins: the conversation and the draft.
func TestRemovedStaysRemoved(t *testing.T) {
	key := StoredKey(testFlow)
	store := Memory{}
	a := Archive{Store: store, Flow: testFlow}
	r := recordOf(2, "hello")
	if !a.Save(&r) || !has(store, key) {
		t.Fatal("the state was not stored")
	}
	clear(store)
	for range 2 { // the next message, and the one after it
		r = recordOf(len(r.Conversation.Entries)+1, "hello")
		r.Draft += "tence"
		if a.Save(&r) || len(store) > 0 {
			t.Error("the removed state is stored again")
		}
	}
	a.Forget()
	if r = recordOf(1, "anew"); !a.Save(&r) || !has(store, key) {
		t.Error("a new conversation is not stored")
	}
	clear(store)
	if a.Save(&Stored{}); !a.Save(&r) {
		t.Error("saving an empty state does not end the suppression")
	}
}

// A mirror does not store again what a site has removed, until the conversation is deleted.
func TestRemovedStaysRemovedForMirrors(t *testing.T) {
	r := recordOf(2, "hello")
	store := storeOf(&r)
	a := Archive{Store: store, Flow: testFlow}
	a.Load(start)
	clear(store)
	for _, key := range []string{"first", "second"} {
		unsent := protocol.Entry{Key: key, Kind: protocol.Visitor, State: protocol.Sending, Text: "x"}
		r.Conversation.Entries = append(r.Conversation.Entries, unsent)
		r.Draft += "tence"
		if a.SaveAsMirror(&r) || len(store) > 0 {
			t.Errorf("stored again: %v", store)
		}
	}
	a.ForgetAsMirror()
	if r = (Stored{Draft: "anew"}); !a.SaveAsMirror(&r) || !has(store, StoredKey(testFlow)+DraftSuffix) {
		t.Error("a draft after the deletion is not stored")
	}
}

func FuzzParseStored(f *testing.F) {
	r := recordOf(2, "hello")
	f.Add(r.Text(10))
	f.Add(`{"v":1,"conversation":{"entries":[{"key":"a","kind":99,"state":99}]}}`)
	f.Add(`{"v":1.0}`)
	f.Fuzz(func(t *testing.T, text string) {
		r, ok := parseStored(text)
		if !ok {
			return
		}
		again, ok := parseStored(r.Text(maxMessages))
		if !ok || len(again.Conversation.Entries) > len(r.Conversation.Entries) {
			t.Fatalf("%q does not read back", text)
		}
		c := New(start, Config{Options: Options{Flow: testFlow}, Stored: r, Visible: true, NewKey: func() string { return "new" }})
		c.Do(start, Intent{Kind: WantOpen})
		c.Take(start)
	})
}
