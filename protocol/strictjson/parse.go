package strictjson

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// ErrSyntax is the only error of [Parse].
var ErrSyntax = errors.New("invalid JSON")

// maxDepth bounds the nesting, and with it the recursion and the stack. maxValues
// bounds the number of values, and with it the memory: an object of six bytes
// needs 500.
const (
	maxDepth  = 64
	maxValues = 100_000
)

// Parse reads one JSON text. Invalid UTF-8 inside strings becomes U+FFFD, as
// in encoding/json.
func Parse(text string) (Value, error) {
	p := parser{s: text}
	v, ok := p.value(0)
	p.space()
	if !ok || p.i != len(text) {
		return Value{}, ErrSyntax
	}
	return v, nil
}

type parser struct {
	s string
	i int
	n int // number of values
}

func (p *parser) space() {
	for p.i < len(p.s) {
		switch p.s[p.i] {
		case ' ', '\t', '\n', '\r':
			p.i++
		default:
			return
		}
	}
}

// take consumes c, after white space.
func (p *parser) take(c byte) bool {
	p.space()
	if p.i < len(p.s) && p.s[p.i] == c {
		p.i++
		return true
	}
	return false
}

func (p *parser) value(depth int) (Value, bool) {
	p.space()
	if p.n++; p.i >= len(p.s) || depth > maxDepth || p.n > maxValues {
		return Value{}, false
	}
	switch c := p.s[p.i]; {
	case c == '{':
		p.i++
		return p.object(depth)
	case c == '[':
		p.i++
		return p.array(depth)
	case c == '"':
		p.i++
		s, ok := p.str()
		return Value{kind: String, text: s}, ok
	case c == '-' || '0' <= c && c <= '9':
		return p.number()
	case c == 't':
		return p.literal("true", Bool)
	case c == 'f':
		return p.literal("false", Bool)
	case c == 'n':
		return p.literal("null", Null)
	}
	return Value{}, false
}

func (p *parser) literal(word string, kind Kind) (Value, bool) {
	if len(p.s)-p.i < len(word) || p.s[p.i:p.i+len(word)] != word {
		return Value{}, false
	}
	p.i += len(word)
	return Value{kind: kind, text: word}, true
}

func (p *parser) object(depth int) (Value, bool) {
	v := Value{kind: Object}
	if p.take('}') {
		return v, true
	}
	in := &inside{make([]string, 0, 8), make([]Value, 0, 8)} // frames have at most as many
	v.in = in
	for {
		if !p.take('"') {
			return v, false
		}
		key, ok := p.str()
		if !ok || !p.take(':') {
			return v, false
		}
		m, ok := p.value(depth + 1)
		if !ok {
			return v, false
		}
		in.keys, in.members = append(in.keys, key), append(in.members, m)
		if p.take('}') {
			return v, true
		}
		if !p.take(',') {
			return v, false
		}
	}
}

func (p *parser) array(depth int) (Value, bool) {
	v := Value{kind: Array}
	if p.take(']') {
		return v, true
	}
	v.in = &inside{}
	for {
		m, ok := p.value(depth + 1)
		if !ok {
			return v, false
		}
		v.in.members = append(v.in.members, m)
		if p.take(']') {
			return v, true
		}
		if !p.take(',') {
			return v, false
		}
	}
}

func (p *parser) digits() bool {
	start := p.i
	for p.i < len(p.s) && '0' <= p.s[p.i] && p.s[p.i] <= '9' {
		p.i++
	}
	return p.i > start
}

// is consumes one of two bytes, without white space before it.
func (p *parser) is(a, b byte) bool {
	if p.i < len(p.s) && (p.s[p.i] == a || p.s[p.i] == b) {
		p.i++
		return true
	}
	return false
}

func (p *parser) number() (Value, bool) {
	start := p.i
	p.is('-', '-')
	if !p.is('0', '0') && !p.digits() {
		return Value{}, false
	}
	if p.is('.', '.') && !p.digits() {
		return Value{}, false
	}
	if p.is('e', 'E') {
		p.is('+', '-')
		if !p.digits() {
			return Value{}, false
		}
	}
	return Value{kind: Number, text: p.s[start:p.i]}, true
}

// str reads what follows an opening quote. Strings without escapes share the
// input's memory.
func (p *parser) str() (string, bool) {
	start, all := p.i, byte(0)
	for i := start; i < len(p.s); i++ {
		c := p.s[i]
		if c == '"' {
			s := p.s[start:i]
			p.i = i + 1
			if all >= utf8.RuneSelf && !utf8.ValidString(s) {
				s = string([]rune(s))
			}
			return s, true
		}
		if c == '\\' {
			p.i = i
			return p.escaped(start)
		}
		if c < ' ' {
			break
		}
		all |= c
	}
	return "", false
}

func (p *parser) escaped(start int) (string, bool) {
	out := append([]byte(nil), p.s[start:p.i]...)
	for p.i < len(p.s) {
		c := p.s[p.i]
		p.i++
		switch {
		case c == '"':
			if !utf8.Valid(out) {
				return string([]rune(string(out))), true
			}
			return string(out), true
		case c < ' ':
			return "", false
		case c != '\\':
			out = append(out, c)
		case p.i == len(p.s):
			return "", false
		default:
			c = p.s[p.i]
			p.i++
			switch c {
			case '"', '\\', '/':
				out = append(out, c)
			case 'b':
				out = append(out, '\b')
			case 'f':
				out = append(out, '\f')
			case 'n':
				out = append(out, '\n')
			case 'r':
				out = append(out, '\r')
			case 't':
				out = append(out, '\t')
			case 'u':
				r, ok := p.hex4()
				if !ok {
					return "", false
				}
				if utf16.IsSurrogate(r) {
					r = p.secondHalf(r)
				}
				out = utf8.AppendRune(out, r)
			default:
				return "", false
			}
		}
	}
	return "", false
}

// secondHalf joins the surrogate r with the one that follows. If none follows, it
// returns U+FFFD and reads nothing.
func (p *parser) secondHalf(r rune) rune {
	if strings.HasPrefix(p.s[p.i:], `\u`) {
		before := p.i
		p.i += 2
		if low, ok := p.hex4(); ok {
			if joined := utf16.DecodeRune(r, low); joined != utf8.RuneError {
				return joined
			}
		}
		p.i = before
	}
	return utf8.RuneError
}

func (p *parser) hex4() (rune, bool) {
	if p.i+4 > len(p.s) {
		return 0, false
	}
	n, err := strconv.ParseUint(p.s[p.i:p.i+4], 16, 32)
	p.i += 4
	return rune(n), err == nil
}
