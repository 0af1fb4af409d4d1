package widget

import (
	"slices"

	"plurachat/protocol"
	"plurachat/widget/chat"
)

// update changes a row. It redraws the bubble only if its text or its buttons have changed.
func (l *logView) update(r *rowView, row *chat.Row) {
	was := r.row
	r.row = row
	switch {
	case !r.drawn:
	case was.Text != row.Text || was.Live != row.Live:
		l.redraw(r, was.Day)
	default:
		l.redrawAroundBubble(r, was.Day)
	}
}

// redraw draws a whole row again. day reports whether a day divider is above it.
func (l *logView) redraw(r *rowView, day bool) {
	root := l.rootOf(r)
	switch above := root.Get("previousSibling"); {
	case day && r.row.Day:
		above.Set("textContent", l.markup.dayLabel(r.row))
	case day:
		above.Call("remove")
	}
	fresh := l.build(func() {
		if r.row.Day && !day {
			l.markup.day(r.row)
		}
		l.markup.row(r.row, rowID(r.n), false)
	})
	// In one step: while both are in the log, the browser may lay them out and scroll with the old one, because the
	// removal of a focused element makes it compute the style.
	root.Get("parentNode").Call("replaceChild", fresh.Value, root.Value)
}

// redrawAroundBubble draws everything of a row again except its bubble, because the visitor may have selected text in
// it. day reports whether a day divider is above the row.
func (l *logView) redrawAroundBubble(r *rowView, day bool) {
	root := l.rootOf(r)
	if day {
		root.Get("previousSibling").Call("remove")
	}
	if r.row.Day {
		divider := l.build(func() { l.markup.day(r.row) })
		wrap(root.Get("parentNode")).InsertBefore(divider, root)
	}
	class, part, attributes := rowAttributes(r.row, r.animates)
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
	root.InsertBefore(l.build(func() { l.markup.aboveBubble(r.row) }), bubble)
	root.AppendChild(l.build(func() { l.markup.belowBubble(r.row) }))
}

// redrawAllAroundBubbles calls redrawAroundBubble for all rows that are drawn. It is called when the words have
// changed.
func (l *logView) redrawAllAroundBubbles() {
	for _, r := range l.rows {
		if r.drawn {
			l.redrawAroundBubble(r, r.row.Day)
		}
	}
}

// setLinks sets how links and pictures of messages are drawn, and draws the messages again if that has changed.
func (l *logView) setLinks(o *chat.Options) {
	page := ""
	if o.OwnLinks {
		page = pageAddress()
	}
	m := &l.markup
	if slices.Equal(m.imageHosts, o.ImageHosts) && m.ownPage == page {
		return
	}
	m.imageHosts, m.ownPage = o.ImageHosts, page
	for _, r := range l.rows {
		if r.drawn && r.row.Kind == protocol.Agent {
			l.redraw(r, r.row.Day)
		}
	}
}
