//go:build !js

package chat

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"plurachat/protocol"
)

// countingStore counts writes.
type countingStore struct {
	Memory
	writes int
}

func (s *countingStore) Set(key, value string) error {
	s.writes++
	return s.Memory.Set(key, value)
}

// In a store that is nearly full, as many messages are stored as fit, at least ten, and always those that are not sent
// yet.
func TestFewerMessagesInShortStores(t *testing.T) {
	r := recordOf(300, strings.Repeat("some text ", 30))
	r.Conversation.Entries[0] = protocol.Entry{Key: "pending", Kind: protocol.Visitor, State: protocol.Sending, Text: "do not lose me"}
	newest := r.Conversation.Entries[299].Key
	for _, messages := range []int{200, 50, 10} {
		room := len(r.Text(messages))
		for _, c := range []struct{ room, want int }{{room, messages}, {room - 1, map[int]int{200: 50, 50: 10, 10: -1}[messages]}} {
			store := Memory{}
			a := Archive{Store: shortStore{store, c.room}, Flow: testFlow}
			if saved := a.Save(&r); saved != (c.want > 0) {
				t.Errorf("room for %d bytes: saved %v", c.room, saved)
			}
			if c.want < 0 {
				continue
			}
			again := Archive{Store: store, Flow: testFlow}
			kept := again.Load(start).Conversation
			// The ten messages, and the pending one above them.
			if n := len(kept.Entries); n < c.want || n > c.want+1 || kept.Index("pending") < 0 || kept.Index(newest) != n-1 {
				t.Errorf("room for %d bytes: %d messages, want %d", c.room, n, c.want)
			}
		}
	}
}

// An unchanged state is not written again: each write may cause an event in every other tab of the site.
func TestSameIsNotWrittenAgain(t *testing.T) {
	store := &countingStore{Memory: Memory{}}
	a := Archive{Store: store, Flow: testFlow}
	r := recordOf(2, "hello")
	for range 3 {
		if !a.Save(&r) {
			t.Error("not stored")
		}
	}
	const records = 3 // the conversation, the draft and the sound
	if store.writes != records {
		t.Errorf("written %d times", store.writes)
	}
	again := Archive{Store: store, Flow: testFlow}
	loaded := again.Load(start)
	if again.Save(&loaded); store.writes != records {
		t.Error("what was just read is written again")
	}
	r.Draft = "x"
	if a.Save(&r); store.writes != records+1 {
		t.Error("a change of the draft is not written once")
	}
	r.Read = "x"
	if a.Save(&r); store.writes != records+2 {
		t.Error("a change of the conversation is not written once")
	}
	a.Save(&Stored{})
	if len(store.Memory) > 0 {
		t.Error("an empty state is stored")
	}
}

// The state is stored for 30 days after the last message. A clock that was set back expires nothing.
func TestForgottenAfterThirtyDays(t *testing.T) {
	const month = 30 * 24 * time.Hour
	for _, c := range []struct {
		later time.Duration
		there bool
	}{{0, true}, {month, true}, {month + time.Second, false}, {-time.Hour, true}, {-10 * 365 * 24 * time.Hour, true}} {
		r := recordOf(1, "hello")
		other := StoredKey("00000000-0000-4000-8000-000000000001")
		store := Memory{StoredKey(testFlow): r.Text(1), other: r.Text(1)}
		a := Archive{Store: store, Flow: testFlow}
		if got := a.Load(start.Add(c.later)); (len(got.Conversation.Entries) > 0) != c.there {
			t.Errorf("%v later: %d messages", c.later, len(got.Conversation.Entries))
		}
		if a.Prune(start.Add(c.later)); has(store, other) != c.there {
			t.Errorf("%v later: another flow's state is there: %v", c.later, has(store, other))
		}
	}
	// A state without a time belongs to a visitor who has not written yet.
	a := Archive{Store: storeOf(&Stored{Draft: "x"}), Flow: testFlow}
	if a.Load(start).Draft != "x" {
		t.Error("a state without a time expired")
	}
}

