package markdown

import (
	"strings"
	"testing"
)

// show writes a tree in one line: tags around children, {…} for code, ⏎ for breaks.
func show(nodes []Node) string {
	var b strings.Builder
	tags := map[NodeKind]string{
		KindStrong: "b", KindEmphasis: "i", KindStrike: "s", KindParagraph: "p", KindHeading: "h", KindQuote: "q",
		KindUnordered: "ul", KindOrdered: "ol", KindItem: "li", KindTable: "table", KindRow: "tr", KindCell: "td",
	}
	marks := map[NodeKind][]string{KindItem: {"", "☐", "☑"}, KindCell: {"", "←", "↔", "→"}}
	for _, n := range nodes {
		switch n.Kind {
		case KindText:
			b.WriteString(n.Text)
		case KindBreak:
			b.WriteString("⏎")
		case KindCode:
			b.WriteString("{" + n.Text + "}")
		case KindNumber:
			b.WriteString("#(" + n.Text + ")")
		case KindCodeBlock:
			b.WriteString("{" + n.Info + "|" + strings.ReplaceAll(n.Text, "\n", "⏎") + "}")
		case KindPlain:
			b.WriteString("plain(" + n.Text + ")")
		case KindRule:
			b.WriteString("—")
		case KindReply:
			b.WriteString("[" + n.Text + "]")
		case KindLink, KindImage:
			if n.Kind == KindImage {
				b.WriteString("!")
			}
			b.WriteString("<" + n.URL + "|" + show(n.Children) + ">")
			if n.Beside != "" {
				b.WriteString("(" + n.Beside + ")")
			}
		default:
			b.WriteString(tags[n.Kind])
			if m := marks[n.Kind]; m != nil {
				b.WriteString(m[n.Mark])
			}
			b.WriteString("(" + show(n.Children) + ")")
		}
	}
	return b.String()
}

func TestMarkdownBlocks(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{" \n\t\n", ""},
		{"Hello", "p(Hello)"},
		{"one\ntwo  \nthree\\\nfour", "p(one⏎two⏎three⏎four)"},
		{"one\r\ntwo\rthree", "p(one⏎two⏎three)"},
		{"one\n\n\n\ntwo", "p(one)p(two)"},
		{"# Title\ntext", "h(Title)p(text)"},
		{"#1 in town", "p(#1 in town)"},
		{"<br>", "plain(<br>)"},
		{"a\n\n<br>\n\n- b<br>c\n- <br>d", "p(a)ul(li(p(b⏎c))li(p(d)))"},
		{"#", "p(#)"},
		{"Hours\n---\nAlways", "p(Hours)—p(Always)"},
		{"You need:\n- milk\n- bread\nThat is all.", "p(You need:)ul(li(p(milk))li(p(bread)))p(That is all.)"},
		{"- a\n  more\n\n  still a\n- b", "ul(li(p(a⏎more)p(still a))li(p(b)))"},
		{"- a\n  - b\n    - c\n- d", "ul(li(p(a)ul(li(p(b)ul(li(p(c))))))li(p(d)))"},
		{"1. a\n    - b\n2. c", "ol(li(p(a)ul(li(p(b))))li(p(c)))"},
		{"- a\n\t- b", "ul(li(p(a)ul(li(p(b)))))"},
		{"- a\n      - b", "ul(li(p(a)ul(li(p(b)))))"},
		{"Call me\n2. maybe", "p(Call me⏎2. maybe)"},
		{"- a\n* b", "ul(li(p(a)))ul(li(p(b)))"},
		{"-5 degrees", "p(-5 degrees)"},
		{"-", "p(-)"},
		{"1.", "p(1.)"},
		{"- a\n-\n- b", "ul(li(p(a))li()li(p(b)))"},
		{"> said\n> so\nI agree", "q(p(said⏎so))p(I agree)"},
		{"> a\n> > b", "q(p(a)q(p(b)))"},
		{">_<", "p(>_<)"},
		{">", "p(>)"},
		{"```go\nx := 1\n\n  y\n```\nend", "{go|x := 1⏎⏎  y}p(end)"},
		{"```\n<b>**no**</b>", "{|<b>**no**</b>}"},
		{"1. Run\n   ```sh\n   ls\n     -l\n   ```\n2. Look", "ol(li(p(Run){sh|ls⏎  -l})li(p(Look)))"},
		{"1. Run\n\n       ```sh\n       ls\n       ```", "ol(li(p(Run){sh|ls}))"},
		{"    indented", "p(indented)"},
		{"<div onclick=alert(1)>*x*</div>", "p(<div onclick=alert(1)>i(x)</div>)"},
		{"a\x00b\x1b[31mc\u0085d", "p(ab[31mcd)"},
	} {
		if got := show(Parse(c.in)); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.in, got, c.want)
		}
	}
	if n := Parse("7. a\n8. b"); n[0].Start != 7 {
		t.Errorf("the list starts at %d, want 7", n[0].Start)
	}
}

