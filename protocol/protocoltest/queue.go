package protocoltest

import (
	"sync"
	"time"
)

// queue calls functions in order, each of them not before it is due. While it
// waits, it needs no goroutine. It calls a function that is due at once in the
// goroutine that adds it.
type queue struct {
	mu      sync.Mutex
	tasks   []task
	last    time.Time // when the newest task was or is due
	timer   *time.Timer
	running bool // a function is running, or the queue is held
	stopped bool
}

type task struct {
	due time.Time
	run func()
}

// in adds f, which is due d from now, but not before the functions that were
// added earlier.
func (q *queue) in(d time.Duration, f func()) { q.add(d, false, f) }

// after adds f, which is due d after the function that was added last, or d from
// now if that is later.
func (q *queue) after(d time.Duration, f func()) { q.add(d, true, f) }

func (q *queue) add(d time.Duration, chained bool, f func()) {
	q.mu.Lock()
	if q.stopped {
		q.mu.Unlock()
		return
	}
	due := time.Now()
	if chained && q.last.After(due) {
		due = q.last
	}
	if due = due.Add(d); due.Before(q.last) {
		due = q.last
	}
	q.last = due
	q.tasks = append(q.tasks, task{due, f})
	q.advance()
}

// advance calls the functions that are due, and sets the timer for the others.
// The caller holds q.mu, and advance releases it.
func (q *queue) advance() {
	defer q.mu.Unlock()
	if q.running {
		return
	}
	for len(q.tasks) > 0 {
		head := q.tasks[0]
		if wait := time.Until(head.due); wait > 0 {
			if q.timer != nil {
				q.timer.Stop()
			}
			q.timer = time.AfterFunc(wait, func() { q.mu.Lock(); q.advance() })
			return
		}
		q.tasks = q.tasks[1:]
		q.running = true
		q.mu.Unlock()
		head.run()
		q.mu.Lock()
		q.running = false
	}
	q.tasks = nil
}

// stop removes the functions that have not been called. Functions that are added
// later are ignored.
func (q *queue) stop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.stopped, q.tasks = true, nil
	if q.timer != nil {
		q.timer.Stop()
	}
}

// hold makes the queue call no function until release is called. No function may
// be running.
func (q *queue) hold() {
	q.mu.Lock()
	q.running = true
	q.mu.Unlock()
}

// release ends hold.
func (q *queue) release() {
	q.mu.Lock()
	q.running = false
	q.advance()
}
