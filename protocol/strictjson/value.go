// Package strictjson reads and writes JSON in as few bytes of WebAssembly as
// it takes: one recursive parser into one [Value] type, and functions that
// append. It accepts RFC 8259 and nothing else; encoding/json is its oracle in
// the tests. (encoding/json itself would cost each visitor about 110 KB, the
// smallest library that is as strict about 30 KB; see web/PERFORMANCE.md.)
package strictjson

import "strconv"

// Kind is the type of a JSON value.
type Kind uint8

const (
	Missing Kind = iota // the zero Value: there is nothing
	Null
	Bool
	Number
	String
	Array
	Object
)

// Value is one parsed JSON value. The zero Value stands for "not there", so
// that look-ups may be chained without checks.
type Value struct {
	kind Kind
	text string  // of a String: decoded; of anything else: as written
	in   *inside // of an Array or an Object; nil: nothing
}

// inside is what is in an array or an object.
type inside struct {
	keys    []string // of an object
	members []Value
}

// Kind is the value's type.
func (v Value) Kind() Kind { return v.kind }

// Get is the member of an object with that key; where a key stands twice, the
// last one, as in JavaScript.
func (v Value) Get(key string) Value {
	keys := v.Keys()
	for i := len(keys) - 1; i >= 0; i-- {
		if keys[i] == key {
			return v.in.members[i]
		}
	}
	return Value{}
}

// Items are the elements of an array, or the members of an object in order.
func (v Value) Items() []Value {
	if v.in == nil {
		return nil
	}
	return v.in.members
}

// Keys are the keys of an object, in order, one for each of [Value.Items].
func (v Value) Keys() []string {
	if v.in == nil {
		return nil
	}
	return v.in.keys
}

// Text is the value as text: a string's content, a number or a boolean as
// written, and nothing for null, arrays, objects and what is missing.
func (v Value) Text() string {
	switch v.kind {
	case String, Number, Bool:
		return v.text
	}
	return ""
}

// Bool is true for the literal true alone.
func (v Value) Bool() bool { return v.kind == Bool && v.text == "true" }

// Int is the value as an integer; 0 where it is none.
func (v Value) Int() int64 {
	if v.kind != Number {
		return 0
	}
	n, err := strconv.ParseInt(v.text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// Raw is a valid JSON text of the value: numbers exactly as they were written.
func (v Value) Raw() string { return string(v.append(nil)) }

func (v Value) append(dst []byte) []byte {
	switch v.kind {
	case Missing:
		return append(dst, "null"...)
	case String:
		return AppendString(dst, v.text)
	case Array:
		dst = append(dst, '[')
		for i, m := range v.Items() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = m.append(dst)
		}
		return append(dst, ']')
	case Object:
		dst = append(dst, '{')
		for i, m := range v.Items() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(AppendString(dst, v.in.keys[i]), ':')
			dst = m.append(dst)
		}
		return append(dst, '}')
	}
	return append(dst, v.text...)
}
