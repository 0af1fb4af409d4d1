package check

import (
	"context"
	"errors"
	"net/http"

	"github.com/coder/websocket"
)

// dialSocket fails: browsers hide what a check must see. The package is compiled for browsers only because the
// repository is vetted for them.
func dialSocket(context.Context, string, *http.Client, string) (*websocket.Conn, *http.Response, error) {
	return nil, nil, errors.New("a check does not run in a browser")
}
