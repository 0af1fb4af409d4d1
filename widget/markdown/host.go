package markdown

import "strings"

// beside returns what to show beside a link because its label reads as another address than the link's: the link's
// host, mail address or telephone number. It is empty where the label claims nothing, or the truth.
func beside(label, url string) string {
	scheme := schemeLength(url)
	target := url[scheme+1:]
	if url[:scheme] == "tel" {
		if said := digitsOf(label); len(said) > 6 {
			if called := digitsOf(target); !strings.HasSuffix(called, said) && !strings.HasSuffix(said, called) {
				return target
			}
		}
	}
	host := target[:indexByte(target+"?", '?')]
	if scheme > 0 && strings.HasPrefix(target, "//") {
		host = signs(hostOf(url))
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
		said := claim(word)
		switch {
		case said == "":
		case url[:scheme] == "mailto" && indexByte(word, '@') > 0:
			if !strings.EqualFold(trim(word, marksAround), mail) {
				return mail
			}
		case sameHost(said, host) && (shownHost(host) == host || said == shownHost(host)):
		default:
			return shownHost(mail)
		}
	}
	return ""
}

// sameHost reports whether two names lead to the same host, or to one that owns the other for sure: with www. in front.
func sameHost(a, b string) bool {
	return strings.TrimPrefix(asciiHost(a), "www.") == strings.TrimPrefix(asciiHost(b), "www.")
}

// digitsOf returns the digits of a telephone number, without the zeros in front.
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

// hostOf returns the host of an address of http or https, without its port.
func hostOf(url string) string {
	rest := url[indexByte(url, ':')+len("://"):]
	rest = rest[:hostLength(rest)]
	if i := lastIndexByte(rest, ':'); i >= 0 && indexByte(rest[i:], ']') < 0 {
		rest = rest[:i]
	}
	return rest
}

// fileEndings are what file names end in and no host does.
const fileEndings = " js jsx ts tsx html htm pdf txt css json xml yaml csv docx xlsx png jpg jpeg gif svg "

// marksAround are what stands around a host in a sentence.
const marksAround = "()<>[]{}\"'.:!*_~`“”„«»‹›‘’‚…—–「」『』【】（）！？"

// claim returns the host that a word of a label reads as, "" if it reads as none.
func claim(word string) string {
	word = trim(signs(word), marksAround)
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

// signs returns s with the ASCII signs of addresses in place of those that browsers take for them, or people.
func signs(s string) string {
	for _, c := range [...]string{"。.", "．.", "｡.", "․.", "∕/", "⁄/", "／/", "：:", "＠@"} {
		step(1)
		s = replace(s, c[:len(c)-1], c[len(c)-1:])
	}
	return s
}

// isDotted reports whether s is an address of four numbers.
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

// shownHost returns the host as it may be shown: in ASCII where its letters could be taken for others, because a name in
// it mixes scripts, or holds nothing but letters that look like Latin ones.
func shownHost(host string) string {
	end := host[lastIndexByte(host, '.')+1:]
	script, alike := 0, true // of the name so far
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

// shownAddress returns the label of a link that is an address as it was written, with its host as it may be shown.
func shownAddress(label, url string) string {
	if url[0] == 'h' {
		host := hostOf(url)
		if shown := shownHost(host); shown != host {
			return replace(label, host, shown)
		}
	}
	return label
}

// What scriptOf tells apart; a script that is none of them is a number above.
const (
	scriptLatin    = 1
	scriptUnspaced = 2
	scriptOdd      = -1
)

// scriptOf returns a number for the script of a letter, near enough to tell a mixture; 0 for signs of all scripts.
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
	case r >= 0x500 && r < 0x530: // Cyrillic, too
		r = 0x400
	case r >= 0x1F00 && r < 0x2000: // Greek, too
		r = 0x370
	}
	return int(r>>8)*4 + 4
}

// asciiHost returns the host as its server is looked up by.
func asciiHost(host string) string {
	host = lower(host)
	out := make([]byte, 0, len(host))
	for host != "" {
		step(1)
		name := host
		if i := indexByte(host, '.'); i >= 0 {
			name = host[:i+1]
		}
		host = host[len(name):]
		out = appendPunycode(out, strings.TrimSuffix(name, "."))
		if name[len(name)-1] == '.' {
			out = append(out, '.')
		}
	}
	return string(out)
}

// appendPunycode appends a host's name as RFC 3492 writes it; one that is too long for a name as it is.
func appendPunycode(out []byte, name string) []byte {
	const base, tMin, tMax, most = 36, 1, 26, 63
	letters := []rune(name)
	if len(letters) == len(name) || len(letters) > most {
		return append(out, name...)
	}
	out = append(out, "xn--"...)
	done := 0
	for _, r := range letters {
		step(1)
		if r < 0x80 {
			out = append(out, byte(r))
			done++
		}
	}
	plain := done
	if plain > 0 {
		out = append(out, '-')
	}
	delta, bias := 0, 72
	for n := rune(0x80); done < len(letters); n++ {
		step(1)
		next := rune(0x7FFFFFFF)
		for _, r := range letters {
			step(1)
			if r >= n {
				next = min(next, r)
			}
		}
		delta += int(next-n) * (done + 1)
		n = next
		for _, r := range letters {
			step(1)
			if r < n {
				delta++
			}
			if r != n {
				continue
			}
			q := delta
			for k := base; ; k += base {
				step(1)
				t := min(max(k-bias, tMin), tMax)
				if q < t {
					break
				}
				out = append(out, punyDigit(t+(q-t)%(base-t)))
				q = (q - t) / (base - t)
			}
			out = append(out, punyDigit(q))
			bias = adaptBias(delta, done+1, done == plain)
			delta = 0
			done++
		}
		delta++
	}
	return out
}

func punyDigit(n int) byte { return "abcdefghijklmnopqrstuvwxyz0123456789"[n] }

// adaptBias is RFC 3492's function adapt.
func adaptBias(delta, points int, first bool) int {
	if first {
		delta /= 700
	} else {
		delta /= 2
	}
	delta += delta / points
	k := 0
	for delta > 455 {
		step(1)
		delta /= 35
		k += 36
	}
	return k + 36*delta/(delta+38)
}
