package chat

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"plurachat/protocol"
)

const offers = "Which? [Asphalt](reply:) [Metal](reply:)"

// live returns the keys of the rows whose answers are buttons.
func (s *tester) live() string {
	var keys []string
	for _, r := range s.rows {
		if r.Live {
			keys = append(keys, r.Key)
		}
	}
	return strings.Join(keys, " ")
}

func (s *tester) add(key string, kind protocol.Kind, text string) {
	s.Helper()
	s.event(protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Key: key, Kind: kind, Text: text, At: s.now}})
}

// TestRepliesAreAliveInTheLastMessage checks that only the last entry offers answers, and only a message of the agent.
func TestRepliesAreAliveInTheLastMessage(t *testing.T) {
	s := begin(t, Config{Open: true, Visible: true})
	s.add("a", protocol.Agent, offers)
	if s.live() != "a" {
		t.Errorf("the last message: %q", s.live())
	}
	s.add("b", protocol.Agent, "No offer here")
	if s.live() != "" {
		t.Errorf("below it is another message: %q", s.live())
	}
	s.add("c", protocol.Agent, offers)
	s.add("v", protocol.Visitor, offers)
	if s.live() != "" {
		t.Errorf("the visitor has written: %q", s.live())
	}
	s.add("d", protocol.Agent, offers)
	o := s.o
	o.NoReplies = true
	s.SetOptions(s.now, o, s.words)
	s.applyBatch()
	if s.live() != "" {
		t.Errorf("switched off: %q", s.live())
	}
	o.NoReplies = false
	s.SetOptions(s.now, o, s.words)
	s.applyBatch()
	s.add("e", protocol.Ended, "")
	if s.live() != "" {
		t.Errorf("the conversation has ended: %q", s.live())
	}

	stored := Stored{Conversation: protocol.Conversation{Session: testSession, Entries: []protocol.Entry{{Key: "a", Kind: protocol.Agent, Text: offers, At: start}}}}
	if s = begin(t, Config{Stored: stored}); s.live() != "a" {
		t.Errorf("after a reload: %q", s.live())
	}
}

// TestReplyIsSentOnce checks that a tap sends the answer and its event once, and that the buttons go at once.
func TestReplyIsSentOnce(t *testing.T) {
	s := begin(t, Config{Open: true, Visible: true})
	s.add("a", protocol.Agent, offers)
	s.commands, s.emits = nil, nil
	s.do(Intent{Kind: WantReply, Text: "Metal"})
	s.do(Intent{Kind: WantReply, Text: "Metal"})
	if s.live() != "" {
		t.Errorf("after the tap: %q", s.live())
	}
	sent := slices.DeleteFunc(slices.Clone(s.commands), func(c string) bool { return !strings.Contains(c, "Metal") })
	suggested := slices.DeleteFunc(slices.Clone(s.emits), func(e string) bool { return !strings.Contains(e, "suggestion") })
	if len(sent) != 1 || len(suggested) != 1 || !strings.Contains(suggested[0], "Metal") || !strings.Contains(suggested[0], "reply") {
		t.Errorf("commands %q, events %q", s.commands, s.emits)
	}
	s.add("b", protocol.Agent, "Thanks")
	s.commands = nil
	s.do(Intent{Kind: WantReply, Text: "Metal"})
	if len(s.commands) > 0 {
		t.Errorf("a message without an offer: %q", s.commands)
	}
}

func TestImageHosts(t *testing.T) {
	for value, want := range map[string][]string{
		"": nil, "cdn.example.com": {"cdn.example.com"}, " CDN.Example.com, *.b.example\n*.c.example ": {"cdn.example.com", "*.b.example", "*.c.example"},
	} {
		if o, warnings := ParseOptions(attributes("image-hosts", value), Page{}); !reflect.DeepEqual(o.ImageHosts, want) || len(warnings) > 0 {
			t.Errorf("%q: %q, %v", value, o.ImageHosts, warnings)
		}
	}
	for _, bad := range []string{"*", "*.com", "https://cdn.example.com", "cdn.example.com/a", "cdn.example.com:80", "a.*.example", "localhost", ".example.com", "*..example", "büro.example", "'self'"} {
		o, warnings := ParseOptions(attributes("image-hosts", "a.example "+bad), Page{})
		if !reflect.DeepEqual(o.ImageHosts, []string{"a.example"}) || len(warnings) != 1 || warnings[0].Value != bad {
			t.Errorf("%q: %q, %v", bad, o.ImageHosts, warnings)
		}
	}
	// Of a list that is too long, the beginning is used, and one warning says so.
	for host, want := range map[string]int{"a.example ": 20, "* ": 0} {
		o, warnings := ParseOptions(attributes("image-hosts", strings.Repeat(host, 400)), Page{})
		if len(o.ImageHosts) != want || len(warnings) != 21-want || !strings.HasSuffix(warnings[0].Allowed, "at most 20") {
			t.Errorf("400 times %q: %d hosts, %d warnings", host, len(o.ImageHosts), len(warnings))
		}
	}
}
