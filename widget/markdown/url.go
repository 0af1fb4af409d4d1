package markdown

import (
	"strings"
	"unicode/utf8"
)

// SafeURL returns an address in the form to use for a link, and whether it is allowed: it is absolute, has the scheme
// https, http, mailto or tel, has a host and no user, and contains no invisible character. Every link of a tree has
// passed it. SafeURL returns its own results unchanged.
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

// HostOf returns the host of an address that SafeURL accepts, in ASCII and lower case, without the port and a dot at
// the end. It is empty if the scheme has no host.
func HostOf(url string) string {
	if !strings.HasPrefix(url, "http") {
		return ""
	}
	return strings.TrimSuffix(lower(asciiHost(hostOf(url))), ".")
}

// SameOrigin reports whether two addresses that SafeURL accepts have the same scheme, host and port.
func SameOrigin(a, b string) bool {
	origin := func(s string) string {
		n := index(s, "://")
		if n < 0 {
			return ""
		}
		n += len("://")
		return s[:n+hostLength(s[n:])]
	}
	return origin(a) != "" && strings.EqualFold(origin(a), origin(b))
}

// resolve resolves a relative address on the page with the address base, and passes it to SafeURL. An address with a
// scheme or host of its own, as browsers read it, is not allowed.
func resolve(base, s string) (string, bool) {
	s = trim(s, " \t\n")
	n := schemeLength(base)
	if n == 0 || !strings.HasPrefix(base[n:], "://") || s == "" || s[0] == '\\' ||
		len(s) > 1 && s[0] == '/' && (s[1] == '/' || s[1] == '\\') {
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

// safeMail returns the part of a mailto address after the scheme, with one recipient, a subject and a body. It drops
// further recipients and other fields (bcc, cc, to, attach …), which name readers or files that the visitor does not
// see. It replaces encoded line breaks, after which such fields could follow, by blanks.
func safeMail(s string) string {
	out := make([]byte, 0, len(s))
	mark, end := byte('?'), byte('?') // the separator before the next field, and the end of the current part
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
		} else {
			name := lower(part[:min(len(part), len("subject="))])
			if name != "subject=" && !strings.HasPrefix(name, "body=") {
				continue
			}
			out = append(out, mark)
			mark = '&'
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

// schemeLength returns the length of the scheme of s without the colon, 0 if there is none.
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

// maxHost bounds the length of a host with its port. Names have at most 253 bytes.
const maxHost = 260

// hostLength returns the length of the host and port that s begins with. It is 0 if there is none, or if they contain a
// user name, an escape or a backslash, which can make an address look like another one.
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
