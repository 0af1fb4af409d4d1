//go:build !js

package markdown

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// hostile are texts for which a careless parser takes long, or fails.
var hostile = []string{
	"[", "*", ">", "`", "> ", "- ", "1. ", "* a\n", "![", "[a](", "[a](<b", "[a](b", "[a](b \"", "[](https://a.b)", "![](https://a.b)",
	"**a ", "*a_b", "_a*b", "a**b", "*a **a ", "a* ", "~~a ", "~~a~~b", "~", "`a``b```c", "<a", "<https:", "&", "&#", "&amp;", "\\", "\\*",
	"a\n", "\n", "a\n\n", "\r", "# a\n", "```\n", "```\na\n```\n", "www.", "https://", "https://a.b ", "https://a.b(", "https://a.b/&#8238;", "https://a@", "www.a/", "a@", "a@b.cc ", "+1", "+49 30 901820 ",
	"(555) 123-4567 ", "(", "1 ", "- - ", "*\n", "> > a\n", "\t", "\t- a\n", "- a\n\n  ", "---\n", "[[a](https://a.b)", "]", "[*", "*[a](https://a.b)",
	"|", "|a", "|-", "a|b\n", "|a|b|\n", "-|-\n", "a\n-|\n", "a|\n-|\n", "a|\n-|\nb|\n", "\\|", "- [ ] a\n", "[a](reply:)", "![a](reply:)", "[a [b](reply:)](reply:)",
	"\x00", "\xff", "é", "字**", "[a](https://a.b \"\\", "  - a\n", "!", "h", "w",
}

// TestMarkdownHostile parses each hostile text, also followed by as many closing marks. The tree is bounded, and the
// number of steps is linear in the length of the text.
func TestMarkdownHostile(t *testing.T) {
	for _, unit := range hostile {
		text := pattern{unit, ""}.text(shorter(1 << 20))
		if count := check(t, text, Parse(text)); count > 4*maxMarks {
			t.Errorf("%q: %d nodes", unit, count)
		}
		for _, closing := range []string{"", "]", "](https://a.b)", "*", ")"} {
			p := pattern{unit, closing}
			check(t, p.text(shorter(1<<14)), parse(p.text(shorter(1<<14)), 1<<30))
			holdLinear(t, p, 20<<10, 1<<30)
		}
	}
}

func TestMarkdownRest(t *testing.T) {
	text := strings.Repeat("*a*\n", 2*maxMarks)
	nodes := Parse(text + "the end")
	last := nodes[len(nodes)-1]
	if last.Kind != KindPlain || !strings.HasSuffix(last.Text, "*a*\nthe end") {
		t.Errorf("the last node has kind %d, text %.20q", last.Kind, last.Text)
	}
	if got, want := strings.Count(PlainText(nodes), "\n"), 2*maxMarks; got != want {
		t.Errorf("plain text has %d line ends, want %d", got, want)
	}
}

// check fails if the tree breaks a rule, and returns the number of its nodes.
func check(t *testing.T, source string, nodes []Node) int {
	t.Helper()
	c := checker{t: t, source: source}
	c.walk(nodes, place{depth: 1})
	if c.size > 3*len(source) {
		t.Fatalf("%.60q: a text of %d bytes has become %d bytes", source, len(source), c.size)
	}
	if len(nodes) == 0 && strings.Trim(cleanText(source), " \t\n") != "" {
		t.Fatalf("%.60q: the tree is empty", source)
	}
	return c.count
}

// checker checks the nodes of a tree one after the other.
type checker struct {
	t       *testing.T
	source  string
	count   int // of nodes so far
	size    int // of their texts, in bytes
	replies int // number of quick replies so far
}

// place is where in a tree a node is.
type place struct {
	parent NodeKind // 0 at the top
	depth  int
	linked bool // inside of a link
}

// block reports whether blocks may be here, and list whether items may be.
func (p place) block() bool { return p.parent == 0 || p.parent == KindQuote || p.parent == KindItem }
func (p place) list() bool  { return p.parent == KindUnordered || p.parent == KindOrdered }

