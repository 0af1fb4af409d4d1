package widget

import (
	"slices"
	"syscall/js"

	"plurachat/protocol"
)

// rowView is one row of the log. Its element is found by its id when it is to
// be changed, which few ever are: a reference to each would be Go's to collect.
type rowView struct {
	row   Row
	id    string
	drawn bool
	moves bool // it comes in with a movement
	far   bool // its style sheet leaves it out until it is looked at
}

// near is how many rows above the end are always laid out, so that the end of
// the log is where the browser says it is. The others wait for being looked at.
const near = 40

// slice is how many rows above them are drawn at once when the page is idle.
const slice = 60

// patch takes one change to the rows. Those that come are drawn by drawRows.
func (v *view) patch(p *RowPatch) {
	switch p.Op {
	case protocol.Inserted:
		r := &rowView{id: rowID(v.counted), row: p.Row, moves: p.New && !v.crowd}
		v.counted++
		v.byKey[p.Row.Key] = r
		if p.Row.Kind == protocol.Visitor && len(v.provisional) > 0 && p.New {
			v.provisional[0].Remove()
			v.provisional = v.provisional[1:]
		}
		v.put(r, p.Index)
	case protocol.Updated:
		v.update(v.rows[p.Index], &p.Row)
	case protocol.Moved:
		r := v.take(p.Former)
		r.row = p.Row
		v.put(r, p.Index)
	case protocol.Deleted:
		delete(v.byKey, v.take(p.Index).row.Key)
	case protocol.Cleared:
		v.rows, v.behind, v.coming = nil, 0, 0
		clear(v.byKey)
		v.log.SetTextContent("")
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

// root is the element of a row that is drawn.
func (v *view) root(r *rowView) element {
	return wrap(v.host.v.Get("root").Call("getElementById", r.id))
}

// top is the node in the log that stands where row i begins.
func (v *view) top(i int) js.Value {
	switch {
	case i < len(v.rows) && v.rows[i].row.Day:
		return v.root(v.rows[i]).Get("previousSibling")
	case i < len(v.rows):
		return v.root(v.rows[i]).Value
	case len(v.provisional) > 0:
		return v.provisional[0].Value
	}
	return v.dots.Value
}

// drawRows draws the rows that have come. Of a long log that comes all at once,
// only the end is drawn now, from the row of that key at the latest; what is
// above it is behind, and waits for drawOlder.
func (v *view) drawRows(key string) {
	if v.behind == 0 && v.coming == len(v.rows) {
		v.behind = max(0, len(v.rows)-near)
		if i := slices.IndexFunc(v.rows, func(r *rowView) bool { return r.row.Key == key }); i >= 0 {
			v.behind = min(v.behind, i)
		}
		v.coming -= v.behind
	}
	for end := len(v.rows); v.coming > 0; {
		for v.rows[end-1].drawn {
			end--
		}
		begin := end
		for begin > v.behind && !v.rows[begin-1].drawn {
			begin--
		}
		v.drawRun(begin, end)
		v.coming -= end - begin
		end = begin
	}
	for i := len(v.rows) - near - 1; i >= v.behind && !v.rows[i].far; i-- {
		v.rows[i].far = true
		v.root(v.rows[i]).SetAttribute("data-far", "")
	}
}

// drawOlder draws some of the rows that are behind. What is in view stays where
// it is.
func (v *view) drawOlder() {
	begin := max(0, v.behind-slice)
	if v.behind == 0 {
		return // the log was cleared meanwhile
	}
	below := v.log.Get("scrollHeight").Float() - v.log.Get("scrollTop").Float()
	v.drawRun(begin, v.behind)
	v.behind = begin
	v.log.Set("scrollTop", v.log.Get("scrollHeight").Float()-below)
}

// drawRun draws rows that stand together.
func (v *view) drawRun(begin, end int) {
	m := v.markup()
	m.Open('[')
	for i, r := range v.rows[begin:end] {
		r.drawn, r.far = true, begin+i < len(v.rows)-near
		if r.row.Day {
			m.day(&r.row)
		}
		m.row(&r.row, r.id, r.moves, r.far, true)
	}
	m.Close(']')
	v.insert(v.log, v.top(end), m)
}

// update changes a row. Its bubble stays as it is.
func (v *view) update(r *rowView, row *Row) {
	day := r.row.Day
	r.row = *row
	if r.drawn {
		v.amend(r, day)
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
		m.day(&r.row)
		m.Close(']')
		v.insert(v.log, root.Value, m)
	}
	m := v.markup()
	m.row(&r.row, r.id, r.moves, r.far, false)
	v.pen.Call("amend", root.Value, string(m.Buf))
}

func (v *view) markup() *rowMarkup {
	return &rowMarkup{words: v.words, clock: v.intl.clock, date: v.intl.date}
}

// insert draws a list of nodes.
func (v *view) insert(to element, before js.Value, m *rowMarkup) {
	v.pen.Call("insert", to.Value, before, string(m.Buf))
}
