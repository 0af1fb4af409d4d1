package chat

import (
	"strings"
	"time"

	"plurachat/widget/backend"
)

// formDue reports whether the visitor is to be asked who they are before the
// first message of a conversation: the owner wants it, and nobody has said so
// yet.
func (c *Chat) formDue() bool {
	conv := &c.record.Conversation
	return len(c.o.Prechat) > 0 && c.o.Record == "" && c.o.Session == "" && !c.anonymous && (c.renewing || !conv.Begun())
}

// showForm shows the pre-chat form as the owner wants it now. One that is there
// already keeps what the visitor has filled in.
func (c *Chat) showForm() {
	f := newForm(&c.o, &c.words)
	switch {
	case c.form == nil:
		c.form = f
	case !c.form.Like(f):
		f.Original, f.Busy = c.form.Original, c.form.Busy
		c.form = f
	}
}

// start takes what the visitor has filled in. What it is, is known for as long
// as the page lives, and never stored.
func (c *Chat) start(now time.Time, values string, agreed bool) {
	if c.form == nil || c.form.Busy {
		return
	}
	record, again := c.form.check(now, &c.o, &c.words, values, agreed)
	if again != nil {
		c.form = again
		c.batch.Focus = FocusComposer
		return
	}
	c.lead = record
	c.identifyLead()
}

// identifyLead initialises a session with the lead data at hand.
func (c *Chat) identifyLead() {
	if c.lead == "" {
		return // forgotten meanwhile
	}
	if c.form != nil {
		c.form = c.form.busy(true)
	}
	c.notice = Notice{}
	c.began = true
	c.command(backend.Command{Kind: backend.Identify, Text: c.lead, Digest: digest(c.lead)})
}

// hold keeps a message until there is a conversation. Over a reload it is kept
// as a draft, because the visitor may have written it.
func (c *Chat) hold(cmd backend.Command) {
	rest := strings.TrimPrefix(c.record.Draft, c.heldText())
	c.held = append(c.held, cmd)
	c.record.Draft = c.heldText() + rest
	c.save()
}

// heldText is what the draft begins with while messages are held.
func (c *Chat) heldText() string {
	s := ""
	for i := range c.held {
		s += c.held[i].Text + "\n"
	}
	return s
}

// admitted ends the form: there is a conversation.
func (c *Chat) admitted() {
	if c.form == nil && len(c.held) == 0 {
		return
	}
	if c.form != nil && c.open {
		c.batch.Focus = FocusComposer
	}
	c.form = nil
	if !c.began && (len(c.held) > 0 || c.open && !c.o.Inline) {
		c.connect() // the owner has said who the visitor is, or that it does not matter
	}
	if len(c.held) > 0 {
		c.record.Draft = strings.TrimPrefix(c.record.Draft, c.heldText())
		c.batch.Input = true
		c.save()
	}
	for _, cmd := range c.held {
		c.command(cmd)
	}
	c.held = nil
}