// walk checks nodes and all nodes in them.
func (c *checker) walk(nodes []Node, at place) {
	c.t.Helper()
	if at.depth > maxDepth && len(nodes) > 0 {
		c.t.Fatalf("%.60q: deeper than %d", c.source, maxDepth)
	}
	for i, n := range nodes {
		c.count++
		c.size += len(n.Text)
		c.checkPlace(&n, at)
		switch n.Kind {
		case KindText:
			if i > 0 && nodes[i-1].Kind == KindText {
				c.t.Fatalf("%.60q: adjacent texts", c.source)
			}
		case KindReply:
			c.checkReply(n.Text, at)
		case KindTable:
			c.checkTable(&n)
		}
		checkNode(c.t, c.source, &n, at.linked)
		c.walk(n.Children, place{n.Kind, at.depth + 1, at.linked || n.URL != ""})
	}
}

// checkPlace fails if a node is where no node of its kind may be, or lacks the children that its kind has.
func (c *checker) checkPlace(n *Node, at place) {
	c.t.Helper()
	switch n.Kind {
	case KindText, KindCode, KindBreak, KindNumber, KindReply:
		if at.block() || at.list() || strings.Contains(n.Text, "\n") {
			c.t.Fatalf("%.60q: inline of kind %d in kind %d: %.40q", c.source, n.Kind, at.parent, n.Text)
		}
	case KindStrong, KindEmphasis, KindStrike, KindLink, KindImage:
		if at.block() || at.list() || len(n.Children) == 0 || n.URL != "" && at.linked {
			c.t.Fatalf("%.60q: inline of kind %d in kind %d with %d children", c.source, n.Kind, at.parent, len(n.Children))
		}
	case KindParagraph, KindHeading, KindQuote, KindUnordered, KindOrdered, KindTable:
		if !at.block() || len(n.Children) == 0 {
			c.t.Fatalf("%.60q: block of kind %d in kind %d with %d children", c.source, n.Kind, at.parent, len(n.Children))
		}
	case KindRow, KindCell:
		if at.parent != n.Kind-1 {
			c.t.Fatalf("%.60q: kind %d in kind %d", c.source, n.Kind, at.parent)
		}
	case KindCodeBlock, KindPlain, KindRule:
		if !at.block() {
			c.t.Fatalf("%.60q: block of kind %d in kind %d", c.source, n.Kind, at.parent)
		}
	case KindItem:
		if !at.list() {
			c.t.Fatalf("%.60q: item in kind %d", c.source, at.parent)
		}
	default:
		c.t.Fatalf("%.60q: kind %d", c.source, n.Kind)
	}
}

// checkReply fails if a text cannot be that of a quick reply, or has one too many before it.
func (c *checker) checkReply(text string, at place) {
	c.t.Helper()
	c.replies++
	clean := text == strings.Join(strings.Fields(text), " ") && utf8.RuneCountInString(text) <= MaxReply
	if c.replies > MaxReplies || at.linked || !clean {
		c.t.Fatalf("%.60q: answer %d is %.60q", c.source, c.replies, text)
	}
}

// checkTable fails if the rows of a table differ in their number of cells, or are too many.
func (c *checker) checkTable(n *Node) {
	c.t.Helper()
	cells := len(n.Children[0].Children)
	if len(n.Children) > maxRows+1 || cells == 0 || cells > maxColumns {
		c.t.Fatalf("%.60q: a table of %d rows and %d columns", c.source, len(n.Children), cells)
	}
	for _, row := range n.Children {
		if row.Kind != KindRow || len(row.Children) != cells {
			c.t.Fatalf("%.60q: kind %d with %d cells in a table of %d columns", c.source, row.Kind, len(row.Children), cells)
		}
	}
}

// isLeaf reports whether nodes of a kind have no children. Others have no text.
func isLeaf(kind NodeKind) bool {
	switch kind {
	case KindText, KindCode, KindBreak, KindNumber, KindReply, KindCodeBlock, KindPlain, KindRule:
		return true
	}
	return false
}

