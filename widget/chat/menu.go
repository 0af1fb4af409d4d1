package chat

import (
	"strings"
	"time"

	"plurachat/protocol"
	"plurachat/widget/backend"
	"plurachat/widget/markdown"
	"plurachat/widget/words"
)

// AskKind is a question that the panel shows before an action.
type AskKind uint8

const (
	AskNothing AskKind = iota
	AskNew             // start a new conversation?
	AskEnd             // end the conversation, and delete it from this device?
)

// in returns the question in a language.
func (a AskKind) in(w *words.Language) Question {
	switch a {
	case AskNew:
		return Question{Text: w.Get("startNewAsk"), Yes: w.Get("startNew"), No: w.Get("cancel")}
	case AskEnd:
		return Question{Text: w.Get("endDeleteAsk"), Yes: w.Get("endDelete"), No: w.Get("cancel")}
	}
	return Question{}
}

// doMenu handles the intents of the menu and of the question.
func (c *Chat) doMenu(w Intent) {
	c.menu = false
	switch w.Kind {
	case WantMenu:
		c.menu = w.On
	case WantDownload:
		c.batch.Download = true
	case WantSound:
		if c.soundOn() {
			c.stored.Sound = No
		} else {
			c.stored.Sound = Yes
			c.batch.Sound = true // play it, so that the visitor knows what they have chosen
		}
		c.save()
	case WantAsk:
		c.ask = w.Ask
	case WantAnswer:
		ask := c.ask
		c.ask = AskNothing
		c.batch.Focus = FocusComposer
		if !w.On {
			return
		}
		switch ask {
		case AskNew:
			c.startNew()
		case AskEnd:
			c.setOpen(false, false)
			c.command(backend.Command{Kind: backend.Reset})
		}
	}
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
		switch e.Kind {
		case protocol.Fresh, protocol.Ended:
			b.WriteString("--- " + c.words.Get(dividerWord(e.Kind)) + " ---\n\n")
			continue
		case protocol.Dropped:
			b.WriteString(c.words.Get(dividerWord(e.Kind)) + "\n\n")
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

// dividerWord returns the key of the words of an entry that is not a message.
func dividerWord(k protocol.Kind) string {
	switch k {
	case protocol.Ended:
		return "ended"
	case protocol.Dropped:
		return "dropped"
	}
	return "newConversation"
}
