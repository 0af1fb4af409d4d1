package markdown

import (
	"strings"
	"unicode/utf8"
)

// linkTarget reads the part of a link after its ]: an address in parentheses, optionally with a title, which is
// ignored. It returns the address and the width of the part, 0 if there is none.
func linkTarget(s string) (target string, width int) {
	if s == "" || s[0] != '(' {
		return "", 0
	}
	i := skipSpace(s, 1)
	begin, end := i, i
	if i < len(s) && s[i] == '<' {
		begin++
		for i++; ; i++ {
			step(1)
			if i >= len(s) || s[i] == '\n' || s[i] == '<' {
				return "", 0
			}
			if s[i] == '>' {
				break
			}
			if s[i] == '\\' && i+1 < len(s) && s[i+1] != '\n' {
				i++
			}
		}
		end = i
		i++
	} else {
		depth := 0
		for ; i < len(s) && s[i] != ' ' && s[i] != '\t' && s[i] != '\n'; i++ {
			step(1)
			if s[i] == '\\' && i+1 < len(s) && isASCIIPunct(s[i+1]) {
				i++
			} else if s[i] == '(' {
				if depth++; depth > maxTicks {
					return "", 0
				}
			} else if s[i] == ')' {
				if depth == 0 {
					break
				}
				depth--
			}
		}
		if depth > 0 {
			return "", 0
		}
		end = i
	}
	if j := skipSpace(s, i); j > i {
		i = j
		if i < len(s) && (s[i] == '"' || s[i] == '\'' || s[i] == '(') {
			if i = skipTitle(s, i); i < 0 {
				return "", 0
			}
			i = skipSpace(s, i)
		}
	}
	if i >= len(s) || s[i] != ')' {
		return "", 0
	}
	return unescape(s[begin:end]), i + 1
}

func skipSpace(s string, i int) int {
	for i < len(s) && (isBlank(s[i]) || s[i] == '\n') {
		step(1)
		i++
	}
	return i
}

// skipTitle returns the position after the title that begins at i, or -1.
func skipTitle(s string, i int) int {
	quote := s[i]
	if quote == '(' {
		quote = ')'
	}
	for i++; i < len(s); i++ {
		step(1)
		switch {
		case s[i] == '\\':
			i++
		case s[i] == quote:
			return i + 1
		case s[i] == '(' && quote == ')':
			return -1
		}
	}
	return -1
}

// bareLink returns the link that begins at s[i] without a mark, as written and as an address. label is empty if there
// is no link, and url if it is not allowed.
func bareLink(s string, i int) (label, url string) {
	prefix := 0
	for _, p := range [...]string{"https://", "http://", "www."} {
		step(1)
		if len(s)-i > len(p) && strings.EqualFold(s[i:i+len(p)], p) {
			prefix = len(p)
			break
		}
	}
	if prefix == 0 || strings.IndexByte(".:-", s[i+prefix]) >= 0 || i > 0 && (isAlnum(s[i-1]) || strings.IndexByte("_-./:@\\", s[i-1]) >= 0) {
		return "", ""
	}
	// To keep the run time linear, no byte is read twice: what is read here is skipped by the caller, or cannot contain
	// the begin of a link. The host is therefore checked before the path is read, and a user name, or a name too long
	// for a host, is skipped as a whole.
	end := hostEnd(s, i+prefix)
	if end-i-prefix > maxHost {
		return s[i:end], ""
	}
	if !isHost(s[i+prefix:end], prefix == len("www.")) {
		return "", ""
	}
	if end < len(s) {
		switch s[end] {
		case '@':
			return s[i:end], ""
		case '/', '?', '#':
			end = pathEnd(s, end)
		}
	}
	for end > i+prefix && strings.IndexByte("?!.,:;*_~'&|\\([", s[end-1]) >= 0 {
		step(1)
		end--
	}
	for { // remove trailing non-ASCII punctuation, such as quotation marks and ellipses
		step(1)
		r, n := utf8.DecodeLastRuneInString(s[i+prefix : end])
		if n < 2 || !isPunct(r) {
			break
		}
		end -= n
	}
	if !isHost(s[i+prefix:end], prefix == len("www.")) {
		return "", ""
	}
	label = s[i:end]
	url = unescape(label)
	if prefix == len("www.") {
		url = "https://" + url
	}
	url, _ = SafeURL(url)
	return label, url
}

// isHost reports whether s begins with the host of a bare link. A link without a scheme needs a dot in its host.
func isHost(s string, dotted bool) bool {
	n := hostLength(s)
	return n > 0 && (!dotted || indexByte(s[:n], '.') > 0)
}

// hostEnd returns the end of the host and port that begin at s[i].
func hostEnd(s string, i int) int {
	for i < len(s) {
		step(1)
		if s[i] < utf8.RuneSelf {
			if !isAlnum(s[i]) && strings.IndexByte("-.:_", s[i]) < 0 {
				break
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if isCJK(r) || isPunct(r) || isInvisible(r) || isSpace(r) {
			break
		}
		i += n
	}
	return i
}

// pathEnd returns the end of a bare link's path, which begins at s[i]: a space, a bracket that the path did not open, a
// mark of emphasis, or a letter of a script without spaces.
func pathEnd(s string, i int) int {
	round, square := 0, 0
	for i < len(s) {
		step(1)
		c := s[i]
		switch c {
		case ' ', '\t', '\n', '<', '>', '"', '`':
			return i
		case '(':
			round++
		case ')':
			round--
		case '[':
			square++
		case ']':
			square--
		case '*', '~':
			if i+1 < len(s) && s[i+1] == c {
				return i
			}
		}
		if round < 0 || square < 0 {
			return i
		}
		n := 1
		if c >= utf8.RuneSelf {
			var r rune
			r, n = utf8.DecodeRuneInString(s[i:])
			if isCJK(r) || isInvisible(r) || isSpace(r) {
				return i
			}
		}
		i += n
	}
	return i
}
