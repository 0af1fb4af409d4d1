//go:build js

package rand

import (
	"io"
	"syscall/js"
)

// Reader is the browser's cryptographically secure generator. It may be used from any goroutine
// and never returns an error: a browser that refuses to give random bytes stops the program.
var Reader io.Reader = reader{}

// most is the largest number of bytes that getRandomValues fills in one call; above it, it throws.
const most = 65536

type reader struct{}

// Read implements io.Reader.
func (reader) Read(b []byte) (int, error) {
	crypto, array := js.Global().Get("crypto"), js.Global().Get("Uint8Array")
	for rest := b; len(rest) > 0; {
		n := min(len(rest), most)
		a := array.New(n)
		crypto.Call("getRandomValues", a)
		rest = rest[js.CopyBytesToGo(rest, a):]
	}
	return len(b), nil
}

// Read fills b with random bytes. It always fills all of b and never returns an error.
func Read(b []byte) (n int, err error) {
	return Reader.Read(b)
}
