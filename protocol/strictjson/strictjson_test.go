package strictjson

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// FuzzParse compares the parser with encoding/json: both accept the same texts and read the same values from them.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`{}`, `[]`, `null`, `true`, `false`, `""`, `0`, `-0`, `1.5e+3`, `01`, `1.`, `.5`, `-`, `+1`, `1e`, `NaN`,
		`{"a":1,"a":2}`, `{"a":{"b":[1,2,{"c":null}]}}`, `[1,]`, `{"a":1,}`, `{a:1}`, `{'a':1}`, `"\u00e9\ud83d\ude00"`,
		`"\ud800"`, `"\ud800\u0041"`, `"\udc00\ud800"`, `"\x41"`, `"\u+123"`, `"\u12_4"`, "\"\x01\"", "\"\xff\"", "\"\\n\xff\"", "\ufeff{}", `"a" "b"`, ` [ 1 , 2 ] `,
		"{\"type\":\"message\",\"message\":\"l1\\nl2\"}", strings.Repeat("[", 60) + strings.Repeat("]", 60), "\v1", "1\x00", `"\/\b\f\r\t"`, "\"\u2028\x7f\"",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := Parse(s)
		if !json.Valid([]byte(s)) {
			if err == nil {
				t.Fatalf("Parse(%q) accepted what is not JSON", s)
			}
			return
		}
		if err != nil {
			if depth(s) > maxDepth {
				return
			}
			t.Fatalf("Parse(%q): %v", s, err)
		}
		want, got := decode(t, s), decode(t, v.Raw())
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("Parse(%q).Raw() = %q: read back as %v, want %v", s, v.Raw(), got, want)
		}
	})
}

func depth(s string) int { return strings.Count(s, "[") + strings.Count(s, "{") }

func decode(t *testing.T, s string) any {
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	return v
}

func FuzzAppendString(f *testing.F) {
	for _, s := range []string{"", "a", `"\`, "\x00\x1f\x7f", "\u2028\u2029", "é😀", "\xff\xfe", "</script>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var got string
		out := AppendString(nil, s)
		if err := json.Unmarshal(out, &got); err != nil {
			t.Fatalf("AppendString(%q) = %q: %v", s, out, err)
		}
		if want := string([]rune(s)); got != want {
			t.Fatalf("AppendString(%q) reads back as %q, want %q", s, got, want)
		}
		if bytes.ContainsAny(out, "\n\r\u2028\u2029") {
			t.Fatalf("AppendString(%q) = %q has a line break", s, out)
		}
	})
}

func TestNumbersKeepTheirDigits(t *testing.T) {
	const in = `{"n":12345678901234567890.10,"e":1E5,"s":"x","l":[0.10,null,true]}`
	v, err := Parse(in)
	if err != nil || v.Raw() != in {
		t.Fatalf("Raw = %q, %v; want the text as written", v.Raw(), err)
	}
	if v.Get("n").Text() != "12345678901234567890.10" || v.Get("l").Items()[2].Bool() != true || v.Get("none").Get("x").Kind() != Missing {
		t.Fatal("look-ups")
	}
}

func TestDepthIsBounded(t *testing.T) {
	if _, err := Parse(strings.Repeat("[", 1<<20)); err != ErrSyntax {
		t.Fatalf("a million brackets: %v, want ErrSyntax", err)
	}
}

// The number of values is bounded, because small ones need much more memory than text.
func TestValuesAreBounded(t *testing.T) {
	list := func(n int) string { return "[" + strings.Repeat("0,", n-2) + "0]" }
	if _, err := Parse(list(maxValues)); err != nil {
		t.Errorf("%d values: %v", maxValues, err)
	}
	if _, err := Parse(list(maxValues + 1)); err != ErrSyntax {
		t.Errorf("%d values: %v, want ErrSyntax", maxValues+1, err)
	}
}

func TestWriter(t *testing.T) {
	var w Writer
	w.Open('{')
	w.TextMember("a", "x")
	w.TextMember("none", "")
	w.IntMember("n", 7)
	w.Key("l")
	w.Open('[')
	w.Int(1)
	w.Bool(true)
	w.Text("y")
	w.Open('{')
	w.Close('}')
	w.Close(']')
	w.BoolMember("b", true)
	w.Close('}')
	if got, want := string(w.Buf), `{"a":"x","n":7,"l":[1,true,"y",{}],"b":true}`; got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
}
