package markdown

import (
	"strings"
	"unicode/utf8"
)

// maxTicks is the longest run of backticks that may open inline code.
const maxTicks = 32

type tokenKind uint8

const (
	tokenText  tokenKind = iota // text; emphasis may end before it and begin after it
	tokenBreak                  // a line break: text, a blank to show where none is allowed
	tokenCode                   // inline code: text
	tokenAuto                   // an autolink or bare link: text, url
	tokenOpen                   // begin of a link: url
	tokenImage                  // begin of an image: url, empty if it is not allowed
	tokenClose                  // end of the link or image
	tokenReply                  // an answer: text
)

// token is a piece of a paragraph. inlineParser makes tokens of the text, and treeBuilder makes nodes of the tokens.
type token struct {
	kind   tokenKind
	text   string
	url    string
	closes []NodeKind // innermost first
	opens  []NodeKind // innermost first
}

// bracket is a [ or ![ whose ] was not read yet.
type bracket struct {
	token  int
	delims int // number of delimiters before it
	after  int // the position after it
	image  bool
}

type inlineParser struct {
	base string // the page's address, for relative links; empty: they are not allowed

	s     string
	pos   int
	start int // the text from here to pos has no token yet
	left  *int

	tokens          []token
	delims          []delimiter
	openers         []int // delimiters without a partner
	brackets        []bracket
	formula         int    // end of the current formula, which is shown as written
	noFormulaBefore [3]int // per sort of formula: none begins before this position
	linkless        int    // brackets below this index can only begin images: a link must not contain a link

	ticksKnown bool
	ticks      [maxTicks + 1]int // position of the last run of each length

	tree treeBuilder
}

// parse reads the text of a paragraph, whose lines have no leading blanks. It subtracts the marks that it reads from
// left.
func (p *inlineParser) parse(s string, left *int) []Node {
	p.s, p.pos, p.start, p.left, p.linkless, p.ticksKnown, p.formula, p.noFormulaBefore = s, 0, 0, left, 0, false, 0, [3]int{}
	p.tokens, p.delims, p.brackets = p.tokens[:0], p.delims[:0], p.brackets[:0]
	p.scan()
	p.pair(0)
	return p.tree.build(p.tokens, left)
}

// special are the bytes that may have a meaning.
var special = [256]bool{'\n': true, '\\': true, '$': true, '`': true, '*': true, '_': true, '~': true, '[': true, '!': true, ']': true,
	'<': true, '&': true, 'h': true, 'H': true, 'w': true, 'W': true}

// scan makes tokens of the whole text.
func (p *inlineParser) scan() {
	for p.pos < len(p.s) {
		step(1)
		c := p.s[p.pos]
		if !special[c] {
			p.pos++
			continue
		}
		if (*p.left <= 0 || p.pos < p.formula) && c != '\n' {
			p.pos++
			continue
		}
		switch c {
		case '\n':
			p.lineBreak()
		case '\\':
			p.escape()
		case '`':
			p.code()
		case '$':
			if !p.openFormula(2, "$$") {
				p.pos++
			}
		case '*', '_', '~':
			p.delimiters(c)
		case '[':
			p.openBracket(1)
		case '!':
			if strings.HasPrefix(p.s[p.pos:], "![") {
				p.openBracket(2)
			} else {
				p.pos++
			}
		case ']':
			p.closeBracket()
		case '<':
			if !p.htmlBreak() {
				p.autolink()
			}
		case '&':
			p.entity()
		case 'h', 'H', 'w', 'W':
			p.bareLink()
		default:
			p.pos++
		}
	}
	p.flush()
}

// flush makes a token of the text up to pos.
func (p *inlineParser) flush() {
	if p.start < p.pos {
		p.tokens = append(p.tokens, token{text: p.s[p.start:p.pos]})
		p.start = p.pos
	}
}

// emit appends a token for the next width bytes.
func (p *inlineParser) emit(kind tokenKind, text, url string, width int) {
	p.flush()
	p.tokens = append(p.tokens, token{kind: kind, text: text, url: url})
	p.pos += width
	p.start = p.pos
	*p.left--
}

func (p *inlineParser) lineBreak() {
	end := p.pos
	for p.pos > p.start && isBlank(p.s[p.pos-1]) {
		step(1)
		p.pos--
	}
	p.flush()
	p.pos, p.start = end, end
	p.emit(tokenBreak, " ", "", 1)
}

