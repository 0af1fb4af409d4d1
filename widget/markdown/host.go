package markdown

import "strings"

// beside returns the host, e-mail address or telephone number to show beside a link whose label reads as a different
// one. It is empty if the label reads as none, or as the link's own.
func beside(label, url string) string {
	scheme := schemeLength(url)
	target := url[scheme+1:]
	if url[:scheme] == "tel" {
		if claimed := digitsOf(label); len(claimed) > 6 {
			if called := digitsOf(target); !strings.HasSuffix(called, claimed) && !strings.HasSuffix(claimed, called) {
				return target
			}
		}
	}
	host := target[:indexByte(target+"?", '?')]
	if scheme > 0 && strings.HasPrefix(target, "//") {
		host = asciiSigns(hostOf(url))
	}
	mail := host
	host = host[lastIndexByte(host, '@')+1:]
	for label != "" {
		step(1)
		word := label
		if i := indexAny(label, " \t\n,;|"); i >= 0 {
			word, label = label[:i], label[i+1:]
		} else {
			label = ""
		}
		claimed := claimedHost(word)
		switch {
		case claimed == "":
		case url[:scheme] == "mailto" && indexByte(word, '@') > 0:
			if !strings.EqualFold(trim(word, marksAround), mail) {
				return mail
			}
		case sameHost(claimed, host) && (shownHost(host) == host || claimed == shownHost(host)):
		default:
			return shownHost(mail)
		}
	}
	return ""
}

// sameHost reports whether two names are the same host, or differ only by www. in front.
func sameHost(a, b string) bool {
	return strings.TrimPrefix(asciiHost(a), "www.") == strings.TrimPrefix(asciiHost(b), "www.")
}

// digitsOf returns the digits of a telephone number without leading zeros.
func digitsOf(s string) string {
	var digits []byte
	for i := 0; i < len(s); i++ {
		step(1)
		if isDigit(s[i]) && (len(digits) > 0 || s[i] != '0') {
			digits = append(digits, s[i])
		}
	}
	return string(digits)
}

// hostOf returns the host of an http or https address, without its port.
func hostOf(url string) string {
	rest := url[indexByte(url, ':')+len("://"):]
	rest = rest[:hostLength(rest)]
	if i := lastIndexByte(rest, ':'); i >= 0 && indexByte(rest[i:], ']') < 0 {
		rest = rest[:i]
	}
	return rest
}

// fileEndings are endings of file names that are no top-level domains.
const fileEndings = " js jsx ts tsx html htm pdf txt css json xml yaml csv docx xlsx png jpg jpeg gif svg "

// marksAround are the characters that may surround a host in a sentence.
const marksAround = "()<>[]{}\"'.:!*_~`“”„«»‹›‘’‚…—–「」『』【】（）！？"

// claimedHost returns the host that a word of a label reads as, or "".
func claimedHost(word string) string {
	word = trim(asciiSigns(word), marksAround)
	sure := false
	if i := index(word, "://"); i >= 0 {
		word, sure = word[i+3:], true
	}
	if i := indexAny(word, "/?#\\"); i >= 0 {
		word, sure = word[:i], sure || i > 4 && strings.EqualFold(word[:4], "www.")
	}
	if i := lastIndexByte(word, '@'); i >= 0 {
		word = word[i+1:]
	}
	if i := indexByte(word, ':'); i >= 0 {
		word = word[:i]
	}
	word = lower(trim(word, "."))
	dot := lastIndexByte(word, '.')
	if len(word) > maxHost || !sure && (dot < 1 || hostLength(word) != len(word)) {
		return ""
	}
	end := word[dot+1:]
	if sure || end[0] >= 0x80 || isDotted(word) {
		return word
	}
	for i := 0; i < len(end); i++ {
		step(1)
		if !isAlnum(end[i]) && end[i] != '-' || isDigit(end[0]) {
			return ""
		}
	}
	if len(end) < 2 || index(fileEndings, " "+end+" ") >= 0 {
		return ""
	}
	return word
}

// asciiSigns returns s with ASCII characters in place of those that browsers or readers take for them.
func asciiSigns(s string) string {
	for _, c := range [...]string{"。.", "．.", "｡.", "․.", "∕/", "⁄/", "／/", "：:", "＠@"} {
		step(1)
		s = replace(s, c[:len(c)-1], c[len(c)-1:])
	}
	return s
}

// isDotted reports whether s consists of four numbers with dots between them, as an IPv4 address does.
func isDotted(s string) bool {
	dots := 0
	for i := 0; i < len(s); i++ {
		step(1)
		if s[i] == '.' {
			dots++
		} else if !isDigit(s[i]) {
			return false
		}
	}
	return dots == 3
}

// shownHost returns the host in the form to show: in ASCII if it could be taken for another one, because a name in it
// mixes scripts or consists of letters that look like Latin ones.
func shownHost(host string) string {
	end := host[lastIndexByte(host, '.')+1:]
	script, alike := 0, true // of the current name
	for _, r := range host + "." {
		step(1)
		if r == '.' {
			if script > scriptUnspaced && alike && (end == "" || end[0] < 0x80) {
				return asciiHost(host)
			}
			script, alike = 0, true
			continue
		}
		s := scriptOf(r)
		if s == scriptOdd || s > 0 && script > 0 && s != script && s|script != scriptLatin|scriptUnspaced {
			return asciiHost(host)
		}
		script |= s
		alike = alike && (s == 0 || strings.ContainsRune("аеорсухіјѕһԁԛԝӏѵԍαικνορτυχωγ", r))
	}
	return host
}

// shownAddress returns the label of a bare link or autolink, with its host in the form to show.
func shownAddress(label, url string) string {
	if url[0] == 'h' {
		host := hostOf(url)
		if shown := shownHost(host); shown != host {
			return replace(label, host, shown)
		}
	}
	return label
}

// Results of scriptOf. Other scripts have higher numbers.
const (
	scriptLatin    = 1
	scriptUnspaced = 2
	scriptOdd      = -1
)

// scriptOf returns a number for the script of a letter, 0 for characters of all scripts. It is accurate enough to
// detect a mixture.
func scriptOf(r rune) int {
	switch {
	case r < 0x80 && !isAlpha(byte(r)):
		return 0
	case r < 0x250 && !isPunct(r), r >= 0x1E00 && r < 0x1F00:
		return scriptLatin
	case r < 0x370, isPunct(r), isInvisible(r):
		return scriptOdd
	case isCJK(r):
		return scriptUnspaced
	case r >= 0x500 && r < 0x530: // Cyrillic Supplement
		r = 0x400
	case r >= 0x1F00 && r < 0x2000: // Greek Extended
		r = 0x370
	}
	return int(r>>8)*4 + 4
}
