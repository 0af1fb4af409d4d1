//go:build !js

package protocol

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"plurachat/protocol/strictjson"
)

func texts(c *Conversation) string {
	var s []string
	for _, e := range c.Entries {
		text := e.Text
		switch {
		case e.Kind == Fresh:
			text = "—"
		case e.State == Sending:
			text += "…"
		case e.State == Failed:
			text += "!"
		}
		s = append(s, text)
	}
	return strings.Join(s, " ")
}

func say(key string, kind Kind, state Delivery) Event {
	return Event{Kind: Added, Entry: Entry{Key: key, Kind: kind, State: state, Text: key}}
}

func TestApplyKeepsTheServersOrder(t *testing.T) {
	var c Conversation
	for _, step := range []struct {
		e    Event
		want string
		op   Change
	}{
		{say("hi", Agent, Sent), "hi", Change{Inserted, 0, 0}},
		{say("a", Visitor, Sending), "hi a…", Change{Inserted, 1, 0}},
		{say("b", Visitor, Sending), "hi a… b…", Change{Inserted, 2, 0}},
		{say("x", Agent, Sent), "hi x a… b…", Change{Inserted, 1, 0}},
		{say("x", Agent, Sent), "hi x a… b…", Change{}},
		{Event{Kind: Acknowledged, Key: "b", ID: "7"}, "hi x a… b", Change{Updated, 3, 0}},
		{Event{Kind: GivenUp, Key: "a", Reason: Unanswered}, "hi x a! b", Change{Updated, 2, 0}},
		{say("y", Agent, Sent), "hi x a! b y", Change{Inserted, 4, 0}},
		{Event{Kind: Retried, Key: "a"}, "hi x b y a…", Change{Moved, 4, 2}},
		{Event{Kind: Acknowledged, Key: "a", Before: "y"}, "hi x b a y", Change{Moved, 3, 4}},
		{Event{Kind: Removed, Key: "x"}, "hi b a y", Change{Deleted, 1, 0}},
		{Event{Kind: Renamed, Key: "hi", ID: "n"}, "hi b a y", Change{Updated, 0, 0}},
		{Event{Kind: Acknowledged, Key: "none"}, "hi b a y", Change{}},
		{Event{Kind: Forgotten}, "", Change{Op: Cleared}},
	} {
		if got := c.Apply(step.e); got != step.op || texts(&c) != step.want {
			t.Fatalf("%+v: %+v, %q; want %+v, %q", step.e, got, texts(&c), step.op, step.want)
		}
	}
}

func TestOpeningIsRemembered(t *testing.T) {
	var c Conversation
	c.Apply(Event{Kind: SessionBegun, Session: testSession})
	c.Apply(say("hello", Agent, Sent))
	c.Apply(say("more", Agent, Sent))
	c.Trim(1, 1<<20, 1<<20)
	if c.Opening.Text != "hello" || texts(&c) != "more" {
		t.Fatalf("opening %q, entries %q", c.Opening.Text, texts(&c))
	}
	c.Apply(Event{Kind: SessionBegun, Session: testSession, Resumed: true})
	if c.Opening.Text != "hello" {
		t.Fatal("a resumed session forgot its opening")
	}
	c.Apply(Event{Kind: Switched})
	if c.Opening.Key != "" {
		t.Fatal("another session kept the opening")
	}
}

// Only the beginning of a long greeting is kept, because it is stored beside the entries. By it the greeting is known.
func TestOpeningIsBounded(t *testing.T) {
	var c Conversation
	c.Apply(say(strings.Repeat("é", 1<<19), Agent, Sent))
	if n := len(c.Opening.Text); n > maxOpening || n < maxOpening-4 || !strings.HasPrefix(c.Entries[0].Text, c.Opening.Text) {
		t.Fatalf("the opening has %d bytes", n)
	}
	v, err := strictjson.Parse(`{"opening":{"key":"a","text":"` + strings.Repeat("x", 1<<20) + `"}}`)
	if got := ParseConversation(v).Opening; err != nil || len(got.Text) != maxOpening {
		t.Errorf("an opening of %d bytes is read: %v", len(got.Text), err)
	}
}

func TestTrimKeepsWhatIsNotDelivered(t *testing.T) {
	var c Conversation
	c.Apply(say("f", Visitor, Failed))
	for i := range 300 {
		c.Apply(Event{Kind: Added, Entry: Entry{Key: fmt.Sprint("k", i), Text: strings.Repeat("x", 1000)}})
	}
	c.Apply(say("p", Visitor, Sending))
	c.Trim(200, 100<<10, 1<<20)
	if n := len(c.Entries); n < 80 || n > 110 || c.Entries[0].Key != "f" || c.Entries[n-1].Key != "p" {
		t.Fatalf("%d entries, from %q to %q", n, c.Entries[0].Key, c.Entries[n-1].Key)
	}
}

