package widget

import (
	"slices"
	"syscall/js"

	"plurachat/protocol"
	"plurachat/widget/chat"
	"plurachat/widget/words"
)

// logView shows the rows of the conversation. It is the log's element and what stands in it: rows in blocks, the line
// that says that earlier messages are gone, the rows that the loader has drawn, and the dots.
//
// Only the rows that are needed at once are drawn at once: the last ones, or those that are to stay in view. The others
// are drawn when the page is idle, so that the browser's search and screen readers find all of them.
type logView struct {
	e    element
	root js.Value // the shadow root
	rows []*rowView

	undrawn     int       // how many of rows have no nodes
	numbered    int       // how many rows there have been: numbers their ids
	blocks      []element // the last blocks, which are always laid out
	room        int       // how many more rows the last of them takes
	provisional []element // rows that the loader drew for messages that Go has not taken yet
	earlier     element   // the first child, once messages are no longer shown; nil: they are
	dots        element   // the last child
	ending      bool      // the end of the log was in view when it was last scrolled
	crowd       bool      // many rows come at once, and none of them with a movement

	nodes  nodeBuilder
	markup rowMarkup
}

// rowView is one row of the log. Its element is found by its id when it is changed, which few rows ever are: a reference
// to each would be one more thing for Go to collect.
type rowView struct {
	row   *chat.Row
	n     int // the number in its id
	drawn bool
	moves bool // it comes in with a movement
}

func newLogView(e element, root js.Value) *logView {
	l := &logView{e: e, root: root}
	l.markup.markup = markup{&l.nodes}
	children := l.e.Get("children")
	for i := range children.Length() {
		if e := wrap(children.Index(i)); e.Get("classList").Call("contains", "provisional").Bool() {
			l.provisional = append(l.provisional, e)
		}
	}
	// The announcer reads out what is said: a live region would read a message again whenever it moves, and the whole
	// past after a reload.
	l.e.SetAttribute("aria-live", "off")
	l.dots = create("div", "dots", "typing")
	l.dots.SetAttribute("role", "img")
	for range 3 {
		l.dots.AppendChild(create("span", "dot", ""))
	}
	setHidden(l.dots, true)
	l.e.AppendChild(l.dots)
	return l
}

// patch takes one change to the rows. What comes with it is drawn by draw.
func (l *logView) patch(p *chat.RowPatch) {
	switch p.Op {
	case protocol.Inserted:
		r := &rowView{n: l.numbered, row: p.Row, moves: p.New && !l.crowd}
		l.numbered++
		if p.Row.Kind == protocol.Visitor && len(l.provisional) > 0 && p.New {
			l.provisional[0].Remove()
			l.provisional = l.provisional[1:]
		}
		l.put(r, p.Index)
	case protocol.Updated:
		l.update(l.rows[p.Index], p.Row)
	case protocol.Moved:
		r := l.take(p.Former)
		r.row = p.Row
		l.put(r, p.Index)
	case protocol.Deleted:
		l.remove(p.Index, p.More+1)
	case protocol.Cleared:
		l.rows, l.blocks, l.room, l.undrawn = nil, nil, 0, 0
		l.e.SetTextContent("")
		if l.earlier != nil {
			l.e.AppendChild(l.earlier)
		}
		for _, e := range l.provisional {
			l.e.AppendChild(e)
		}
		l.e.AppendChild(l.dots)
	}
}

// put adds a row that is to be drawn.
func (l *logView) put(r *rowView, i int) {
	l.rows = slices.Insert(l.rows, i, r)
	l.undrawn++
}

// take takes a row and its nodes out.
func (l *logView) take(i int) *rowView {
	r := l.rows[i]
	l.rows = slices.Delete(l.rows, i, i+1)
	if !r.drawn {
		l.undrawn--
		return r
	}
	root := l.rootOf(r)
	if r.row.Day {
		root.Get("previousSibling").Call("remove")
	}
	root.Remove()
	r.drawn = false
	return r
}

// remove takes n rows out, and their nodes all at once. What is in view stays where it is when they are above it.
func (l *logView) remove(i, n int) {
	drawn := slices.DeleteFunc(slices.Clone(l.rows[i:i+n]), func(r *rowView) bool { return !r.drawn })
	l.undrawn -= n - len(drawn)
	l.rows = slices.Delete(l.rows, i, i+n)
	if len(drawn) == 0 {
		return
	}
	first, last := drawn[0], drawn[len(drawn)-1]
	if l.ending || l.above(l.rootOf(first)) >= 0 {
		l.removeNodes(first, last)
		return
	}
	below := l.below()
	l.removeNodes(first, last)
	l.keepBelow(below)
}

