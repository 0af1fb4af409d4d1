package markdown

import (
	"strings"
	"testing"
)

// Each block at its limits.
func TestMarkdownBlocksAtTheirEdges(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		// A heading has one to six marks, and any number of closing ones.
		{"###### six", "h(six)"}, {"####### seven", "p(####### seven)"}, {"# a #", "h(a)"}, {"# a ###\t", "h(a)"}, {"# a#", "h(a#)"}, {"# #", "p(# #)"}, {"#\ta", "h(a)"}, {"a\n# b\nc", "p(a)h(b)p(c)"},
		{"- # a", "ul(li(h(a)))"}, {"- a\n# b", "ul(li(p(a)))h(b)"},
		// A rule has at least three marks of one kind, with or without blanks.
		{"--", "p(--)"}, {"---", "—"}, {"- - -", "—"}, {"_\t_ _", "—"}, {"***", "—"}, {"--*", "p(--*)"}, {"----------", "—"}, {"--- a", "p(--- a)"}, {"+++", "p(+++)"}, {"- a\n---\nb", "ul(li(p(a)))—p(b)"},
		// A fence has at least three marks; a line of at least as many, and nothing else, ends the code.
		{"``", "p(``)"}, {"```\na", "{|a}"}, {"````\n```\na\n````", "{|```⏎a}"}, {"```\na\n`````\nb", "{|a}p(b)"}, {"```\na\n``` b\n```\nc", "{|a⏎``` b}p(c)"}, {"```\na\n~~~\n```", "{|a⏎~~~}"},
		{"~~~ go  x\na\n~~~", "{go|a}"}, {"``` a`b", "p(``` a`b)"}, {"~~~ a`b\nc", "{a`b|c}"}, {"``` &lt;\\*\na", "{<*|a}"}, {"```\n```", "{|}"}, {"```\n\n\n```", "{|⏎}"}, {"a\n```\nb\n```\nc", "p(a){|b}p(c)"},
		{"  ```\n  a\n    b\n c\n  ```", "{|a⏎  b⏎c}"}, {"  ```\n\ta\n```", "{|  a}"}, {"```\na\n   ```  \nb", "{|a}p(b)"},
		// An item's number has at most nine digits.
		{"123456789. a", "ol(li(p(a)))"}, {"1234567890. a", "p(1234567890. a)"}, {"0. a", "ol(li(p(a)))"}, {"1) a\n2. b", "ol(li(p(a)))ol(li(p(b)))"}, {"1) a\n2) b", "ol(li(p(a))li(p(b)))"}, {"1: a", "p(1: a)"},
		{"1.a", "p(1.a)"}, {"1", "p(1)"}, {"+ a\n+ b", "ul(li(p(a))li(p(b)))"}, {"+ a\n- b", "ul(li(p(a)))ul(li(p(b)))"}, {"a\n1. b", "p(a)ol(li(p(b)))"}, {"a\n- b", "p(a)ul(li(p(b)))"},
		// A line with the indentation of an item's text continues the item. Five or more blanks after the mark belong
		// to the text.
		{"-    a\n     b", "ul(li(p(a⏎b)))"}, {"-    a\n    b", "ul(li(p(a)))p(b)"}, {"-     a\n  b", "ul(li(p(a⏎b)))"}, {"-     a\n b", "ul(li(p(a)))p(b)"}, {" - a\n   b", "ul(li(p(a⏎b)))"}, {" - a\n  b", "ul(li(p(a)))p(b)"},
		{"10. a\n    b", "ol(li(p(a⏎b)))"}, {"10. a\n   b", "ol(li(p(a)))p(b)"}, {"-\ta\n    b", "ul(li(p(a⏎b)))"}, {"-\ta\n   b", "ul(li(p(a)))p(b)"}, {"- a\n\tb", "ul(li(p(a⏎b)))"},
		{"- a\n\n\n  b", "ul(li(p(a)p(b)))"}, {"- a\n\nb", "ul(li(p(a)))p(b)"}, {"- a\n\n- b", "ul(li(p(a))li(p(b)))"}, {"- a\n-\n\n  b", "ul(li(p(a))li())p(b)"}, {"- a\n-\n  b", "ul(li(p(a))li(p(b)))"}, {"- a\n\n1. b", "ul(li(p(a)))ol(li(p(b)))"},
		// A quote's mark is followed by a blank or by nothing.
		{"> a\nb", "q(p(a))p(b)"}, {"> a\n>\n> b", "q(p(a)p(b))"}, {">a", "p(>a)"}, {">> a", "q(q(p(a)))"}, {"> > a\n> b", "q(q(p(a))p(b))"}, {">\ta", "q(p(a))"}, {"> - a\n>   b", "q(ul(li(p(a⏎b))))"}, {"> ```\n> a\nb", "q({|a})p(b)"},
		{" > a\n  > b", "q(p(a⏎b))"}, {">\n>\na", "p(>)p(a)"}, {"> ", "p(>)"}, {"a\n> b", "p(a)q(p(b))"}, {"- > a\n  > b", "ul(li(q(p(a⏎b))))"}, {">     a", "q(p(a))"},
		{"a  \nb", "p(a⏎b)"}, {"a\t\n", "p(a)"}, {"   a\n   b", "p(a⏎b)"},
	} {
		got := show(Parse(c.in))
		if got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.in, got, c.want)
		}
	}
	for in, want := range map[string]int{"0. a": 0, "7) a": 7, "123456789. a": 123456789, "1. a": 1, "010. a": 10} {
		if got := Parse(in)[0].Start; got != want {
			t.Errorf("%q begins with %d, want %d", in, got, want)
		}
	}
}

