package chat

import (
	"time"

	"plurachat/protocol"
)

// Event handles an event of the conversation's backend.
func (c *Chat) Event(now time.Time, e protocol.Event) {
	conv := &c.stored.Conversation
	change := conv.Apply(e)
	c.applyChange(now, change, e.Kind == protocol.Added && !e.Entry.At.IsZero())
	switch {
	case e.Kind == protocol.StateChanged || e.Kind == protocol.Ignored || e.Kind == protocol.Reported:
	case e.Kind == protocol.Renamed || e.Kind == protocol.Added && e.Entry.State == protocol.Sent:
		c.saveLater()
	default:
		c.save()
	}
	switch e.Kind {
	case protocol.StateChanged:
		c.changeState(e)
	case protocol.SessionBegun:
		c.notice = notice{}
		if !e.Resumed {
			c.dotsUntil = time.Time{}
		}
		if c.stored.At.IsZero() {
			c.stored.At = now
		}
		c.emit("session", Pair{"id", string(e.Session)}, Pair{"flowId", e.Flow}, Pair{"resumed", e.Resumed})
	case protocol.Switched:
		c.dotsUntil, c.formForNew = time.Time{}, false
		if e.Digest != 0 {
			c.emit("identify", Pair{"sessionId", string(e.Session)})
			c.settleAll(&c.identify, "", Pair{"sessionId", string(e.Session)})
		}
	case protocol.OwnerNamed:
		c.updateRows(now, 0, len(c.rows)-1) // rows without a picture of their own show the chat owner's
		c.emit("owner", Pair{"id", e.Owner.ID}, Pair{"name", e.Owner.Name}, Pair{"picture", e.Owner.Picture})
	case protocol.Added:
		if change.Op == protocol.Inserted {
			c.added(now, e.Entry)
		}
	case protocol.Acknowledged, protocol.Answered:
		if change.Op != protocol.Unchanged { // a message that was written twice is acknowledged twice
			c.acknowledged(now, e)
		}
	case protocol.GivenUp:
		c.givenUp(e)
	case protocol.Retried:
		c.following = true
		c.scroll(Scroll{Kind: ScrollEnd})
	case protocol.Forgotten:
		c.forgotten()
	case protocol.Reported:
		c.emit("error", Pair{"code", e.Reason}, Pair{"message", errorText(e.Err, "unknown")})
	case protocol.Refused:
		c.refused(e)
	}
	c.reconcile(now)
}

// changeState handles a new state of the connection, or a new reason for the current one.
func (c *Chat) changeState(e protocol.Event) {
	detail := []Pair{{"state", string(e.State)}}
	if e.Err != nil {
		detail = append(detail, Pair{"reason", e.Err.Error()})
	} else if c.state == e.State {
		return
	}
	c.emit("status", detail...)
	if c.state == e.State {
		return
	}
	c.state = e.State
	if e.State != protocol.Online {
		c.typingUntil = time.Time{} // the server's typing state ends with the connection
	}
	switch e.State {
	case protocol.Reconnecting, protocol.Offline:
		c.lost = true // the status says so
	case protocol.GaveUp:
		if c.notice.word != "" || c.anonymous {
			break // a more precise notice is shown, or the conversation continues without lead data
		}
		c.notice = failedNotice(WantConnect)
		c.emit("error", Pair{"code", "failed"}, Pair{"message", errorText(e.Err, "could not establish a session")})
	case protocol.Online:
		c.notice = notice{}
		if c.lost && c.open {
			c.say(c.words.Get("connected"))
		}
		c.lost = false
	}
}

// failedNotice returns the notice that the conversation could not begin, with a button for the intent.
func failedNotice(i IntentKind) notice { return notice{word: "sessionFailed", intent: i} }

// errorText returns an error's text, or otherwise if err is nil.
func errorText(err error, otherwise string) string {
	if err == nil {
		return otherwise
	}
	return err.Error()
}

