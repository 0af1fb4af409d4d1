package widget

import (
	"strconv"
	"syscall/js"

	"plurachat/widget/chat"
)

// keepEnd scrolls to the end of the log if the end was in view before the log changed its size.
func (v *view) keepEnd(was bool) {
	if was && v.screen.Open {
		v.log.scrollToEnd()
	}
}

// listenToSize keeps the end of the log in view when the log changes its size for another reason than a message, for
// example when a phone's keyboard opens.
func (v *view) listenToSize() {
	window := js.Global().Get("window")
	// The log already has its new size, so only the last scroll position says whether the end was in view.
	resized := func(js.Value) {
		v.updateSize(v.log.endInView)
		v.fitInput() // lines break differently after a phone is turned
	}
	v.listeners.on(window, "resize", resized)
	if visual := window.Get("visualViewport"); visual.Truthy() {
		v.listeners.on(visual, "resize", resized)
		v.listeners.on(visual, "scroll", func(js.Value) { v.updateSize(v.log.atEnd()) })
	}
}

// updateSize sets whether the panel covers the screen, and passes the visible part of a phone's screen, beside the
// keyboard, to the style sheet. ending says whether the end of the log is to stay in view.
func (v *view) updateSize(ending bool) {
	defer v.keepEnd(ending)
	window := js.Global().Get("window")
	v.fullScreen = v.hasLauncher && v.screen.Open && window.Call("matchMedia", chat.NarrowScreen).Get("matches").Bool()
	v.host.v.Call("setModal", v.fullScreen)
	style := v.panel.Get("style")
	visual := window.Get("visualViewport")
	if !v.fullScreen || !visual.Truthy() {
		style.Call("removeProperty", "--visual-top")
		style.Call("removeProperty", "--visual-height")
		return
	}
	if visual.Get("scale").Float() > 1 {
		return // the visitor has zoomed in: the visible part is no measure of the screen
	}
	zoom := zoom(v.panel)
	style.Call("setProperty", "--visual-top", strconv.Itoa(int(visual.Get("offsetTop").Float()/zoom))+"px")
	style.Call("setProperty", "--visual-height", strconv.Itoa(int(visual.Get("height").Float()/zoom))+"px")
}