func TestMarkdownInlines(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"**b** *i* ***bi*** __b__ _i_ ~~s~~ `c`", "b(b) i(i) i(b(bi)) b(b) i(i) s(s) {c}"},
		{"snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"},
		{"~5 to ~10", "~5 to ~10"},
		{"one<br>two<br/>three<br />four <BR>  five<br>\nsix<br><br>seven<br> ", "one⏎two⏎three⏎four⏎five⏎six⏎⏎seven"},
		{"<br>a **b<br>c** ![d<br>e](https://a.b) `<br>` \\<br> <br x> </br> < br> <b><hr>", "a b(b⏎c) !<https://a.b|d e> {<br>} <br> <br x> </br> < br> <b><hr>"},
		{"これは**「重要」**です。", "これはb(「重要」)です。"},
		{"请点击**“开始”**按钮", "请点击b(“开始”)按钮"},
		{"**중요!**입니다", "b(중요!)입니다"},
		{"**ราคา (บาท)**ที่นี่", "b(ราคา (บาท))ที่นี่"},
		{"ราคา**(บาท)**ที่นี่ __“ราคา”__ที่นี่", "ราคาb((บาท))ที่นี่ b(“ราคา”)ที่นี่"},
		{"ที่นี่*“ราคา”*ที่นี่ ที่นี่~~(บาท)~~ที่นี่", "ที่นี่i(“ราคา”)ที่นี่ ที่นี่s((บาท))ที่นี่"},
		{"**ລາຄາ (ກີບ)**ທີ່ **ဈေး (ကျပ်)**ဒီ **តម្លៃ (រៀល)**នេះ **རིན་(སྒོར)**འདི", "b(ລາຄາ (ກີບ))ທີ່ b(ဈေး (ကျပ်))ဒီ b(តម្លៃ (រៀល))នេះ b(རིན་(སྒོར))འདི"},
		{"**价格：**100元，**注意：**iPhone**（128GB）**的", "b(价格：)100元，b(注意：)iPhoneb(（128GB）)的"},
		{"第1章*「序」*1頁 価格は~~（税込）~~100円", "第1章i(「序」)1頁 価格はs(（税込）)100円"},
		{"**ราคา (บาท)**\u200bที่นี่ ที่นี่\u200b**(บาท)**", "b(ราคา (บาท))\u200bที่นี่ ที่นี่\u200bb((บาท))"},
		{"**A**，**B**、*C*。**Größe:**文字", "b(A)，b(B)、i(C)。b(Größe:)文字"},
		{"2**3**4 2 ** 3 ** 4 a**(b)**c **foo.**bar _a_b", "2b(3)4 2 ** 3 ** 4 a**(b)**c **foo.**bar _a_b"},
		{"**ราคา **ที่นี่ ** ราคา**ที่นี่", "**ราคา b(ที่นี่ ** ราคา)ที่นี่"},
		{"__「重要」__です。これは_「重要」_です", "b(「重要」)です。これはi(「重要」)です"},
		{"**bold.**text __bold.__text", "**bold.**text __bold.__text"},
		{`\( a_1 * b \) and \[ x*y*z = \frac{_a_}{\{b\}} \]`, `\( a_1 * b \) and \[ x*y*z = \frac{_a_}{\{b\}} \]`},
		{"is $$x^*y^*$$, \\[\na_1*b*\\\\\n\\], *i*", "is $$x^*y^*$$, \\[⏎a_1*b*\\\\⏎\\], i(i)"},
		{`**\(n\)** \(<b> &amp; [x](https://a.b) \)`, `b(\(n\)) \(<b> &amp; [x](https://a.b) \)`},
		{`\[no link\](https://a.example) 1\) \(*a*, $$ *b* $5`, `[no link](<https://a.example|https://a.example>) 1) (i(a), $$ i(b) $5`},
		{`\*no\* \<b> C:\temp`, `*no* <b> C:\temp`},
		{"&lt;b&gt; &amp;amp; &copy; &nbsp;&#128512;&#x41;&unknown; AT&T;", "<b> &amp; © \u00a0😀A&unknown; AT&T;"},
		{"&#0;&#7;&#x85;&#xD800;&#1114112;&#12345678;", "\ufffd\ufffd\ufffd\ufffd\ufffd&#12345678;"},
		{"[Docs](https://a.example/x \"T\") [m](mailto:a@b.example) [t](tel:+15551234567)", "<https://a.example/x|Docs> <mailto:a@b.example|m> <tel:+15551234567|t>"},
		{"[**b** `c`](https://a.example)", "<https://a.example|b(b) {c}>"},
		{"![A *cat*](https://a.example/c.png)", "!<https://a.example/c.png|A cat>"},
		{"![](https://a.example/c.png)", "!<https://a.example/c.png|https://a.example/c.png>"},
		{"![two\nlines](https://a.example/)", "!<https://a.example/|two lines>"},
		{"[![cat](https://a.example/c.png)](https://b.example)", "<https://b.example|cat>"},
		{"[see https://b.example or a@b.example](https://a.example)", "<https://a.example|see https://b.example or a@b.example>(a.example)"},
		{"[x](javascript:alert(1)) [y](/rel) ![z](data:image/png;base64,AA)", "x y z"},
		{"[x](&#106;avascript:alert(1)) [](vbscript:1) <javascript:alert(1)>", "x [](vbscript:1) <javascript:alert(1)>"},
		{"<https://a.example/?q=*x*>", "<https://a.example/?q=*x*|https://a.example/?q=*x*>"},
		{"<me@a.example>", "<mailto:me@a.example|me@a.example>"},
		{"[x] [y][z] [a]: b", "[x] [y][z] [a]: b"},
	} {
		if got := show(Parse(c.in)); got != "p("+c.want+")" {
			t.Errorf("%q\n got %s\nwant p(%s)", c.in, got, c.want)
		}
	}
}

