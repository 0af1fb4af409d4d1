//go:build !js

package markdown

import (
	"strings"
	"testing"
)

// tables are texts that this package and goldmark read in the same way. The first eight are those that GitHub's
// specification describes.
var tables = []string{
	"| foo | bar |\n| --- | --- |\n| baz | bim |",
	"| abc | defghi |\n:-: | -----------:\nbar | baz",
	"| f\\|oo  |\n| ------ |\n| b **\\|** im |",
	"| abc | def |\n| --- | --- |\n| bar | baz |\n> bar",
	"| abc | def |\n| --- | --- |\n| bar | baz |\nbar\n\nbar",
	"| abc | def |\n| --- |\n| bar |",
	"| abc | def |\n| --- | --- |\n| bar |\n| bar | baz | boo |",
	"| abc | def |\n| --- | --- |",

	"a | b\n:-- | --:\n1 | 2",
	"text above\n| a | b |\n|---|---|\n| 1 | 2 |",
	"two lines\nabove\n\n| a | b |\n|:---:|---|\n| 1 | 2 |\n\ntext below",
	"|a|b|\n|-|-|\n|**bold**|*it*|\n|`code`|~~gone~~|",
	"| [x](https://a.example) | b |\n|---|---|\n| <a@b.cc> | ![p](https://c.example/p.png) |",
	"|   spaced   |  out |\n|  ---  |  :---  |\n|  1   |   2 |",
	"| a | b |\n|---|---|\n|  |  |\n| | 2 |",
	"a | b\n- | -",
	"| a |\n|---|\n| 1 |",
	"| a | b |\n|---|--x|\n| 1 | 2 |",
	"| a | b |\n| 1 | 2 |",
	"|---|---|\n| 1 | 2 |",
	"> | a | b |\n> |---|---|\n> | 1 | 2 |",
	"- | a | b |\n  |---|---|\n  | 1 | 2 |\n- next",
	"1. text\n\n   | a | b |\n   |---|---|\n   | 1 | 2 |",
	"| 字 | é |\n|---|---|\n| 中文 | ü |",
	"| a | b |\n|---|---|\n| 1 | 2 |\n# Heading\n\n| c | d |\n|---|---|\n| 3 | 4 |",
	"| a | b |\n|---|---|\n| 1 | 2 |\n```\ncode\n```",
	"| a | b |\n|---|---|\n| 1 | 2 |\n- item",
	"| a | b |\n|---|---|\n| \\* | \\\\ |",
	"| *a | b* |\n|---|---|\n| [x | y](tel:5551234) |",

	"- [ ] foo\n- [x] bar",
	"- [x] foo\n  - [ ] bar\n  - [x] baz\n- [ ] bim",
	"1. [ ] one\n2. [X] two\n3. three",
	"* [ ] **bold** `code`\n* [y] no task\n* []",
	"> - [x] quoted",
	"- [ ] one\n\n  more\n- [x] two",
	"[ ] no item",
}

func TestTablesAndTasksAgreeWithGoldmark(t *testing.T) {
	for _, source := range tables {
		if got, want := dump(Parse(source)), oracle(t, source); got != want {
			t.Errorf("%q\nparsed:\n%sgoldmark:\n%s", source, got, want)
		}
	}
}

