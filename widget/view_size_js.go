package widget

import (
	"strconv"
	"syscall/js"

	"plurachat/widget/chat"
)

// keepEnd scrolls to the end of the log if that was in view before its size
// changed.
func (v *view) keepEnd(was bool) {
	if was && v.now.Open {
		v.log.toEnd()
	}
}

// observe keeps the end in view when the log changes its size without anybody
// having said anything: the composer grows, a phone's keyboard comes up.
func (v *view) observe() {
	window := js.Global().Get("window")
	// The log has its new size by now: what counts is where it was scrolled to.
	resized := func(js.Value) {
		v.resize(v.log.ending)
		v.fit() // the lines break elsewhere when a phone is turned
	}
	v.scope.on(window, "resize", resized)
	if visual := window.Get("visualViewport"); visual.Truthy() {
		v.scope.on(visual, "resize", resized)
		v.scope.on(visual, "scroll", func(js.Value) { v.resize(v.log.atEnd()) })
	}
}

// resize tells the style sheet what is left of the screen beside a phone's
// keyboard, and whether the panel is the screen. ending is whether the end of
// the log is to stay in view.
func (v *view) resize(ending bool) {
	defer v.keepEnd(ending)
	window := js.Global().Get("window")
	v.phone = v.bubble && v.now.Open && window.Call("matchMedia", chat.NarrowScreen).Get("matches").Bool()
	if v.phone {
		v.panel.SetAttribute("aria-modal", "true")
	} else {
		v.panel.RemoveAttribute("aria-modal")
	}
	style := v.panel.Get("style")
	visual := window.Get("visualViewport")
	if !v.phone || !visual.Truthy() {
		style.Call("removeProperty", "--visual-top")
		style.Call("removeProperty", "--visual-height")
		return
	}
	zoom := zoom(v.panel)
	style.Call("setProperty", "--visual-top", strconv.Itoa(int(visual.Get("offsetTop").Float()/zoom))+"px")
	style.Call("setProperty", "--visual-height", strconv.Itoa(int(visual.Get("height").Float()/zoom))+"px")
}
