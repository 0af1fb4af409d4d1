// Package release makes the files of a release: an archive of web/dist, a software bill of materials, and checksums.
// [Options.Make] sets the version in the sources first. The files depend only on the sources and on the version of Go.
package release

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"plurachat/web/build"
)

// Options says what a release is made of. Only Root and Version are required.
type Options struct {
	// Root is the folder of the module plurachat. It must be a Git checkout without changes.
	Root string
	// Version is the version of the release, such as 1.2.3. It must be newer than that of the sources. If Rebuild is
	// set, it must be that of the sources.
	Version string
	// Rebuild makes the files of the version that the sources have, to compare them with those of another machine. It
	// changes no source and runs no checks.
	Rebuild bool
	// Out is the folder for the files; empty: web/release/out.
	Out string
	// Date is the day of the release in CHANGELOG.md; zero: today.
	Date time.Time
	// Check runs the checks that a release must pass; nil: none.
	Check func(context.Context) error
	// Compressor compresses the files; nil: the best compression.
	Compressor *build.Compressor
	// Log receives a line for each step; nil: nothing is logged.
	Log io.Writer

	recipe *build.Recipe // nil: that of a release
}

// Make makes the release. It sets the version in web/build/recipe.go and the date in CHANGELOG.md, runs the checks, and
// builds the files. If a step fails, it restores both sources. It does not commit, tag or publish anything.
func (o Options) Make(ctx context.Context) (err error) {
	if o.Rebuild {
		if err := o.isOf(); err != nil {
			return err
		}
		return o.write(ctx)
	}
	if err := o.isClean(ctx); err != nil {
		return err
	}
	restore, err := o.edit()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, restore())
		}
	}()
	if o.Check != nil {
		o.logf("running the checks")
		if err := o.Check(ctx); err != nil {
			return fmt.Errorf("the checks: %w", err)
		}
	}
	return o.write(ctx)
}

// isClean returns an error if the checkout has changes, because they would be part of the release.
func (o Options) isClean(ctx context.Context) error {
	out, err := build.Command(ctx, o.Root, nil, "git", "status", "--porcelain").Output()
	if err != nil {
		return fmt.Errorf("asking git for changes: %w", err)
	}
	if first, _, changed := strings.Cut(string(out), "\n"); changed {
		return fmt.Errorf("the checkout has changes, such as %q: commit or remove them first", strings.TrimSpace(first))
	}
	return nil
}

// write builds the widget and writes the files of the release.
func (o Options) write(ctx context.Context) error {
	recipe := o.recipe
	if recipe == nil {
		recipe = &build.Recipe{Root: o.Root, Strict: true, Log: o.Log}
	}
	recipe.Version = o.Version
	o.logf("building the widget")
	dist, err := recipe.Build(ctx)
	if err != nil {
		return fmt.Errorf("building the widget: %w", err)
	}
	bill, err := newBill(ctx, recipe, dist)
	if err != nil {
		return fmt.Errorf("the bill of materials: %w", err)
	}
	name := "plura-chat-" + o.Version
	compressor := o.Compressor
	if compressor == nil {
		compressor = &build.Compressor{Cache: build.CacheDir()}
	}
	o.logf("compressing")
	packed, err := archive(name, dist, compressor)
	if err != nil {
		return fmt.Errorf("the archive: %w", err)
	}
	files := []*build.File{{Name: name + ".tar.gz", Data: packed}, {Name: name + ".cdx.json", Data: bill}}
	var sums strings.Builder
	for _, f := range files {
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(f.Data), f.Name)
	}
	return o.writeFiles(append(files, &build.File{Name: "SHA256SUMS", Data: []byte(sums.String())}))
}

func (o Options) writeFiles(files []*build.File) error {
	dir := cmp.Or(o.Out, filepath.Join(o.Root, "web", "release", "out"))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("writing the release: %w", err)
	}
	for _, f := range files {
		path := filepath.Join(dir, f.Name)
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			return fmt.Errorf("writing the release: %w", err)
		}
		o.logf("wrote %s", path)
	}
	return nil
}

func (o Options) logf(format string, args ...any) {
	if o.Log != nil {
		fmt.Fprintf(o.Log, "  "+format+"\n", args...)
	}
}
