package widget

import (
	"strings"
	"unicode/utf8"
)

// maxTicks is the longest run of backticks that may open inline code.
const maxTicks = 32

type tokenKind uint8

const (
	tokenText  tokenKind = iota // text, with emphasis that ends before it and begins after it
	tokenBreak                  // a line break
	tokenCode                   // text
	tokenAuto                   // a link that is its own label: text, url
	tokenOpen                   // a link begins: url
	tokenImage                  // a picture begins: url, empty where it is not allowed
	tokenClose                  // the link or picture ends
)

// token is a piece of a paragraph. The pieces come from one walk through the text (inlineParser), and become nodes
// in a second one (treeBuilder).
type token struct {
	kind   tokenKind
	text   string
	url    string
	closes []NodeKind // innermost first
	opens  []NodeKind // innermost first
}

// delimiter is a run of * or _ or ~~ that may begin or end emphasis.
type delimiter struct {
	token  int
	char   byte
	length int // as written
	left   int // not yet used
	opens  bool
	closes bool
}

// bracket is a [ or ![ that waits for its ].
type bracket struct {
	token  int
	delims int // delimiters before it
	after  int // the position after it
	image  bool
}

type inlineParser struct {
	s     string
	pos   int
	start int // text from here to pos has no token yet
	left  *int

	tokens   []token
	delims   []delimiter
	brackets []bracket
	barren   int // brackets below this index can only begin pictures: links hold no links

	ticksKnown bool
	ticks      [maxTicks + 1]int // where the last run of so many backticks begins
}

// parseInlines reads the text of a paragraph, whose lines have no blanks before them. It takes off left what it uses of it.
func parseInlines(s string, left *int) []Node {
	p := inlineParser{s: s, left: left}
	p.scan()
	p.pair(0)
	b := treeBuilder{left: left, stack: make([]Node, 1, 4)}
	return b.build(p.tokens)
}

