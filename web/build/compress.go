package build

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/andybalholm/brotli"
)

// Compressor makes the .br and .gz forms of files. The zero value does its best, from scratch; it may be
// used from several goroutines at once.
type Compressor struct {
	// Fast trades size for time where it takes time, for a preview.
	Fast bool
	// Cache is a folder that remembers results by content, because the best compression of the
	// WebAssembly takes a quarter of a minute. Empty remembers nothing.
	Cache string
}

// CacheDir is the user's cache folder for compressed files, or "" where the user has none.
func CacheDir() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "plura-chat")
}

// cacheFormat is part of every name in the cache: another compressor, or another setting, gets other
// names. Count it up when github.com/andybalholm/brotli is updated.
const cacheFormat = "1"

// slow is the size in bytes from which the best compression is worth waiting for only once.
const slow = 1 << 17

// Compress returns data compressed by brotli and by gzip. The result depends on data alone, whatever
// the time and the machine.
func (c *Compressor) Compress(data []byte) (br, gz []byte, err error) {
	brLevel, gzLevel := brotli.BestCompression, gzip.BestCompression
	if c.Fast && len(data) > slow {
		brLevel, gzLevel = 4, gzip.BestSpeed
	}
	var brErr, gzErr error
	var wg sync.WaitGroup
	wg.Go(func() {
		br, brErr = c.cached(data, fmt.Sprintf("%d.br", brLevel), func(w *bytes.Buffer) error {
			bw := brotli.NewWriterOptions(w, brotli.WriterOptions{Quality: brLevel, LGWin: 24})
			if _, err := bw.Write(data); err != nil {
				return err
			}
			return bw.Close()
		})
	})
	wg.Go(func() {
		gz, gzErr = c.cached(data, fmt.Sprintf("%d.gz", gzLevel), func(w *bytes.Buffer) error {
			gw, err := gzip.NewWriterLevel(w, gzLevel)
			if err != nil {
				return err
			}
			if _, err := gw.Write(data); err != nil {
				return err
			}
			return gw.Close()
		})
	})
	wg.Wait()
	if brErr != nil {
		return nil, nil, fmt.Errorf("brotli: %w", brErr)
	}
	if gzErr != nil {
		return nil, nil, fmt.Errorf("gzip: %w", gzErr)
	}
	return br, gz, nil
}

// cached returns what compress writes, from the cache if it was written before. A cache that cannot be
// read or written costs time, never a build.
func (c *Compressor) cached(data []byte, kind string, compress func(*bytes.Buffer) error) ([]byte, error) {
	path := ""
	if c.Cache != "" {
		path = filepath.Join(c.Cache, fmt.Sprintf("%x-%s-%s", sha256.Sum256(data), cacheFormat, kind))
		if b, err := os.ReadFile(path); err == nil {
			return b, nil
		}
	}
	var out bytes.Buffer
	if err := compress(&out); err != nil {
		return nil, err
	}
	if path != "" {
		if os.MkdirAll(c.Cache, 0o755) == nil {
			_ = writeChanged(path, out.Bytes())
		}
	}
	return out.Bytes(), nil
}
