//go:build !js

package markdown

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// deviations lists the examples of CommonMark's specification (0.31.2, by number) that this package reads differently,
// by reason. The test fails for a listed example that does not differ.
var deviations = []struct {
	reason   string
	examples []int
}{
	{"HTML is text, always", []int{
		21, 31, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 163, 164, 165, 166, 167, 168,
		169, 170, 171, 172, 173, 174, 175, 176, 177, 178, 179, 180, 181, 182, 183, 184, 185, 186, 187, 188, 189, 190, 191,
		201, 308, 309, 344, 475, 476, 477, 491, 494, 524, 536, 613, 614, 615, 616, 617, 623, 625, 626, 627, 628, 629, 630,
		631, 642, 643,
	}},
	{"there are no link reference definitions: a chat message is too short for footnotes", []int{
		23, 33, 192, 193, 194, 195, 196, 198, 200, 202, 203, 204, 205, 206, 207, 208, 210, 211, 214, 215, 216, 217, 218,
		317, 527, 528, 529, 530, 531, 532, 533, 534, 535, 537, 538, 539, 540, 541, 542, 543, 544, 545, 549, 550, 553, 554,
		555, 556, 557, 558, 559, 560, 561, 562, 563, 564, 565, 566, 567, 568, 569, 570, 571, 573, 576, 577, 582, 583, 584,
		585, 586, 587, 588, 589, 591, 592, 593,
	}},
	{"a line under a paragraph is a thematic break or text, never makes it a heading: people and models write --- between paragraphs", []int{
		59, 80, 81, 82, 83, 84, 86, 89, 90, 91, 95, 96, 102, 103, 141, 300,
	}},
	{"indentation makes no code block and hides no mark: people indent pasted text, and models indent lists loosely", []int{
		1, 2, 3, 5, 6, 7, 8, 18, 36, 48, 49, 69, 70, 85, 87, 100, 107, 110, 111, 112, 114, 115, 116, 117, 118, 134, 137,
		225, 231, 236, 238, 252, 253, 254, 257, 264, 270, 271, 272, 273, 274, 286, 287, 288, 289, 290, 312, 313,
	}},
	{"a line that carries no mark of the quote or list above it is not in it: new line, new thought", []int{
		93, 232, 233, 247, 250, 291, 292, 293,
	}},
	{"a quote's > needs a blank after it: >_< and >:( are no quotes", []int{
		229, 251, 260,
	}},
	{"marks with nothing to mark are shown as typed: no message may vanish", []int{
		79, 239, 240, 278, 279, 280, 284, 484, 487, 581,
	}},
	{"only the entities that texts for people are seen to contain are known, and none makes a new line", []int{
		25, 34, 39,
	}},
	{"bare links and e-mail addresses are links", []int{
		41, 490, 497, 508, 511, 513, 518, 519, 602, 606, 608, 611, 612,
	}},
	{`what stands between \( and \), or \[ and \], is a formula, and shown as written: models write so, and escape brackets seldom`, []int{12}},
	{"what stands between < and > and is no address that may be followed is shown as typed", []int{
		346, 493, 596, 598, 599, 600, 601,
	}},
}

// example is an example of CommonMark's specification, as goldmark's module contains it.
type example struct {
	Markdown string
	Example  int
	Section  string
}

func examples(t *testing.T) []example {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/yuin/goldmark").Output()
	if err != nil {
		t.Fatalf("finding goldmark: %v", err)
	}
	data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "_test", "spec.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []example
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatalf("reading CommonMark's examples: %v", err)
	}
	if len(all) < 600 {
		t.Fatalf("%d examples, CommonMark has more", len(all))
	}
	return all
}

func TestCommonMark(t *testing.T) {
	reasons := map[int]string{}
	for _, d := range deviations {
		for _, n := range d.examples {
			if reasons[n] != "" {
				t.Errorf("example %d has two reasons", n)
			}
			reasons[n] = d.reason
		}
	}
	compared, equal, different := 0, 0, 0
	// Most links of the examples are relative and therefore not allowed. Each example is read a second time with
	// absolute links.
	absolute := strings.NewReplacer("(/u", "(https://u", "(</u", "(<https://u", "](u", "](https://u", "(foo", "(https://foo",
		"](<foo", "](<https://foo", "(train", "(https://train", "(/path", "(https://path")
	all := examples(t)
	for _, e := range all {
		reason, ok := reasons[e.Example]
		sources := []string{e.Markdown}
		if other := absolute.Replace(e.Markdown); other != e.Markdown {
			sources = append(sources, other)
		}
		same := 0
		for _, source := range sources {
			want, got := oracle(t, source), dump(Parse(source))
			if got == want {
				same++
			} else if !ok {
				t.Errorf("example %d (%s): %q\nparsed:\n%sgoldmark:\n%s", e.Example, e.Section, source, got, want)
			}
		}
		if ok && same == len(sources) {
			t.Errorf("example %d does not differ from goldmark: %s", e.Example, reason)
		}
		compared += len(sources)
		equal += same
		different += len(sources) - same
	}
	t.Logf("%d examples compared in %d forms: %d equal, %d deliberately different", len(all), compared, equal, different)
	for _, d := range deviations {
		t.Logf("%4d × %s", len(d.examples), d.reason)
	}
}

