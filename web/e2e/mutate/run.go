package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// fate is the outcome of a mutant.
type fate int

const (
	killed fate = iota
	survived
	invalid    // it does not compile
	equivalent // it is listed in equivalents.txt
)

// pkg is a package whose files are mutated.
type pkg struct {
	path  string
	dir   string
	files []string
	limit time.Duration // for one run of its tests
}

// fileResult has the outcomes of the mutants of one file.
type fileResult struct {
	file      string
	count     [equivalent + 1]int
	survivors []mutant
}

// score returns the share of the counted mutants that were killed, or 1 if none was counted.
func (r fileResult) score() float64 {
	if r.counted() == 0 {
		return 1
	}
	return float64(r.count[killed]) / float64(r.counted())
}

// counted returns the number of the mutants that count.
func (r fileResult) counted() int { return r.count[killed] + r.count[survived] }

// run is one measurement.
type run struct {
	root    string
	seed    uint64
	perFile int
	known   map[string]bool // equivalents, by file and key
	only    string          // part of a path, or empty
	log     io.Writer
}

// listPackages returns the packages that match patterns, with their files for the machine on which it runs.
func (r *run) listPackages(ctx context.Context, patterns []string) ([]*pkg, error) {
	cmd := r.command(ctx, append([]string{"list", "-json=ImportPath,Dir,GoFiles"}, patterns...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("listing packages: %w", err)
	}
	var all []*pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath, Dir string
			GoFiles         []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("listing packages: %w", err)
		}
		all = append(all, &pkg{path: p.ImportPath, dir: p.Dir, files: p.GoFiles})
	}
}

// baseline runs the unchanged tests, which must pass, and sets the time limit for a mutant's tests from their duration.
func (r *run) baseline(ctx context.Context, p *pkg) error {
	test := func(ctx context.Context) ([]byte, error) {
		return r.command(ctx, "test", "-count=1", "-short", "-vet=off", p.path).CombinedOutput()
	}
	if out, err := test(ctx); err != nil { // the first run also compiles
		return fmt.Errorf("the tests of %s fail without a change: %w\n%s", p.path, err, out)
	}
	start := time.Now()
	if out, err := test(ctx); err != nil {
		return fmt.Errorf("the tests of %s fail without a change: %w\n%s", p.path, err, out)
	}
	p.limit = 20*time.Second + 5*time.Since(start)
	return nil
}

func (r *run) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = r.root
	return cmd
}

// files tries mutants of every file, workers files at a time, and returns the results in the order of their names.
func (r *run) files(ctx context.Context, packages []*pkg, workers int) ([]fileResult, error) {
	type job struct {
		p    *pkg
		file string
	}
	jobs := make(chan job)
	var mu sync.Mutex
	var results []fileResult
	var failures error
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for j := range jobs {
				result, err := r.file(ctx, j.p, j.file)
				mu.Lock()
				failures = errors.Join(failures, err)
				if err == nil {
					results = append(results, result)
					fmt.Fprintf(r.log, "%s: %d of %d killed\n", result.file, result.count[killed], result.counted())
				}
				mu.Unlock()
			}
		})
	}
	for _, p := range packages {
		for _, file := range p.files {
			if strings.Contains(r.name(p, file), r.only) {
				jobs <- job{p, file}
			}
		}
	}
	close(jobs)
	group.Wait()
	slices.SortFunc(results, func(a, b fileResult) int { return strings.Compare(a.file, b.file) })
	return results, failures
}

// name returns the file's path from the module's root.
func (r *run) name(p *pkg, file string) string {
	rel, err := filepath.Rel(r.root, filepath.Join(p.dir, file))
	if err != nil {
		return file
	}
	return filepath.ToSlash(rel)
}

// file tries mutants of one file until perFile of them are counted or none is left.
func (r *run) file(ctx context.Context, p *pkg, file string) (fileResult, error) {
	result := fileResult{file: r.name(p, file)}
	path := filepath.Join(p.dir, file)
	source, err := os.ReadFile(path)
	if err != nil {
		return result, fmt.Errorf("reading a source: %w", err)
	}
	mutants, err := findMutants(result.file, source)
	if err != nil {
		return result, err
	}
	// Each file has a random order of its own, so that a change of one file does not change the mutants of the others.
	name := fnv.New64a()
	_, _ = name.Write([]byte(result.file)) // a hash returns no error
	order := rand.New(rand.NewPCG(r.seed, name.Sum64()))
	order.Shuffle(len(mutants), func(i, j int) { mutants[i], mutants[j] = mutants[j], mutants[i] })
	for _, m := range mutants {
		if result.counted() >= r.perFile {
			break
		}
		what := equivalent
		if !r.known[m.file+": "+m.key()] && !r.known[m.file+": "+m.numbered()] {
			if what, err = r.try(ctx, p, path, m.apply(source)); err != nil {
				return result, err
			}
		}
		result.count[what]++
		if what == survived {
			result.survivors = append(result.survivors, m)
		}
	}
	return result, nil
}

// try runs the package's tests with the changed source in place of the file at path.
func (r *run) try(ctx context.Context, p *pkg, path string, source []byte) (fate, error) {
	dir, err := os.MkdirTemp("", "mutate-")
	if err != nil {
		return 0, fmt.Errorf("trying a mutant: %w", err)
	}
	defer os.RemoveAll(dir)
	changed, overlay := filepath.Join(dir, filepath.Base(path)), filepath.Join(dir, "overlay.json")
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{path: changed}})
	if err != nil {
		return 0, fmt.Errorf("trying a mutant: %w", err)
	}
	if err := errors.Join(os.WriteFile(changed, source, 0o600), os.WriteFile(overlay, replace, 0o600)); err != nil {
		return 0, fmt.Errorf("trying a mutant: %w", err)
	}
	binary := filepath.Join(dir, "mutant.test")
	compile := r.command(ctx, "test", "-c", "-vet=off", "-ldflags=-s -w", "-overlay="+overlay, "-o", binary, p.path)
	if err := compile.Run(); err != nil {
		return invalid, ctx.Err()
	}
	limited, cancel := context.WithTimeout(ctx, p.limit)
	defer cancel()
	cmd := exec.CommandContext(limited, binary, "-test.short", "-test.failfast", "-test.timeout="+p.limit.String())
	cmd.Dir = p.dir
	// Tests that read source files find the changed one by these variables.
	cmd.Env = append(os.Environ(), "GOMEMLIMIT=2GiB", "MUTATE_FILE="+path, "MUTATE_TEXT="+changed)
	if err := cmd.Run(); err != nil {
		return killed, ctx.Err()
	}
	return survived, nil
}
