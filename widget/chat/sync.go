package chat

import (
	"slices"
	"time"

	"plurachat/protocol"
	"plurachat/widget/backend"
)

// Sync replaces the conversation by a snapshot from another tab or from storage. Older entries and unsent messages that
// only this tab has are kept.
func (c *Chat) Sync(now time.Time, s *backend.Snapshot) {
	conv := &c.stored.Conversation
	joined := backend.Join(conv, &s.Conversation)
	same := slices.Equal(conv.Entries, joined.Entries) && conv.Owner == joined.Owner
	*conv = joined
	if !same {
		c.Redraw(now)
	}
	for key := range c.calls { // settle the promises of messages that are sent, failed or gone in the snapshot
		i := conv.Index(key)
		switch {
		case i < 0:
			if !c.holds(key) {
				c.settleSend(key, wasReset)
			}
		case conv.Entries[i].State == protocol.Sent:
			c.settleSend(key, "", Pair{"id", conv.Entries[i].ID})
		case conv.Entries[i].State == protocol.Failed:
			c.settleSend(key, conv.Entries[i].Reason)
		}
	}
	if s.State != "" {
		c.changeState(protocol.Event{Kind: protocol.StateChanged, State: s.State})
		if conv.Session == "" && c.notice.intent == WantConnect {
			c.notice.intent = WantIdentify // the other tab has the lead data, if any was refused
		}
	}
	c.reconcile(now)
}
