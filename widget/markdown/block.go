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

// begin prepares the innermost container for a new block. It closes a list, which holds only items.
func (p *blockParser) begin() {
	p.closeLeaf()
	if k := p.stack[len(p.stack)-1].kind; k == KindUnordered || k == KindOrdered {
		p.closeTo(len(p.stack) - 1)
	}
}
