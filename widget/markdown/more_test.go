package markdown

import (
	"strings"
	"testing"
)

// A bare link ends where the text around it continues.
func TestMarkdownBareLinksAtTheirEdges(t *testing.T) {
	host := func(n int) string { return strings.Repeat("a", n-2) + ".b" }
	for in, want := range map[string]string{
		"https://a":       "//a",
		"https://a/(b)":   "//a/(b)",
		"https://a/(b":    "//a/(b",
		"https://a/(":     "//a/",
		"https://a/b)":    "//a/b",
		"https://a/[b]":   "//a/[b]",
		"https://a/b]":    "//a/b",
		"https://a/b**c":  "//a/b",
		"https://a/b*c":   "//a/b*c",
		"https://a/b~~c":  "//a/b",
		"https://a/b*c*d": "//a/b*c*d",
		"https://a/b~c":   "//a/b~c",
		"https://a/b\"c":  "//a/b", "https://a/b`c": "//a/b", "https://a/b<c": "//a/b", "https://a/b>c": "//a/b", "https://a/b\tc": "//a/b",
		"https://a/b?!.,:;*_~'&|\\": "//a/b",
		"https://a/b…":              "//a/b", "https://a/b”": "//a/b", "https://a/é": "//a/é", "https://a/字": "//a/", "https://a/b\u00a0c": "//a/b", "https://a/b\u200bc": "//a/b",
		"https://a字b": "//a", "https://a\u00a0b": "//a", "https://aéb": "//aéb", "https://a。b": "//a",
		"https://a?b": "//a?b", "https://a#b": "//a#b", "https://a:80/b": "//a:80/b", "https://a_b": "//a_b", "https://a-b": "//a-b", "https://a..": "//a", "https://a@b": "", "https://a:b@c": "",
		"https://-a": "", "https://.a": "", "https://:a": "", "https://é": "//é", "https://_a": "//_a",
		"http://a": "", "www.a.b": "//www.a.b", "www.a.": "", "www.a": "", "www.a:8.b": "//www.a:8.b", "WwW.a.b": "//WwW.a.b", "hTTps://a": "//a",
		"_https://a": "", "-https://a": "", ".https://a": "", "/https://a": "", ":https://a": "", "@https://a": "", "1https://a": "", "ahttps://a": "", "(https://a": "//a", ",https://a": "//a", "éhttps://a": "//a", "=https://a": "//a",
		"https://a/b&amp;c": "//a/b&c", "https://a/\\*": "//a/", "https://a/\\*b": "//a/*b",
		"https://" + host(260): "//" + host(260), "https://" + host(261): "",
		"https://a https://b": "//a //b", "https://a,https://b": "//a //b", "https://a@www.b.c": "", "https://x@y https://z": "//z",
	} {
		if got := strings.Join(linksOf(Parse(in), "https:"), " "); got != want {
			t.Errorf("%.60q leads to %.60q, want %.60q", in, got, want)
		}
	}
}

// Inlines are nested at most sixteen deep; deeper ones are shown flat, with the same text.
func TestMarkdownInlineNesting(t *testing.T) {
	for n, want := range map[int]int{15: 15, 16: 16, 17: 16, 30: 16} {
		in := strings.Repeat("*a ", n) + "x" + strings.Repeat(" a*", n)
		got := show(Parse(in))
		if strings.Count(got, "i(") != want || strings.Contains(got, "*") || strings.Count(got, "a") != 2*n {
			t.Errorf("%d: %s", n, got)
		}
		link := strings.Repeat("*a ", n) + "[x](https://a.b) ![y](https://c.d)" + strings.Repeat(" a*", n)
		got = show(Parse(link))
		if strings.Contains(got, "<https") != (n < 16) || !strings.Contains(got, "x") || !strings.Contains(got, "y") || strings.Contains(got, "*") {
			t.Errorf("a link in %d: %s", n, got)
		}
	}
	if got := show(Parse(strings.Repeat("*a* **b** ", 20))); strings.Count(got, "i(a)") != 20 || strings.Count(got, "b(b)") != 20 {
		t.Errorf("one after the other: %s", got)
	}
}

// An image's text has no marks, and a link contains no link.
func TestMarkdownPictures(t *testing.T) {
	for in, want := range map[string]string{
		"![*a* `b` https://c.d <e@f.gh> 202-555-0123](https://x.y)": "!<https://x.y|a b https://c.d e@f.gh 202-555-0123>(x.y)",
		"![a ![b](https://c.d) e](https://x.y) f":                   "!<https://x.y|a b e> f",
		"[a ![b](https://c.d) e](https://x.y) [f](https://g.h)":     "<https://x.y|a b e> <https://g.h|f>",
		"![a](rel) [b](https://c.d)":                                "a <https://c.d|b>",
		"![a [b](https://c.d) e](https://x.y)":                      "!<https://x.y|a b e>",
		"[202-555-0123](https://x.y) 202-555-0123":                  "<https://x.y|202-555-0123> <tel:+12025550123|202-555-0123>",
		"[a *b* https://c.d](https://c.d/e)":                        "<https://c.d/e|a i(b) https://c.d>",
		"[ ](https://x.y)":                                          "<https://x.y|https://x.y>",
		"![*a](https://x.y)* b":                                     "!<https://x.y|*a>* b",
		"**![a](https://x.y)**":                                     "b(!<https://x.y|a>)",
		"![![a](https://b.c)](rel) d":                               "a d",
		"[![a](rel)](https://b.c) d":                                "<https://b.c|a> d",
		"*a ![b *c* d](rel) e*":                                     "i(a b c d e)",
	} {
		if got := show(Parse(in)); got != "p("+want+")" {
			t.Errorf("%q\n got %s\nwant p(%s)", in, got, want)
		}
	}
}

