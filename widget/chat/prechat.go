package chat

import (
	"strings"
	"time"

	"plurachat/widget/backend"
)

// formDue reports whether the visitor must fill in the form before the first message of a conversation: the site owner
// has set prechat, and there is no session and no lead data.
func (c *Chat) formDue() bool {
	return len(c.o.Prechat) > 0 && c.o.Record == "" && c.o.Session == "" && !c.anonymous &&
		(c.formForNew || !c.stored.Conversation.Begun())
}

// showForm shows the pre-chat form with the current options. A form that is shown already keeps the visitor's input.
func (c *Chat) showForm() {
	f := newForm(&c.o, &c.words)
	switch {
	case c.form == nil:
		c.form = f
	case !c.form.Matches(f):
		f.Original, f.Busy = c.form.Original, c.form.Busy
		c.form = f
	}
}

// submitForm handles the submitted form. The lead data is kept in memory only.
func (c *Chat) submitForm(now time.Time, values string, agreed bool) {
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

// identifyLead initialises a session with the known lead data. If only another tab has the lead data that was
// refused, the backend tries it again.
func (c *Chat) identifyLead() {
	if c.lead == "" {
		if !c.notice.asksForLead() {
			return // a reset has cleared it
		}
		if c.formDue() {
			c.notice = notice{} // the visitor gives it
			c.showForm()
			return
		}
		c.lead = c.o.Record
	}
	if c.form != nil {
		c.form = c.form.busy(true)
	}
	c.notice = notice{}
	c.connectRequested = true
	if c.lead == "" {
		c.command(backend.Command{Kind: backend.Identify})
		return
	}
	c.initialise(c.lead)
}

// hold keeps a message until the form is answered. It is stored as part of the draft, so that it survives a reload.
func (c *Chat) hold(cmd backend.Command) {
	rest := strings.TrimPrefix(c.stored.Draft, c.heldText())
	c.held = append(c.held, cmd)
	c.stored.Draft = c.heldText() + rest
	c.save()
}

// holds reports whether a message waits for the form.
func (c *Chat) holds(key string) bool {
	for i := range c.held {
		if c.held[i].Key == key {
			return true
		}
	}
	return false
}

// heldText returns the part of the draft that holds the waiting messages.
func (c *Chat) heldText() string {
	s := ""
	for i := range c.held {
		s += c.held[i].Text + "\n"
	}
	return s
}

// closeForm closes the form, and sends the messages that were waiting for it.
func (c *Chat) closeForm() {
	if c.form == nil && len(c.held) == 0 {
		return
	}
	if c.form != nil && c.open {
		c.batch.Focus = FocusComposer
	}
	c.form = nil
	if !c.connectRequested && (len(c.held) > 0 || c.open && !c.o.Inline) {
		c.connect() // an attribute has identified the visitor, or removed the form
	}
	if len(c.held) > 0 {
		c.stored.Draft = strings.TrimPrefix(c.stored.Draft, c.heldText())
		c.batch.Input = true
		c.save()
	}
	for _, cmd := range c.held {
		c.command(cmd)
	}
	c.held = nil
}
