package widget

import "plurachat/widget/chat"

// endSlack is the distance from the end, in pixels, that still counts as the end.
const endSlack = 24

// atEnd reports whether the end of the log is in view.
func (l *logView) atEnd() bool {
	if n := len(l.rows); n > 0 && !l.rows[n-1].drawn {
		return false
	}
	return l.distanceFromEnd()-l.element.Get("clientHeight").Float() <= endSlack
}

// scrollTo scrolls the log. covered is the height, in pixels, of what covers the top of the log. It reports whether it
// scrolled, and whether the end is in view afterwards.
func (l *logView) scrollTo(to chat.Scroll, covered float64) (scrolled, atEnd bool) {
	if to.Kind == chat.ScrollStay {
		return false, false
	}
	top := l.element.Get("scrollHeight").Float() - l.element.Get("clientHeight").Float()
	if i := l.indexOf(to); i >= 0 && l.rows[i].drawn {
		top = min(top, l.element.Get("scrollTop").Float()+l.offsetInView(l.rootOf(l.rows[i]))-covered-8)
	}
	l.element.Set("scrollTop", top)
	l.endInView = l.atEnd()
	return true, l.endInView
}

// scrollToEnd scrolls to the end of the log.
func (l *logView) scrollToEnd() { l.element.Set("scrollTop", l.element.Get("scrollHeight")) }

// distanceFromEnd returns the distance, in pixels, from the top of what is in view to the end of the log.
func (l *logView) distanceFromEnd() float64 {
	return l.element.Get("scrollHeight").Float() - l.element.Get("scrollTop").Float()
}

// restoreDistanceFromEnd scrolls so that distanceFromEnd returns distance. It keeps what is in view when the height
// above it changes.
func (l *logView) restoreDistanceFromEnd(distance float64) {
	l.element.Set("scrollTop", l.element.Get("scrollHeight").Float()-distance)
}

// offsetInView returns the distance, in pixels, from the top of what is in view to the top of an element in the log. It
// does not use offsetTop, which is rounded and depends on which elements are positioned.
func (l *logView) offsetInView(e element) float64 { return offsetIn(l.element, e) }

// offsetIn returns the distance, in pixels, from the top of a scroller's visible part to the top of an element in it.
func offsetIn(scroller, e element) float64 {
	return (e.GetBoundingClientRect().Top() - scroller.GetBoundingClientRect().Top()) / zoom(scroller)
}

// zoom returns the factor by which the page's style sheet enlarges an element. The window's lengths do not include it.
func zoom(e element) float64 {
	if high := e.Get("offsetHeight").Float(); high > 0 {
		return e.GetBoundingClientRect().Height() / high
	}
	return 1
}
