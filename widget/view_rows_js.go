package widget

import (
	"slices"
	"syscall/js"

	"plurachat/protocol"
)

// rowView is one row of the log as it is drawn: the nodes of a [Row].
type rowView struct {
	row   Row
	root  element
	moves bool // it comes in with a movement

	day    element // the divider above it; nil: none
	face   element // nil: the group's picture is beside another row
	name   element // nil: not the first of its group
	bubble element // nil: a divider
	meta   element // time, delivery and what can be done; nil: not the last of its group
}

// insert draws a new row.
func (v *view) insert(p *RowPatch) {
	r := &rowView{moves: p.New && !v.crowd}
	r.draw(v, &p.Row)
	if p.Row.Kind == protocol.Visitor && len(v.provisional) > 0 && p.New {
		v.provisional[0].Remove()
		v.provisional = v.provisional[1:]
	}
	v.rows = slices.Insert(v.rows, p.Index, r)
	v.byKey[p.Row.Key] = r
	v.place(r, p.Index)
	if far := len(v.rows) - 1 - near; far >= 0 {
		v.rows[far].root.SetAttribute("data-far", "")
	}
}

// near is how many rows above the end are always laid out, so that the end of
// the log is where the browser says it is. The others wait for being looked at.
const near = 40

// place puts a row's nodes before those of the row that follows.
func (v *view) place(r *rowView, i int) {
	before := v.dots
	if i+1 < len(v.rows) {
		before = v.rows[i+1].top()
	} else if len(v.provisional) > 0 {
		before = v.provisional[0]
	}
	v.log.InsertBefore(r.root, before)
	if r.day != nil {
		v.log.InsertBefore(r.day, r.root)
	}
}

// top is the first of a row's nodes in the log.
func (r *rowView) top() element {
	if r.day != nil {
		return r.day
	}
	return r.root
}

func (v *view) moveRow(p *RowPatch) {
	r := v.rows[p.Former]
	v.rows = slices.Insert(slices.Delete(v.rows, p.Former, p.Former+1), p.Index, r)
	r.update(v, &p.Row)
	v.place(r, p.Index)
}

func (v *view) deleteRow(i int) {
	r := v.rows[i]
	v.rows = slices.Delete(v.rows, i, i+1)
	delete(v.byKey, r.row.Key)
	r.root.Remove()
	if r.day != nil {
		r.day.Remove()
	}
}

// draw makes the nodes of a row for the first time.
func (r *rowView) draw(v *view, row *Row) {
	switch row.Kind {
	case protocol.Agent:
		r.mold(&agentMold, "agent")
		v.appendMessage(r.bubble, ParseMarkdown(row.Text))
	case protocol.Visitor:
		r.mold(&visitorMold, "visitor")
		r.bubble.SetTextContent(row.Text)
	default:
		r.root = create("div", "line", "divider")
	}
	r.update(v, row)
}

// A message of each side, to clone.
var agentMold, visitorMold js.Value

// mold makes a message with an empty bubble. The bubble holds what was said and
// nothing else.
func (r *rowView) mold(mold *js.Value, side string) {
	if mold.IsUndefined() {
		root := create("div", "", "message")
		root.SetAttribute("data-from", side)
		root.AppendChild(create("div", "", "bubble"))
		*mold = root.Value
	}
	r.root = wrap(mold.Call("cloneNode", true))
	r.bubble = wrap(r.root.Get("lastChild"))
}

// update changes what is different from what is drawn. The bubble stays as it
// is: somebody may be selecting in it.
func (r *rowView) update(v *view, row *Row) {
	was := r.row
	r.row = *row
	if row.Day != was.Day || row.Day && (row.Ago != was.Ago || row.At != was.At) {
		r.drawDay(v)
	}
	if r.bubble == nil {
		r.drawDivider(v, was)
		return
	}
	first := was.Key == ""
	if row.ID != was.ID {
		r.root.SetAttribute("data-id", row.ID)
	}
	if row.Kind == protocol.Visitor && (first || row.State != was.State) {
		r.root.SetAttribute("data-state", [...]string{"sent", "sending", "failed"}[row.State])
	}
	if first || row.First != was.First || row.Last != was.Last {
		class := "row"
		if row.First {
			class += " first"
		}
		if row.Last {
			class += " last"
		}
		if r.moves {
			class += " new"
		}
		r.root.SetClass(class)
	}
	if row.First != was.First || row.Name != was.Name {
		r.drawName(v)
	}
	if row.Last != was.Last || row.Picture != was.Picture || row.Initials != was.Initials {
		r.drawFace(v)
	}
	if row.Last != was.Last || row.State != was.State || row.At != was.At {
		r.drawMeta(v)
	}
}

