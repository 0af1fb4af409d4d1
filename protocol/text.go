package protocol

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A server may store a text otherwise than it was written: in another Unicode
// form, with HTML's special characters escaped, or with other white space. Texts
// are compared by a form that takes all of this away; what is shown is never
// changed by it.

// same reports whether two texts are the same message's.
func (o *Options) same(a, b string) bool {
	if a == b {
		return true
	}
	if len(a) > growAtMost*(len(b)+1) || len(b) > growAtMost*(len(a)+1) {
		return false
	}
	a, b = form(a), form(b)
	return a == b || o.Normalize(a) == o.Normalize(b)
}

// growAtMost is how many times as long as a text any other form of it is: a
// numeric escape of a character of one byte has up to ten.
const growAtMost = 12

// form is a text without HTML's escapes, with single spaces.
func form(s string) string {
	for range 2 { // some escape twice
		out, space := make([]byte, 0, len(s)), false
		for len(s) > 0 {
			r, n := utf8.DecodeRuneInString(s)
			if r == '&' {
				r, n = unescape(s)
			}
			s = s[n:]
			if unicode.IsSpace(r) {
				space = len(out) > 0
				continue
			}
			if space {
				out, space = append(out, ' '), false
			}
			out = utf8.AppendRune(out, r)
		}
		s = string(out)
	}
	return s
}

// unescape is the character of the escape that a text begins with, and its
// length: one of those of HTML's special characters, or a numeric one. Of an
// ampersand alone, it is that.
func unescape(s string) (rune, int) {
	name, _, ended := strings.Cut(s[1:min(len(s), escapeAtMost)], ";")
	if !ended {
		return '&', 1
	}
	n := uint64(0)
	switch name {
	case "amp":
		n = '&'
	case "lt":
		n = '<'
	case "gt":
		n = '>'
	case "quot":
		n = '"'
	case "apos":
		n = '\''
	case "nbsp":
		n = ' '
	default:
		digits, base := strings.TrimPrefix(name, "#x"), 16
		if digits == name {
			digits, base = strings.TrimPrefix(name, "#"), 10
		}
		if digits != name {
			n, _ = strconv.ParseUint(digits, base, 32) // 0 for what is no number
		}
	}
	if n == 0 || n > unicode.MaxRune {
		return '&', 1
	}
	return rune(n), len(name) + 2
}

// escapeAtMost is how long an escape may be.
const escapeAtMost = 12

// blank reports whether a text shows nothing: it is empty, white space, or
// characters without a glyph.
func blank(s string) bool {
	for _, r := range s {
		switch {
		case unicode.IsSpace(r), r == 0xad, r == 0x180e, r == 0x2800, r == 0x3164, r == 0xfeff, 0x200b <= r && r <= 0x200f, 0x202a <= r && r <= 0x202e, 0x2060 <= r && r <= 0x206f:
		default:
			return false
		}
	}
	return true
}
