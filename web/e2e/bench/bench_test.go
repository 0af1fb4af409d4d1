package main

import (
	"strings"
	"testing"
	"time"
)

// of returns a result with these measurements.
func of(f figure, list ...measured) *result {
	r := &result{figure: f}
	for _, m := range list {
		r.add(m)
	}
	return r
}

// TestVerdict checks how measurements are compared with goals.
func TestVerdict(t *testing.T) {
	against := figure{goal: 1.2, against: "a reference"}
	for name, c := range map[string]struct {
		r          *result
		emptyStart float64
		want       string
	}{
		"value met":                 {of(figure{goal: 10}, measured{value: 9}, measured{value: 10}, measured{value: 99}), 0, "at most 10\tmet"},
		"value missed":              {of(figure{goal: 10}, measured{value: 9}, measured{value: 11}, measured{value: 11}), 0, "at most 10\tMISSED"},
		"no goal":                   {of(figure{goal: -1, note: "4×"}, measured{value: 9}), 0, "\t(4×)"},
		"ratio met":                 {of(against, measured{12, 10}), 0, "at most 1.20 ×\tmet"},
		"ratio missed":              {of(against, measured{13, 10}), 0, "at most 1.20 ×\tMISSED"},
		"medians, not pairs":        {of(against, measured{1, 20}, measured{12, 10}, measured{30, 1}), 0, "at most 1.20 ×\tmet"},
		"both nothing":              {of(against, measured{0, 0}), 0, "at most 1.20 ×\tmet"},
		"against nothing":           {of(against, measured{1, 0}), 0, "at most 1.20 ×\tMISSED"},
		"scaled on a fast machine":  {of(figure{goal: 50, scaled: true}, measured{value: 51}), 10, "at most 50\tMISSED"},
		"scaled on a slow machine":  {of(figure{goal: 50, scaled: true}, measured{value: 99}), 50, "at most 100\tmet"},
		"within the noise":          {of(figure{goal: 1, noise: true, against: "a"}, measured{30, 20}, measured{31, 30}, measured{32, 40}, measured{33, 20}), 0, "at most 40\tmet"},
		"above a steady reference":  {of(figure{goal: 1, noise: true, against: "a"}, measured{23, 20}, measured{23, 20}), 0, "at most 21\tMISSED"},
		"within a frame of another": {of(figure{goal: 17, noise: true, against: "a"}, measured{37, 20}, measured{37, 20}), 0, "at most 37\tmet"},
	} {
		if got := c.r.verdict(c.emptyStart); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// TestSteady checks that a figure is measured again while its middle half is wide.
func TestSteady(t *testing.T) {
	goal := figure{goal: 1}
	for name, c := range map[string]struct {
		r    *result
		want bool
	}{
		"close":                {of(goal, measured{value: 100}, measured{value: 104}, measured{value: 108}, measured{value: 110}), true},
		"an outlier":           {of(goal, measured{value: 100}, measured{value: 104}, measured{value: 108}, measured{value: 999}), true},
		"wide":                 {of(goal, measured{value: 100}, measured{value: 140}, measured{value: 180}, measured{value: 220}), false},
		"a wide reference":     {of(figure{goal: 1, against: "a"}, measured{1, 100}, measured{1, 140}, measured{1, 180}, measured{1, 220}), false},
		"wide, without a goal": {of(figure{goal: -1}, measured{value: 1}, measured{value: 100}), true},
		"nothing":              {of(goal, measured{}, measured{}), true},
	} {
		if got := c.r.steady(); got != c.want {
			t.Errorf("%s: steady is %v", name, got)
		}
	}
}

// TestMeasureUntilSteady checks how often an experiment is run.
func TestMeasureUntilSteady(t *testing.T) {
	for name, c := range map[string]struct {
		value func(run int) float64
		want  int
	}{
		"steady":       {func(int) float64 { return 5 }, 4},
		"never steady": {func(run int) float64 { return float64(run * run) }, 12},
		"soon steady": {func(run int) float64 {
			if run < 2 {
				return 50
			}
			return 5
		}, 8},
	} {
		runs := 0
		b := &bench{runs: 4, log: &strings.Builder{}}
		e := experiment{figures: []figure{{goal: 1}}, run: func(*bench) ([]measured, error) {
			runs++
			return plain(c.value(runs - 1)), nil
		}}
		if _, err := b.measure(&e); err != nil || runs != c.want {
			t.Errorf("%s: %d runs, want %d (%v)", name, runs, c.want, err)
		}
	}
}

// TestCells checks what the table of peers shows of readings, one of which is a widget that did not finish.
func TestCells(t *testing.T) {
	for _, c := range []struct {
		of   reading
		want string
	}{
		{reading{}, ""},
		{readingOf(0), "0"},
		{awaited(1234, time.Minute), "1234"},
		{awaited(-1, 5*time.Minute), "more than 300,000"},
		{middle([]reading{awaited(-1, time.Minute), readingOf(3), awaited(-1, time.Minute)}), "more than 60,000"},
		{middle([]reading{awaited(-1, time.Minute), readingOf(3), readingOf(4)}), "4"},
	} {
		if got := cell(c.of); got != c.want {
			t.Errorf("%+v: %q, want %q", c.of, got, c.want)
		}
	}
}
