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
	count, size := 0, 0
	replies := 0
	var walk func(nodes []Node, parent NodeKind, depth int, linked bool)
	walk = func(nodes []Node, parent NodeKind, depth int, linked bool) {
		if depth > maxDepth && len(nodes) > 0 {
			t.Fatalf("%.60q: deeper than %d", source, maxDepth)
		}
		block := parent == 0 || parent == KindQuote || parent == KindItem
		list := parent == KindUnordered || parent == KindOrdered
		for i, n := range nodes {
			count++
			size += len(n.Text)
			leaf, needsText := false, false
			switch n.Kind {
			case KindText, KindCode, KindBreak, KindNumber, KindReply:
				leaf, needsText = true, n.Kind == KindText || n.Kind == KindNumber || n.Kind == KindReply
				if n.Kind == KindReply {
					if replies++; replies > MaxReplies || linked || utf8.RuneCountInString(n.Text) > MaxReply || n.Text != strings.Join(strings.Fields(n.Text), " ") {
						t.Fatalf("%.60q: answer %d is %.60q", source, replies, n.Text)
					}
				}
				if block || list || strings.Contains(n.Text, "\n") {
					t.Fatalf("%.60q: inline of kind %d in kind %d: %.40q", source, n.Kind, parent, n.Text)
				}
				if n.Kind == KindText && i > 0 && nodes[i-1].Kind == KindText {
					t.Fatalf("%.60q: adjacent texts", source)
				}
			case KindStrong, KindEmphasis, KindStrike, KindLink, KindImage:
				if block || list || len(n.Children) == 0 || n.URL != "" && linked {
					t.Fatalf("%.60q: inline of kind %d in kind %d with %d children", source, n.Kind, parent, len(n.Children))
				}
			case KindParagraph, KindHeading, KindQuote, KindUnordered, KindOrdered:
				if !block || len(n.Children) == 0 {
					t.Fatalf("%.60q: block of kind %d in kind %d with %d children", source, n.Kind, parent, len(n.Children))
				}
			case KindTable:
				cells := len(n.Children[0].Children)
				if !block || len(n.Children) > maxRows+1 || cells == 0 || cells > maxColumns {
					t.Fatalf("%.60q: a table of %d rows and %d columns in kind %d", source, len(n.Children), cells, parent)
				}
				for _, row := range n.Children {
					if row.Kind != KindRow || len(row.Children) != cells {
						t.Fatalf("%.60q: kind %d with %d cells in a table of %d columns", source, row.Kind, len(row.Children), cells)
					}
				}
			case KindRow, KindCell:
				if parent != n.Kind-1 {
					t.Fatalf("%.60q: kind %d in kind %d", source, n.Kind, parent)
				}
			case KindCodeBlock, KindPlain, KindRule:
				if leaf = true; !block {
					t.Fatalf("%.60q: block of kind %d in kind %d", source, n.Kind, parent)
				}
			case KindItem:
				if !list {
					t.Fatalf("%.60q: item in kind %d", source, parent)
				}
			default:
				t.Fatalf("%.60q: kind %d", source, n.Kind)
			}
			checkNode(t, source, &n, leaf, needsText, linked)
			walk(n.Children, n.Kind, depth+1, linked || n.URL != "")
		}
	}
	walk(nodes, 0, 1, false)
	if size > 3*len(source) {
		t.Fatalf("%.60q: a text of %d bytes has become %d bytes", source, len(source), size)
	}
	if len(nodes) == 0 && strings.Trim(cleanText(source), " \t\n") != "" {
		t.Fatalf("%.60q: the tree is empty", source)
	}
	return count
}

// checkNode fails if a node without its children breaks a rule.
func checkNode(t *testing.T, source string, n *Node, leaf, needsText, linked bool) {
	t.Helper()
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
