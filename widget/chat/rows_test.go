package chat

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"plurachat/protocol"
	"plurachat/widget/words"
)

func TestGroups(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	shape := func() string {
		out := ""
		for _, r := range s.rows {
			if r.Day {
				out += fmt.Sprint("|", r.Ago)
			}
			c := map[[2]bool]string{{true, true}: "o", {true, false}: "(", {false, true}: ")", {false, false}: "-"}[[2]bool{r.First, r.Last}]
			if r.Kind > protocol.Visitor {
				c = "="
			} else if r.Kind == protocol.Visitor {
				c = strings.ToUpper(strings.NewReplacer("o", "v", "(", "<", ")", ">", "-", "~").Replace(c))
			}
			out += c
		}
		return out
	}
	for _, c := range []struct {
		do   func()
		want string
	}{
		{func() {}, "|0o"},
		{func() { s.says("and") }, "|0()"},
		{func() { s.says("so on") }, "|0(-)"},
		{func() { s.wait(5 * time.Minute); s.says("later") }, "|0(-)o"},
		{func() { s.agent(protocol.Entry{Name: "Kim", Text: "a person takes over", At: s.now}) }, "|0(-)oo"},
		{func() { s.sends("hi") }, "|0(-)ooV"},
		{func() { s.sends("there") }, "|0(-)oo<>"},
		{func() { s.says("sorry") }, "|0(-)oo<>o"}, // below a failed message
		{func() { s.event(protocol.Event{Kind: protocol.GivenUp, Key: "v1"}) }, "|0(-)ooVVo"},
		{func() { s.event(protocol.Event{Kind: protocol.Removed, Key: "v1"}) }, "|0(-)ooVo"},
		{func() { s.agent(protocol.Entry{Kind: protocol.Fresh, At: s.now}) }, "|0(-)ooVo="},
		{func() { s.wait(14 * time.Hour) }, "|1(-)ooVo="}, // past midnight
		{func() { s.says("new day") }, "|1(-)ooVo=|0o"},
		{func() { s.wait(24 * time.Hour) }, "|2(-)ooVo=|1o"},
	} {
		c.do()
		if got := shape(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

func TestScrolling(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	s.says("an answer")
	if s.scroll != (Scroll{ScrollTo, s.rows[1].Key}) {
		t.Errorf("at the end: %+v", s.scroll)
	}
	s.do(Intent{Kind: Scrolled})
	s.says("more")
	s.says("and more")
	if s.scroll.Kind != ScrollStay || s.last.Screen.Jump != "New messages" {
		t.Errorf("scrolled up: %+v, %q; want the button and no scroll", s.scroll, s.last.Screen.Jump)
	}
	s.do(Intent{Kind: WantJump})
	if s.scroll.Kind != ScrollEnd || s.last.Screen.Jump != "" {
		t.Errorf("jump: %+v, %q", s.scroll, s.last.Screen.Jump)
	}
	s.do(Intent{Kind: Scrolled})
	s.says("and more still")
	s.do(Intent{Kind: Scrolled, On: true})
	if s.last.Screen.Jump != "" {
		t.Error("the button stays at the end")
	}
	s.says("a short one")
	s.says("and a long one")
	s.do(Intent{Kind: Scrolled}) // to the top of "a short one"
	if s.last.Screen.Jump != "New messages" {
		t.Errorf("a message out of view: button %q", s.last.Screen.Jump)
	}
	s.do(Intent{Kind: WantJump})
	s.do(Intent{Kind: Scrolled, On: true})
	s.do(Intent{Kind: Scrolled}) // by the visitor
	if s.last.Screen.Jump != "" {
		t.Errorf("what has been in view: %q", s.last.Screen.Jump)
	}
	s.sends("mine")
	if s.scroll.Kind != ScrollEnd && s.last.Screen.Jump == "" {
		// the scroll belongs to the Added event, whose batch was taken before Written
		if !s.following {
			t.Error("one's own message is not followed")
		}
	}
	var joined Scroll
	for _, add := range []Scroll{{}, {ScrollEnd, ""}, {ScrollTo, "first"}, {ScrollTo, "second"}, {ScrollEnd, ""}, {}} {
		joined.add(add)
	}
	if joined != (Scroll{ScrollTo, "first"}) {
		t.Errorf("merged: %+v; want the first message to read", joined)
	}
}

// The groups on both sides of a removed message are joined in the same batch.
func TestRemovedBetweenTwo(t *testing.T) {
	now := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	var entries []protocol.Entry
	for i, kind := range []protocol.Kind{protocol.Agent, protocol.Visitor, protocol.Agent} {
		key := string(rune('a' + i))
		e := protocol.Entry{Key: key, ID: key, Kind: kind, Text: "text", Name: "Maya", At: now.Add(time.Duration(i) * time.Second)}
		if kind == protocol.Visitor {
			e.State = protocol.Failed
		}
		entries = append(entries, e)
	}
	c := New(now, Config{Words: words.New(), Stored: Stored{Conversation: protocol.Conversation{Entries: entries}}, NewKey: func() string { return "k" }})
	c.Take(now)
	c.Event(now, protocol.Event{Kind: protocol.Removed, Key: "b"})
	var last *Row
	for _, p := range c.Take(now).Rows {
		if p.Op == protocol.Updated && p.Index == 1 {
			last = p.Row
		}
	}
	if last == nil || last.First || !last.Last {
		t.Errorf("the message below is %+v, want the last one of a group", last)
	}
}

// TestNamesReadOneWay: controls of the writing direction are removed from names that the server sends, and from
// headings.
func TestNamesReadOneWay(t *testing.T) {
	const turned, name = "\u202eay\u2066aM\u200f\u061c", "ayaM"
	s := begin(t, Config{Visible: true, Options: Options{Heading: turned, Subheading: turned}})
	if sc := s.last.Screen; sc.Heading != name || sc.Subheading != name {
		t.Errorf("the headings are %q and %q", sc.Heading, sc.Subheading)
	}
	s.do(Intent{Kind: WantOpen})
	s.online()
	s.event(protocol.Event{Kind: protocol.OwnerNamed, Owner: protocol.Owner{ID: "o", Name: turned}})
	if sc := s.last.Screen; sc.Heading != name {
		t.Errorf("the heading is %q", sc.Heading)
	}
	for _, said := range []string{turned, "", "\u202e"} {
		e := protocol.Entry{Text: "x", Name: said, At: s.now}
		if got := s.nameOf(&e); got != name {
			t.Errorf("%q is shown as %q", said, got)
		}
		s.agent(e)
	}
	if s := s.TranscriptText(); strings.Contains(s, "\u202eay") {
		t.Errorf("the transcript: %q", s)
	}
}
