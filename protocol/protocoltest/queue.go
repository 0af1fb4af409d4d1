package protocoltest

import (
	"sync"
	"time"
)

// queue runs functions in order, each not before its time. While it waits, it has
// no goroutine. Functions that are due at once run in the caller's goroutine.
type queue struct {
	mu      sync.Mutex
	tasks   []task
	last    time.Time // when the newest task ran or will run
	timer   *time.Timer
	running bool
	stopped bool
}

type task struct {
	due time.Time
	run func()
}

// in adds f to run after d, but not before what was added earlier.
func (q *queue) in(d time.Duration, f func()) { q.add(d, false, f) }

// after adds f to run d after what was added last.
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

// advance runs the functions that are due, and sets the timer for the others. It
// is called with q.mu held and releases it.
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

// stop removes the functions that have not run.
func (q *queue) stop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.stopped, q.tasks = true, nil
	if q.timer != nil {
		q.timer.Stop()
	}
}

// hold stops running functions until release is called.
func (q *queue) hold() {
	q.mu.Lock()
	q.running = true
	q.mu.Unlock()
}

func (q *queue) release() {
	q.mu.Lock()
	q.running = false
	q.advance()
}
