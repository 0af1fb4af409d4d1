package markdown

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