// What is set aside is stored completely for a later version, and with a time, so that it expires, too.
func TestSetAside(t *testing.T) {
	const later = `{"v":2,"new":"shape"}`
	store := Memory{StoredKey(testFlow): later}
	a := Archive{Store: store, Flow: testFlow}
	a.Load(start)
	if want := `{"v":1,"at":1772445600000,"aside":"{\"v\":2,\"new\":\"shape\"}"}`; store[StoredKey(testFlow)+aside] != want {
		t.Errorf("set aside is %s", store[StoredKey(testFlow)+aside])
	}
	for flow, gone := range map[string]bool{testFlow: true, "00000000-0000-4000-8000-000000000001": true} {
		other := Archive{Store: store, Flow: "00000000-0000-4000-8000-000000000002"}
		store[StoredKey(flow)+aside] = `{"v":1,"at":1772445600000,"aside":"x"}`
		other.Prune(start.Add(31 * 24 * time.Hour))
		if has(store, StoredKey(flow)+aside) == gone {
			t.Errorf("set aside of %s: there %v", flow, !gone)
		}
	}
	full := Archive{Store: shortStore{Memory{StoredKey(testFlow): "<html>"}, 5}, Flow: testFlow}
	if r := full.Load(start); !r.empty() {
		t.Errorf("without room to set it aside: %+v", r)
	}
}

// A mirror stores the draft, the choice of the sound, and the messages that only it has. It does not change anything else
// of the conversation, which the holder stores.
func TestSaveAsMirror(t *testing.T) {
	holders := recordOf(3, "hello")
	holders.Draft, holders.Sound = "theirs", Yes
	store := Memory{}
	holding := Archive{Store: store, Flow: testFlow}
	holding.Save(&holders)
	ours := recordOf(2, "hello")
	ours.Draft, ours.Sound, ours.Teaser, ours.Read = "ours", No, true, "read"
	mirroring := Archive{Store: &countingStore{Memory: store}, Flow: testFlow}
	before := store[StoredKey(testFlow)]
	if !mirroring.SaveAsMirror(&ours) || store[StoredKey(testFlow)] != before {
		t.Fatalf("stored is %v", store)
	}
	ours.Conversation.Entries = append(ours.Conversation.Entries, protocol.Entry{Key: "mine", Kind: protocol.Visitor, State: protocol.Sending, Text: "mine"})
	if !mirroring.SaveAsMirror(&ours) {
		t.Fatal("not stored")
	}
	r := holding.Load(start)
	if r.Draft != "ours" || r.Sound != No || r.Read != holders.Read || r.Conversation.Session != testSession ||
		len(r.Conversation.Entries) != 4 || r.Conversation.Entries[3].Key != "mine" {
		t.Errorf("stored is %+v", r)
	}
	counting := mirroring.Store.(*countingStore)
	if n := counting.writes; n != 3 {
		t.Errorf("%d writes, want one of the message, the draft and the sound each", n)
	}
	if mirroring.SaveAsMirror(&ours); counting.writes != 3 {
		t.Error("the same is written again")
	}
	// A new tab writes nothing of what it has loaded.
	sinceScroll := Archive{Store: &countingStore{Memory: store}, Flow: testFlow}
	if r = sinceScroll.Load(start); r.Draft != "ours" {
		t.Errorf("a new tab loads %+v", r)
	}
	if sinceScroll.SaveAsMirror(&r); sinceScroll.Store.(*countingStore).writes > 0 {
		t.Error("what is stored is written again by another tab")
	}
}

// With a store that forbids everything, the widget works without storage.
func TestStoreThatForbids(t *testing.T) {
	a := Archive{Store: forbidden{}, Flow: testFlow}
	r := a.Load(start)
	a.Prune(start)
	if !r.empty() || !a.Save(&Stored{}) {
		t.Error("there is nothing to remember")
	}
	r = recordOf(1, "hello")
	if a.Save(&r) || a.SaveAsMirror(&r) {
		t.Error("stored although the value was removed")
	}
	a.Forget()
}

type forbidden struct{}

func (forbidden) Get(string) (string, bool) { return "", false }
func (forbidden) Set(string, string) error  { return errors.New("forbidden") }
func (forbidden) Remove(string)             {}
func (forbidden) Keys() []string            { return nil }

func TestMemory(t *testing.T) {
	m := Memory{}
	if err := m.Set("a", "1"); err != nil || !has(m, "a") || has(m, "b") {
		t.Error("what is set is there")
	}
	m.Set("b", "2")
	keys := m.Keys()
	slices.Sort(keys)
	if !slices.Equal(keys, []string{"a", "b"}) {
		t.Errorf("keys %q", keys)
	}
	if m.Remove("a"); has(m, "a") {
		t.Error("what is removed is there")
	}
}

