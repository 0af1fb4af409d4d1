//go:build !js

package web

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"
)

// engineCache keeps what is made of the Go sources until one of them changes: the compiler's own cache
// spares the compiling, but linking takes seconds.
type engineCache struct {
	of string // fingerprint of the sources
	engine
}

func (c *engineCache) get(ctx context.Context, r *Recipe) (engine, error) {
	now, err := fingerprint(r.Root, isEngineSource)
	if err != nil {
		return engine{}, err
	}
	if c.wasm != nil && c.of == now {
		return c.engine, nil
	}
	r.logf("compiling Go to WebAssembly")
	begun := time.Now()
	e := engine{}
	if e.wasm, err = r.compile(ctx); err != nil {
		return engine{}, err
	}
	if e.glue, err = r.goGlue(ctx); err != nil {
		return engine{}, err
	}
	if e.licences, err = r.licences(ctx); err != nil {
		return engine{}, err
	}
	r.logf("compiled in %.1f s", time.Since(begun).Seconds())
	c.of, c.engine = now, e
	return e, nil
}

// isEngineSource reports whether the WebAssembly is compiled from the file of that name.
func isEngineSource(name string) bool {
	return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") || name == "go.mod" || name == "go.sum"
}

// isSource reports whether any file of web/dist is made from the file of that name.
func isSource(name string) bool {
	switch filepath.Ext(name) {
	case ".js", ".css", ".json", ".ts":
		return true
	}
	return filepath.Base(name) == frameName || isEngineSource(name)
}

// fingerprint sums up name, size and time of change of every file below root that want picks. Two
// equal fingerprints mean that nothing was edited in between. Folders that hold no sources, and modules
// of their own, are not looked into.
func fingerprint(root string, want func(name string) bool) (string, error) {
	sum := sha256.New()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			switch name := d.Name(); {
			case path == root:
			case strings.HasPrefix(name, "."), name == "dist", name == "e2e", name == "node_modules", name == "testdata":
				return filepath.SkipDir
			}
			return nil
		}
		if !want(d.Name()) {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		fmt.Fprintln(sum, path, info.Size(), info.ModTime().UnixNano())
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("looking for changed sources: %w", err)
	}
	return fmt.Sprintf("%x", sum.Sum(nil)), nil
}
