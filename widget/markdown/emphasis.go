package markdown

import "unicode/utf8"

// delimiter is a run of * or _ or ~~ that may begin or end emphasis.
type delimiter struct {
	token  int
	char   byte
	length int // of the whole run
	left   int // the part without a partner yet
	opens  bool
	closes bool
}

const zeroWidthSpace = '\u200B'

// delimiters reads a run of c. Its neighbours decide whether it may begin or end emphasis. CommonMark's rule, which
// looks for the edges of words, fails in scripts without spaces: beside a letter or punctuation of such a script it is
// enough that no blank follows inside. Thai and its neighbours separate words by zero width spaces.
func (p *inlineParser) delimiters(c byte) {
	n := runLength(p.s[p.pos:], c)
	if c == '~' && n != 2 {
		p.pos += n
		return
	}
	before, after := rune(' '), rune(' ')
	if p.pos > 0 {
		before, _ = utf8.DecodeLastRuneInString(p.s[:p.pos])
	}
	if p.pos+n < len(p.s) {
		after, _ = utf8.DecodeRuneInString(p.s[p.pos+n:])
	}
	leftWord := !isSpace(before) && !isPunct(before)
	rightWord := !isSpace(after) && !isPunct(after)
	unspaced := isUnspaced(before) || isUnspaced(after) || before == zeroWidthSpace || after == zeroWidthSpace
	left := !isSpace(after) && (rightWord || !leftWord || unspaced)
	right := !isSpace(before) && (leftWord || !rightWord || unspaced)
	opens, closes := left, right
	if c == '_' {
		opens = left && (!right || isPunct(before) || isUnspaced(before))
		closes = right && (!left || isPunct(after) || isUnspaced(after))
	}
	if !opens && !closes {
		p.pos += n
		return
	}
	p.flush()
	p.delims = append(p.delims, delimiter{token: len(p.tokens), char: c, length: n, left: n, opens: opens, closes: closes})
	p.emit(tokenText, p.s[p.pos:p.pos+n], "", n)
}

// pair matches the delimiters from the given one on, and removes them. A delimiter without a partner stays text. For
// each class of closing delimiters, floor is the depth of the stack down to which no partner was found: it keeps the
// run time linear.
func (p *inlineParser) pair(from int) {
	delims := p.delims[from:]
	p.delims = p.delims[:from]
	stack := p.openers[:0]
	var floor [classes]int
	for i := range delims {
		step(1)
		d := &delims[i]
		for d.closes && d.left > 0 {
			step(1)
			key := d.class()
			j := len(stack) - 1
			for j >= floor[key] && !delims[stack[j]].fits(d) {
				step(1)
				j--
			}
			if j < floor[key] {
				floor[key] = len(stack)
				break
			}
			o := &delims[stack[j]]
			kind, use := KindEmphasis, 1
			if d.char == '~' {
				kind, use = KindStrike, 2
			} else if o.left > 1 && d.left > 1 {
				kind, use = KindStrong, 2
			}
			o.left -= use
			d.left -= use
			p.tokens[o.token].opens = appendKind(p.tokens[o.token].opens, kind)
			p.tokens[d.token].closes = appendKind(p.tokens[d.token].closes, kind)
			if o.left > 0 {
				j++
			}
			stack = stack[:j]
			for k := range floor {
				step(1)
				floor[k] = min(floor[k], j)
			}
		}
		if d.opens && d.left > 0 {
			stack = append(stack, i)
		}
	}
	p.openers = stack[:0]
	for _, d := range delims {
		step(1)
		t := &p.tokens[d.token]
		t.text = t.text[:d.left]
	}
}

// singleKinds holds slices of one kind each, which most delimiters need, to avoid allocations.
var singleKinds = [...]NodeKind{KindStrong, KindEmphasis, KindStrike}

func appendKind(kinds []NodeKind, kind NodeKind) []NodeKind {
	if kinds == nil {
		i := kind - KindStrong
		return singleKinds[i : i+1 : i+1]
	}
	return append(kinds, kind)
}

// classes is the number of classes of delimiters.
const classes = 13

// class returns the class of d: two delimiters of one class may end the same emphasis, by the rules of fits.
func (d *delimiter) class() int {
	class := d.length % 3
	switch {
	case d.char == '~':
		return classes - 1
	case d.char == '_':
		class += 3
	}
	if d.opens {
		class += 6
	}
	return class
}

// fits reports whether o may begin the emphasis that d ends, by rules 9 and 10 of CommonMark's section on emphasis.
func (o *delimiter) fits(d *delimiter) bool {
	return o.char == d.char &&
		(!o.closes && !d.opens || o.char == '~' || d.length%3 == 0 || (o.length+d.length)%3 != 0)
}
