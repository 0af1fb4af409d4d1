package widget

import (
	"time"

	"plurachat/protocol"
	"plurachat/widget/chat"
)

// drawsAtOnce reports whether to draw without waiting for a frame. That is so when the panel opens or closes, when the
// text of the composer is replaced, and when the focus moves: phones show their keyboard only for a focus that follows
// the visitor's action immediately.
func (w *widget) drawsAtOnce() bool {
	return w.undrawn.Focus != chat.FocusNone || w.undrawn.Input || w.undrawn.Screen.Open != w.view.screen.Open
}

// awaitsGreeting reports whether to delay the draw because the loader already shows the greeting, and the same greeting
// is still expected from the connection.
func (w *widget) awaitsGreeting(now time.Time) bool {
	return w.greetingMayArrive(now) && w.view.greeted() && !w.undrawn.HasAgentMessage()
}

// greetingMayArrive reports whether the greeting that the loader shows may still arrive. It arrives on the early
// connection, so this is true until that connection has been taken over, and for a short time after it. How long the
// takeover takes depends on the machine.
func (w *widget) greetingMayArrive(now time.Time) bool {
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

// drawWhenIdle requests idle time if some rows have no nodes yet.
func (w *widget) drawWhenIdle() {
	if w.view.log.undrawn > 0 {
		w.scheduler.requestIdle()
	}
}

// quickDraw is how long a draw may take for the next message to appear with an animation. The frames of the animation
// cost the browser about as much as the draw, so a slow machine shows the message without it.
const quickDraw = frameTime / 4

// draw draws what has changed since the last call, after it has been stored.
func (w *widget) draw(now time.Time) {
	b := w.undrawn
	w.scheduler.cancelFrame()
	w.saveUnsaved()
	w.undrawn = chat.Batch{Screen: b.Screen}
	defer w.drawWhenIdle()
	greeted := b.HasAgentMessage() || len(b.Rows) > 0 && !w.greetingMayArrive(now)
	begun := time.Now()
	scrolled, atEnd := w.view.draw(&b, greeted)
	if len(b.Rows) > 0 {
		w.view.log.slow = time.Since(begun) > quickDraw
	}
	if scrolled {
		w.chat.Do(now, chat.Intent{Kind: chat.Scrolled, On: atEnd})
		w.applyBatches(now)
		if w.undrawn.Screen != w.view.screen {
			w.view.show(&w.undrawn.Screen)
		}
	}
}