// TestCommonMarkRandom compares paragraphs of random marks, in which the rules meet in ways that no example covers.
func TestCommonMarkRandom(t *testing.T) {
	pieces := strings.Split("a|b|c d| | |.|\n|*|*|**|***|_|_|__|~~|`|``|[|[|](tel:5551234)|](/z)|]|(|)|![|!|\\|\\*|&amp;|&lt;|<|<tel:5551234>|>|é|“|€", "|")
	random := rand.New(rand.NewPCG(1, 2))
	rounds := shorter(50_000)
	compared := 0
	for range rounds {
		var b strings.Builder
		b.WriteString("a")
		for range 1 + random.IntN(24) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		b.WriteString("z")
		source := b.String()
		// Goldmark leaves autolinks out of an image's text, and writes a line break there as an element.
		picture := strings.Contains(source, "![")
		if picture && (strings.Contains(source, "<") || strings.Contains(source, "\\\n") || strings.Contains(source, "  \n")) ||
			strings.Contains(source, "[](") || strings.Contains(source, "~~~") || formula.MatchString(source) || strings.Contains(source, "\n") && !sameLines(source) {
			continue
		}
		compared++
		if got, want := dump(Parse(source)), oracle(t, source); got != want && !strings.Contains(want, "<html>") {
			t.Errorf("%q\nparsed:\n%sgoldmark:\n%s", source, got, want)
		}
	}
	if compared < rounds/2 {
		t.Errorf("%d of %d texts compared", compared, rounds)
	}
	t.Logf("%d random texts compared", compared)
}

// TestCommonMarkRandomBlocks compares messages of random blocks. A blank line follows each block, because this package
// separates adjacent lines differently.
func TestCommonMarkRandomBlocks(t *testing.T) {
	pieces := []string{"- ", "- ", "* ", "1. ", "7) ", "> ", "> ", "  ", "   ", "a", "# b", "---", "```", "~~~ go", "c\nd", "e", "f"}
	random := rand.New(rand.NewPCG(3, 4))
	rounds := shorter(50_000)
	compared := 0
	for range rounds {
		var b strings.Builder
		for range 1 + random.IntN(6) {
			for range random.IntN(4) {
				b.WriteString(pieces[random.IntN(8)])
			}
			b.WriteString(pieces[7+random.IntN(10)] + "\n\n")
		}
		source := b.String()
		want := oracle(t, source)
		if ownBlocks.MatchString(source) || strings.Contains(source, "c\nd") && strings.ContainsAny(source, "->*.)") {
			continue
		}
		compared++
		if got := dump(Parse(source)); got != want {
			t.Errorf("%q\nparsed:\n%sgoldmark:\n%s", source, got, want)
		}
	}
	if compared < rounds/4 {
		t.Errorf("%d of %d messages compared", compared, rounds)
	}
	t.Logf("%d random messages compared", compared)
}

// formula finds escaped brackets that this package reads as the marks of a formula.
var formula = regexp.MustCompile(`(?s)\\\(.*\\\)|\\\[.*\\\]`)

// ownBlocks finds what this package reads differently (an indentation of four columns, and marks without content), and
// blank lines, of which goldmark keeps none in an item's code.
var ownBlocks = regexp.MustCompile(`(?m)^ +$| {4}|\t|(^|[->*.)] )[ ]*([->*]|\d[.)])[ ]*$`)

// sameLines reports whether this package divides the text into the same blocks as CommonMark.
func sameLines(s string) bool {
	for _, line := range strings.Split(s, "\n")[1:] {
		line = strings.TrimLeft(line, " ")
		if line == "" || strings.ContainsRune("*>`~_!\\[<", rune(line[0])) {
			return false
		}
	}
	return true
}
