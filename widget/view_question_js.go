package widget

import "plurachat/widget/chat"

// showQuestion asks the visitor to confirm an action that cannot be undone. Everything else of the widget is inert
// meanwhile. A question that is shown already keeps the focus: only its language has changed.
func (v *view) showQuestion(ask chat.Question) {
	shown := v.question != nil
	if ask.Text == "" {
		if shown {
			v.question.Remove()
			v.question = nil
			v.setInert(false)
		}
		return
	}
	if !shown {
		v.addQuestion()
	}
	for i, text := range [...]string{ask.Text, ask.Yes, ask.No} {
		v.asked[i].SetTextContent(text)
	}
	if !shown {
		focus(v.asked[2])
	}
}

// addQuestion adds the nodes of a question.
func (v *view) addQuestion() {
	text := create("p", "", "", "id", "ask")
	v.asked = [...]element{text, createButton("primary", "", "", "yes"), createButton("plain", "", "", "no")}
	box := create("div", "box", "", "role", "alertdialog", "aria-modal", "true", "aria-labelledby", "ask")
	for _, e := range v.asked {
		box.AppendChild(e)
	}
	v.question = create("div", "ask", "")
	v.question.AppendChild(box)
	v.setInert(true)
	v.panel.AppendChild(v.question)
}

// setInert makes all parts of the panel inert, and the launcher, or none of them.
func (v *view) setInert(on bool) {
	parts := v.panel.Get("children")
	for i := range parts.Length() {
		if e := parts.Index(i); !e.Equal(v.announcer.Value) {
			e.Set("inert", on)
		}
	}
	if v.hasLauncher && !v.fullScreen { // beside a modal panel it is inert anyway
		v.launcher.Set("inert", on)
	}
}
