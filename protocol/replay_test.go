//go:build !js

package protocol

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// lines parses words such as "a:Hi" (of the agent), "v:yes" (of the visitor) and "a:Hi#7" (with the id 7). It returns
// them as entries and as frames.
func lines(s string) (entries []Entry, frames []Frame) {
	for i, word := range strings.Fields(s) {
		text, id, _ := strings.Cut(word[2:], "#")
		e, f := Entry{Key: fmt.Sprint("k", i), ID: id, Kind: Agent, Text: text}, Frame{Type: FrameMessage, ID: id, Content: text}
		if word[0] == 'v' {
			e.Kind, f.Type = Visitor, FrameRecv
		}
		entries, frames = append(entries, e), append(frames, f)
	}
	return
}

func TestAlign(t *testing.T) {
	for _, tt := range []struct {
		name, stored, replay string
		want                 []int
		cut                  bool
	}{
		{"nothing stored", "", "a:Hi", []int{-1}, false},
		{"a conversation of one line", "a:Hi", "a:Hi", []int{0}, false},
		{"no more than a beginning that is cut", "a:Hi", "a:Hi", []int{-1}, true},
		{"the whole history", "a:Hi v:x a:y", "a:Hi v:x a:y", []int{0, 1, 2}, false},
		{"the history and news", "a:Hi v:x a:y", "a:Hi v:x a:y a:z", []int{0, 1, 2, -1}, false},
		{"the end and news", "a:Hi v:x a:y v:q a:r", "v:q a:r a:new", []int{3, 4, -1}, false},
		{"older than what is stored", "v:x a:y", "a:Hi v:w v:x a:y", []int{-1, -1, 0, 1}, false},
		{"one side only", "a:Hi v:x a:y v:q a:r", "a:Hi a:y a:r", []int{0, 2, 4}, false},
		{"a missed line inside", "a:Hi v:x a:z", "a:Hi v:x a:y a:z", []int{0, 1, -1, 2}, false},
		{"a lone ok that stands before the end is news", "a:Hi a:ok v:thanks", "a:ok", []int{-1}, false},
		{"the last line again", "a:Hi v:x a:ok", "a:ok", []int{2}, false},
		{"repeated lines", "a:Hi v:ok v:ok v:ok", "a:Hi v:ok v:ok v:ok v:ok", []int{0, 1, 2, 3, -1}, false},
		{"a greeting alone is left to its own rule", "a:Hi v:x a:y v:z", "a:Hi", []int{-1}, false},
		{"ids decide between equal texts", "a:ok#1 a:ok#2", "a:ok#2 a:ok#3", []int{1, -1}, false},
		{"a cut replay need not reach the end", "a:Hi v:x a:y v:z a:w", "a:Hi v:x", []int{0, 1}, true},
		{"but a lone match proves nothing", "a:Hi v:x a:ok v:z a:w", "a:ok", []int{-1}, true},
		{"a recv and an answer that crossed", "a:Hi v:x a:re v:y a:z", "a:Hi v:x v:y a:re a:z", []int{0, 1, 3, 2, 4}, false},
		{"crossed at the end", "a:Hi v:x a:re v:y", "a:Hi v:x v:y a:re", []int{0, 1, 3, 2}, false},
		{"sides differ", "a:Hi v:x", "v:Hi a:x", []int{-1, -1}, false},
	} {
		entries, _ := lines(tt.stored)
		_, frames := lines(tt.replay)
		if got := align(entries, frames, tt.cut); !slices.Equal(got, tt.want) {
			t.Errorf("%s: align = %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestAlignIsBounded(t *testing.T) {
	var entries []Entry
	var frames []Frame
	for i := range 10_000 {
		entries = append(entries, Entry{Kind: Agent, Text: fmt.Sprint(i)})
		frames = append(frames, Frame{Type: FrameMessage, Content: fmt.Sprint(i)})
	}
	got := align(entries, frames, false)
	if got[9_999] != 9_999 || got[9_600] != 9_600 || got[9_599] != -1 {
		t.Errorf("the newest 400 should align: %v %v %v", got[9_999], got[9_600], got[9_599])
	}
}
