//go:build !js

package widget

import (
	"testing"

	"plurachat/protocol"
)

// awake reports whether the queue has a token, and takes it.
func (q *queue) awake() bool {
	select {
	case <-q.ready:
		return true
	default:
		return false
	}
}

func TestQueueWakes(t *testing.T) {
	q := newQueue()
	said := item{event: &protocol.Event{Kind: protocol.Added}}
	q.put(said)
	if !q.awake() || !q.patient() {
		t.Error("a message is heard of, and waits for a frame")
	}
	q.put(said)
	q.put(item{tick: true})
	if !q.awake() || q.patient() {
		t.Error("what is urgent waits for nothing")
	}
	if items, frame, more := q.take(3); len(items) != 3 || frame || more {
		t.Errorf("took %d items, %v, %v", len(items), frame, more)
	}
	q.put(said)
	q.take(1)
	q.awake()
	q.paint()
	if !q.awake() || q.patient() {
		t.Error("a frame waits for nothing")
	}
	q.take(1)
	for range mostPatient {
		q.put(said)
	}
	if q.patient() {
		t.Error("a burst waits for a frame before anybody looks what it is")
	}
}

// Whatever comes while a burst is worked off wakes the loop: hidden pages have no frames.
func TestQueueWakesInBurst(t *testing.T) {
	q := newQueue()
	q.put(item{tick: true})
	for range mostPatient {
		q.put(item{event: &protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Kind: protocol.Agent}}})
	}
	<-q.ready
	if _, _, more := q.take(mostPatient); !more {
		t.Fatal("all of the burst was taken at once")
	}
	q.put(item{tick: true})
	select {
	case <-q.ready:
	default:
		t.Error("nobody is woken")
	}
}

// An item has news of the lock only if it says so.
func TestItemsWithoutNews(t *testing.T) {
	var i item
	if i.lock == lockHeld || i.lock == lockLost || lockHeld == lockLost {
		t.Error("every item brings news of the lock")
	}
}
