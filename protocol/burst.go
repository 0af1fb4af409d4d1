package protocol

import (
	"bytes"
	"context"
)

// separator stands between frames that web/burst.js hands over as one text. It
// stands nowhere in JSON; RFC 7464 puts it to the same use.
const separator = "\x1e"

// burst is a [Conn] that takes such a text apart again.
type burst struct {
	Conn
	rest []byte
}

// Read implements [Conn].
func (b *burst) Read(ctx context.Context) (data []byte, text bool, err error) {
	if data, text = b.rest, true; len(data) == 0 {
		data, text, err = b.Conn.Read(ctx)
	}
	if text {
		data, b.rest, _ = bytes.Cut(data, []byte(separator))
	}
	return data, text, err
}
