package markdown

import "strings"

// phoneAt returns the end of the phone number at s[i] and its tel address, which is empty if there is none. It reads
// international numbers ("+49 30 901820", nine to fifteen digits) and North American ones ("(555) 123-4567",
// "555-123-4567", either after "1-" or "1 "). It leaves other numbers alone, most of which are not phone numbers.
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

// numberAt returns the end of the number in groups at s[i], or i if there is none. Such a number (a telephone or card
// number, a date) must be shown from left to right: in a right-to-left text its groups would change places. Digits
// separated by nothing but blanks may be several numbers.
func numberAt(s string, i int) int {
	const most = 19 // digits; card numbers have no more
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

// numberBegins reports whether a number may begin at s[i]: the text before it does not belong to it.
func numberBegins(s string, i int) bool {
	return i == 0 || !isAlnum(s[i-1]) && strings.IndexByte("_-+./=#$%@&", s[i-1]) < 0
}

// numberEnds reports whether a number may end before s[i]: the text after it does not belong to it.
func numberEnds(s string, i int) bool {
	if i == len(s) {
		return true
	}
	return !isAlnum(s[i]) && strings.IndexByte("_%+", s[i]) < 0 &&
		(i+1 == len(s) || !isAlnum(s[i+1]) || strings.IndexByte("-./:=#@&", s[i]) < 0)
}

// internationalAt returns the end and the digits of the international number whose "+" stands before s[i].
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
				break // a 0 that is dialled only within the country
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

// northAmericanAt returns the end and the digits, with the calling code 1, of the North American number at s[i].
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
