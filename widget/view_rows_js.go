package widget

import (
	"slices"
	"syscall/js"
	"time"

	"plurachat/protocol"
	"plurachat/protocol/strictjson"
	"plurachat/widget/chat"
)

// rowView is one row of the log. Its element is found by its id when it is to
// be changed, which few ever are: a reference to each would be Go's to collect.
type rowView struct {
	row   *chat.Row
	n     int // the number that its id tells
	drawn bool
	moves bool // it comes in with a movement
}

// Rows stand in blocks. The browser leaves a block out until it is looked at,
// though it can be found and read out; but for the last ones, so that the end of
// the log is where the browser says it is. It looks at each block in each frame:
// at ten thousand rows, that would be felt.
const (
	blockSize = 40 // rows
	near      = 2  // blocks that are always laid out
)

// patch takes one change to the rows. Those that come are drawn by drawRows.
func (v *view) patch(p *chat.RowPatch) {
	switch p.Op {
	case protocol.Inserted:
		r := &rowView{n: v.counted, row: p.Row, moves: p.New && !v.crowd}
		v.counted++
		if p.Row.Kind == protocol.Visitor && len(v.provisional) > 0 && p.New {
			v.provisional[0].Remove()
			v.provisional = v.provisional[1:]
		}
		v.put(r, p.Index)
	case protocol.Updated:
		v.update(v.rows[p.Index], p.Row)
	case protocol.Moved:
		r := v.take(p.Former)
		r.row = p.Row
		v.put(r, p.Index)
	case protocol.Deleted:
		v.remove(p.Index, p.More+1)
	case protocol.Cleared:
		v.rows, v.blocks, v.room, v.behind, v.coming = nil, nil, 0, 0, 0
		v.log.SetTextContent("")
		if v.earlier != nil {
			v.log.AppendChild(v.earlier)
		}
		for _, e := range v.provisional {
			v.log.AppendChild(e)
		}
		v.log.AppendChild(v.dots)
	}
}

// put makes a row one that is to be drawn.
func (v *view) put(r *rowView, i int) {
	v.rows = slices.Insert(v.rows, i, r)
	if i < v.behind {
		v.behind++
	} else {
		v.coming++
	}
}

// take takes a row and its nodes out.
func (v *view) take(i int) *rowView {
	r := v.rows[i]
	v.rows = slices.Delete(v.rows, i, i+1)
	switch {
	case i < v.behind:
		v.behind--
	case !r.drawn:
		v.coming--
	default:
		root := v.root(r)
		if r.row.Day {
			root.Get("previousSibling").Call("remove")
		}
		root.Remove()
		r.drawn = false
	}
	return r
}

// remove takes n rows out, and their nodes all at once. What is in view stays
// where it is when they are above it.
func (v *view) remove(i, n int) {
	rows := v.rows[i : i+n]
	drawn := slices.DeleteFunc(slices.Clone(rows), func(r *rowView) bool { return !r.drawn })
	behind := min(max(v.behind-i, 0), n)
	v.behind -= behind
	v.coming -= n - behind - len(drawn)
	v.rows = slices.Delete(v.rows, i, i+n)
	if len(drawn) == 0 {
		return
	}
	if v.ending || v.above(v.log, v.root(drawn[0])) >= 0 {
		v.removeNodes(drawn[0], drawn[len(drawn)-1])
		return
	}
	below := v.below()
	v.removeNodes(drawn[0], drawn[len(drawn)-1])
	v.log.Set("scrollTop", v.log.Get("scrollHeight").Float()-below)
}

// below is how far the end of the log is below what is in view.
func (v *view) below() float64 {
	return v.log.Get("scrollHeight").Float() - v.log.Get("scrollTop").Float()
}