// The stored form is complete, and invalid fields are left out.
func TestStoredFields(t *testing.T) {
	for text, want := range map[string]Stored{
		`{"v":1}`:                       {},
		`{"v":1,"at":-5}`:               {},
		`{"v":1,"sound":1}`:             {Sound: Yes},
		`{"v":1,"sound":2}`:             {Sound: No},
		`{"v":1,"sound":3}`:             {},
		`{"v":1,"sound":-1}`:            {},
		`{"v":1,"teaser":true}`:         {Teaser: true},
		`{"v":1,"given":7,"draft":"x"}`: {Given: 7, Draft: "x"},
		`{"v":1,"at":1,"read":"k"}`:     {At: time.UnixMilli(1), Read: "k"},
	} {
		r, ok := parseStored(text)
		same := ok && r.At.Equal(want.At) && r.Read == want.Read && r.Draft == want.Draft && r.Given == want.Given && r.Teaser == want.Teaser && r.Sound == want.Sound
		if !same {
			t.Errorf("%s is read as %+v, %v", text, r, ok)
		}
		if again := reloaded(&r); again.Sound != r.Sound || again.Teaser != r.Teaser || again.Draft != r.Draft {
			t.Errorf("%s is read again as %+v", text, again)
		}
	}
	for _, text := range []string{``, `[]`, `{}`, `{"v":0}`, `{"v":2}`, `"v"`} {
		if _, ok := parseStored(text); ok {
			t.Errorf("%s is read", text)
		}
	}
	// A draft of up to 16 KiB is stored, four times what may be sent.
	for n, kept := range map[int]bool{16 << 10: true, 16<<10 + 1: false} {
		r := Stored{Draft: strings.Repeat("x", n)}
		again := reloaded(&r)
		if (again.Draft == r.Draft) != kept || !kept && again.Draft != "" {
			t.Errorf("of a draft of %d bytes %d are kept", n, len(again.Draft))
		}
	}
	for name, r := range map[string]Stored{"teaser": {Teaser: true},
		"session": {Conversation: protocol.Conversation{Session: testSession}}, "entries": recordOf(1, "x")} {
		if r.empty() {
			t.Errorf("%s: the state is empty", name)
		}
	}
}

// Long messages reduce the number of stored messages, but no more than needed: more than half of the 256 KiB is used.
func TestStoredStateIsFull(t *testing.T) {
	r := recordOf(300, strings.Repeat("x", 5000))
	if n := len(r.Text(maxMessages)); n > 256<<10 || n < 200<<10 {
		t.Errorf("%d bytes are stored", n)
	}
	r = recordOf(300, strings.Repeat("\x01", 5000)) // escaped to six bytes each
	if n := len(r.Text(maxMessages)); n > 256<<10 || n < 100<<10 {
		t.Errorf("%d bytes are stored of escapes", n)
	}
}

// storageOf returns the archives of a holder and of a mirror that have loaded r, and the state of each.
func storageOf(r Stored) (holding, mirroring *Archive, holders, mirrors *Stored) {
	store := Memory{}
	(&Archive{Store: store, Flow: testFlow}).Save(&r)
	holding, mirroring = &Archive{Store: store, Flow: testFlow}, &Archive{Store: store, Flow: testFlow}
	a, b := holding.Load(start), mirroring.Load(start)
	return holding, mirroring, &a, &b
}

// A tab stores its draft and its choices when it has changed them, and else leaves those of the other tabs, whichever
// tab changed them and however often the others save.
func TestChoicesOfOtherTabsStay(t *testing.T) {
	begun := recordOf(1, "hello")
	for _, before := range []Choice{NoChoice, Yes} {
		begun.Draft, begun.Teaser, begun.Sound = "", false, before
		for name, holderChanges := range map[string]bool{"holder": true, "mirror": false} {
			holding, mirroring, holders, mirrors := storageOf(begun)
			changed, save, saveOther := mirrors, func() { mirroring.SaveAsMirror(mirrors) }, func() { holding.Save(holders) }
			if holderChanges {
				changed, save, saveOther = holders, saveOther, save
			}
			for _, draft := range []string{"half a sen", "half a sentence", ""} {
				changed.Draft, changed.Sound = draft, No
				for _, step := range []func(){save, saveOther, saveOther, save} {
					step()
					again := Archive{Store: holding.Store, Flow: testFlow}
					if r := again.Load(start); r.Draft != draft || r.Sound != No || len(r.Conversation.Entries) != 1 {
						t.Fatalf("%s, draft %q: stored is %+v", name, draft, r)
					}
				}
			}
		}
	}
}

