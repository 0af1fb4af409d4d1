//go:build !js

package chat

import (
	"fmt"
	"testing"
	"time"

	"plurachat/protocol"
)

// If the clock goes back, as on a phone that synchronises it, no message moves or disappears, and no timer is delayed.
// Days and groups follow the times of the messages.
func TestClockGoesBack(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	s.says("before")
	s.now = s.now.Add(-3 * time.Hour)
	s.says("after")
	if r := s.rows; len(r) != 3 || r[2].Text != "after" || r[2].Day || !r[2].First || r[2].Ago != 0 {
		t.Errorf("three hours back: %+v", r)
	}
	s.now = s.now.Add(-48 * time.Hour)
	s.says("long before")
	if r := s.rows[3]; !r.Day || r.Ago != 0 {
		t.Errorf("two days back: %+v", r)
	}
	if r := s.rows[0]; r.Ago != 0 {
		t.Errorf("what comes from tomorrow is shown as %+v", r)
	}
	// The visitor's actions work, and typing ends.
	s.do(Intent{Kind: WantEdit, Text: "x"})
	s.wait(10 * time.Second)
	key := s.sends("Hello?")
	s.event(protocol.Event{Kind: protocol.Acknowledged, Key: key})
	if s.last.Screen.Dots == "" {
		t.Error("no dots")
	}
	s.wait(31 * time.Second)
	if s.last.Screen.Dots != "" {
		t.Error("the dots stay")
	}
}

// Without Config.Offset, the day of a message follows the location of its own time, as across daylight saving.
func TestDaysFollowTheirOwnOffset(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	summer := time.FixedZone("", int(2*time.Hour/time.Second))
	for _, hour := range []int{21, 22} { // 23:30 and 0:30
		s.agent(protocol.Entry{Text: "x", At: time.Date(2026, 7, 1, hour, 30, 0, 0, time.UTC).In(summer)})
	}
	if !s.rows[1].Day {
		t.Errorf("%+v is on the day of the row above", s.rows[1])
	}
}

// Two messages of one person within five minutes are one group, even if the clock goes back between them.
func TestGroupsWithinFiveMinutes(t *testing.T) {
	for d, want := range map[time.Duration]bool{
		0: true, 5*time.Minute - time.Second: true, 5 * time.Minute: false, -5*time.Minute + time.Second: true, -5 * time.Minute: false,
	} {
		a := protocol.Entry{Kind: protocol.Agent, At: start}
		b := protocol.Entry{Kind: protocol.Agent, At: start.Add(d)}
		if got := sameGroup(&a, &b); got != want {
			t.Errorf("%v apart: one group %v", d, got)
		}
	}
	same := func(change func(a, b *protocol.Entry)) bool {
		a, b := protocol.Entry{Kind: protocol.Agent, At: start}, protocol.Entry{Kind: protocol.Agent, At: start}
		change(&a, &b)
		return sameGroup(&a, &b)
	}
	for name, c := range map[string]struct {
		change func(a, b *protocol.Entry)
		want   bool
	}{
		"alike":         {func(a, b *protocol.Entry) {}, true},
		"visitor's":     {func(a, b *protocol.Entry) { a.Kind, b.Kind = protocol.Visitor, protocol.Visitor }, true},
		"dividers":      {func(a, b *protocol.Entry) { a.Kind, b.Kind = protocol.Fresh, protocol.Fresh }, false},
		"both sides":    {func(a, b *protocol.Entry) { b.Kind = protocol.Visitor }, false},
		"another name":  {func(a, b *protocol.Entry) { b.Name = "Kim" }, false},
		"another face":  {func(a, b *protocol.Entry) { b.Picture = "https://a.b/c" }, false},
		"no times":      {func(a, b *protocol.Entry) { a.At, b.At = time.Time{}, time.Time{} }, true},
		"one time":      {func(a, b *protocol.Entry) { a.At = time.Time{} }, false},
		"the other one": {func(a, b *protocol.Entry) { b.At = time.Time{} }, false},
		"failed":        {func(a, b *protocol.Entry) { a.State = protocol.Failed }, false},
		"failed below":  {func(a, b *protocol.Entry) { b.State = protocol.Failed }, false},
	} {
		if got := same(c.change); got != c.want {
			t.Errorf("%s: one group %v", name, got)
		}
	}
}

// Days follow the visitor's time zone, east and west of Greenwich, and dividers change at midnight.
func TestDaysAreTheVisitors(t *testing.T) {
	for _, hours := range []int{-11, -5, 0, 3, 14} {
		offset := hours * 3600
		s := begin(t, Config{Visible: true, Open: true, Offset: func(time.Time) int { return offset }})
		local := time.FixedZone("", offset)
		s.now = time.Date(2026, 3, 2, 23, 59, 58, 0, local)
		s.Chat.turnDay(s.now)
		s.says("late")
		if got, want := s.Next(), time.Date(2026, 3, 3, 0, 0, 0, 0, local); !got.Equal(want) {
			t.Errorf("%+d h: the next midnight is %v, want %v", hours, got.In(local), want)
		}
		s.wait(time.Second)
		s.says("still today")
		if r := s.rows[1]; r.Day || s.rows[0].Ago != 0 {
			t.Errorf("%+d h: before midnight %+v", hours, r)
		}
		s.wait(time.Second)
		if s.rows[0].Ago != 1 {
			t.Errorf("%+d h: at midnight, yesterday is %d days ago", hours, s.rows[0].Ago)
		}
		s.says("the next day")
		if r := s.rows[2]; !r.Day || r.Ago != 0 || !r.First || !s.rows[1].Last {
			t.Errorf("%+d h: after midnight %+v below %+v", hours, r, s.rows[1])
		}
		s.wait(24 * time.Hour)
		if s.rows[0].Ago != 2 || s.rows[2].Ago != 1 {
			t.Errorf("%+d h: a day later, %d and %d days ago", hours, s.rows[0].Ago, s.rows[2].Ago)
		}
		s.wait(240 * time.Hour)
		if s.rows[0].Ago != 2 {
			t.Errorf("%+d h: long ago is %d", hours, s.rows[0].Ago)
		}
	}
}

// A phone that has lost the time starts in 1970, which is 1969 west of Greenwich. Its days are distinguished, too.
func TestPhoneThatLostTheTime(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true, Offset: func(time.Time) int { return -5 * 3600 }})
	s.now = time.Unix(2*3600, 0)
	s.says("in the evening")
	s.now = time.Unix(5*3600-1, 0)
	s.says("before midnight")
	s.now = time.Unix(5*3600, 0)
	s.Chat.turnDay(s.now)
	s.says("after midnight")
	if s.rows[1].Day || !s.rows[2].Day {
		t.Errorf("rows %+v", s.rows)
	}
}

// A message without a time belongs to the day of the message above it.
func TestMessagesWithoutATime(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.agent(protocol.Entry{Text: "some time"})
	s.says("today")
	s.agent(protocol.Entry{Text: "some time again"})
	s.says("today, too")
	shape := ""
	for _, r := range s.rows {
		shape += fmt.Sprint(r.Day, r.At > 0, ", ")
	}
	if shape != "false false, true true, false false, false true, " {
		t.Errorf("rows with a divider, and with a time: %s", shape)
	}
	s.wait(24 * time.Hour)
	s.says("the next day")
	if r := s.rows; !r[4].Day || r[1].Ago != 1 || r[2].Day {
		t.Errorf("rows %+v", r)
	}
}
