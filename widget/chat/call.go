package chat

import (
	"strings"
	"unicode/utf8"

	"plurachat/widget/backend"
	"plurachat/widget/markdown"
)

// doCall handles what the page calls.
func (c *Chat) doCall(w Intent) {
	switch w.Kind {
	case CallSend:
		c.callSend(w)
	case CallIdentify:
		c.callIdentify(w)
	case CallDraft:
		c.callDraft(w)
	case CallReset:
		c.reset = append(c.reset, w.Call)
		c.command(backend.Command{Kind: backend.Reset})
	}
}

// callSend handles the API call send.
func (c *Chat) callSend(w Intent) {
	text := strings.TrimSpace(w.Text)
	switch {
	case text == "":
		c.settleCall(w.Call, "the message is empty")
	case utf8.RuneCountInString(text) > MaxText:
		c.settleCall(w.Call, "the message is too long")
	default:
		key := c.send(text)
		c.calls[key] = w.Call
	}
}

// callDraft handles the API call draft: it opens the panel, and puts a text into the composer unless the visitor has
// written something. Whoever writes a link chooses the text, so it contains nothing that the visitor does not see.
func (c *Chat) callDraft(w Intent) {
	text := markdown.WithoutHidden(w.Text)
	if utf8.RuneCountInString(text) > MaxText {
		text = string([]rune(text)[:MaxText])
	}
	held := c.heldText()
	if strings.TrimSpace(strings.TrimPrefix(c.stored.Draft, held)) == "" && text != "" {
		c.stored.Draft = held + text
		c.batch.Input = true
		c.save()
	}
	c.setOpen(true, false)
	c.settleCall(w.Call, "")
}

// callIdentify handles the API call identify.
func (c *Chat) callIdentify(w Intent) {
	c.connectRequested, c.identityChecked, c.lead = true, true, w.Text
	c.identify = append(c.identify, w.Call)
	c.initialise(w.Text)
	if conv := &c.stored.Conversation; conv.Session != "" && conv.Digest == digest(w.Text) {
		c.settleAll(&c.identify, "", Pair{"sessionId", string(conv.Session)}) // the session has this lead data already
	}
}

// settleCall settles the promise of an API call. An empty reason resolves it with detail.
func (c *Chat) settleCall(call int, reason string, detail ...Pair) {
	c.batch.Settled = append(c.batch.Settled, Settlement{Call: call, Reason: reason, Detail: detail})
}

// settleAll settles several promises, and clears the list.
func (c *Chat) settleAll(calls *[]int, reason string, detail ...Pair) {
	for _, call := range *calls {
		c.settleCall(call, reason, detail...)
	}
	*calls = nil
}

// settleSend settles the promise of send for a message, if there is one.
func (c *Chat) settleSend(key, reason string, detail ...Pair) {
	if call, ok := c.calls[key]; ok {
		delete(c.calls, key)
		c.settleCall(call, reason, detail...)
	}
}

// wasReset is the reason for which the promises of a deleted conversation are rejected.
const wasReset = "the conversation was reset"