func TestMarkdownBareLinks(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"See https://a.example/x, please.", "See <https://a.example/x|https://a.example/x>, please."},
		{"(https://a.example/x_(y))", "(<https://a.example/x_(y)|https://a.example/x_(y)>)"},
		{"**https://a.example/**!", "b(<https://a.example/|https://a.example/>)!"},
		{"https://a.example/_x_/*y*?a=1&b=2#c", "<https://a.example/_x_/*y*?a=1&b=2#c|https://a.example/_x_/*y*?a=1&b=2#c>"},
		{"WWW.A.example/x", "<https://WWW.A.example/x|WWW.A.example/x>"},
		{"www.a www. www..b", "www.a www. www..b"},
		{"xhttps://a.example https:// https://. http://", "xhttps://a.example https:// https://. http://"},
		{"http://localhost:8080", "<http://localhost:8080|http://localhost:8080>"},
		{"请访问https://a.example/帮助。", "请访问<https://a.example/|https://a.example/>帮助。"},
		{"“https://a.example” «https://a.example»", "“<https://a.example|https://a.example>” «<https://a.example|https://a.example>»"},
		{"https://bank.example@evil.example/", "https://bank.example@evil.example/"},
		{"https://a.example/\u202Egpj.exe", "<https://a.example/|https://a.example/>\u202Egpj.exe"},
		{"`https://a.example`", "{https://a.example}"},
		{"Write to a.b+c@d-e.example.", "Write to <mailto:a.b+c@d-e.example|a.b+c@d-e.example>."},
		{"mail:a@b.example, A@B.EXAMPLE", "mail:<mailto:a@b.example|a@b.example>, <mailto:A@B.EXAMPLE|A@B.EXAMPLE>"},
		{"a@b @c.example a@.example a@b.1 a@b@c.example", "a@b @c.example a@.example a@b.1 a@b@c.example"},
		{"first_last@a.example **x@a.example**", "<mailto:first_last@a.example|first_last@a.example> b(<mailto:x@a.example|x@a.example>)"},
	} {
		if got := show(Parse(c.in)); got != "p("+c.want+")" {
			t.Errorf("%q\n got %s\nwant p(%s)", c.in, got, c.want)
		}
	}
}

