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

// chatSheet is made when the first widget comes, for all of them.
var chatSheet js.Value

// view applies what a [Chat] wants to be seen to the nodes that the loader
// drew, and turns what the browser reports into intents. It decides nothing.
type view struct {
	host  host
	scope *scope
	want  func(chat.Intent) // queues
	words *words.Language
	intl  *intl
	now   chat.Screen // what is drawn

	frame, launcher, badge, panel, header, avatar, heading, subheading element
	status, composer, input, send, closer                              element
	bubble                                                             bool // there is a launcher

	log       *logView
	announcer element // reads out what is said, each thing once
	jump      element
	counter   element
	notice    element
	more      element // the button that opens the menu
	menu      element
	items     []element
	question  element   // nil: nothing is asked
	form      *formView // nil: the conversation is shown
	submitted js.Func   // of the form

	said     bool   // what the loader drew of the greeting is gone
	phone    bool   // the panel is the screen
	drawn    bool   // Go has drawn, and the facade is no more
	title    string // the page's own title
	titleSet string // what it was changed to; empty: it was not
}

func newView(h host, s *scope, want func(chat.Intent)) *view {
	v := &view{host: h, scope: s, want: want}
	v.frame, _ = h.node("frame")
	v.launcher, v.bubble = h.node("launcher")
	v.badge, _ = h.node("badge")
	v.panel, _ = h.node("panel")
	v.header, _ = h.node("header")
	v.avatar, _ = h.node("avatar")
	v.heading, _ = h.node("heading")
	v.subheading, _ = h.node("subheading")
	v.status, _ = h.node("status")
	log, _ := h.node("log")
	v.log = newLogView(log, h.v.Get("root"))
	v.composer, _ = h.node("composer")
	v.input, _ = h.node("input")
	v.send, _ = h.node("send")
	v.closer, _ = h.node("close")
	v.style()
	v.adopt()
	v.now.Open = h.v.Get("open").Bool() // what is seen until Go draws
	v.submitted = s.fn(func(args []js.Value) { v.submitForm(args[0]) })
	v.addMenu()
	v.listen()
	return v
}

// style adds the style sheet for what only Go draws.
func (v *view) style() {
	if chatSheet.IsUndefined() {
		chatSheet = js.Global().Get("CSSStyleSheet").New()
		chatSheet.Call("replaceSync", chatCSS)
	}
	v.host.v.Call("adopt", chatSheet)
}