// removeNodes removes what stands in the log from one row to another one, and
// the blocks that become empty, but for the last one: rows may still be added to
// that.
func (v *view) removeNodes(from, to *rowView) {
	first, last := v.root(from).Value, v.root(to).Value
	blocks := [...]js.Value{first.Get("parentNode"), last.Get("parentNode")}
	if from.row.Day {
		first = first.Get("previousSibling")
	}
	gone := document.Call("createRange")
	gone.Call("setStartBefore", first)
	gone.Call("setEndAfter", last)
	gone.Call("deleteContents")
	for _, block := range blocks {
		if !block.Call("hasChildNodes").Bool() && !(len(v.blocks) > 0 && block.Equal(v.blocks[len(v.blocks)-1].Value)) {
			block.Call("remove")
		}
	}
}

// root is the element of a row that is drawn.
func (v *view) root(r *rowView) element {
	return wrap(v.host.v.Get("root").Call("getElementById", rowID(r.n)))
}

// top is the first node of row i, which is drawn.
func (v *view) top(i int) js.Value {
	root := v.root(v.rows[i]).Value
	if v.rows[i].row.Day {
		return root.Get("previousSibling")
	}
	return root
}

// drawRows draws the rows that have come, and returns how many it drew. Of a
// long log that comes all at once, only the end is drawn now, from the row that
// is to stay in view at the latest; what is above it is behind, and waits for
// drawOlder. Of more than most that come below all others, the last ones are
// left for the next time.
func (v *view) drawRows(to chat.Scroll, most int) int {
	if v.behind == 0 && v.coming == len(v.rows) {
		v.behind = max(0, len(v.rows)-blockSize)
		if i := v.find(to); i >= 0 {
			v.behind = min(v.behind, i)
		}
		v.coming -= v.behind
	}
	most = v.within(most)
	last := len(v.rows)
	for last > len(v.rows)-(v.coming-most) && !v.rows[last-1].drawn {
		last--
	}
	left := len(v.rows) - last
	drawn := v.coming - left
	for end := last; v.coming > left; {
		for v.rows[end-1].drawn {
			end--
		}
		begin := end
		for begin > v.behind && !v.rows[begin-1].drawn {
			begin--
		}
		v.coming -= end - begin
		if end == last {
			v.drawEnd(begin, end)
		} else {
			before := v.top(end)
			v.insert(before.Get("parentNode"), before, v.describe(begin, end, false))
		}
		end = begin
	}
	return drawn
}

// within is how many of the rows that are coming are as much work as that many
// short ones; one at least.
func (v *view) within(most int) int {
	n := 0
	for i := v.behind; i < len(v.rows) && n < v.coming && most > 0; i++ {
		if r := v.rows[i]; !r.drawn {
			n++
			most -= 1 + len(r.row.Text)/heavyRow
		}
	}
	return n
}

// heavyRow is for how many bytes a row counts as one more.
const heavyRow = 256

// find finds the row that is to stay in view; -1 if there is none.
func (v *view) find(to chat.Scroll) int {
	if to.Kind != chat.ScrollTo {
		return -1
	}
	i := len(v.rows) - 1
	for i >= 0 && v.rows[i].row.Key != to.Key {
		i--
	}
	return i
}

// tail is what stands below the rows.
func (v *view) tail() element {
	if len(v.provisional) > 0 {
		return v.provisional[0]
	}
	return v.dots
}

// drawEnd draws the rows from begin to last, in the last block and in new ones:
// there is none below them. While there are more to come, this is not the end of
// the log, and what is not in view need not be laid out.
func (v *view) drawEnd(begin, last int) {
	more := last < len(v.rows)
	for begin < last {
		if v.room == 0 {
			if len(v.blocks) == near {
				v.blocks[0].SetAttribute("data-far", "")
				v.blocks = v.blocks[1:]
			}
			block := create("div", "block", "")
			if more {
				block.SetAttribute("data-far", "")
			}
			v.log.InsertBefore(block, v.tail())
			v.blocks, v.room = append(v.blocks, block), blockSize
		}
		end := min(last, begin+v.room)
		v.room -= end - begin
		v.insert(v.blocks[len(v.blocks)-1].Value, js.Null(), v.describe(begin, end, false))
		begin = end
	}
	if !more {
		for _, block := range v.blocks {
			block.RemoveAttribute("data-far")
		}
	}
}

