package markdown

import "strings"

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
