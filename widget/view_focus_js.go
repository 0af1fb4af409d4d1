package widget

import "syscall/js"

// focusComposer moves the focus to where the visitor can write, or to the close button.
func (v *view) focusComposer() {
	switch {
	case v.form != nil:
		v.focusForm()
	case v.screen.Notice.Final:
		focus(v.closeButton)
	default:
		focus(v.input)
	}
}

// keepFocus moves the focus to the composer if the focused element has gone: otherwise the next press of Tab would
// begin at the page.
func (v *view) keepFocus() {
	if !v.host.v.Get("root").Get("activeElement").Truthy() && document.Get("activeElement").Equal(document.Get("body")) {
		v.focusComposer()
	}
}

// focus moves the focus to an element without scrolling the page.
func focus(e element) {
	options := js.Global().Get("Object").New()
	options.Set("preventScroll", true)
	e.Call("focus", options)
}

// returnFocus moves the focus to the launcher, the widget's or the page's own.
func (v *view) returnFocus() {
	if v.hasLauncher && !v.launcher.Get("hidden").Bool() {
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
