package strictjson

import (
	"strings"
	"testing"
)

// AppendString writes each text in one form: another form would change what is stored and what is sent.
func TestAppendStringForm(t *testing.T) {
	for in, want := range map[string]string{
		"":                 `""`,
		" ~":               `" ~"`, // the first and the last character of printable ASCII
		"\x7f":             `"\u007f"`,
		"\x80":             "\"\ufffd\"",
		"\x1f\x00\b\f":     `"\u001f\u0000\u0008\u000c"`,
		"\n\r\t":           `"\n\r\t"`,
		`"\/`:              `"\"\\/"`,
		"a\"b":             `"a\"b"`,
		"é\u2027\u202a😀":   "\"é\u2027\u202a😀\"",
		"x\u2028y\u2029z":  `"x\u2028y\u2029z"`,
		"\xff\xfea":        "\"\ufffd\ufffda\"",
		"\x10\x1a</script": `"\u0010\u001a</script"`,
	} {
		if got := string(AppendString([]byte("x"), in)); got != "x"+want {
			t.Errorf("AppendString(%q) = %s, want x%s", in, got, want)
		}
	}
}

// The Writer writes a comma between two members, of whatever kinds they are.
func TestWriterCommas(t *testing.T) {
	members := map[string]struct {
		write func(*Writer)
		text  string
	}{
		"text":   {func(w *Writer) { w.Text("s") }, `"s"`},
		"int":    {func(w *Writer) { w.Int(-5) }, `-5`},
		"bool":   {func(w *Writer) { w.Bool(false) }, `false`},
		"array":  {func(w *Writer) { w.Open('['); w.Close(']') }, `[]`},
		"nested": {func(w *Writer) { w.Open('{'); w.Key("k"); w.Int(0); w.Close('}') }, `{"k":0}`},
	}
	for first, a := range members {
		for second, b := range members {
			var w Writer
			w.Open('[')
			a.write(&w)
			b.write(&w)
			w.Close(']')
			if got, want := string(w.Buf), "["+a.text+","+b.text+"]"; got != want {
				t.Errorf("%s and %s: %s, want %s", first, second, got, want)
			}
			w = Writer{}
			w.Open('{')
			w.Key("a")
			a.write(&w)
			w.Key("b")
			b.write(&w)
			w.Close('}')
			if got, want := string(w.Buf), `{"a":`+a.text+`,"b":`+b.text+`}`; got != want {
				t.Errorf("%s and %s as members: %s, want %s", first, second, got, want)
			}
		}
	}
	var w Writer
	w.Open('{')
	w.IntMember("zero", 0)
	w.TextMember("empty", "")
	w.BoolMember("false", false)
	w.Close('}')
	if string(w.Buf) != "{}" {
		t.Errorf("members without a value: %s", w.Buf)
	}
}

// Parse accepts maxDepth containers below the first, and not one more.
func TestDepthIsExact(t *testing.T) {
	for name, nest := range map[string]func(n int) string{
		"arrays":  func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) },
		"objects": func(n int) string { return strings.Repeat(`{"a":`, n-1) + "{}" + strings.Repeat("}", n-1) },
	} {
		if _, err := Parse(nest(65)); err != nil {
			t.Errorf("65 %s: %v", name, err)
		}
		if _, err := Parse(nest(66)); err != ErrSyntax {
			t.Errorf("66 %s: %v, want ErrSyntax", name, err)
		}
	}
	// The limit is on depth, not on the number of containers.
	if _, err := Parse("[" + strings.Repeat("{},[],", 200) + "0]"); err != nil {
		t.Errorf("many in a row: %v", err)
	}
}

func TestParseStrings(t *testing.T) {
	for in, want := range map[string]string{
		`"\"\\\/\b\f\n\r\t"`:         "\"\\/\b\f\n\r\t",
		`"\u0041\u00e9\u00E9\u20ac"`: "Aéé€",
		`"\ud83d\ude00"`:             "😀",
		`"\ud83d\ude00x"`:            "😀x",
		`"\ud83d"`:                   "\ufffd",
		`"\ud83dx\ude00"`:            "\ufffdx\ufffd",
		`"\ud83d\u0041"`:             "\ufffdA",
		`"\ud83d\n"`:                 "\ufffd\n",
		`"\ude00\ud83d"`:             "\ufffd\ufffd",
		"\"a\xffb\"":                 "a\ufffdb",
		"\"\\n\xff\"":                "\n\ufffd",
		"\"\u007f\"":                 "\u007f",
	} {
		v, err := Parse(in)
		if err != nil || v.Kind() != String || v.Text() != want {
			t.Errorf("Parse(%s) = %q, %v; want %q", in, v.Text(), err, want)
		}
	}
	for _, bad := range []string{
		`"`, `"\`, `"\"`, `"\u`, `"\u12`, `"\u123"`, `"\u12g4"`, `"\u12G4"`, `"\u@123"`, "\"\\u`123\"", `"\u/123"`, `"a\nb`, `"a\n`, `"\u+123"`, `"\u-123"`, `"\u1_23"`, `"\u0x12"`, `"\u:123"`, `"\ud83d\u12"`, `"\ud83d\ug000"`,
		"\"\x1f\"", "\"\\n\x1f\"", `"\'"`, `"\x41"`, `"\a"`, "\"\\\n\"",
	} {
		if v, err := Parse(bad); err != ErrSyntax || v.Kind() != Missing || v.Text() != "" {
			t.Errorf("Parse(%s) = %v, %v; want ErrSyntax and nothing", bad, v, err)
		}
	}
}

