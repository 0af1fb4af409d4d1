//go:build !js

package chat

import (
	"fmt"
	"strings"
	"testing"

	"plurachat/protocol"
	"plurachat/widget/pieces"
)

// The newest messages are kept, and those of the visitor that are not sent. The visitor is told about the others.
func TestTranscriptIsBounded(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	unsent := s.sends("Nobody hears me")
	s.event(protocol.Event{Kind: protocol.GivenUp, Key: unsent, Reason: "no answer"})
	for i := range protocol.MostEntries - 2 {
		s.says(fmt.Sprint("message ", i))
	}
	if len(s.rows) != protocol.MostEntries || s.last.Screen.Earlier != "" {
		t.Fatalf("%d rows, earlier %q, below the limit", len(s.rows), s.last.Screen.Earlier)
	}
	const more = 300
	for i := range more {
		s.Event(s.now, protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Key: fmt.Sprint("more", i), Text: fmt.Sprint("more ", i), At: s.now}})
	}
	s.applyBatch()
	if len(s.rows) != protocol.MostEntries || s.last.Screen.Earlier == "" {
		t.Errorf("%d rows, earlier %q, want %d and a text", len(s.rows), s.last.Screen.Earlier, protocol.MostEntries)
	}
	if r := s.rows[0]; r.Key != unsent || r.State != protocol.Failed || !r.Day {
		t.Errorf("what was not sent is gone: the first row is %+v", r)
	}
	if first, last := s.rows[1].Text, s.rows[len(s.rows)-1].Text; first != "message 299" || last != fmt.Sprint("more ", more-1) {
		t.Errorf("the rows are from %q to %q", first, last)
	}
	s.event(protocol.Event{Kind: protocol.Forgotten})
	if s.last.Screen.Earlier != "" {
		t.Error("a conversation that was reset has earlier messages")
	}
}

// Of long messages fewer are kept.
func TestTranscriptIsBoundedInBytes(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	text := strings.Repeat("long ", 1<<20/5)
	for range 30 {
		s.says(text)
	}
	if n := len(s.rows); n < 5 || n > 10 {
		t.Errorf("%d messages of 1 MiB are kept", n)
	}
}

// In a hidden tab nothing is drawn; the number of waiting patches is bounded.
func TestUndrawnIsBounded(t *testing.T) {
	s := begin(t, Config{Open: true})
	s.online()
	var undrawn Batch
	for i := range 5 * protocol.MostEntries {
		s.Event(s.now, protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Key: fmt.Sprint(i), Text: "Hello", At: s.now}})
		if i%100 > 0 {
			continue
		}
		b := s.Take(s.now)
		if undrawn.Merge(&b); undrawn.Stale() {
			undrawn.Rows = nil
			s.Redraw(s.now)
			anew := s.Take(s.now)
			undrawn.Merge(&anew)
		}
		if n := len(undrawn.Rows); n > 4*protocol.MostEntries {
			t.Fatalf("%d patches wait after %d messages", n, i)
		}
	}
	s.Redraw(s.now)
	s.applyBatch()
}

func TestLongMessage(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	short, long := strings.Repeat("word ", MostShown/5), strings.Repeat("word ", MostShown/5)+"more"
	s.says(short)
	s.says(long)
	if r := s.rows[1]; r.Cut || r.Text != short {
		t.Errorf("of %d characters %d are shown", len(short), len(r.Text))
	}
	r := s.rows[2]
	if n := len(r.Text); !r.Cut || n > collapsedLength || n < collapsedLength*3/4 || !strings.HasPrefix(long, r.Text) {
		t.Errorf("of %d characters %d are shown", len(long), n)
	}
	if said := s.announced[len(s.announced)-1]; len(said) > mostAnnouncedText+100 || !strings.HasPrefix(said, "Maya said: word") {
		t.Errorf("%d bytes are read out", len(said))
	}
	s.do(Intent{Kind: WantExpand, Key: r.Key})
	if r := s.rows[2]; r.Cut || r.Text != long || s.last.Reveal != r.Key || s.last.Scroll.Kind != ScrollStay {
		t.Errorf("%d characters are shown, cut %v, the keyboard is at %q", len(r.Text), r.Cut, s.last.Reveal)
	}
	s.do(Intent{Kind: WantExpand, Key: "of no message"})
	if s.last.Reveal != "" {
		t.Error("a message that does not exist is expanded")
	}
	// A stored conversation, after a reload.
	again := begin(t, Config{Visible: true, Open: true, Stored: *s.Stored()})
	if r := again.rows[2]; !r.Cut || len(r.Text) > collapsedLength {
		t.Errorf("stored, %d characters are shown", len(r.Text))
	}
}

// A text is broken between words, and never inside a user-perceived character.
func TestBreakBefore(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"aaaa bbbb cccc", "aaaa bbbb "},
		{"aaaaa\nb cccc", "aaaaa\n"},
		{"aaaaaaaaaaaaaa", "aaaaaaaaaaa"},
		{"aaaaaaae\u0301bbbb", "aaaaaaa"},
		{"aaaaaa\U0001f1e9\U0001f1eaaaa", "aaaaaa"},
		{"aaa👩\u200d👧bbb", "aaa"},
		{"aaaaaa\U0001f44d\U0001f3fdbbb", "aaaaaa"},
		{"文文文文文文文", "文文文文"},
	} {
		text, want := strings.Repeat("y", 40)+c.text, strings.Repeat("y", 40)+c.want
		at := 51
		if i := strings.IndexAny(c.text, "\u0301\U0001f1ea👧\U0001f3fd"); i >= 0 {
			at = 40 + i // inside the character
		}
		if got := text[:pieces.BreakBefore(text, at)]; got != want {
			t.Errorf("%q begins with %q, want %q", text, got, want)
		}
	}
}
