package protocol

import (
	"context"
	"syscall/js"

	"github.com/coder/websocket"
)

func dialSocket(ctx context.Context, url string) (*websocket.Conn, error) {
	c, _, err := websocket.Dial(ctx, url, nil)
	return c, err
}

// closeSocket closes with 1000: browsers let scripts send no other registered
// code, CloseNow's 1001 would throw and leave the socket open. Close waits for
// the peer, up to a minute for a silent one, so it does in a goroutine.
func closeSocket(c *websocket.Conn) {
	go func() { _ = c.Close(websocket.StatusNormalClosure, "") }()
}

// localOffset asks anew each time: Go reads the zone once, but daylight saving
// may change while a page is open.
func localOffset() int {
	return -60 * js.Global().Get("Date").New().Call("getTimezoneOffset").Int()
}

// normalize is the browser's own, whose tables cost nothing here. A text that it
// refuses is compared as it is.
func normalize(s string) (normal string) {
	defer func() {
		if recover() != nil {
			normal = s
		}
	}()
	return js.Global().Get("String").Get("prototype").Get("normalize").Call("call", s).String()
}
