//go:build !js

package protocol

import (
	"context"
	"net/http"
	"time"

	"github.com/coder/websocket"
)

// closeSocket ends a connection. The connection is given up, so an error does not matter.
func closeSocket(c *websocket.Conn) { _ = c.CloseNow() }

// readError returns why a read has failed: the library knows.
func readError(err error) error { return err }

func localOffset() int {
	_, offset := time.Now().Zone()
	return offset
}

// HTTPDialer is a [Dialer] that uses an HTTP client, for tests with in-memory
// connections.
type HTTPDialer struct{ Client *http.Client }

// Dial implements [Dialer].
func (d HTTPDialer) Dial(ctx context.Context, url string) (Conn, error) {
	return dialSocket(ctx, url, &websocket.DialOptions{HTTPClient: d.Client})
}

// normalize returns s. Natively, the Client runs only in tests, which set
// [Options.Normalize] where they need it.
func normalize(s string) string { return s }
