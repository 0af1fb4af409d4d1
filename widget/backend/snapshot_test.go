package backend

import (
	"strings"
	"testing"

	"plurachat/protocol"
)

// Join puts the other tab's entries after older ones that only this tab has, and before the messages that the visitor
// has just sent in this tab.
func TestJoin(t *testing.T) {
	conv := func(keys string) *protocol.Conversation {
		c := &protocol.Conversation{}
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
		{"a b c", "b x c", "a b x c"},
		{"a b c", "a", "a"},
		{"x a b", "a b", "x a b"},
		{"a b", "a b", "a b"},
		{"a b x…", "b c", "a b c x"},
		{"x… a", "a b", "x a b"},
		{"a x…", "a x", "a x"},
		{"a x!", "a", "a"},
		{"a b", "c d", "c d"},
	} {
		joined := Join(conv(c.ours), conv(c.theirs))
		var keys []string
		for _, e := range joined.Entries {
			keys = append(keys, e.Key)
		}
		if got := strings.Join(keys, " "); got != c.want {
			t.Errorf("%q and %q are joined to %q, want %q", c.ours, c.theirs, got, c.want)
		}
	}
}

// Nothing of a deleted conversation is added to the next one, nor to an empty one.
func TestJoinAfterDeletion(t *testing.T) {
	unsent := protocol.Entry{Key: "unsent", Kind: protocol.Visitor, State: protocol.Sending, Text: "x"}
	greeting := protocol.Entry{Key: "greeting"}
	for name, c := range map[string]struct {
		ours, theirs protocol.Conversation
		kept         bool
	}{
		"no session yet":      {ours: protocol.Conversation{Entries: []protocol.Entry{unsent}}, kept: true},
		"the same session":    {ours: protocol.Conversation{Session: "a", Entries: []protocol.Entry{unsent}}, theirs: protocol.Conversation{Session: "a"}, kept: true},
		"a shared entry":      {ours: protocol.Conversation{Session: "a", Entries: []protocol.Entry{greeting, unsent}}, theirs: protocol.Conversation{Session: "b", Entries: []protocol.Entry{greeting}}, kept: true},
		"deleted":             {ours: protocol.Conversation{Session: "a", Entries: []protocol.Entry{unsent}}},
		"deleted and another": {ours: protocol.Conversation{Session: "a", Entries: []protocol.Entry{unsent}}, theirs: protocol.Conversation{Session: "b", Entries: []protocol.Entry{greeting}}},
	} {
		joined := Join(&c.ours, &c.theirs)
		if got := joined.Index("unsent") >= 0; got != c.kept {
			t.Errorf("%s: the message is kept: %v", name, got)
		}
	}
}
