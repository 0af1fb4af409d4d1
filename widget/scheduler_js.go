package widget

import (
	"syscall/js"
	"time"
)

// scheduler requests from the browser the moments at which the widget's loop goes on: the next frame, a task of its
// own, and time in which the page is idle. Each of them adds to the queue, so that the loop stays the only goroutine
// that works. Only one of each kind is pending at a time.
//
// Nothing is requested after stop: the browser would call a function that the end of the widget has released, and
// report that on the page's console.
type scheduler struct {
	queue   *queue
	stopped bool

	frameFn      js.Func // adds the frame to the queue
	framePending bool    // a frame is requested, as both of:
	frame        js.Value
	frameTimer   js.Value

	wakeFn js.Func // wakes the loop
	task   js.Value

	idleFn      js.Func // adds the idle time to the queue
	idlePending bool    // idle time is requested, or in the queue
	idle        js.Value
}

// frameWithin is the delay of the timer that stands in for a frame, in milliseconds.
const frameWithin = 150

// idleDelay is the delay of the timer that stands in for idle time, in milliseconds.
const idleDelay = 20

// idleOptions make the browser call back after 200 ms also in a page that is never idle: until then, the rows that are
// not in view have no nodes.
var idleOptions = js.ValueOf(map[string]any{"timeout": 200})

// newScheduler returns a scheduler that adds to q. Its functions are released with those of ls.
func newScheduler(ls *listeners, q *queue) *scheduler {
	return &scheduler{
		queue:   q,
		frameFn: ls.fn(func([]js.Value) { q.putFrame() }),
		wakeFn:  ls.fn(func([]js.Value) { q.wake() }),
		idleFn:  ls.fn(func(args []js.Value) { q.put(item{idle: true, idleFor: idleTime(args)}) }),
	}
}

// requestFrame requests the next frame, unless one is pending. A hidden tab has no frames, so a timer stands in for it.
func (s *scheduler) requestFrame() {
	if s.framePending || s.stopped {
		return
	}
	s.framePending = true
	s.frame = js.Global().Call("requestAnimationFrame", s.frameFn)
	s.frameTimer = js.Global().Call("setTimeout", s.frameFn, frameWithin)
}

// cancelFrame ends the request for a frame. The loop calls it when it takes the frame too, since the other one of frame
// and timer is still pending.
func (s *scheduler) cancelFrame() {
	if s.framePending {
		s.framePending = false
		js.Global().Call("cancelAnimationFrame", s.frame)
		js.Global().Call("clearTimeout", s.frameTimer)
	}
}

// yieldTask makes the loop go on in a task of its own, so that the browser can handle input in between. In a hidden tab
// timers are slow and there is no input, so the loop goes on at once.
func (s *scheduler) yieldTask(visible bool) {
	js.Global().Call("clearTimeout", s.task)
	switch {
	case s.stopped:
	case visible:
		s.task = js.Global().Call("setTimeout", s.wakeFn)
	default:
		s.queue.wake()
	}
}

// idleTime returns how long the page is expected to be idle, from the arguments of an idle callback. It is 0 if the
// page has not been idle before the callback's timeout, and a part of a frame if a timer has stood in for the callback.
func idleTime(args []js.Value) time.Duration {
	if len(args) == 0 {
		return frameTime / 2
	}
	return time.Duration(args[0].Call("timeRemaining").Float() * float64(time.Millisecond))
}

// frameTime is how long browsers show a frame.
const frameTime = 16 * time.Millisecond

// requestIdle requests time in which the page is idle, unless it is pending. Safari does not offer it, so a timer
// stands in for it there.
func (s *scheduler) requestIdle() {
	if s.idlePending || s.stopped {
		return
	}
	s.idlePending = true
	if js.Global().Get("requestIdleCallback").Truthy() {
		s.idle = js.Global().Call("requestIdleCallback", s.idleFn, idleOptions)
	} else {
		s.idle = js.Global().Call("setTimeout", s.idleFn, idleDelay)
	}
}

// idleTaken is called when the loop takes the idle time from the queue. Another one can be requested from then on.
func (s *scheduler) idleTaken() { s.idlePending = false }

// stop cancels what is pending. It must be called before the functions are released.
func (s *scheduler) stop() {
	s.stopped = true
	js.Global().Call("clearTimeout", s.task)
	s.cancelFrame()
	if !s.idlePending {
		return
	}
	if js.Global().Get("cancelIdleCallback").Truthy() {
		js.Global().Call("cancelIdleCallback", s.idle)
	} else {
		js.Global().Call("clearTimeout", s.idle)
	}
}
