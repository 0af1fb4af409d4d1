//go:build !js

package check

import (
	"context"
	"net/http"

	"github.com/coder/websocket"
)

// dialSocket opens a connection. It offers compression and sends an origin, as browsers do. The client decides about
// redirects.
func dialSocket(
	ctx context.Context, url string, client *http.Client, origin string,
) (*websocket.Conn, *http.Response, error) {
	o := &websocket.DialOptions{
		HTTPClient:      client,
		HTTPHeader:      http.Header{},
		CompressionMode: websocket.CompressionContextTakeover,
	}
	if origin != "" {
		o.HTTPHeader.Set("Origin", origin)
	}
	return websocket.Dial(ctx, url, o)
}
