//go:build !js

package protocol

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

// many returns a conversation of n messages of the agent.
func many(n int, text string) (c Conversation) {
	for i := range n {
		c.Apply(Event{Kind: Added, Entry: Entry{Key: fmt.Sprint("k", i), Text: text}})
	}
	return c
}

// An Added event has no effect if its key is among the newest 400 entries. A tab may see an event twice while it takes
// over a snapshot, but only at once. To search all entries would make each message slower than the one before.
func TestEventSeenTwice(t *testing.T) {
	c := many(401, "")
	for key, again := range map[string]bool{"k400": true, "k1": true, "k0": false} {
		d := c.Clone()
		change := d.Apply(Event{Kind: Added, Entry: Entry{Key: key}})
		if (change == Change{}) != again || len(d.Entries) == len(c.Entries) != again {
			t.Errorf("%s again: %+v", key, change)
		}
	}
	// Keys that are equal only in their last bytes are different.
	var d Conversation
	for _, key := range []string{"", "a", "ba", "ca", "", "ca"} {
		d.Apply(Event{Kind: Added, Entry: Entry{Key: key}})
	}
	var keys []string
	for _, e := range d.Entries {
		keys = append(keys, e.Key)
	}
	if want := []string{"", "a", "ba", "ca"}; !slices.Equal(keys, want) {
		t.Errorf("keys %q, want %q", keys, want)
	}
}

// Apply puts an entry in its place and returns the change for the view.
func TestApplySays(t *testing.T) {
	base := func() (c Conversation) {
		for _, e := range []Event{say("hi", Agent, Sent), say("a", Visitor, Sending), say("x", Agent, Sent), say("b", Visitor, Sending), say("c", Visitor, Sending)} {
			if e.Entry.Key == "x" {
				c.Apply(Event{Kind: Written, Key: "a"})
			}
			c.Apply(e)
		}
		return
	}
	for _, tt := range []struct {
		name string
		e    Event
		want string
		op   Change
	}{
		{"news stands before what is not written", say("y", Agent, Sent), "hi a… x y b… c…", Change{Inserted, 3, 0}},
		{"and where it is told to", Event{Kind: Added, Entry: Entry{Key: "y", Text: "y"}, Before: "a"}, "hi y a… x b… c…", Change{Inserted, 1, 0}},
		{"or at the end, before what is gone", Event{Kind: Added, Entry: Entry{Key: "y", Text: "y"}, Before: "gone"}, "hi a… x b… c… y", Change{Inserted, 5, 0}},
		{"a recv moves a message up", Event{Kind: Acknowledged, Key: "b", Before: "x"}, "hi a… b x c…", Change{Moved, 2, 3}},
		{"but not down", Event{Kind: Acknowledged, Key: "a", Before: "c"}, "hi a x b… c…", Change{Updated, 1, 0}},
		{"nor anywhere, before what is gone", Event{Kind: Acknowledged, Key: "b", Before: "gone"}, "hi a… x b c…", Change{Updated, 3, 0}},
		{"an answer acknowledges", Event{Kind: Answered, Key: "a"}, "hi a x b… c…", Change{Updated, 1, 0}},
		{"of what is gone", Event{Kind: Answered, Key: "gone"}, "hi a… x b… c…", Change{}},
		{"postponed to the end", Event{Kind: Postponed, Key: "a"}, "hi x b… c… a…", Change{Moved, 4, 1}},
		{"postponed to what is gone", Event{Kind: Postponed, Key: "a", Before: "gone"}, "hi x b… c… a…", Change{Moved, 4, 1}},
		{"postponed down", Event{Kind: Postponed, Key: "a", Before: "b"}, "hi x a… b… c…", Change{Moved, 2, 1}},
		{"postponed up", Event{Kind: Postponed, Key: "c", Before: "hi"}, "c… hi a… x b…", Change{Moved, 0, 4}},
		{"postponed to where it is", Event{Kind: Postponed, Key: "a", Before: "x"}, "hi a… x b… c…", Change{Updated, 1, 0}},
		{"postponed before itself", Event{Kind: Postponed, Key: "a", Before: "a"}, "hi a… x b… c…", Change{Updated, 1, 0}},
		{"postponed, but gone", Event{Kind: Postponed, Key: "gone", Before: "x"}, "hi a… x b… c…", Change{}},
		{"failed", Event{Kind: GivenUp, Key: "a", Reason: "r"}, "hi a! x b… c…", Change{Updated, 1, 0}},
		{"failed, but gone", Event{Kind: GivenUp, Key: "gone"}, "hi a… x b… c…", Change{}},
		{"tried again, but gone", Event{Kind: Retried, Key: "gone"}, "hi a… x b… c…", Change{}},
		{"removed", Event{Kind: Removed, Key: "a"}, "hi x b… c…", Change{Deleted, 1, 0}},
		{"removed, but gone", Event{Kind: Removed, Key: "gone"}, "hi a… x b… c…", Change{}},
		{"renamed, but gone", Event{Kind: Renamed, Key: "gone"}, "hi a… x b… c…", Change{}},
		{"written, but gone", Event{Kind: Written, Key: "gone"}, "hi a… x b… c…", Change{}},
		{"a state", Event{Kind: StateChanged, State: Online}, "hi a… x b… c…", Change{}},
	} {
		c := base()
		if got := c.Apply(tt.e); got != tt.op || texts(&c) != tt.want {
			t.Errorf("%s: %+v, %q; want %+v, %q", tt.name, got, texts(&c), tt.op, tt.want)
		}
	}
}

