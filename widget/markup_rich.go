package widget

import (
	"strings"

	"plurachat/widget/markdown"
)

// link adds a link, or a picture if its host is allowed. The URL is checked again where it enters the page. A link that
// fails is shown as its text.
func (m *markup) link(n *markdown.Node, l *labels) {
	address, ok := markdown.SafeURL(n.URL)
	if !ok {
		m.nodes(n.Children, l)
		return
	}
	attributes := []string{"href", address, "rel", "noopener noreferrer nofollow", "target", "_blank"}
	if m.ownPage != "" && markdown.SameOrigin(address, m.ownPage) {
		attributes = attributes[:4]
	}
	if n.Kind == markdown.KindImage && m.showsImage(address) {
		alt := markdown.PlainText(n.Children)
		if alt == n.URL {
			alt = l.image
		}
		m.open("a", "picture", "", attributes...)
		// The source is last: the other attributes say how it is loaded.
		m.leaf("img", "", "", "", "alt", alt, "loading", "lazy", "decoding", "async",
			"referrerpolicy", "no-referrer", "src", address)
		m.close()
		return
	}
	m.open("a", "", "", append(attributes, "dir", "auto")...)
	m.nodes(n.Children, l)
	m.close()
	if n.Beside != "" {
		m.text(" ")
		m.leaf("span", "", "", "("+n.Beside+")", "dir", "ltr")
	}
}

// showsImage reports whether the site owner allows pictures from the host of an address.
func (m *markup) showsImage(address string) bool {
	if !strings.HasPrefix(address, "https:") {
		return false
	}
	host := markdown.HostOf(address)
	for _, allowed := range m.imageHosts {
		if parent, ok := strings.CutPrefix(allowed, "*"); ok && strings.HasSuffix(host, parent) || host == allowed {
			return true
		}
	}
	return false
}

// table adds a table in an element that scrolls sideways.
func (m *markup) table(n *markdown.Node, l *labels, attributes []string) {
	m.open("div", "table", "", append(attributes, "data-name", l.table)...)
	m.open("table", "", "table")
	m.open("thead", "", "")
	m.tableRow(&n.Children[0], l, true)
	m.close()
	m.open("tbody", "", "")
	for i := range n.Children[1:] {
		m.tableRow(&n.Children[1+i], l, false)
	}
	m.close()
	m.close()
	m.close()
}

// cellClasses are the classes that align cells.
var cellClasses = [...]string{markdown.CellLeft: "", markdown.CellCenter: "center", markdown.CellRight: "end"}

// tableRow adds a row. The element in a cell has the direction of its text, by style: the cell has that of the table,
// by which all cells of a column are aligned. With an attribute dir, it would not count for the direction of the table.
func (m *markup) tableRow(n *markdown.Node, l *labels, head bool) {
	m.open("tr", "", "")
	for i := range n.Children {
		cell := &n.Children[i]
		if head && len(cell.Children) > 0 {
			m.open("th", cellClasses[cell.Mark], "", "scope", "col")
		} else {
			m.open("td", cellClasses[cell.Mark], "")
		}
		m.open("span", "", "")
		m.inlines(cell.Children, l)
		m.close()
		m.close()
	}
	m.close()
}

// task adds the box of a task. Its state is a label, because a bubble contains no text but the message.
func (m *markup) task(done bool, l *labels) {
	if done {
		m.leaf("span", "tick done", "", "", "role", "img", "aria-label", l.done)
	} else {
		m.leaf("span", "tick", "", "", "role", "img", "aria-label", l.open)
	}
}

// replies adds a group of buttons for the answers that nodes begins with, and returns the index of the last one. Blanks
// and line breaks between them are left out.
func (m *markup) replies(nodes []markdown.Node, l *labels) (last int) {
	m.open("span", "replies", "replies", "role", "group", "aria-label", l.suggestions)
	for i := range nodes {
		n := &nodes[i]
		if n.Kind == markdown.KindReply {
			m.button("", n.Text, "reply", "dir", "auto")
			last = i
		} else if n.Kind != markdown.KindBreak && (n.Kind != markdown.KindText || strings.TrimSpace(n.Text) != "") {
			break
		}
	}
	m.close()
	return last
}
