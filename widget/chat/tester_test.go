package chat

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"plurachat/protocol"
	"plurachat/widget/backend"
	"plurachat/widget/words"
)

// tester is a Chat with a clock and a record of its consequences.
type tester struct {
	*testing.T
	*Chat
	now       time.Time
	commands  []string
	emits     []string
	settled   []string
	saves     int
	last      Batch
	rows      []Row // as a view shows them that applies the patches
	focus     Focus
	scroll    Scroll
	announced []string
	onBatch   func(*Batch) // called with each batch
}

func begin(t *testing.T, c Config) *tester {
	n := 0
	c.NewKey = func() string { n++; return fmt.Sprint("v", n) }
	c.Options.Flow = testFlow
	c.Words = words.New()
	s := &tester{T: t, now: start}
	s.Chat = New(s.now, c)
	s.applyBatch()
	return s
}

func (s *tester) do(i Intent) { s.Helper(); s.Do(s.now, i); s.applyBatch() }

func (s *tester) event(e protocol.Event) { s.Helper(); s.Event(s.now, e); s.applyBatch() }

func (s *tester) wait(d time.Duration) {
	s.Helper()
	for end := s.now.Add(d); ; {
		next := s.Next()
		if next.IsZero() || next.After(end) {
			s.now = end
			return
		}
		s.now = next
		s.Tick(s.now)
		s.applyBatch()
	}
}

// applyBatch applies the batch as a view does, and checks the rows.
func (s *tester) applyBatch() {
	s.Helper()
	b := s.Take(s.now)
	s.last, s.focus, s.scroll = b, b.Focus, b.Scroll
	for _, c := range b.Commands {
		s.commands = append(s.commands, commandText(&c))
	}
	for _, e := range b.Emits {
		text := e.Name
		for _, p := range e.Detail {
			text += fmt.Sprintf(" %s=%v", p.Name, p.Value)
		}
		s.emits = append(s.emits, text)
	}
	for _, e := range b.Settled {
		s.settled = append(s.settled, fmt.Sprint(e.Call, " ", e.Reason, e.Detail))
	}
	if b.Save {
		s.saves++
	}
	if s.onBatch != nil {
		s.onBatch(&b)
	}
	for i := range b.Announce {
		s.announced = append(s.announced, b.Announce[i].Text(&s.Chat.words))
	}
	for _, p := range b.Rows {
		switch p.Op {
		case protocol.Inserted:
			s.rows = slices.Insert(s.rows, p.Index, *p.Row)
		case protocol.Updated:
			s.rows[p.Index] = *p.Row
		case protocol.Moved:
			s.rows = slices.Delete(s.rows, p.Former, p.Former+1)
			s.rows = slices.Insert(s.rows, p.Index, *p.Row)
		case protocol.Deleted:
			s.rows = slices.Delete(s.rows, p.Index, p.Index+1+p.More)
		case protocol.Cleared:
			s.rows = nil
		}
	}
	entries := s.Stored().Conversation.Entries
	if len(s.rows) != len(entries) {
		s.Fatalf("%d rows for %d entries", len(s.rows), len(entries))
	}
	for i := range entries {
		if want := s.Chat.row(s.now, i); s.rows[i] != want {
			s.Fatalf("row %d is\n%+v, should be\n%+v", i, s.rows[i], want)
		}
	}
}

func commandText(c *backend.Command) string {
	text := [...]string{"connect", "send", "retry", "remove", "typing", "attend", "network", "wake", "suspend", "", "identify", "adopt", "reset", "new"}[c.Kind]
	switch c.Kind {
	case backend.Connect:
		if c.On {
			text += " anonymously"
		}
	case backend.Send:
		text += " " + c.Key + " " + c.Text
	case backend.Retry, backend.Remove:
		text += " " + c.Key
	case backend.Typing, backend.Attend, backend.Network:
		text += fmt.Sprint(" ", c.On)
	case backend.Adopt:
		text += " " + c.Flow + " " + string(c.Session)
	}
	return text
}

// expect compares what has been recorded since the last call, and clears it.
func (s *tester) expect(what string, got *[]string, want ...string) {
	s.Helper()
	if !slices.Equal(*got, want) {
		s.Errorf("%s: %q, want %q", what, *got, want)
	}
	*got = nil
}

func (s *tester) says(text string) {
	s.agent(protocol.Entry{Text: text, Name: "Maya", At: s.now})
}

func (s *tester) agent(e protocol.Entry) {
	s.Helper()
	e.Key = fmt.Sprint("a", len(s.rows), e.Text)
	e.ID = "id-" + e.Key
	s.event(protocol.Event{Kind: protocol.Added, Entry: e})
}

// online simulates the connection of a first visit.
func (s *tester) online() {
	s.Helper()
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Connecting})
	s.event(protocol.Event{Kind: protocol.SessionBegun, Session: testSession, Flow: testFlow})
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Online})
	s.event(protocol.Event{Kind: protocol.OwnerNamed, Owner: protocol.Owner{ID: "o", Name: "Flow Tester", Picture: "https://example.com/o.png"}})
	s.says("Hi! How can I help you today?")
}

func (s *tester) sends(text string) (key string) {
	s.Helper()
	s.do(Intent{Kind: WantEdit, Text: text})
	s.do(Intent{Kind: WantSend, Text: text})
	last := s.commands[len(s.commands)-1]
	key, _, _ = strings.Cut(strings.TrimPrefix(last, "send "), " ")
	s.event(protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Key: key, Kind: protocol.Visitor, State: protocol.Sending, Text: text, At: s.now}})
	s.event(protocol.Event{Kind: protocol.Written, Key: key})
	return key
}