// The address beside a link is the link's. It is shown if the label reads as another address.
func TestMarkdownClaims(t *testing.T) {
	for _, c := range []struct{ label, url, want string }{
		{"a.com", "https://a.com", ""}, {"www.a.com", "https://a.com", ""}, {"a.com", "https://www.a.com", ""}, {"WWW.a.com/x", "https://a.com/y", ""}, {"a.com", "https://b.com", "b.com"}, {"x.a.com", "https://a.com", "a.com"},
		{"a.com.", "https://b.com", "b.com"}, {"www./b", "https://b.com", ""}, {"a.c", "https://b.com", ""}, {"a.co", "https://b.com", "b.com"}, {"a.c0", "https://b.com", "b.com"}, {"a.0c", "https://b.com", ""}, {"1.2.3.4", "https://b.com", "b.com"}, {"1.2.3", "https://b.com", ""},
		{"1.2.3.4.5", "https://b.com", ""}, {"a.js", "https://b.com", ""}, {"a.jsp", "https://b.com", "b.com"}, {"https://a.js", "https://b.com", "b.com"}, {"www.a/b", "https://b.com", "b.com"}, {"a/b.com", "https://b.com", ""}, {"a.com/b", "https://b.com", "b.com"},
		{"x@a.com", "https://b.com", "b.com"}, {"a.com:80", "https://b.com", "b.com"}, {"a.com", "https://a.com:80", ""}, {"b.com", "http://[::1]:80/", "[::1]"}, {"e.g.", "https://b.com", ""}, {"a .com", "https://b.com", ""}, {"a.com,b.com", "https://a.com", "a.com"},
		{"b.com|a.com", "https://b.com", "b.com"}, {"x;a.com", "https://b.com", "b.com"}, {"“a.com”", "https://b.com", "b.com"}, {"a．com", "https://b.com", "b.com"}, {"x＠a.com", "https://b.com", "b.com"}, {"https：／／a", "https://b.com", "b.com"},
		{"x@a.com", "mailto:x@a.com", ""}, {"X@A.com", "mailto:x@a.com", ""}, {"(x@a.com)", "mailto:x@a.com?subject=y", ""}, {"x@b.com", "mailto:x@a.com", "x@a.com"}, {"a.com", "mailto:x@a.com", ""}, {"b.com", "mailto:x@a.com", "x@a.com"},
		{"12025550123", "tel:+12025550123", ""}, {"2025550123", "tel:+12025550123", ""}, {"+1 (202) 555-0124", "tel:+12025550123", "+12025550123"}, {"123456", "tel:+12025550123", ""}, {"1234567", "tel:+12025550123", "+12025550123"}, {"00442079460958", "tel:+442079460958", ""},
		{"0044 20 79460958 1", "tel:+442079460958", "+442079460958"}, {"call", "tel:+12025550123", ""}, {"5550123", "tel:5550123", ""}, {"+1 555 0123", "tel:5550123", ""},
	} {
		nodes := Parse("[" + c.label + "](" + c.url + ")")
		if got := nodes[0].Children[0].Beside; got != c.want {
			t.Errorf("beside %q, which leads to %s, stands %q, want %q", c.label, c.url, got, c.want)
		}
	}
}

// Numbers in groups at their limits.
func TestMarkdownNumbersAtTheirEdges(t *testing.T) {
	for in, want := range map[string]string{
		"12-34567": "12-34567", "12-3456": "", "1234567": "", "(1234567)": "(1234567", "123456789012345-6789": "123456789012345-6789", "123456789012345-67890": "", "0123 4567": "0123 4567", "123 456 78": "", "123 456 789": "123 456 789", "1234 56789": "", "123 4567 8": "",
		"12  34-567": "", "0 12  34567": "0 12  34567", "0 12   34567": "", "12/34/5678": "12/34/5678", "12.34.5678": "12.34.5678", "12_34_5678": "", "12-34-5678x": "", "12-34-5678%": "", "x12-34-5678": "", "12-34-5678.": "12-34-5678", "12-34-5678-": "12-34-5678", "12-34+5678": "", "0123\u00a04567": "0123\u00a04567",
	} {
		var got []string
		var walk func([]Node)
		walk = func(nodes []Node) {
			for _, n := range nodes {
				if n.Kind == KindNumber {
					got = append(got, n.Text)
				}
				walk(n.Children)
			}
		}
		walk(Parse(in))
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("%q has the number %q, want %q", in, s, want)
		}
	}
}

