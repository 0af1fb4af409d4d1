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
	for key, call := range c.calls { // settle the promises of messages that are sent, failed or gone in the snapshot
		i := conv.Index(key)
		switch {
		case i < 0:
			c.settleCall(call, "the conversation was reset")
		case conv.Entries[i].State == protocol.Sent:
			c.settleCall(call, "", Pair{"id", conv.Entries[i].ID})
		case conv.Entries[i].State == protocol.Failed:
			c.settleCall(call, conv.Entries[i].Reason)
		default:
			continue
		}
		delete(c.calls, key)
	}
	if s.State != "" {
		c.changeState(protocol.Event{Kind: protocol.StateChanged, State: s.State})
		if conv.Session == "" && c.notice.intent == WantConnect {
			c.notice.intent = WantIdentify // the other tab knows whether lead data was refused, and which
		}
	}
	c.reconcile(now)
}

// SeenElsewhere sets the read mark to that of another tab, if that is further down.
func (c *Chat) SeenElsewhere(now time.Time, key string) {
	conv := &c.stored.Conversation
	if at := conv.Index(key); at >= 0 && at > conv.Index(c.stored.Read) {
		c.stored.Read = key
		c.saveLater()
		c.reconcile(now)
	}
}

// Visible reports whether the tab is visible.
func (c *Chat) Visible() bool { return c.visible }

// Following reports whether the end of the log is in view, as of the last Scrolled intent.
func (c *Chat) Following() bool { return c.following }

// Reading reports whether the conversation is in view in this tab: the panel is open and the tab visible.
func (c *Chat) Reading() bool { return c.open && c.visible }