// relabel draws everything that has words in it again.
func (r *rowView) relabel(v *view) {
	if r.row.Day {
		r.drawDay(v)
	}
	if r.bubble == nil {
		r.drawDivider(v, Row{})
		return
	}
	r.drawName(v)
	r.drawMeta(v)
}

func (r *rowView) drawDay(v *view) {
	if r.day != nil {
		r.day.Remove()
		r.day = nil
	}
	if !r.row.Day {
		return
	}
	label := ""
	switch r.row.Ago {
	case 0:
		label = v.words.Get("today")
	case 1:
		label = v.words.Get("yesterday")
	default:
		label = v.intl.date(r.row.At)
	}
	r.day = createText("div", "day", "divider", label)
	if r.root.Get("parentNode").Truthy() {
		v.log.InsertBefore(r.day, r.root)
	}
}

// drawDivider shows a row that nobody said.
func (r *rowView) drawDivider(v *view, was Row) {
	if was.Key == r.row.Key && was.Offer == r.row.Offer {
		return
	}
	key := "newConversation"
	switch r.row.Kind {
	case protocol.Ended:
		key = "ended"
	case protocol.Dropped:
		key = "dropped"
	}
	r.root.SetTextContent("")
	r.root.AppendChild(createText("span", "", "", v.words.Get(key)))
	if r.row.Offer {
		r.root.AppendChild(createButton("do", "", v.words.Get("startNew"), "new"))
	}
}

// drawName tells who speaks: to the eye above an agent's group, and to a screen
// reader above every group.
func (r *rowView) drawName(v *view) {
	if r.name != nil {
		r.name.Remove()
		r.name = nil
	}
	if !r.row.First {
		return
	}
	r.name = create("div", "name", "")
	said := v.words.Get("youSaid")
	if r.row.Kind == protocol.Agent {
		said = v.words.Get("said", "name", r.row.Name)
		shown := createText("span", "", "", r.row.Name)
		shown.SetAttribute("aria-hidden", "true")
		shown.SetAttribute("dir", "auto")
		r.name.AppendChild(shown)
	}
	r.name.AppendChild(createText("span", "quiet", "", said))
	r.root.InsertBefore(r.name, r.bubble)
}

// drawFace shows the group's picture beside its last bubble.
func (r *rowView) drawFace(v *view) {
	if r.face != nil {
		r.face.Remove()
		r.face = nil
	}
	if !r.row.Last || r.row.Kind != protocol.Agent {
		return
	}
	r.face = create("div", "face", "")
	r.face.SetAttribute("aria-hidden", "true")
	v.face(r.face, r.row.Picture, r.row.Initials)
	r.root.InsertBefore(r.face, r.bubble)
}

// drawMeta shows when the group spoke, or what became of a message.
func (r *rowView) drawMeta(v *view) {
	if r.meta != nil {
		r.meta.Remove()
		r.meta = nil
	}
	if !r.row.Last && r.row.State != protocol.Failed {
		return
	}
	r.meta = create("div", "meta", "")
	switch {
	case r.row.State == protocol.Sending:
		r.meta.AppendChild(createText("span", "", "", v.words.Get("sending")))
	case r.row.State == protocol.Failed:
		r.meta.AppendChild(createText("span", "wrong", "", v.words.Get("notSent")))
		for _, do := range [...]string{"retry", "remove"} {
			b := createButton("do", "", v.words.Get(do), do)
			b.SetAttribute("data-key", r.row.Key)
			r.meta.AppendChild(b)
		}
	case r.row.At != 0:
		r.meta.AppendChild(createText("span", "", "", v.intl.clock(r.row.At)))
	default:
		r.meta = nil
		return
	}
	r.root.AppendChild(r.meta)
}
