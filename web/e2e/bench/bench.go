package main

import (
	"fmt"
	"io"
	"math"
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

	emptyStart float64 // ms from the click until an empty Go program has run, on this machine; see measureEmptyStart
}

// figure is a quantity that is measured. A machine that is slower than another one makes most quantities larger, so the
// goal of most figures is a ratio: to a reference that is measured in turn with the figure.
type figure struct {
	name    string
	unit    string
	goal    float64 // the largest value that meets the goal, or ratio if there is a reference; below 0: there is no goal
	against string  // the reference; empty: there is none
	scaled  bool    // the goal is for a machine on which an empty Go program starts within 25 ms; it grows with that time
	noise   bool    // the goal is met if the value exceeds the reference by no more than the reference varies
	note    string  // printed beside the goal
}

// measured is one measurement of a figure. The reference is 0 if the figure has none.
type measured struct{ value, reference float64 }

// plain returns measurements of figures without references.
func plain(values ...float64) []measured {
	list := make([]measured, len(values))
	for i, v := range values {
		list[i].value = v
	}
	return list
}

// experiment measures figures. Its function run returns a measurement for each figure, in their order.
type experiment struct {
	name    string
	figures []figure
	once    bool // measure it once, whatever the number of runs is
	run     func(*bench) ([]measured, error)
}

// result is a figure with its measurements.
type result struct {
	figure
	values, references []float64 // sorted
}

// add adds a measurement.
func (r *result) add(m measured) {
	r.values = append(r.values, m.value)
	r.references = append(r.references, m.reference)
	slices.Sort(r.values)
	slices.Sort(r.references)
}

// median returns the value in the middle of sorted values.
func median(values []float64) float64 { return values[len(values)/2] }

// middleHalf returns how far the quartiles of sorted values are apart.
func middleHalf(values []float64) float64 {
	quarter := len(values) / 4
	return values[len(values)-1-quarter] - values[quarter]
}

// spread returns the middle half as a part of the median.
func spread(values []float64) float64 {
	if m := median(values); m != 0 {
		return middleHalf(values) / math.Abs(m)
	}
	return 0
}

// steadySpread is the largest spread of a figure that is taken as measured.
const steadySpread = 0.15

// steady reports whether the middle half of the values, and of the references, is close enough together to say
// something. Figures without a goal are always steady.
func (r *result) steady() bool {
	return r.goal < 0 || spread(r.values) <= steadySpread && spread(r.references) <= steadySpread
}

// score returns what is compared with the goal: the value, or its ratio to the reference.
func (r *result) score() float64 {
	value, reference := median(r.values), median(r.references)
	switch {
	case r.against == "" || r.noise:
		return value
	case reference != 0:
		return value / reference
	case value == 0:
		return 0
	}
	return math.Inf(1)
}

// limit returns the largest score that meets the goal.
func (r *result) limit(emptyStart float64) float64 {
	switch {
	case r.noise:
		return median(r.references) + max(middleHalf(r.references), r.goal)
	case r.scaled:
		return r.goal * max(1, emptyStart/25)
	}
	return r.goal
}

// measure runs an experiment until its figures are steady: as often as b.runs, and at most three times as often.
func (b *bench) measure(e *experiment) ([]result, error) {
	results := make([]result, len(e.figures))
	for i := range results {
		results[i].figure = e.figures[i]
	}
	most := 3 * b.runs
	if e.once {
		most = 1
	}
	for i := range most {
		if i >= b.runs && !slices.ContainsFunc(results, func(r result) bool { return !r.steady() }) {
			break
		}
		fmt.Fprintf(b.log, "  %s, run %d\n", e.name, i+1)
		list, err := e.run(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.name, err)
		}
		for i, m := range list {
			results[i].add(m)
		}
	}
	return results, nil
}

// write prints figures and their goals as a table, ratios first.
func write(out io.Writer, results []result, emptyStart float64) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "figure\tratio\tmeasured\tmiddle half\treference\tgoal\t")
	for _, r := range results {
		ratio, reference := "", ""
		if r.against != "" {
			reference = fmt.Sprintf("%s %s: %s", number(median(r.references)), r.unit, r.against)
			if !r.noise {
				ratio = number(r.score()) + " ×"
			}
		}
		half := ""
		if n := len(r.values); n > 1 {
			half = fmt.Sprintf("%s to %s of %d", number(r.values[n/4]), number(r.values[n-1-n/4]), n)
			if !r.steady() {
				half += ", not steady"
			}
		}
		fmt.Fprintf(t, "%s\t%s\t%s %s\t%s\t%s\t%s\n",
			r.name, ratio, number(median(r.values)), r.unit, half, reference, r.verdict(emptyStart))
	}
	return t.Flush()
}

// verdict returns the goal, its note, and whether it is met.
func (r *result) verdict(emptyStart float64) string {
	text := ""
	if r.goal >= 0 {
		limit := r.limit(emptyStart)
		text = "at most " + number(limit)
		if r.against != "" && !r.noise {
			text += " ×"
		}
		if r.score() <= limit {
			text += "\tmet"
		} else {
			text += "\tMISSED"
		}
	}
	if r.note != "" {
		text += "\t(" + r.note + ")"
	}
	return text
}

// number formats a value with as many digits as are meaningful.
func number(v float64) string {
	switch {
	case math.IsInf(v, 1):
		return "∞"
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
