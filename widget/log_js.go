package widget

import (
	"slices"
	"syscall/js"

	"plurachat/protocol"
	"plurachat/widget/chat"
	"plurachat/widget/words"
)

// logView shows the rows of the conversation. It contains the rows in blocks, the line that says that earlier messages
// are no longer shown, the rows that the loader has drawn, and the waiting dots.
//
// Rows that are needed at once are drawn at once: the last ones, or those around the row to scroll to. The others are
// drawn when the page is idle, so that the browser's search and screen readers find them too.
type logView struct {
	element element
	host    host
	root    js.Value // the shadow root
	rows    []*rowView

	undrawn     int       // number of rows that have no nodes
	numbered    int       // number of rows so far; it makes the ids unique
	blocks      []element // the last blocks, which are always laid out
	roomInBlock int       // number of further rows that the last block can take
	provisional []element // rows that the loader drew for messages that have not become rows yet
	earlier     element   // the first child, if earlier messages are no longer shown; else nil
	dots        element   // the last child
	endInView   bool      // whether the end of the log was in view after the last scrolling
	noAnimation bool      // rows that are added now appear without an animation
	slow        bool      // the last draw took longer than quickDraw

	sizer  batchSizer // limits the rows of a step of drawIdle
	nodes  nodeBuilder
	markup rowMarkup
}

// rowView is one row of the log. Few rows ever change, so the log finds a row's element by its id. A reference to each
// element would be work for the garbage collector.
type rowView struct {
	row      *chat.Row
	n        int // number in its id
	drawn    bool
	animates bool // it appears with an animation
}

// newLogView takes over the log's element, and the rows in it that the loader has drawn.
func newLogView(h host, e element) *logView {
	l := &logView{element: e, host: h, root: h.v.Get("root"), sizer: batchSizer{budget: frameTime / 2, first: 4}}
	l.markup.markup = markup{nodeBuilder: &l.nodes}
	children := l.element.Get("children")
	for i := range children.Length() {
		if e := wrap(children.Index(i)); e.Get("classList").Call("contains", "provisional").Bool() {
			l.provisional = append(l.provisional, e)
		}
	}
	// The announcer reads out new messages. A live region would read a message again when it is moved, and all messages
	// after a reload.
	l.element.SetAttribute("aria-live", "off")
	l.dots = create("div", "dots", "typing")
	l.dots.SetAttribute("role", "img")
	for range 3 {
		l.dots.AppendChild(create("span", "dot", ""))
	}
	setHidden(l.dots, true)
	l.element.AppendChild(l.dots)
	return l
}

// patch applies one change to the rows. A new row has no nodes before draw or drawIdle.
func (l *logView) patch(p *chat.RowPatch) {
	switch p.Op {
	case protocol.Inserted:
		r := &rowView{n: l.numbered, row: p.Row, animates: p.New && !l.noAnimation}
		l.numbered++
		if p.Row.Kind == protocol.Visitor && len(l.provisional) > 0 && p.New {
			l.provisional[0].Remove()
			l.provisional = l.provisional[1:]
		}
		l.insertRow(r, p.Index)
	case protocol.Updated:
		l.update(l.rows[p.Index], p.Row)
	case protocol.Moved:
		r := l.detach(p.Former)
		r.row = p.Row
		l.insertRow(r, p.Index)
	case protocol.Deleted:
		l.removeRows(p.Index, p.More+1)
	case protocol.Cleared:
		l.rows, l.blocks, l.roomInBlock, l.undrawn = nil, nil, 0, 0
		l.element.SetTextContent("")
		if l.earlier != nil {
			l.element.AppendChild(l.earlier)
		}
		for _, e := range l.provisional {
			l.element.AppendChild(e)
		}
		l.element.AppendChild(l.dots)
	}
}

// insertRow inserts a row that is not drawn at index i.
func (l *logView) insertRow(r *rowView, i int) {
	l.rows = slices.Insert(l.rows, i, r)
	l.undrawn++
}

// detach removes row i and its nodes, and returns it.
func (l *logView) detach(i int) *rowView {
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

// removeRows removes n rows from index i on, with all their nodes in one step. If they are above what is in view, it
// keeps the scroll position.
func (l *logView) removeRows(i, n int) {
	drawn := slices.DeleteFunc(slices.Clone(l.rows[i:i+n]), func(r *rowView) bool { return !r.drawn })
	l.undrawn -= n - len(drawn)
	l.rows = slices.Delete(l.rows, i, i+n)
	if len(drawn) == 0 {
		return
	}
	first, last := drawn[0], drawn[len(drawn)-1]
	if l.endInView || l.offsetInView(l.rootOf(first)) >= 0 {
		l.removeNodes(first, last)
		return
	}
	distance := l.distanceFromEnd()
	l.removeNodes(first, last)
	l.restoreDistanceFromEnd(distance)
}

// removeNodes removes the nodes from one row to another one, and the blocks that become empty. It keeps the last block,
// since further rows may be added to it.
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

// topNode returns the first node of row i, which is drawn: its day divider, or its element.
func (l *logView) topNode(i int) js.Value {
	root := l.rootOf(l.rows[i]).Value
	if l.rows[i].row.Day {
		return root.Get("previousSibling")
	}
	return root
}

// indexOf returns the index of the row to scroll to, or -1.
func (l *logView) indexOf(to chat.Scroll) int {
	if to.Kind != chat.ScrollTo {
		return -1
	}
	return slices.IndexFunc(l.rows, func(r *rowView) bool { return r.row.Key == to.Key })
}

// focusRow moves the focus to the bubble of a row. The button that had it is gone when the row is shown in full.
func (l *logView) focusRow(key string) {
	for _, r := range l.rows {
		if r.row.Key == key && r.drawn {
			bubble := wrap(l.rootOf(r).Call("querySelector", "[part=bubble]"))
			bubble.SetAttribute("tabindex", "-1")
			focus(bubble)
		}
	}
}

// showEarlier shows a line above the first row. It removes the line if text is empty.
func (l *logView) showEarlier(text string) {
	if l.earlier != nil {
		l.earlier.Remove()
		l.earlier = nil
	}
	if text != "" {
		l.earlier = createText("div", "line", "divider", "")
		l.earlier.AppendChild(createText("span", "", "", text))
		l.element.InsertBefore(l.earlier, wrap(l.element.Get("firstChild")))
	}
}

// setLanguage sets the words and formats of dates for rows that are drawn later.
func (l *logView) setLanguage(w *words.Language, in *intl) {
	m := &l.markup
	m.words, m.labels, m.clock, m.date = w, labels{}, in.clock, in.date
}

// build returns a fragment with the nodes that make adds to the log's markup.
func (l *logView) build(make func()) element {
	l.markup.parser.Page = pageAddress() // a script of the page may change the address
	made := l.nodes.build(make)
	l.host.v.Call("watchScrolling", made.Value)
	return made
}
