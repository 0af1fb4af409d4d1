package markdown

import (
	"strconv"
	"unicode/utf8"
)

// unescape resolves backslash escapes and entities in text that is not parsed as inlines: addresses and info strings.
func unescape(s string) string {
	if indexByte(s, '\\') < 0 && indexByte(s, '&') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		step(1)
		switch s[i] {
		case '\\':
			if i+1 < len(s) && isASCIIPunct(s[i+1]) {
				i++
			}
		case '&':
			if text, width := entity(s[i:]); width > 0 {
				out = append(out, text...)
				i += width - 1
				continue
			}
		}
		out = append(out, s[i])
	}
	return string(out)
}

// entities are the named entities that are resolved, as "name text" pairs: those that occur in texts for people. All
// others are text.
const entities = " amp & lt < gt > quot \" apos ' copy © reg ® trade ™ hellip … mdash — ndash – lsquo ‘ rsquo ’ " +
	"ldquo “ rdquo ” laquo « raquo » bull • middot · deg ° plusmn ± frac12 ½ times × divide ÷ euro € pound £ yen ¥ cent ¢ " +
	"sect § larr ← uarr ↑ rarr → darr ↓ check ✓ "

// entity returns the text of the entity at the start of s, and its width, 0 if there is none.
func entity(s string) (text string, width int) {
	width = indexByte(s[:min(len(s), 12)], ';')
	if width < 3 {
		return "", 0
	}
	name := s[1:width]
	width++
	if name[0] != '#' {
		for i := 0; i < len(name); i++ {
			step(1)
			if !isAlnum(name[i]) {
				return "", 0
			}
		}
		if name == "nbsp" {
			return "\u00A0", width
		}
		i := index(entities, " "+name+" ")
		if i < 0 {
			return "", 0
		}
		text = entities[i+len(name)+2:]
		return text[:indexByte(text, ' ')], width
	}
	digits, base, most := name[1:], 10, 7
	if digits != "" && (digits[0] == 'x' || digits[0] == 'X') {
		digits, base, most = digits[1:], 16, 6
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || len(digits) > most || digits[0] == '+' {
		return "", 0
	}
	switch r := rune(n); {
	case r == '\n' || r == '\r':
		return " ", width
	case r == '\t':
		return "\t", width
	case !utf8.ValidRune(r) || r < 0xA0 && (r < ' ' || r > '~'):
		return "\uFFFD", width
	default:
		return string(r), width
	}
}
