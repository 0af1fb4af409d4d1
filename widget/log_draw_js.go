package widget

import (
	"time"

	"plurachat/widget/chat"
)

// The browser does not lay out a block before it is scrolled to, but its search and screen readers find the text. The
// last blocks are always laid out, so that the place of the end of the log is exact. A block has many rows,
// because the browser checks in each frame whether each block is in view.
const (
	blockSize  = 40       // rows
	nearBlocks = 2        // number of blocks at the end that are always laid out
	heavyStep  = 64 << 10 // bytes of text after which no further row is drawn in the same step
	leastRow   = 38       // px: no row is lower
	fewRows    = 8        // so many rows are drawn without asking how many are in view
)

// draw draws the rows that are needed at once: those at the end, or those from the row to scroll to.
func (l *logView) draw(to chat.Scroll) {
	if l.undrawn == 0 {
		return
	}
	end := len(l.rows)
	n := l.rowsInView()
	begin := l.stepAbove(end, n)
	if i := l.indexOf(to); i >= 0 && i < begin {
		begin, end = i, l.stepBelow(i, n)
	}
	for end > begin {
		from := end
		for from > begin && !l.rows[from-1].drawn {
			from--
		}
		if from < end {
			l.drawRange(from, end)
			end = from
		} else {
			end--
		}
	}
}

// rowsInView returns how many rows can be in view at once. The log of a closed panel has no height. If few rows are not
// drawn, it does not ask for the height, because the browser would have to lay out the page for the answer.
func (l *logView) rowsInView() int {
	if l.undrawn <= fewRows {
		return blockSize / 2
	}
	if height := l.element.Get("clientHeight").Int(); height > 0 {
		return 2 + height/leastRow
	}
	return blockSize / 2
}

// stepAbove returns the index of the first row of the step of at most n rows that ends before the row end.
func (l *logView) stepAbove(end, n int) int {
	begin := max(0, end-1)
	for size := 0; begin > max(0, end-n); begin-- {
		if size += len(l.rows[begin].row.Text); size >= heavyStep {
			break
		}
	}
	return begin
}

// stepBelow returns the index after the last row of the step of at most n rows that starts at the row begin.
func (l *logView) stepBelow(begin, n int) int {
	end := begin
	for size := 0; end < min(len(l.rows), begin+n) && size < heavyStep; end++ {
		size += len(l.rows[end].row.Text)
	}
	return end
}

// drawIdle draws some of the rows that draw has left out, from the last one upwards: at least one step of them, and
// more while within has not passed. It keeps the scroll position of what is in view.
func (l *logView) drawIdle(within time.Duration) {
	start, distance, end := time.Now(), l.distanceFromEnd(), l.lastUndrawn()
	if end == 0 {
		return // the log was cleared meanwhile
	}
	aboveView := end < len(l.rows) &&
		(l.endInView || l.offsetInView(wrap(l.topNode(end))) < l.element.Get("clientHeight").Float())
	for end > 0 {
		before, begin := time.Now(), end-1
		for least := l.stepAbove(end, min(l.sizer.size(), blockSize)); begin > least && !l.rows[begin-1].drawn; {
			begin--
		}
		l.drawRange(begin, end)
		l.sizer.report(end-begin, time.Since(before))
		if end = l.lastUndrawn(); !aboveView || time.Since(start) >= within {
			break
		}
	}
	if aboveView {
		l.restoreDistanceFromEnd(distance)
	}
}

// lastUndrawn returns the index after the last row that is not drawn, or 0 if all are drawn.
func (l *logView) lastUndrawn() int {
	if l.undrawn == 0 {
		return 0
	}
	end := len(l.rows)
	for l.rows[end-1].drawn {
		end--
	}
	return end
}

// drawRange draws the rows from begin up to end. None of them may be drawn.
func (l *logView) drawRange(begin, end int) {
	next := end
	for next < len(l.rows) && !l.rows[next].drawn {
		next++
	}
	if next == len(l.rows) {
		l.drawEnd(begin, end)
		return
	}
	before := l.topNode(next)
	block := before.Get("parentNode")
	if before.Get("previousSibling").Truthy() || block.Get("childElementCount").Int()+end-begin <= blockSize {
		wrap(block).InsertBefore(l.makeRows(begin, end), wrap(before))
		return
	}
	above := create("div", "block", "")
	above.SetAttribute("data-far", "")
	above.AppendChild(l.makeRows(begin, end))
	l.element.InsertBefore(above, wrap(block))
}

// drawEnd draws rows that have no drawn rows below them: in the last block while it has room, then in new blocks.
func (l *logView) drawEnd(begin, end int) {
	if begin > 0 && !l.rows[begin-1].drawn {
		l.roomInBlock = 0 // the rows above get blocks of their own
	}
	for begin < end {
		if l.roomInBlock == 0 {
			if len(l.blocks) == nearBlocks {
				l.blocks[0].SetAttribute("data-far", "")
				l.blocks = l.blocks[1:]
			}
			block := create("div", "block", "")
			l.element.InsertBefore(block, l.tail())
			l.blocks, l.roomInBlock = append(l.blocks, block), blockSize
		}
		to := min(end, begin+l.roomInBlock)
		l.roomInBlock -= to - begin
		l.blocks[len(l.blocks)-1].AppendChild(l.makeRows(begin, to))
		begin = to
	}
}

// tail returns the first node below the rows.
func (l *logView) tail() element {
	if len(l.provisional) > 0 {
		return l.provisional[0]
	}
	return l.dots
}

// makeRows returns a fragment with the nodes of rows, and marks the rows as drawn.
func (l *logView) makeRows(begin, end int) element {
	l.undrawn -= end - begin
	return l.build(func() {
		for _, r := range l.rows[begin:end] {
			r.drawn = true
			if r.row.Day {
				l.markup.day(r.row)
			}
			l.markup.row(r.row, rowID(r.n), r.animates)
		}
	})
}