// The fields of a message's entry, from Sending to Sent.
func TestMessageOnItsWay(t *testing.T) {
	var c Conversation
	c.Apply(say("a", Visitor, Sending))
	step := func(e Event, want Entry) {
		t.Helper()
		e.Key = "a"
		c.Apply(e)
		want.Key, want.Text, want.Kind = "a", "a", Visitor
		if c.Entries[0] != want {
			t.Errorf("%+v, want %+v", c.Entries[0], want)
		}
	}
	step(Event{Kind: Written}, Entry{State: Sending, Writes: 1})
	step(Event{Kind: GivenUp, Reason: "r"}, Entry{State: Failed, Writes: 1, Reason: "r"})
	step(Event{Kind: Retried}, Entry{State: Sending, Writes: 1, Retries: 1})
	step(Event{Kind: Written}, Entry{State: Sending, Writes: 2, Retries: 1})
	step(Event{Kind: Answered}, Entry{State: Sent, Writes: 2, Retries: 1})
	step(Event{Kind: Acknowledged, ID: "7", Text: "A"}, Entry{State: Sent, Writes: 2, Retries: 1, Recvs: 1, ID: "7", Echo: "A"})
	step(Event{Kind: Acknowledged, ID: "8"}, Entry{State: Sent, Writes: 2, Retries: 1, Recvs: 2, ID: "7"}) // the recv of the second write
	step(Event{Kind: Renamed, ID: "9"}, Entry{State: Sent, Writes: 2, Retries: 1, Recvs: 2, ID: "9"})
	// A late recv makes a failed message sent. A recv without an id does not remove the entry's id.
	c = Conversation{}
	c.Apply(Event{Kind: Added, Entry: Entry{Key: "a", ID: "5", Kind: Visitor, State: Failed, Reason: "r", Text: "a"}})
	step(Event{Kind: Acknowledged}, Entry{State: Sent, ID: "5", Recvs: 1})
}

// The opening and the flow belong to the session. Another session has others, and Switched sets the digest of its lead
// data.
func TestSessionOfAConversation(t *testing.T) {
	var c Conversation
	c.Apply(Event{Kind: SessionBegun, Session: testSession, Flow: testFlow})
	if c.Begun() != true || (&Conversation{}).Begun() || !(&Conversation{Entries: make([]Entry, 1)}).Begun() {
		t.Error("what has begun?")
	}
	c.Apply(say("hi", Agent, Sent))
	c.Apply(Event{Kind: Switched, Session: "s", Flow: "f", Digest: 7})
	if c.Session != "s" || c.Flow != "f" || c.Digest != 7 || c.Opening != (Entry{}) {
		t.Errorf("%+v", c)
	}
	c.Apply(say("mine", Visitor, Sent))
	if c.Opening != (Entry{}) {
		t.Error("the visitor's message opens the conversation")
	}
	c.Apply(say("hello", Agent, Sent))
	c.Apply(Event{Kind: SessionBegun, Session: "t", Flow: "g"})
	if c.Session != "t" || c.Flow != "g" || c.Opening != (Entry{}) || c.Digest != 7 {
		t.Errorf("%+v", c)
	}
	c.Apply(say("welcome", Agent, Sent))
	if c.Opening.Key != "welcome" {
		t.Errorf("the opening is %+v", c.Opening)
	}
	c.Apply(Event{Kind: OwnerNamed, Owner: Owner{Name: "Maya"}})
	if c.Owner.Name != "Maya" {
		t.Errorf("%+v", c.Owner)
	}
	if c.Pending() {
		t.Error("nothing is pending")
	}
	c.Apply(say("a", Visitor, Sending))
	if !c.Pending() {
		t.Error("a message is pending")
	}
	d := c.Clone()
	d.Apply(Event{Kind: GivenUp, Key: "a"})
	if !c.Pending() {
		t.Error("a copy shares its entries")
	}
	if c.Apply(Event{Kind: Forgotten}); !reflect.DeepEqual(c, Conversation{}) { // the empty conversation is what is stored then
		t.Errorf("after a reset, %+v is left", c)
	}
}

