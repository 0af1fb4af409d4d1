package protocol

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"plurachat/protocol/strictjson"
)

// hidden stands where scrub has taken something out.
const hidden = "…"

const (
	fewestDigits = 7  // that tell a phone number, in whatever form
	mostDigits   = 20 // of a value that is one
)

// scrub takes lead data out of what a server says: its message goes to the
// owner's console and events, where lead data must not be. The longest values
// come first, because another one may be a part of them; a server may write in
// another case, and a phone number with other marks or without its beginning.
func scrub(message string, record strictjson.Value) string {
	if message == "" {
		return ""
	}
	values := valuesIn(nil, record)
	for _, v := range values {
		if d := digits(v); isPhone(v, d) {
			message = cutPhone(cutText(cutText(message, v), d), d)
		}
	}
	for _, v := range values {
		message = cutText(message, v)
	}
	return message
}

// valuesIn appends the values in v that are worth hiding, the longest first.
func valuesIn(all []string, v strictjson.Value) []string {
	if t := strings.TrimSpace(v.Text()); len(t) > 1 {
		i := len(all)
		for i > 0 && len(all[i-1]) < len(t) {
			i--
		}
		all = append(all, "")
		copy(all[i+1:], all[i:])
		all[i] = t
	}
	for _, item := range v.Items() {
		all = valuesIn(all, item)
	}
	return all
}

// replace puts hidden in the place of all that match finds: it is given an
// index of s, and returns the end of what is to go there; 0: nothing is.
func replace(s string, match func(i int) (end int)) string {
	var out []byte
	from := 0
	for i := 0; i < len(s); i++ {
		if end := match(i); end > i {
			out = append(append(out, s[from:i]...), hidden...)
			from, i = end, end-1
		}
	}
	return string(append(out, s[from:]...))
}

// cutText takes a text out of s, whatever case it has there.
func cutText(s, text string) string {
	return replace(s, func(i int) int {
		for _, want := range text {
			got, n := utf8.DecodeRuneInString(s[i:])
			if got != want && unicode.ToLower(got) != unicode.ToLower(want) {
				return 0
			}
			i += n
		}
		return i
	})
}

// cutPhone takes out what has some of the number's digits in their order, with
// marks and blanks between them.
func cutPhone(s, number string) string {
	seen := 0
	return replace(s, func(i int) int {
		if i < seen || !isDigit(s[i]) {
			return 0
		}
		seen = numberEnd(s, i)
		if some := digits(s[i:seen]); !shares(some, number) {
			return 0
		}
		return seen
	})
}

// numberEnd returns the end of what is written like one number from s[i] on,
// which is a digit: up to three marks or blanks may stand between two digits.
func numberEnd(s string, i int) int {
	end, between := i, 0
	for at, r := range s[i:] {
		switch {
		case r < utf8.RuneSelf && isDigit(byte(r)):
			end, between = i+at+1, 0
		case between == 3 || isLetter(r):
			return end
		default:
			between++
		}
	}
	return end
}

// shares reports whether some of the digits in a row, enough to tell, are in
// the number too.
func shares(some, number string) bool {
	for i := 0; i+fewestDigits <= len(number); i++ {
		if strings.Contains(some, number[i:i+fewestDigits]) {
			return true
		}
	}
	return false
}

// digits are the decimal digits of s.
func digits(s string) string {
	var d []byte
	for i := range len(s) {
		if isDigit(s[i]) {
			d = append(d, s[i])
		}
	}
	return string(d)
}

// isPhone reports whether a value with those digits may be a phone number.
func isPhone(value, digits string) bool {
	return len(digits) >= fewestDigits && len(digits) <= mostDigits && !strings.ContainsFunc(value, isLetter)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(r rune) bool { return 'a' <= r|0x20 && r|0x20 <= 'z' }
