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

// Compressor makes the .br and .gz forms of files. The zero value uses the best compression and no cache. It may be
// used from several goroutines at once.
type Compressor struct {
	// Fast uses a faster level for large files, as for a preview.
	Fast bool
	// Cache is the folder in which results are stored by content, because the best compression of the WebAssembly takes
	// a quarter of a minute. If it is empty, results are not stored.
	Cache string
}

// CacheDir returns the folder for Compressor.Cache in the user's cache folder, or "" if the user has none.
func CacheDir() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "plura-chat")
}

// cacheFormat is part of each name in the cache. Increment it when github.com/andybalholm/brotli is updated or a
// setting of a compressor changes, so that older results are not used.
const cacheFormat = "1"

// slow is the size in bytes above which Compressor.Fast has an effect.
const slow = 1 << 17

// Compress returns data compressed by brotli and by gzip. The result depends only on data and c.Fast.
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

// cached returns what compress writes, from the cache if it is there. Errors of the cache are ignored.
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
