//go:build !js

package chat

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"plurachat/protocol"
	"plurachat/widget/words"
)

// Merged batches draw each row once, in its last state.
func TestBatchesAreMerged(t *testing.T) {
	b := Batch{Focus: FocusLauncher, Reveal: "a", Screen: Screen{Unread: 1}}
	b.Merge(&Batch{Screen: Screen{Unread: 2}})
	if b.Focus != FocusLauncher || b.Reveal != "a" || b.Input || b.Screen.Unread != 2 {
		t.Errorf("with nothing: %+v", b)
	}
	b.Merge(&Batch{Focus: FocusComposer, Reveal: "b", Input: true, Scroll: Scroll{Kind: ScrollEnd}, Announce: []Announcement{{Words: "x"}}})
	b.Merge(&Batch{})
	if b.Focus != FocusComposer || b.Reveal != "b" || !b.Input || b.Scroll.Kind != ScrollEnd || len(b.Announce) != 1 || b.Screen.Unread != 0 {
		t.Errorf("with something: %+v", b)
	}
	for name, one := range map[string]Batch{
		"rows": {Rows: []RowPatch{{Op: protocol.Cleared}}}, "words": {Announce: []Announcement{{}}}, "scroll": {Scroll: Scroll{Kind: ScrollEnd}},
		"focus": {Focus: FocusComposer}, "input": {Input: true}, "reveal": {Reveal: "x"},
	} {
		if !one.NeedsDrawing() {
			t.Errorf("%s: nothing to draw", name)
		}
	}
	if nothing := (Batch{Save: true, Screen: Screen{Unread: 1}}); nothing.NeedsDrawing() || nothing.HasAgentMessage() {
		t.Error("a batch that changes the screen alone has something to draw")
	}
	agent, visitor := &Row{}, &Row{Kind: protocol.Visitor}
	for _, c := range []struct {
		patch RowPatch
		want  bool
	}{{RowPatch{Op: protocol.Inserted, Row: agent}, true}, {RowPatch{Op: protocol.Updated, Row: agent}, false}, {RowPatch{Op: protocol.Inserted, Row: visitor}, false}} {
		if one := (Batch{Rows: []RowPatch{{Op: protocol.Cleared}, c.patch}}); one.HasAgentMessage() != c.want {
			t.Errorf("%+v: says %v", c.patch, !c.want)
		}
	}
}

// A change of a row is merged into a waiting patch up to eight patches back. A view that applies the patches ends with
// the same rows either way.
func TestPatchesAreJoined(t *testing.T) {
	row := func(key, text string) *Row { return &Row{Key: key, Text: text} }
	var b Batch
	b.addRow(RowPatch{Op: protocol.Inserted, Row: row("a", "1")})
	b.addRow(RowPatch{Op: protocol.Updated, Row: row("a", "2")})
	if len(b.Rows) != 1 || b.Rows[0].Op != protocol.Inserted || b.Rows[0].Row.Text != "2" {
		t.Errorf("a row that changes before it is drawn: %+v", b.Rows)
	}
	b.addRow(RowPatch{Op: protocol.Deleted, Index: 3})
	b.addRow(RowPatch{Op: protocol.Updated, Row: row("b", "1")})
	b.addRow(RowPatch{Op: protocol.Moved, Row: row("b", "2")})
	b.addRow(RowPatch{Op: protocol.Updated, Row: row("b", "3")})
	if len(b.Rows) != 4 || b.Rows[3].Row.Text != "3" || b.Rows[2].Row.Text != "1" {
		t.Errorf("of another flow: %+v", b.Rows)
	}
	for between, want := range map[int]int{0: 1, 7: 8, 8: 10} {
		var b Batch
		first := row("a", "1")
		b.addRow(RowPatch{Op: protocol.Inserted, Row: first})
		for i := range between {
			b.addRow(RowPatch{Op: protocol.Inserted, Row: row(fmt.Sprint(i), "")})
		}
		if again := b.replacePending(first, row("a", "2")); again != (between < 8) || again != (first.Text == "2") {
			t.Errorf("%d patches back: done again %v", between, again)
		}
		if b.addRow(RowPatch{Op: protocol.Updated, Row: row("a", "3")}); len(b.Rows) != want {
			t.Errorf("%d patches back: %d patches", between, len(b.Rows))
		}
	}
	var none Batch
	if none.replacePending(row("a", "1"), row("a", "2")) {
		t.Error("what is not there is done again")
	}
}

// Of a burst the last four messages are read out.
func TestLastOfABurstIsReadOut(t *testing.T) {
	var b Batch
	for i := range 6 {
		b.announce(Announcement{Words: fmt.Sprint(i)})
	}
	words := words.New()
	var said []string
	for i := range b.Announce {
		said = append(said, b.Announce[i].Text(&words))
	}
	if !slices.Equal(said, []string{"2", "3", "4", "5"}) {
		t.Errorf("read out: %q", said)
	}
	for n, want := range map[int]int{4000: 4000, 4001: 4000} {
		a := Announcement{Name: "Maya", Message: strings.Repeat("x", n)}
		if got := len(a.Text(&words)) - len("Maya said: "); got != want {
			t.Errorf("of %d characters %d are read out", n, got)
		}
	}
	a := Announcement{Name: "Maya", Message: "**bold**"}
	if got := a.Text(&words); got != "Maya said: bold" {
		t.Errorf("read out: %q", got)
	}
}

// A batch is stale when it has more than four patches for each row that there may be.
func TestStale(t *testing.T) {
	b := Batch{Rows: make([]RowPatch, 4*protocol.MostEntries)}
	if b.Stale() {
		t.Error("stale too soon")
	}
	if b.Rows = append(b.Rows, RowPatch{}); !b.Stale() {
		t.Error("not stale")
	}
}