// added reports a new entry to the page and to the visitor.
func (c *Chat) added(now time.Time, e protocol.Entry) {
	live := !e.At.IsZero()
	switch e.Kind {
	case protocol.Agent:
		c.dotsUntil = time.Time{}
		if live {
			c.stored.At = now
			c.batch.Sound = c.batch.Sound || c.soundOn() && !c.Reading()
			c.batch.announce(Announcement{Name: c.nameOf(&e), Message: e.Text})
		}
		c.emitMessage(&e, "agent", e.Name)
		if c.following {
			c.scroll(Scroll{Kind: ScrollTo, Key: e.Key})
			c.sinceScroll++
		} else if c.open {
			c.belowView++
		}
	case protocol.Visitor:
		if live {
			c.stored.At = now
		}
		c.emitMessage(&e, "visitor", "")
		if e.State == protocol.Sending {
			c.following = true
		}
		c.followEnd()
	default:
		if e.Kind == protocol.Ended {
			c.dotsUntil = time.Time{}
		}
		c.say(c.words.Get(DividerWord(e.Kind)))
		c.followEnd()
	}
}

func (c *Chat) emitMessage(e *protocol.Entry, from, name string) {
	at := c.stamp(e.At)
	c.emit("message", Pair{"id", e.ID}, Pair{"from", from}, Pair{"name", name}, Pair{"text", e.Text}, Pair{"at", at})
}

// acknowledged reports to the page that a message has reached the server, and shows the waiting dots.
func (c *Chat) acknowledged(now time.Time, e protocol.Event) {
	conv := &c.stored.Conversation
	i := conv.Index(e.Key)
	if i < 0 {
		return
	}
	c.emit("sent", Pair{"id", e.ID}, Pair{"text", conv.Entries[i].Text})
	c.settleSend(e.Key, "", Pair{"id", e.ID})
	if !c.answered(i) {
		if c.dotsUntil.IsZero() && c.open {
			c.say(c.typing())
		}
		c.dotsUntil = now.Add(dotsAtMost)
		c.followEnd()
	}
}

// answered reports whether there is a message of the agent below entry i. A replay may bring the answer before the
// acknowledgement.
func (c *Chat) answered(i int) bool {
	for _, e := range c.stored.Conversation.Entries[i+1:] {
		if e.Kind == protocol.Agent || e.Kind == protocol.Ended {
			return true
		}
	}
	return false
}

// givenUp reports to the page and the visitor that a message could not be sent.
func (c *Chat) givenUp(e protocol.Event) {
	i := c.stored.Conversation.Index(e.Key)
	if i < 0 {
		return
	}
	c.emit("failed", Pair{"text", c.stored.Conversation.Entries[i].Text}, Pair{"reason", e.Reason})
	c.say(c.words.Get("notSent"))
	c.settleSend(e.Key, e.Reason)
	c.followEnd()
}

// forgotten resets the state after the conversation was deleted. An open panel starts a new one at once.
func (c *Chat) forgotten() {
	for key := range c.calls {
		c.settleSend(key, wasReset)
	}
	c.settleAll(&c.identify, wasReset)
	c.stored = Stored{Sound: c.stored.Sound, Teaser: c.stored.Teaser}
	c.connectRequested, c.identityChecked, c.anonymous, c.lead = false, false, false, ""
	c.form, c.formForNew, c.held, c.notice = nil, false, nil, notice{}
	c.dotsUntil, c.typingUntil, c.underway = time.Time{}, time.Time{}, ""
	c.following, c.belowView, c.expanded, c.shortened = true, 0, nil, false
	c.batch.Forget, c.batch.Input = true, true
	c.hush()
	c.say(c.words.Get("deleted"))
	c.emit("reset")
	c.settleAll(&c.reset, "")
	if c.open && !c.o.Inline {
		c.connect()
	} else if c.open && c.formDue() {
		c.showForm()
	}
}

// refused handles an error in the initialisation of a session. It shows a general notice to the visitor, and reports
// the reason to the page.
func (c *Chat) refused(e protocol.Event) {
	message := errorText(e.Err, "the session was refused")
	c.emit("error", Pair{"code", "session"}, Pair{"message", message})
	c.settleAll(&c.identify, message)
	if c.form != nil {
		c.form = c.form.busy(false)
	}
	if c.o.Anonymous {
		c.anonymous, c.lead = true, ""
		if c.formForNew {
			c.startNew()
		}
		c.connect()
		return
	}
	failed, _ := e.Err.(*protocol.SessionError)
	switch final := failed != nil && failed.Final(); {
	case !final:
		c.notice = failedNotice(WantIdentify)
	case c.form != nil:
		c.notice = notice{word: "sessionRefused"}
	case c.stored.Conversation.Session != "":
		// The current conversation continues; only the page is told.
	default:
		c.notice = notice{word: "unavailable", final: true}
	}
}
