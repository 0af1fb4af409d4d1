package widget

import (
	"sync"
	"time"

	"plurachat/protocol"
	"plurachat/widget/chat"
)

// item is one thing for the widget's loop to handle. One field is set; generation belongs to event and to lock, and
// idleFor to idle.
type item struct {
	intent  *chat.Intent
	event   *protocol.Event
	message string // from another tab
	lock    lockChange
	attr    string // the name of an attribute that has changed
	idle    bool   // the page has time for the rows that are not in view: idleFor
	tick    bool   // the backend is to check its deadlines

	//lint:ignore U1000 the page's half of the package uses it
	idleFor time.Duration // how long the page is expected to be idle
	//lint:ignore U1000 likewise
	generation int // the number of the backend that the event comes from, or of the round of requests for the lock
	//lint:ignore U1000 likewise
	fault string // why a callback or a goroutine of the widget has panicked
}

// lockChange is a change of the lock that decides which tab has the connection.
type lockChange uint8

const (
	lockAcquired lockChange = iota + 1
	lockLost
)

// canWaitForFrame reports whether an item may be handled just before the next frame. That holds for an agent's message,
// which has no effect before it is drawn.
func (i *item) canWaitForFrame() bool {
	return i.event != nil && i.event.Kind == protocol.Added && i.event.Entry.Kind == protocol.Agent
}

// queue holds the items for the widget's loop. It is unbounded and put never blocks, because callbacks of the browser
// and the goroutine of the backend must not wait for the widget.
type queue struct {
	mu        sync.Mutex
	items     []item
	immediate bool          // one of items cannot wait for a frame
	frame     bool          // the requested frame has come
	ready     chan struct{} // has a token while the loop has something to do
}

func newQueue() *queue { return &queue{ready: make(chan struct{}, 1)} }

// put adds an item, and wakes the loop.
func (q *queue) put(i item) {
	q.mu.Lock()
	q.items = append(q.items, i)
	q.immediate = q.immediate || !i.canWaitForFrame()
	q.mu.Unlock()
	q.wake()
}

// putFrame reports that the requested frame has come.
func (q *queue) putFrame() {
	q.mu.Lock()
	q.frame = true
	q.mu.Unlock()
	q.wake()
}

// wake wakes the loop. It does not block: one token is enough.
func (q *queue) wake() {
	select {
	case q.ready <- struct{}{}:
	default:
	}
}

// burstSize is the number of items from which on the queue does not wait for a frame, so that the loop handles a burst
// while it arrives.
const burstSize = 40

// canWaitForFrame reports whether everything in the queue may be handled just before the next frame.
func (q *queue) canWaitForFrame() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return !q.immediate && !q.frame && len(q.items) < burstSize
}

// weight returns the work of an item, in short messages.
func (i *item) weight() int {
	if i.event == nil {
		return 1 + len(i.message)/bytesPerWeight
	}
	return 1 + len(i.event.Entry.Text)/bytesPerWeight
}

// bytesPerWeight is the size of a message that is one more unit of work.
const bytesPerWeight = 2 << 10

// take removes the oldest items and returns them: of weight n at most, but at least one. frame reports whether the
// requested frame has come, and more whether items are left.
func (q *queue) take(n int) (items []item, frame, more bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	items, frame = q.items, q.frame
	q.frame = false
	n = countWithin(items, n)
	if more = len(items) > n; more {
		items, q.items = items[:n:n], items[n:]
	} else {
		q.items, q.immediate = nil, false
	}
	return items, frame, more
}

// countWithin returns how many of the first items have a weight of at most weight together. It is at least 1, unless
// there are no items.
func countWithin(items []item, weight int) int {
	for i := range items {
		if weight -= items[i].weight(); weight < 0 && i > 0 {
			return i
		}
	}
	return len(items)
}
