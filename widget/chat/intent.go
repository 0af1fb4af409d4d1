package chat

import (
	"strings"
	"time"
	"unicode/utf8"

	"plurachat/protocol"
	"plurachat/widget/backend"
	"plurachat/widget/words"
)

// WantKind says what an [Intent] is.
type WantKind uint8

const (
	WantOpen     WantKind = iota + 1 // Quiet: the composer is not to be focused
	WantClose                        //
	WantToggle                       //
	WantSend                         // Text: from the composer
	WantEdit                         // Text: all that stands in the composer now
	WantRetry                        // Key
	WantRemove                       // Key
	WantNew                          // a new conversation, below a divider
	WantConnect                      // the visitor touched an inline chat, or tries again
	WantStart                        // Text: the pre-chat form's values as a JSON object, On: the consent
	WantAgain                        // the lead data once more
	WantMenu                         // On: open it
	WantDownload                     // the transcript as a file
	WantSound                        // the other choice
	WantAsk                          // Ask: whether to do it
	WantAnswer                       // On: yes
	WantJump                         // to the end of the log
	WantWhole                        // Key: all of a message of which only the beginning is shown

	LeftComposer // the focus did
	Scrolled     // On: the end of the log is in view
	TabShown     // On: the tab is visible
	NetworkIsUp  // On: the browser's online and offline events
	PageHidden   // pagehide and freeze: perhaps for good
	PageBack     // pageshow from the back/forward cache, resume

	CallSend     // Text, Call
	CallIdentify // Text: a JSON object, Call
	CallReset    // Call
)

// Intent is something that the visitor, the browser or the owner of the page
// wants or does.
type Intent struct {
	Kind  WantKind
	Text  string
	Key   string
	On    bool
	Quiet bool
	Call  int // the promise to settle
	Ask   AskKind
}

// Do takes an intent.
func (c *Chat) Do(now time.Time, w Intent) {
	switch w.Kind {
	case WantOpen:
		c.setOpen(true, w.Quiet)
	case WantClose:
		c.setOpen(false, w.Quiet)
	case WantToggle:
		c.setOpen(!c.open, w.Quiet)
	case WantSend:
		c.submit(w.Text)
	case WantEdit:
		c.edit(now, w.Text)
	case WantRetry:
		c.tryAgain()
		c.command(backend.Command{Kind: backend.Retry, Key: w.Key})
	case WantRemove:
		c.command(backend.Command{Kind: backend.Remove, Key: w.Key})
		c.batch.Focus = FocusComposer // the button that had it is gone
	case WantNew:
		c.startNew()
	case WantMenu, WantDownload, WantSound, WantAsk, WantAnswer:
		c.doMenu(w)
	case WantConnect:
		c.want()
	case WantStart:
		c.start(now, w.Text, w.On)
	case WantAgain:
		c.identifyLead()
	case WantJump:
		c.following, c.below = true, 0
		c.scroll(Scroll{Kind: ScrollEnd})
		c.batch.Focus = FocusComposer
	case WantWhole:
		c.showWhole(now, w.Key)
	case LeftComposer:
		c.stopTyping()
	case Scrolled:
		switch {
		case w.On:
			c.below = 0
		case c.following:
			c.below = max(c.fresh-1, 0) // the first one holds the view
		}
		c.following, c.fresh = w.On, 0
	case TabShown:
		c.shown(w.On)
	case NetworkIsUp:
		c.command(backend.Command{Kind: backend.Network, On: w.On})
	case PageHidden:
		c.stopTyping()
		c.save()
		c.command(backend.Command{Kind: backend.Suspend})
	case PageBack:
		c.command(backend.Command{Kind: backend.Wake})
	case CallSend:
		c.callSend(w)
	case CallIdentify:
		c.began, c.offered, c.lead = true, true, w.Text
		c.identify = append(c.identify, w.Call)
		c.command(backend.Command{Kind: backend.Identify, Text: w.Text, Digest: digest(w.Text)})
		if conv := &c.record.Conversation; conv.Session != "" && conv.Digest == digest(w.Text) {
			c.settleAll(&c.identify, "", Pair{"sessionId", string(conv.Session)}) // it is who they are already
		}
	case CallReset:
		c.reset = append(c.reset, w.Call)
		c.command(backend.Command{Kind: backend.Reset})
	}
	c.settle(now)
}

// showWhole shows all of a long message. The view stays where the beginning
// ends, and so does the keyboard: the button that had it is gone.
func (c *Chat) showWhole(now time.Time, key string) {
	i := c.record.Conversation.Index(key)
	if i < 0 || c.whole[key] {
		return
	}
	if c.whole == nil {
		c.whole = map[string]bool{}
	}
	c.whole[key] = true
	c.following = false
	c.renew(now, i)
	c.batch.Reveal = key
}