func (p *inlineParser) scan() {
	for p.pos < len(p.s) {
		c := p.s[p.pos]
		if *p.left <= 0 && c != '\n' {
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
			p.autolink()
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
func (p *inlineParser) emit(t token, width int) {
	p.flush()
	p.tokens = append(p.tokens, t)
	p.pos += width
	p.start = p.pos
	*p.left--
}

func (p *inlineParser) lineBreak() {
	end := p.pos
	for p.pos > p.start && isBlank(p.s[p.pos-1]) {
		p.pos--
	}
	p.flush()
	p.pos, p.start = end, end
	p.emit(token{kind: tokenBreak}, 1)
}

func (p *inlineParser) escape() {
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

// code takes inline code: text between two runs of equally many backticks.
func (p *inlineParser) code() {
	if !p.ticksKnown {
		p.ticksKnown = true
		for i := p.pos; i < len(p.s); {
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
		end += strings.IndexByte(p.s[end:], '`')
		m := runLength(p.s[end:], '`')
		if m == n {
			break
		}
		end += m
	}
	text := strings.ReplaceAll(p.s[begin:end], "\n", " ")
	if k := len(text); k > 2 && text[0] == ' ' && text[k-1] == ' ' && strings.Trim(text, " ") != "" {
		text = text[1 : k-1]
	}
	p.emit(token{kind: tokenCode, text: text}, end+n-p.pos)
}

// delimiters takes a run of c, and decides by its neighbours whether it may begin or end emphasis. CommonMark's rule
// that marks stick to words fails where words are not spaced: beside Chinese, Japanese or Korean letters it is enough
// that there is no blank inside.
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
	left := !isSpace(after) && (rightWord || !leftWord || isCJK(before))
	right := !isSpace(before) && (leftWord || !rightWord || isCJK(after))
	opens, closes := left, right
	if c == '_' {
		opens = left && (!right || isPunct(before))
		closes = right && (!left || isPunct(after))
	}
	if !opens && !closes {
		p.pos += n
		return
	}
	p.flush()
	p.delims = append(p.delims, delimiter{token: len(p.tokens), char: c, length: n, left: n, opens: opens, closes: closes})
	p.emit(token{text: p.s[p.pos : p.pos+n]}, n)
}

// pair matches the delimiters from the given one on, and forgets them. What fits no partner stays text. For each sort
// of closing delimiter it keeps how far down the stack the search was in vain, which makes the whole linear.
func (p *inlineParser) pair(from int) {
	delims := p.delims[from:]
	p.delims = p.delims[:from]
	var stack []int
	var floor [13]int
	for i := range delims {
		d := &delims[i]
		for d.closes && d.left > 0 {
			key := 12
			switch {
			case d.char == '*':
				key = d.length % 3
			case d.char == '_':
				key = 3 + d.length%3
			}
			if key < 12 && d.opens {
				key += 6
			}
			j := len(stack) - 1
			for j >= floor[key] && !delims[stack[j]].fits(d) {
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
			p.tokens[o.token].opens = append(p.tokens[o.token].opens, kind)
			p.tokens[d.token].closes = append(p.tokens[d.token].closes, kind)
			if o.left > 0 {
				j++
			}
			stack = stack[:j]
			for k := range floor {
				floor[k] = min(floor[k], j)
			}
		}
		if d.opens && d.left > 0 {
			stack = append(stack, i)
		}
	}
	for _, d := range delims {
		t := &p.tokens[d.token]
		t.text = t.text[:d.left]
	}
}

// fits reports whether o may begin the emphasis that d ends: CommonMark's rules 9 and 10 of emphasis.
func (o *delimiter) fits(d *delimiter) bool {
	return o.char == d.char &&
		(!o.closes && !d.opens || o.char == '~' || d.length%3 == 0 || (o.length+d.length)%3 != 0)
}

func (p *inlineParser) openBracket(width int) {
	p.flush()
	p.brackets = append(p.brackets, bracket{
		token: len(p.tokens), delims: len(p.delims), after: p.pos + width, image: width == 2,
	})
	p.emit(token{text: p.s[p.pos : p.pos+width]}, width)
}

func (p *inlineParser) closeBracket() {
	n := len(p.brackets) - 1
	if n < 0 {
		p.pos++
		return
	}
	b := p.brackets[n]
	p.brackets = p.brackets[:n]
	barren := n < p.barren
	p.barren = min(p.barren, n)
	if barren && !b.image {
		p.pos++
		return
	}
	target, width := linkTarget(p.s[p.pos+1:])
	if width == 0 {
		p.pos++
		return
	}
	url, ok := SafeURL(target)
	if !ok && p.pos == b.after {
		// Neither a label nor an address to show: leave what was written.
		p.pos++
		return
	}
	p.flush()
	p.pair(b.delims)
	open := &p.tokens[b.token]
	open.text = ""
	if !b.image {
		p.barren = n
	}
	width++
	switch {
	case b.image:
		open.kind, open.url = tokenImage, url
		p.emit(token{kind: tokenClose}, width)
	case ok:
		open.kind, open.url = tokenOpen, url
		p.emit(token{kind: tokenClose}, width)
	default:
		p.pos += width
		p.start = p.pos
		*p.left--
	}
}

// autolink takes <https://…> and <name@host>.
func (p *inlineParser) autolink() {
	rest := p.s[p.pos+1:]
	end := strings.IndexAny(rest, "<> \t\n")
	if end <= 0 || rest[end] != '>' {
		p.pos++
		return
	}
	label := rest[:end]
	if scheme := schemeLength(label); scheme > 0 {
		if url, ok := SafeURL(label); ok {
			p.emit(token{kind: tokenAuto, text: label, url: url}, end+2)
		} else {
			p.emit(token{text: p.s[p.pos : p.pos+end+2]}, end+2)
		}
		return
	}
	if isEmail(label) {
		p.emit(token{kind: tokenAuto, text: label, url: "mailto:" + label}, end+2)
		return
	}
	p.pos++
}

func (p *inlineParser) entity() {
	text, width := entity(p.s[p.pos:])
	if width == 0 {
		p.pos++
		return
	}
	p.emit(token{text: text}, width)
}

func (p *inlineParser) bareLink() {
	label, url := bareLink(p.s, p.pos)
	if label == "" {
		p.pos++
		return
	}
	p.emit(token{kind: tokenAuto, text: unescape(label), url: url}, len(label))
}

// treeBuilder makes nodes of tokens.
type treeBuilder struct {
	stack []Node // the open nodes; the first one is the root
	flat  int    // open nodes that are shown flat: too deep, or within a picture's words
	links int    // open links and pictures
	text  []byte // words that have no node yet
	left  *int
}

func (b *treeBuilder) build(tokens []token) []Node {
	for i := range tokens {
		t := &tokens[i]
		switch t.kind {
		case tokenBreak:
			b.add(Node{Kind: KindBreak})
		case tokenCode:
			b.add(Node{Kind: KindCode, Text: t.text})
		case tokenAuto:
			if b.links > 0 {
				b.text = append(b.text, t.text...)
			} else {
				b.add(Node{Kind: KindLink, URL: t.url, Children: []Node{{Kind: KindText, Text: t.text}}})
			}
		case tokenOpen:
			b.open(KindLink, t.url)
		case tokenImage:
			b.open(kindImage, t.url)
		case tokenClose:
			b.close()
		case tokenText:
			for range t.closes {
				b.close()
			}
			b.text = append(b.text, t.text...)
			for j := len(t.opens) - 1; j >= 0; j-- {
				b.open(t.opens[j], "")
			}
		}
	}
	b.flush()
	return b.stack[0].Children
}

// kindImage marks a picture while its words are collected; it becomes a link.
const kindImage NodeKind = 255

func (b *treeBuilder) open(kind NodeKind, url string) {
	if b.flat > 0 || len(b.stack) > maxNesting || b.stack[len(b.stack)-1].Kind == kindImage {
		b.flat++
		return
	}
	b.flush()
	if kind == KindLink || kind == kindImage {
		b.links++
	}
	b.stack = append(b.stack, Node{Kind: kind, URL: url})
}

func (b *treeBuilder) close() {
	if b.flat > 0 {
		b.flat--
		return
	}
	b.flush()
	n := b.stack[len(b.stack)-1]
	b.stack = b.stack[:len(b.stack)-1]
	if n.Kind == KindLink || n.Kind == kindImage {
		b.links--
	}
	if n.Kind == kindImage {
		label := strings.ReplaceAll(PlainText(n.Children), "\n", " ")
		if n.URL == "" || b.links > 0 {
			b.text = append(b.text, label...)
			return
		}
		n.Kind, n.Children = KindLink, []Node{{Kind: KindText, Text: label}}
	}
	if n.Kind == KindLink && strings.TrimSpace(PlainText(n.Children)) == "" {
		n.Children = []Node{{Kind: KindText, Text: n.URL}}
	}
	b.add(n)
}

func (b *treeBuilder) add(n Node) {
	b.flush()
	top := &b.stack[len(b.stack)-1]
	top.Children = append(top.Children, n)
}

// flush makes nodes of the words so far.
func (b *treeBuilder) flush() {
	if len(b.text) == 0 {
		return
	}
	top := &b.stack[len(b.stack)-1]
	if s := string(b.text); b.links > 0 {
		top.Children = append(top.Children, Node{Kind: KindText, Text: s})
	} else {
		top.Children = linkWords(top.Children, s, b.left)
	}
	b.text = b.text[:0]
}
