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
