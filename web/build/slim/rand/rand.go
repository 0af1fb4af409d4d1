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

// stock are random bytes that nobody has had yet: to ask the browser for few costs as much as for many.
var stock []byte

const (
	stocked = 4096
	few     = 256
)

// Read implements io.Reader.
func (reader) Read(b []byte) (int, error) {
	if len(b) > few {
		return fill(b)
	}
	if len(stock) < len(b) {
		fresh := make([]byte, stocked)
		fill(fresh) // which stops the program where there is no chance to be had
		stock = fresh
	}
	n := copy(b, stock)
	clear(stock[:n]) // what is somebody's key by now is nobody else's to find
	stock = stock[n:]
	return n, nil
}

// fill asks the browser.
func fill(b []byte) (int, error) {
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
