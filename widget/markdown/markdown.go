// Package markdown parses chat messages. [Parse] turns a text into a tree of blocks and inlines ([Node]), from which a
// view makes its elements; [PlainText] turns the tree into text without marks. The package is independent of the chat,
// of the page and of HTML.
//
// The dialect is a subset of CommonMark with some additions that are usual in chats; see [Parse]. Addresses of links
// are restricted by [SafeURL].
package markdown

import "unicode/utf8"

// NodeKind is the kind of a [Node]. The comments name the fields that it uses, and the kinds of its children.
type NodeKind uint8

// The kinds of nodes. A tree has no others.
const (
	// Inlines.

	KindText     NodeKind = iota + 1 // Text, without line breaks
	KindBreak                        // a line break
	KindStrong                       // Children are inlines
	KindEmphasis                     // Children are inlines
	KindStrike                       // Children are inlines
	KindCode                         // Text, without line breaks
	KindLink                         // URL, accepted by SafeURL; Children are inlines other than links, at least one
	KindImage                        // URL, accepted by SafeURL, https or http; Children are the description, as of a link
	KindReply                        // Text: the label of an answer that the visitor may give

	KindNumber // Text: digits in groups, to be shown from left to right in any text

	// Blocks.

	KindParagraph // Children are inlines
	KindHeading   // a heading of any level; Children are inlines
	KindQuote     // Children are blocks
	KindUnordered // Children are items
	KindOrdered   // Children are items, numbered from Start
	KindItem      // Children are blocks, possibly none; Mark
	KindTable     // Children are rows, the header first; all have the same number of cells
	KindRow       // Children are cells
	KindCell      // Children are inlines, possibly none; Mark
	KindCodeBlock // Text, with line breaks but none at the end; Info
	KindRule      // a thematic break
	KindPlain     // Text, with line breaks, to be shown as it is: the part of a message above a limit
)

// Node is one node of a parsed message. Fields that its kind does not use are zero.
type Node struct {
	Kind     NodeKind
	Mark     uint8  // KindItem: ItemOpen, ItemDone, 0 for no task; KindCell: CellLeft, CellCenter, CellRight, or 0
	Text     string // KindText, KindReply, KindNumber, KindCode, KindCodeBlock, KindPlain: plain text, not HTML
	URL      string // KindLink, KindImage: absolute; https, http, mailto or tel
	Beside   string // KindLink, KindImage: the host or address to show beside a label that reads as another; usually empty
	Info     string // KindCodeBlock: the language, the first word after the opening fence; may be empty
	Start    int    // KindOrdered: the number of the first item, 0 to 999999999
	Children []Node
}

// The values of Mark in a [Node].
const (
	ItemOpen = 1 // a task that is to be done: [ ]
	ItemDone = 2 // a task that is done: [x]

	CellLeft   = 1 // the alignment of a column
	CellCenter = 2
	CellRight  = 3
)

// The bounds of the answers that a message may offer. The label of a further or longer one is text.
const (
	MaxReplies = 8  // in a message
	MaxReply   = 40 // characters of a label
)

const (
	// maxColumns and maxRows bound a table; the header is not counted. A larger one is shown as text.
	maxColumns = 20
	maxRows    = 200

	// maxNesting bounds the nesting of quotes and list items, and that of inlines. What is nested deeper is shown
	// without its marks.
	maxNesting = 16

	// maxMarks bounds the marks (lines, delimiters, brackets, links …) that are read of one message, and so the nodes
	// of the tree: 1 MiB of stars must not become a million elements. Messages of people and models stay far below it.
	maxMarks = 10_000
)

// Parse parses a message. It reads these parts of CommonMark: bold, italic, code, fenced code, lists, quotes, headings
// (#), thematic breaks, links, images, escapes and the common entities. It adds tables and tasks as on GitHub,
// strike-through (~~), bare links, e-mail addresses, phone numbers, and answers: a link to the address reply: is an
// answer that consists of its label. Unlike in CommonMark a line end is a line break, and a quote or an item continues
// only on lines with its mark or indentation. HTML is text, except <br>, which is a line break.
//
// Parse never fails, runs in time linear in the length of the text, and may be called from several goroutines. The text
// of the tree, without Beside, is at most three times as long as the input (an invalid byte becomes U+FFFD).
func Parse(text string) []Node {
	return parse(text, maxMarks)
}

func parse(text string, marks int) []Node {
	var p blockParser
	return p.parse(text, marks)
}

// Parser parses messages one after the other, and reuses its memory. The zero value is ready to use. It must not be
// used by several goroutines at once.
type Parser struct {
	Page   string // the page's address: links may be relative to it, within its site; empty: they must be absolute
	blocks blockParser
}

// Parse is like the function [Parse], with links relative to p.Page.
func (p *Parser) Parse(text string) []Node {
	p.blocks.inline.base = p.Page
	return p.blocks.parse(text, maxMarks)
}

// parse parses a message of which it reads the given number of marks. It reuses the parser's memory.
func (p *blockParser) parse(text string, marks int) []Node {
	text = cleanText(text)
	p.left, p.stack = marks, append(p.stack[:0], block{})
	p.inline.tree.replies = 0
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
		// If the marks leave nothing to show, show the source: no message may disappear.
		if text = trimSpace(text); text != "" {
			nodes = []Node{{Kind: KindPlain, Text: text}}
		}
	}
	return nodes
}

// cleanText returns s as valid UTF-8, with "\n" as line end, and without control characters other than tabs.
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

// isControl reports whether c is an ASCII control character other than tab and line feed.
func isControl(c byte) bool {
	return c < ' ' && c != '\n' && c != '\t' || c == 0x7F
}