// TestMarkdownNumbers checks which numbers keep the order of their groups in right-to-left text.
func TestMarkdownNumbers(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"اتصل على +1 202 555 0123 الآن", "اتصل على <tel:+12025550123|+1 202 555 0123> الآن"},
		{"اتصل على 0202 555 0123 الآن", "اتصل على #(0202 555 0123) الآن"},
		{"التقط 202-555-012 و(0202) 555-01.", "التقط #(202-555-012) و#((0202) 555-01)."},
		{"حساب 4111 1111 1111 1111", "حساب #(4111 1111 1111 1111)"},
		{"202 555 0123", "#(202 555 0123)"},
		{"+81\u00a03-1234-5678", "#(+81\u00a03-1234-5678)"},
		{"+1234 567", "#(+1234 567)"},
		{"2024-01-15 و 192.168.100.200", "#(2024-01-15) و #(192.168.100.200)"},
		{"من 1000 2000 أو 1000 - 2000", "من 1000 2000 أو 1000 - 2000"},
		{"1234567 12-34 1. 2. 3. 10:30 100,000,000 5551234x a-555-12345", "1234567 12-34 1. 2. 3. 10:30 100,000,000 5551234x a-555-12345"},
		{"1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9 1 2 3", "1 2 #(3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9 1 2 3)"},
	} {
		if got := show(Parse(c.in)); got != "p("+c.want+")" {
			t.Errorf("%q\n got %s\nwant p(%s)", c.in, got, c.want)
		}
	}
}

func TestMarkdownPhones(t *testing.T) {
	for in, want := range map[string]string{
		"Call (555) 123-4567.":                    "+15551234567",
		"555-123-4567":                            "+15551234567",
		"(555)123-4567":                           "+15551234567",
		"1-800-555-0199!":                         "+18005550199",
		"1 (555) 123-4567":                        "+15551234567",
		"Tel:+49 30 901820 (office)":              "+4930901820",
		"+44 (0)20 7946 0958":                     "+442079460958",
		"+1 555.123.4567, ask for Jo":             "+15551234567",
		"+1-555-123-4567-":                        "+15551234567",
		"+15551234567":                            "+15551234567",
		"+52 (555) 123-4567":                      "+525551234567",
		"+81\u00a03-1234-5678":                    "",
		"+4930":                                   "",
		"1+493090182000":                          "",
		"+1234567890123456":                       "",
		"4111-1111-1111-1111":                     "",
		"2024-01-15 10:30":                        "",
		"978-3-16-148410-0":                       "",
		"055-123-4567":                            "",
		"555-123-45678":                           "",
		"555-123-4567-8":                          "",
		"order-555-123-4567":                      "",
		"#555-123-4567":                           "",
		"$555-123-4567":                           "",
		"5551234567":                              "",
		"192.168.100.200":                         "",
		"`555-123-4567`":                          "",
		"[call 555-123-4567](https://a.example/)": "",
	} {
		got := ""
		var walk func([]Node)
		walk = func(nodes []Node) {
			for _, n := range nodes {
				if s, ok := strings.CutPrefix(n.URL, "tel:"); ok {
					got += s
				}
				walk(n.Children)
			}
		}
		nodes := Parse(in)
		walk(nodes)
		if got != want {
			t.Errorf("%q calls %q, want %q: %s", in, got, want, show(nodes))
		}
	}
}

