package markdown

import "strings"

// linkWords appends the text s to nodes, with its e-mail addresses and phone numbers as links, each one counted off left.
func linkWords(nodes []Node, s string, left *int) []Node {
	start := 0
	for i := 0; i < len(s) && *left > 0; i++ {
		step(1)
		c := s[i]
		if c > '@' || c == ' ' {
			continue // most of a text
		}
		begin, end, url := 0, 0, ""
		switch {
		case c == '@':
			begin, end = emailAt(s, start, i)
			url = "mailto:" + s[begin:end]
		case (c == '+' || c == '(' || isDigit(c)) && numberBegins(s, i):
			begin = i
			if end, url = phoneAt(s, i); url == "" {
				end = numberAt(s, i)
			}
		}
		if begin == end || c == '@' && url == "" {
			continue
		}
		if start < begin {
			nodes = append(nodes, Node{Kind: KindText, Text: s[start:begin]})
		}
		if url == "" {
			nodes = append(nodes, Node{Kind: KindNumber, Text: s[begin:end]})
		} else {
			nodes = append(nodes, Node{Kind: KindLink, URL: url, Children: []Node{{Kind: KindText, Text: s[begin:end]}}})
		}
		start = end
		i = end - 1
		*left--
	}
	if start < len(s) {
		nodes = append(nodes, Node{Kind: KindText, Text: s[start:]})
	}
	return nodes
}

// emailAt returns the bounds, from start on, of the e-mail address whose @ stands at s[at]; equal if there is none.
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

// phoneAt returns the end of the phone number at s[i] and its tel address; an empty one if there is none. It knows
// international numbers ("+49 30 901820", nine to fifteen digits) and North American ones ("(555) 123-4567",
// "555-123-4567", either after "1-" or "1 "), and leaves all other numbers alone: most are none to call.
func phoneAt(s string, i int) (end int, url string) {
	if s[i] == '+' {
		end, url = internationalAt(s, i+1)
	} else {
		end, url = northAmericanAt(s, i)
	}
	if url == "" || !numberEnds(s, end) {
		return i, ""
	}
	return end, "tel:+" + url
}

// numberAt returns the end of the number in groups at s[i], i if there is none: a telephone or card number, a date or the
// like, whose groups would change places among words that are written from right to left. Numbers with no more than
// blanks between them may be several.
func numberAt(s string, i int) int {
	const most = 19 // of digits, as cards have at most
	begin, end := i, i
	digits, groups, blank, blanks := 0, 0, false, false
	for i < len(s) && digits <= most && i-end <= 2 {
		step(1)
		c := s[i]
		switch {
		case isDigit(c):
			if digits++; i == begin || !isDigit(s[i-1]) {
				groups++
			}
			end, blanks = i+1, blanks || blank
		case i > begin && (c == ' ' || strings.HasPrefix(s[i:], "\u00A0") || c == 0xA0):
			blank = true
		case strings.IndexByte("+(-./)", c) < 0 || i > begin && c == '+':
			i = len(s)
		}
		i++
	}
	free := s[begin] == '+' || s[begin] == '(' || s[begin] == '0' || groups > 2 && digits > 8
	if digits < 7 || digits > most || !numberEnds(s, end) || groups == 1 && isDigit(s[begin]) || blanks && !free {
		return begin
	}
	return end
}

// numberBegins reports whether a number at s[i] is none that something before it goes on with.
func numberBegins(s string, i int) bool {
	return i == 0 || !isAlnum(s[i-1]) && strings.IndexByte("_-+./=#$%@&", s[i-1]) < 0
}

// numberEnds reports whether the number before s[i] is none that goes on in something else.
func numberEnds(s string, i int) bool {
	if i == len(s) {
		return true
	}
	return !isAlnum(s[i]) && strings.IndexByte("_%+", s[i]) < 0 &&
		(i+1 == len(s) || !isAlnum(s[i+1]) || strings.IndexByte("-./:=#@&", s[i]) < 0)
}

func internationalAt(s string, i int) (end int, digits string) {
	if i >= len(s) || s[i] < '1' || s[i] > '9' {
		return 0, ""
	}
	number := make([]byte, 0, 16)
	open := false
	for end = i; i < len(s); i++ {
		step(1)
		c := s[i]
		switch {
		case isDigit(c):
			if len(number) == 15 {
				return 0, ""
			}
			if strings.HasPrefix(s[i-1:], "(0)") {
				break // the 0 that is dialled only within the country
			}
			number = append(number, c)
			if end = i + 1; number[0] == '1' && len(number) == 11 {
				return end, string(number)
			}
			continue
		case c == '(' && !open:
			open = true
		case c == ')' && open:
			open = false
		case (c == ' ' || c == '-' || c == '.') && (isDigit(s[i-1]) || s[i-1] == ')'):
		default:
			i = len(s)
		}
	}
	if len(number) < 9 || number[0] == '1' {
		return 0, ""
	}
	return end, string(number)
}

func northAmericanAt(s string, i int) (end int, digits string) {
	if strings.HasPrefix(s[i:], "1-") || strings.HasPrefix(s[i:], "1 ") {
		i += 2
	}
	const dashed, round = "ddd-ddd-dddd", "(ddd) ddd-dddd"
	form := dashed
	if i < len(s) && s[i] == '(' {
		form = round
		if len(s)-i > 5 && s[i+5] != ' ' {
			form = "(ddd)ddd-dddd"
		}
	}
	if len(s)-i < len(form) {
		return 0, ""
	}
	number := make([]byte, 1, 11)
	number[0] = '1'
	for j := 0; j < len(form); j++ {
		step(1)
		c := s[i+j]
		if isDigit(c) && form[j] == 'd' {
			number = append(number, c)
		} else if c != form[j] {
			return 0, ""
		}
	}
	if number[1] < '2' {
		return 0, ""
	}
	return i + len(form), string(number)
}
