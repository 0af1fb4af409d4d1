package chat

import (
	"strings"
	"time"

	"plurachat/protocol"
)

// offersReplies reports whether the answers that entry i offers are buttons: it is a message of the agent and the last
// entry, and the visitor has not used one of them.
func (c *Chat) offersReplies(i int) bool {
	entries := c.stored.Conversation.Entries
	e := &entries[i]
	return i == len(entries)-1 && e.Kind == protocol.Agent && e.Key != c.repliedTo && !c.o.NoReplies &&
		strings.Contains(e.Text, "reply:")
}

// reply sends an answer that the last message of the agent offers. The buttons go at once, so that a second tap does
// not send again.
func (c *Chat) reply(now time.Time, text string) {
	i := len(c.rows) - 1
	if i < 0 || !c.rows[i].Live {
		return
	}
	c.repliedTo = c.rows[i].Key
	c.emit("suggestion", Pair{"text", text}, Pair{"kind", "reply"})
	c.send(text)
	c.updateRow(now, i)
}
