//go:build !js

package chat

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"plurachat/protocol"
	"plurachat/widget/backend"
)

// countingStore counts what is written.
type countingStore struct {
	Memory
	writes int
}

func (s *countingStore) Set(key, value string) error {
	s.writes++
	return s.Memory.Set(key, value)
}

// In a store that is nearly full, as many messages are kept as there is room for, and in the end ten: a page without room
// for more still tells what was said last, and what is on its way is never left out.
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
			// The messages, and the pending one above them.
			if n := len(kept.Entries); n < c.want || n > c.want+1 || kept.Index("pending") < 0 || kept.Index(newest) != n-1 {
				t.Errorf("room for %d bytes: %d messages, want %d", c.room, n, c.want)
			}
		}
	}
}

// What is stored already is not written again: each write may wake every other tab of the site.
func TestSameIsNotWrittenAgain(t *testing.T) {
	store := &countingStore{Memory: Memory{}}
	a := Archive{Store: store, Flow: testFlow}
	r := recordOf(2, "hello")
	for range 3 {
		if !a.Save(&r) {
			t.Error("not stored")
		}
	}
	if store.writes != 1 {
		t.Errorf("written %d times", store.writes)
	}
	again := Archive{Store: store, Flow: testFlow}
	loaded := again.Load(start)
	if again.Save(&loaded); store.writes != 1 {
		t.Error("what was just read is written again")
	}
	r.Draft = "x"
	if a.Save(&r); store.writes != 2 {
		t.Error("a change is not written")
	}
	a.Save(&Record{})
	if len(store.Memory) > 0 {
		t.Error("nothing to remember leaves something")
	}
}

// A record is kept for 30 days after the last message, and no longer; a clock that was set back makes nothing old.
func TestForgottenAfterThirtyDays(t *testing.T) {
	const month = 30 * 24 * time.Hour
	for _, c := range []struct {
		later time.Duration
		there bool
	}{{0, true}, {month, true}, {month + time.Second, false}, {-time.Hour, true}, {-10 * 365 * 24 * time.Hour, true}} {
		r := recordOf(1, "hello")
		other := RecordKey("00000000-0000-4000-8000-000000000001")
		store := Memory{RecordKey(testFlow): r.Text(1), other: r.Text(1)}
		a := Archive{Store: store, Flow: testFlow}
		if got := a.Load(start.Add(c.later)); (len(got.Conversation.Entries) > 0) != c.there {
			t.Errorf("%v later: %d messages", c.later, len(got.Conversation.Entries))
		}
		if a.Prune(start.Add(c.later)); store.Has(other) != c.there {
			t.Errorf("%v later: another flow's record is there: %v", c.later, store.Has(other))
		}
	}
	// One without a time is of a visitor who has said nothing yet.
	never := Record{Draft: "x"}
	store := Memory{RecordKey(testFlow): never.Text(1)}
	a := Archive{Store: store, Flow: testFlow}
	if a.Load(start).Draft != "x" {
		t.Error("a record without a time is forgotten")
	}
}

// What is set aside is there for a later version: all of it, and with a time, so that it goes in the end, too.
func TestSetAside(t *testing.T) {
	const later = `{"v":2,"new":"shape"}`
	store := Memory{RecordKey(testFlow): later}
	a := Archive{Store: store, Flow: testFlow}
	a.Load(start)
	if want := `{"v":1,"at":1772445600000,"aside":"{\"v\":2,\"new\":\"shape\"}"}`; store[RecordKey(testFlow)+aside] != want {
		t.Errorf("set aside is %s", store[RecordKey(testFlow)+aside])
	}
	for flow, gone := range map[string]bool{testFlow: true, "00000000-0000-4000-8000-000000000001": true} {
		other := Archive{Store: store, Flow: "00000000-0000-4000-8000-000000000002"}
		store[RecordKey(flow)+aside] = `{"v":1,"at":1772445600000,"aside":"x"}`
		other.Prune(start.Add(31 * 24 * time.Hour))
		if store.Has(RecordKey(flow)+aside) == gone {
			t.Errorf("set aside of %s: there %v", flow, !gone)
		}
	}
	full := Archive{Store: shortStore{Memory{RecordKey(testFlow): "<html>"}, 5}, Flow: testFlow}
	if r := full.Load(start); !r.empty() {
		t.Errorf("without room to set it aside: %+v", r)
	}
}

// A page that is stored beside another tab's adds what only it knows, and leaves the conversation to the tab that holds it.
func TestSaveBeside(t *testing.T) {
	holders := recordOf(3, "hello")
	holders.Draft, holders.Sound = "theirs", Yes
	store := Memory{}
	holding := Archive{Store: store, Flow: testFlow}
	holding.Save(&holders)
	ours := recordOf(2, "hello")
	ours.Draft, ours.Sound, ours.Teaser, ours.Read = "ours", No, true, "read"
	ours.Conversation.Session = "webchat-session.00000000-0000-4000-8000-000000000000"
	ours.Conversation.Entries = append(ours.Conversation.Entries, protocol.Entry{Key: "mine", Kind: protocol.Visitor, State: protocol.Sending, Text: "mine"})
	mirroring := Archive{Store: store, Flow: testFlow}
	if !mirroring.SaveBeside(&ours) {
		t.Fatal("not stored")
	}
	r := holding.Load(start)
	if r.Draft != "ours" || r.Sound != No || !r.Teaser || r.Read != "read" || r.Conversation.Session != testSession ||
		len(r.Conversation.Entries) != 4 || r.Conversation.Entries[3].Key != "mine" {
		t.Errorf("stored is %+v", r)
	}
	// A tab that has just come, and has nothing to add, writes nothing.
	fresh := Archive{Store: &countingStore{Memory: store}, Flow: testFlow}
	if fresh.SaveBeside(&r); fresh.Store.(*countingStore).writes > 0 {
		t.Error("what is stored is written again by another tab")
	}
	before := store[RecordKey(testFlow)]
	counting := &countingStore{Memory: store}
	mirroring.Store = counting
	if mirroring.SaveBeside(&ours); counting.writes > 0 || store[RecordKey(testFlow)] != before {
		t.Error("the same is written again")
	}
}