// keysOf returns the number of entries and the keys of the first and the last one.
func keysOf(c *Conversation) string {
	return fmt.Sprint(len(c.Entries), " ", c.Entries[0].Key, "…", c.Entries[len(c.Entries)-1].Key)
}

// A conversation keeps its newest 2,000 entries, up to 6 MiB, so that a page that stays open for weeks does not grow.
func TestExcess(t *testing.T) {
	drop := func(c Conversation) Conversation {
		for i, n := c.Excess(); n > 0; i, n = c.Excess() {
			c.Drop(i, n)
		}
		return c
	}
	for _, tt := range []struct {
		name string
		c    Conversation
		want string
	}{
		{"few", many(2000, "x"), "2000 k0…k1999"},
		{"many", many(2001, "x"), "2000 k1…k2000"},
		{"short of 6 MiB", many(6*1024, strings.Repeat("x", 1024-entryCost)), "2000 k4144…k6143"},
		{"6 MiB", many(12, strings.Repeat("x", 512<<10-entryCost)), "12 k0…k11"},
		{"more than 6 MiB", many(13, strings.Repeat("x", 512<<10-entryCost)), "12 k1…k12"},
		{"a byte more than 6 MiB", many(12, strings.Repeat("x", 512<<10-entryCost+1)), "11 k1…k11"},
		{"one of 7 MiB", many(1, strings.Repeat("x", 7<<20)), "1 k0…k0"},
		{"two of 7 MiB", many(2, strings.Repeat("x", 7<<20)), "1 k1…k1"},
		{"none", Conversation{Entries: []Entry{{Key: "k"}}}, "1 k…k"},
	} {
		c := drop(tt.c)
		if got := keysOf(&c); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
	// Pending and failed messages are kept, because they exist nowhere else.
	c := many(2010, "x")
	c.Entries[0].State, c.Entries[3].State, c.Entries[1000].State = Failed, Sending, Sending
	if i, n := c.Excess(); i != 1 || n != 2 {
		t.Errorf("%d from %d", n, i)
	}
	c = drop(c)
	if got := keysOf(&c); got != "2000 k0…k2009" || c.Entries[1].Key != "k3" || c.Index("k1000") < 0 {
		t.Errorf("%s, then %s", got, c.Entries[1].Key)
	}
	if i, n := (&Conversation{}).Excess(); i != 0 || n != 0 {
		t.Errorf("of nothing: %d from %d", n, i)
	}
}

// entryCost is the size of an entry without its texts, as counted.
const entryCost = 160

// The size of an entry includes all of its texts. A picture is not counted if it is the chat owner's or that of the
// entry above: they share memory.
func TestBytesOfAnEntry(t *testing.T) {
	c := Conversation{Owner: Owner{Picture: "owner"}, Entries: []Entry{
		{Picture: "first"}, {Picture: "first"}, {Picture: "owner"}, {Picture: "first"}, {Name: "1", Text: "12", Echo: "123", Reason: "1234"}, {},
	}}
	var got []int
	for i := range c.Entries {
		got = append(got, c.bytes(i)-entryCost)
	}
	if want := []int{5, 0, 0, 5, 10, 0}; !slices.Equal(got, want) {
		t.Errorf("bytes %v, want %v", got, want)
	}
}

// A growing conversation keeps its limits: the number is checked after every hundred entries, the size at each large
// one.
func TestConversationIsBounded(t *testing.T) {
	steadily(t, func(s *odd) {
		most := 0
		for range 2300 {
			s.queue.put(func() {
				s.emit(Event{Kind: Added, Entry: Entry{Key: s.o.NewKey(), Text: "x"}})
				most = max(most, len(s.Client.conv.Entries))
			})
		}
		s.queue.put(func() {
			if n := len(s.Client.conv.Entries); n < 2000 || n >= 2100 || most != 2099 {
				t.Errorf("%d entries, and at most %d", n, most)
			}
			for range 20 {
				s.emit(Event{Kind: Added, Entry: Entry{Key: s.o.NewKey(), Text: strings.Repeat("x", 1<<20)}})
			}
			if n := len(s.Client.conv.Entries); n != 5 {
				t.Errorf("%d entries, want 5 of a little more than 1 MiB", n)
			}
			for range 20 {
				s.emit(Event{Kind: Added, Entry: Entry{Key: s.o.NewKey(), Picture: s.o.NewKey() + strings.Repeat("x", 1<<20)}})
			}
			if n := len(s.Client.conv.Entries); n != 5 {
				t.Errorf("%d entries, want 5 with pictures of a little more than 1 MiB", n)
			}
		})
		synctest.Wait()
	})
}

// Trim keeps the newest entries that fit, and all messages that are pending or failed.
func TestTrimCounts(t *testing.T) {
	for _, tt := range []struct {
		n, size int
		want    string
	}{
		{3, 1 << 20, "3 k7…k9"}, {100, 1 << 20, "10 k0…k9"}, {100, 3 * (10 + entryCost), "3 k7…k9"}, {100, 3*(10+entryCost) - 1, "2 k8…k9"},
	} {
		c := many(10, "0123456789")
		c.Opening = Entry{}
		c.Trim(tt.n, tt.size, 1<<20)
		if got := keysOf(&c); got != tt.want {
			t.Errorf("Trim(%d, %d): %s, want %s", tt.n, tt.size, got, tt.want)
		}
	}
	c := many(10, "")
	for i := range c.Entries {
		c.Entries[i].Picture = fmt.Sprint("012345678", i)
	}
	c.Entries[2].State, c.Entries[4].State = Failed, Sending
	whole := c.Entries
	c.Trim(100, 2*(10+entryCost), 10)
	if got := keysOf(&c); got != "4 k2…k9" || c.Entries[1].Key != "k4" || c.Entries[2].Key != "k8" {
		t.Errorf("%s", got)
	}
	c.Entries[3].Text = "changed"
	if whole[9].Text != "" {
		t.Error("what is left shares memory with what was there")
	}
	c.Trim(0, 1<<20, 1<<20)
	if got := keysOf(&c); got != "2 k2…k4" {
		t.Errorf("%s", got)
	}
}

// Trim counts a picture once for entries in a row, and leaves out one that is too long.
func TestTrimCountsPictures(t *testing.T) {
	for name, tt := range map[string]struct {
		owner   string
		picture func(i int) string
		want    string
	}{
		"the chat owner's": {"0123456789", func(int) string { return "0123456789" }, "5 k5…k9"},
		"in a row":         {"", func(int) string { return "0123456789" }, "5 k5…k9"},
		"different":        {"", func(i int) string { return fmt.Sprint("012345678", i) }, "1 k9…k9"},
		"too long":         {"", func(i int) string { return fmt.Sprint("0123456789", i) }, "5 k5…k9"},
	} {
		c := many(10, "")
		c.Owner.Picture = tt.owner
		for i := range c.Entries {
			c.Entries[i].Picture = tt.picture(i)
		}
		size := 10 + 5*entryCost
		if name == "different" {
			size = 10 + entryCost
		}
		c.Trim(100, size, 10)
		if got := keysOf(&c); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
		if got := c.Entries[0].Picture; (got == "") != (name == "too long") {
			t.Errorf("%s: the picture %q", name, got)
		}
	}
}

// Drop removes entries and clears their texts.
func TestDrop(t *testing.T) {
	c := many(10, "x")
	whole := c.Entries
	c.Drop(0, 2)
	if keysOf(&c) != "8 k2…k9" || whole[0].Text != "" || whole[1].Text != "" || whole[2].Text != "x" {
		t.Errorf("%s, %+v", keysOf(&c), whole[:3])
	}
	c.Drop(1, 3)
	if keysOf(&c) != "5 k2…k9" || c.Entries[1].Key != "k6" {
		t.Errorf("%s", keysOf(&c))
	}
}
