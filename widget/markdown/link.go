package markdown

import (
	"strings"
	"unicode/utf8"
)

// linkTarget reads what follows the ] of a link: an address in parentheses, perhaps with a title, which is not used.
// It returns the address and the width of all of it, 0 where there is none.
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

// SafeURL returns the address in the form to put into a link, and whether it may be put there: it is absolute, of
// https, http, mailto or tel, names a host and no user, and holds nothing invisible. Everything that becomes a link,
// wherever it comes from, goes through it; what comes out goes through unchanged.
func SafeURL(s string) (string, bool) {
	s = trim(s, " \t\n")
	n := schemeLength(s)
	if n == 0 {
		return "", false
	}
	scheme, rest := lower(s[:n]), s[n+1:]
	switch scheme {
	case "https", "http":
		if !strings.HasPrefix(rest, "//") || hostLength(rest[2:]) == 0 {
			return "", false
		}
	case "mailto":
		rest = safeMail(rest)
		if at := indexAny(rest, "@?"); at < 1 || rest[at] == '?' {
			return "", false
		}
	case "tel":
		digits := 0
		for i := 0; i < len(rest); i++ {
			step(1)
			if isDigit(rest[i]) {
				digits++
			} else if strings.IndexByte("+-.() ", rest[i]) < 0 {
				return "", false
			}
		}
		if digits < 3 {
			return "", false
		}
		rest = replace(rest, " ", "")
	default:
		return "", false
	}
	for _, r := range rest {
		step(1)
		if isInvisible(r) {
			return "", false
		}
	}
	return scheme + ":" + replace(rest, " ", "%20"), true
}

// resolve returns what SafeURL makes of a relative address on the page of that address. Only what follows the page's host
// changes: one that has a scheme or a host of its own, as browsers read it, is none.
func resolve(base, s string) (string, bool) {
	s = trim(s, " \t\n")
	n := schemeLength(base)
	if n == 0 || !strings.HasPrefix(base[n:], "://") || s == "" || s[0] == '\\' || len(s) > 1 && s[0] == '/' && (s[1] == '/' || s[1] == '\\') {
		return "", false
	}
	if i := indexAny(s, ":/?#"); i >= 0 && s[i] == ':' {
		return "", false
	}
	host := n + len("://")
	host += hostLength(base[host:])
	page := base[:host+indexAny(base[host:]+"#", "#")]
	path := page[:host+indexAny(page[host:]+"?", "?")]
	switch s[0] {
	case '/':
		page = base[:host]
	case '#':
	case '?':
		page = path
	default:
		page = path[:lastIndexByte(path[host:], '/')+1+host]
		if len(page) == host {
			page += "/"
		}
	}
	return SafeURL(page + s)
}

// safeMail returns what follows mailto: with one address, a subject and a text, and nothing else: other fields (bcc,
// cc, to, attach …) and further addresses name readers that the visitor does not see, or files. An encoded line break,
// behind which such a field can stand, becomes a blank.
func safeMail(s string) string {
	out := make([]byte, 0, len(s))
	mark, end := byte('?'), byte('?') // before the next field that is taken, and after this part
	for ; s != ""; end = '&' {
		step(1)
		part, rest := s, ""
		if i := indexByte(s, end); i >= 0 {
			part, rest = s[:i], s[i+1:]
		}
		s = rest
		if end == '?' {
			if i := indexAny(part, ",;"); i >= 0 {
				part = part[:i]
			}
		} else if name := lower(part[:min(len(part), len("subject="))]); name == "subject=" || strings.HasPrefix(name, "body=") {
			out = append(out, mark)
			mark = '&'
		} else {
			continue
		}
		for i := 0; i < len(part); i++ {
			step(1)
			if code := part[i:min(len(part), i+3)]; strings.EqualFold(code, "%0a") || strings.EqualFold(code, "%0d") {
				out = append(out, "%20"...)
				i += 2
			} else {
				out = append(out, part[i])
			}
		}
	}
	return string(out)
}

// schemeLength returns the length of the scheme that s begins with, which a colon follows; 0 for none.
func schemeLength(s string) int {
	for i := 0; i < len(s) && i <= 32; i++ {
		step(1)
		c := s[i]
		switch {
		case isAlpha(c):
		case i > 0 && (isDigit(c) || c == '+' || c == '.' || c == '-'):
		case i > 1 && c == ':':
			return i
		default:
			return 0
		}
	}
	return 0
}

// maxHost bounds a host and its port: names have 253 bytes at most.
const maxHost = 260

// hostLength returns the length of the host, with its port, that s begins with; 0 for none, or for one with a user,
// an escape or a backslash, which serve to make an address look like another one's.
func hostLength(s string) int {
	i := 0
	for ; i < len(s); i++ {
		step(1)
		c := s[i]
		if c == '/' || c == '?' || c == '#' {
			break
		}
		if !isAlnum(c) && c < utf8.RuneSelf && c != '-' && c != '.' && c != ':' && c != '_' && c != '[' && c != ']' {
			return 0
		}
	}
	if i == 0 || i > maxHost || s[0] == '.' || s[0] == ':' || s[0] == '-' {
		return 0
	}
	return i
}

// bareLink returns the link that stands at s[i] without any mark, as written and as an address; no label if there is
// none, and no address if it may not be followed.
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
	// What is read here is passed over, or is marks in which no link begins: nothing is read twice. So the host is
	// judged before its path is looked for, and a user's name, or what is too long for a host, is passed over: other links
	// might begin in it.
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
	for { // the end of a quotation, an ellipsis …
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

// isHost reports whether s begins with the host of a bare link, one with a dot where the link has no scheme.
func isHost(s string, dotted bool) bool {
	n := hostLength(s)
	return n > 0 && (!dotted || indexByte(s[:n], '.') > 0)
}

// hostEnd returns where the host and port that begin at s[i] end.
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

// pathEnd returns where a bare link's path, which begins at s[i], ends: where the text around it goes on, at a bracket
// that it did not open, at marks of emphasis, or at letters of a script without spaces.
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

// isDomain reports whether s is labels of letters, digits and hyphens, with dots between.
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
