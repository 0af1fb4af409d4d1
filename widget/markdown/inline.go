package markdown

import "strings"

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
	p.s, p.pos, p.start, p.left = s, 0, 0, left
	p.tokens, p.delims, p.brackets, p.linkless = p.tokens[:0], p.delims[:0], p.brackets[:0], 0
	p.formula, p.noFormulaBefore, p.ticksKnown = 0, [3]int{}, false
	p.scan()
	p.pair(0)
	return p.tree.build(p.tokens, left)
}

// special are the bytes that may have a meaning.
var special = [256]bool{
	'\n': true, '\\': true, '$': true, '`': true, '*': true, '_': true, '~': true, '[': true, '!': true, ']': true,
	'<': true, '&': true, 'h': true, 'H': true, 'w': true, 'W': true,
}

// scan makes tokens of the whole text.
func (p *inlineParser) scan() {
	for p.pos < len(p.s) {
		step(1)
		c := p.s[p.pos]
		if !special[c] || (*p.left <= 0 || p.pos < p.formula) && c != '\n' {
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

// flushLine makes a token of the text up to pos, without the blanks at its end.
func (p *inlineParser) flushLine() {
	end := p.pos
	for p.pos > p.start && isBlank(p.s[p.pos-1]) {
		step(1)
		p.pos--
	}
	p.flush()
	p.pos, p.start = end, end
}

func (p *inlineParser) lineBreak() {
	p.flushLine()
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
	p.flushLine()
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

func (p *inlineParser) entity() {
	text, width := entity(p.s[p.pos:])
	if width == 0 {
		p.pos++
		return
	}
	p.emit(tokenText, text, "", width)
}
