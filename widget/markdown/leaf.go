package markdown

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

// paragraph adds a paragraph. At the beginning of an item, it reads the box of a task, [ ] or [x], which is no part of
// the text. A blank must follow it, because [x](…) is a link.
func (p *blockParser) paragraph(s string) {
	top := &p.stack[len(p.stack)-1]
	begins := top.kind == KindItem && len(top.children) == 0
	if begins && len(s) > 4 && s[0] == '[' && s[2] == ']' && (isBlank(s[3]) || s[3] == '\n') {
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
