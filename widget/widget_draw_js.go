package widget

import (
	"syscall/js"
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

// ask asks for a frame, once. Hidden tabs have none; a timer stands in.
func (w *widget) ask() {
	if w.asked || w.ended {
		return // what is asked for once the widget has ended would call a released function
	}
	w.asked = true
	w.frame = js.Global().Call("requestAnimationFrame", w.paint)
	w.timer = js.Global().Call("setTimeout", w.paint, 150)
}

// soon has the loop go on in a task of its own: the browser is let in between.
// Hidden tabs have slow timers, and nobody who waits.
func (w *widget) soon() {
	js.Global().Call("clearTimeout", w.resume)
	switch {
	case w.ended:
	case w.chat.Visible():
		w.resume = js.Global().Call("setTimeout", w.next)
	default:
		w.queue.wake()
	}
}

// idleOptions makes a page that is never idle give time nevertheless: what is below the first unread row is not drawn
// before.
var idleOptions = js.ValueOf(map[string]any{"timeout": 200})

// idle asks for time to draw what is not in view, if there is something.
func (w *widget) idle() {
	if w.view.log.undrawn == 0 || w.idling || w.ended {
		return
	}
	w.idling = true
	if js.Global().Get("requestIdleCallback").Truthy() {
		w.older = js.Global().Call("requestIdleCallback", w.rest, idleOptions)
	} else {
		w.older = js.Global().Call("setTimeout", w.rest, 20)
	}
}

// unidle takes it back.
func (w *widget) unidle() {
	if !w.idling {
		return
	}
	if js.Global().Get("cancelIdleCallback").Truthy() {
		js.Global().Call("cancelIdleCallback", w.older)
	} else {
		js.Global().Call("clearTimeout", w.older)
	}
}

// unask takes back what was asked for and has not come.
func (w *widget) unask() {
	if w.asked {
		w.asked = false
		js.Global().Call("cancelAnimationFrame", w.frame)
		js.Global().Call("clearTimeout", w.timer)
	}
}

func (w *widget) draw(now time.Time) {
	b := w.undrawn
	w.unask()
	w.keep()
	w.undrawn = chat.Batch{Screen: b.Screen}
	defer w.idle()
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
