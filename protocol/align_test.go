//go:build !js

package protocol

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// worth returns the value of an alignment in order: 2 for each match, and 3 more if the ids are the same; less 1 for
// each stored message between two matches that is skipped, if the replay has messages of its side; and, unless the
// replay was cut, less 2 for each stored message after the last match.
func worth(stored []Entry, replay []Frame, matches []int, cut bool) int {
	sides := map[bool]bool{}
	for _, f := range replay {
		sides[f.Type == FrameRecv] = true
	}
	sum, last := 0, -1
	for j, i := range matches {
		if i < 0 {
			continue
		}
		if sum += 2; stored[i].ID != "" && stored[i].ID == replay[j].ID {
			sum += 3
		}
		for k := last + 1; last >= 0 && k < i; k++ {
			if sides[stored[k].Kind == Visitor] {
				sum--
			}
		}
		last = i
	}
	if !cut {
		sum -= 2 * (len(stored) - 1 - last)
	}
	return sum
}

// inOrder calls f with each way to match frames, in order, with stored messages of the same side and text.
func inOrder(stored []Entry, replay []Frame, f func(matches []int)) {
	matches := make([]int, len(replay))
	var from func(j, i int)
	from = func(j, i int) {
		if j == len(replay) {
			f(matches)
			return
		}
		matches[j] = -1
		from(j+1, i)
		for k := i; k < len(stored); k++ {
			if (stored[k].Kind == Visitor) == (replay[j].Type == FrameRecv) && stored[k].Text == replay[j].Content {
				matches[j] = k
				from(j+1, k+1)
			}
		}
		matches[j] = -1
	}
	from(0, 0)
}

// align returns an alignment that contains one of the best alignments in order. It returns none if the best is worth
// nothing. It may also match messages that have changed places: see TestSwapped.
func TestAlignIsTheBest(t *testing.T) {
	r := rand.New(rand.NewPCG(14, 14))
	talk := func(n int) string {
		var words []string
		for range n {
			word := []string{"a", "v"}[r.IntN(2)] + ":" + []string{"x", "y", "z"}[r.IntN(3)]
			if r.IntN(4) == 0 {
				word += fmt.Sprint("#", r.IntN(4))
			}
			words = append(words, word)
		}
		return strings.Join(words, " ")
	}
	believed := 0
	for range 2000 {
		was, is, cut := talk(r.IntN(7)), talk(1+r.IntN(5)), r.IntN(3) == 0
		stored, _ := lines(was)
		_, replay := lines(is)
		best, ways := 0, [][]int{}
		if cut {
			best = 3 // a single match proves nothing
		}
		least := best
		inOrder(stored, replay, func(matches []int) {
			switch sum := worth(stored, replay, matches, cut); {
			case sum > best:
				best, ways = sum, [][]int{slices.Clone(matches)}
			case sum == best && sum > least:
				ways = append(ways, slices.Clone(matches))
			}
		})
		got := align(stored, replay, cut)
		holds := func(way []int) bool {
			for j, i := range way {
				if i >= 0 && got[j] != i {
					return false
				}
			}
			return true
		}
		if best == least {
			if slices.ContainsFunc(got, func(i int) bool { return i >= 0 }) {
				t.Fatalf("%q after %q, cut: %v: %v, want no match", is, was, cut, got)
			}
			continue
		}
		believed++
		if !slices.ContainsFunc(ways, holds) {
			t.Fatalf("%q after %q, cut: %v: %v, want one of %v", is, was, cut, got, ways)
		}
	}
	if believed < 300 {
		t.Errorf("only %d alignments were believed", believed)
	}
}

// A message that has changed places is matched up to 20 places from where the server has it. Before the first message
// that the replay repeats, the limit is 3 places: the replay does not contain the messages before that one, so an
// equal message of the replay is probably new.
func TestSwapped(t *testing.T) {
	row := func(n int) string {
		var words []string
		for i := range n {
			words = append(words, fmt.Sprint("a:", i))
		}
		return strings.Join(words, " ")
	}
	for _, tt := range []struct {
		name, stored, replay string
		frame, want          int
	}{
		{"20 before", "a:s v:x " + row(20), "a:s " + row(20) + " v:x", 21, 1},
		{"21 before", "a:s v:x " + row(21), "a:s " + row(21) + " v:x", 22, -1},
		{"20 behind", "a:s " + row(19) + " v:x", "a:s v:x " + row(19), 1, 20},
		{"21 behind", "a:s " + row(20) + " v:x", "a:s v:x " + row(20), 1, -1},
		{"3 before all", "v:x a:p a:q a:s " + row(3), "a:s v:x " + row(3), 1, 0},
		{"4 before all", "v:x a:p a:q a:r a:s " + row(3), "a:s v:x " + row(3), 1, -1},
		{"another id, where ids are kept", "a:s#1 v:x#2 " + row(3), "a:s#1 " + row(3) + " v:x#3", 4, -1},
		{"the same id", "a:s#1 v:x#2 " + row(3), "a:s#1 " + row(3) + " v:x#2", 4, 1},
		{"another id, where none is kept", "a:s#1 v:x#2 " + row(3), "a:s#7 " + row(3) + " v:x#8", 4, 1},
		{"no ids", "a:s v:x#2 " + row(3), "a:s " + row(3) + " v:x", 4, 1},
		{"a second one", "a:s v:x " + row(3), "a:s " + row(3) + " v:x v:x", 5, -1},
		{"another side", "a:s a:x " + row(3), "a:s " + row(3) + " v:x", 4, -1},
	} {
		entries, _ := lines(tt.stored)
		_, frames := lines(tt.replay)
		if got := align(entries, frames, false); got[tt.frame] != tt.want {
			t.Errorf("%s: %v, want %d for frame %d", tt.name, got, tt.want, tt.frame)
		}
	}
	// The same holds in a long transcript and a long replay, of which only the newest messages are compared.
	var stored []Entry
	var replay []Frame
	for i := range 500 {
		stored = append(stored, Entry{Kind: Agent, Text: fmt.Sprint(i)})
	}
	for i := range 2100 {
		replay = append(replay, Frame{Type: FrameMessage, Content: fmt.Sprint(i - 1600)})
	}
	replay[2098], replay[2099] = replay[2099], replay[2098]
	got := align(stored, replay, false)
	if got[1699] != -1 || got[1700] != 100 || got[2097] != 497 || got[2098] != 499 || got[2099] != 498 {
		t.Errorf("%v", got[1690:])
	}
	for i := range 2001 { // only the newest 2,000 frames are compared
		replay = append(replay, Frame{Type: FrameMessage, Content: fmt.Sprint(i + 1000)})
	}
	if got := align(stored, replay, false); slices.ContainsFunc(got, func(i int) bool { return i >= 0 }) {
		t.Error("what is older than 2,000 frames is aligned")
	}
	if got := align(stored, replay[:2100+1990], false); got[2089] != -1 || got[2090] != 490 {
		t.Error("what is within 2,000 frames is not aligned")
	}
}
