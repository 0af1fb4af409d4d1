package protocol

import (
	"context"

	"github.com/coder/websocket"
)

// webSocket is a [Dialer] that uses github.com/coder/websocket. transport_js.go
// and transport_notjs.go have what differs between platforms.
type webSocket struct{}

// Dial implements [Dialer].
func (webSocket) Dial(ctx context.Context, url string) (Conn, error) {
	return dialSocket(ctx, url, nil)
}

func dialSocket(ctx context.Context, url string, o *websocket.DialOptions) (Conn, error) {
	c, _, err := websocket.Dial(ctx, url, o)
	if err != nil {
		return nil, err
	}
	// Exceeding the library's limit ends the connection. The Client checks the
	// size itself, drops the frame and goes on.
	c.SetReadLimit(-1)
	return socket{c}, nil
}

type socket struct{ c *websocket.Conn }

func (s socket) Read(ctx context.Context) ([]byte, bool, error) {
	typ, data, err := s.c.Read(ctx)
	if err != nil {
		err = readError(err)
	}
	return data, typ == websocket.MessageText, err
}

func (s socket) Write(ctx context.Context, data []byte) error {
	return s.c.Write(ctx, websocket.MessageText, data)
}

func (s socket) Close() { closeSocket(s.c) }
