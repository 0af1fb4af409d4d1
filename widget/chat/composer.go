package chat

import (
	"strings"
	"time"
	"unicode/utf8"

	"plurachat/protocol"
	"plurachat/widget/backend"
)

// submit sends the composer's text.
func (c *Chat) submit(text string) {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n > MaxText {
		c.say(c.words.Count("tooLong", n-MaxText))
		return
	} else if n == 0 {
		return
	}
	c.stored.Draft = ""
	c.batch.Input = true
	c.save()
	c.stopTyping()
	c.send(text)
}

// send sends a message, or keeps it until the form is answered. It returns the message's key.
func (c *Chat) send(text string) (key string) {
	if !c.connectRequested {
		c.connect()
	}
	if c.lost && c.open {
		c.say(c.words.Get("sendLater"))
	}
	c.following, c.belowView = true, 0
	cmd := backend.Command{Kind: backend.Send, Key: c.newKey(), Text: text}
	if c.form != nil {
		c.hold(cmd)
	} else {
		c.runNoticeAction()
		c.command(cmd)
	}
	return cmd.Key
}

// runNoticeAction does what the notice's button does. It is called before a message is sent, which would fail without a
// session.
func (c *Chat) runNoticeAction() {
	switch {
	case c.notice.intent == WantConnect:
		c.ensureConnected()
	case c.notice.asksForLead():
		c.identifyLead()
	}
}

// ReplaceDraft replaces the draft by one that a later page of this tab has stored. It is for a page that is
// back from the back/forward cache. What the visitor has typed since stays, and so does a message that waits for the
// form, which is part of the draft.
func (c *Chat) ReplaceDraft(text string) {
	if len(c.held) == 0 && c.saveAt.IsZero() {
		c.stored.Draft = text
		c.batch.Input = true
	}
}

// edit handles a change of the composer's text.
func (c *Chat) edit(now time.Time, text string) {
	if n := utf8.RuneCountInString(text); n > MaxText && utf8.RuneCountInString(c.stored.Draft) <= MaxText {
		c.say(c.words.Count("tooLong", n-MaxText))
	}
	c.stored.Draft = text
	c.saveAt = now.Add(draftDelay)
	if strings.TrimSpace(text) == "" {
		c.stopTyping()
		return
	}
	if c.typingUntil.IsZero() {
		if c.state != protocol.Online {
			return
		}
		c.command(backend.Command{Kind: backend.Typing, On: true})
	}
	c.typingUntil = now.Add(typingIdle)
}

func (c *Chat) stopTyping() {
	if !c.typingUntil.IsZero() {
		c.typingUntil = time.Time{}
		c.command(backend.Command{Kind: backend.Typing})
	}
}
