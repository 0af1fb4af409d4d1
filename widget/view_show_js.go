package widget

import (
	"strconv"

	"plurachat/widget/chat"
)

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
