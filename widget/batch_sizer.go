package widget

import "time"

// batchSizer limits how many items of a burst the loop handles in one task, because a long task blocks the page. It
// adapts the limit to the time that recent batches took: the code is slow until the browser has optimised it.
type batchSizer struct {
	budget  time.Duration // the longest time that a task may take
	least   int
	most    int
	learned int // the limit by the last measurement; 0: not measured yet
}

// size returns how many items may be handled in one task.
func (s *batchSizer) size() int { return max(s.learned, s.least) }

// report records that n items took the time d.
func (s *batchSizer) report(n int, d time.Duration) {
	if n >= s.least && d > 0 { // small batches are too inaccurate
		s.learned = min(max(int(time.Duration(n)*s.budget/d), s.least), s.most)
	}
}