// removeNodes removes what stands in the log from one row to another one, and the blocks that become empty, except the
// last one: rows may still be added to that.
func (l *logView) removeNodes(from, to *rowView) {
	first, last := l.rootOf(from).Value, l.rootOf(to).Value
	blocks := [...]js.Value{first.Get("parentNode"), last.Get("parentNode")}
	if from.row.Day {
		first = first.Get("previousSibling")
	}
	gone := document.Call("createRange")
	gone.Call("setStartBefore", first)
	gone.Call("setEndAfter", last)
	gone.Call("deleteContents")
	for _, block := range blocks {
		if !block.Call("hasChildNodes").Bool() && !(len(l.blocks) > 0 && block.Equal(l.blocks[len(l.blocks)-1].Value)) {
			block.Call("remove")
		}
	}
}

// rootOf returns the element of a row that is drawn.
func (l *logView) rootOf(r *rowView) element { return wrap(l.root.Call("getElementById", rowID(r.n))) }

// top returns the first node of row i, which is drawn.
func (l *logView) top(i int) js.Value {
	root := l.rootOf(l.rows[i]).Value
	if l.rows[i].row.Day {
		return root.Get("previousSibling")
	}
	return root
}

// find returns the index of the row that is to stay in view; -1 if there is none.
func (l *logView) find(to chat.Scroll) int {
	if to.Kind != chat.ScrollTo {
		return -1
	}
	return slices.IndexFunc(l.rows, func(r *rowView) bool { return r.row.Key == to.Key })
}

// update changes a row. Its bubble stays as it is, unless it says something else.
func (l *logView) update(r *rowView, row *chat.Row) {
	was := r.row
	r.row = row
	switch {
	case !r.drawn:
	case was.Text != row.Text:
		l.redraw(r, was.Day)
	default:
		l.amend(r, was.Day)
	}
}

// redraw draws all of a row again; day says whether there is a day divider above it.
func (l *logView) redraw(r *rowView, day bool) {
	root := l.rootOf(r)
	if day {
		root.Get("previousSibling").Call("remove")
	}
	fresh := l.build(func() {
		if r.row.Day {
			l.markup.day(r.row)
		}
		l.markup.row(r.row, rowID(r.n), false)
	})
	wrap(root.Get("parentNode")).InsertBefore(fresh, root)
	root.Remove()
}

// amend draws everything of a row again except its bubble, in which somebody may be selecting; day says whether there is
// a day divider above it.
func (l *logView) amend(r *rowView, day bool) {
	root := l.rootOf(r)
	if day {
		root.Get("previousSibling").Call("remove")
	}
	if r.row.Day {
		divider := l.build(func() { l.markup.day(r.row) })
		wrap(root.Get("parentNode")).InsertBefore(divider, root)
	}
	class, part, attributes := rowAttributes(r.row, r.moves)
	attributes = append(attributes, "class", class, "part", part)
	for i := 0; i < len(attributes); i += 2 {
		root.SetAttribute(attributes[i], attributes[i+1])
	}
	if r.row.Kind > protocol.Visitor {
		root.SetTextContent("")
		root.AppendChild(l.build(func() { l.markup.divider(r.row) }))
		return
	}
	bubble := wrap(root.Call("querySelector", ":scope > [part=bubble]"))
	for child := root.Get("firstChild"); child.Truthy(); {
		next := child.Get("nextSibling")
		if !child.Equal(bubble.Value) {
			child.Call("remove")
		}
		child = next
	}
	root.InsertBefore(l.build(func() { l.markup.above(r.row) }), bubble)
	root.AppendChild(l.build(func() { l.markup.below(r.row) }))
}

// amendAll draws everything of all rows again except their bubbles, after the words have changed.
func (l *logView) amendAll() {
	for _, r := range l.rows {
		if r.drawn {
			l.amend(r, r.row.Day)
		}
	}
}

// reveal moves the keyboard to the row that is shown whole from now on.
func (l *logView) reveal(key string) {
	for _, r := range l.rows {
		if r.row.Key == key && r.drawn {
			bubble := wrap(l.rootOf(r).Call("querySelector", "[part=bubble]"))
			bubble.SetAttribute("tabindex", "-1")
			focus(bubble)
		}
	}
}

// showEarlier says above the first row that there were others, or takes that away where text is empty.
func (l *logView) showEarlier(text string) {
	if l.earlier != nil {
		l.earlier.Remove()
		l.earlier = nil
	}
	if text != "" {
		l.earlier = createText("div", "line", "divider", "")
		l.earlier.AppendChild(createText("span", "", "", text))
		l.e.InsertBefore(l.earlier, wrap(l.e.Get("firstChild")))
	}
}

// speak sets the words and forms of dates in which rows are drawn from now on.
func (l *logView) speak(w *words.Language, in *intl) {
	m := &l.markup
	m.words, m.copy, m.clock, m.date = w, "", in.clock, in.date
}

// build returns a fragment of what make makes with the log's markup.
func (l *logView) build(make func()) element {
	l.markup.parser.Page = pageAddress() // a page's script may change it
	return l.nodes.build(make)
}
