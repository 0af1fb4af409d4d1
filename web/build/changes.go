package build

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// engineCache keeps what is made of the Go sources until one of them changes. The compiler has a cache of its own, but
// linking takes seconds.
type engineCache struct {
	of string // fingerprint of the sources
	engine
}

// get returns the engine of the current sources, and compiles it if a source has changed.
func (c *engineCache) get(ctx context.Context, r *Recipe) (engine, error) {
	now, err := r.engineSources(ctx)
	if err != nil {
		return engine{}, err
	}
	if c.wasm != nil && c.of == now {
		return c.engine, nil
	}
	r.logf("compiling Go to WebAssembly")
	begun := time.Now()
	e := engine{}
	var names map[string]string
	if e.wasm, names, err = r.compile(ctx); err != nil {
		return engine{}, err
	}
	if names != nil {
		if e.names, err = json.Marshal(names); err != nil {
			return engine{}, fmt.Errorf("the names of functions: %w", err)
		}
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

// embedded keeps the patterns of the program's go:embed directives, as paths, until a Go source changes.
type embedded struct {
	of       string // fingerprint of the Go sources
	patterns []string
}

// Sources returns a fingerprint of all sources of the files of web/dist. If two fingerprints are equal, no source was
// edited in between.
func (r *Recipe) Sources(ctx context.Context) (string, error) {
	own, err := fingerprint(r.Root, isSource)
	if err != nil {
		return "", err
	}
	engine, err := r.engineSources(ctx)
	return own + engine, err
}

// engineSources returns a fingerprint of the Go sources and of the files that they embed.
func (r *Recipe) engineSources(ctx context.Context) (string, error) {
	source, err := fingerprint(r.Root, isGoSource)
	if err != nil {
		return "", err
	}
	if r.embeds.of != source {
		// If the packages cannot be listed, they cannot be compiled either. The compiler's error is more helpful.
		if patterns, err := r.embedPatterns(ctx); err == nil {
			r.embeds = embedded{source, patterns}
		} else if ctx.Err() != nil {
			return "", ctx.Err()
		}
	}
	sum := sha256.New()
	fmt.Fprintln(sum, source)
	for _, pattern := range r.embeds.patterns {
		names, err := filepath.Glob(pattern)
		if err != nil {
			return "", fmt.Errorf("looking for changed sources: %w", err)
		}
		for _, name := range names {
			files, err := fingerprint(name, func(string) bool { return true })
			if err != nil {
				return "", err
			}
			fmt.Fprintln(sum, name, files)
		}
	}
	return fmt.Sprintf("%x", sum.Sum(nil)), nil
}

// embedPatterns returns the patterns of the go:embed directives in the module's packages, as paths.
func (r *Recipe) embedPatterns(ctx context.Context) ([]string, error) {
	const format = `{{if and .Module (not .Standard)}}{{if .Module.Main}}{{$d := .Dir}}` +
		`{{range .EmbedPatterns}}{{$d}}{{"\t"}}{{.}}{{"\n"}}{{end}}{{end}}{{end}}`
	out, err := r.goCommand(ctx, "list", "-e", "-deps", "-f", format, ".")
	if err != nil {
		return nil, err
	}
	var patterns []string
	for line := range strings.Lines(string(out)) {
		if dir, pattern, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			pattern = strings.TrimPrefix(pattern, "all:")
			patterns = append(patterns, filepath.Join(dir, filepath.FromSlash(pattern)))
		}
	}
	return patterns, nil
}

// isGoSource reports whether the go command reads a file of that name for a build.
func isGoSource(name string) bool {
	return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") || name == "go.mod" || name == "go.sum"
}

// isSource reports whether any file of web/dist is made from the file of that name.
func isSource(name string) bool {
	switch filepath.Ext(name) {
	case ".js", ".css", ".json", ".ts":
		return true
	}
	return filepath.Base(name) == frameName || isGoSource(name)
}

// isSkipped reports whether a folder of that name has no sources, or is another module.
func isSkipped(name string) bool {
	return strings.HasPrefix(name, ".") || slices.Contains([]string{"dist", "e2e", "node_modules", "testdata"}, name)
}

// fingerprint returns a hash of the path, size and modification time of each file below root for which want returns
// true. It skips folders without sources and those of other modules.
func fingerprint(root string, want func(name string) bool) (string, error) {
	sum := sha256.New()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if path != root && isSkipped(d.Name()) {
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
