package chat

import (
	"strings"
	"time"
	"unicode/utf8"

	"plurachat/protocol"
	"plurachat/widget/backend"
	"plurachat/widget/markdown"
	"plurachat/widget/words"
)

// IntentKind is the kind of an [Intent]. The comments name the fields that it uses.
type IntentKind uint8

const (
	WantOpen  IntentKind = iota + 1 // Quiet: do not focus the composer
	WantClose                       // Quiet: do not focus the launcher
	WantToggle
	WantSend       // Text: a message from the composer
	WantEdit       // Text: the composer's new text
	WantRetry      // Key: send a failed message again
	WantRemove     // Key: remove a failed message
	WantNew        // start a new conversation below a divider
	WantConnect    // connect: the visitor touched an inline chat, or tries again
	WantSubmitForm // Text: the values as a JSON object; On: the consent
	WantIdentify   // send the lead data again
	WantMenu       // On: open the menu
	WantDownload   // save the transcript as a file
	WantSound      // switch the sound on or off
	WantAsk        // Ask: show a question
	WantAnswer     // On: the answer to the question is yes
	WantJump       // scroll to the end of the log
	WantExpand     // Key: show a long message in full
	WantReply      // Text: an answer that the last message offers

	LeftComposer // the composer lost the focus, or the chat is removed
	Scrolled     // On: the end of the log is in view
	TabShown     // On: the tab is visible
	NetworkIsUp  // On: the browser is online
	PageHidden   // pagehide or freeze: the page may not come back
	PageBack     // pageshow from the back/forward cache, or resume

	CallSend     // Text, Call: send a message
	CallIdentify // Text, Call: identify the visitor by a JSON object
	CallReset    // Call: delete the conversation
	CallDraft    // Text, Call: put a text into the composer
)

// Intent is an action of the visitor, an event of the browser, or a call of the page.
type Intent struct {
	Kind  IntentKind
	Text  string
	Key   string
	On    bool
	Quiet bool
	Call  int // number of the promise to settle
	Ask   AskKind
}

// Do handles an intent.
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
		c.runNoticeAction()
		c.command(backend.Command{Kind: backend.Retry, Key: w.Key})
	case WantRemove:
		c.command(backend.Command{Kind: backend.Remove, Key: w.Key})
		c.batch.Focus = FocusComposer // the focused button is gone
	case WantNew:
		c.startNew()
	case WantMenu, WantDownload, WantSound, WantAsk, WantAnswer:
		c.doMenu(w)
	case WantConnect:
		c.ensureConnected()
	case WantSubmitForm:
		c.submitForm(now, w.Text, w.On)
	case WantIdentify:
		c.identifyLead()
	case WantJump:
		c.following, c.belowView = true, 0
		c.scroll(Scroll{Kind: ScrollEnd})
		c.batch.Focus = FocusComposer
	case WantExpand:
		c.expand(now, w.Key)
	case WantReply:
		c.reply(w)
		c.updateRow(now, len(c.rows)-1)
	case LeftComposer:
		c.stopTyping()
		if !c.saveAt.IsZero() {
			c.save()
		}
	case Scrolled:
		c.scrolled(w.On)
	case TabShown:
		c.setVisible(w.On)
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
		c.callIdentify(w)
	case CallDraft:
		c.callDraft(w)
	case CallReset:
		c.reset = append(c.reset, w.Call)
		c.command(backend.Command{Kind: backend.Reset})
	}
	c.reconcile(now)
}

// scrolled handles a scroll of the log.
func (c *Chat) scrolled(atEnd bool) {
	if atEnd {
		c.belowView = 0
	} else if c.following {
		c.belowView = max(c.sinceScroll-1, 0) // the first of them is at the top of the view
	}
	c.following, c.sinceScroll = atEnd, 0
}

// expand shows a long message in full. The scroll position does not change, and the focus moves to the message because
// the focused button is gone.
func (c *Chat) expand(now time.Time, key string) {
	i := c.stored.Conversation.Index(key)
	if i < 0 || c.expanded[key] {
		return
	}
	if c.expanded == nil {
		c.expanded = map[string]bool{}
	}
	c.expanded[key] = true
	c.following = false
	c.updateRow(now, i)
	c.batch.Reveal = key
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

// setOpen opens or closes the panel. An inline panel is always open.
func (c *Chat) setOpen(open, quiet bool) {
	if c.o.Inline {
		open = true
	}
	if open {
		c.ensureConnected()
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
		c.following, c.sinceScroll, c.belowView = true, c.unread, 0
		if key := c.firstUnread(); key != "" {
			c.scroll(Scroll{Kind: ScrollTo, Key: key})
		} else {
			c.scroll(Scroll{Kind: ScrollEnd})
		}
		c.emit("open")
		return
	}
	c.stopTyping()
	c.hush()
	if !quiet {
		c.batch.Focus = FocusLauncher
	}
	c.emit("close")
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
	c.send(c.newKey(), text)
}

// send sends a message, or keeps it until the form is answered.
func (c *Chat) send(key, text string) {
	if !c.connectRequested {
		c.connect()
	}
	if c.lost && c.open {
		c.say(c.words.Get("sendLater"))
	}
	c.following, c.belowView = true, 0
	cmd := backend.Command{Kind: backend.Send, Key: key, Text: text}
	if c.form != nil {
		c.hold(cmd)
		return
	}
	c.runNoticeAction()
	c.command(cmd)
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

// callSend handles the API call send.
func (c *Chat) callSend(w Intent) {
	text := strings.TrimSpace(w.Text)
	reason := ""
	if text == "" {
		reason = "the message is empty"
	} else if utf8.RuneCountInString(text) > MaxText {
		reason = "the message is too long"
	}
	if reason != "" {
		c.settleCall(w.Call, reason)
		return
	}
	key := c.newKey()
	c.calls[key] = w.Call
	c.send(key, text)
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

// setVisible handles a change of the tab's visibility.
func (c *Chat) setVisible(on bool) {
	if c.visible == on {
		return
	}
	c.visible = on
	if on {
		c.command(backend.Command{Kind: backend.Wake})
		return
	}
	c.stopTyping()
	c.save() // a hidden tab may be closed without an event
}

// SetOptions changes the attributes and words. A change of the flow, the URLs or the storage has no effect; it needs a
// new Chat.
func (c *Chat) SetOptions(now time.Time, o Options, words words.Language) {
	before := c.o
	c.o, c.words, c.face, c.checkedPicture = o, words, face{}, picture{}
	if o.Session != before.Session || o.Instance != before.Instance || o.Record != before.Record {
		c.identityChecked = false
		if c.connectRequested {
			c.connect()
		}
	}
	if c.form != nil {
		c.showForm() // labels and fields may have changed
	}
	c.updateRows(now, 0, len(c.rows)-1)
	c.reconcile(now)
}

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
