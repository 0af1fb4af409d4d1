package markdown

import "strings"

// The parser scans text only in loops that call step, and by the functions below. This allows a test to count the bytes
// that were looked at, and to compare the count with the length of the message. Another test checks the source for
// loops that do not count.

// indexByte is strings.IndexByte.
func indexByte(s string, c byte) int {
	i := strings.IndexByte(s, c)
	step(found(s, i))
	return i
}

// lastIndexByte is strings.LastIndexByte.
func lastIndexByte(s string, c byte) int {
	i := strings.LastIndexByte(s, c)
	step(len(s) - max(i, 0))
	return i
}

// index is strings.Index.
func index(s, t string) int {
	i := strings.Index(s, t)
	step(found(s, i) + len(t))
	return i
}

// indexAny is strings.IndexAny.
func indexAny(s, set string) int {
	i := strings.IndexAny(s, set)
	step(found(s, i))
	return i
}

// found returns the number of bytes of s that a search with the result i has looked at.
func found(s string, i int) int {
	if i < 0 {
		return len(s) + 1
	}
	return i + 1
}

// trim is strings.Trim.
func trim(s, set string) string {
	t := strings.Trim(s, set)
	step(len(s) - len(t) + 1)
	return t
}

// trimRight is strings.TrimRight.
func trimRight(s, set string) string {
	t := strings.TrimRight(s, set)
	step(len(s) - len(t) + 1)
	return t
}

// trimSpace is strings.TrimSpace.
func trimSpace(s string) string {
	t := strings.TrimSpace(s)
	step(len(s) - len(t) + 1)
	return t
}

// joinFields returns the words of s with one blank between them.
func joinFields(s string) string {
	step(2*len(s) + 1)
	return strings.Join(strings.Fields(s), " ")
}

// splitLines returns the lines of s.
func splitLines(s string) []string {
	step(len(s) + 1)
	return strings.Split(s, "\n")
}

// replace is strings.ReplaceAll.
func replace(s, old, new string) string {
	step(len(s) + 1)
	return strings.ReplaceAll(s, old, new)
}

// lower is strings.ToLower.
func lower(s string) string {
	step(len(s))
	return strings.ToLower(s)
}

// runLength returns the number of times that s begins with c.
func runLength(s string, c byte) int {
	n := 0
	for n < len(s) && s[n] == c {
		step(1)
		n++
	}
	return n
}
