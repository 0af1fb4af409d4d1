package widget

import (
	"sync"

	"plurachat/protocol"
	"plurachat/widget/chat"
)

// item is one thing for a widget's loop to take. One field is set.
type item struct {
	intent  *chat.Intent
	event   *protocol.Event
	message string // from another tab
	lock    lockNews
	attr    string // an attribute has changed
	idle    bool   // the page has time for what is not in view
	tick    bool   // it is time for the backend to look at the clock

	//lint:ignore U1000 the page's half of the package uses it
	generation int // of the backend that the event comes from
	//lint:ignore U1000 likewise
	fault string // something below has panicked
}

// lockNews is what became of the lock that decides which tab has the
// connection.
type lockNews uint8

const (
	lockHeld lockNews = iota + 1
	lockLost
)

// patient reports whether an item may wait until there is a frame to be drawn:
// an agent's message does, for nothing is seen of it before.
func (i *item) patient() bool {
	return i.event != nil && i.event.Kind == protocol.Added && i.event.Entry.Kind == protocol.Agent
}

// queue is unbounded and never blocks whoever puts: browser callbacks and the
// line's goroutine must not wait for the widget.
type queue struct {
	mu     sync.Mutex
	items  []item
	urgent bool          // one of items is not patient
	frame  bool          // it is time to draw
	ready  chan struct{} // holds one token while there is something to take
}

func newQueue() *queue { return &queue{ready: make(chan struct{}, 1)} }

func (q *queue) put(i item) {
	q.mu.Lock()
	q.items = append(q.items, i)
	q.urgent = q.urgent || !i.patient()
	q.mu.Unlock()
	q.wake()
}

// paint says that it is time to draw.
func (q *queue) paint() {
	q.mu.Lock()
	q.frame = true
	q.mu.Unlock()
	q.wake()
}

func (q *queue) wake() {
	select {
	case q.ready <- struct{}{}:
	default:
	}
}

// mostPatient is how many items are too many to wait for a frame: what they mean
// is found out meanwhile.
const mostPatient = 40

// patient reports whether everything may wait for a frame.
func (q *queue) patient() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return !q.urgent && !q.frame && len(q.items) < mostPatient
}

// weight is how many short messages an item is as much work as.
func (i *item) weight() int {
	if i.event == nil {
		return 1 + len(i.message)/heavy
	}
	return 1 + len(i.event.Entry.Text)/heavy
}

// heavy is for how many bytes a message counts as one more.
const heavy = 2 << 10

// take takes the oldest items, of n short messages' weight at most, or one that
// is heavier, and whether it is time to draw. There may be more.
func (q *queue) take(n int) (items []item, frame, more bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	items, frame = q.items, q.frame
	q.frame = false
	n = within(items, n)
	if more = len(items) > n; more {
		items, q.items = items[:n:n], items[n:]
	} else {
		q.items, q.urgent = nil, false
	}
	return items, frame, more
}

// within is how many items of a list are of that weight at most; the first one
// is whatever it weighs.
func within(items []item, weight int) int {
	for i := range items {
		if weight -= items[i].weight(); weight < 0 && i > 0 {
			return i
		}
	}
	return len(items)
}