func TestCodecKeepsEverything(t *testing.T) {
	at := time.UnixMilli(1_700_000_000_123)
	c := Conversation{Session: testSession, Flow: testInstance, Digest: 1<<32 - 1, Owner: Owner{"o", "Maya", "https://x/y.png"},
		Opening: Entry{Key: "1", ID: "i", Text: "Hi"},
		Entries: []Entry{{Key: "1", ID: "i", Name: "n", Picture: "p", Text: "Hi \u2028 <b>\x00", At: at}, {Key: "2", Kind: Visitor, State: Sending, Writes: 1, Text: "q", Echo: "Q"}, {Key: "3", Kind: Fresh}, {Key: "4", Kind: Visitor, State: Failed, Reason: Unanswered, Writes: 3, Recvs: 1, Retries: 2}}}
	var w strictjson.Writer
	w.Open('{')
	c.AppendJSON(&w)
	w.Close('}')
	v, err := strictjson.Parse(string(w.Buf))
	if got := ParseConversation(v); err != nil || !reflect.DeepEqual(got, c) {
		t.Fatalf("%v\n got %+v\nwant %+v", err, got, c)
	}
	e := Event{Kind: Added, Entry: c.Entries[0], Before: "x", Session: testSession, Flow: testFlow, Resumed: true, Owner: c.Owner, Key: "k", ID: "i", Reason: "r", Digest: 9, State: Online, Err: errors.New("why")}
	w = strictjson.Writer{}
	e.AppendJSON(&w)
	v, err = strictjson.Parse(string(w.Buf))
	if got, ok := ParseEvent(v); err != nil || !ok || !reflect.DeepEqual(got, e) {
		t.Fatalf("%v\n got %+v\nwant %+v", err, got, e)
	}
}

// A picture that the chat owner or an earlier entry has is written once, and read back for each. Short ones are written
// out, for older versions.
func TestCodecWritesPicturesOnce(t *testing.T) {
	long := func(n int) string { return fmt.Sprint("data:image/png;base64,", n, strings.Repeat("A", 100<<10)) }
	c := Conversation{Owner: Owner{Picture: long(0)}}
	for i := range 400 {
		picture := long(i % 3)
		if i%7 == 0 {
			picture = "https://pictures.example/face.png"
		}
		c.Entries = append(c.Entries, Entry{Key: fmt.Sprint(i), Picture: picture, Text: "Hi"})
	}
	var w strictjson.Writer
	w.Open('{')
	c.AppendJSON(&w)
	w.Close('}')
	if n := len(w.Buf); n > 3*100<<10+400*200 {
		t.Errorf("%d bytes", n)
	}
	v, err := strictjson.Parse(string(w.Buf))
	if got := ParseConversation(v); err != nil || !reflect.DeepEqual(got, c) {
		t.Fatalf("it is read as another conversation: %v", err)
	}
	for _, in := range []string{ // references to what is not there
		`{"entries":[{"key":"a","pictureAs":2}]}`, `{"entries":[{"key":"a","pictureAs":-1}]}`, `{"entries":[{"key":"a","pictureAs":9e9}]}`, `{"entries":[{"key":"a","pictureAs":1}]}`,
	} {
		v, err := strictjson.Parse(in)
		if got := ParseConversation(v); err != nil || len(got.Entries) != 1 || got.Entries[0].Picture != "" {
			t.Errorf("%s: %+v", in, got)
		}
	}
}

func TestCodecDistrusts(t *testing.T) {
	for _, in := range []string{
		`{"session":"x","flow":"y","entries":[{"text":"no key"},{"key":"a","kind":9},{"key":"a","kind":0,"state":1},{"key":"b"},{"key":"b","text":"again"},7,null]}`,
		`{"entries":{"a":{"key":"b"}}}`, `{"kind":0,"state":"<b>"}`, `{"kind":3,"entry":{"key":"a","kind":9}}`, `{"kind":99}`, `[]`, `null`, `7`,
	} {
		v, err := strictjson.Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		c := ParseConversation(v)
		if c.Session != "" || c.Flow != "" || len(c.Entries) > 1 {
			t.Errorf("%s was believed: %+v", in, c)
		}
		if _, ok := ParseEvent(v); ok {
			t.Errorf("%s passed as an event", in)
		}
	}
	// JavaScript's Date does not accept a larger number, and the browser would throw.
	v, err := strictjson.Parse(`{"entries":[{"key":"a","at":8640000000000000},{"key":"b","at":8640000000000001},{"key":"c","at":-1},{"key":"d","at":1e3}]}`)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range ParseConversation(v).Entries {
		if e.At.IsZero() != (i > 0) {
			t.Errorf("entry %s is of %v", e.Key, e.At)
		}
	}
}

func TestBackoff(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 10 {
		span := min(4*time.Second<<n, 30*time.Second)
		var most time.Duration
		for range 2000 {
			d := backoff(n, true, r.Float64())
			if d < 0 || d > span {
				t.Fatalf("attempt %d: %v outside 0…%v", n, d, span)
			}
			most = max(most, d)
		}
		if most < span*95/100 {
			t.Errorf("attempt %d: never over %v of %v", n, most, span)
		}
		if d := backoff(n, false, 0.999); d < 29*time.Second {
			t.Errorf("nobody waiting, attempt %d: span %v, want 30 s", n, d)
		}
	}
	for n, base := range []time.Duration{2, 4, 8, 8} {
		if low, high := sessionBackoff(n, 0), sessionBackoff(n, 1); low != base*750*time.Millisecond || high != base*1250*time.Millisecond {
			t.Errorf("session try %d: %v to %v", n, low, high)
		}
	}
}
