package chat

import (
	"slices"
	"time"

	"plurachat/protocol"
	"plurachat/widget/backend"
)

// Sync makes the conversation what another tab, or storage, knows it to be.
func (c *Chat) Sync(now time.Time, s *backend.Snapshot) {
	conv := &c.record.Conversation
	joined := backend.Join(conv, &s.Conversation)
	same := slices.Equal(conv.Entries, joined.Entries) && conv.Owner == joined.Owner
	*conv = joined
	if !same {
		c.Redraw(now)
	}
	for key, call := range c.calls { // what happened to a message meanwhile
		i := conv.Index(key)
		switch {
		case i < 0:
			c.batch.Settled = append(c.batch.Settled, Settlement{Call: call, Reason: "the conversation was reset"})
		case conv.Entries[i].State == protocol.Sent:
			c.batch.Settled = append(c.batch.Settled, Settlement{Call: call, Detail: []Pair{{"id", conv.Entries[i].ID}}})
		case conv.Entries[i].State == protocol.Failed:
			c.batch.Settled = append(c.batch.Settled, Settlement{Call: call, Reason: conv.Entries[i].Reason})
		default:
			continue
		}
		delete(c.calls, key)
	}
	if s.State != "" {
		c.changeState(protocol.Event{Kind: protocol.StateChanged, State: s.State})
	}
	c.settle(now)
}

// SeenElsewhere takes over the read mark of another tab, if it is further down.
func (c *Chat) SeenElsewhere(now time.Time, key string) {
	conv := &c.record.Conversation
	if at := conv.Index(key); at >= 0 && at > conv.Index(c.record.Read) {
		c.record.Read = key
		c.keep()
		c.settle(now)
	}
}

// Visible reports whether the tab is visible.
func (c *Chat) Visible() bool { return c.visible }

// Following reports whether the end of the log is in view, as far as the chat knows.
func (c *Chat) Following() bool { return c.following }

// Reading reports whether the conversation is being looked at in this tab.
func (c *Chat) Reading() bool { return c.open && c.visible }
