package protocol

// Scores of the alignment. A match scores more than a stored message costs that
// the replay lacks, because servers may leave out one side or lose messages. A
// replay that ends before the end of the transcript needs several matches: a
// single "ok" that also occurs somewhere in the transcript is probably new.
const (
	scoreMatch = 2
	scoreID    = 3 // in addition, for the same id
	costGap    = 1 // for a stored message that is skipped between matches, unless the replay has nothing of its side
	costTail   = 2 // for a stored message after the last match
)

// maxAlign bounds the work of align. It compares the newest maxAlign stored
// messages with the newest 5*maxAlign frames of a replay.
const maxAlign = 400

// align returns, for each frame of a replay, the index of the stored entry that it
// repeats, or -1. The matches are in order and near the end of the transcript. A
// replay may begin at any entry and may contain new messages. cut means that the
// end of the replay is missing.
func align(stored []Entry, replay []Frame, cut bool) []int {
	matches := make([]int, len(replay))
	for j := range matches {
		matches[j] = -1
	}
	offset, skip := max(0, len(stored)-maxAlign), max(0, len(replay)-5*maxAlign)
	stored, frames := stored[offset:], replay[skip:]
	steps, i, j := bestSteps(stored, frames, cut)
	if i == 0 {
		return matches
	}
	for width := len(frames) + 1; steps[i*width+j] != stepStop; { // the first row and the first column are stepStop
		switch steps[i*width+j] {
		case stepMatch:
			i, j = i-1, j-1
			matches[skip+j] = offset + i
		case stepFrame:
			j--
		case stepEntry:
			i--
		}
	}
	matchSwapped(stored, frames, matches[skip:], offset)
	return matches
}

// step is the last step of the best alignment of the first entries with the first
// frames.
type step uint8

const (
	stepStop  step = iota // nothing before it is aligned
	stepMatch             // the entry matches the frame
	stepFrame             // the frame has no entry
	stepEntry             // the entry has no frame
)

// bestSteps makes a semi-global alignment by dynamic programming: frames without an
// entry cost nothing, and neither do the entries before the first match. It
// returns the step for the first i entries and j frames at i*(len(frames)+1)+j, and
// the i and j of the best alignment; i is 0 if there is none.
func bestSteps(stored []Entry, frames []Frame, cut bool) (steps []step, endI, endJ int) {
	n, m := len(stored), len(frames)
	steps = make([]step, (n+1)*(m+1))
	above, row := make([]int32, m+1), make([]int32, m+1) // the scores of the previous entry and of this one
	best, tail := int32(0), int32(costTail)
	if cut { // it could not reach the end, but a single match is not enough
		best, tail = 2*scoreMatch-1, 0
	}
	sides := sidesOf(frames)
	for i := 1; i <= n; i++ {
		gap := int32(costGap)
		if !sides[side(stored[i-1].Kind == Visitor)] {
			gap = 0
		}
		for j := 1; j <= m; j++ {
			score, last := int32(0), stepStop
			if row[j-1] > score {
				score, last = row[j-1], stepFrame
			}
			if above[j]-gap > score {
				score, last = above[j]-gap, stepEntry
			}
			if s := matchScore(stored[i-1], frames[j-1]); s > 0 {
				s += above[j-1]
				if s > score {
					score, last = s, stepMatch
				}
				if whole := s - int32(n-i)*tail; whole > best {
					best, endI, endJ = whole, i, j
				}
			}
			row[j], steps[i*(m+1)+j] = score, last
		}
		above, row = row, above
	}
	if endI > 0 {
		steps[endI*(m+1)+endJ] = stepMatch
	}
	return steps, endI, endJ
}

// sidesOf reports which sides have frames.
func sidesOf(frames []Frame) (sides [2]bool) {
	for _, f := range frames {
		sides[side(f.Type == FrameRecv)] = true
	}
	return sides
}

// side returns 1 for the visitor and 0 for the agent.
func side(visitor bool) int {
	if visitor {
		return 1
	}
	return 0
}

// maxSwap is the greatest distance between the place of an entry and its place
// on the server. swapBefore is the greatest distance before the first match: an
// entry that the replay does not contain must not match a new frame.
const (
	maxSwap    = 20
	swapBefore = 3
)

// matchSwapped matches the entries that are a little before or after their frames.
// Messages that cross on the wire arrive in another order than the server has
// them, and a slow server may receive several messages of the visitor together.
func matchSwapped(stored []Entry, frames []Frame, matches []int, offset int) {
	taken, keepsIDs, first := make([]bool, len(stored)), false, len(stored)
	for j, i := range matches {
		if i >= 0 {
			taken[i-offset] = true
			first = min(first, i-offset)
			keepsIDs = keepsIDs || frames[j].ID != "" && frames[j].ID == stored[i-offset].ID
		}
	}
	last := -1 // the stored index of the previous match
	for j, f := range frames {
		if matches[j] >= 0 {
			last = matches[j] - offset
			continue
		}
		if last < 0 {
			continue
		}
		for i := max(0, first-swapBefore, last-maxSwap); i < min(len(stored), last+maxSwap+1); i++ {
			if !taken[i] && matchScore(stored[i], f) > 0 && !(keepsIDs && f.ID != stored[i].ID) {
				taken[i], matches[j] = true, offset+i
				break
			}
		}
	}
}

// matchScore returns the score of matching an entry with a frame, or 0 if they
// differ. Their texts are in the form for comparisons.
func matchScore(e Entry, f Frame) int32 {
	if (e.Kind == Visitor) != (f.Type == FrameRecv) || e.Text != f.Content {
		return 0
	}
	if f.ID != "" && f.ID == e.ID {
		return scoreMatch + scoreID
	}
	return scoreMatch
}
