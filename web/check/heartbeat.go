package check

import (
	"context"
	"fmt"
	"time"
)

// heartbeatTime is how long the check watches the heartbeats.
const heartbeatTime = 40 * time.Second

// heartbeat lets the client send heartbeats for a while. At the end it sends a ping, which browsers cannot, because a
// connection whose other end is gone looks like a quiet one.
func (f *flowCheck) heartbeat(conn *tapped) {
	switch {
	case f.o.Quick:
		f.skip(stepHeartbeat, docHeartbeat, "left out (-quick)")
		return
	case f.lost(conn):
		f.skip(stepHeartbeat, docHeartbeat, "the connection is lost")
		return
	}
	lost := f.tap.wait(f.ctx, heartbeatTime, func() bool { return !conn.closed.IsZero() })
	f.tap.mu.Lock()
	n := 0
	for _, h := range conn.frames {
		if h.sent == "heartbeat" {
			n++
		}
	}
	f.tap.mu.Unlock()
	if lost {
		f.wrong(stepHeartbeat, docHeartbeat, f.ending(conn),
			"look for a proxy or a limit that ends connections; the widget connects again each time")
		return
	}
	ctx, cancel := context.WithTimeout(f.ctx, frameTime)
	defer cancel()
	if err := conn.socket.Ping(ctx); err != nil {
		f.wrong(stepHeartbeat, docHeartbeat, "the connection seems open, but a ping gets no answer",
			"look for a proxy that drops connections without closing them")
		return
	}
	f.right(stepHeartbeat, docHeartbeat,
		fmt.Sprintf("open for %s, with %d heartbeats", seconds(time.Since(conn.opened)), n))
}