// htmlBreak reads <br>, <br/> or <br />, which language models write for a line break; other HTML is text. Together
// with surrounding blanks and a line end after it, it is one break. At the edge of a paragraph it is none.
func (p *inlineParser) htmlBreak() bool {
	rest := p.s[p.pos:]
	width := 0
	for _, tag := range [...]string{"<br>", "<br/>", "<br />"} {
		step(1)
		if len(rest) >= len(tag) && strings.EqualFold(rest[:len(tag)], tag) {
			width = len(tag)
		}
	}
	if width == 0 {
		return false
	}
	end := p.pos + width
	for end < len(p.s) && isBlank(p.s[end]) {
		step(1)
		end++
	}
	begin := p.pos
	for p.pos > p.start && isBlank(p.s[p.pos-1]) {
		step(1)
		p.pos--
	}
	p.flush()
	p.pos, p.start = begin, begin
	if len(p.tokens) > 0 && end < len(p.s) && p.s[end] != '\n' {
		p.emit(tokenBreak, " ", "", width)
	}
	p.pos, p.start = end, end
	return true
}

// escape reads a backslash: a formula, a line break, or an escaped character.
func (p *inlineParser) escape() {
	if p.openFormula(0, `\(`) || p.openFormula(1, `\[`) {
		return
	}
	p.pos++
	if p.pos == len(p.s) {
		return
	}
	if c := p.s[p.pos]; c == '\n' || isASCIIPunct(c) {
		p.pos--
		p.flush()
		p.pos++
		p.start = p.pos
		*p.left--
		if c == '\n' {
			p.lineBreak()
		} else {
			p.pos++
		}
	}
}

// formulaEnds are the ends of the sorts of formulas that language models write: \( … \), \[ … \] and $$ … $$.
var formulaEnds = [...]string{`\)`, `\]`, "$$"}

// openFormula finds the end of the formula that begins with mark, and reports whether there is one. In CommonMark these
// marks are escaped brackets; an escaped [ that begins what would be a link still is one.
func (p *inlineParser) openFormula(sort int, mark string) bool {
	if !strings.HasPrefix(p.s[p.pos:], mark) || p.pos < p.noFormulaBefore[sort] {
		return false
	}
	for i := p.pos + 2; i+1 < len(p.s); i++ {
		step(1)
		if strings.HasPrefix(p.s[i:], formulaEnds[sort]) {
			if sort == 1 && strings.HasPrefix(p.s[i+2:], "(") {
				p.noFormulaBefore[sort] = i
				return false
			}
			p.formula = i + 2
			p.pos += 2
			*p.left--
			return true
		}
		if p.s[i] == '\\' {
			i++
		}
	}
	p.noFormulaBefore[sort] = len(p.s)
	return false
}

// code reads inline code: text between two runs of the same number of backticks.
func (p *inlineParser) code() {
	if !p.ticksKnown {
		p.ticksKnown, p.ticks = true, [maxTicks + 1]int{}
		for i := p.pos; i < len(p.s); {
			step(1)
			n := runLength(p.s[i:], '`')
			if n > 0 && n <= maxTicks {
				p.ticks[n] = i
			}
			i += max(n, 1)
		}
	}
	n := runLength(p.s[p.pos:], '`')
	if n > maxTicks || p.ticks[n] <= p.pos {
		p.pos += n
		return
	}
	begin := p.pos + n
	end := begin
	for {
		step(1)
		end += indexByte(p.s[end:], '`')
		m := runLength(p.s[end:], '`')
		if m == n {
			break
		}
		end += m
	}
	text := replace(p.s[begin:end], "\n", " ")
	if k := len(text); k > 2 && text[0] == ' ' && text[k-1] == ' ' && trim(text, " ") != "" {
		text = text[1 : k-1]
	}
	p.emit(tokenCode, text, "", end+n-p.pos)
}

func (p *inlineParser) openBracket(width int) {
	p.flush()
	p.brackets = append(p.brackets, bracket{
		token: len(p.tokens), delims: len(p.delims), after: p.pos + width, image: width == 2,
	})
	p.emit(tokenText, p.s[p.pos:p.pos+width], "", width)
}

// closeBracket reads a ]. With an address after it, it ends a link or image, whose [ becomes a token of that kind.
func (p *inlineParser) closeBracket() {
	n := len(p.brackets) - 1
	if n < 0 {
		p.pos++
		return
	}
	b := p.brackets[n]
	p.brackets = p.brackets[:n]
	linkless := n < p.linkless
	p.linkless = min(p.linkless, n)
	if linkless && !b.image {
		p.pos++
		return
	}
	target, width := linkTarget(p.s[p.pos+1:])
	if width == 0 {
		p.pos++
		return
	}
	url, ok := SafeURL(target)
	if !ok {
		url, ok = resolve(p.base, target)
	}
	if !ok && p.pos == b.after {
		// There is neither a label nor an address to show: keep the source text.
		p.pos++
		return
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
		return
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

func (p *inlineParser) entity() {
	text, width := entity(p.s[p.pos:])
	if width == 0 {
		p.pos++
		return
	}
	p.emit(tokenText, text, "", width)
}

func (p *inlineParser) bareLink() {
	label, url := bareLink(p.s, p.pos)
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
