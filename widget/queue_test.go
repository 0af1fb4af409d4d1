//go:build !js

package widget

import (
	"testing"

	"plurachat/protocol"
)

// awake removes the token of the queue, and reports whether there was one.
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
	if !q.awake() || !q.canWaitForFrame() {
		t.Error("a message does not wake the loop, or does not wait for a frame")
	}
	q.put(said)
	q.put(item{tick: true})
	if !q.awake() || q.canWaitForFrame() {
		t.Error("a tick does not wake the loop, or waits for a frame")
	}
	if items, frame, more := q.take(3); len(items) != 3 || frame || more {
		t.Errorf("took %d items, %v, %v", len(items), frame, more)
	}
	q.put(said)
	q.take(1)
	q.awake()
	q.putFrame()
	if !q.awake() || q.canWaitForFrame() {
		t.Error("a frame does not wake the loop, or waits for another one")
	}
	q.take(1)
	for range burstSize {
		q.put(said)
	}
	if q.canWaitForFrame() {
		t.Error("a burst waits for a frame")
	}
}

// An item that arrives while a burst is being handled wakes the loop. Hidden pages have no frames, so nothing else
// would.
func TestQueueWakesInBurst(t *testing.T) {
	q := newQueue()
	q.put(item{tick: true})
	for range burstSize {
		q.put(item{event: &protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Kind: protocol.Agent}}})
	}
	<-q.ready
	if _, _, more := q.take(burstSize); !more {
		t.Fatal("all of the burst was taken at once")
	}
	q.put(item{tick: true})
	select {
	case <-q.ready:
	default:
		t.Error("the loop is not woken")
	}
}

// The zero value of an item is no change of the lock.
func TestItemsWithoutLockChange(t *testing.T) {
	var i item
	if i.lock == lockAcquired || i.lock == lockLost || lockAcquired == lockLost {
		t.Error("an item without a lock change has one")
	}
}
