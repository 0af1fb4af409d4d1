package widget

import (
	"cmp"
	_ "embed"
	"syscall/js"

	"plurachat/widget/chat"
	"plurachat/widget/words"
)

//go:embed chat.css
var chatCSS string

// chatSheet is the style sheet of all widgets. The first widget makes it.
var chatSheet js.Value

// view applies a [chat.Batch] to the nodes that the loader drew, and queues intents for what the visitor does. It
// decides nothing.
type view struct {
	host          host
	listeners     *listeners
	enqueueIntent func(chat.Intent)
	words         *words.Language
	intl          *intl
	screen        chat.Screen // what is shown

	frame, launcher, badge, panel, header, avatar, heading, subheading element
	status, composer, input, send, closeButton                         element
	hasLauncher                                                        bool

	log        *logView
	announcer  element // reads out each new message once, while the panel is open
	outside    element // does so while the panel is closed
	jump       element
	counter    element
	notice     element
	menuButton element // opens the menu
	menu       element
	menuItems  []element
	question   element    // the question before an action that cannot be undone; nil: none
	asked      [3]element // its text, and its buttons for yes and for no
	form       *formView  // nil: the conversation is shown
	submitFn   js.Func    // the submit listener of the form

	greetingGone bool   // the greeting that the loader drew was removed
	fullScreen   bool   // the panel covers the whole screen
	drawn        bool   // show was called; before, the nodes are as the loader drew them
	pageTitle    string // the page's own title
	countedTitle string // the title with the count that replaced it; empty: none
}

// newView takes over the nodes that the loader drew, adds the others, and listens.
func newView(h host, ls *listeners, enqueueIntent func(chat.Intent)) *view {
	v := &view{host: h, listeners: ls, enqueueIntent: enqueueIntent}
	v.frame, _ = h.node("frame")
	v.launcher, v.hasLauncher = h.node("launcher")
	v.badge, _ = h.node("badge")
	v.panel, _ = h.node("panel")
	v.header, _ = h.node("header")
	v.avatar, _ = h.node("avatar")
	v.heading, _ = h.node("heading")
	v.subheading, _ = h.node("subheading")
	v.status, _ = h.node("status")
	log, _ := h.node("log")
	v.log = newLogView(h, log)
	v.composer, _ = h.node("composer")
	v.input, _ = h.node("input")
	v.send, _ = h.node("send")
	v.closeButton, _ = h.node("close")
	v.adoptStyleSheet()
	v.addNodes()
	v.screen.Open = h.v.Get("open").Bool() // as the loader shows it
	v.submitFn = ls.fn(func(args []js.Value) { v.submitForm(args[0]) })
	v.addMenu()
	v.listen()
	return v
}

// adoptStyleSheet adds the style sheet for the nodes that only Go makes.
func (v *view) adoptStyleSheet() {
	if chatSheet.IsUndefined() {
		chatSheet = js.Global().Get("CSSStyleSheet").New()
		chatSheet.Call("replaceSync", chatCSS)
	}
	v.host.v.Call("adopt", chatSheet)
}

// addNodes adds the nodes that the loader does not draw.
func (v *view) addNodes() {
	// In a dialog, the header is not a landmark of the page.
	v.header.SetAttribute("role", "presentation")
	v.composer.SetAttribute("role", "presentation")
	v.announcer = create("div", "quiet", "", "aria-live", "polite")
	v.outside = create("div", "quiet", "", "aria-live", "polite")
	v.panel.AppendChild(v.announcer) // where it is not inert while the panel is modal
	v.frame.AppendChild(v.outside)

	// The dock has no height, so the button in it floats over the end of the log.
	dock := create("div", "dock", "")
	v.jump = createButton("", "jump", "", "jump")
	setHidden(v.jump, true)
	dock.AppendChild(v.jump)
	v.panel.InsertBefore(dock, v.composer)

	v.counter = create("div", "counter", "")
	v.counter.SetAttribute("id", "counter")
	setHidden(v.counter, true)
	v.composer.AppendChild(v.counter)
}

// applyOptions shows the options and words that do not depend on the state of the chat.
func (v *view) applyOptions(o *chat.Options, words *words.Language, in *intl) {
	v.words, v.intl = words, in
	v.log.setLanguage(words, in)
	v.frame.SetAttribute("lang", in.lang)
	if in.rtl {
		v.frame.SetAttribute("dir", "rtl")
	} else {
		v.frame.SetAttribute("dir", "ltr")
	}
	v.input.SetAttribute("placeholder", cmp.Or(o.Placeholder, words.Get("placeholder")))
	v.input.SetAttribute("aria-label", words.Get("message"))
	v.send.SetAttribute("aria-label", words.Get("send"))
	v.closeButton.SetAttribute("aria-label", words.Get("close"))
	v.labelMenu()
	v.log.element.SetAttribute("aria-label", words.Get("conversation"))
	v.log.element.SetAttribute("data-hint", words.Get("hint")) // shown by the style sheet
	if v.hasLauncher {
		setHidden(v.launcher, o.Launcher != "")
	}
	v.log.redrawAllAroundBubbles()
	v.log.setLinks(o)
}

// draw applies a batch. greeted says that the greeting which the loader drew is to be removed. draw reports whether it
// scrolled the log, and if so, whether the end is in view.
func (v *view) draw(b *chat.Batch, greeted bool) (scrolled, atEnd bool) {
	inside := v.host.v.Get("root").Get("activeElement").Truthy() // read before the focused element is hidden
	opens := b.Screen.Open && !v.screen.Open
	if opens {
		v.show(&b.Screen) // before the rows, because a hidden log cannot scroll
	}
	v.log.noAnimation = len(b.Rows) > 8 || v.log.slow
	if greeted && v.greeted() {
		e, _ := v.host.node("greeting")
		e.Remove()
		v.log.noAnimation = true // the row takes the place of the greeting
	}
	v.greetingGone = v.greetingGone || greeted
	for i := range b.Rows {
		v.log.patch(&b.Rows[i])
	}
	v.log.draw(b.Scroll)
	if b.Screen.Status != v.screen.Status || b.Screen.Notice != v.screen.Notice || b.Screen.Counter != v.screen.Counter {
		end := v.log.atEnd() // these change the height of the log
		v.show(&b.Screen)
		v.keepEnd(end)
	} else {
		v.show(&b.Screen)
	}
	if b.Input {
		v.setInput(b.Screen.Draft)
	}
	if b.Reveal != "" {
		v.log.focusRow(b.Reveal)
	}
	v.readOut(b)
	switch b.Focus {
	case chat.FocusComposer:
		v.focusComposer()
	case chat.FocusLauncher:
		if inside {
			v.returnFocus()
		}
	}
	if !b.Screen.Open {
		return false, false
	}
	if inside {
		v.keepFocus()
	}
	return v.log.scrollTo(b.Scroll, v.status.Get("offsetHeight").Float()) // the status covers the top of the log
}

// greeted reports whether the greeting is shown as the loader drew it (web/start/greeting.js).
func (v *view) greeted() bool {
	if v.greetingGone {
		return false
	}
	e, ok := v.host.node("greeting")
	return ok && e.Get("isConnected").Bool()
}
