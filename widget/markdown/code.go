package markdown

// maxTicks is the longest run of backticks that may open inline code.
const maxTicks = 32

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
