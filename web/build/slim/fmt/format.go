package fmt

import (
	"reflect"
	"strconv"
	"unicode/utf8"
)

// Stringer is implemented by values with a text of their own.
type Stringer interface {
	String() string
}

// Sprintf returns args formatted according to format. The package's comment lists what it supports.
func Sprintf(format string, args ...any) string {
	p := printer{args: args}
	p.print(format)
	return string(p.out)
}

// printer is the state of one call of Sprintf.
type printer struct {
	out  []byte
	args []any
	next int
}

// directive is one directive in a format, such as %02d.
type directive struct {
	verb        rune
	sharp, zero bool
	width       int
}

func (p *printer) print(format string) {
	for i := 0; i < len(format); {
		if format[i] != '%' {
			p.out = append(p.out, format[i])
			i++
			continue
		}
		d, n := parseDirective(format[i+1:])
		i += 1 + n
		switch {
		case d.verb == '%':
			p.out = append(p.out, '%')
		case n == 0:
			p.out = append(p.out, "%!(NOVERB)"...)
		case p.next >= len(p.args):
			p.out = utf8.AppendRune(append(p.out, "%!"...), d.verb)
			p.out = append(p.out, "(MISSING)"...)
		default:
			p.pad(d, p.text(d, p.args[p.next]))
			p.next++
		}
	}
	if p.next < len(p.args) {
		p.out = append(p.out, "%!(EXTRA)"...)
	}
}

// parseDirective parses s, which follows a %, and returns the directive and its length in bytes. The length is 0 if
// there is no verb.
func parseDirective(s string) (d directive, n int) {
	for n < len(s) && (s[n] == '#' || s[n] == '0') {
		d.sharp = d.sharp || s[n] == '#'
		d.zero = d.zero || s[n] == '0'
		n++
	}
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		d.width = d.width*10 + int(s[n]-'0')
		n++
	}
	if n == len(s) {
		return d, 0
	}
	verb, size := utf8.DecodeRuneInString(s[n:])
	d.verb = verb
	return d, n + size
}

// pad appends text, with spaces or zeroes on the left up to the directive's width in characters.
func (p *printer) pad(d directive, text string) {
	missing := d.width - utf8.RuneCountInString(text)
	fill := byte(' ')
	if d.zero {
		fill = '0'
		if text != "" && text[0] == '-' {
			p.out, text = append(p.out, '-'), text[1:]
		}
	}
	for ; missing > 0; missing-- {
		p.out = append(p.out, fill)
	}
	p.out = append(p.out, text...)
}

// text returns the text of a value according to a directive, without padding.
func (p *printer) text(d directive, arg any) string {
	switch d.verb {
	case 'T':
		if arg == nil {
			return "<nil>"
		}
		return reflect.TypeOf(arg).String()
	case 'v', 's', 'q', 'x', 'X', 'w':
		switch v := arg.(type) {
		case error:
			return stringText(d, v.Error())
		case Stringer:
			return stringText(d, v.String())
		}
	}
	v := reflect.ValueOf(arg)
	switch v.Kind() {
	case reflect.Invalid:
		if d.verb == 'v' {
			return "<nil>"
		}
		return "%!" + string(d.verb) + "(<nil>)"
	case reflect.Bool:
		if d.verb == 'v' || d.verb == 't' {
			return strconv.FormatBool(v.Bool())
		}
	case reflect.String:
		return stringText(d, v.String())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if s := intText(d, v.Int()); s != "" {
			return s
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		if s := uintText(d, v.Uint()); s != "" {
			return s
		}
	case reflect.Slice:
		if b, ok := arg.([]byte); ok && d.verb != 'v' && d.verb != 'd' {
			return stringText(d, string(b))
		}
	}
	return "%!" + string(d.verb) + "(" + v.Type().String() + ")"
}

const lower, upper = "0123456789abcdef", "0123456789ABCDEF"

func stringText(d directive, s string) string {
	switch d.verb {
	case 'q':
		return strconv.Quote(s)
	case 'x', 'X':
		digits := lower
		if d.verb == 'X' {
			digits = upper
		}
		b := make([]byte, 0, 2*len(s))
		for i := range len(s) {
			b = append(b, digits[s[i]>>4], digits[s[i]&15])
		}
		return string(b)
	case 'v', 's', 'w':
		return s
	}
	return "%!" + string(d.verb) + "(string=" + s + ")"
}

// intText returns the text of an integer, or "" if the verb is not for integers.
func intText(d directive, n int64) string {
	switch {
	case d.verb == 'v' || d.verb == 'd':
		return strconv.FormatInt(n, 10)
	case n < 0 && (d.verb == 'x' || d.verb == 'X'):
		return "-" + uintText(d, -uint64(n))
	}
	return uintText(d, uint64(n))
}

func uintText(d directive, n uint64) string {
	switch d.verb {
	case 'v', 'd':
		return strconv.FormatUint(n, 10)
	case 'x':
		return strconv.FormatUint(n, 16)
	case 'X':
		return capitals(strconv.FormatUint(n, 16))
	case 'c':
		return string(character(n))
	case 'q':
		return strconv.QuoteRune(character(n))
	case 'U':
		s := capitals(strconv.FormatUint(n, 16))
		for len(s) < 4 {
			s = "0" + s
		}
		if r := character(n); d.sharp && uint64(r) == n && strconv.IsPrint(r) {
			s += " '" + string(r) + "'"
		}
		return "U+" + s
	}
	return ""
}

// character returns the rune with the number n, or utf8.RuneError if n is too large.
func character(n uint64) rune {
	if n > utf8.MaxRune {
		return utf8.RuneError
	}
	return rune(n)
}

func capitals(hex string) string {
	b := []byte(hex)
	for i, c := range b {
		if 'a' <= c && c <= 'f' {
			b[i] = c - 'a' + 'A'
		}
	}
	return string(b)
}
