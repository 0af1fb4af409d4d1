//go:build js

package rand

import (
	"io"
	"syscall/js"
)

// Reader reads from the browser's cryptographically secure random number generator. It may be used from any goroutine.
// It never returns an error; it panics if the browser throws an exception.
var Reader io.Reader = reader{}

// most is the largest number of bytes that getRandomValues accepts in one call.
const most = 65536

type reader struct{}

// stock has random bytes for later reads. A call of getRandomValues takes about the same time for a few bytes as for
// many.
var stock []byte

const (
	stocked = 4096 // bytes with which stock is filled
	few     = 256  // the most bytes that a read takes from stock
)

// Read implements io.Reader.
func (reader) Read(b []byte) (int, error) {
	if len(b) > few {
		return fill(b)
	}
	if len(stock) < len(b) {
		fresh := make([]byte, stocked)
		fill(fresh)
		stock = fresh
	}
	n := copy(b, stock)
	clear(stock[:n]) // the bytes may be a key now, so memory must not have another copy
	stock = stock[n:]
	return n, nil
}

// fill fills b by getRandomValues.
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