func TestValues(t *testing.T) {
	for in, want := range map[string]struct {
		kind Kind
		text string
		b    bool
		n    int64
		raw  string
		size int
	}{
		`null`:                 {kind: Null, raw: "null"},
		` true `:               {kind: Bool, text: "true", b: true, raw: "true"},
		`false`:                {kind: Bool, text: "false", raw: "false"},
		`"true"`:               {kind: String, text: "true", raw: `"true"`},
		`"7"`:                  {kind: String, text: "7", raw: `"7"`},
		`7`:                    {kind: Number, text: "7", n: 7, raw: "7"},
		`-0`:                   {kind: Number, text: "-0", raw: "-0"},
		`19`:                   {kind: Number, text: "19", n: 19, raw: "19"},
		`9223372036854775807`:  {kind: Number, text: "9223372036854775807", n: 1<<63 - 1, raw: "9223372036854775807"},
		`-9223372036854775808`: {kind: Number, text: "-9223372036854775808", n: -1 << 63, raw: "-9223372036854775808"},
		`9223372036854775808`:  {kind: Number, text: "9223372036854775808", raw: "9223372036854775808"},
		`1.5`:                  {kind: Number, text: "1.5", raw: "1.5"},
		`1e2`:                  {kind: Number, text: "1e2", raw: "1e2"},
		`[ ]`:                  {kind: Array, raw: "[]"},
		`[ 1 , [ ] , "a" ]`:    {kind: Array, raw: `[1,[],"a"]`, size: 3},
		`{ }`:                  {kind: Object, raw: "{}"},
		`{"a":1,"b":{"c":[]}}`: {kind: Object, raw: `{"a":1,"b":{"c":[]}}`, size: 2},
	} {
		v, err := Parse(in)
		if err != nil {
			t.Errorf("Parse(%s): %v", in, err)
			continue
		}
		if v.Kind() != want.kind || v.Text() != want.text || v.Bool() != want.b || v.Int() != want.n || v.Raw() != want.raw || len(v.Items()) != want.size {
			t.Errorf("Parse(%s): kind %d, text %q, bool %v, int %d, raw %s, %d items; want %+v", in, v.Kind(), v.Text(), v.Bool(), v.Int(), v.Raw(), len(v.Items()), want)
		}
	}
	var none Value
	if none.Raw() != "null" || none.Items() != nil || none.Keys() != nil || none.Get("x").Kind() != Missing {
		t.Error("the zero Value is not nothing")
	}
	v, _ := Parse(`{"a":1,"b":2,"a":3}`)
	if v.Get("a").Int() != 3 || v.Get("b").Int() != 2 || v.Get("c").Kind() != Missing || strings.Join(v.Keys(), "") != "aba" {
		t.Errorf("members: %s", v.Raw())
	}
	for i, kind := range []Kind{Missing, Null, Bool, Number, String, Array, Object} {
		if int(kind) != i {
			t.Errorf("kind %d has the number %d", i, kind)
		}
	}
}

// A connection or a storage may cut a text at any byte. Parse accepts only a whole text.
func TestParseRefusesWhatIsCut(t *testing.T) {
	const whole = ` {"a":[1,{"b":null},true,[]],"c":"\u00e9\n\ud83d\ude00x","d":{},"e":-1.5e+3} `
	end := len(strings.TrimRight(whole, " "))
	for i := range len(whole) {
		if _, err := Parse(whole[:i]); (err == nil) != (i >= end) {
			t.Errorf("%q: %v", whole[:i], err)
		}
	}
}

// Each byte of invalid UTF-8 becomes U+FFFD.
func TestParseMendsUTF8(t *testing.T) {
	for in, want := range map[string]string{"\x80": "\ufffd", "\xc2": "\ufffd", "a\x80b": "a\ufffdb", "\x80\\n": "\ufffd\n", "é": "é"} {
		if v, err := Parse(`"` + in + `"`); err != nil || v.Text() != want {
			t.Errorf("%q: %q, %v; want %q", in, v.Text(), err, want)
		}
	}
}
