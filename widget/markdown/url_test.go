package markdown

import (
	"strings"
	"testing"
)

// TestMarkdownRelative checks that relative links stay on the page's own host.
func TestMarkdownRelative(t *testing.T) {
	const page = "https://shop.example:8443/a/b.html?q=/x#f"
	for in, want := range map[string]string{
		"/pricing":             "https://shop.example:8443/pricing",
		"docs/a.html":          "https://shop.example:8443/a/docs/a.html",
		"./c?d#e":              "https://shop.example:8443/a/./c?d#e",
		"../c":                 "https://shop.example:8443/a/../c",
		"?r=https://b.example": "https://shop.example:8443/a/b.html?r=https://b.example",
		"#top":                 "https://shop.example:8443/a/b.html?q=/x#top",
		"a/b:c":                "https://shop.example:8443/a/a/b:c",
		"<a b>":                "https://shop.example:8443/a/a%20b",
		"@evil.example":        "https://shop.example:8443/a/@evil.example",
		".evil.example":        "https://shop.example:8443/a/.evil.example",
		"//evil.example":       "", "/\\\\evil.example": "", "\\\\\\\\evil.example": "", "\\\\/evil.example": "", "&#47;/evil.example": "", "<\t//evil.example>": "",
		"javascript:alert(1)": "", "java&#9;script:alert(1)": "", "&#1;javascript:alert(1)": "", "data:,x": "", "c:x": "", ":80/": "", "a.example:80": "",
		"/\u202Ea": "", "https:evil.example": "", "https:/evil.example": "", "": "",
	} {
		nodes := parseOn(page, "[x]("+in+")")
		if got := nodes[0].Children[0].URL; got != want {
			t.Errorf("%q leads to %q, want %q", in, got, want)
		}
		for _, other := range []string{"", "about:blank", "about:srcdoc", "file:///a/b", "data:text/html,x", "https://"} {
			if got := parseOn(other, "[x]("+in+")")[0].Children[0].URL; got != "" {
				t.Errorf("%q on %q leads to %q", in, other, got)
			}
		}
	}
	for base, want := range map[string]string{"http://localhost:8080": "http://localhost:8080/c", "https://a.example#x/y": "https://a.example/c", "https://a.example?x/y": "https://a.example/c"} {
		if got := parseOn(base, "[x](c)")[0].Children[0].URL; got != want {
			t.Errorf("on %s it leads to %q, want %q", base, got, want)
		}
	}
}

