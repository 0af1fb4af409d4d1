package widget

import (
	"strconv"
	"syscall/js"

	"plurachat/widget/chat"
)

// slack is how far from the end, in pixels, still counts as the end.
const slack = 24

// atEnd reports whether the end of the log is in view.
func (v *view) atEnd() bool {
	return v.log.Get("scrollTop").Float()+v.log.Get("clientHeight").Float() >= v.log.Get("scrollHeight").Float()-slack
}

// scrollTo scrolls the log. It reports whether it did, and whether the end is
// in view then.
func (v *view) scrollTo(to chat.Scroll) (scrolled, atEnd bool) {
	if to.Kind == chat.ScrollStay {
		return false, false
	}
	top := v.log.Get("scrollHeight").Float() - v.log.Get("clientHeight").Float()
	if i := v.find(to); i >= 0 && v.rows[i].drawn {
		above := v.above(v.log, v.root(v.rows[i]))
		covered := v.status.Get("offsetHeight").Float() // it stands over the log
		top = min(top, v.log.Get("scrollTop").Float()+above-covered-8)
	}
	v.log.Set("scrollTop", top)
	v.ending = v.atEnd()
	return true, v.ending
}

// keepEnd scrolls to the end of the log if that was in view before its size
// changed.
func (v *view) keepEnd(was bool) {
	if was && v.now.Open {
		v.log.Set("scrollTop", v.log.Get("scrollHeight"))
	}
}

// observe keeps the end in view when the log changes its size without anybody
// having said anything: the composer grows, a phone's keyboard comes up.
func (v *view) observe() {
	window := js.Global().Get("window")
	// The log has its new size by now: what counts is where it was scrolled to.
	resized := func(js.Value) {
		v.resize(v.ending)
		v.fit() // the lines break elsewhere when a phone is turned
	}
	v.scope.on(window, "resize", resized)
	if visual := window.Get("visualViewport"); visual.Truthy() {
		v.scope.on(visual, "resize", resized)
		v.scope.on(visual, "scroll", func(js.Value) { v.resize(v.atEnd()) })
	}
}

// resize tells the style sheet what is left of the screen beside a phone's
// keyboard, and whether the panel is the screen. ending is whether the end of
// the log is to stay in view.
func (v *view) resize(ending bool) {
	defer v.keepEnd(ending)
	window := js.Global().Get("window")
	v.phone = v.bubble && v.now.Open && window.Call("matchMedia", "(max-width:479px),(max-height:479px)").Get("matches").Bool()
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
	zoom := v.zoom()
	style.Call("setProperty", "--visual-top", strconv.Itoa(int(visual.Get("offsetTop").Float()/zoom))+"px")
	style.Call("setProperty", "--visual-height", strconv.Itoa(int(visual.Get("height").Float()/zoom))+"px")
}

// zoom is by how much a style sheet of the page enlarges what is on it. Lengths
// of the window do not know of it.
func (v *view) zoom() float64 {
	if high := v.panel.Get("offsetHeight").Float(); high > 0 {
		return v.panel.GetBoundingClientRect().Height() / high
	}
	return 1
}

// above is how far the top of something is below that of what it scrolls in. It
// is as measured, for offsetTop rounds and depends on what is positioned.
func (v *view) above(log, e element) float64 {
	return (e.GetBoundingClientRect().Top() - log.GetBoundingClientRect().Top()) / v.zoom()
}
