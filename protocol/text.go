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
	return o.normal(a) == o.normal(b)
}

// growAtMost is how many times as long as a text any other form of it is: a
// numeric escape of a character of one byte has up to ten.
const growAtMost = 12

// normal is the form of a text that comparisons use.
func (o *Options) normal(s string) string {
	s = strings.TrimSpace(s)
	simple, ascii := true, true
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= utf8.RuneSelf:
			simple, ascii = false, false
		case c == '&', c < ' ', c == ' ' && s[i+1] == ' ': // no space is the last byte
			simple = false
		}
	}
	if simple {
		return s
	}
	for range 2 { // some escape twice
		unescaped := unescape(s)
		ascii = ascii && len(unescaped) == len(s)
		s = unescaped
	}
	s = strings.Join(strings.Fields(s), " ")
	if ascii {
		return s
	}
	return o.Normalize(s)
}

// unescape resolves the escapes of HTML that servers write: those of its special
// characters, and numeric ones.
func unescape(s string) string {
	if strings.IndexByte(s, '&') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for {
		before, after, found := strings.Cut(s, "&")
		out = append(out, before...)
		if !found {
			return string(out)
		}
		s = after
		name, _, ended := strings.Cut(after[:min(len(after), escapeAtMost)], ";")
		if r := escaped(name); ended && r > 0 {
			out = utf8.AppendRune(out, r)
			s = after[len(name)+1:]
		} else {
			out = append(out, '&')
		}
	}
}

// escapeAtMost is how long an escape may be, without its ampersand.
const escapeAtMost = 10

// escaped is the character of an escape; 0 where it is none.
func escaped(name string) rune {
	switch name {
	case "amp":
		return '&'
	case "lt":
		return '<'
	case "gt":
		return '>'
	case "quot":
		return '"'
	case "apos":
		return '\''
	case "nbsp":
		return ' '
	}
	digits, numeric := strings.CutPrefix(name, "#")
	if !numeric || digits == "" {
		return 0
	}
	base := 10
	if digits[0]|0x20 == 'x' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || n > unicode.MaxRune {
		return 0
	}
	return rune(n)
}

// blank reports whether a text shows nothing: it is empty, white space, or
// characters without a glyph.
func blank(s string) bool {
	for _, r := range s {
		switch {
		case unicode.IsSpace(r), r == 0xad, r == 0x180e, r == 0x2800, r == 0x3164, r == 0xfeff, 0x200b <= r && r <= 0x200f, 0x2028 <= r && r <= 0x202e, 0x2060 <= r && r <= 0x206f:
		default:
			return false
		}
	}
	return true
}
