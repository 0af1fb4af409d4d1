//go:build !js

package pieces

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"plurachat/widget/markdown"
)

// A text is cut after the last line or word that ends in its last quarter, or else between two characters.
func TestBeginnings(t *testing.T) {
	for _, c := range []struct {
		text string
		n    int
		want string
	}{
		{"", 3, ""}, {"abc", 3, "abc"}, {"abcd", 3, "abc"}, {"äöü", 3, "äöü"}, {"äöüß", 3, "äöü"}, {"文文", 3, "文文"},
		{"aaaaaa b cd", 8, "aaaaaa "}, {"aaaaaaa bcd", 8, "aaaaaaa "}, {"aaaaaaaa bcd", 8, "aaaaaaaa"}, {"aaaa b cdefghij", 8, "aaaa b "},
		{"aaaa bcdefghij", 8, "aaaa bcd"}, // the blank is too far away
		{"aaaaaaaa\nb c d", 10, "aaaaaaaa\n"}, {"aaaaaaaa\nbc d", 9, "aaaaaaaa\n"}, {"aaa\naaaaab cd", 12, "aaa\naaaaab "},
	} {
		got, cut := Beginning(c.text, c.n)
		if got != c.want || cut != (got != c.text) {
			t.Errorf("%d characters of %q: %q, %v; want %q", c.n, c.text, got, cut, c.want)
		}
	}
}

// A user-perceived character is not broken, even if it has many code points.
func TestJoinedCharacters(t *testing.T) {
	for _, c := range []struct {
		a, b rune
		want bool
	}{
		{'a', 'b', false}, {'a', ' ', false}, {'\r', '\n', true}, {'a', '\n', false}, {'\r', 'a', false}, {'文', '文', false}, {'é', 'é', false},
		{'e', '\u0301', true}, {'e', '\u0300', true}, {'e', '\u02ff', false}, {'क', '\u093f', true}, {'क', 'ख', false}, {'ก', '\u0e34', true}, {'ก', 'ข', false}, {'س', '\u064b', true}, {'س', 'ص', false},
		{'\u200d', 'x', true}, {'x', '\u200d', true}, {'x', '\u2000', true}, {'x', '\u206f', true}, {'x', '\u2070', false}, {'x', '\u1fff', true},
		{'1', '\u20e3', true}, {'x', '\u20cf', false}, {'x', '\u20d0', true}, {'x', '\u20ff', true}, {'x', '\u2100', false},
		{'☎', '\ufe0f', true}, {'x', '\ufdff', false}, {'x', '\ufe00', true}, {'x', '\ufe2f', true}, {'x', '\ufe30', false},
		{'👍', '\U0001f3fb', true}, {'👍', '\U0001f3ff', true}, {'👍', '\U0001f3fa', false}, {'👍', '\U0001f400', false},
		{'🇩', '🇪', true}, {'🇩', 'a', false}, {'a', '🇩', false}, {'🇦', '🇿', true}, {'\U0001f1e5', '🇿', false}, {'🇿', '\U0001f200', false}, {'🇦', '\U0001f1e5', false}, {'\U0001f200', '🇦', false},
		{'x', '\ua66e', false}, {'x', '\ua66f', true}, {'x', '\ua674', true}, {'ꙮ', '\ua680', false}, {'ꯀ', '\uabe3', true}, {'x', '\uabff', true}, {'x', '가', false},
		{'x', '\U00011000', true}, {'x', '\U00011001', true}, {'x', '\U00011005', false}, {'x', '\U00011fff', true}, {'x', '\U00010fff', false}, {'x', '\U00012000', false},
		{'x', '\U000e0100', true}, {'x', '\U000e0000', true}, {'x', '\U000dffff', false},
	} {
		if got := joins(c.a, c.b); got != c.want {
			t.Errorf("%U %U are joined: %v", c.a, c.b, got)
		}
	}
	// A cluster longer than a quarter of the text is broken all the same, so that the piece ends.
	text := "a" + strings.Repeat("\u0301", 40)
	if got := BreakBefore(text, 41); got != 41 {
		t.Errorf("broken at %d", got)
	}
	if got := BreakBefore("aaaa", 4); got != 4 {
		t.Errorf("a text of four bytes is broken at %d", got)
	}
	// A position within a character is moved behind it.
	if got := BreakBefore("aaaaaaa文aaa", 8); got != 10 {
		t.Errorf("broken at %d", got)
	}
	if got := BreakBefore("aaaaa文 aaaa", 9); got != 9 {
		t.Errorf("broken at %d", got)
	}
}

