//go:build !js

package markdown

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

var (
	reader   = goldmark.New(goldmark.WithExtensions(extension.Strikethrough, extension.Table, extension.TaskList), goldmark.WithRendererOptions(html.WithXHTML()))
	elements = map[string]NodeKind{
		"p": KindParagraph, "h1": KindHeading, "h2": KindHeading, "h3": KindHeading, "h4": KindHeading, "h5": KindHeading,
		"h6": KindHeading, "blockquote": KindQuote, "ul": KindUnordered, "ol": KindOrdered, "li": KindItem, "pre": KindCodeBlock,
		"hr": KindRule, "em": KindEmphasis, "strong": KindStrong, "del": KindStrike, "code": KindCode, "a": KindLink,
		"img": KindImage, "br": KindBreak, "table": KindTable, "tr": KindRow, "th": KindCell, "td": KindCell,
		"thead": kindGroup, "tbody": kindGroup, "input": kindTask,
	}
)

// Elements of goldmark that are no nodes: the parts of a table, whose rows are the table's, and the box of a task,
// which is the item's mark.
const (
	kindGroup NodeKind = 200 + iota
	kindTask
)

// oracle returns goldmark's tree for the source, as dump shows it.
func oracle(t *testing.T, source string) string {
	t.Helper()
	var out bytes.Buffer
	if err := reader.Convert([]byte(source), &out); err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(&out)
	d.Strict = false
	d.Entity = xml.HTMLEntity
	nodes, err := readNodes(d, Node{})
	if err != nil {
		t.Fatalf("reading goldmark's output for %q: %v\n%s", source, err, out.String())
	}
	return dump(nodes)
}

// readNodes reads the children of an element and converts them to our trees. The text of a tight item becomes a
// paragraph, a new line a break, an image a link, and a link that is not allowed becomes its label.
func readNodes(d *xml.Decoder, parent Node) ([]Node, error) {
	r := nodeReader{d: d, parent: parent}
	for {
		token, err := d.Token()
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		switch token := token.(type) {
		case nil, xml.EndElement:
			for i := range r.nodes {
				if r.nodes[i].Start == -1 {
					r.nodes[i].Start = 0
					r.nodes[i].Children = tidyLines(r.nodes[i].Children)
				}
			}
			return r.nodes, nil
		case xml.Comment:
			r.inline(Node{Kind: KindText, Text: "<html>"})
		case xml.CharData:
			r.text(string(token))
		case xml.StartElement:
			if err := r.element(token); err != nil {
				return nil, err
			}
		}
	}
}

// nodeReader converts the children of one element.
type nodeReader struct {
	d      *xml.Decoder
	parent Node
	nodes  []Node
}

func (r *nodeReader) add(n Node) { r.nodes = append(r.nodes, n) }

// container reports whether the parent holds blocks.
func (r *nodeReader) container() bool {
	return r.parent.Kind == 0 || r.parent.Kind == KindQuote || r.parent.Kind == KindItem
}

// inline adds an inline, in a paragraph if the parent holds blocks. Start is -1 for such a paragraph.
func (r *nodeReader) inline(n Node) {
	if !r.container() {
		r.add(n)
		return
	}
	if k := len(r.nodes) - 1; k < 0 || r.nodes[k].Kind != KindParagraph || r.nodes[k].Start != -1 {
		r.add(Node{Kind: KindParagraph, Start: -1})
	}
	p := &r.nodes[len(r.nodes)-1]
	p.Children = append(p.Children, n)
}

func (r *nodeReader) text(s string) {
	kind := r.parent.Kind
	if kind == KindUnordered || kind == KindOrdered || kind == KindTable || kind == KindRow || kind == kindGroup || r.container() && strings.Trim(s, "\n") == "" {
		return
	}
	if kind == KindCode || kind == KindCodeBlock {
		r.add(Node{Kind: KindText, Text: s})
		return
	}
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			r.inline(Node{Kind: KindBreak, Info: "soft"})
		}
		r.inline(Node{Kind: KindText, Text: line})
	}
}

func (r *nodeReader) element(token xml.StartElement) error {
	n := Node{Kind: elements[token.Name.Local]}
	if n.Kind == 0 {
		return fmt.Errorf("element %s", token.Name.Local)
	}
	attr := map[string]string{}
	for _, a := range token.Attr {
		attr[a.Name.Local] = a.Value
	}
	if n.Kind == KindOrdered {
		n.Start = 1
		if s := attr["start"]; s != "" {
			fmt.Sscan(s, &n.Start)
		}
	}
	if n.Kind == KindCell {
		n.Mark = map[string]uint8{"left": CellLeft, "center": CellCenter, "right": CellRight}[attr["align"]]
	}
	n.URL = r.parent.URL // the enclosing link's
	url, ok := SafeURL(attr["href"] + attr["src"])
	if n.Kind == KindImage && (r.parent.URL != "" || !strings.HasPrefix(url, "http")) {
		n.Kind = KindLink
	}
	if (n.Kind == KindLink || n.Kind == KindImage) && ok && r.parent.URL == "" {
		n.URL = url
	}
	children, err := readNodes(r.d, n)
	if err != nil {
		return err
	}
	if token.Name.Local == "img" {
		children = []Node{{Kind: KindText, Text: strings.ReplaceAll(attr["alt"], "\n", " ")}}
	}
	if n.Kind == KindParagraph || n.Kind == KindHeading {
		children = tidyLines(children)
	}
	if n.Kind == kindTask {
		n.Mark = ItemOpen
		if _, done := attr["checked"]; done {
			n.Mark = ItemDone
		}
	}
	info := strings.TrimPrefix(attr["class"], "language-")
	r.complete(n, children, info, ok && r.parent.URL == "")
	return nil
}