// Plain text keeps the shape of lists and quotes at any depth, and the addresses of links unless their labels contain
// them.
func TestPlainTextOfEachKind(t *testing.T) {
	for in, want := range map[string][2]string{
		"- a\n- b\n  - c\n    d\n- e":          {"• a\n• b\n  • c\n    d\n• e"},
		"1. a\n2. b\n\nc":                      {"1. a\n2. b\nc"},
		"> a\n> - b\n>   c\n> > d\n> > e":      {"> a\n> • b\n>   c\n> > d\n> > e"},
		"- > a\n  > b\n- ```\n  c\n  d\n  ```": {"• > a\n  > b\n• c\n  d"},
		"- a\n\n  b\n-\n- c":                   {"• a\n  b\n• \n• c"},
		"a\n\n---\n\nb":                        {"a\n—\nb"},
		"[a](https://b.c)":                     {"a", "a (https://b.c)"},
		"[b.c](https://b.c)":                   {"b.c", "b.c"},
		"[*b.c*](https://b.c)":                 {"b.c", "b.c (https://b.c)"},
		"[`b.c`](https://b.c)":                 {"b.c", "b.c (https://b.c)"},
		"[x.com](https://b.c)":                 {"x.com (b.c)", "x.com (https://b.c)"},
		"[`call`](tel:5550123)":                {"call", "call (tel:5550123)"},
		"[c`x`](https://b.c)":                  {"cx", "cx (https://b.c)"},
		"[call](tel:5550123)":                  {"call", "call"},
		"[a b](mailto:a@b.co)":                 {"a b", "a b (mailto:a@b.co)"},
		"a@b.co 202-555-0123 0123 4567":        {"a@b.co 202-555-0123 0123 4567"},
		"# a\n\n`b` ~~c~~ **d**":               {"a\nb c d"},
	} {
		if want[1] == "" {
			want[1] = want[0]
		}
		nodes := Parse(in)
		if got := [2]string{PlainText(nodes), PlainTextWithLinks(nodes)}; got != want {
			t.Errorf("%q\nsays %q\nwant %q", in, got, want)
		}
	}
}

// Control characters are removed, line ends are unified, and invalid UTF-8 becomes U+FFFD, at each position of a text.
func TestMarkdownIsCleaned(t *testing.T) {
	for in, want := range map[string]string{
		"a\r\nb": "p(a⏎b)", "a\rb": "p(a⏎b)", "a\r": "p(a)", "a\r\rb": "p(a)p(b)", "a\x00b": "p(ab)", "a\x1fb": "p(ab)", "a\x7fb": "p(ab)", "a\tb": "p(a\tb)", "a\u0080b": "p(ab)", "a\u009fb": "p(ab)", "a\u00a0b": "p(a\u00a0b)",
		"a\xffb": "p(a\ufffdb)", "é\xc2": "p(é\ufffd)", "é\x01": "p(é)", "é~": "p(é~)", "aé\u0085": "p(aé)", "\x01": "", "\x01a": "p(a)", "a\u00c2b": "p(aÂb)", "é\r\n\r\nb": "p(é)p(b)",
	} {
		if got := show(Parse(in)); got != want {
			t.Errorf("%q is read as %s, want %s", in, got, want)
		}
	}
}

// Marks are counted over the whole message. The text after the last one is shown as it is, line by line; an open code
// block continues to its end.
func TestMarksAreCounted(t *testing.T) {
	for _, c := range []struct {
		in    string
		marks int
		want  string
	}{
		{"a\nb\nc", 2, "p(a⏎b)plain(c)"}, {"a\nb", 2, "p(a⏎b)"}, {"a\n\n\nb\n", 2, "p(a)plain(b)"}, {"*a* *b*", 4, "p(i(a) *b*)"}, {"*a* *b*", 5, "p(i(a) i(b))"}, {"- a\n- b\n- c", 3, "ul(li(p(a))li(p(b)))plain(- c)"},
		{"```\na\nb\nc\n```\nd", 1, "{|a⏎b⏎c}plain(d)"}, {"`a` `b` `c`", 3, "p({a} {b} `c`)"}, {"https://a.b https://c.d", 2, "p(<https://a.b|https://a.b> https://c.d)"}, {"a@b.co c@d.ef", 2, "p(<mailto:a@b.co|a@b.co> c@d.ef)"},
		{"[a](https://b.c) *d*", 3, "p(<https://b.c|a> *d*)"}, {"&lt; &lt; &lt;", 3, "p(< < &lt;)"}, {`\* \* \*`, 3, `p(* * \*)`}, {"a<br>b<br>c", 2, "p(a⏎b<br>c)"}, {"![a](b) *c*", 3, "p(a *c*)"}, {`\(a\) *b*`, 2, `p(\(a\) *b*)`},
		{"[a](b) *c*", 3, "p(a *c*)"}, {"> a\n> b", 2, "q(p(a))plain(> b)"}, {"# a\nb", 1, "h(a)plain(b)"},
	} {
		if got := show(parse(c.in, c.marks)); got != c.want {
			t.Errorf("%q with %d marks\n got %s\nwant %s", c.in, c.marks, got, c.want)
		}
	}
}
