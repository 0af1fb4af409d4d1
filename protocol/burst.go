package protocol

import (
	"strings"
	"time"
)

// separator separates the frames of a burst, which web/start/burst.js passes to Go
// as one text. JSON text never contains it; RFC 7464 uses it in the same way.
const separator = "\x1e"

// receivedBurst handles one frame, or the frames of a burst. All frames of a
// burst get the same time, because reading the clock costs a page more than
// handling a frame.
func (c *Client) receivedBurst(conn *connection, data []byte, text bool) {
	now := time.Now()
	if !text {
		c.received(conn, "", false, now)
		return
	}
	for rest, more := string(data), true; more; {
		var frame string
		frame, rest, more = strings.Cut(rest, separator)
		c.received(conn, frame, true, now)
	}
}
