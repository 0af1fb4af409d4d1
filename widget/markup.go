package widget

import (
	"strconv"

	"plurachat/widget/chat"
	"plurachat/widget/markdown"
	"plurachat/widget/pieces"
)

// markup makes nodes of messages.
type markup struct{ *nodeBuilder }

// leaf is an element that holds a text and nothing else.
func (m *markup) leaf(tag, class, part, text string, attributes ...string) {
	m.open(tag, class, part, attributes...)
	if text != "" {
		m.text(text)
	}
	m.close()
}

// button says what to do when it is pressed by data-do, which the panel's one
// listener reads.
func (m *markup) button(class, text, do string, attributes ...string) {
	m.leaf("button", class, "", text, append([]string{"type", "button", "data-do", do}, attributes...)...)
}

// message is a parsed message. copy is the name of the buttons beside its code.
func (m *markup) message(nodes []markdown.Node, copy string) {
	for i := range nodes {
		switch n := &nodes[i]; n.Kind {
		case markdown.KindQuote, markdown.KindUnordered, markdown.KindOrdered:
			// Paragraphs find their direction by style; what has marks on one side needs the attribute.
			m.node(n, copy, "dir", "auto")
		default:
			m.node(n, copy)
		}
	}
}

// tags are the elements of the kinds that need no more than one.
var tags = [...]string{
	markdown.KindBreak: "br", markdown.KindStrong: "strong", markdown.KindEmphasis: "em", markdown.KindStrike: "s", markdown.KindCode: "code", markdown.KindParagraph: "p", markdown.KindHeading: "p",
	markdown.KindQuote: "blockquote", markdown.KindUnordered: "ul", markdown.KindOrdered: "ol", markdown.KindItem: "li", markdown.KindRule: "hr", markdown.KindPlain: "p", markdown.KindLink: "a", markdown.KindCodeBlock: "", markdown.KindNumber: "span",
}

func (m *markup) node(n *markdown.Node, copy string, attributes ...string) {
	class := ""
	switch n.Kind {
	case markdown.KindText:
		m.text(n.Text)
		return
	case markdown.KindLink:
		// Checked once more where it goes into the page; what fails is text.
		address, ok := markdown.SafeURL(n.URL)
		if !ok {
			m.nodes(n.Children, copy)
			return
		}
		attributes = []string{"href", address, "target", "_blank", "rel", "noopener noreferrer nofollow", "dir", "auto"}
	case markdown.KindCode, markdown.KindNumber:
		attributes = []string{"dir", "ltr"} // also among words that are written from right to left
	case markdown.KindCodeBlock:
		m.code(n.Text, copy)
		return
	case markdown.KindOrdered:
		if n.Start != 1 {
			attributes = append(attributes, "start", strconv.Itoa(n.Start))
		}
		class = listClass(n.Start + len(n.Children) - 1)
	case markdown.KindHeading:
		class = "title"
	case markdown.KindPlain:
		class = "plain"
	}
	m.open(tags[n.Kind], class, "", attributes...)
	m.long(n.Text) // of code and plain text
	if n.Kind == markdown.KindParagraph || n.Kind == markdown.KindHeading {
		m.inlines(n.Children, copy)
	} else {
		m.nodes(n.Children, copy)
	}
	m.close()
	if n.Beside != "" {
		m.text(" ")
		m.leaf("span", "", "", "("+n.Beside+")", "dir", "ltr")
	}
}

// listClass leaves room before a list for its last number: a style of its own is not to be had, policies forbid it.
func listClass(last int) string {
	digits := len(strconv.Itoa(last))
	if digits < 2 {
		return ""
	}
	return "n" + strconv.Itoa(digits+digits%2)
}

// inlines are what is in a paragraph, in pieces if there is much.
func (m *markup) inlines(nodes []markdown.Node, copy string) {
	if pieces.TextSize(nodes) <= pieces.Size {
		m.nodes(nodes, copy)
		return
	}
	left := pieces.Size
	for i, piece := range pieces.Break(nodes, &left) {
		m.open("span", pieceClass(i), "")
		m.nodes(piece, copy)
		m.close()
	}
}

// long is a text as it is, in pieces if it is long.
func (m *markup) long(text string) {
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

// pieceClass tells a piece that is shown with the beginning of a message from
// one that comes when all of it is shown: that one is laid out when it is looked
// at.
func pieceClass(i int) string {
	if i*pieces.Size >= chat.MostShown {
		return "piece far"
	}
	return "piece"
}

func (m *markup) nodes(nodes []markdown.Node, copy string) {
	for i := range nodes {
		m.node(&nodes[i], copy)
	}
}

// code is a code block. Its copy button has no text: nothing but what was said
// stands in a bubble.
func (m *markup) code(text, copy string) {
	m.open("div", "code", "")
	m.open("button", "copy", "", "type", "button", "data-do", "copy", "aria-label", copy)
	m.open("svg", "", "", "viewBox", "0 0 24 24", "aria-hidden", "true")
	m.leaf("path", "", "", "", "d", "M9 9h11v11H9z")
	m.leaf("path", "", "", "", "d", "M5 15H4V4h11v1")
	m.close()
	m.close()
	m.open("pre", "", "", "dir", "ltr", "tabindex", "0") // a long line can be scrolled by keys
	m.open("code", "", "")
	m.long(text)
	m.close()
	m.close()
	m.close()
}
