package main

import (
	"bufio"
	"context"
	_ "embed"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strings"

	"plurachat/web/build"
)

// pure are the packages that are measured if the command line names none.
var pure = []string{
	"./protocol", "./protocol/strictjson", "./widget", "./widget/backend", "./widget/chat", "./widget/markdown",
	"./widget/pieces", "./widget/tabs", "./widget/words",
}

// The score that all counted mutants together must reach, and the one for each file.
const (
	goal     = 0.90
	fileGoal = 0.80
)

//go:embed equivalents.txt
var equivalents string

func main() {
	perFile := flag.Int("n", 10, "`mutants` to count in each file")
	seed := flag.Uint64("seed", 1, "decides which mutants are drawn")
	only := flag.String("file", "", "measure only files whose path contains this `text`")
	workers := flag.Int("workers", runtime.NumCPU(), "files to measure at a time")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	patterns := flag.Args()
	if len(patterns) == 0 {
		patterns = pure
	}
	good, err := measure(ctx, &run{seed: *seed, perFile: *perFile, only: *only, log: os.Stderr}, patterns, *workers)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(2)
	}
	if !good {
		os.Exit(1)
	}
}

// measure runs r, prints the table and the survivors, and reports whether the goals are met.
func measure(ctx context.Context, r *run, patterns []string, workers int) (bool, error) {
	root, err := build.FindRoot(ctx)
	if err != nil {
		return false, err
	}
	r.root = root
	if r.known, err = parseEquivalents(equivalents); err != nil {
		return false, err
	}
	packages, err := r.listPackages(ctx, patterns)
	if err != nil {
		return false, err
	}
	for _, p := range packages {
		if err := r.baseline(ctx, p); err != nil {
			return false, err
		}
	}
	results, err := r.files(ctx, packages, workers)
	if err != nil {
		return false, err
	}
	return report(results), nil
}

// report prints the results and reports whether the goals are met.
func report(results []fileResult) bool {
	good := true
	var sum fileResult
	fmt.Println("| file | killed | survived | equivalent | invalid | score |")
	fmt.Println("| --- | --- | --- | --- | --- | --- |")
	row := func(name string, r fileResult) {
		fmt.Printf("| %s | %d | %d | %d | %d | %.0f %% |\n", name,
			r.count[killed], r.count[survived], r.count[equivalent], r.count[invalid], 100*r.score())
	}
	for _, r := range results {
		row(r.file, r)
		for i, n := range r.count {
			sum.count[i] += n
		}
		good = good && r.score() >= fileGoal
	}
	row("all", sum)
	fmt.Println()
	for _, r := range results {
		for _, m := range r.survivors {
			fmt.Printf("%s:%d: %s\n", m.file, m.line, m.numbered())
		}
	}
	return good && sum.score() >= goal
}

// parseEquivalents reads equivalents.txt and returns its mutants as the keys of a map. The file has two lines for each
// mutant: "file: function: old => new", and the reason why the mutant changes nothing, which is indented. If several
// mutants of a function read the same, " #2" at the end of the first line selects the second of them.
func parseEquivalents(text string) (map[string]bool, error) {
	known := map[string]bool{}
	last := ""
	for s := bufio.NewScanner(strings.NewReader(text)); s.Scan(); {
		line := s.Text()
		switch {
		case strings.TrimSpace(line) == "" || line[0] == '#':
		case line[0] == '\t':
			if last == "" {
				return nil, fmt.Errorf("equivalents.txt: a reason without a mutant: %q", line)
			}
			known[last], last = true, ""
		default:
			if last != "" {
				return nil, fmt.Errorf("equivalents.txt: no reason for %q", last)
			}
			last = line
		}
	}
	if last != "" {
		return nil, fmt.Errorf("equivalents.txt: no reason for %q", last)
	}
	return known, nil
}
