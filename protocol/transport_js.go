package protocol

import (
	"syscall/js"

	"github.com/coder/websocket"
)

// closeSocket closes with code 1000, the only registered code that browsers
// allow scripts to send. CloseNow's 1001 would throw and leave the socket open.
// Close waits up to a minute for the peer, so it runs in a goroutine. The
// connection is given up, so an error does not matter.
func closeSocket(c *websocket.Conn) {
	go func() { _ = c.Close(websocket.StatusNormalClosure, "") }()
}

// errClosed is a reason for the end of a connection.
var errClosed error = constError("the server or the network has closed the connection")

// readError returns why a read has failed. In browsers, the library reads until
// the socket is closed, and does not tell by whom.
func readError(error) error { return errClosed }

// localOffset returns the current offset in seconds east of UTC. It uses the
// browser each time, because Go reads the zone only once, and daylight saving
// may start or end while a page is open.
func localOffset() int {
	return -60 * js.Global().Get("Date").New().Call("getTimezoneOffset").Int()
}

// normalize returns s in Unicode normalization form C. It uses the browser's
// tables, which add no bytes to the download. If the browser throws, it returns
// s.
func normalize(s string) (normal string) {
	defer func() {
		if recover() != nil {
			normal = s
		}
	}()
	return js.Global().Get("String").Get("prototype").Get("normalize").Call("call", s).String()
}
