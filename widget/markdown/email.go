package markdown

import "strings"

// emailAt returns the bounds of the e-mail address whose @ is s[at]. The address begins at start or later. The bounds
// are equal if there is no address.
func emailAt(s string, start, at int) (begin, end int) {
	begin, end = at, at+1
	for begin > start && at-begin <= 64 && (isAlnum(s[begin-1]) || strings.IndexByte("._+-", s[begin-1]) >= 0) {
		step(1)
		begin--
	}
	for begin < at && !isAlnum(s[begin]) {
		step(1)
		begin++
	}
	if begin == at || at-begin > 64 || s[at-1] == '.' || begin > 0 && (s[begin-1] == '/' || s[begin-1] == '@') {
		return at, at
	}
	for end < len(s) && end-at <= 254 && (isAlnum(s[end]) || s[end] == '.' || s[end] == '-') {
		step(1)
		end++
	}
	if end < len(s) && (s[end] == '@' || s[end] == '_') {
		return at, at
	}
	for end > at && !isAlnum(s[end-1]) && s[end-1] != '@' {
		step(1)
		end--
	}
	domain := s[at+1 : end]
	dot := lastIndexByte(domain, '.')
	if dot < 1 || len(domain)-dot < 3 || !isAlpha(domain[dot+1]) || !isDomain(domain) {
		return at, at
	}
	return begin, end
}

// isEmail reports whether s is an e-mail address by CommonMark's definition.
func isEmail(s string) bool {
	at := indexByte(s, '@')
	if at < 1 {
		return false
	}
	for i := 0; i < at; i++ {
		step(1)
		if !isAlnum(s[i]) && strings.IndexByte(".!#$%&'*+/=?^_`{|}~-", s[i]) < 0 {
			return false
		}
	}
	return isDomain(s[at+1:])
}

// isDomain reports whether s consists of labels of letters, digits and hyphens, separated by dots.
func isDomain(s string) bool {
	length := 0
	for i := 0; i < len(s); i++ {
		step(1)
		switch c := s[i]; {
		case isAlnum(c):
		case c == '-' && length > 0 && i+1 < len(s) && s[i+1] != '.':
		case c == '.' && length > 0:
			length = -1
		default:
			return false
		}
		if length++; length > 63 {
			return false
		}
	}
	return length > 0
}
