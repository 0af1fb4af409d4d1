package markdown

import "strings"

// block is an open container: the document, a quote, a list or an item.
type block struct {
	kind     NodeKind
	children []Node
	marker   byte // of a list: - + * . )
	start    int  // of an ordered list
	indent   int  // of an item: the columns that its further lines are indented by
}

// blockParser takes a message line by line. Indentation puts a line into a list item and means nothing else.
type blockParser struct {
	stack []block // stack[0] is the document
	depth int     // quotes and items in the stack
	left  int     // marks that may still be looked at

	para   string // the first line of the open paragraph, in the innermost container
	lines  []byte // all of them, if there are more
	inPara bool

	inline inlineParser

	inFence     bool // an open code block, in the innermost container
	fence       byte
	fenceLen    int
	fenceIndent int
	info        string
	code        []byte
}

// line takes the next line, given without its end.
func (p *blockParser) line(s string) {
	c := cursor{s: s}
	p.closeTo(p.match(&c))
	if p.inFence {
		p.fenceLine(&c)
		return
	}
	for p.left--; ; p.left-- {
		step(1)
		indent, rest := c.indent()
		switch {
		case rest == "":
			p.closeLeaf()
			return
		case p.heading(rest), p.rule(rest), p.openFence(rest, indent):
			return
		case p.openQuote(&c, indent, rest), p.openItem(&c, indent, rest):
		default:
			p.text(rest)
			return
		}
	}
}

// match follows the open containers into the line, and returns how many of them the line continues.
func (p *blockParser) match(c *cursor) int {
	for i := 1; i < len(p.stack); i++ {
		step(1)
		b := &p.stack[i]
		indent, rest := c.indent()
		switch {
		case b.kind == KindQuote && isQuote(rest):
			c.enterQuote(indent)
		case b.kind == KindItem && rest == "":
			// An item that has nothing yet does not wait for it beyond a blank line.
			if i == len(p.stack)-1 && len(b.children) == 0 && !p.inPara && !p.inFence {
				return i
			}
			c.skip(b.indent)
		case b.kind == KindItem && indent >= b.indent:
			c.skip(b.indent)
		case b.kind == KindUnordered || b.kind == KindOrdered:
			// A list goes on as long as its item does, or another one follows.
		default:
			return i
		}
	}
	return len(p.stack)
}

// closeTo closes the containers beyond the first n, and what is open in them.
func (p *blockParser) closeTo(n int) {
	for len(p.stack) > n {
		step(1)
		p.closeLeaf()
		b := p.stack[len(p.stack)-1]
		p.stack = p.stack[:len(p.stack)-1]
		switch b.kind {
		case KindQuote:
			p.depth--
			if len(b.children) == 0 {
				b.kind, b.children = KindParagraph, []Node{{Kind: KindText, Text: ">"}}
			}
		case KindItem:
			p.depth--
		}
		p.add(Node{Kind: b.kind, Start: b.start, Children: b.children})
	}
}

// closeLeaf closes the open paragraph or code block.
func (p *blockParser) closeLeaf() {
	if p.inPara {
		p.inPara = false
		if len(p.lines) > 0 {
			step(len(p.lines))
			p.para, p.lines = string(p.lines), p.lines[:0]
		}
		p.addInlines(KindParagraph, trimRight(p.para, " \t"))
	}
	if p.inFence {
		p.inFence = false
		step(len(p.code))
		p.add(Node{Kind: KindCodeBlock, Info: p.info, Text: strings.TrimSuffix(string(p.code), "\n")})
		p.code = p.code[:0]
	}
}

// add appends a node to the innermost container.
func (p *blockParser) add(n Node) {
	top := &p.stack[len(p.stack)-1]
	top.children = append(top.children, n)
}

func (p *blockParser) addInlines(kind NodeKind, s string) {
	if children := p.inline.parse(s, &p.left); len(children) > 0 {
		p.add(Node{Kind: kind, Children: children})
	}
}

// begin makes the innermost container ready for a new block: it may not be a list, which holds items only.
func (p *blockParser) begin() {
	p.closeLeaf()
	if k := p.stack[len(p.stack)-1].kind; k == KindUnordered || k == KindOrdered {
		p.closeTo(len(p.stack) - 1)
	}
}

func (p *blockParser) text(s string) {
	if !p.inPara {
		p.begin()
		p.inPara, p.para = true, s
		return
	}
	if len(p.lines) == 0 {
		p.lines = append(p.lines, p.para...)
	}
	step(len(s))
	p.lines = append(append(p.lines, '\n'), s...)
}

// heading takes a line such as "## Title ##".
func (p *blockParser) heading(s string) bool {
	n := runLength(s, '#')
	if n == 0 || n > 6 || n < len(s) && !isBlank(s[n]) {
		return false
	}
	s = trim(s[n:], " \t")
	if t := trimRight(s, "#"); t == "" || isBlank(t[len(t)-1]) {
		s = trimRight(t, " \t")
	}
	if s == "" {
		return false // somebody typed "#"
	}
	p.begin()
	p.addInlines(KindHeading, s)
	return true
}

