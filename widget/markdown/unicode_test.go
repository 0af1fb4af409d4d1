//go:build !js

package markdown

import (
	"strings"
	"testing"
)

// RFC 3492's own examples, and names at its limits, as written and in ASCII.
func TestPunycodeOfTheRFC(t *testing.T) {
	for in, want := range map[string]string{
		"ليهمابتكلموشعربي؟":      "egbpdaj6bu4bxfgehfvwxn",
		"Pročprostěnemluvíčesky": "proprostnemluvesky-uyb24dma41a",
		"למההםפשוטלאמדבריםעברית": "4dbcagdahymbxekheh6e0a7fei0b",
		"यहलोगहिन्दीक्योंनहींबोलसकतेहैं":           "i1baa7eci9glrd9b2ae1bj0hfcgg6iyaf8o0a1dig0cd",
		"なぜみんな日本語を話してくれないのか":                       "n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa",
		"почемужеонинеговорятпорусски":             "b1abfaaepdrnnbgefbadotcwatmq2g4l",
		"PorquénopuedensimplementehablarenEspañol": "porqunopuedensimplementehablarenespaol-fmd56a",
		"TạisaohọkhôngthểchỉnóitiếngViệt":          "tisaohkhngthchnitingvit-kjcr8268qyxafd2f1b9g",
		"ü\U0010ffff": "tda23883t",
		"-ü":          "--eha",
	} {
		if got := asciiHost(in); got != "xn--"+want {
			t.Errorf("%q becomes %q, want xn--%s", in, got, want)
		}
	}
	// A label has at most 63 letters. A longer one is not converted.
	for n, encoded := range map[int]bool{63: true, 64: false} {
		if got := asciiHost(strings.Repeat("ü", n)); strings.HasPrefix(got, "xn--") != encoded {
			t.Errorf("%d letters become %q", n, got)
		}
	}
}

// Classes of characters are unions of Unicode's blocks. For each, the test has the first and the last character of a
// block, and their neighbours outside. The use of the class stands beside it.
func TestSortsOfCharacters(t *testing.T) {
	for name, c := range map[string]struct {
		is     func(rune) bool
		blocks [][2]rune
	}{
		// No emphasis begins before a blank or ends after one.
		"white space": {isSpace, [][2]rune{{'\t', '\n'}, {' ', ' '}, {0xA0, 0xA0}, {0x1680, 0x1680}, {0x2000, 0x200A}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}}},
		// No emphasis begins or ends within a word.
		"punctuation": {isPunct, [][2]rune{{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}, {0xA1, 0xA9}, {0xAB, 0xB1}, {0xB4, 0xB4}, {0xB6, 0xB8}, {0xBB, 0xBB}, {0xBF, 0xBF},
			{0xD7, 0xD7}, {0xF7, 0xF7}, {0x2010, 0x205E}, {0x20A0, 0x20CF}, {0x2190, 0x245F}, {0x2500, 0x2775}, {0x2794, 0x2BFF}, {0x2E00, 0x2E7F}, {0x3001, 0x3004}, {0x3008, 0x3020},
			{0x3030, 0x3030}, {0x30FB, 0x30FB}, {0xFE10, 0xFE6B}, {0xFF01, 0xFF0F}, {0xFF1A, 0xFF20}, {0xFF3B, 0xFF40}, {0xFF5B, 0xFF65}, {0x1F000, 0x1FAFF}}},
		// A bare link ends before these.
		"Chinese, Japanese and Korean": {isCJK, [][2]rune{{0x1100, 0x11FF}, {0x2E80, 0xA4CF}, {0xAC00, 0xD7FF}, {0xF900, 0xFAFF}, {0xFE30, 0xFE4F}, {0xFF00, 0xFFEF}, {0x20000, 0x3FFFF}}},
		// Words of these scripts have no spaces between them.
		"scripts without blanks": {isUnspaced, [][2]rune{{0xE00, 0x109F}, {0x1100, 0x11FF}, {0x1780, 0x17FF}, {0x1950, 0x1AAF}, {0x1B00, 0x1BBF}, {0x2E80, 0xA4CF}, {0xA980, 0xA9FF}, {0xAA60, 0xAADF}, {0xAC00, 0xD7FF},
			{0xF900, 0xFAFF}, {0xFE30, 0xFE4F}, {0xFF00, 0xFFEF}, {0x20000, 0x3FFFF}}},
		// These change the writing direction, and are removed from names and labels.
		"controls of direction": {isBidi, [][2]rune{{0x61C, 0x61C}, {0x200E, 0x200F}, {0x202A, 0x202E}, {0x2066, 0x2069}}},
		// These could make an address look like another one.
		"what is not seen": {isInvisible, [][2]rune{{0, 0x1F}, {0x7F, 0xA0}, {0xAD, 0xAD}, {0x61C, 0x61C}, {0x180E, 0x180E}, {0x2000, 0x200F}, {0x2028, 0x202F}, {0x205F, 0x206F},
			{0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xFFFD, 0xFFFD}, {0xE0000, 0xE0FFF}}},
	} {
		in := func(r rune) bool {
			for _, b := range c.blocks {
				if b[0] <= r && r <= b[1] {
					return true
				}
			}
			return false
		}
		for r := rune(0); r <= 0x40000; r++ {
			if c.is(r) != in(r) {
				t.Errorf("%U: %s %v", r, name, !in(r))
				break
			}
		}
		for _, r := range []rune{0xDFFFF, 0xE0000, 0xE0FFF, 0xE1000} {
			if c.is(r) != in(r) {
				t.Errorf("%U: %s %v", r, name, !in(r))
			}
		}
	}
}

