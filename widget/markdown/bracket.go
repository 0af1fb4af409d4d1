package markdown

import (
	"strings"
	"unicode/utf8"
)

// bracket is a [ or ![ whose ] was not read yet.
type bracket struct {
	token  int
	delims int // number of delimiters before it
	after  int // the position after it
	image  bool
}

func (p *inlineParser) openBracket(width int) {
	p.flush()
	p.brackets = append(p.brackets, bracket{
		token: len(p.tokens), delims: len(p.delims), after: p.pos + width, image: width == 2,
	})
	p.emit(tokenText, p.s[p.pos:p.pos+width], "", width)
}

// closeBracket reads a ]. With an address after it, it ends a link, an image or an answer, whose [ becomes a token of
// that kind.
func (p *inlineParser) closeBracket() {
	if len(p.brackets) == 0 || !p.closeLink() {
		p.pos++
	}
}

// closeLink removes the last bracket, and reads the end of what began there. It reports false if that is text.
func (p *inlineParser) closeLink() bool {
	n := len(p.brackets) - 1
	b := p.brackets[n]
	p.brackets = p.brackets[:n]
	linkless := n < p.linkless
	p.linkless = min(p.linkless, n)
	if linkless && !b.image {
		return false
	}
	target, width := linkTarget(p.s[p.pos+1:])
	if width == 0 {
		return false
	}
	url, ok := SafeURL(target)
	if !ok {
		url, ok = resolve(p.base, target)
	}
	if !ok && p.pos == b.after {
		return false // there is neither a label nor an address to show
	}
	p.flush()
	p.pair(b.delims)
	open := &p.tokens[b.token]
	open.text = ""
	width++
	if b.image || ok {
		open.kind, open.url = tokenImage, url
		if !b.image {
			open.kind, p.linkless = tokenOpen, n
		}
		p.emit(tokenClose, "", "", width)
		return true
	}
	label := ""
	if strings.EqualFold(target, "reply:") {
		label = p.label(b.token)
	}
	if label != "" {
		open.kind, open.text = tokenReply, label
		p.tokens = p.tokens[:b.token+1]
	} else {
		p.linkless = n
	}
	p.pos += width
	p.start = p.pos
	*p.left--
	return true
}

// label returns the text of the tokens from the given one on, for an answer. It returns "" if the text is empty or too
// long.
func (p *inlineParser) label(from int) string {
	var label []byte
	for i := from; i < len(p.tokens); i++ {
		step(1 + len(p.tokens[i].text))
		label = append(label, p.tokens[i].text...)
	}
	s := joinFields(WithoutHidden(string(label)))
	if utf8.RuneCountInString(s) > MaxReply {
		return ""
	}
	return s
}

// linkTarget reads the part of a link after its ]: an address in parentheses, optionally with a title, which is
// ignored. It returns the address and the width of the part, 0 if there is none.
func linkTarget(s string) (target string, width int) {
	if s == "" || s[0] != '(' {
		return "", 0
	}
	begin := skipSpace(s, 1)
	var end, i int
	if begin < len(s) && s[begin] == '<' {
		begin++
		end = pointedEnd(s, begin)
		i = end + 1
	} else {
		end = targetEnd(s, begin)
		i = end
	}
	if end < 0 {
		return "", 0
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

// pointedEnd returns the position of the > that ends the address from s[i] on, or -1.
func pointedEnd(s string, i int) int {
	for ; i < len(s) && s[i] != '\n' && s[i] != '<'; i++ {
		step(1)
		if s[i] == '>' {
			return i
		}
		if s[i] == '\\' && i+1 < len(s) && s[i+1] != '\n' {
			i++
		}
	}
	return -1
}

// maxParens bounds the parentheses inside each other in an address.
const maxParens = 32

// targetEnd returns the position after the address from s[i] on, which ends at a blank or at a parenthesis that it did
// not open, or -1.
func targetEnd(s string, i int) int {
	depth := 0
	for ; i < len(s) && !isBlank(s[i]) && s[i] != '\n'; i++ {
		step(1)
		if s[i] == '\\' && i+1 < len(s) && isASCIIPunct(s[i+1]) {
			i++
		} else if s[i] == '(' {
			if depth++; depth > maxParens {
				return -1
			}
		} else if s[i] == ')' {
			if depth == 0 {
				break
			}
			depth--
		}
	}
	if depth > 0 {
		return -1
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

func skipSpace(s string, i int) int {
	for i < len(s) && (isBlank(s[i]) || s[i] == '\n') {
		step(1)
		i++
	}
	return i
}
