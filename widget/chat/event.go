package chat

import (
	"strconv"
	"time"

	"plurachat/protocol"
)

// Event takes what happened to the conversation.
func (c *Chat) Event(now time.Time, e protocol.Event) {
	conv := &c.record.Conversation
	change := conv.Apply(e)
	c.follow(now, change, e.Kind == protocol.Added && !e.Entry.At.IsZero())
	switch {
	case e.Kind == protocol.StateChanged || e.Kind == protocol.Ignored || e.Kind == protocol.Reported:
	case e.Kind == protocol.Renamed || e.Kind == protocol.Added && e.Entry.State == protocol.Sent:
		c.keep()
	default:
		c.save()
	}
	switch e.Kind {
	case protocol.StateChanged:
		c.changeState(e)
	case protocol.SessionBegun:
		c.notice = Notice{}
		if !e.Resumed {
			c.dots = time.Time{}
		}
		if c.record.At.IsZero() {
			c.record.At = now
		}
		c.emit("session", Pair{"id", string(e.Session)}, Pair{"flowId", e.Flow}, Pair{"resumed", e.Resumed})
	case protocol.Switched:
		c.dots, c.renewing = time.Time{}, false
		if e.Digest != 0 {
			c.emit("identify", Pair{"sessionId", string(e.Session)})
			c.settleAll(&c.identify, "", Pair{"sessionId", string(e.Session)})
		}
	case protocol.OwnerNamed:
		c.refresh(now, 0, len(c.rows)-1) // their picture may stand beside what was said
		c.emit("owner", Pair{"id", e.Owner.ID}, Pair{"name", e.Owner.Name}, Pair{"picture", e.Owner.Picture})
	case protocol.Added:
		if change.Op == protocol.Inserted {
			c.added(now, e.Entry)
		}
	case protocol.Acknowledged, protocol.Answered:
		if change.Op != protocol.Unchanged { // else it was written twice, and this is the second one's
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
		c.emit("error", Pair{"code", e.Reason}, Pair{"message", messageOf(e.Err, "unknown")})
	case protocol.Refused:
		c.refused(e)
	}
	c.settle(now)
}

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
		c.typing = time.Time{} // the server forgets with the connection
	}
	switch e.State {
	case protocol.GaveUp:
		if c.notice.Text != "" || c.anonymous {
			break // told already, and better; or the conversation goes on without lead data
		}
		c.notice = Notice{Text: c.words.Get("sessionFailed"), Button: c.words.Get("retry"), Want: WantConnect}
		c.emit("error", Pair{"code", "failed"}, Pair{"message", messageOf(e.Err, "no conversation is to be had")})
	case protocol.Online:
		c.notice = Notice{}
	}
}

// messageOf is an error's text, or what is said where there is none.
func messageOf(err error, otherwise string) string {
	if err == nil {
		return otherwise
	}
	return err.Error()
}

// added tells of a new entry.
func (c *Chat) added(now time.Time, e protocol.Entry) {
	live := !e.At.IsZero()
	switch e.Kind {
	case protocol.Agent:
		c.dots = time.Time{}
		if live {
			c.record.At = now
			c.batch.Sound = c.batch.Sound || c.soundOn() && !(c.open && c.visible)
			c.batch.announce(Announcement{Name: c.nameOf(&e), Message: e.Text})
		}
		c.emit("message", Pair{"id", e.ID}, Pair{"from", "agent"}, Pair{"name", e.Name}, Pair{"text", e.Text}, Pair{"at", c.stamp(e.At)})
		if c.following {
			c.scroll(Scroll{Kind: ScrollTo, Key: e.Key})
			c.fresh++
		} else if c.open {
			c.below++
		}
	case protocol.Visitor:
		if live {
			c.record.At = now
		}
		c.emit("message", Pair{"id", e.ID}, Pair{"from", "visitor"}, Pair{"name", ""}, Pair{"text", e.Text}, Pair{"at", c.stamp(e.At)})
		if e.State == protocol.Sending {
			c.following = true
		}
		c.end()
	case protocol.Ended:
		c.dots = time.Time{}
		c.batch.announce(Announcement{Words: c.words.Get("ended")})
		c.end()
	default:
		c.end()
	}
}

// end keeps the end of the log in view, if it is.
func (c *Chat) end() {
	if c.following {
		c.scroll(Scroll{Kind: ScrollEnd})
	}
}

func (c *Chat) scroll(s Scroll) { c.batch.Scroll.add(s) }

