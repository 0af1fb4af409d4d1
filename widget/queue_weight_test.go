//go:build !js

package widget

import (
	"strings"
	"testing"

	"plurachat/protocol"
	"plurachat/widget/chat"
)

// said returns an agent's message of so many bytes.
func said(bytes int) item {
	return item{event: &protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Kind: protocol.Agent, Text: strings.Repeat("x", bytes)}}}
}

// Only an agent's message may wait for a frame, because it has no effect before it is drawn.
func TestItemsThatWaitForFrame(t *testing.T) {
	visitors, renamed := said(1), said(1)
	visitors.event.Entry.Kind = protocol.Visitor
	renamed.event.Kind = protocol.Renamed
	message := said(1)
	if !message.canWaitForFrame() {
		t.Error("a message does not wait for a frame")
	}
	for name, i := range map[string]item{"the visitor's": visitors, "another event": renamed, "an intent": {intent: &chat.Intent{}}, "a message": {message: "x"}} {
		if i.canWaitForFrame() {
			t.Errorf("%s waits for a frame", name)
		}
		q := newQueue()
		q.put(message)
		q.put(i)
		q.put(message)
		if q.canWaitForFrame() {
			t.Errorf("%s, among messages, waits for a frame", name)
		}
		if q.take(100); !q.canWaitForFrame() {
			t.Errorf("after %s was taken, an empty queue does not wait", name)
		}
	}
	// Forty messages are a burst, which is handled before the next frame.
	q := newQueue()
	for range 39 {
		q.put(message)
	}
	if !q.canWaitForFrame() {
		t.Error("39 messages do not wait")
	}
	if q.put(message); q.canWaitForFrame() {
		t.Error("40 messages wait")
	}
}

// take returns items up to a weight. A short message has weight 1, and each 2 KiB of text add 1. The first item is
// always returned. An item that cannot wait for a frame counts until all items are taken.
func TestTakeByWeight(t *testing.T) {
	for _, c := range []struct {
		items []item
		n     int
		want  int
	}{
		{nil, 3, 0},
		{[]item{said(1), said(1), said(1), said(1)}, 3, 3},
		{[]item{said(2047), said(2047), said(1)}, 3, 3},
		{[]item{said(2048), said(2048), said(1)}, 3, 1},
		{[]item{said(2048), said(1), said(1)}, 3, 2},
		{[]item{said(1 << 20), said(1)}, 3, 1},
		{[]item{{message: strings.Repeat("x", 4096)}, said(1)}, 3, 1},
		{[]item{{message: strings.Repeat("x", 4095)}, said(1)}, 3, 2},
		{[]item{{intent: &chat.Intent{}}, {tick: true}, {idle: true}, {attr: "x"}}, 3, 3},
	} {
		q := newQueue()
		for _, i := range c.items {
			q.put(i)
		}
		q.putFrame()
		items, frame, more := q.take(c.n)
		if len(items) != c.want || !frame || more != (c.want < len(c.items)) {
			t.Errorf("of %d items %d are taken, frame %v, more %v; want %d", len(c.items), len(items), frame, more, c.want)
		}
		taken := len(items)
		for more {
			items, frame, more = q.take(c.n)
			taken += len(items)
			if frame || len(items) == 0 {
				t.Errorf("then %d items, frame %v", len(items), frame)
			}
		}
		if items, _, _ := q.take(c.n); taken != len(c.items) || len(items) > 0 {
			t.Errorf("of %d items %d are taken in the end", len(c.items), taken)
		}
	}
	// An item that is added later does not overwrite those that were taken and are still being handled.
	q := newQueue()
	for range 4 {
		q.put(said(1))
	}
	first, _, _ := q.take(2)
	q.put(item{attr: "later"})
	if first = append(first, item{attr: "mine"}); len(first) != 3 {
		t.Fatal("two were taken")
	}
	if rest, _, _ := q.take(10); len(rest) != 3 || rest[0].attr != "" || rest[2].attr != "later" {
		t.Errorf("the rest is %+v", rest)
	}
}
