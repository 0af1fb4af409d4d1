package build

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"testing"
)

// TestPack checks that packing takes the names of functions out and clears those of files, and that packing a packed
// program changes nothing.
func TestPack(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles")
	}
	packed, names := compiled(t).wasm, compiled(t).names
	again, _, err := pack(packed, false, false)
	if err != nil || !bytes.Equal(again, packed) {
		t.Errorf("packed twice it is %d bytes, once %d: %v", len(again), len(packed), err)
	}
	_, start, end, err := findSection(packed, dataSection)
	if err != nil {
		t.Fatal(err)
	}
	image, _, err := loadImage(packed[start:end])
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(image, []byte("plurachat/widget.Main")) {
		t.Error("names of functions are left")
	}
	if !slices.Contains(slices.Collect(maps.Values(names)), "plurachat/widget.Main") {
		t.Errorf("a panic could not name the functions it went through; there are %d names", len(names))
	}
	if bytes.Contains(image, []byte("widget/chat/event.go")) {
		t.Error("names of files are left")
	}
}

func TestPackRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, module := range []string{
		"", "\x00asm\x01\x00\x00\x00", "\x00asm\x01\x00\x00\x00\x0b\xff", "\x00asm\x01\x00\x00\x00\x0b\x01\x00", "\x00asm\x01\x00\x00\x00\x0b\x08\x01\x00\x41\x10\x0b\x02hi",
		"\x00asm\x01\x00\x00\x00\x0b\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",         // a size that is negative as an int
		"\x00asm\x01\x00\x00\x00\x0b\x0b\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", // a count without an end
		"\x00asm\x01\x00\x00\x00\x0b\x10\x01\x00\x41\x10\x0b\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
	} {
		if _, _, err := pack([]byte(module), true, true); !errors.Is(err, errModule) {
			t.Errorf("%q: %v", module, err)
		}
	}
}

func TestSignedVarint(t *testing.T) {
	for _, v := range []int{0, 1, 63, 64, 127, 128, 8191, 8192, 1 << 20, 1<<30 - 1} {
		b := appendSigned(nil, v)
		if got, n := signedVarint(b); got != v || n != len(b) {
			t.Errorf("%d became %d, %d bytes of %d", v, got, n, len(b))
		}
	}
}
