//go:build !js

package markdown

import (
	"strings"
	"testing"
)

// forms are texts that this package and goldmark read in the same way.
var forms = []struct {
	what  string
	texts []string
}{
	{"GitHub's examples of tables", []string{
		"| foo | bar |\n| --- | --- |\n| baz | bim |",
		"| abc | defghi |\n:-: | -----------:\nbar | baz",
		"| f\\|oo  |\n| ------ |\n| b `\\|` az |\n| b **\\|** im |",
		"| abc | def |\n| --- | --- |\n| bar | baz |\n> bar",
		"| abc | def |\n| --- | --- |\n| bar | baz |\nbar\n\nbar",
		"| abc | def |\n| --- |\n| bar |",
		"| abc | def |\n| --- | --- |\n| bar |\n| bar | baz | boo |",
		"| abc | def |\n| --- | --- |",
	}},
	{"GitHub's examples of tasks", []string{
		"- [ ] foo\n- [x] bar",
		"- [x] foo\n  - [ ] bar\n  - [x] baz\n- [ ] bim",
	}},
	{"tables", []string{
		"a | b\n:-- | --:\n1 | 2",
		"text above\n| a | b |\n|---|---|\n| 1 | 2 |",
		"two lines\nabove\n\n| a | b |\n|:---:|---|\n| 1 | 2 |\n\ntext below",
		"|a|b|\n|-|-|\n|**bold**|*it*|\n|`code`|~~gone~~|",
		"| [x](https://a.example) | b |\n|---|---|\n| <a@b.cc> | ![p](https://c.example/p.png) |",
		"|   spaced   |  out |\n|  ---  |  :---  |\n|  1   |   2 |",
		"| a | b |\n|---|---|\n|  |  |\n| | 2 |",
		"|a||\n|-|-|\n|b|c|",
		"| a | b |\n|:-:|--:|\n| 1 |\n||\n| 1 | 2 | 3 |",
		"a | b\n- | -",
		"| a |\n|---|\n| 1 |",
		"| a |\n:-:\n| b |\nc",
		"| a | b |\n|---|--x|\n| 1 | 2 |",
		"| a | b |\n|---||---|\n| 1 | 2 |",
		"| a | b |\n| 1 | 2 |",
		"|---|---|\n| 1 | 2 |",
		"a | b and c",
		"> | a | b |\n> |---|---|\n> | 1 | 2 |",
		"> > - | a | b |\n> >   |---|---|\n> >   | 1 | 2 |",
		"- | a | b |\n  |---|---|\n  | 1 | 2 |\n- next",
		"1. text\n\n   | a | b |\n   |---|---|\n   | 1 | 2 |",
		"| 字 | é |\n|---|---|\n| 中文 | ü |",
		"| a | b |\n|---|---|\n| 1 | 2 |\n# Heading\n\n| c | d |\n|---|---|\n| 3 | 4 |",
		"| a | b |\n|---|---|\n| 1 | 2 |\n```\ncode\n```",
		"| a | b |\n|---|---|\n| 1 | 2 |\n- item",
		"| a | b |\n|---|---|\n| 1 | 2 |\n***\ntext",
		"| a | b |\n|---|---|\n| \\* | \\\\ |",
		"| *a | b* |\n|---|---|\n| [x | y](tel:5551234) |",
		"| a | b |\n|---|---|\n| `x \\| y` | \\|\\| |",
		"| a | b |\n|---|---|\n| `x | y` |",
		"```\n| a | b |\n|---|---|\n```",
	}},
	{"tasks", []string{
		"1. [ ] one\n2. [X] two\n3. three",
		"* [ ] **bold** `code`\n* [y] no task\n* []",
		"> - [x] quoted",
		"- [ ] one\n\n  more\n- [x] two",
		"- [ ] - no list",
		"- [x] # no heading",
		"- text\n\n  [x] no task",
		"[ ] no item",
	}},
	{"bold beside scripts without spaces, within words", []string{
		"这是**粗体**文本", "한국어**굵게**입니다", "ข้อความ**ตัวหนา**ที่นี่", "**太字**です。", "我们有**A**、**B**和**C**", "*斜*体~~删除~~线",
	}},
	{"emphasis in words with spaces", []string{
		"2**3**4", "**foo.**bar", "foo**(bar)**", "**\"a\"**b", "a**\"b\"**", "x*(y)*z", "_a._b", "2 ** 3 ** 4", "**Größe:** 5", "**Preis:**5", "é**(a)**é",
	}},
	{"backslashes that escape nothing", []string{
		`\a`, `C:\dir\file`, `\frac{a}{b} and \alpha`, `a\ b\`, `\\server\share`,
	}},
	{"answers of language models", modelAnswers},
}

// modelAnswers are ten kinds of answers.
var modelAnswers = []string{
	// A comparison.
	"Here is a comparison of the two plans:\n\n| Feature | Basic | Pro |\n|:--------|:-----:|----:|\n| **Price** | $9/mo | $29/mo |\n| Users | 1 | 10 |\n| Support | E-mail | *24/7* |\n\nLet me know which one fits!",
	// Steps.
	"To reset your password:\n\n1. Go to **Settings**.\n2. Choose `Security`:\n   - on a phone, tap *More* first\n   - on a computer, look left\n3. Follow the link that you receive.",
	// A check list.
	"## Before the visit\n\n- [x] Photos received\n- [ ] Measure the roof\n  - [ ] north side\n  - [ ] south side\n- [ ] Send the **estimate**",
	// Code.
	"Add this before `</body>`:\n\n```html\n<script async src=\"https://cdn.example.com/chat.js\"></script>\n```\n\nThen reload.",
	// Links, as a list.
	"You may find these useful:\n\n* [Pricing](https://a.example/pricing) – what it costs\n* [Docs](https://a.example/docs \"Documentation\") – how it works\n* ![Map](https://a.example/map.png)",
	// A quotation.
	"The warranty says:\n\n> Materials are covered for **25 years**.\n>\n> - leaks\n> - wind damage\n\nDoes that answer your question?",
	// A table in a list.
	"1. Choose a size\n\n   | Size | Price |\n   |------|------:|\n   | S | $5 |\n   | L | $8 |\n\n2. Choose a color",
	// Headings and rules.
	"### Summary\n\nIt is *possible*.\n\n***\n\n### Details\n\nSee **section 2**.",
	// A table of commands.
	"| Command | Meaning |\n| --- | --- |\n| `a \\| b` | sends the output of `a` to `b` |\n| `x > y` | writes to ~~a file~~ `y` |\n| | nothing |",
	// Nested emphasis, names and numbers.
	"**Note:** *all **prices*** include tax. The file is `my_file_name.txt`, not my_file_name; 2 * 3 * 4 = 24.",
}

// ownForms are texts that this package reads differently than goldmark, by reason.
var ownForms = []struct {
	reason string
	texts  []string
}{
	{"the header of a table has a pipe, also if it has one cell: the emoticon :-| makes no table", []string{"Sorry\n:-|", "a\n:-:\nb", "a\n|-\nb"}},
	{"a header has as many cells as the line below it, as on GitHub", []string{"| a |\n|---|---|\n| 1 | 2 |"}},
	{"a cell may end with an escaped pipe, and a pipe after two backslashes is one, as on GitHub", []string{"|a|b|\n|-|-|\n|c|d\\|", "|a|b|\n|-|-|\n|c\\\\|d|"}},
	{"a table has at most 20 columns and 200 rows", []string{
		strings.Repeat("|a", 21) + "|\n" + strings.Repeat("|-", 21) + "|", "|a|b|\n|-|-|" + strings.Repeat("\n|1|2|", 201),
	}},
	{"a blank and text follow the box of a task: [x](…) is a link, and [ ] alone is text", []string{"- [x](https://a.example) link", "- [x]none", "- [ ]"}},
	{"<br> is a line break", []string{"|a|b|\n|-|-|\n|c<br>d<br/>e|f<BR />g|", "a<br>b"}},
	{"a link to reply: is an answer", []string{"[Yes](reply:)", "|a|b|\n|-|-|\n|[Yes](reply:)|[No](REPLY:)|"}},
	{`what stands between \( and \) is a formula`, []string{`\(a_1*b*\)`, `|a|b|` + "\n|-|-|\n" + `|\(x\)|\[y\]|`}},
	{"beside a letter or punctuation of a script without spaces, bold needs no edge of a word", []string{
		"**「引用」**です", "这是**“粗体”**文本", "**Größe:**文字", "**ราคา (บาท)**ที่นี่", "**ราคา (บาท)**\u200bที่นี่", "**중요!**입니다", "__「重要」__です",
		"**价格：**100元", "**注意：**iPhone", "iPhone**（128GB）**的", "第1章*「序」*1頁", "価格は~~（税込）~~100円",
	}},
}

// TestForms compares the forms with goldmark.
func TestForms(t *testing.T) {
	equal, different := 0, 0
	for _, f := range forms {
		for _, source := range f.texts {
			if got, want := dump(Parse(source)), oracle(t, source); got != want {
				t.Errorf("%s: %q\nparsed:\n%sgoldmark:\n%s", f.what, source, got, want)
			}
		}
		equal += len(f.texts)
		t.Logf("%4d × %s", len(f.texts), f.what)
	}
	for _, f := range ownForms {
		for _, source := range f.texts {
			if dump(Parse(source)) == oracle(t, source) {
				t.Errorf("%q does not differ from goldmark: %s", source, f.reason)
			}
		}
		different += len(f.texts)
		t.Logf("%4d × different: %s", len(f.texts), f.reason)
	}
	t.Logf("%d forms compared: %d equal, %d deliberately different", equal+different, equal, different)
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
		{"Sorry\n:-|", "p(Sorry⏎:-|)"},
		{"Sorry\n:-|\n|a|b|\n|-|-|\n|1|2|", "p(Sorry⏎:-|)table(tr(td(a)td(b))tr(td(1)td(2)))"},
		{"|a|b|\n|:-|-|\n|c", "table(tr(td←(a)td(b))tr(td←(c)td()))"},
		{"|a||\n|-|-|\n|c\\\\|d|e\\|", "table(tr(td(a)td())tr(td(c|d)td(e|)))"},
		{"|a|b|\n|-|-|\n|\\(x_1*y*\\)|**价格：**1|", `table(tr(td(a)td(b))tr(td(\(x_1*y*\))td(b(价格：)1)))`},
		// After the box of a task is a blank; goldmark takes a link for a task.
		{"-      [ ] a\n- [x]  b\n- [ ]\n  c\n- [x] - d\n- [ ] # e", "ul(li☐(p(a))li☑(p(b))li☐(p(c))li☑(p(- d))li☐(p(# e)))"},
		{"- [ ] a\n  |b|c|\n  |-|-|\n  |1|2|", "ul(li☐(p(a)table(tr(td(b)td(c))tr(td(1)td(2)))))"},
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

// TestWithoutHidden checks that characters which show nothing are removed, and those that shape others are not.
func TestWithoutHidden(t *testing.T) {
	for in, want := range map[string]string{
		"a\U000E0061\U000E007F\u200b\u2060\u2063\u00ad\x00\x7f\u0085b": "ab",
		"\u202ea\u2066b\u2069":                               "ab",
		"\u2800\u3164\uFFA0":                                 "",
		"a b\u00a0c\u3000d\te\nf":                            "a b\u00a0c\u3000d\te\nf",
		"👩\u200d👩\u200d👧 ❤\ufe0f\u200d🔥":                     "👩\u200d👩\u200d👧 ❤\ufe0f\u200d🔥",
		"می\u200cخواهم":                                      "می\u200cخواهم",
		"\u200da\u200d\u200c\u200d\ufe00b\ufe0f\ufe01\ufe02": "a\u200db\ufe0f", // many of them are a code
		"a\xffb": "a\uFFFDb",
	} {
		if got := WithoutHidden(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

// TestReplies checks what is an answer, and what is text.
func TestReplies(t *testing.T) {
	forty := strings.Repeat("ü", 40)
	for _, c := range []struct{ in, want string }{
		{"[Asphalt](reply:)", "p([Asphalt])"},
		{"Which? [Asphalt](reply:) [ *Metal*  `roof`\n ](REPLY:) or [Tile](<reply:> \"t\")", "p(Which? [Asphalt] [Metal roof] or [Tile])"},
		{"[a\u202eb](reply:)", "p([ab])"},
		{"[Yes\U000E0020\U000E0049\u200b\uFEFF](reply:)", "p([Yes])"},
		{"[\u2060\u3164](reply:) [&#x200b;&#xE0041;a](reply:)", "p(\u2060\u3164 [a])"},
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
	nodes := Parse("|a|b|\n|-|-|\n|**1**<br>2|[Yes](reply:)|\n\n- [ ] to do<br>now\n- [x] done\n- other\n\n1. [x] one\n\n![A roof](https://a.example/r.png)")
	want := "a | b\n1 2 | Yes\n☐ to do\n  now\n☑ done\n• other\n1. ☑ one\nA roof"
	if got := PlainText(nodes); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if got := PlainTextWithLinks(nodes); got != want+" (https://a.example/r.png)" {
		t.Errorf("with links: %s", got)
	}
}