// A draft that was sent in another tab is not stored again by a tab that shows it, also not once that tab is the holder.
func TestSentDraftStaysAway(t *testing.T) {
	begun := recordOf(1, "hello")
	holding, mirroring, holders, mirrors := storageOf(begun)
	holders.Draft = ""
	holding.Save(holders)
	mirroring.SaveAsMirror(mirrors)
	mirroring.Load(start)
	mirroring.Save(mirrors)
	mirroring.Save(mirrors)
	again := Archive{Store: holding.Store, Flow: testFlow}
	if r := again.Load(start); r.Draft != "" {
		t.Errorf("stored is the draft %q", r.Draft)
	}
	mirrors.Draft += "!"
	mirroring.Save(mirrors)
	again = Archive{Store: holding.Store, Flow: testFlow}
	if r := again.Load(start); r.Draft != begun.Draft+"!" {
		t.Errorf("the changed draft is not stored, but %q", r.Draft)
	}
}

// A new tab without a conversation leaves what another tab has stored meanwhile.
func TestEmptyTabRemovesNothing(t *testing.T) {
	begun := recordOf(1, "hello")
	store := Memory{}
	a := Archive{Store: store, Flow: testFlow}
	r := a.Load(start)
	(&Archive{Store: store, Flow: testFlow}).Save(&begun)
	before := store[StoredKey(testFlow)]
	if a.Save(&r); store[StoredKey(testFlow)] != before {
		t.Errorf("stored is %q", store[StoredKey(testFlow)])
	}
}

// A mirror that learns of a deletion does not touch the store. It stores what it has again once the holder has stored
// the new conversation.
func TestForgetAsMirror(t *testing.T) {
	holding, mirroring, holders, mirrors := storageOf(recordOf(1, "hello"))
	store := holding.Store.(Memory)
	before := store[StoredKey(testFlow)]
	if mirroring.ForgetAsMirror(); store[StoredKey(testFlow)] != before {
		t.Errorf("stored is %q", store[StoredKey(testFlow)])
	}
	holding.Forget()
	*holders, *mirrors = Stored{Sound: holders.Sound}, Stored{Sound: mirrors.Sound}
	holding.Save(holders)
	mirrors.Draft = "anew"
	if !mirroring.SaveAsMirror(mirrors) {
		t.Error("a draft after the deletion is not stored")
	}
	again := Archive{Store: store, Flow: testFlow}
	if r := again.Load(start); r.Draft != "anew" || len(r.Conversation.Entries) > 0 {
		t.Errorf("stored is %+v", r)
	}
}

// staleStore is the store of a tab that reads old values, as browsers' tabs do for a while after another tab has written.
type staleStore struct{ old, written Memory }

func (s staleStore) Get(key string) (string, bool) { return s.old.Get(key) }
func (s staleStore) Set(key, value string) error   { return s.written.Set(key, value) }
func (s staleStore) Remove(key string)             { s.written.Remove(key) }
func (s staleStore) Keys() []string                { return s.old.Keys() }

// A tab that saves while it still reads old values does not change the draft and the choice of the sound that another
// tab has stored.
func TestStaleTabKeepsTheDraft(t *testing.T) {
	begun := recordOf(1, "hello")
	begun.Draft, begun.Sound = "old", Yes
	for name, save := range map[string]func(*Archive, *Stored) bool{"holding": (*Archive).Save, "mirroring": (*Archive).SaveAsMirror} {
		store := storeOf(&begun)
		stale := staleStore{maps.Clone(store), store}
		other, writing := Archive{Store: stale, Flow: testFlow}, Archive{Store: store, Flow: testFlow}
		others, r := other.Load(start), writing.Load(start)
		r.Draft, r.Sound = "new", No
		writing.Save(&r)
		others.Conversation.Entries[0].Text = "a change"
		if !save(&other, &others) {
			t.Errorf("%s: not stored", name)
		}
		if r := (&Archive{Store: store, Flow: testFlow}).Load(start); r.Draft != "new" || r.Sound != No || name == "holding" && r.Conversation.Entries[0].Text != "a change" {
			t.Errorf("%s: stored is %+v", name, r)
		}
	}
}

// A draft that an earlier version has stored with the conversation is loaded, and moves to its own record.
func TestDraftOfEarlierVersions(t *testing.T) {
	store := Memory{StoredKey(testFlow): `{"v":1,"at":1772445600000,"draft":"x","sound":2}`}
	a := Archive{Store: store, Flow: testFlow}
	r := a.Load(start)
	if r.Draft != "x" || r.Sound != No {
		t.Fatalf("loaded is %+v", r)
	}
	a.Save(&r)
	if again := (&Archive{Store: store, Flow: testFlow}).Load(start); again.Draft != "x" || again.Sound != No {
		t.Errorf("loaded again is %+v", again)
	}
	r.Draft = ""
	a.Save(&r)
	if again := (&Archive{Store: store, Flow: testFlow}).Load(start); again.Draft != "" {
		t.Errorf("a draft that was sent is %q again", again.Draft)
	}
}
