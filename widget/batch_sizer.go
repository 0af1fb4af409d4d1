package widget

import "time"

// batchSizer limits how many items the loop handles in one task, because a long task blocks the page. The
// limit follows what this visitor's browser took for recent batches. It begins small: how fast the machine is is not
// known, and the code is slow until the browser has optimised it.
type batchSizer struct {
	budget  time.Duration // the longest time that a task may take
	first   int           // number of items of the first task
	learned int           // the limit by the last measurement; 0: not measured yet
}

// batchGrowth is the largest ratio of a limit to the measured batch before it.
const batchGrowth = 3

// size returns how many items may be handled in one task.
func (s *batchSizer) size() int {
	if s.learned == 0 {
		return s.first
	}
	return s.learned
}

// report records that n items took the time d. What small batches take says little about the items.
func (s *batchSizer) report(n int, d time.Duration) {
	if n < min(s.first, s.size()) {
		return
	}
	within := batchGrowth * n
	if d > 0 {
		within = min(within, int(time.Duration(n)*s.budget/d))
	}
	s.learned = max(within, 1)
}
