package markdown

import (
	"strconv"
	"strings"
)

// PlainText returns the text of a parsed message without marks and without the addresses of links. Lists keep their
// bullets and numbers, and tasks have a box: ☐ or ☑. Each block begins on a new line. A row of a table is one line,
// with " | " between its cells. An answer is its label, and an image its description.
func PlainText(nodes []Node) string {
	w := textWriter{quote: quoteMark}
	w.nodes(nodes, "")
	return w.b.String()
}

// Spoken is like [PlainText], for screen readers: a quotation begins with the text quote instead of a mark.
func Spoken(nodes []Node, quote string) string {
	w := textWriter{quote: quote}
	w.nodes(nodes, "")
	return w.b.String()
}

// quoteMark is what a line of a quotation begins with.
const quoteMark = "> "

// itemMarks are what items begin with: those that are no tasks in a list without numbers, and tasks.
var itemMarks = [...]string{"• ", ItemOpen: "☐ ", ItemDone: "☑ "}

// PlainTextWithLinks is like [PlainText], with the address after each link whose label does not contain it. It is for
// transcripts.
func PlainTextWithLinks(nodes []Node) string {
	w := textWriter{links: true, quote: quoteMark}
	w.nodes(nodes, "")
	return w.b.String()
}

type textWriter struct {
	b     strings.Builder
	links bool   // write the addresses of links
	quote string // what a quotation begins with; quoteMark is repeated on each line
	fresh bool   // the next block continues the line of its marker
	cell  bool   // in a cell: a row of a table is one line
}

// nodes writes blocks or inlines. Each further line begins with prefix.
func (w *textWriter) nodes(nodes []Node, prefix string) {
	for i := range nodes {
		step(1)
		n := &nodes[i]
		if n.Kind >= KindParagraph && n.Kind != KindItem && n.Kind != KindCell {
			w.newLine(prefix)
		}
		switch n.Kind {
		case KindText, KindCode, KindNumber, KindReply:
			w.b.WriteString(n.Text)
		case KindBreak:
			end := "\n" + prefix
			if w.cell {
				end = " "
			}
			w.b.WriteString(end)
		case KindCodeBlock, KindPlain:
			w.b.WriteString(replace(n.Text, "\n", "\n"+prefix))
		case KindRule:
			w.b.WriteString("—")
		case KindQuote:
			w.marker(w.quote)
			inside := prefix
			if w.quote == quoteMark {
				inside += quoteMark
			}
			w.nodes(n.Children, inside)
		case KindUnordered, KindOrdered:
			w.list(n, prefix)
		case KindTable:
			w.fresh = true
			w.nodes(n.Children, prefix)
		case KindCell:
			if i > 0 {
				w.b.WriteString(" | ")
			}
			w.cell = true
			w.nodes(n.Children, prefix)
			w.cell = false
		case KindLink, KindImage:
			w.nodes(n.Children, prefix)
			if w.links {
				w.address(n)
			} else if n.Beside != "" {
				w.b.WriteString(" (" + n.Beside + ")")
			}
		default:
			w.nodes(n.Children, prefix)
		}
	}
}

// list writes the items of a list.
func (w *textWriter) list(n *Node, prefix string) {
	w.fresh = true
	for i := range n.Children {
		step(1)
		item := &n.Children[i]
		w.newLine(prefix)
		if n.Kind == KindOrdered {
			w.marker(strconv.Itoa(n.Start+i) + ". ")
		}
		if n.Kind == KindUnordered || item.Mark != 0 {
			w.marker(itemMarks[item.Mark])
		}
		w.nodes(item.Children, prefix+"  ")
		w.fresh = false
	}
}

func (w *textWriter) newLine(prefix string) {
	if !w.fresh && w.b.Len() > 0 {
		w.b.WriteString("\n" + prefix)
	}
	w.fresh = false
}

func (w *textWriter) marker(s string) {
	w.b.WriteString(s)
	w.fresh = true
}

// address writes the address of a link, unless its label contains it.
func (w *textWriter) address(n *Node) {
	if len(n.Children) == 1 && n.Beside == "" {
		label := n.Children[0].Text
		if n.Children[0].Kind == KindText && (strings.HasSuffix(n.URL, label) || strings.HasPrefix(n.URL, "tel:")) {
			return
		}
	}
	w.b.WriteString(" (" + n.URL + ")")
}
