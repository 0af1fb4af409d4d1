//go:build !js

package markdown

import (
	"strings"
	"testing"
)

// stepsOf returns the number of steps of a call.
func stepsOf(do func()) int {
	steps.n, steps.limit = 0, 1<<30
	defer func() { steps.limit = 0 }()
	do()
	return steps.n
}

// A scan counts each byte up to the result, all bytes if it finds nothing, and at least one, so that a loop around it
// counts too.
func TestScansAreCounted(t *testing.T) {
	const text = "abcdef"
	for name, c := range map[string]struct {
		do   func() any
		got  any
		want int
	}{
		"indexByte":              {func() any { return indexByte(text, 'c') }, 2, 3},
		"indexByte of the first": {func() any { return indexByte(text, 'a') }, 0, 1},
		"indexByte of none":      {func() any { return indexByte(text, 'x') }, -1, 7},
		"lastIndexByte":          {func() any { return lastIndexByte(text, 'd') }, 3, 3},
		"lastIndexByte of none":  {func() any { return lastIndexByte(text, 'x') }, -1, 6},
		"index":                  {func() any { return index(text, "cd") }, 2, 5},
		"index of none":          {func() any { return index(text, "xy") }, -1, 9},
		"indexAny":               {func() any { return indexAny(text, "fd") }, 3, 4},
		"indexAny of none":       {func() any { return indexAny(text, "xy") }, -1, 7},
		"trim":                   {func() any { return trim("  ab ", " ") }, "ab", 4},
		"trim of nothing":        {func() any { return trim("ab", " ") }, "ab", 1},
		"trimRight":              {func() any { return trimRight(" ab  ", " ") }, " ab", 3},
		"trimSpace":              {func() any { return trimSpace("\n ab\t") }, "ab", 4},
		"replace":                {func() any { return replace(text, "b", "xx") }, "axxcdef", 7},
		"lower":                  {func() any { return lower("ABC") }, "abc", 3},
	} {
		var got any
		if n := stepsOf(func() { got = c.do() }); n != c.want || got != c.got {
			t.Errorf("%s: %v in %d steps, want %v in %d", name, got, n, c.got, c.want)
		}
	}
}

// Copied text is counted, at least one step for each byte, in every block and inline.
func TestEachByteIsCounted(t *testing.T) {
	const n = 4000
	long := strings.Repeat("x", n)
	for name, text := range map[string]string{
		"a paragraph": long, "two lines": long + "\n" + long, "code": "```\n" + long + "\n" + long + "\n```", "not UTF-8": long + "\xff", "control": long + "\x01",
		"inline code": "`" + long + "`", "a heading": "# " + long, "an escape": `\*` + long + `\*` + long, "a link": "[" + long + "](https://a.b)", "an item": "- " + long,
	} {
		if got := stepsOf(func() { Parse(text) }); got < len(text) {
			t.Errorf("%s of %d bytes: %d steps", name, len(text), got)
		}
	}
}

// The count panics above its limit, and does nothing without a limit.
func TestStepsEnd(t *testing.T) {
	steps.n, steps.limit = 0, 3
	step(3)
	func() {
		defer func() {
			if r := recover(); r != (tooManySteps{}) {
				t.Errorf("one step above the limit: %v", r)
			}
		}()
		step(1)
		t.Error("no panic above the limit")
	}()
	steps.n, steps.limit = 0, 0
	if step(5); steps.n != 0 {
		t.Error("counted without a limit")
	}
}
