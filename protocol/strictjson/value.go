// Package strictjson reads and writes JSON with few bytes of WebAssembly: one
// recursive parser into one [Value] type, and functions that append. It accepts
// only RFC 8259. The tests compare it with encoding/json, which would add about
// 110 KB to the download; the smallest library that is as strict would add about
// 30 KB.
package strictjson

import "strconv"

// Kind is the type of a JSON value.
type Kind uint8

const (
	Missing Kind = iota // the zero Value: there is no value
	Null
	Bool
	Number
	String
	Array
	Object
)

// Value is a parsed JSON value. The zero Value means that there is no value, so
// that calls of Get may be chained without checks.
type Value struct {
	kind Kind
	text string  // of a String: decoded; of all other kinds: as written
	in   *inside // of an Array or an Object; nil: nothing
}

// inside is the content of an array or an object.
type inside struct {
	keys    []string // of an object
	members []Value
}

// Kind returns the value's type.
func (v Value) Kind() Kind { return v.kind }

// Get returns the member of an object with that key. If the key occurs twice, it
// returns the last one, as in JavaScript.
func (v Value) Get(key string) Value {
	keys := v.Keys()
	for i := len(keys) - 1; i >= 0; i-- {
		if keys[i] == key {
			return v.in.members[i]
		}
	}
	return Value{}
}

// Items returns the elements of an array, or the members of an object in order.
func (v Value) Items() []Value {
	if v.in == nil {
		return nil
	}
	return v.in.members
}

// Keys returns the keys of an object, in order, one for each of [Value.Items].
func (v Value) Keys() []string {
	if v.in == nil {
		return nil
	}
	return v.in.keys
}

// Text returns the value as text: the content of a string, or a number or a
// boolean as written. It is empty for null, arrays, objects and missing values.
func (v Value) Text() string {
	switch v.kind {
	case String, Number, Bool:
		return v.text
	}
	return ""
}

// Bool returns true only for the literal true.
func (v Value) Bool() bool { return v.kind == Bool && v.text == "true" }

// Int returns the value as an integer, or 0 if it is not one.
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

// Raw returns a valid JSON text of the value. Numbers are as they were written.
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
