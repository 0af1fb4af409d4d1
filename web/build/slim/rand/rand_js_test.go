//go:build js

package rand_test

import (
	"bytes"
	"io"
	"testing"

	"plurachat/web/build/slim/rand"
)

// TestReadFillsAll checks that Read fills all bytes, also above the browser's limit of 65,536 bytes for one call.
func TestReadFillsAll(t *testing.T) {
	for _, n := range []int{0, 1, 16, 250, 256, 4096, 65536, 65537, 200000} {
		a, b := make([]byte, n), make([]byte, n)
		if got, err := rand.Read(a); got != n || err != nil {
			t.Errorf("Read of %d bytes = %d, %v", n, got, err)
		}
		if _, err := io.ReadFull(rand.Reader, b); err != nil {
			t.Errorf("reading %d bytes: %v", n, err)
		}
		if n < 16 {
			continue
		}
		if bytes.Equal(a, b) {
			t.Errorf("two reads of %d bytes are the same", n)
		}
		if bytes.Equal(a[n-16:], make([]byte, 16)) {
			t.Errorf("the last bytes of %d are zero", n)
		}
	}
}