func (c *Chat) acknowledged(now time.Time, e protocol.Event) {
	conv := &c.record.Conversation
	i := conv.Index(e.Key)
	if i < 0 {
		return
	}
	c.emit("sent", Pair{"id", e.ID}, Pair{"text", conv.Entries[i].Text})
	if call, ok := c.calls[e.Key]; ok {
		delete(c.calls, e.Key)
		c.batch.Settled = append(c.batch.Settled, Settlement{Call: call, Detail: []Pair{{"id", e.ID}}})
	}
	if !c.answered(i) {
		c.dots = now.Add(dotsAtMost)
		c.end()
	}
}

// answered reports whether the agent has said something below an entry, as a
// replay may bring before the acknowledgement.
func (c *Chat) answered(i int) bool {
	for _, e := range c.record.Conversation.Entries[i+1:] {
		if e.Kind == protocol.Agent || e.Kind == protocol.Ended {
			return true
		}
	}
	return false
}

func (c *Chat) givenUp(e protocol.Event) {
	i := c.record.Conversation.Index(e.Key)
	if i < 0 {
		return
	}
	c.emit("failed", Pair{"text", c.record.Conversation.Entries[i].Text}, Pair{"reason", e.Reason})
	c.batch.announce(Announcement{Words: c.words.Get("notSent")})
	if call, ok := c.calls[e.Key]; ok {
		delete(c.calls, e.Key)
		c.batch.Settled = append(c.batch.Settled, Settlement{Call: call, Reason: e.Reason})
	}
	c.end()
}

// forgotten begins anew, at once if somebody is looking.
func (c *Chat) forgotten() {
	for _, call := range c.calls {
		c.batch.Settled = append(c.batch.Settled, Settlement{Call: call, Reason: "the conversation was reset"})
	}
	c.calls = map[string]int{}
	c.settleAll(&c.identify, "the conversation was reset")
	c.record = Record{Sound: c.record.Sound, Teaser: c.record.Teaser}
	c.dots, c.typing, c.below, c.following, c.began, c.offered = time.Time{}, time.Time{}, 0, true, false, false
	c.form, c.lead, c.held, c.anonymous, c.renewing = nil, "", nil, false, false
	c.whole, c.cut = nil, false
	c.notice = Notice{}
	c.batch.Forget, c.batch.Input = true, true
	c.emit("reset")
	c.settleAll(&c.reset, "")
	if c.open && !c.o.Inline {
		c.connect()
	} else if c.open && c.formDue() {
		c.showForm()
	}
}

// refused tells the visitor in plain words that lead data was not accepted, and
// the owner why.
func (c *Chat) refused(e protocol.Event) {
	message := messageOf(e.Err, "the session was refused")
	c.emit("error", Pair{"code", "session"}, Pair{"message", message})
	c.settleAll(&c.identify, message)
	if c.form != nil {
		c.form = c.form.busy(false)
	}
	if c.o.Anonymous {
		c.anonymous, c.lead = true, ""
		if c.renewing {
			c.startNew()
			return
		}
		c.connect()
		return
	}
	failed, _ := e.Err.(*protocol.SessionError)
	switch final := failed != nil && failed.Final(); {
	case !final && c.lead == "": // another tab knows the lead data
		c.notice = Notice{Text: c.words.Get("sessionFailed"), Button: c.words.Get("retry"), Want: WantConnect}
	case !final:
		c.notice = Notice{Text: c.words.Get("sessionFailed"), Button: c.words.Get("retry"), Want: WantAgain}
	case c.form != nil:
		c.notice = Notice{Text: c.words.Get("sessionRefused")}
	case c.record.Conversation.Session != "":
		// The conversation at hand goes on; the owner knows.
	default:
		c.notice = Notice{Text: c.words.Get("unavailable"), Final: true}
	}
}

func (c *Chat) settleAll(calls *[]int, reason string, detail ...Pair) {
	for _, call := range *calls {
		c.batch.Settled = append(c.batch.Settled, Settlement{Call: call, Reason: reason, Detail: detail})
	}
	*calls = nil
}

func (c *Chat) soundOn() bool {
	return c.record.Sound == Yes || c.record.Sound == NoChoice && c.o.Sound
}

// stamp is the function of that name. The messages of a burst have one time.
func (c *Chat) stamp(t time.Time) string {
	if t != c.stamped.at {
		c.stamped.at, c.stamped.text = t, stamp(t)
	}
	return c.stamped.text
}

// stamp is a time as the API tells it; nothing where nobody knows it.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return string(protocol.AppendStamp(nil, t)) + "." + strconv.Itoa(1000 + t.Nanosecond()/1e6)[1:] + "Z"
}