// rule takes a line of three or more of one of - _ *, perhaps spaced.
func (p *blockParser) rule(s string) bool {
	if s[0] != '-' && s[0] != '_' && s[0] != '*' {
		return false
	}
	n := 0
	for i := 0; i < len(s); i++ {
		step(1)
		if s[i] == s[0] {
			n++
		} else if !isBlank(s[i]) {
			return false
		}
	}
	if n < 3 {
		return false
	}
	p.begin()
	p.add(Node{Kind: KindRule})
	return true
}

func (p *blockParser) openFence(s string, indent int) bool {
	n := runLength(s, s[0])
	if n < 3 || s[0] != '`' && s[0] != '~' || s[0] == '`' && indexByte(s[n:], '`') >= 0 {
		return false
	}
	p.begin()
	info := trim(s[n:], " \t")
	if i := indexAny(info, " \t"); i >= 0 {
		info = info[:i]
	}
	p.inFence, p.fence, p.fenceLen, p.fenceIndent, p.info = true, s[0], n, indent, unescape(info)
	return true
}

func (p *blockParser) fenceLine(c *cursor) {
	if _, rest := c.indent(); rest != "" && rest[0] == p.fence {
		n := runLength(rest, p.fence)
		if n >= p.fenceLen && trim(rest[n:], " \t") == "" {
			p.closeLeaf()
			return
		}
	}
	c.skip(p.fenceIndent)
	for ; c.over > 0; c.over-- {
		step(1)
		p.code = append(p.code, ' ')
	}
	step(len(c.s) - c.pos)
	p.code = append(p.code, c.s[c.pos:]...)
	p.code = append(p.code, '\n')
}

func (p *blockParser) openQuote(c *cursor, indent int, s string) bool {
	if !isQuote(s) || p.depth == maxNesting {
		return false
	}
	p.begin()
	c.enterQuote(indent)
	p.stack = append(p.stack, block{kind: KindQuote})
	p.depth++
	return true
}

// isQuote reports whether a line begins with the mark of a quote. Unlike in CommonMark a blank must follow,
// or the emoticons >_< and >:( would be quotes.
func isQuote(s string) bool {
	n := runLength(s, '>')
	return n > 0 && (n == len(s) || isBlank(s[n]))
}

func (p *blockParser) openItem(c *cursor, indent int, s string) bool {
	b, width := itemMark(s)
	if width == 0 || p.depth == maxNesting {
		return false
	}
	empty := trim(s[width:], " \t") == ""
	top := p.stack[len(p.stack)-1]
	same := top.kind == b.kind && top.marker == b.marker
	if empty && !same {
		return false // somebody typed "-" or "1."
	}
	if p.inPara && b.kind == KindOrdered && b.start != 1 {
		return false // a line of text that happens to begin with a number
	}
	if same {
		p.closeLeaf()
	} else {
		p.begin()
		p.stack = append(p.stack, b)
	}
	c.skip(indent)
	c.pos += width
	c.col += width
	gap, rest := c.indent()
	if gap > 4 || rest == "" {
		gap = 1
	}
	c.skip(gap)
	p.stack = append(p.stack, block{kind: KindItem, indent: indent + width + gap})
	p.depth++
	return true
}

// itemMark reads the mark that begins an item, and returns the list it belongs to and the mark's width, 0 for none.
func itemMark(s string) (list block, width int) {
	switch s[0] {
	case '-', '+', '*':
		list.kind = KindUnordered
	default:
		for ; width < len(s) && isDigit(s[width]); width++ {
			step(1)
			if width == 9 {
				return list, 0
			}
			list.start = list.start*10 + int(s[width]-'0')
		}
		if width == 0 || width == len(s) || s[width] != '.' && s[width] != ')' {
			return list, 0
		}
		list.kind = KindOrdered
	}
	list.marker = s[width]
	if width++; width < len(s) && !isBlank(s[width]) {
		return list, 0
	}
	return list, width
}

// cursor walks through a line's indentation by columns, with tab stops every four.
type cursor struct {
	s    string
	pos  int
	col  int
	over int // columns of the tab before pos that are not used up yet
}

// indent returns the width of the blanks ahead and what follows them, the line's last blanks included only if other text is.
func (c *cursor) indent() (width int, rest string) {
	width = c.over
	for i := c.pos; i < len(c.s); i++ {
		step(1)
		switch c.s[i] {
		case ' ':
			width++
		case '\t':
			width += 4 - (c.col+width)%4
		default:
			return width, c.s[i:]
		}
	}
	return width, ""
}

// skip goes over blanks, n columns of them at most.
func (c *cursor) skip(n int) {
	for n > 0 {
		step(1)
		if c.over == 0 {
			if c.pos == len(c.s) || !isBlank(c.s[c.pos]) {
				return
			}
			c.over = 1
			if c.s[c.pos] == '\t' {
				c.over = 4 - c.col%4
			}
			c.pos++
		}
		step := min(n, c.over)
		c.over -= step
		c.col += step
		n -= step
	}
}

// enterQuote goes over the mark of a quote, indented by so many columns, and the blank after it.
func (c *cursor) enterQuote(indent int) {
	c.skip(indent)
	c.pos++
	c.col++
	c.skip(1)
}

// runLength returns how often c stands at the start of s.
func runLength(s string, c byte) int {
	n := 0
	for n < len(s) && s[n] == c {
		step(1)
		n++
	}
	return n
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }
func isDigit(c byte) bool { return c >= '0' && c <= '9' }
