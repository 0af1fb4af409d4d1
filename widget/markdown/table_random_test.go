//go:build !js

package markdown

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// TestTablesRandom compares random tables, some of which are broken, with goldmark.
func TestTablesRandom(t *testing.T) {
	// A header has only the first words: goldmark fills headers that have too few cells.
	words := strings.Split("a;b c;**d**;*e;f*;`g`;~~i~~;é;中文;**“o”**;[l](tel:5551234);&lt;`j\\|k`;; ;`h;\\|;\\\\;\\*;[m;n](tel:5551234);1;-x;[ ]", ";")
	dashes := strings.Split("-;---;:-;-:;:-:;:---:; --- ; :- ;--x;;::", ";")
	random := rand.New(rand.NewPCG(7, 8))
	pick := func(from []string, most int) string { return from[random.IntN(min(most, len(from)))] }
	row := func(from []string, most, cells int) string {
		var b strings.Builder
		for i := range cells {
			cell := pick(from, most)
			if i > 0 || cells == 1 || random.IntN(3) > 0 || !strings.ContainsAny(cell[:min(len(cell), 1)], "abé中") {
				b.WriteString("|")
			}
			b.WriteString(cell)
		}
		b.WriteString([]string{"|", " |", "", "  "}[random.IntN(4)])
		return b.String()
	}
	rounds := shorter(40_000)
	compared, tables := 0, 0
	for range rounds {
		columns := 1 + random.IntN(4)
		var lines []string
		for range random.IntN(2) {
			lines = append(lines, "above")
		}
		usual := 9
		if random.IntN(8) == 0 {
			usual = len(dashes)
		}
		other := columns
		if random.IntN(8) == 0 {
			other++
		}
		lines = append(lines, row(words, 11, other), row(dashes, usual, columns))
		for range random.IntN(4) {
			lines = append(lines, row(words, len(words), max(1, columns+random.IntN(3)-1)))
		}
		lines = append(lines, [][]string{{}, {"", "below"}, {"> below"}, {"# below"}, {"last"}}[random.IntN(5)]...)
		source := strings.Join(lines, "\n")
		switch random.IntN(4) {
		case 0:
			source = "> " + strings.ReplaceAll(source, "\n", "\n> ")
		case 1:
			source = "- " + strings.ReplaceAll(source, "\n", "\n  ")
		}
		if ownTables.MatchString(source) {
			continue
		}
		compared++
		want := oracle(t, source)
		if strings.Contains(want, "table") {
			tables++
		}
		if got := dump(Parse(source)); got != want {
			t.Errorf("%q\nparsed:\n%sgoldmark:\n%s", source, got, want)
		}
	}
	if compared < rounds/3 || tables < compared/3 {
		t.Errorf("%d of %d texts compared, %d have tables", compared, rounds, tables)
	}
	t.Logf("%d random texts compared, %d have tables", compared, tables)
}

// ownTables finds a pipe that goldmark reads differently than GitHub: one after two backslashes, and an escaped one at
// the end of a line.
var ownTables = regexp.MustCompile(`\\\\\||(?m)\\\|\s*$`)
