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

// scrub returns the beginning of a message of the server without lead data,
// because the message goes to the site owner's console and events. It looks for
// the longest values first, because they may contain others. The server may have
// changed the letter case, and the punctuation or the first digits of a phone
// number. It shortens the result and not the message, where half of a value would
// not be found.
func scrub(message string, record strictjson.Value) string {
	s := scrubber{message: message, values: valuesIn(nil, record)}
	for _, v := range s.values {
		if d := digits(v); isPhone(v, d) {
			s.phones = append(s.phones, d)
		}
	}
	var out []byte
	for i := 0; i < len(message) && len(out) <= maxLabel; {
		if end := max(s.valueAt(i), s.phoneAt(i)); end > i {
			for j := i + 1; j < end; j++ { // values may overlap
				end = max(end, s.valueAt(j))
			}
			out = append(out, hidden...)
			i = end
			continue
		}
		_, n := utf8.DecodeRuneInString(message[i:])
		out = append(out, message[i:i+n]...)
		i += n
	}
	return boundedLabel(string(out))
}

// scrubber finds lead data in a message.
type scrubber struct {
	message string
	values  []string // the longest first
	phones  []string // the digits of those that may be phone numbers
	number  int      // the end of the number in the message that was read last
}

// valueAt returns the end of the longest value that begins at an index of the
// message, or 0.
func (s *scrubber) valueAt(i int) int {
	for _, v := range s.values {
		if end := textAt(s.message, i, v); end > i {
			return end
		}
	}
	return 0
}

// phoneAt returns the end of the number that begins at an index of the message, if
// it has digits of a phone number, or 0.
func (s *scrubber) phoneAt(i int) int {
	if i < s.number || !isDigit(s.message[i]) {
		return 0
	}
	s.number = numberEnd(s.message, i)
	some := digits(s.message[i:s.number])
	for _, phone := range s.phones {
		if sharesDigits(some, phone) {
			return s.number
		}
	}
	return 0
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

// textAt returns the end of a text that s has at index i, in any letter case, or 0.
func textAt(s string, i int, text string) int {
	for _, want := range text {
		got, n := utf8.DecodeRuneInString(s[i:])
		if got != want && unicode.ToLower(got) != unicode.ToLower(want) {
			return 0
		}
		i += n
	}
	return i
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
