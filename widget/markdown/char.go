package markdown

import (
	"strings"
	"unicode/utf8"
)

func isBlank(c byte) bool { return c == ' ' || c == '\t' }
func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isAlpha(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isAlnum(c byte) bool { return isAlpha(c) || isDigit(c) }

func isASCIIPunct(c byte) bool { return c > ' ' && c < 0x7F && !isAlnum(c) }

// isSpace reports whether r is Unicode white space (category Zs, or a tab or line end).
func isSpace(r rune) bool {
	switch r {
	case ' ', '\t', '\n', 0xA0, 0x1680, 0x202F, 0x205F, 0x3000:
		return true
	}
	return r >= 0x2000 && r <= 0x200A
}

// isPunct reports whether r is punctuation or a symbol. Outside ASCII it uses whole blocks: that is accurate enough to
// find the edge of a word, and avoids the tables of package unicode.
func isPunct(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return isASCIIPunct(byte(r))
	case r < 0xC0:
		return r > 0xA0 && !strings.ContainsRune("ª²³µ¹º¼½¾", r)
	case r == 0xD7, r == 0xF7:
		return true
	}
	return r >= 0x2010 && r <= 0x205E || // general punctuation
		r >= 0x20A0 && r <= 0x20CF || // currency
		r >= 0x2190 && r <= 0x245F || // arrows, mathematics, technical
		r >= 0x2500 && r <= 0x2775 || // boxes, shapes, dingbats
		r >= 0x2794 && r <= 0x2BFF ||
		r >= 0x2E00 && r <= 0x2E7F ||
		r >= 0x3001 && r <= 0x3020 && (r < 0x3005 || r > 0x3007) || // Chinese, Japanese and Korean
		r == 0x3030 || r == 0x30FB ||
		r >= 0xFE10 && r <= 0xFE6B ||
		r >= 0xFF01 && r <= 0xFF0F || r >= 0xFF1A && r <= 0xFF20 ||
		r >= 0xFF3B && r <= 0xFF40 || r >= 0xFF5B && r <= 0xFF65 ||
		r >= 0x1F000 && r <= 0x1FAFF // emoji
}

// isCJK reports whether r belongs to the scripts of Chinese, Japanese or Korean, or to their punctuation.
func isCJK(r rune) bool {
	return r >= 0x1100 && (r <= 0x11FF ||
		r >= 0x2E80 && r <= 0xA4CF ||
		r >= 0xAC00 && r <= 0xD7FF ||
		r >= 0xF900 && r <= 0xFAFF ||
		r >= 0xFE30 && r <= 0xFE4F ||
		r >= 0xFF00 && r <= 0xFFEF ||
		r >= 0x20000 && r <= 0x3FFFF)
}

// isUnspaced reports whether r belongs to a script without spaces between words: Chinese, Japanese, Korean (where
// particles follow without a space), Thai, Lao, Tibetan, Burmese, Khmer and related scripts.
func isUnspaced(r rune) bool {
	return isCJK(r) || r >= 0xE00 && r <= 0x109F || r >= 0x1780 && r <= 0x17FF || r >= 0x1950 && r <= 0x1AAF ||
		r >= 0x1B00 && r <= 0x1BBF || r >= 0xA980 && r <= 0xA9FF || r >= 0xAA60 && r <= 0xAADF
}

// isBidi reports whether r is one of Unicode's controls of the writing direction, which can make a name or a label read
// as another one.
func isBidi(r rune) bool {
	return r == 0x61C || r == 0x200E || r == 0x200F || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

// WithoutBidi returns s without the controls of the writing direction. It is for names and headings.
func WithoutBidi(s string) string {
	return strings.Map(func(r rune) rune {
		step(utf8.RuneLen(r))
		if isBidi(r) {
			return -1
		}
		return r
	}, s)
}

// WithoutHidden returns s without characters that show nothing, such as Unicode's tags, which a language model reads and
// a visitor does not see. It is for texts of others that a visitor sends. It keeps spaces, tabs and line feeds, and where
// there is only one, the joiners and variation selectors, on which the shapes of letters and emoji depend.
func WithoutHidden(s string) string {
	before := rune(0)
	return strings.Map(func(r rune) rune {
		step(utf8.RuneLen(r))
		joiner, selector := r == 0x200C || r == 0x200D, r >= 0xFE00 && r <= 0xFE0F
		switch {
		case joiner && (before == 0 || before == 'j'), selector && (before == 0 || before == 'j' || before == 's'):
			return -1
		case joiner:
			before = 'j'
		case selector:
			before = 's'
		case r == 0x2800, r == 0x3164, r == 0xFFA0, isInvisible(r) && !isSpace(r) && r != utf8.RuneError:
			return -1
		default:
			before = 'x'
		}
		return r
	}, s)
}

// isInvisible reports whether r is invisible or a control character. Such a character can make an address look like
// another one.
func isInvisible(r rune) bool {
	switch r {
	case 0xAD, 0x61C, 0x180E, 0xFEFF, utf8.RuneError:
		return true
	}
	return r < ' ' || r >= 0x7F && r <= 0xA0 ||
		r >= 0x2000 && r <= 0x200F || r >= 0x2028 && r <= 0x202F || r >= 0x205F && r <= 0x206F ||
		r >= 0xFFF9 && r <= 0xFFFB || r >= 0xE0000 && r <= 0xE0FFF
}