// TestTables checks what GitHub's specification does not say, or says otherwise.
func TestTables(t *testing.T) {
	columns := func(n int) string {
		return strings.Repeat("|a", n) + "|\n" + strings.Repeat("|-", n) + "|\n" + strings.Repeat("|b", n) + "|"
	}
	rows := func(n int) string { return "|a|b|\n|-|-|" + strings.Repeat("\n|1|2|", n) }
	for _, c := range []struct{ in, want string }{
		{"|a|b|\n|:-|-:|\n|<br>c<br/>d|e<BR />f|", "table(tr(td←(a)td→(b))tr(td←(c⏎d)td→(e⏎f)))"},
		{"|a|b|\n|-|:-:|\n|`x \\| y`|z", "table(tr(td(a)td↔(b))tr(td({x | y})td↔(z)))"},
		{"a\n---\nb", "p(a)—p(b)"},
		// After the box of a task is a blank; goldmark takes a link for a task.
		{"- [x]none\n- [x](https://a.example) link\n- [ ]", "ul(li(p([x]none))li(p(<https://a.example|x> link))li(p([ ])))"},
		{"|a|b|\n|-|-|\n|[Yes](reply:)|[No](reply:)|", "table(tr(td(a)td(b))tr(td([Yes])td([No])))"},
		{columns(20), "table(tr(" + strings.Repeat("td(a)", 20) + ")tr(" + strings.Repeat("td(b)", 20) + "))"},
		{columns(21), "p(" + strings.ReplaceAll(columns(21), "\n", "⏎") + ")"},
		{rows(200), "table(tr(td(a)td(b))" + strings.Repeat("tr(td(1)td(2))", 200) + ")"},
		{rows(201), "p(" + strings.ReplaceAll(rows(201), "\n", "⏎") + ")"},
	} {
		if got := show(Parse(c.in)); got != c.want {
			t.Errorf("%.80q\n got %.200s\nwant %.200s", c.in, got, c.want)
		}
	}
	// What exceeds the marks of a message is text.
	if got := show(parse("|a|b|\n|-|-|\n|1|2|\n|3|4|", 5)); strings.Contains(got, "table") {
		t.Errorf("with five marks: %s", got)
	}
}

// TestReplies checks what is an answer, and what is text.
func TestReplies(t *testing.T) {
	forty := strings.Repeat("ü", 40)
	for _, c := range []struct{ in, want string }{
		{"[Asphalt](reply:)", "p([Asphalt])"},
		{"Which? [Asphalt](reply:) [ *Metal*  `roof`\n ](REPLY:) or [Tile](<reply:> \"t\")", "p(Which? [Asphalt] [Metal roof] or [Tile])"},
		{"[a\u202eb](reply:)", "p([ab])"},
		{"[" + forty + "](reply:)", "p([" + forty + "])"},
		{"[" + forty + "x](reply:)", "p(" + forty + "x)"},
		{"[](reply:) [ ](reply:).", "p([](reply:)  .)"},
		{"![a](reply:) [b](reply:c) [c](reply) [d](Reply://x)", "p(a b c d)"},
		{"[a [b](reply:) c](/x)", "p(a [b] c)"},
		{"[a [b](reply:) c](https://x.y) ![a [b](reply:)](https://x.y)", "p(<https://x.y|a b c> !<https://x.y|a b>)"},
		{"[a [b](reply:) c](reply:)", "p([a b c])"},
		{"a [" + forty + "x](reply:) b [c](reply:)", "p(a " + forty + "x b [c])"},
		{"[![roof](https://a.example/r.png)](reply:)", "p([roof])"},
		{"**[**Yes** <br> no](reply:)**", "p(b([Yes no]))"},
		{"[reply:](reply:) <reply:> reply: [a](<reply: >) [b](reply:x)", "p([reply:] <reply:> reply: a b)"},
		{"[a [b](https://x.y) c](reply:)", "p([a <https://x.y|b> c](reply:))"},
		{strings.Repeat("[a](reply:)", 9), "p(" + strings.Repeat("[a]", 8) + "a)"},
		{strings.Repeat("[a](reply:)\n\n", 9), strings.Repeat("p([a])", 8) + "p(a)"},
		{"**[a](reply:)** - [b](reply:)", "p(b([a]) - [b])"},
		{"- [Yes](reply:)\n- [No](reply:)", "ul(li(p([Yes]))li(p([No])))"},
		{"`[a](reply:)` \\[b](reply:)", "p({[a](reply:)} [b](reply:))"},
	} {
		got := show(Parse(c.in))
		if got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.in, got, c.want)
		}
	}
	var p Parser
	for range 3 { // the number is counted for each message
		if got := show(p.Parse("[a](reply:)[b](reply:)[c](reply:)")); got != "p([a][b][c])" {
			t.Errorf("parsed again: %s", got)
		}
	}
}

func TestPlainTextOfTables(t *testing.T) {
	nodes := Parse("|a|b|\n|-|-|\n|**1**|[Yes](reply:)|\n\n- [ ] to do\n- [x] done\n- other\n\n1. [x] one\n\n![A roof](https://a.example/r.png)")
	want := "a | b\n1 | Yes\n☐ to do\n☑ done\n• other\n1. ☑ one\nA roof"
	if got := PlainText(nodes); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if got := PlainTextWithLinks(nodes); got != want+" (https://a.example/r.png)" {
		t.Errorf("with links: %s", got)
	}
}
