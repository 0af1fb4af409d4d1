package chat

import (
	"cmp"
	"time"

	"plurachat/protocol"
	"plurachat/widget/backend"
)

// connect requests a connection, the first one with the identity that the site owner gave. While the visitor must fill
// in the form, it shows that instead.
func (c *Chat) connect() {
	if c.formDue() {
		c.showForm()
		return
	}
	c.connectRequested = true
	checked := c.identityChecked
	c.identityChecked = true
	if checked || !c.applyIdentity() {
		c.command(backend.Command{Kind: backend.Connect, On: c.anonymous})
	}
}

// applyIdentity adopts the session, or initialises one with the lead data, that the site owner gave. It reports false
// if there is none, or the stored state has it already.
func (c *Chat) applyIdentity() bool {
	if c.o.Session != "" {
		given := digest(string(c.o.Session))
		if given == c.stored.Given {
			return false
		}
		c.stored.Given = given
		c.command(backend.Command{Kind: backend.Adopt, Flow: cmp.Or(c.o.Instance, c.o.Flow), Session: c.o.Session})
		c.save()
		return true
	}
	if c.o.Record == "" || digest(c.o.Record) == c.stored.Conversation.Digest {
		return false
	}
	c.lead = c.o.Record
	c.initialise(c.lead)
	return true
}

// digest returns the FNV-1a hash of s, and 1 in place of 0, which means "no digest". It detects a changed record; it
// does not protect a secret.
func digest(s string) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return max(h, 1)
}

// ensureConnected requests a connection if there is none. If the first session was refused, only another try with lead
// data begins one, so that the notice stays.
func (c *Chat) ensureConnected() {
	if c.state == protocol.Online || c.stored.Conversation.Session == "" && c.notice.asksForLead() {
		return
	}
	if c.notice.intent == WantConnect {
		c.notice = notice{}
	}
	c.connect()
}

// startNew starts a new conversation below a divider. If the visitor's lead data is not known, it shows the form first.
func (c *Chat) startNew() {
	c.dotsUntil = time.Time{}
	c.following = true
	c.batch.Focus = FocusComposer
	if c.lead == "" && !c.anonymous { // after a reload
		c.lead = c.o.Record
		c.formForNew = c.lead == ""
	}
	if c.formForNew = c.formForNew && c.formDue(); c.formForNew {
		c.showForm() // the current conversation ends with the answer
		return
	}
	c.command(backend.Command{Kind: backend.StartNew})
	if c.lead != "" { // the new conversation belongs to the same person
		c.initialise(c.lead)
	}
}