// Two tabs know of one conversation: what the other one knows holds, below what only this one still has of before, and
// above what the visitor has just written here.
func TestConversationsAreJoined(t *testing.T) {
	conv := func(keys string) *protocol.Conversation {
		c := &protocol.Conversation{Session: testSession}
		for _, key := range strings.Fields(keys) {
			e := protocol.Entry{Key: strings.TrimRight(key, "…!"), Kind: protocol.Visitor, State: protocol.Sent}
			if strings.HasSuffix(key, "…") {
				e.State = protocol.Sending
			} else if strings.HasSuffix(key, "!") {
				e.State = protocol.Failed
			}
			c.Entries = append(c.Entries, e)
		}
		return c
	}
	for _, c := range []struct{ ours, theirs, want string }{
		{"", "", ""},
		{"a b", "", ""},
		{"", "a b", "a b"},
		{"a b c", "b c d", "a b c d"},
		{"a b", "b", "a b"},
		{"b", "a b", "a b"},
		{"a b", "a b", "a b"},
		{"a b x…", "b c", "a b c x"},
		{"x… a", "a b", "x a b"},
		{"a x…", "a x", "a x"},
		{"a x!", "a", "a"},
		{"a b", "c d", "c d"},
	} {
		joined := backend.Join(conv(c.ours), conv(c.theirs))
		var keys []string
		for _, e := range joined.Entries {
			keys = append(keys, e.Key)
		}
		if got := strings.Join(keys, " "); got != c.want {
			t.Errorf("%q and %q are joined to %q, want %q", c.ours, c.theirs, got, c.want)
		}
	}
}

// A store that forbids everything is a page without memory, and no more.
func TestStoreThatForbids(t *testing.T) {
	a := Archive{Store: forbidden{}, Flow: testFlow}
	r := a.Load(start)
	a.Prune(start)
	if !r.empty() || !a.Save(&Record{}) {
		t.Error("there is nothing to remember")
	}
	r = recordOf(1, "hello")
	if a.Save(&r) || a.SaveBeside(&r) {
		t.Error("stored where nothing is")
	}
	a.Forget()
}

type forbidden struct{}

func (forbidden) Get(string) (string, bool) { return "", false }
func (forbidden) Has(string) bool           { return false }
func (forbidden) Set(string, string) error  { return errors.New("forbidden") }
func (forbidden) Remove(string)             {}
func (forbidden) Keys() []string            { return nil }

func TestMemory(t *testing.T) {
	m := Memory{}
	if err := m.Set("a", "1"); err != nil || !m.Has("a") || m.Has("b") {
		t.Error("what is set is there")
	}
	m.Set("b", "2")
	keys := m.Keys()
	slices.Sort(keys)
	if !slices.Equal(keys, []string{"a", "b"}) {
		t.Errorf("keys %q", keys)
	}
	if m.Remove("a"); m.Has("a") {
		t.Error("what is removed is there")
	}
}

// What is stored has what each field needs to be read again, and keeps out what is none.
func TestRecordFields(t *testing.T) {
	for text, want := range map[string]Record{
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
		r, ok := ParseRecord(text)
		same := ok && r.At.Equal(want.At) && r.Read == want.Read && r.Draft == want.Draft && r.Given == want.Given && r.Teaser == want.Teaser && r.Sound == want.Sound
		if !same {
			t.Errorf("%s is read as %+v, %v", text, r, ok)
		}
		if again, ok := ParseRecord(r.Text(1)); !ok || again.Sound != r.Sound || again.Teaser != r.Teaser || !again.At.Equal(r.At) {
			t.Errorf("%s is written as %s", text, r.Text(1))
		}
	}
	for _, text := range []string{``, `[]`, `{}`, `{"v":0}`, `{"v":2}`, `"v"`} {
		if _, ok := ParseRecord(text); ok {
			t.Errorf("%s is read", text)
		}
	}
	// A draft is what a visitor types: 16 KiB of it are kept, which is four times what may be sent, and no more.
	for n, kept := range map[int]bool{16 << 10: true, 16<<10 + 1: false} {
		r := Record{Draft: strings.Repeat("x", n)}
		again, _ := ParseRecord(r.Text(1))
		if (again.Draft == r.Draft) != kept || !kept && again.Draft != "" {
			t.Errorf("of a draft of %d bytes %d are kept", n, len(again.Draft))
		}
	}
	for name, r := range map[string]Record{"draft": {Draft: "x"}, "teaser": {Teaser: true}, "sound": {Sound: Yes},
		"session": {Conversation: protocol.Conversation{Session: testSession}}, "entries": recordOf(1, "x")} {
		if r.empty() {
			t.Errorf("%s: nothing to remember?", name)
		}
	}
}

// Long texts take fewer messages with them, but no more than they must: a record of 256 KiB is full before half of it is empty.
func TestRecordIsFull(t *testing.T) {
	r := recordOf(300, strings.Repeat("x", 5000))
	if n := len(r.Text(maxMessages)); n > 256<<10 || n < 200<<10 {
		t.Errorf("%d bytes are stored", n)
	}
	r = recordOf(300, strings.Repeat("\x01", 5000)) // six bytes each
	if n := len(r.Text(maxMessages)); n > 256<<10 || n < 100<<10 {
		t.Errorf("%d bytes are stored of escapes", n)
	}
}