// Break changes no text. Each piece has a limited size, and repeats the elements around its text.
func TestBreak(t *testing.T) {
	text := func(s string) markdown.Node { return markdown.Node{Kind: markdown.KindText, Text: s} }
	long := strings.Repeat("some words ", 1000)
	link := markdown.Node{Kind: markdown.KindLink, URL: "https://example.com/", Beside: "example.com", Children: []markdown.Node{text(long)}}
	for name, nodes := range map[string][]markdown.Node{
		"one text":         {text(long)},
		"many short ones":  slices.Repeat([]markdown.Node{text("word "), {Kind: markdown.KindBreak}}, 5000),
		"nested":           {text("a "), {Kind: markdown.KindStrong, Children: []markdown.Node{text(long), {Kind: markdown.KindEmphasis, Children: []markdown.Node{text(long)}}}}, text(" b")},
		"only breaks":      slices.Repeat([]markdown.Node{{Kind: markdown.KindBreak}}, 3*Size),
		"a full piece":     {text(strings.Repeat("x", Size)), {Kind: markdown.KindStrong, Children: []markdown.Node{text("bold")}}},
		"a link":           {link},
		"nothing":          nil,
		"an empty element": {{Kind: markdown.KindStrong}},
	} {
		left := Size
		all := Break(nodes, &left)
		said, beside := "", 0
		for i, piece := range all {
			if n := TextSize(piece); n > Size || len(piece) > 2*Size {
				t.Errorf("%s: piece %d has %d bytes and %d elements", name, i, n, len(piece))
			}
			said += allText(piece)
			for _, n := range piece {
				if len(n.Children) == 0 && (n.Kind == markdown.KindLink || n.Kind == markdown.KindStrong && name != "an empty element") {
					t.Errorf("%s: piece %d has an element without content", name, i)
				}
				if n.Beside != "" {
					if beside++; i < len(all)-1 {
						t.Errorf("%s: piece %d of %d has what stands behind the link", name, i, len(all))
					}
				}
			}
		}
		if said != allText(nodes) {
			t.Errorf("%s: %d bytes of %d are left, or others", name, len(said), TextSize(nodes))
		}
		if want := name == "a link"; beside > 0 != want || beside > 1 {
			t.Errorf("%s: the host stands in %d pieces", name, beside)
		}
		if least := TextSize(nodes) / Size; len(all) < least || len(all) > 2*least+4 {
			t.Errorf("%s: %d pieces for %d bytes", name, len(all), TextSize(nodes))
		}
		if want := Size - TextSize(all[len(all)-1]); name != "many short ones" && left > want {
			t.Errorf("%s: %d bytes are left in the last piece, at most %d can be", name, left, want)
		}
	}
}

// An answer, a number and a picture are never divided, wherever the border of a piece is. A picture with a description
// that is too long is a link.
func TestBreakKeepsWhole(t *testing.T) {
	text := func(s string) markdown.Node { return markdown.Node{Kind: markdown.KindText, Text: s} }
	image := func(n int) markdown.Node {
		return markdown.Node{Kind: markdown.KindImage, URL: "https://example.com/", Children: []markdown.Node{text(strings.Repeat("x", n))}}
	}
	for _, whole := range []markdown.Node{
		{Kind: markdown.KindReply, Text: "Yes, I would like to"}, {Kind: markdown.KindNumber, Text: "030 12 34 56"}, image(20), image(Size),
	} {
		size := TextSize([]markdown.Node{whole})
		for before := Size - size - 1; before <= Size+1; before++ {
			left := Size
			nodes := []markdown.Node{text(strings.Repeat("x", max(before, 1))), {Kind: markdown.KindStrong, Children: []markdown.Node{whole}}, text("end")}
			found := 0
			for i, piece := range Break(nodes, &left) {
				if n := TextSize(piece); n > Size {
					t.Errorf("kind %d after %d bytes: piece %d has %d bytes", whole.Kind, before, i, n)
				}
				for _, n := range piece {
					if n.Kind == markdown.KindStrong && reflect.DeepEqual(n.Children, []markdown.Node{whole}) {
						found++
					}
				}
			}
			if found != 1 {
				t.Errorf("kind %d after %d bytes: it is %d times in the pieces", whole.Kind, before, found)
			}
		}
	}
	left := Size
	all := Break([]markdown.Node{image(Size + 1)}, &left)
	if len(all) != 2 || all[0][0].Kind != markdown.KindLink || all[1][0].Kind != markdown.KindLink || TextSize(all[0])+TextSize(all[1]) != Size+1 {
		t.Errorf("%+v", all)
	}
}

// allText returns the text of all nodes.
func allText(nodes []markdown.Node) string {
	var b strings.Builder
	for _, n := range nodes {
		b.WriteString(n.Text + allText(n.Children))
	}
	return b.String()
}
