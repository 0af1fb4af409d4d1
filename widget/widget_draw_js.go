package widget

import (
	"time"

	"plurachat/protocol"
	"plurachat/widget/chat"
)

// urgent reports whether to draw without waiting for a frame: what the visitor
// has just asked for, while the browser still knows that it was the visitor.
// (Phones show their keyboard for a focus that comes in that moment only.)
func (w *widget) urgent() bool {
	return w.undrawn.Focus != chat.FocusNone || w.undrawn.Input || w.undrawn.Screen.Open != w.view.now.Open
}

// awaits reports whether what the loader drew is right for a moment longer: the
// greeting that it shows is on its way here.
func (w *widget) awaits(now time.Time) bool {
	return w.greetingComes(now) && w.view.greeted() && !w.undrawn.HasAgentMessage()
}

// greetingComes reports whether the greeting that the loader has shown may still
// arrive: as long as the connection that it came on is being taken over, and for
// a moment after that. How long this takes depends on the machine.
func (w *widget) greetingComes(now time.Time) bool {
	switch w.chat.State() {
	case protocol.Idle, protocol.Connecting:
		return now.Sub(w.began) < protocol.HandoverTime
	case protocol.Online:
		if w.onlineAt.IsZero() {
			w.onlineAt = now
		}
		return now.Sub(w.onlineAt) < greetingWithin
	}
	return false
}

const greetingWithin = 500 * time.Millisecond

// drawWhenIdle requests idle time for the rows that are not in view, if some of them are not drawn.
func (w *widget) drawWhenIdle() {
	if w.view.log.undrawn > 0 {
		w.scheduler.requestIdle()
	}
}

func (w *widget) draw(now time.Time) {
	b := w.undrawn
	w.scheduler.cancelFrame()
	w.keep()
	w.undrawn = chat.Batch{Screen: b.Screen}
	defer w.drawWhenIdle()
	greeted := b.HasAgentMessage() || len(b.Rows) > 0 && !w.greetingComes(now)
	scrolled, atEnd := w.view.draw(&b, greeted)
	if scrolled {
		w.chat.Do(now, chat.Intent{Kind: chat.Scrolled, On: atEnd})
		w.take(now)
		if w.undrawn.Screen != w.view.now {
			w.view.show(&w.undrawn.Screen)
		}
	}
}
