package strictjson

import (
	"strconv"
	"unicode/utf8"
)

// AppendString appends s as a JSON string. It replaces invalid UTF-8 by U+FFFD,
// and escapes U+2028 and U+2029, so that the text is valid JavaScript.
func AppendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for i := 0; ; {
		from := i
		for i < len(s) && s[i] >= ' ' && s[i] < 0x7f && s[i] != '"' && s[i] != '\\' {
			i++
		}
		if dst = append(dst, s[from:i]...); i == len(s) {
			break
		}
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c == '"' || c == '\\':
				dst = append(dst, '\\', c)
			case c == '\n':
				dst = append(dst, '\\', 'n')
			case c == '\r':
				dst = append(dst, '\\', 'r')
			case c == '\t':
				dst = append(dst, '\\', 't')
			default:
				dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
			}
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == '\u2028' || r == '\u2029' {
			dst = append(dst, '\\', 'u', '2', '0', '2', hex[r&15])
		} else {
			dst = utf8.AppendRune(dst, r)
		}
		i += n
	}
	return append(dst, '"')
}

// Writer appends one JSON object or array, and inserts the commas.
// The zero Writer is ready to use; its methods add members in order.
type Writer struct {
	Buf  []byte
	full bool // a comma is due before the next member
}

// Open begins an object '{' or an array '['.
func (w *Writer) Open(bracket byte) {
	w.comma()
	w.Buf = append(w.Buf, bracket)
	w.full = false
}

// Close ends the object '}' or the array ']' that [Writer.Open] began.
func (w *Writer) Close(bracket byte) {
	w.Buf = append(w.Buf, bracket)
	w.full = true
}

// Key begins a member of an object.
func (w *Writer) Key(key string) {
	w.comma()
	w.Buf = append(AppendString(w.Buf, key), ':')
	w.full = false
}

// Text adds a string.
func (w *Writer) Text(s string) {
	w.comma()
	w.Buf = AppendString(w.Buf, s)
	w.full = true
}

// Int adds a number.
func (w *Writer) Int(n int64) {
	w.comma()
	w.Buf = strconv.AppendInt(w.Buf, n, 10)
	w.full = true
}

// Bool adds a boolean.
func (w *Writer) Bool(b bool) {
	w.comma()
	w.Buf = strconv.AppendBool(w.Buf, b)
	w.full = true
}

// TextMember adds a member with a string, unless the string is empty.
func (w *Writer) TextMember(key, s string) {
	if s != "" {
		w.Key(key)
		w.Text(s)
	}
}

// IntMember adds a member with a number, unless it is 0.
func (w *Writer) IntMember(key string, n int64) {
	if n != 0 {
		w.Key(key)
		w.Int(n)
	}
}

// BoolMember adds a member with the value true, unless b is false.
func (w *Writer) BoolMember(key string, b bool) {
	if b {
		w.Key(key)
		w.Bool(true)
	}
}

func (w *Writer) comma() {
	if w.full {
		w.Buf = append(w.Buf, ',')
	}
}
