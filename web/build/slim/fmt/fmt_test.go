package fmt_test

import (
	"errors"
	std "fmt"
	"io"
	"math"
	"testing"

	slim "plurachat/web/build/slim/fmt"
)

type name string

type code int

type status uint8

func (s status) String() string { return "status " + string('0'+rune(s)) }

// TestSprintfAgreesWithStandard checks that Sprintf returns the standard library's text for what the package supports.
func TestSprintfAgreesWithStandard(t *testing.T) {
	values := []any{
		nil, true, false, "", "text", "quo\"te\n\x00é\xff", name("named"), code(-7), status(3),
		0, 1, -1, 15, 255, 65536, math.MaxInt64, math.MinInt64, int8(-128), int16(300), int32('ü'), rune(0x1F600), int64(9),
		uint(7), uint8(255), uint16(9), uint32(1 << 31), uint64(math.MaxUint64), uintptr(3),
		io.EOF, errors.New("an error"), errors.Join(io.EOF, io.ErrUnexpectedEOF),
	}
	for _, verb := range []string{"v", "T", "3v", "12v"} {
		for _, v := range values {
			agree(t, "%"+verb, v)
		}
	}
	for _, v := range values {
		switch v.(type) {
		case string, name, error, std.Stringer:
			for _, verb := range []string{"s", "q", "x", "X", "8s", "20q"} {
				agree(t, "%"+verb, v)
			}
		case int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, code:
			for _, verb := range []string{"d", "x", "X", "c", "q", "U", "#U", "02d", "04x", "8d", "020d"} {
				agree(t, "%"+verb, v)
			}
		case bool:
			agree(t, "%t", v)
		}
	}
	agree(t, "%s", []byte("bytes"))
	agree(t, "%q", []byte("by\x00tes"))
	agree(t, "%x", []byte{0, 0xab, 0xff})
	agree(t, "%X", []byte{0xab})
}

func agree(t *testing.T, format string, args ...any) {
	t.Helper()
	if got, want := slim.Sprintf(format, args...), std.Sprintf(format, args...); got != want {
		t.Errorf("Sprintf(%q, %#v) = %q, the standard library says %q", format, args, got, want)
	}
}

func TestSprintfManyArguments(t *testing.T) {
	agree(t, "")
	agree(t, "no directive, 100%% é")
	agree(t, "%s: %d of %v, %q", "a", 3, io.EOF, "b")
	// These are not literals, because vet would report them.
	for _, wrong := range []string{"%s and %d", "%s ends in %"} {
		agree(t, wrong, "only one")
	}
}

func TestErrorfWraps(t *testing.T) {
	one := slim.Errorf("reading %q: %w", "x", io.EOF)
	if got, want := one.Error(), `reading "x": EOF`; got != want {
		t.Errorf("text = %q, want %q", got, want)
	}
	if !errors.Is(one, io.EOF) || errors.Unwrap(one) != io.EOF {
		t.Errorf("%v does not wrap io.EOF", one)
	}
	two := slim.Errorf("%w, 5%% of %d, then %w", io.EOF, 3, io.ErrShortWrite)
	if !errors.Is(two, io.EOF) || !errors.Is(two, io.ErrShortWrite) {
		t.Errorf("%v does not wrap both", two)
	}
	if got, want := two.Error(), "EOF, 5% of 3, then short write"; got != want {
		t.Errorf("text = %q, want %q", got, want)
	}
	if plain := slim.Errorf("after %v", io.EOF); errors.Is(plain, io.EOF) {
		t.Errorf("%v wraps what only %%w may", plain)
	}
}

// TestUnknownNamesItsType checks that the text of an unsupported value has its type.
func TestUnknownNamesItsType(t *testing.T) {
	for _, c := range []struct {
		format string
		arg    any
		want   string
	}{
		{"%v", struct{ A int }{1}, "%!v(struct { A int })"},
		{"%v", []int{1}, "%!v([]int)"},
		{"%v", 1.5, "%!v(float64)"},
		{"%d", true, "%!d(bool)"},
		{"%d", "s", "%!d(string=s)"},
		{"%s", nil, "%!s(<nil>)"},
	} {
		if got := slim.Sprintf(c.format, c.arg); got != c.want {
			t.Errorf("Sprintf(%q, %v) = %q, want %q", c.format, c.arg, got, c.want)
		}
	}
}