// Quotes and items are nested at most sixteen deep; deeper ones are shown flat, with the same text.
func TestMarkdownNesting(t *testing.T) {
	for _, c := range []struct{ mark, open string }{{"> ", "q("}, {"- ", "ul(li("}} {
		for n, want := range map[int]int{15: 15, 16: 16, 17: 16, 30: 16} {
			got := show(Parse(strings.Repeat(c.mark, n) + "a"))
			if strings.Count(got, c.open) != want || !strings.Contains(got, strings.Repeat(c.mark, n-want)+"a)") {
				t.Errorf("%d of %q: %s", n, c.mark, got)
			}
		}
	}
	// The number of blocks in sequence is not limited.
	if got := show(Parse(strings.Repeat("> a\n\n", 40) + "- b\n  - c")); strings.Count(got, "q(") != 40 || !strings.HasSuffix(got, "ul(li(p(b)ul(li(p(c)))))") {
		t.Errorf("forty quotes: %s", got)
	}
	if got := show(Parse(strings.Repeat("- a\n- b\n\nc\n\n", 20) + "> d")); strings.Count(got, "li(") != 40 || !strings.HasSuffix(got, "q(p(d))") {
		t.Errorf("forty items: %s", got)
	}
}

// Each inline at its limits.
func TestMarkdownInlinesAtTheirEdges(t *testing.T) {
	tick := func(n int) string { return strings.Repeat("`", n) }
	for _, c := range []struct{ in, want string }{
		{"`` a`b ``", "{a`b}"}, {"`a", "`a"}, {"``a`", "``a`"}, {"` a `", "{a}"}, {"` a`", "{ a}"}, {"`  `", "{  }"}, {"`a\nb`", "{a b}"}, {"`a` `b`", "{a} {b}"}, {"`a``b`", "{a``b}"},
		{tick(32) + "a" + tick(32), "{a}"}, {tick(33) + "a" + tick(33), tick(33) + "a" + tick(33)}, {"`a`` b`", "{a`` b}"},
		{`a\`, `a\`}, {`\\*a*`, `\i(a)`}, {`\a`, `\a`}, {"\\\na", "⏎a"}, {`\[a](https://a.b)`, "[a](<https://a.b|https://a.b>)"},
		{"![a](https://a.b) !a !", "!<https://a.b|a> !a !"}, {"![a](b)", "a"}, {"[a](b)", "a"}, {"[](b)", "[](b)"}, {"[a]()", "a"}, {"[a](https://a.b 'c')", "<https://a.b|a>"}, {"[a](https://a.b (c))", "<https://a.b|a>"},
		{`[a](https://a.b "c\"d")`, "<https://a.b|a>"}, {`[a](https://a.b "c)`, `[a](<https://a.b|https://a.b> "c)`}, {"[a](https://a.b x)", "[a](<https://a.b|https://a.b> x)"}, {"[a]( https://a.b )", "<https://a.b|a>"},
		{"[a](<https://a.b/c d>)", "<https://a.b/c%20d|a>"}, {`[a](<https://a.b/\>>)`, "<https://a.b/>|a>"}, {"[a](<https://a.b)", "[a](<<https://a.b|https://a.b>)"},
		{"[a](https://a.b/(c(d)))", "<https://a.b/(c(d))|a>"}, {"[a](https://a.b/(c)", "[a](<https://a.b/(c)|https://a.b/(c)>"}, {`[a](https://a.b/\(c)`, "<https://a.b/(c|a>"}, {"[a [b](https://a.b) c](https://d.e)", "[a <https://a.b|b> c](<https://d.e|https://d.e>)"},
		{"[![a](https://a.b)](https://c.d) [e](https://f.g)", "<https://c.d|a> <https://f.g|e>"}, {"*[a*](https://a.b)", "*<https://a.b|a*>"}, {"[*a](https://a.b)*", "<https://a.b|*a>*"}, {"*[a](https://a.b)*", "i(<https://a.b|a>)"},
		{"<a@b.co> <a@b> <@b.co> <a@> <a b@c.de>", "<mailto:a@b.co|a@b.co> <mailto:a@b|a@b> <@b.co> <a@> <a <mailto:b@c.de|b@c.de>>"},
		{"<https://a.b> <ftp://a.b> <x:y> <https://a.b c>", "<https://a.b|https://a.b> <ftp://a.b> <x:y> <<https://a.b|https://a.b> c>"}, {"<>", "<>"}, {"<a+b:*c*> <a.b:*c*> <a-b:*c*> <a1:*c*>", "<a+b:*c*> <a.b:*c*> <a-b:*c*> <a1:*c*>"}, {"<+a:*c*> <1a:*c*> <a:*c*> <a_b:*c*>", "<+a:i(c)> <1a:i(c)> <a:i(c)> <a_b:i(c)>"}, {"a<b", "a<b"},
		{"~a~ ~~a~~ ~~~a~~~", "~a~ s(a) ~~~a~~~"}, {"**a*", "*i(a)"}, {"*a**", "i(a)*"}, {"***a*", "**i(a)"}, {"****a****", "b(b(a))"}, {"*a **b** c*", "i(a b(b) c)"}, {"**a *b* c**", "b(a i(b) c)"}, {"*a*b*", "i(a)b*"}, {"a*b*c", "ai(b)c"}, {"a_b_c", "a_b_c"},
		{"_a_b", "_a_b"}, {"_a_.b", "i(a).b"}, {"a * b *", "a * b *"}, {"**a** **", "b(a) **"}, {"*a_b*c_", "i(a_b)c_"}, {"~~a*b~~c*", "s(a*b)c*"}, {"**a**b**c**", "b(a)bb(c)"}, {"*foo**bar*", "i(foo**bar)"}, {"**foo*bar**", "b(foo*bar)"},
		{"$$a_b_c$$ $a_b_c$ $$", "$$a_b_c$$ $a_b_c$ $$"}, {`\(a_b_\) _c_`, `\(a_b_\) i(c)`}, {`\(_a_ \[_b_\]`, `(i(a) \[_b_\]`}, {"$$ _a_ $$ _b_ $$ _c_", "$$ _a_ $$ i(b) $$ i(c)"},
	} {
		if got := show(Parse(c.in)); got != "p("+c.want+")" {
			t.Errorf("%q\n got %s\nwant p(%s)", c.in, got, c.want)
		}
	}
}

// E-mail addresses at their limits: 64 bytes before the @, labels of 63 after it, and a last label of two letters.
func TestMarkdownEmails(t *testing.T) {
	for in, want := range map[string]string{
		"a@b.co": "a@b.co", "x a@b.co.": "a@b.co", "a@b.c": "", "a@b.c1": "a@b.c1", "a@b.1c": "", "a.@b.co": "", ".a@b.co": "a@b.co", "_a@b.co": "a@b.co", "a/b@c.de": "", "@a@b.co": "", "a@b.co@c": "", "a@b.co_d": "",
		"a+b-c.d_e@f.gh": "a+b-c.d_e@f.gh", "(a@b.co)": "a@b.co", "é@b.co": "", "éa@b.co": "a@b.co", "a@b..co": "", "a@-b.co": "", "a@b-.co": "", "a@b-c.co-": "a@b-c.co", "a@b.co-": "a@b.co", "a@.co": "", "a@": "", "a@b": "", "a@b.co a@c.de": "a@b.co a@c.de", "a@b.co,c@d.ef": "a@b.co c@d.ef",
		strings.Repeat("a", 64) + "@b.co": strings.Repeat("a", 64) + "@b.co", strings.Repeat("a", 65) + "@b.co": "",
		"a@" + strings.Repeat("b", 63) + ".co": "a@" + strings.Repeat("b", 63) + ".co", "a@" + strings.Repeat("b", 64) + ".co": "",
	} {
		if got := strings.Join(linksOf(Parse(in), "mailto:"), " "); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// linksOf returns the addresses of one scheme, in order.
func linksOf(nodes []Node, scheme string) (all []string) {
	for _, n := range nodes {
		if s, ok := strings.CutPrefix(n.URL, scheme); ok {
			all = append(all, s)
		}
		all = append(all, linksOf(n.Children, scheme)...)
	}
	return all
}

// Telephone numbers at their limits.
func TestMarkdownPhonesAtTheirEdges(t *testing.T) {
	for in, want := range map[string]string{
		"+49 1234567": "+491234567", "+49 123456": "", "+49 1234567890123": "+491234567890123", "+49 12345678901234": "", "+1 202 555 01234": "", "+1 202 555 012": "", "+1 202 555 0123 4": "+12025550123", "+0 123 456 789": "", "+": "", "+a": "",
		"+49 (30) 901820": "+4930901820", "+49 ((30) 901820": "", "+49 30) 901820": "", "+49 30--901820": "", "+49 30  901820": "", "+49.30.901820": "+4930901820", "+49 30 901820a": "", "+49 30 901820.": "+4930901820", "+49 30 901820-x": "", "+49 30 901820_": "",
		"+49 30 901820%": "", "+49 30 901820@b": "", "+49 30 901820 b": "+4930901820", "x+49 30 901820": "", "x +49 30 901820": "+4930901820", "/+49 30 901820": "", "+44 (0)20 7946 0958": "+442079460958", "+44 (0)(0)20 7946 0958": "+442079460958", "+99 123456789": "+99123456789",
		"200-555-0123": "+12005550123", "100-555-0123": "", "(202) 555-0123": "+12025550123", "(202)555-0123": "+12025550123", "(202)  555-0123": "", "202-555-012": "", "202-555-01234": "", "202 555-0123": "", "1-202-555-0123": "+12025550123", "1 202-555-0123": "+12025550123", "2-202-555-0123": "",
		"202-555-0123-": "+12025550123", "202-555-0123/x": "", "202-555-0123:": "+12025550123", "(202": "", "(202) 555-0123 (202) 555-0124": "+12025550123 +12025550124", "999-555-0123": "+19995550123",
	} {
		if got := strings.Join(linksOf(Parse(in), "tel:"), " "); got != want {
			t.Errorf("%q calls %q, want %q", in, got, want)
		}
	}
}