// adopt adds to the loader's nodes what the loader does not draw.
func (v *view) adopt() {
	// In a dialog these are no landmarks of the page.
	v.header.SetAttribute("role", "presentation")
	v.composer.SetAttribute("role", "presentation")
	v.announcer = create("div", "quiet", "")
	v.announcer.SetAttribute("aria-live", "polite")
	v.frame.AppendChild(v.announcer)

	// Zero high, so that it floats over the log's end without covering it.
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

// dress shows options and words that do not change by what happens.
func (v *view) dress(o *chat.Options, words *words.Language, in *intl) {
	v.words, v.intl = words, in
	v.log.speak(words, in)
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
	v.closer.SetAttribute("aria-label", words.Get("close"))
	v.nameMenu()
	v.log.e.SetAttribute("aria-label", words.Get("conversation"))
	v.log.e.SetAttribute("data-hint", words.Get("hint")) // the style sheet shows it
	if v.bubble {
		setHidden(v.launcher, o.Launcher != "")
	}
	v.log.amendAll()
}

// draw applies a batch; greeted says that what the loader drew of the greeting
// is to go. It reports whether the log was scrolled, and if so, whether its end
// is in view.
func (v *view) draw(b *chat.Batch, greeted bool) (scrolled, atEnd bool) {
	inside := v.host.v.Get("root").Get("activeElement").Truthy() // asked before what has it is hidden
	opens := b.Screen.Open && !v.now.Open
	if opens {
		v.show(&b.Screen) // before the rows: what is hidden has no size to scroll by
	}
	v.log.crowd = len(b.Rows) > 8
	if greeted && v.greeted() {
		e, _ := v.host.node("greeting")
		e.Remove()
		v.log.crowd = true // it stands where the row will
	}
	v.said = v.said || greeted
	for i := range b.Rows {
		v.log.patch(&b.Rows[i])
	}
	v.log.draw(b.Scroll)
	if b.Screen.Status != v.now.Status || b.Screen.Notice != v.now.Notice || b.Screen.Counter != v.now.Counter {
		end := v.log.atEnd() // what stands above and below the log leaves it another height
		v.show(&b.Screen)
		v.keepEnd(end)
	} else {
		v.show(&b.Screen)
	}
	if b.Input {
		v.setInput(b.Screen.Draft)
	}
	if b.Reveal != "" {
		v.log.reveal(b.Reveal)
	}
	for i := range b.Announce {
		v.announce(b.Announce[i].Text(v.words))
	}
	switch b.Focus {
	case chat.FocusComposer:
		v.focusComposer()
	case chat.FocusLauncher:
		if inside {
			v.leave()
		}
	}
	if !b.Screen.Open {
		return false, false
	}
	return v.log.scrollTo(b.Scroll, v.status.Get("offsetHeight").Float()) // the status stands over the log
}

// greeted reports whether the greeting is shown as the loader drew it
// (web/start/greeting.js).
func (v *view) greeted() bool {
	if v.said {
		return false
	}
	e, ok := v.host.node("greeting")
	return ok && e.Get("isConnected").Bool()
}

// show brings everything beside the rows up to date.
func (v *view) show(s *chat.Screen) {
	was := v.now
	v.now = *s
	first := !v.drawn
	v.drawn = true
	if first || s.Heading != was.Heading {
		v.heading.SetTextContent(s.Heading)
	}
	if first || s.Menu != was.Menu || s.SoundOn != was.SoundOn || s.Begun != was.Begun {
		v.showMenu(s, &was)
	}
	if s.Ask != was.Ask {
		v.showAsk(s.Ask)
	}
	if first || s.Begun != was.Begun {
		v.log.e.Get("classList").Call("toggle", "bare", !s.Begun && len(v.log.provisional) == 0 && !v.greeted())
	}
	if s.Earlier != was.Earlier {
		text := ""
		if s.Earlier {
			text = v.words.Get("earlier")
		}
		v.log.showEarlier(text)
	}
	if s.Form != was.Form || s.Notice != was.Notice {
		v.showForm(s.Form)
		v.tell(s.Notice, s.Notice != was.Notice)
		v.cover(s)
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
	if s.Dots != was.Dots {
		v.log.dots.SetAttribute("aria-label", s.Dots)
		setHidden(v.log.dots, s.Dots == "")
	}
	if s.Jump != was.Jump {
		v.jump.SetTextContent(s.Jump)
		setHidden(v.jump, s.Jump == "")
	}
	if s.Counter != was.Counter || s.TooLong != was.TooLong {
		v.count(s)
	}
	if first || s.CanSend != was.CanSend {
		// Not disabled: a button that loses its focus on the way is lost to a keyboard.
		v.send.SetAttribute("aria-disabled", boolText(!s.CanSend))
	}
	if first || s.Open != was.Open {
		v.open(s.Open)
	}
	if v.bubble && (first || s.Launcher != was.Launcher || s.Badge != was.Badge) {
		v.launcher.SetAttribute("aria-label", s.Launcher)
		v.badge.SetTextContent(s.Badge)
		setHidden(v.badge, s.Badge == "")
	}
	if s.InTitle != was.InTitle {
		v.countInTitle(s.InTitle)
	}
}

// cover hides what there is no use for: what the form stands in for, and the
// composer of a chat that is not to be had. The keyboard is never left nowhere.
func (v *view) cover(s *chat.Screen) {
	writing := v.input.Equal(v.host.v.Get("root").Get("activeElement"))
	setHidden(v.log.e, s.Form != nil)
	setHidden(v.composer, s.Form != nil || s.Notice.Final)
	if writing {
		v.focusComposer()
	}
}

// open shows or hides the panel. The element's attribute tells the loader,
// which keeps the state for this tab and the page's own buttons.
func (v *view) open(open bool) {
	setHidden(v.panel, !open)
	v.fit()
	v.host.v.Set("open", open)
	if !v.bubble {
		return
	}
	v.launcher.SetAttribute("aria-expanded", boolText(open))
	v.host.v.Get("element").Call("toggleAttribute", "open", open)
	v.resize(v.log.atEnd())
}

func boolText(b bool) string { return strconv.FormatBool(b) }

// count tells how long the message in the composer may still become.
func (v *view) count(s *chat.Screen) {
	v.counter.SetTextContent(s.Counter)
	setHidden(v.counter, s.Counter == "")
	v.counter.Get("classList").Call("toggle", "over", s.TooLong)
	v.input.SetAttribute("aria-invalid", boolText(s.TooLong))
	if s.TooLong {
		v.input.SetAttribute("aria-describedby", "counter")
	} else {
		v.input.RemoveAttribute("aria-describedby")
	}
}

// tell shows a notice, or takes it away: above the composer, or below the button
// of the form, whose pressing it answers.
func (v *view) tell(n chat.Notice, fresh bool) {
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

// announce has a text read out. The last few stay, because a reader may be
// behind; a region that is emptied at once is not read.
func (v *view) announce(text string) {
	v.announcer.AppendChild(createText("p", "", "", text))
	if all := v.announcer.Get("children"); all.Length() > 8 {
		all.Index(0).Call("remove")
	}
}

// countInTitle puts the number of unread messages before the page's title while
// the tab is hidden, and takes it away again, unless the page has set another
// title meanwhile.
func (v *view) countInTitle(n int) {
	title, ok := stringOf(document.Get("title"))
	if !ok || n == 0 && v.titleSet == "" {
		return // a form of that name comes before the title; or there is nothing to take away
	}
	if v.titleSet != "" && title == v.titleSet {
		title = v.title
	}
	v.title, v.titleSet = title, ""
	if n > 0 {
		v.titleSet = v.words.Get("titleUnread", "n", strconv.Itoa(n), "title", title)
		title = v.titleSet
	}
	document.Set("title", title)
}

// focusComposer puts the keyboard where the visitor is to write, or to leave.
func (v *view) focusComposer() {
	switch {
	case v.form != nil:
		v.focusForm()
	case v.now.Notice.Final:
		focus(v.closer)
	default:
		focus(v.input)
	}
}

// focus moves the keyboard without scrolling the page.
func focus(e element) {
	options := js.Global().Get("Object").New()
	options.Set("preventScroll", true)
	e.Call("focus", options)
}

// leave gives the keyboard back to whatever opened the panel.
func (v *view) leave() {
	if v.bubble && !v.launcher.Get("hidden").Bool() {
		focus(v.launcher)
		return
	}
	if selector, _ := v.host.attr("launcher"); selector != "" {
		try(func() {
			if own := document.Call("querySelector", selector); own.Truthy() {
				focus(wrap(own))
			}
		})
	}
}