// A host that uses one script is shown as written, unless it could be taken for another. Other hosts are shown in ASCII.
func TestHostsAsTheyAreShown(t *testing.T) {
	for host, plain := range map[string]bool{
		"bücher.example": true, "a-b.example": true, "xn--a.example": true, "ɏ.example": true, "ἀθήνα.gr": true, "ελλάδα.gr": true, "пример.com": true, "ԛԝ.рф": true,
		"例え.jp": true, "例えtest.jp": true, "한국.kr": true, "ไทย.th": true, "عربي.eg": true, "ẽ.example": true, "a1.example": true, "1.2.3.4": true, "пример1.com": true,
		"аррӏе.com": false, "аррӏе.рф": true, "\u0430pple.com": false, "gοogle.com": false, "ɐ.example": false, "ʰ.example": false, "a\u0301.example": false, "ა例.ge": false,
		"αβ.com": true, "ανο.com": false, "ύπ.com": true, "a·b.com": false, "ԥа.com": true, "ἀα.com": true, "םא.com": true, "אя.com": false, "аb.рф": false,
	} {
		shown := shownHost(host)
		if (shown == host) != plain || !plain && shown != asciiHost(host) {
			t.Errorf("%q is shown as %q", host, shown)
		}
	}
}

// Escapes and entities, at their limits.
func TestEntities(t *testing.T) {
	for in, want := range map[string]string{
		"&lt;": "<", "&amp;": "&", "&check;": "✓", "&plusmn;": "±", "&nbsp;": "\u00a0", "&hellip;": "…", "&amp": "&amp", "&;": "&;", "&#;": "&#;", "&#x;": "&#x;", "& amp;": "& amp;", "&am p;": "&am p;",
		"&#65;": "A", "&#x41;": "A", "&#X41;": "A", "&#1114111;": "\U0010ffff", "&#x10FFFF;": "\U0010ffff", "&#x110000;": "\ufffd", "&#0000065;": "A", "&#00000065;": "&#00000065;", "&#x000041;": "A",
		"&#x0000041;": "&#x0000041;", "&#+65;": "&#+65;", "&#x+41;": "&#x+41;", "&#6a;": "&#6a;", "&#xg;": "&#xg;", "&#32;x": "x", "x&#126;": "x~", "&#127;": "\ufffd", "&#159;": "\ufffd", "&#160;": "\u00a0", "&#31;": "\ufffd",
		"a&#10;b": "a b", "a&#13;b": "a b", "a&#9;b": "a\tb", "&LT;": "&LT;", "&unknown;": "&unknown;", "&aaaaaaaaaa;": "&aaaaaaaaaa;", "&&lt;": "&<",
	} {
		if got := PlainText(Parse(in)); strings.Trim(got, " ") != want {
			t.Errorf("%q says %q, want %q", in, got, want)
		}
		// In an address as well.
		if got := unescape(in); strings.Trim(got, " ") != want {
			t.Errorf("%q in an address is %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{`\&lt;`: "&lt;", `a\b`: `a\b`, `\\`: `\`, `a\`: `a\`, `\*\*`: "**", `&lt;\&`: "<&"} {
		if got := unescape(in); got != want {
			t.Errorf("%q in an address is %q, want %q", in, got, want)
		}
	}
}
