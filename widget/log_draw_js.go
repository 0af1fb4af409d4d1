package widget

import (
	"time"

	"plurachat/widget/chat"
)

// The browser does not lay out a block until it is looked at, but finds and reads out what is in it. The last blocks are
// always laid out, so that the browser knows where the end of the log is. Rows by themselves would cost too much: the
// browser looks at each in each frame.
const (
	blockSize  = 40       // rows
	near       = 2        // blocks that are always laid out
	heavyBlock = 64 << 10 // bytes of text that are drawn at once, if they are of more than one row
)

// draw draws what is needed at once: the rows at the end, or from the one that is to stay in view on.
func (l *logView) draw(to chat.Scroll) {
	if l.undrawn == 0 {
		return
	}
	end := len(l.rows)
	begin := l.blockAbove(end)
	if i := l.find(to); i >= 0 && i < begin {
		begin, end = i, l.blockBelow(i)
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

// blockAbove returns the index of the first of the rows that end before end and are drawn in one go.
func (l *logView) blockAbove(end int) int {
	begin := max(0, end-1)
	for size := 0; begin > max(0, end-blockSize); begin-- {
		if size += len(l.rows[begin].row.Text); size >= heavyBlock {
			break
		}
	}
	return begin
}

// blockBelow returns the index behind the last of the rows that begin at begin and are drawn in one go.
func (l *logView) blockBelow(begin int) int {
	end := begin
	for size := 0; end < min(len(l.rows), begin+blockSize) && size < heavyBlock; end++ {
		size += len(l.rows[end].row.Text)
	}
	return end
}

// idleSlice is for how long rows are drawn when the page is idle, before it is asked again whether it still is. What
// browsers call idle is up to 50 ms long.
const idleSlice = 40 * time.Millisecond

// drawIdle draws some of the rows that draw has left, from the last one upwards. What is in view stays where it is.
func (l *logView) drawIdle() {
	start, below, end := time.Now(), l.below(), l.lastUndrawn()
	if end == 0 {
		return // the log was cleared meanwhile
	}
	above := end < len(l.rows) && (l.ending || l.above(wrap(l.top(end))) < l.e.Get("clientHeight").Float())
	for end > 0 {
		begin := end - 1
		for least := l.blockAbove(end); begin > least && !l.rows[begin-1].drawn; {
			begin--
		}
		l.drawRange(begin, end)
		if end = l.lastUndrawn(); !above || time.Since(start) >= idleSlice {
			break
		}
	}
	if above {
		l.keepBelow(below)
	}
}

// lastUndrawn returns the index behind the last row that is not drawn; 0 if all are.
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

// drawRange draws rows, none of which are drawn.
func (l *logView) drawRange(begin, end int) {
	next := end
	for next < len(l.rows) && !l.rows[next].drawn {
		next++
	}
	if next == len(l.rows) {
		l.drawEnd(begin, end)
		return
	}
	before := l.top(next)
	block := before.Get("parentNode")
	if before.Get("previousSibling").Truthy() {
		wrap(block).InsertBefore(l.make(begin, end), wrap(before))
		return
	}
	above := create("div", "block", "")
	above.SetAttribute("data-far", "")
	above.AppendChild(l.make(begin, end))
	l.e.InsertBefore(above, wrap(block))
}

// drawEnd draws rows that have no drawn ones below them: in the last block, and in new ones.
func (l *logView) drawEnd(begin, end int) {
	if begin > 0 && !l.rows[begin-1].drawn {
		l.room = 0 // what is above them gets blocks of its own
	}
	for begin < end {
		if l.room == 0 {
			if len(l.blocks) == near {
				l.blocks[0].SetAttribute("data-far", "")
				l.blocks = l.blocks[1:]
			}
			block := create("div", "block", "")
			l.e.InsertBefore(block, l.tail())
			l.blocks, l.room = append(l.blocks, block), blockSize
		}
		to := min(end, begin+l.room)
		l.room -= to - begin
		l.blocks[len(l.blocks)-1].AppendChild(l.make(begin, to))
		begin = to
	}
}

// tail returns the first of the nodes that stand below the rows.
func (l *logView) tail() element {
	if len(l.provisional) > 0 {
		return l.provisional[0]
	}
	return l.dots
}

// make makes the nodes of rows, and notes that they are drawn.
func (l *logView) make(begin, end int) element {
	l.undrawn -= end - begin
	return l.build(func() {
		for _, r := range l.rows[begin:end] {
			r.drawn = true
			if r.row.Day {
				l.markup.day(r.row)
			}
			l.markup.row(r.row, rowID(r.n), r.moves)
		}
	})
}
