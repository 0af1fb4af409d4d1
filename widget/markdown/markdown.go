// Package markdown reads what is said in a chat: a text goes in, and a tree of blocks and inlines comes out, for a view
// to make nodes of. It knows nothing of a chat, a page or HTML.
package markdown

import "unicode/utf8"

// NodeKind says what a [Node] is. Blocks hold blocks or inlines, inlines hold inlines; see each kind.
type NodeKind uint8

// The kinds of nodes. A tree holds no others, so a view that knows these knows them all.
const (
	// Inlines.

	KindText     NodeKind = iota + 1 // Text, without line breaks
	KindBreak                        // a line break
	KindStrong                       // Children are inlines
	KindEmphasis                     // Children are inlines
	KindStrike                       // Children are inlines
	KindCode                         // Text, without line breaks
	KindLink                         // URL, accepted by SafeURL; Children are inlines, never empty, never links

	KindNumber // Text: a number in groups, to be read from left to right in any text

	// Blocks.

	KindParagraph // Children are inlines
	KindHeading   // a line to set in bold; Children are inlines
	KindQuote     // Children are blocks
	KindUnordered // Children are items
	KindOrdered   // Children are items, numbered from Start
	KindItem      // Children are blocks, perhaps none
	KindCodeBlock // Text, with line breaks (none at the end); Info
	KindRule      // a thematic break
	KindPlain     // Text, with line breaks, to be shown as it is: the rest of a message over the limit
)

// Node is one node of a parsed message. Its zero value is no node; the fields that a kind does not name are zero.
type Node struct {
	Kind     NodeKind
	Text     string // KindText, KindCode, KindCodeBlock, KindPlain: as it is to be shown; never HTML
	URL      string // KindLink: absolute; https, http, mailto or tel
	Beside   string // KindLink: the host or address to show beside the label, which reads as another one; mostly empty
	Info     string // KindCodeBlock: the language, the first word after the opening fence; may be empty
	Start    int    // KindOrdered: the number of the first item, 0 to 999999999
	Children []Node
}

const (
	// maxNesting bounds quotes and list items inside each other, and likewise inlines: deeper ones are shown flat.
	maxNesting = 16

	// MaxDepth bounds the height of a tree: lists and their items, a paragraph, inlines, a text.
	MaxDepth = 2*maxNesting + 1 + maxNesting + 1

	// maxMarks bounds the marks (lines, delimiters, brackets, links …) that are looked at in one message, and so the
	// nodes that a view has to make of it: 1 MiB of stars must not become a million elements. No message that a
	// person wants to read comes near it.
	maxMarks = 10_000
)

// Parse reads a message as chat Markdown. It is CommonMark's bold, italic, code, fenced code, lists, quotes,
// headings (#), thematic breaks, links, images (as links), escapes and the common entities, with strike-through (~~),
// bare links, e-mail addresses and phone numbers; and it is what people expect of a chat: a new line is a new line,
// and only a line that says so continues a quote or an item. HTML is text.
//
// It never fails, runs in time linear in the text, and may be called from any goroutine. The text of the tree is at
// most three times as long as the input (a byte that is not UTF-8 becomes U+FFFD), without what stands beside links.
func Parse(text string) []Node {
	return parse(text, maxMarks)
}

// ParseOn is [Parse] for a page of that address: links to other pages of its site may be relative.
func ParseOn(page, text string) []Node {
	p := Parser{Page: page}
	return p.Parse(text)
}

func parse(text string, marks int) []Node {
	var p blockParser
	return p.parse(text, marks)
}

// Parser reads messages, one after the other, and keeps what it needs on the way for the next one. The zero value works.
// It must not be used by two goroutines at once.
type Parser struct {
	Page   string // the address of the page, on whose site links may be relative; empty: on none
	blocks blockParser
}

// Parse is [Parse], on the parser's page.
func (p *Parser) Parse(text string) []Node {
	p.blocks.inline.base = p.Page
	return p.blocks.parse(text, maxMarks)
}

// parse may be called again: what it needs on the way is kept for that.
func (p *blockParser) parse(text string, marks int) []Node {
	text = cleanText(text)
	p.left, p.stack = marks, append(p.stack[:0], block{})
	for rest := text; rest != ""; {
		step(1)
		if p.left <= 0 && !p.inFence {
			p.closeTo(1)
			p.closeLeaf()
			if rest = trim(rest, "\n"); rest != "" {
				p.add(Node{Kind: KindPlain, Text: rest})
			}
			break
		}
		line := rest
		if i := indexByte(rest, '\n'); i >= 0 {
			line, rest = rest[:i], rest[i+1:]
		} else {
			rest = ""
		}
		p.line(line)
	}
	p.closeTo(1)
	p.closeLeaf()
	nodes := p.stack[0].children
	if len(nodes) == 0 {
		// Nothing that was said may vanish, whatever its marks made of it.
		if text = trimSpace(text); text != "" {
			nodes = []Node{{Kind: KindPlain, Text: text}}
		}
	}
	return nodes
}

// cleanText makes every line end "\n", drops the other control characters but the tab, and makes the text valid UTF-8.
func cleanText(s string) string {
	plain := 0
	for plain < len(s) && (s[plain] >= ' ' && s[plain] < 0x7F || s[plain] == '\n' || s[plain] == '\t') {
		step(1)
		plain++
	}
	if plain == len(s) {
		return s
	}
	step(len(s))
	dirty := !utf8.ValidString(s)
	for i := plain; i < len(s) && !dirty; i++ {
		step(1)
		// U+0080 to U+009F are 0xC2 and a byte below 0xA0; in valid UTF-8, 0xC2 is not the last byte.
		dirty = isControl(s[i]) || s[i] == 0xC2 && s[i+1] < 0xA0
	}
	if !dirty {
		return s
	}
	out := make([]byte, 0, len(s))
	for i, r := range s {
		step(1)
		switch {
		case r == '\r':
			if i+1 == len(s) || s[i+1] != '\n' {
				out = append(out, '\n')
			}
		case r < 0x80 && isControl(byte(r)), r >= 0x80 && r < 0xA0:
		default:
			out = utf8.AppendRune(out, r)
		}
	}
	return string(out)
}

// isControl reports whether c is an ASCII control character other than the tab and the new line.
func isControl(c byte) bool {
	return c < ' ' && c != '\n' && c != '\t' || c == 0x7F
}
