package markdown

import "strings"

// The reading of a message looks through text only by loops that call step, and by the functions below: so a test can
// count what was looked at, and hold it to the length of the message. A test holds every loop to that, too.

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

// found is how much of s was looked at to find what stands at i.
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
