package markdown

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
		columns := min(n, c.over)
		c.over -= columns
		c.col += columns
		n -= columns
	}
}

// enterQuote moves past an indentation, the mark of a quote, and the blank after it.
func (c *cursor) enterQuote(indent int) {
	c.skip(indent)
	c.pos++
	c.col++
	c.skip(1)
}
