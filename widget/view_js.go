package widget

import (
	_ "embed"
	"strconv"
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
	question   element   // the question before an action that cannot be undone; nil: none
	form       *formView // nil: the conversation is shown
	submitFn   js.Func   // the submit listener of the form

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
	placeholder := o.Placeholder
	if placeholder == "" {
		placeholder = words.Get("placeholder")
	}
	v.input.SetAttribute("placeholder", placeholder)
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

// show updates everything except the rows.
func (v *view) show(s *chat.Screen) {
	was := v.screen
	v.screen = *s
	first := !v.drawn
	v.drawn = true
	v.showHeader(s, &was, first)
	if first || s.Menu != was.Menu || s.SoundOn != was.SoundOn || s.Begun != was.Begun {
		v.showMenu(s, &was)
	}
	v.showAroundRows(s, &was, first)
	if first || s.Written != was.Written {
		v.panel.Call("toggleAttribute", "data-written", s.Written) // for modules of the page (web/aside/starters.js)
	}
	if s.Form != was.Form || s.Notice != was.Notice {
		v.showForm(s.Form)
		v.showNotice(s.Notice, s.Notice != was.Notice)
		v.showConversation(s)
	}
	if s.Counter != was.Counter || s.TooLong != was.TooLong {
		v.showCounter(s)
	}
	if first || s.CanSend != was.CanSend {
		// Not disabled: when a focused button becomes disabled, keyboard users lose their position.
		v.send.SetAttribute("aria-disabled", boolText(!s.CanSend))
	}
	if first || s.Open != was.Open {
		v.showPanel(s.Open)
	}
	if v.hasLauncher && (first || s.Launcher != was.Launcher || s.Badge != was.Badge) {
		v.launcher.SetAttribute("aria-label", s.Launcher)
		v.badge.SetTextContent(s.Badge)
		setHidden(v.badge, s.Badge == "")
	}
	if s.InTitle != was.InTitle {
		v.countInTitle(s.InTitle)
	}
	if s.Ask != was.Ask {
		v.showQuestion(s.Ask)
	}
}

// showHeader updates the header and the status below it.
func (v *view) showHeader(s, was *chat.Screen, first bool) {
	if first || s.Heading != was.Heading {
		v.heading.SetTextContent(s.Heading)
	}
	if first || s.Name != was.Name {
		v.panel.SetAttribute("aria-label", s.Name)
	}
	if first || s.Subheading != was.Subheading {
		v.subheading.SetTextContent(s.Subheading)
	}
	if first || s.Picture != was.Picture || s.Initials != was.Initials {
		v.avatar.SetTextContent("")
		v.avatar.AppendChild(v.log.build(func() { v.log.markup.face(s.Picture, s.Initials) }))
	}
	if first || s.State != was.State {
		v.panel.SetAttribute("data-state", string(s.State))
	}
	if first || s.Status != was.Status {
		v.status.SetTextContent(s.Status)
	}
}

// showAroundRows updates what is in the log beside the rows, and the button that jumps to its end.
func (v *view) showAroundRows(s, was *chat.Screen, first bool) {
	if first || s.Begun != was.Begun {
		v.log.element.Get("classList").Call("toggle", "bare", !s.Begun && len(v.log.provisional) == 0 && !v.greeted())
	}
	if s.Earlier != was.Earlier {
		v.log.showEarlier(s.Earlier)
	}
	if s.Dots != was.Dots {
		v.log.dots.SetAttribute("aria-label", s.Dots)
		setHidden(v.log.dots, s.Dots == "")
	}
	if s.Jump != was.Jump {
		v.jump.SetTextContent(s.Jump)
		setHidden(v.jump, s.Jump == "")
	}
}

// showConversation hides the log and the composer while a form is shown, and the composer if the chat has ended for
// good. If the focus was in the composer, it moves it.
func (v *view) showConversation(s *chat.Screen) {
	writing := v.input.Equal(v.host.v.Get("root").Get("activeElement"))
	setHidden(v.log.element, s.Form != nil)
	setHidden(v.composer, s.Form != nil || s.Notice.Final)
	if writing {
		v.focusComposer()
	}
}

// showPanel shows or hides the panel. It also sets the element's attribute, by which the loader stores the state for
// this tab and updates the page's own buttons.
func (v *view) showPanel(open bool) {
	setHidden(v.panel, !open)
	v.fitInput()
	v.host.v.Set("open", open)
	if !v.hasLauncher {
		return
	}
	v.launcher.SetAttribute("aria-expanded", boolText(open))
	v.host.v.Get("element").Call("toggleAttribute", "open", open)
	v.updateSize(v.log.atEnd())
}

func boolText(b bool) string { return strconv.FormatBool(b) }

// showCounter shows how many characters the message in the composer may still get.
func (v *view) showCounter(s *chat.Screen) {
	v.counter.SetTextContent(s.Counter)
	setHidden(v.counter, s.Counter == "")
	v.counter.Get("classList").Call("toggle", "over", s.TooLong)
	v.input.SetAttribute("aria-invalid", boolText(s.TooLong))
	if s.Counter != "" {
		v.input.SetAttribute("aria-describedby", "counter")
	} else {
		v.input.RemoveAttribute("aria-describedby")
	}
}

// showNotice shows a notice above the composer, or in the form below its button. It removes the previous one. fresh
// reports whether the notice has changed.
func (v *view) showNotice(n chat.Notice, fresh bool) {
	if fresh && v.notice != nil {
		v.notice.Remove()
		v.notice = nil
	}
	if n.Text == "" {
		return
	}
	if fresh {
		v.notice = create("div", "", "notice")
		v.notice.SetAttribute("role", "alert")
		v.notice.AppendChild(createText("p", "", "", n.Text))
		if n.Button != "" {
			v.notice.AppendChild(createButton("do", "", n.Button, "notice"))
		}
	}
	if v.form == nil {
		v.panel.InsertBefore(v.notice, v.composer)
		return
	}
	v.form.root.AppendChild(v.notice)
	if fresh {
		v.form.root.Set("scrollTop", v.form.root.Get("scrollHeight"))
	}
}

// readOut empties the announcers if the batch says so, and announces what the batch has.
func (v *view) readOut(b *chat.Batch) {
	if b.Hush {
		v.announcer.SetTextContent("")
		v.outside.SetTextContent("")
	}
	if b.Unheard > 0 {
		v.announce(v.words.Count("moreNew", b.Unheard))
	}
	for i := range b.Announce {
		v.announce(b.Announce[i].Text(v.words))
	}
}

// announce makes screen readers read a text.
func (v *view) announce(text string) {
	announcer := v.outside
	if v.screen.Open {
		announcer = v.announcer
	}
	announcer.AppendChild(createText("p", "", "", text))
}

// countInTitle shows the number of unread messages in the page's title. It restores the title when n is 0, unless the
// page has set another title meanwhile.
func (v *view) countInTitle(n int) {
	title, ok := stringOf(document.Get("title"))
	if !ok || n == 0 && v.countedTitle == "" {
		return // an element named "title" hides the property; or there is nothing to restore
	}
	if v.countedTitle != "" && title == v.countedTitle {
		title = v.pageTitle
	}
	v.pageTitle, v.countedTitle = title, ""
	if n > 0 {
		v.countedTitle = v.words.Get("titleUnread", "n", strconv.Itoa(n), "title", title)
		title = v.countedTitle
	}
	document.Set("title", title)
}
