package chat

import (
	"time"

	"plurachat/protocol"
)

// unreadMessages returns the number of the agent's messages below the read mark, and the key of the oldest of them.
func (c *Chat) unreadMessages() (n int, oldest string) {
	entries := c.stored.Conversation.Entries
	for i := len(entries) - 1; i >= 0 && entries[i].Key != c.stored.Read; i-- {
		if entries[i].Kind == protocol.Agent {
			n, oldest = n+1, entries[i].Key
		}
	}
	return n, oldest
}

// toUnread returns the Scroll to the agent's oldest unread message, or to the end if all are read.
func (c *Chat) toUnread() Scroll {
	if n, oldest := c.unreadMessages(); n > 0 {
		return Scroll{Kind: ScrollTo, Key: oldest}
	}
	return Scroll{Kind: ScrollEnd}
}

// markRead moves the read mark to the agent's newest message.
func (c *Chat) markRead() {
	entries := c.stored.Conversation.Entries
	for i := len(entries) - 1; i >= 0; i-- {
		if entries[i].Kind == protocol.Agent {
			if c.stored.Read != entries[i].Key {
				c.stored.Read = entries[i].Key
				c.saveLater()
			}
			return
		}
	}
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
