package build

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

func TestCompressIsLossless(t *testing.T) {
	data := []byte(strings.Repeat("a page of text, ", 1000))
	for name, c := range map[string]*Compressor{"best": {}, "fast": {Fast: true}, "cached": {Cache: t.TempDir()}} {
		br, gz, err := c.Compress(data)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(brotli.NewReader(bytes.NewReader(br))); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%s: brotli gives %d bytes back, %v", name, len(got), err)
		}
		r, err := gzip.NewReader(bytes.NewReader(gz))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%s: gzip gives %d bytes back, %v", name, len(got), err)
		}
		if !r.ModTime.IsZero() || r.Name != "" {
			t.Errorf("%s: gzip carries a time or a name: %v %q", name, r.ModTime, r.Name)
		}
		if len(br) > len(data)/10 || len(gz) > len(data)/10 {
			t.Errorf("%s: %d bytes became %d and %d", name, len(data), len(br), len(gz))
		}
	}
}

func TestCompressRemembers(t *testing.T) {
	c := &Compressor{Cache: filepath.Join(t.TempDir(), "made", "when", "needed")}
	first, _, err := c.Compress([]byte("content"))
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(c.Cache)
	if err != nil || len(entries) != 2 {
		t.Fatalf("the cache holds %v, %v", entries, err)
	}
	for _, e := range entries {
		write(t, filepath.Join(c.Cache, e.Name()), "remembered")
	}
	again, _, err := c.Compress([]byte("content"))
	if err != nil || string(again) != "remembered" {
		t.Errorf("Compress = %q, %v; want what the cache holds", again, err)
	}
	if other, _, err := c.Compress([]byte("other content")); err != nil || string(other) == "remembered" || bytes.Equal(other, first) {
		t.Errorf("other content got %q, %v", other, err)
	}
}

// TestCompressWithoutACache checks that Compress works if the cache cannot be written.
func TestCompressWithoutACache(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, "")
	if br, gz, err := (&Compressor{Cache: filepath.Join(file, "below")}).Compress([]byte("content")); err != nil || len(br) == 0 || len(gz) == 0 {
		t.Errorf("Compress = %d bytes, %d bytes, %v", len(br), len(gz), err)
	}
}
