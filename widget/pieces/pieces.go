// Package pieces divides long messages for display. [Beginning] shortens a text that is shown in part; [Break] divides
// a long paragraph into pieces that are laid out separately, because the time that browsers need for a text grows by
// more than its length.
package pieces

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"plurachat/widget/markdown"
)

// Beginning returns the beginning of s, at most n characters, and whether s is longer. It ends after a line or a word
// if one ends in its last quarter, and never inside a user-perceived character.
func Beginning(s string, n int) (string, bool) {
	if len(s) <= n {
		return s, false
	}
	at := 0
	for i := range s {
		if n--; n < 0 {
			at = i
			break
		}
	}
	if at == 0 {
		return s, false
	}
	return s[:BreakBefore(s, at)], true
}

// BreakBefore returns the best position at which to break s: at, or up to a quarter of it earlier.
func BreakBefore(s string, at int) int {
	for at < len(s) && !utf8.RuneStart(s[at]) {
		at++
	}
	near := at - at/4
	for near < at && !utf8.RuneStart(s[near]) {
		near++
	}
	for _, at := range [...]int{strings.LastIndexByte(s[near:at], '\n'), strings.LastIndexByte(s[near:at], ' ')} {
		if at >= 0 {
			return near + at + 1
		}
	}
	for i := at; i > near && i < len(s); {
		r, _ := utf8.DecodeRuneInString(s[i:])
		before, size := utf8.DecodeLastRuneInString(s[:i])
		if !joins(before, r) {
			return i
		}
		i -= size
	}
	return at
}

// joins reports whether two characters may be parts of one user-perceived character: letters with their marks, parts of
// emoji, flags. It returns true for some others too, because exact tables would be too large.
func joins(a, b rune) bool {
	switch {
	case a == zeroWidthJoiner, isFlag(a) && isFlag(b):
		return true
	case b < 0x300:
		return a == '\r' && b == '\n'
	case b < 0x2000:
		return !unicode.IsLetter(b) // marks, and digits and signs of many scripts
	}
	return b <= 0x206f || b >= 0x20d0 && b <= 0x20ff || b >= 0xfe00 && b <= 0xfe2f || b >= 0x1f3fb && b <= 0x1f3ff ||
		(b >= 0xa66f && b <= 0xabff || b >= 0x11000 && b <= 0x11fff) && !unicode.IsLetter(b) || b >= 0xe0000
}

const zeroWidthJoiner = '\u200d'

// isFlag reports whether a character is half of a flag.
func isFlag(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }

// Size is the number of bytes of a piece.
const Size = 4000

// TextSize returns the number of bytes of the text of inlines.
func TextSize(nodes []markdown.Node) int {
	n := 0
	for i := range nodes {
		n += len(nodes[i].Text) + TextSize(nodes[i].Children)
	}
	return n
}

// Break divides inlines into pieces of about [Size] bytes. A piece may begin inside a nested inline, which is then in
// both pieces. An answer, a number and a picture are in one piece; but a picture whose description is longer than a
// piece becomes a link. left is the size of the first piece; Break sets it to what is left of the last one.
func Break(nodes []markdown.Node, left *int) [][]markdown.Node {
	all := [][]markdown.Node{nil}
	add := func(n markdown.Node) { all[len(all)-1] = append(all[len(all)-1], n) }
	next := func() { all, *left = append(all, nil), Size }
	for i, n := range nodes {
		switch n.Kind {
		case markdown.KindReply, markdown.KindNumber, markdown.KindImage:
			if size := TextSize(nodes[i : i+1]); size <= Size {
				if size > *left {
					next()
				}
				*left -= size
				add(n)
				continue
			}
			n.Kind = markdown.KindLink // only a description can be that long
		}
		if len(n.Children) > 0 {
			children := Break(n.Children, left)
			for i, inside := range children {
				if i > 0 {
					all = append(all, nil)
				}
				if len(inside) > 0 {
					part := n
					if part.Children = inside; i < len(children)-1 {
						part.Beside = "" // it is shown once, after the last piece of the link
					}
					add(part)
				}
			}
			continue
		}
		for text := n.Text; ; {
			if *left <= 0 {
				next()
			}
			if n.Text = text; len(text) <= *left {
				*left -= max(len(text), 1)
				add(n)
				break
			}
			n.Text = text[:BreakBefore(text, *left)]
			text = text[len(n.Text):]
			*left = 0
			add(n)
		}
	}
	return all
}
