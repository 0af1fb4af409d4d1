package widget

import (
	"sync"

	"plurachat/protocol"
)

// item is one thing for a widget's loop to take. One field is set.
type item struct {
	intent *Intent
	event  *protocol.Event
	life   int    // of the line that the event is of
	letter string // from another tab
	lock   lockNews
	attr   string // an attribute has changed
	frame  bool   // it is time to draw
	beat   bool   // it is time for the line to look at the clock
	fault  string // something below has panicked
}

// lockNews is what became of the lock that decides which tab has the
// connection.
type lockNews uint8

const (
	lockHeld lockNews = iota + 1
	lockLost
)

// queue is unbounded and never blocks whoever puts: browser callbacks and the
// line's goroutine must not wait for the widget.
type queue struct {
	mu    sync.Mutex
	items []item
	ready chan struct{} // holds one token while there is something to take
}

func newQueue() *queue { return &queue{ready: make(chan struct{}, 1)} }

func (q *queue) put(i item) {
	q.mu.Lock()
	q.items = append(q.items, i)
	q.mu.Unlock()
	select {
	case q.ready <- struct{}{}:
	default:
	}
}

func (q *queue) take() []item {
	q.mu.Lock()
	defer q.mu.Unlock()
	items := q.items
	q.items = nil
	return items
}