// checkNode fails if a node without its children breaks a rule.
func checkNode(t *testing.T, source string, n *Node, linked bool) {
	t.Helper()
	leaf, needsText := isLeaf(n.Kind), n.Kind == KindText || n.Kind == KindNumber || n.Kind == KindReply
	if leaf && n.Children != nil || !leaf && n.Text != "" || needsText && n.Text == "" {
		t.Fatalf("%.60q: kind %d has text %.40q and %d children", source, n.Kind, n.Text, len(n.Children))
	}
	if !utf8.ValidString(n.Text) || strings.ContainsFunc(n.Text, func(r rune) bool {
		return r < ' ' && r != '\n' && r != '\t' || r >= 0x7F && r < 0xA0
	}) {
		t.Fatalf("%.60q: control character in %.40q", source, n.Text)
	}
	if n.Start < 0 || n.Start > 999_999_999 || n.Start != 0 && n.Kind != KindOrdered || n.Info != "" && n.Kind != KindCodeBlock {
		t.Fatalf("%.60q: kind %d starts at %d, info %.40q", source, n.Kind, n.Start, n.Info)
	}
	if most := map[NodeKind]uint8{KindItem: ItemDone, KindCell: CellRight}[n.Kind]; n.Mark > most {
		t.Fatalf("%.60q: kind %d with mark %d", source, n.Kind, n.Mark)
	}
	if n.Beside != "" && (n.URL == "" || strings.ContainsFunc(n.Beside, isInvisible)) {
		t.Fatalf("%.60q: kind %d has %q beside it", source, n.Kind, n.Beside)
	}
	if linked && strings.ContainsFunc(n.Text, isBidi) {
		t.Fatalf("%.60q: a label %q", source, n.Text)
	}
	if (n.Kind == KindLink || n.Kind == KindImage) != (n.URL != "") || n.Kind == KindImage && !strings.HasPrefix(n.URL, "http") {
		t.Fatalf("%.60q: kind %d with URL %q", source, n.Kind, n.URL)
	}
	if n.URL != "" {
		checkURL(t, source, n.URL)
	}
}

// checkURL fails if a link must not lead to the address.
func checkURL(t *testing.T, source, url string) {
	t.Helper()
	again, safe := SafeURL(url)
	if !safe || again != url {
		t.Fatalf("%.60q: URL %q becomes %q", source, url, again)
	}
	safe = false
	for _, scheme := range []string{"https://", "http://", "mailto:", "tel:"} {
		safe = safe || strings.HasPrefix(url, scheme) && len(url) > len(scheme)
	}
	if !safe || !utf8.ValidString(url) || strings.ContainsFunc(url, func(r rune) bool {
		return r <= ' ' || r >= 0x7F && r <= 0xA0 || r >= 0x2000 && r <= 0x200F || r >= 0x2028 && r <= 0x202F || r >= 0x2066 && r <= 0x2069 || r == 0xFEFF
	}) {
		t.Fatalf("%.60q: URL %q", source, url)
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, unit := range hostile {
		f.Add(strings.Repeat(unit, 20))
		f.Add(unit + "a" + unit)
	}
	f.Add("# T\n\n**b** [x](https://a.example \"t\") ![i](tel:5551234)\n\n> 1. a\n>    ```go\n>    x\n>    ```\n\n- <a@b.cc> &lt; \\* ~~s~~ `c`\n\n---\n+49 30 901820")
	f.Add("*h*000000![0](000000)")
	f.Add("[a](&#x6a;avascript:alert(1)) <JaVaScRiPt:alert(1)> [b](java\nscript:x) [c](https://a\u202e.b)")
	f.Add("[b\u202eank.example.](https://\u0430pple.com..) <https://www.\u0430\u0430..> [@.:](mailto:a@) [x@y.zz](tel:123) [1.2.3.4](https://[::1]:8)")
	f.Add("a\n| b | c\\|`d\\|e` |\n|:-|-:|:-:|\n|-|-|\n| [x](reply:) | ![y](https://a.b) | <br> |\n\n- [x] f\n- [ ] g\n\n> h|i\n> -|-\n> j")
	for _, forms := range forms {
		for _, text := range forms.texts {
			f.Add(text)
		}
	}
	for _, forms := range ownForms {
		for _, text := range forms.texts {
			f.Add(text)
		}
	}
	f.Add("[a [*b*<br>c](reply:) d](REPLY:) ![e [f](reply:)](https://a.b/c) [g [h](reply:)](https://a.b) [\u202e](reply:)" + strings.Repeat("[i](reply:)", 9))
	f.Fuzz(func(t *testing.T, text string) {
		nodes := Parse(text)
		check(t, text, nodes)
		check(t, text, parse(text, 5))
		PlainTextWithLinks(nodes)
	})
}

// maxDepth bounds the height of a tree: lists and their items, a table with its rows and cells, inlines, a text.
const maxDepth = 2*maxNesting + 3 + maxNesting + 1
