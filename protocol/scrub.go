package protocol

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"plurachat/protocol/strictjson"
)

// hidden replaces what scrub removes.
const hidden = "…"

const (
	fewestDigits = 7  // by which a phone number is recognised
	mostDigits   = 20 // of a value that is a phone number
)

// scrub removes lead data from a message of the server, because the message goes
// to the site owner's console and events. It removes the longest values first,
// because they may contain others. The server may have changed the letter case,
// and the punctuation or the first digits of a phone number.
func scrub(message string, record strictjson.Value) string {
	if message == "" {
		return ""
	}
	values := valuesIn(nil, record)
	for _, v := range values {
		if d := digits(v); isPhone(v, d) {
			message = removePhone(removeText(removeText(message, v), d), d)
		}
	}
	for _, v := range values {
		message = removeText(message, v)
	}
	return message
}

// valuesIn appends the values in v that have more than one byte, the longest
// first.
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

// replace replaces all that match finds by hidden. match gets an index of s, and
// returns the end of what to remove there, or 0.
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

// removeText removes a text from s, in any letter case.
func removeText(s, text string) string {
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

// removePhone removes from s what contains fewestDigits consecutive digits of the
// number, with punctuation and spaces between them.
func removePhone(s, number string) string {
	seen := 0
	return replace(s, func(i int) int {
		if i < seen || !isDigit(s[i]) {
			return 0
		}
		seen = numberEnd(s, i)
		if some := digits(s[i:seen]); !sharesDigits(some, number) {
			return 0
		}
		return seen
	})
}

// numberEnd returns the end of the number that begins with the digit s[i]. Up to
// three other characters may be between two digits.
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

// sharesDigits reports whether some and number have fewestDigits consecutive
// digits in common.
func sharesDigits(some, number string) bool {
	for i := 0; i+fewestDigits <= len(number); i++ {
		if strings.Contains(some, number[i:i+fewestDigits]) {
			return true
		}
	}
	return false
}

// digits returns the decimal digits of s.
func digits(s string) string {
	var d []byte
	for i := range len(s) {
		if isDigit(s[i]) {
			d = append(d, s[i])
		}
	}
	return string(d)
}

// isPhone reports whether a value with these digits may be a phone number.
func isPhone(value, digits string) bool {
	return len(digits) >= fewestDigits && len(digits) <= mostDigits && !strings.ContainsFunc(value, isLetter)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(r rune) bool { return 'a' <= r|0x20 && r|0x20 <= 'z' }
