package protocol

import (
	"strings"
	"time"
)

// separator stands between the frames of a burst, which web/start/burst.js hands over
// as one text. It stands nowhere in JSON; RFC 7464 puts it to the same use.
const separator = "\x1e"

// heard: something has come in on a link, a frame or the frames of a burst. What
// came at once has one time, for to ask for it costs a page more than a frame.
func (c *Client) heard(l *link, data []byte, text bool) {
	now := time.Now()
	if !text {
		c.received(l, "", false, now)
		return
	}
	for rest, more := string(data), true; more; {
		var frame string
		frame, rest, more = strings.Cut(rest, separator)
		c.received(l, frame, true, now)
	}
}