func TestPunycode(t *testing.T) {
	for in, want := range map[string]string{
		"a": "a", "Bücher.example": "xn--bcher-kva.example", "münchen.de": "xn--mnchen-3ya.de", "例え.テスト": "xn--r8jz45g.xn--zckzah", "пример.рф": "xn--e1afmkfd.xn--p1ai",
		"他们为什么不说中文": "xn--ihqwcrb4cv8a8dqg056pqjye", "3年b組金八先生": "xn--3b-ww4c5e180e575a65lsy2b", "www.ü.": "www.xn--tda.", "": "",
		strings.Repeat("ü", 64): strings.Repeat("ü", 64),
	} {
		if got := asciiHost(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

// TestSafeURL has, for each rule, an address that only this rule rejects.
func TestSafeURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example/b c?d#e":    "https://a.example/b%20c?d#e",
		"HTTPS://A.example":            "https://A.example",
		"http://a.example":             "http://a.example",
		"http://[::1]:80/":             "http://[::1]:80/",
		"http://a_b.example:8080?x":    "http://a_b.example:8080?x",
		"https://bücher.example/ü":     "https://bücher.example/ü",
		"https://a.example/b@c\\d%2e":  "https://a.example/b@c\\d%2e",
		" \t\nhttps://a.example/\n":    "https://a.example/",
		"mailto:a@b.example?subject=x": "mailto:a@b.example?subject=x",
		"tel:+1 (555) 123-4567":        "tel:+1(555)123-4567",
		"TEL:1.23":                     "tel:1.23",

		// Schemes, each in the form of an allowed one.
		"javascript://a.example/%0aalert(1)": "",
		"javascript:a@b.example":             "",
		"javascript:12345":                   "",
		"javascript:alert(1)":                "",
		"data://a.example/,x":                "",
		"data:text/html,x@y":                 "",
		"data:123":                           "",
		"vbscript://a.example/":              "",
		"file://a.example/etc/passwd":        "",
		"blob:https://a.example/1":           "",
		"filesystem:https://a.example/1":     "",
		"view-source:https://a.example/":     "",
		"ftp://a.example/":                   "",
		"ws://a.example/":                    "",
		"sms:12345":                          "",
		"web+https://a.example":              "",
		"ttp://a.example":                    "",
		"httpss://a.example":                 "",
		"java\tscript:alert(1)":              "",
		" \x01javascript:alert(1)":           "",
		"https\u00ad://a.example":            "",
		"https&colon;//a.example":            "",
		"htt\u0440s://a.example/cyrillic":    "",

		// No scheme.
		"//a.example": "", "/a": "", "a": "", "": "", "a.example:80/": "", "://a.example": "", "1https://a.example": "",

		// No host, or one that looks like another one.
		"https:": "", "https:a.example": "", "https:/a.example": "", "https:\\\\a.example": "", "https:/\\a.example": "", "https://": "",
		"https:///a.example": "", "https://?a.example": "", "https://#a.example": "", "https://.a.example": "", "https://:80": "",
		"https://-a.example":             "",
		"https://user@a.example":         "",
		"https://a.example\\@b.example":  "",
		"https://a.example\\.b.example/": "",
		"https://a%2eexample":            "",
		"https://a.exa mple":             "",
		"https://a.exa\tmple":            "",
		"https://a.example,b.example/":   "",
		"https://a.example;b":            "",
		"https://a.example&b=c":          "",
		"https://a.example!/":            "",
		"https://a.example\"/":           "",
		"https://a.example'/":            "",
		"https://<a.example>/":           "",
		"https://{a}.example":            "",
		"https://a|b.example":            "",
		"https://a^b.example":            "",
		"https://a`b.example":            "",
		"https://a*b.example":            "",
		"https://(a).example":            "",
		"https://$a.example":             "",
		"https://a+b.example":            "",
		"https://a=b.example":            "",
		"https://~a.example":             "",

		// No recipient, or no number.
		"mailto:": "", "mailto:@": "", "mailto:@b.example": "", "mailto:a": "", "mailto:?subject=a@b.example": "", "mailto:a?subject=b@c.example": "", "mailto:,a@b.example": "",
		"tel:": "", "tel:12": "", "tel:+-.() ": "", "tel:*21*555123#": "", "tel:javascript": "", "tel:123;ext=4": "", "tel:123,456": "", "tel:%31%32%33": "",
	} {
		holdSafeURL(t, in, want)
	}
}

// TestSafeURLInvisible checks that invisible characters are rejected in addresses of each scheme.
func TestSafeURLInvisible(t *testing.T) {
	for _, r := range "\x00\x01\x07\x0b\x0c\x0d\x1b\x1f\x7f\u0080\u0085\u009f\u00a0\u00ad\u061c\u180e\u2000\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u202f" +
		"\u205f\u2060\u2066\u2067\u2068\u2069\u206f\ufeff\ufff9\ufffb\ufffd\U000e0000\U000e0041\U000e007f" {
		c := string(r)
		for _, in := range []string{
			"https://a.example/b" + c + "c", "https://a" + c + "b.example", "http://a.example/?" + c + "d", "mailto:a" + c + "b@c.example", "mailto:a@b.example?body=c" + c + "d", "tel:+1555" + c + "123",
		} {
			holdSafeURL(t, in, "")
		}
	}
	holdSafeURL(t, "https://a.example/b\nc", "")
	holdSafeURL(t, "https://a.example/\xff", "")
}

// TestSafeURLMail checks that addresses of mail keep only one recipient, a subject and a body.
func TestSafeURLMail(t *testing.T) {
	for in, want := range map[string]string{
		"mailto:a@b.example?subject=x&bcc=c@d.example&body=y": "mailto:a@b.example?subject=x&body=y",
		"mailto:a@b.example?bcc=c@d.example&subject=x":        "mailto:a@b.example?subject=x",
		"mailto:a@b.example?BCC=c@d.example":                  "mailto:a@b.example",
		"mailto:a@b.example?b%63c=c@d.example":                "mailto:a@b.example",
		"mailto:a@b.example?cc=c@d.example&Subject=x":         "mailto:a@b.example?Subject=x",
		"mailto:a@b.example?to=c@d.example":                   "mailto:a@b.example",
		"mailto:a@b.example?attach=/etc/passwd":               "mailto:a@b.example",
		"mailto:a@b.example?body=x%0D%0Abcc:c@d.example":      "mailto:a@b.example?body=x%20%20bcc:c@d.example",
		"mailto:a@b.example%0abcc:c@d.example":                "mailto:a@b.example%20bcc:c@d.example",
		"mailto:a@b.example?body=%0%0aA":                      "mailto:a@b.example?body=%0%20A",
		"mailto:a@b.example,c@d.example?subject=x":            "mailto:a@b.example?subject=x",
		"mailto:a@b.example;c@d.example":                      "mailto:a@b.example",
		"mailto:a&b@c.example?&&body=x?bcc=y&":                "mailto:a&b@c.example?body=x?bcc=y",
		"mailto:a@b.example?subject":                          "mailto:a@b.example",
		"MAILTO:a@b.example?body=a b":                         "mailto:a@b.example?body=a%20b",
	} {
		holdSafeURL(t, in, want)
	}
}

func holdSafeURL(t *testing.T, in, want string) {
	t.Helper()
	if got, ok := SafeURL(in); got != want || ok != (want != "") {
		t.Errorf("SafeURL(%q) = %q, %v; want %q", in, got, ok, want)
	} else if again, _ := SafeURL(got); again != got {
		t.Errorf("SafeURL(%q) = %q, which becomes %q", in, got, again)
	}
}

// parseOn parses a text for the page of that address.
func parseOn(page, text string) []Node {
	p := Parser{Page: page}
	return p.Parse(text)
}