// startNew begins a new conversation below a divider.
func (c *Chat) startNew() {
	c.dots = time.Time{}
	c.following = true
	c.batch.Focus = FocusComposer
	if c.lead == "" && !c.anonymous { // after a reload
		c.lead = c.o.Record
		c.renewing = c.lead == ""
	}
	if c.renewing = c.renewing && c.formDue(); c.renewing {
		c.showForm() // the conversation at hand ends with the answer
		return
	}
	c.command(backend.Command{Kind: backend.StartNew})
	if c.lead != "" { // the new conversation is the same person's
		c.command(backend.Command{Kind: backend.Identify, Text: c.lead, Digest: digest(c.lead)})
	}
}

func (c *Chat) setOpen(open, quiet bool) {
	if c.o.Inline {
		open = true
	}
	if open {
		c.want()
		if !quiet {
			c.batch.Focus = FocusComposer
		}
	}
	if open == c.open {
		return
	}
	c.open = open
	c.menu, c.ask = false, AskNothing
	if open {
		c.following, c.fresh, c.below = true, c.unread, 0
		if key := c.firstUnread(); key != "" {
			c.scroll(Scroll{Kind: ScrollTo, Key: key})
		} else {
			c.scroll(Scroll{Kind: ScrollEnd})
		}
		c.emit("open")
		return
	}
	c.stopTyping()
	if !quiet {
		c.batch.Focus = FocusLauncher
	}
	c.emit("close")
}

// want is an act of the visitor that deserves a connection.
func (c *Chat) want() {
	if c.state == protocol.Online {
		return
	}
	if c.notice.Want == WantConnect {
		c.notice = Notice{}
	}
	c.connect()
}

// submit sends what stands in the composer.
func (c *Chat) submit(text string) {
	if text = strings.TrimSpace(text); text == "" || utf8.RuneCountInString(text) > MaxText {
		return
	}
	c.record.Draft = ""
	c.batch.Input = true
	c.save()
	c.stopTyping()
	c.send(c.newKey(), text)
}

func (c *Chat) send(key, text string) {
	if !c.began {
		c.connect()
	}
	c.following, c.below = true, 0
	cmd := backend.Command{Kind: backend.Send, Key: key, Text: text}
	if c.form != nil {
		c.hold(cmd)
		return
	}
	c.tryAgain()
	c.command(cmd)
}

// tryAgain does what the notice's button does, for a visitor who sends a message
// instead, or sends one again: without a conversation it would fail at once.
func (c *Chat) tryAgain() {
	switch {
	case c.notice.Want == WantConnect:
		c.want()
	case c.notice.Want == WantAgain || c.notice.Final:
		c.identifyLead()
	}
}

func (c *Chat) callSend(w Intent) {
	text := strings.TrimSpace(w.Text)
	reason := ""
	if text == "" {
		reason = "the message is empty"
	} else if utf8.RuneCountInString(text) > MaxText {
		reason = "the message is too long"
	}
	if reason != "" {
		c.batch.Settled = append(c.batch.Settled, Settlement{Call: w.Call, Reason: reason})
		return
	}
	key := c.newKey()
	c.calls[key] = w.Call
	c.send(key, text)
}

// edit takes what stands in the composer after a key press.
func (c *Chat) edit(now time.Time, text string) {
	c.record.Draft = text
	c.saveAt = now.Add(draftDelay)
	if strings.TrimSpace(text) == "" {
		c.stopTyping()
		return
	}
	if c.typing.IsZero() {
		if c.state != protocol.Online {
			return
		}
		c.command(backend.Command{Kind: backend.Typing, On: true})
	}
	c.typing = now.Add(typingIdle)
}

func (c *Chat) stopTyping() {
	if !c.typing.IsZero() {
		c.typing = time.Time{}
		c.command(backend.Command{Kind: backend.Typing})
	}
}

// shown takes whether the tab is visible.
func (c *Chat) shown(on bool) {
	if c.visible == on {
		return
	}
	c.visible = on
	if on {
		c.command(backend.Command{Kind: backend.Wake})
		return
	}
	c.stopTyping()
	c.save() // hidden tabs may be ended without another word
}

// SetOptions takes changed attributes and words. What the line depends on (the
// flow, the URLs, the storage) is not for a Chat to change.
func (c *Chat) SetOptions(now time.Time, o Options, words words.Language) {
	before := c.o
	c.o, c.words, c.face, c.judged = o, words, face{}, picture{}
	if o.Session != before.Session || o.Instance != before.Instance || o.Record != before.Record {
		c.offered = false
		if c.began {
			c.connect()
		}
	}
	if c.form != nil {
		c.showForm() // its words and fields may be others now
	}
	c.refresh(now, 0, len(c.rows)-1)
	c.settle(now)
}

// Message is one message as the page's owner gets it.
type Message struct {
	ID, From, Name, Text, At string
}

// Transcript are the messages so far, without what has not reached the server.
func (c *Chat) Transcript() []Message {
	var out []Message
	for i := range c.record.Conversation.Entries {
		switch e := &c.record.Conversation.Entries[i]; {
		case e.Kind == protocol.Agent:
			out = append(out, Message{e.ID, "agent", e.Name, e.Text, stamp(e.At)})
		case e.Kind == protocol.Visitor && e.State == protocol.Sent:
			out = append(out, Message{e.ID, "visitor", "", e.Text, stamp(e.At)})
		}
	}
	return out
}
