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
	reader   = goldmark.New(goldmark.WithExtensions(extension.Strikethrough), goldmark.WithRendererOptions(html.WithXHTML()))
	elements = map[string]NodeKind{
		"p": KindParagraph, "h1": KindHeading, "h2": KindHeading, "h3": KindHeading, "h4": KindHeading, "h5": KindHeading,
		"h6": KindHeading, "blockquote": KindQuote, "ul": KindUnordered, "ol": KindOrdered, "li": KindItem, "pre": KindCodeBlock,
		"hr": KindRule, "em": KindEmphasis, "strong": KindStrong, "del": KindStrike, "code": KindCode, "a": KindLink,
		"img": KindLink, "br": KindBreak,
	}
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

// readNodes reads the children of an element and converts them to our trees: the text of a tight item becomes a
// paragraph, a new line a break, a link that is not allowed its label, an image a link.
func readNodes(d *xml.Decoder, parent Node) ([]Node, error) {
	var nodes []Node
	container := parent.Kind == 0 || parent.Kind == KindQuote || parent.Kind == KindItem
	inline := func(n Node) {
		if container {
			if k := len(nodes) - 1; k < 0 || nodes[k].Kind != KindParagraph || nodes[k].Start != -1 {
				nodes = append(nodes, Node{Kind: KindParagraph, Start: -1})
			}
			p := &nodes[len(nodes)-1]
			p.Children = append(p.Children, n)
		} else {
			nodes = append(nodes, n)
		}
	}
	for {
		token, err := d.Token()
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		switch token := token.(type) {
		case nil, xml.EndElement:
			for i := range nodes {
				if nodes[i].Start == -1 {
					nodes[i].Start = 0
					nodes[i].Children = tidyLines(nodes[i].Children)
				}
			}
			return nodes, nil
		case xml.Comment:
			inline(Node{Kind: KindText, Text: "<html>"})
		case xml.CharData:
			s := string(token)
			if parent.Kind == KindUnordered || parent.Kind == KindOrdered || container && strings.Trim(s, "\n") == "" {
				continue
			}
			if parent.Kind == KindCode || parent.Kind == KindCodeBlock {
				nodes = append(nodes, Node{Kind: KindText, Text: s})
				continue
			}
			for i, line := range strings.Split(s, "\n") {
				if i > 0 {
					inline(Node{Kind: KindBreak, Info: "soft"})
				}
				inline(Node{Kind: KindText, Text: line})
			}
		case xml.StartElement:
			n := Node{Kind: elements[token.Name.Local]}
			if n.Kind == 0 {
				return nil, fmt.Errorf("element %s", token.Name.Local)
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
			n.URL = parent.URL // the enclosing link's
			url, ok := SafeURL(attr["href"] + attr["src"])
			if n.Kind == KindLink && ok && parent.URL == "" {
				n.URL = url
			}
			children, err := readNodes(d, n)
			if err != nil {
				return nil, err
			}
			if token.Name.Local == "img" {
				children = []Node{{Kind: KindText, Text: strings.ReplaceAll(attr["alt"], "\n", " ")}}
			}
			if n.Kind == KindParagraph || n.Kind == KindHeading {
				children = tidyLines(children)
			}
			switch n.Kind {
			case KindLink:
				if !ok || parent.URL != "" {
					for _, c := range children {
						inline(c)
					}
					continue
				}
				n.Children = children
				if strings.TrimSpace(content(children)) == "" {
					n.Children = []Node{{Kind: KindText, Text: url}}
				}
				inline(n)
			case KindCode:
				if parent.Kind == KindCodeBlock {
					info := strings.TrimPrefix(attr["class"], "language-")
					nodes = append(nodes, Node{Kind: KindText, Info: info, Text: content(children)})
					continue
				}
				n.Text = content(children)
				inline(n)
			case KindCodeBlock:
				n.Text, n.Info = strings.TrimSuffix(content(children), "\n"), children[0].Info
				nodes = append(nodes, n)
			case KindEmphasis, KindStrong, KindStrike:
				n.Children = children
				inline(n)
			case KindBreak:
				inline(Node{Kind: KindBreak, Info: "hard"})
			default:
				n.Children = children
				nodes = append(nodes, n)
			}
		}
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
		if n.Kind == KindLink {
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
	KindOrdered: "ordered", KindItem: "item", KindCodeBlock: "code block", KindRule: "rule", KindPlain: "plain",
}
