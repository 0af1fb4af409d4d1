package widget

import (
	"strconv"

	"plurachat/widget/chat"
	"plurachat/widget/markdown"
	"plurachat/widget/pieces"
)

// markup makes the nodes of messages.
type markup struct {
	*nodeBuilder
	live       bool     // the answers of the message are buttons
	imageHosts []string // hosts whose pictures are shown
	ownPage    string   // address of the page; links to its origin open in the same tab; empty: all open in another
}

// leaf adds an element that contains only a text.
func (m *markup) leaf(tag, class, part, text string, attributes ...string) {
	m.open(tag, class, part, attributes...)
	if text != "" {
		m.text(text)
	}
	m.close()
}

// button adds a button. data-do names its action, which the panel's click listener reads.
func (m *markup) button(class, text, do string, attributes ...string) {
	m.leaf("button", class, "", text, append([]string{"type", "button", "data-do", do}, attributes...)...)
}

// labels are the words in the nodes of a message.
type labels struct {
	copy        string // of the button that copies a code block
	code        string // of a code block
	table       string
	image       string // a picture without a description
	done, open  string // of tasks
	suggestions string // of a group of answers
}

// message adds a parsed message.
func (m *markup) message(nodes []markdown.Node, l *labels) {
	for i := range nodes {
		switch n := &nodes[i]; n.Kind {
		case markdown.KindQuote, markdown.KindUnordered, markdown.KindOrdered, markdown.KindTable:
			// The style sheet sets the direction of paragraphs. A quote or a list has marks on one side, and a table has
			// columns, which only the attribute moves.
			m.node(n, l, "dir", "auto")
		default:
			m.node(n, l)
		}
	}
}

// tags are the element names of the kinds that are one element.
var tags = [...]string{
	markdown.KindBreak: "br", markdown.KindStrong: "strong", markdown.KindEmphasis: "em",
	markdown.KindStrike: "s", markdown.KindCode: "code", markdown.KindParagraph: "p", markdown.KindHeading: "p",
	markdown.KindQuote: "blockquote", markdown.KindUnordered: "ul", markdown.KindOrdered: "ol",
	markdown.KindItem: "li", markdown.KindRule: "hr", markdown.KindPlain: "p", markdown.KindNumber: "span",
}

// node adds a node of a parsed message, with the attributes.
func (m *markup) node(n *markdown.Node, l *labels, attributes ...string) {
	class := ""
	switch n.Kind {
	case markdown.KindText, markdown.KindReply:
		m.text(n.Text)
		return
	case markdown.KindLink, markdown.KindImage:
		m.link(n, l)
		return
	case markdown.KindTable:
		m.table(n, l, attributes)
		return
	case markdown.KindItem:
		if n.Mark != 0 {
			m.open("li", "task", "")
			m.task(n.Mark == markdown.ItemDone, l)
			m.nodes(n.Children, l)
			m.close()
			return
		}
	case markdown.KindCode, markdown.KindNumber:
		attributes = []string{"dir", "ltr"} // even in a text that is written from right to left
	case markdown.KindCodeBlock:
		m.code(n.Text, l)
		return
	case markdown.KindOrdered:
		if n.Start != 1 {
			attributes = append(attributes, "start", strconv.Itoa(n.Start))
		}
		class = listClass(n.Start + len(n.Children) - 1)
	case markdown.KindHeading:
		class = "title"
		// The level is that below the panel's heading: messages have no structure of their own.
		attributes = append(attributes, "role", "heading", "aria-level", "3")
	case markdown.KindPlain:
		class = "plain"
	}
	m.open(tags[n.Kind], class, "", attributes...)
	m.longText(n.Text) // code and plain text have Text instead of Children
	if n.Kind == markdown.KindParagraph || n.Kind == markdown.KindHeading {
		m.inlines(n.Children, l)
	} else {
		m.nodes(n.Children, l)
	}
	m.close()
}

// listClass returns the class that makes room for the widest number of a list. It is a class because the page's policy
// may forbid inline style.
func listClass(last int) string {
	digits := len(strconv.Itoa(last))
	if digits < 2 {
		return ""
	}
	return "n" + strconv.Itoa(digits+digits%2)
}

// inlines adds the content of a paragraph, in pieces if it is long.
func (m *markup) inlines(nodes []markdown.Node, l *labels) {
	if pieces.TextSize(nodes) <= pieces.Size {
		m.nodes(nodes, l)
		return
	}
	left := pieces.Size
	for i, piece := range pieces.Break(nodes, &left) {
		m.open("span", pieceClass(i), "")
		m.nodes(piece, l)
		m.close()
	}
}

// longText adds a text, in pieces if it is long.
func (m *markup) longText(text string) {
	if text == "" {
		return
	}
	if len(text) <= pieces.Size {
		m.text(text)
		return
	}
	for i := 0; text != ""; i++ {
		at := len(text)
		if at > pieces.Size {
			at = pieces.BreakBefore(text, pieces.Size)
		}
		m.leaf("span", pieceClass(i), "", text[:at])
		text = text[at:]
	}
}

// pieceClass returns the class of piece i of a long text. Pieces that are shown only after "Show all" are laid out when
// they are scrolled to.
func pieceClass(i int) string {
	if i*pieces.Size >= chat.MostShown {
		return "piece far"
	}
	return "piece"
}

// nodes adds nodes of a parsed message.
func (m *markup) nodes(nodes []markdown.Node, l *labels) {
	for i := 0; i < len(nodes); i++ {
		if m.live && nodes[i].Kind == markdown.KindReply {
			i += m.replies(nodes[i:], l)
			continue
		}
		m.node(&nodes[i], l)
	}
}

// code adds a code block. Its copy button has only a label: a bubble contains no text but the message.
func (m *markup) code(text string, l *labels) {
	m.open("div", "code", "")
	m.open("pre", "", "", "dir", "ltr", "data-name", l.code)
	m.open("code", "", "")
	m.longText(text)
	m.close()
	m.close()
	m.open("button", "copy", "", "type", "button", "data-do", "copy", "aria-label", l.copy)
	m.open("svg", "", "", "viewBox", "0 0 24 24", "aria-hidden", "true")
	m.leaf("path", "", "", "", "d", "M9 9h11v11H9z")
	m.leaf("path", "", "", "", "d", "M5 15H4V4h11v1")
	m.close()
	m.close()
	m.close()
}
