package chat

import (
	"strings"
	"time"

	"plurachat/protocol"
	"plurachat/widget/markdown"
)

// Message is one message as the API returns it.
type Message struct {
	ID, From, Name, Text, At string
}

// Transcript returns the messages of the conversation, without those that the server has not acknowledged.
func (c *Chat) Transcript() []Message {
	var out []Message
	for i := range c.stored.Conversation.Entries {
		switch e := &c.stored.Conversation.Entries[i]; {
		case e.Kind == protocol.Agent:
			out = append(out, Message{e.ID, "agent", e.Name, e.Text, timestamp(e.At)})
		case e.Kind == protocol.Visitor && e.State == protocol.Sent:
			out = append(out, Message{e.ID, "visitor", "", e.Text, timestamp(e.At)})
		}
	}
	return out
}

// TranscriptText returns the conversation as a text file: each message with its sender and local time.
func (c *Chat) TranscriptText() string {
	var b strings.Builder
	if name := c.ownerName(); name != "" {
		b.WriteString(c.words.Get("transcriptLine", "name", c.words.Get("transcript"), "text", name))
	} else {
		b.WriteString(c.words.Get("transcript"))
	}
	b.WriteString("\n\n")
	for i := range c.stored.Conversation.Entries {
		e := &c.stored.Conversation.Entries[i]
		if e.Kind > protocol.Visitor {
			line := c.words.Get(DividerWord(e.Kind))
			if e.Kind != protocol.Dropped {
				line = "--- " + line + " ---"
			}
			b.WriteString(line + "\n\n")
			continue
		}
		if !e.At.IsZero() {
			local := string(protocol.AppendStamp(nil, e.At.Add(time.Duration(c.offset(e.At))*time.Second)))
			b.WriteString("[" + local[:10] + " " + local[11:16] + "] ")
		}
		name, text := c.words.Get("you"), e.Text
		if e.Kind == protocol.Agent {
			name, text = c.nameOf(e), markdown.PlainTextWithLinks(markdown.Parse(text))
		} else if e.State == protocol.Failed {
			name += " (" + c.words.Get("notSent") + ")"
		}
		b.WriteString(c.words.Get("transcriptLine", "name", name, "text", text) + "\n\n")
	}
	return b.String()
}