// idleSlice is for how long rows are drawn when the page is idle, before it is
// asked again whether it still is. What browsers call idle is up to 50 ms long.
const idleSlice = 40 * time.Millisecond

// heavyBlock is how many bytes are drawn in one go, if they are of many rows.
const heavyBlock = 64 << 10

// drawOlder draws some of the rows that are behind. What is in view stays where
// it is.
func (v *view) drawOlder() {
	if v.behind == 0 {
		return // the log was cleared meanwhile
	}
	start := time.Now()
	below := v.below()
	for v.behind > 0 && time.Since(start) < idleSlice {
		before := v.tail().Value
		if v.behind < len(v.rows) {
			before = v.root(v.rows[v.behind]).Get("parentNode")
		}
		begin := v.behind - 1
		for size := len(v.rows[begin].row.Text); begin > max(0, v.behind-blockSize) && size < heavyBlock; begin-- {
			size += len(v.rows[begin-1].row.Text)
		}
		v.insert(v.log.Value, before, v.describe(begin, v.behind, true))
		v.behind = begin
	}
	v.log.Set("scrollTop", v.log.Get("scrollHeight").Float()-below)
}

// describe describes rows, in a block of their own or not, and takes them for
// drawn.
func (v *view) describe(begin, end int, block bool) *rowMarkup {
	m := v.markup()
	m.Open('[')
	if block {
		m.open("div", "block", "", "data-far", "")
	}
	for _, r := range v.rows[begin:end] {
		r.drawn = true
		if r.row.Day {
			m.day(r.row)
		}
		m.row(r.row, rowID(r.n), r.moves, true)
	}
	if block {
		m.close()
	}
	m.Close(']')
	return m
}

// update changes a row. Its bubble stays as it is, unless it says something else.
func (v *view) update(r *rowView, row *chat.Row) {
	was := r.row
	r.row = row
	switch {
	case !r.drawn:
	case was.Text != row.Text:
		v.redraw(r, was.Day)
	default:
		v.amend(r, was.Day)
	}
}

// redraw draws all of a row again.
func (v *view) redraw(r *rowView, day bool) {
	root := v.root(r)
	if day {
		root.Get("previousSibling").Call("remove")
	}
	m := v.markup()
	m.Open('[')
	if r.row.Day {
		m.day(r.row)
	}
	m.row(r.row, rowID(r.n), false, true)
	m.Close(']')
	v.insert(root.Get("parentNode"), root.Value, m)
	root.Remove()
}

// reveal moves the keyboard to what is shown whole from now on.
func (v *view) reveal(key string) {
	for _, r := range v.rows {
		if r.row.Key == key && r.drawn {
			bubble := wrap(v.root(r).Call("querySelector", "[part=bubble]"))
			bubble.SetAttribute("tabindex", "-1")
			focus(bubble)
		}
	}
}

// amend draws everything of a row again but its bubble; day says whether there
// is a day divider above it.
func (v *view) amend(r *rowView, day bool) {
	root := v.root(r)
	if day {
		root.Get("previousSibling").Call("remove")
	}
	if r.row.Day {
		m := v.markup()
		m.Open('[')
		m.day(r.row)
		m.Close(']')
		v.insert(root.Get("parentNode"), root.Value, m)
	}
	m := v.markup()
	m.row(r.row, rowID(r.n), r.moves, false)
	v.pen.Call("amend", root.Value, string(m.Buf))
}

// markup is empty, and for the description that is made next: its memory is used
// again, unless a single message has made it large.
func (v *view) markup() *rowMarkup {
	m := &v.described
	if cap(m.Buf) > 256<<10 {
		*m = rowMarkup{}
	}
	m.words, m.copy, m.clock, m.date = v.words, "", v.intl.clock, v.intl.date
	m.parser.Page = pageAddress()
	m.Writer = strictjson.Writer{Buf: m.Buf[:0]}
	return m
}

// insert draws a list of nodes.
func (v *view) insert(to, before js.Value, m *rowMarkup) {
	v.pen.Call("insert", to, before, string(m.Buf))
}
