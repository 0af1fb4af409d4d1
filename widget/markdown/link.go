package markdown

import (
	"strings"
	"unicode/utf8"
)

// autolink reads <https://…> and <name@host>.
func (p *inlineParser) autolink() {
	rest := p.s[p.pos+1:]
	end := indexAny(rest, "<> \t\n")
	if end <= 0 || rest[end] != '>' {
		p.pos++
		return
	}
	label := rest[:end]
	if scheme := schemeLength(label); scheme > 0 {
		if url, ok := SafeURL(label); ok {
			p.emit(tokenAuto, shownAddress(label, url), url, end+2)
		} else {
			p.emit(tokenText, p.s[p.pos:p.pos+end+2], "", end+2)
		}
		return
	}
	if isEmail(label) {
		p.emit(tokenAuto, label, "mailto:"+label, end+2)
		return
	}
	p.pos++
}

func (p *inlineParser) bareLink() {
	label, url := bareLinkAt(p.s, p.pos)
	if label == "" {
		p.pos++
		return
	}
	if url == "" {
		p.pos += len(label)
		return
	}
	p.emit(tokenAuto, shownAddress(unescape(label), url), url, len(label))
}

// bareLinkAt returns the link that begins at s[i] without a mark, as written and as an address. label is empty if there
// is no link, and url if it is not allowed.
func bareLinkAt(s string, i int) (label, url string) {
	prefix := 0
	for _, p := range [...]string{"https://", "http://", "www."} {
		step(1)
		if len(s)-i > len(p) && strings.EqualFold(s[i:i+len(p)], p) {
			prefix = len(p)
			break
		}
	}
	if prefix == 0 || strings.IndexByte(".:-", s[i+prefix]) >= 0 ||
		i > 0 && (isAlnum(s[i-1]) || strings.IndexByte("_-./:@\\", s[i-1]) >= 0) {
		return "", ""
	}
	host, dotted := i+prefix, prefix == len("www.")
	// To keep the run time linear, no byte is read twice: what is read here is skipped by the caller, or cannot contain
	// the begin of a link. The host is therefore checked before the path is read, and a user name, or a name too long
	// for a host, is skipped as a whole.
	end := hostEnd(s, host)
	if end-host > maxHost {
		return s[i:end], ""
	}
	if !isHost(s[host:end], dotted) {
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
	for end > host && strings.IndexByte("?!.,:;*_~'&|\\([", s[end-1]) >= 0 {
		step(1)
		end--
	}
	for { // remove trailing non-ASCII punctuation, such as quotation marks and ellipses
		step(1)
		r, n := utf8.DecodeLastRuneInString(s[host:end])
		if n < 2 || !isPunct(r) {
			break
		}
		end -= n
	}
	if !isHost(s[host:end], dotted) {
		return "", ""
	}
	label = s[i:end]
	url = unescape(label)
	if dotted {
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
