package widget

import (
	"testing"
	"time"
)

func TestBatchSizer(t *testing.T) {
	s := batchSizer{budget: 20 * time.Millisecond, first: 16}
	for _, step := range []struct {
		n    int
		took time.Duration
		want int
	}{
		{0, 0, 16},
		{15, 40 * time.Millisecond, 16}, // too few items to measure
		{16, 4 * time.Millisecond, 48},  // 80 would take 20 ms
		{15, 40 * time.Millisecond, 48},
		{48, 10 * time.Millisecond, 96},
		{96, 0, 288}, // the clock has not advanced
		{288, 40 * time.Millisecond, 144},
		{144, 2880 * time.Millisecond, 1},
		{1, 10 * time.Millisecond, 2}, // the page's listeners were slow for a moment
		{2, 2 * time.Millisecond, 6},
	} {
		s.report(step.n, step.took)
		if got := s.size(); got != step.want {
			t.Errorf("after %d in %v: %d, want %d", step.n, step.took, got, step.want)
		}
	}
}

// TestBatchSizerOnAnyMachine checks that no task exceeds its budget by much, and that a burst takes few tasks, on
// machines on which an item takes from a microsecond to ten milliseconds.
func TestBatchSizerOnAnyMachine(t *testing.T) {
	for each := time.Microsecond; each <= 10*time.Millisecond; each *= 10 {
		s := batchSizer{budget: 15 * time.Millisecond, first: 16}
		tasks := 0
		for left := 1000; left > 0; tasks++ {
			n := min(s.size(), left)
			if took := time.Duration(n) * each; tasks > 0 && n > 1 && took > s.budget {
				t.Errorf("%v an item: task %d took %v", each, tasks, took)
			}
			s.report(n, time.Duration(n)*each)
			left -= n
		}
		if most := 6 + int(1000*each/(15*time.Millisecond)*3/2); tasks > most {
			t.Errorf("%v an item: %d tasks, want at most %d", each, tasks, most)
		}
	}
}
