package widget

import (
	"testing"
	"time"
)

func TestBatchSizer(t *testing.T) {
	s := batchSizer{budget: 20 * time.Millisecond, least: 100, most: 500}
	for _, step := range []struct {
		n    int
		took time.Duration
		want int
	}{
		{0, 0, 100},
		{100, 40 * time.Millisecond, 100},
		{100, 10 * time.Millisecond, 200},
		{99, 40 * time.Millisecond, 200}, // too few items to measure
		{200, 0, 200},                    // the clock has not advanced
		{200, 1, 500},
		{200, time.Millisecond, 500},
		{500, 40 * time.Millisecond, 250},
	} {
		s.report(step.n, step.took)
		if got := s.size(); got != step.want {
			t.Errorf("after %d in %v: %d, want %d", step.n, step.took, got, step.want)
		}
	}
}