// TestMarkdownLabels checks labels that read as another address than the link's.
func TestMarkdownLabels(t *testing.T) {
	const evil = "https://evil.example/x"
	for label, want := range map[string]string{
		"https://bank.example":                "evil.example",
		"bank.example":                        "evil.example",
		"Log in at www.bank.example now":      "evil.example",
		"**bank**.example":                    "evil.example",
		"`https://bank.example/login`":        "evil.example",
		"(BANK.example:443)":                  "evil.example",
		"bank.example/evil.example":           "evil.example",
		"https://evil.example@bank.example/":  "evil.example",
		"ftp://bank":                          "evil.example",
		"“bank.example”":                      "evil.example",
		"bank。example":                        "evil.example",
		"https:∕∕bank․example":                "evil.example",
		"ba\u200enk.ex\u202dample":            "evil.example",
		"office@bank.example":                 "evil.example",
		"192.0.2.1":                           "evil.example",
		"банк.рф":                             "evil.example",
		"my.evil.example":                     "evil.example",
		"evil.example.com":                    "evil.example",
		"![bank.example](https://a.example/)": "evil.example",
		"evil.example":                        "",
		"https://evil.example/y":              "",
		"WWW.EVIL.EXAMPLE":                    "",
		"Prices, e.g. 3.50 or 1.2.3":          "",
		"index.html, script.js. Then? Yes.":   "",
		"one/two":                             "",
		"":                                    "",
	} {
		got := ""
		if nodes := Parse("[" + label + "](" + evil + ")"); len(nodes) > 0 && len(nodes[0].Children) > 0 {
			got = nodes[0].Children[0].Beside
		}
		if got != want {
			t.Errorf("beside %q stands %q, want %q", label, got, want)
		}
	}
	for _, c := range []struct{ in, want string }{
		{"[https://a.example](https://user.example:8080/?q)", "<https://user.example:8080/?q|https://a.example>(user.example)"},
		{"[me@a.example](mailto:me@b.example?subject=me@a.example)", "<mailto:me@b.example?subject=me@a.example|me@a.example>(me@b.example)"},
		{"[me@a.example](mailto:you@a.example) [a.example](mailto:you@a.example)", "<mailto:you@a.example|me@a.example>(you@a.example) <mailto:you@a.example|a.example>"},
		{"[+1 800 555 0199](tel:+19005550199) [0800 555 0199](tel:+18005550199)", "<tel:+19005550199|+1 800 555 0199>(+19005550199) <tel:+18005550199|0800 555 0199>"},
		{"[moc\u202eknab](https://a.example) [a\u2066`b\u2069`](https://a.example) [\u202e](https://a.example)", "<https://a.example|mocknab> <https://a.example|a{b}> <https://a.example|https://a.example>"},
		{"https://\u0430pple.com/\u0430 https://аррӏе.com https://пример.com https://пример.рф https://bücher.example <https://例えtest.jp>",
			"<https://\u0430pple.com/\u0430|https://xn--pple-43d.com/\u0430> <https://аррӏе.com|https://xn--80ak6aa92e.com> <https://пример.com|https://пример.com> <https://пример.рф|https://пример.рф> <https://bücher.example|https://bücher.example> <https://例えtest.jp|https://例えtest.jp>"},
		{"[https://\u0430pple.com](https://\u0430pple.com) [apple.com](https://\u0430pple.com) [here](https://\u0430pple.com)",
			"<https://\u0430pple.com|https://xn--pple-43d.com> <https://\u0430pple.com|apple.com>(xn--pple-43d.com) <https://\u0430pple.com|here>"},
		{"<https://a\u0301b.example> www.gооgle.com", "<https://a\u0301b.example|https://xn--ab-8tb.example> <https://www.gооgle.com|www.xn--ggle-55da.com>"},
		{"[a](https://" + strings.Repeat("a", 300) + ".example)", "a"},
	} {
		if got := show(Parse(c.in)); got != "p("+c.want+")" {
			t.Errorf("%q\n got %s\nwant p(%s)", c.in, got, c.want)
		}
	}
	nodes := Parse("[bank.example](" + evil + ")")
	if got, want := PlainText(nodes), "bank.example (evil.example)"; got != want {
		t.Errorf("plain text %q, want %q", got, want)
	}
	if got, want := PlainTextWithLinks(nodes), "bank.example (https://evil.example/x)"; got != want {
		t.Errorf("kept as %q, want %q", got, want)
	}
}

func TestPlainText(t *testing.T) {
	const in = "# Plans\n**Basic** is [here](https://a.example/b).\nCall (555) 123-4567\n\n3. one\n   - in\n     more\n4. two\n\n> q\n> r\n```\na\n b\n```\n---\nhttps://a.example"
	const want = "Plans\nBasic is here.\nCall (555) 123-4567\n3. one\n  • in\n    more\n4. two\n> q\n> r\na\n b\n—\nhttps://a.example"
	if got := PlainText(Parse(in)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	linked := strings.Replace(want, "is here", "is here (https://a.example/b)", 1)
	if got := PlainTextWithLinks(Parse(in)); got != linked {
		t.Errorf("with links: got\n%s\nwant\n%s", got, linked)
	}
	if got := PlainText(nil); got != "" {
		t.Errorf("of an empty tree: %q", got)
	}
}

func BenchmarkMarkdown10KB(b *testing.B) {
	const part = "## Plans\n\nOur **Basic** plan is [explained here](https://a.example/plans \"Plans\"), and costs *very* little:\n\n" +
		"1. Sign up at https://a.example/start\n2. Choose `basic`\n   - monthly, or\n   - yearly (~~$99~~ $79)\n\n" +
		"> Questions? Write to help@a.example or call (555) 123-4567.\n\n```sh\ncurl -s https://a.example/install | sh\n```\n\n" +
		"It takes a minute. You can change or cancel at any time, and what you have paid for stays yours until the end of the term.\n\n"
	text := strings.Repeat(part, 10*1024/len(part)+1)[:10*1024]
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if len(Parse(text)) == 0 {
			b.Fatal("nothing parsed")
		}
	}
}

func BenchmarkMarkdownSentence(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Parse("Sure! You can find our **opening hours** on https://a.example/hours, or ask me.")
	}
}
