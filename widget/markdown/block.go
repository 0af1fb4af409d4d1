package markdown

import "strings"

// block is an open container: the document, a quote, a list or an item.
type block struct {
	kind     NodeKind
	children []Node
	marker   byte  // for lists: - + * . )
	start    int   // for ordered lists
	indent   int   // for items: the columns by which further lines are indented
	mark     uint8 // for items
}

// blockParser reads a message line by line. Indentation puts a line into a list item and has no other meaning.
type blockParser struct {
	stack []block // stack[0] is the document
	depth int     // number of quotes and items in the stack
	left  int     // marks that may still be read; see maxMarks

	para   string // the first line of the open paragraph, in the innermost container
	lines  []byte // all of its lines, if there are several
	inPara bool

	inline inlineParser

	inFence     bool // a code block is open, in the innermost container
	fence       byte
	fenceLen    int
	fenceIndent int
	info        string
	code        []byte
}

// line reads one line, without its line end.
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

// match finds the open containers that the line continues, moves c past their marks, and returns their number.
func (p *blockParser) match(c *cursor) int {
	for i := 1; i < len(p.stack); i++ {
		step(1)
		b := &p.stack[i]
		indent, rest := c.indent()
		switch {
		case b.kind == KindQuote && isQuote(rest):
			c.enterQuote(indent)
		case b.kind == KindItem && rest == "":
			// A blank line ends an item without content.
			if i == len(p.stack)-1 && len(b.children) == 0 && !p.inPara && !p.inFence {
				return i
			}
			c.skip(b.indent)
		case b.kind == KindItem && indent >= b.indent:
			c.skip(b.indent)
		case b.kind == KindUnordered || b.kind == KindOrdered:
			// A list continues with its item, or with another item.
		default:
			return i
		}
	}
	return len(p.stack)
}

// closeTo closes all containers but the first n, and the open block in each.
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
		p.add(Node{Kind: b.kind, Mark: b.mark, Start: b.start, Children: b.children})
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
		if text := trimRight(p.para, " \t"); !p.table(text) {
			p.paragraph(text)
		}
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

// paragraph adds a paragraph. At the beginning of an item, it reads the box of a task, [ ] or [x], which is no part of
// the text. A blank must follow it, because [x](…) is a link.
func (p *blockParser) paragraph(s string) {
	top := &p.stack[len(p.stack)-1]
	if top.kind == KindItem && len(top.children) == 0 && len(s) > 4 && s[0] == '[' && s[2] == ']' && (isBlank(s[3]) || s[3] == '\n') {
		switch s[1] {
		case ' ':
			top.mark = ItemOpen
		case 'x', 'X':
			top.mark = ItemDone
		}
		if top.mark != 0 {
			s = s[skipSpace(s, 3):]
		}
	}
	p.addInlines(KindParagraph, s)
}

func (p *blockParser) addInlines(kind NodeKind, s string) {
	if children := p.inline.parse(s, &p.left); len(children) > 0 {
		p.add(Node{Kind: kind, Children: children})
	}
}

// begin prepares the innermost container for a new block. It closes a list, which holds only items.
func (p *blockParser) begin() {
	p.closeLeaf()
	if k := p.stack[len(p.stack)-1].kind; k == KindUnordered || k == KindOrdered {
		p.closeTo(len(p.stack) - 1)
	}
}

// text adds a line to the open paragraph, or begins one.
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

// heading reads a line such as "## Title ##".
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
		return false // a single "#" is text
	}
	p.begin()
	p.addInlines(KindHeading, s)
	return true
}

// rule reads a line of three or more of one of - _ *, with or without blanks between them.
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

// fenceLine reads a line of the open code block.
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

// isQuote reports whether a line begins with the mark of a quote. Unlike in CommonMark a blank must follow it, because
// the emoticons >_< and >:( begin with the same character.
func isQuote(s string) bool {
	n := runLength(s, '>')
	return n > 0 && (n == len(s) || isBlank(s[n]))
}

// openItem begins an item, and a list if the item does not continue one.
func (p *blockParser) openItem(c *cursor, indent int, s string) bool {
	b, width := itemMark(s)
	if width == 0 || p.depth == maxNesting {
		return false
	}
	empty := trim(s[width:], " \t") == ""
	top := p.stack[len(p.stack)-1]
	same := top.kind == b.kind && top.marker == b.marker
	if empty && !same {
		return false // a single "-" or "1." is text
	}
	if p.inPara && b.kind == KindOrdered && b.start != 1 {
		return false // a line of the paragraph that happens to begin with a number
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

// itemMark reads the mark of an item. It returns the list that the item belongs to and the mark's width, 0 if there is
// no mark.
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

// cursor reads a line's indentation by columns, with a tab stop every four.
type cursor struct {
	s    string
	pos  int
	col  int
	over int // unread columns of the tab before pos
}

// indent returns the width of the blanks at the cursor, and the text after them. rest is empty if the line has no more
// text.
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

// skip moves past at most n columns of blanks.
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

// enterQuote moves past an indentation, the mark of a quote, and the blank after it.
func (c *cursor) enterQuote(indent int) {
	c.skip(indent)
	c.pos++
	c.col++
	c.skip(1)
}

// runLength returns the number of times that s begins with c.
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
