//go:build !js

package widget

import (
	"testing"
	"time"

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
	q.put(item{beat: true})
	if !q.awake() || q.patient() {
		t.Error("what is urgent waits for nothing")
	}
	if items, frame, more := q.take(); len(items) != 3 || frame || more {
		t.Errorf("took %d items, %v, %v", len(items), frame, more)
	}
	q.put(said)
	q.take()
	q.awake()
	q.paint()
	if !q.awake() || q.patient() {
		t.Error("a frame waits for nothing")
	}
}

func TestQueueLearnsHowMuchIsEnough(t *testing.T) {
	q := newQueue()
	taken := func() int {
		for range 2 * most {
			q.put(item{beat: true})
		}
		items, _, _ := q.take()
		q.items = nil
		return len(items)
	}
	for _, step := range []struct {
		n    int
		took time.Duration
		want int
	}{
		{0, 0, fewest},
		{fewest, 2 * aTurn, fewest},
		{fewest, aTurn / 2, 2 * fewest},
		{fewest - 1, 2 * aTurn, 2 * fewest}, // says nothing
		{2 * fewest, aTurn / 10, most},
		{most, 2 * aTurn, most / 2},
	} {
		q.took(step.n, step.took)
		if got := taken(); got != step.want {
			t.Errorf("after %d in %v: took %d, want %d", step.n, step.took, got, step.want)
		}
	}
}

// Whatever comes while a burst is worked off wakes the loop: hidden pages have no frames.
func TestQueueWakesInBurst(t *testing.T) {
	q := newQueue()
	q.put(item{beat: true})
	for range 2 * fewest {
		q.put(item{event: &protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Kind: protocol.Agent}}})
	}
	<-q.ready
	if _, _, more := q.take(); !more {
		t.Fatal("all of the burst was taken at once")
	}
	q.put(item{beat: true})
	select {
	case <-q.ready:
	default:
		t.Error("nobody is woken")
	}
}
