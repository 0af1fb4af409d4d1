package protocol

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A server may change a text when it stores it: the Unicode form, the white space,
// or HTML's special characters, which it may escape. Texts are compared in a form
// without these differences. The form is never shown.

// sameText reports whether two texts may be of the same message.
func (o *Options) sameText(a, b string) bool {
	if a == b {
		return true
	}
	if len(a) > maxFormRatio*(len(b)+1) || len(b) > maxFormRatio*(len(a)+1) {
		return false
	}
	a, b = form(a), form(b)
	return a == b || o.Normalize(a) == o.Normalize(b)
}

// maxFormRatio bounds the ratio between the lengths of two forms of a text. The
// numeric escape of a character of one byte has up to ten bytes.
const maxFormRatio = 12

// form returns a text without HTML escapes and with single spaces.
func form(s string) string {
	for range 2 { // some servers escape twice
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

// unescape returns the character of the escape at the start of s, and the length
// of the escape. It reads the escapes of HTML's special characters and numeric
// ones. If there is no escape, it returns the ampersand.
func unescape(s string) (rune, int) {
	name, _, ended := strings.Cut(s[1:min(len(s), maxEscape)], ";")
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
			n, _ = strconv.ParseUint(digits, base, 32) // 0 if it is not a number
		}
	}
	if n == 0 || n > unicode.MaxRune {
		return '&', 1
	}
	return rune(n), len(name) + 2
}

// maxEscape is the greatest length of an escape.
const maxEscape = 12

// blank reports whether a text has no visible character: it is empty, or consists
// of white space and characters without a glyph.
func blank(s string) bool {
	for _, r := range s {
		switch {
		case unicode.IsSpace(r), r == 0xad, r == 0x180e, r == 0x2800, r == 0x3164, r == 0xfeff,
			0x200b <= r && r <= 0x200f, 0x202a <= r && r <= 0x202e, 0x2060 <= r && r <= 0x206f:
		default:
			return false
		}
	}
	return true
}
