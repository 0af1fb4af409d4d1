package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"text/tabwriter"

	"plurachat/web/build"
	"plurachat/web/e2e/browser"
)

// bench has what the measurements need.
type bench struct {
	browser *browser.Chromium
	site    *site
	sizes   []build.Sizes

	compressor *build.Compressor
	runs       int
	log        io.Writer // gets a line for each run
}

// figure is a quantity that is measured.
type figure struct {
	name string
	unit string
	goal float64 // the largest value that meets the goal; below 0: there is no goal
	note string  // printed beside the goal
}

// experiment measures figures. Its function run returns a value for each figure, in their order.
type experiment struct {
	name    string
	figures []figure
	once    bool // measure it once, whatever the number of runs is
	run     func(*bench) ([]float64, error)
}

// result is a figure and its values.
type result struct {
	figure
	values []float64 // sorted
}

// median returns the value in the middle.
func (r *result) median() float64 { return r.values[len(r.values)/2] }

// add adds a value and sorts the values.
func (r *result) add(v float64) {
	r.values = append(r.values, v)
	slices.Sort(r.values)
}

// met reports whether the goal is reached, or there is none.
func (r *result) met() bool { return r.goal < 0 || r.median() <= r.goal }

// measure runs an experiment as often as necessary and returns its results.
func (b *bench) measure(e *experiment) ([]result, error) {
	results := make([]result, len(e.figures))
	runs := b.runs
	if e.once {
		runs = 1
	}
	for i := range runs {
		fmt.Fprintf(b.log, "  %s, %d of %d\n", e.name, i+1, runs)
		values, err := e.run(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.name, err)
		}
		for i, v := range values {
			results[i].add(v)
		}
	}
	for i := range results {
		results[i].figure = e.figures[i]
	}
	return results, nil
}

// write prints figures and their goals as a table.
func write(out io.Writer, results []result) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "figure\tmedian\tall runs\tgoal\t")
	for _, r := range results {
		all := ""
		if len(r.values) > 1 {
			all = number(r.values[0]) + " to " + number(r.values[len(r.values)-1])
		}
		goal, verdict := "", ""
		if r.goal >= 0 {
			goal = "at most " + number(r.goal)
			if verdict = "met"; !r.met() {
				verdict = "MISSED"
			}
		}
		if r.note != "" {
			goal += " (" + r.note + ")"
		}
		fmt.Fprintf(t, "%s\t%s %s\t%s\t%s\t%s\n", r.name, number(r.median()), r.unit, all, goal, verdict)
	}
	return t.Flush()
}

// number formats a value with as many digits as are meaningful.
func number(v float64) string {
	switch {
	case v != 0 && v < 10 && v > -10 && v != float64(int(v)):
		return strconv.FormatFloat(v, 'f', 2, 64)
	case v >= 10_000:
		s := strconv.Itoa(int(v + 0.5))
		for i := len(s) - 3; i > 0; i -= 3 {
			s = s[:i] + "," + s[i:]
		}
		return s
	}
	return strconv.FormatFloat(v, 'f', 0, 64)
}
