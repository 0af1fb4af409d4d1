package widget

import "plurachat/widget/chat"

// slack is how far from the end, in pixels, still counts as the end.
const slack = 24

// atEnd reports whether the end of the log is in view.
func (l *logView) atEnd() bool {
	if n := len(l.rows); n > 0 && !l.rows[n-1].drawn {
		return false
	}
	return l.e.Get("scrollTop").Float()+l.e.Get("clientHeight").Float() >= l.e.Get("scrollHeight").Float()-slack
}

// scrollTo scrolls the log; covered is how many pixels of it stand behind something at its top. It reports whether it
// did, and whether the end is in view then.
func (l *logView) scrollTo(to chat.Scroll, covered float64) (scrolled, atEnd bool) {
	if to.Kind == chat.ScrollStay {
		return false, false
	}
	top := l.e.Get("scrollHeight").Float() - l.e.Get("clientHeight").Float()
	if i := l.find(to); i >= 0 && l.rows[i].drawn {
		top = min(top, l.e.Get("scrollTop").Float()+l.above(l.rootOf(l.rows[i]))-covered-8)
	}
	l.e.Set("scrollTop", top)
	l.ending = l.atEnd()
	return true, l.ending
}

// toEnd scrolls to the end of the log.
func (l *logView) toEnd() { l.e.Set("scrollTop", l.e.Get("scrollHeight")) }

// below returns how far the end of the log is below the top of what is in view, in pixels.
func (l *logView) below() float64 {
	return l.e.Get("scrollHeight").Float() - l.e.Get("scrollTop").Float()
}

// keepBelow scrolls so that below returns what it did before.
func (l *logView) keepBelow(below float64) {
	l.e.Set("scrollTop", l.e.Get("scrollHeight").Float()-below)
}

// above returns how far the top of something in the log is below the top of what is in view, in pixels. It is measured:
// offsetTop is rounded, and depends on what is positioned.
func (l *logView) above(e element) float64 { return above(l.e, e) }

// above returns how far the top of something is below the top of what it scrolls in, in pixels.
func above(scroller, e element) float64 {
	return (e.GetBoundingClientRect().Top() - scroller.GetBoundingClientRect().Top()) / zoom(scroller)
}

// zoom returns by how much a style sheet of the page enlarges what is on it. Lengths of the window do not include it.
func zoom(e element) float64 {
	if high := e.Get("offsetHeight").Float(); high > 0 {
		return e.GetBoundingClientRect().Height() / high
	}
	return 1
}
