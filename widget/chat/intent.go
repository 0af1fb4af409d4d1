package chat

import (
	"time"

	"plurachat/widget/backend"
)

// IntentKind is the kind of an [Intent]. The comments name the fields that it uses.
type IntentKind uint8

const (
	// What the visitor does.

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

	// What the browser reports.

	LeftComposer // the composer lost the focus, or the chat is removed
	Scrolled     // On: the end of the log is in view
	TabShown     // On: the tab is visible
	NetworkIsUp  // On: the browser is online
	PageHidden   // pagehide or freeze: the page may not come back
	PageBack     // pageshow from the back/forward cache, with On, or resume

	// What the page calls.

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
	switch {
	case w.Kind < LeftComposer:
		c.doVisitor(now, w)
	case w.Kind < CallSend:
		c.doBrowser(w)
	default:
		c.doCall(w)
	}
	c.reconcile(now)
}

// doVisitor handles what the visitor does.
func (c *Chat) doVisitor(now time.Time, w Intent) {
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
		c.reply(now, w.Text)
	}
}

// doBrowser handles what the browser reports.
func (c *Chat) doBrowser(w Intent) {
	switch w.Kind {
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
	}
}