// complete adds a node with its children. A link that is not allowed is replaced by its label.
func (r *nodeReader) complete(n Node, children []Node, info string, allowed bool) {
	switch n.Kind {
	case kindGroup:
		r.nodes = append(r.nodes, children...)
	case kindTask:
		r.add(n)
	case KindLink, KindImage:
		if !allowed {
			for _, c := range children {
				r.inline(c)
			}
			return
		}
		n.Children = children
		if strings.TrimSpace(content(children)) == "" {
			n.Children = []Node{{Kind: KindText, Text: n.URL}}
		}
		r.inline(n)
	case KindCode:
		if r.parent.Kind == KindCodeBlock {
			r.add(Node{Kind: KindText, Info: info, Text: content(children)})
			return
		}
		n.Text = content(children)
		r.inline(n)
	case KindCodeBlock:
		n.Text, n.Info = strings.TrimSuffix(content(children), "\n"), children[0].Info
		r.add(n)
	case KindEmphasis, KindStrong, KindStrike:
		n.Children = children
		r.inline(n)
	case KindBreak:
		r.inline(Node{Kind: KindBreak, Info: "hard"})
	default:
		n.Children = children
		switch n.Kind {
		case KindItem:
			n.takeTask()
		case KindTable:
			n.alignMissing()
		}
		r.add(n)
	}
}

// alignMissing aligns empty cells as their columns are. Goldmark forgets the alignment where a row has too few cells.
func (n *Node) alignMissing() {
	for _, row := range n.Children[1:] {
		for i := range row.Children {
			if cell := &row.Children[i]; len(cell.Children) == 0 {
				cell.Mark = n.Children[0].Children[i].Mark
			}
		}
	}
}

// takeTask makes the box at the beginning of an item the item's mark.
func (n *Node) takeTask() {
	in := n
	for len(in.Children) > 0 && (in == n || in.Kind == KindParagraph) {
		if first := in.Children[0]; first.Kind == kindTask {
			n.Mark, in.Children = first.Mark, in.Children[1:]
			for len(in.Children) > 0 { // the blank after the box
				in = &in.Children[0]
				in.Text = strings.TrimPrefix(in.Text, " ")
			}
			return
		}
		in = &in.Children[0]
	}
}

// tidyLines removes the line ends that goldmark writes after a hard break, and those at the edges of a tight item.
func tidyLines(nodes []Node) []Node {
	void := func(n Node) bool {
		return n.Kind == KindBreak && n.Info == "soft" || n.Kind == KindText && n.Text == ""
	}
	for len(nodes) > 0 && void(nodes[0]) {
		nodes = nodes[1:]
	}
	for len(nodes) > 0 && void(nodes[len(nodes)-1]) {
		nodes = nodes[:len(nodes)-1]
	}
	return nodes
}

func content(nodes []Node) string {
	s := ""
	for _, n := range nodes {
		s += n.Text + content(n.Children)
	}
	return s
}

// dump shows a tree as indented lines, with adjacent texts joined and links in one spelling.
func dump(nodes []Node) string {
	var b strings.Builder
	dumpTo(&b, nodes, "")
	return b.String()
}

func dumpTo(b *strings.Builder, nodes []Node, indent string) {
	text := ""
	flush := func() {
		if text != "" {
			fmt.Fprintf(b, "%stext %q\n", indent, text)
			text = ""
		}
	}
	for i, n := range nodes {
		if n.Kind == KindText || n.Kind == KindNumber {
			text += n.Text
			continue
		}
		if n.Kind == KindBreak {
			if n.Info == "soft" && i > 1 && nodes[i-1].Text == "" && nodes[i-2].Info == "hard" {
				continue
			}
		}
		flush()
		fmt.Fprintf(b, "%s%s", indent, kindNames[n.Kind])
		if n.Kind == KindOrdered {
			fmt.Fprintf(b, " from %d", n.Start)
		}
		if n.Kind == KindCode || n.Kind == KindCodeBlock || n.Kind == KindPlain {
			fmt.Fprintf(b, " %q %s", n.Text, n.Info)
		}
		if n.Mark != 0 {
			fmt.Fprintf(b, " marked %d", n.Mark)
		}
		if n.Kind == KindLink || n.Kind == KindImage {
			fmt.Fprintf(b, " %s", util.URLEscape([]byte(n.URL), false))
		}
		b.WriteString("\n")
		dumpTo(b, n.Children, indent+"  ")
	}
	flush()
}

var kindNames = map[NodeKind]string{
	KindText: "text", KindBreak: "break", KindStrong: "strong", KindEmphasis: "emphasis", KindStrike: "strike", KindCode: "code",
	KindLink: "link", KindParagraph: "paragraph", KindHeading: "heading", KindQuote: "quote", KindUnordered: "unordered",
	KindTable: "table", KindRow: "row", KindCell: "cell", KindImage: "image", KindReply: "reply", kindTask: "task",
	KindOrdered: "ordered", KindItem: "item", KindCodeBlock: "code block", KindRule: "rule", KindPlain: "plain",
}
