//go:build !js

package widget

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"plurachat/protocol"
	"plurachat/widget/chat"
	"plurachat/widget/markdown"
	"plurachat/widget/pieces"
	"plurachat/widget/words"
)

// Long texts of all kinds are laid out in pieces, and their text does not change.
func TestPieces(t *testing.T) {
	prose := strings.Repeat("some words ", 3000)
	for name, text := range map[string]string{
		"one line":      strings.Repeat("x", 50_000),
		"words":         prose,
		"lines":         strings.Repeat("some words\n", 3000),
		"bold":          "**" + strings.TrimSpace(prose) + "**",
		"nested":        "_a **" + prose + "[" + strings.TrimSpace(prose) + "](https://example.com/)** b_",
		"many marks":    strings.Repeat("**bold** and ", 3000),
		"heading":       "# " + prose,
		"list":          "- " + prose + "\n- " + prose,
		"quote":         "> " + prose,
		"code":          "```\n" + prose + "\n```",
		"over the rest": strings.Repeat("*a*\n", 10_000) + prose,
		"Arabic":        strings.Repeat("نص عربي ", 5000),
		"marks":         strings.Repeat("e\u0301", 20_000),
	} {
		t.Run(name, func(t *testing.T) {
			for _, kind := range []protocol.Kind{protocol.Agent, protocol.Visitor} {
				var w nodeBuilder
				m := rowMarkup{markup: markup{nodeBuilder: &w}, words: &words.Language{}, clock: func(int64) string { return "" }}
				m.row(&chat.Row{Kind: kind, Text: text}, "row1", false)
				said, longest := bubbleOf(t, string(w.Buf))
				want := text
				if kind == protocol.Agent {
					want = plainly(markdown.Parse(text))
				}
				if said != want {
					t.Errorf("the shown text, %d bytes, is not the message, %d bytes", len(said), len(want))
				}
				if longest > pieces.Size {
					t.Errorf("a piece has %d bytes", longest)
				}
			}
		})
	}
}

// plainly returns the text of nodes, like textContent in a browser.
func plainly(nodes []markdown.Node) string {
	var b strings.Builder
	for _, n := range nodes {
		b.WriteString(n.Text + plainly(n.Children))
	}
	return b.String()
}

// bubbleOf returns the text of a row's bubble, and the size in bytes of the longest part that is laid out as one piece.
func bubbleOf(t *testing.T, spec string) (said string, longest int) {
	t.Helper()
	var row any
	if err := json.Unmarshal([]byte(spec), &row); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var walk func(node any, inBubble bool, run *int)
	walk = func(node any, inBubble bool, run *int) {
		if text, ok := node.(string); ok {
			if inBubble {
				b.WriteString(text)
				*run += len(text)
				longest = max(longest, *run)
			}
			return
		}
		list := node.([]any)
		attributes := list[1].(map[string]any)
		inBubble = inBubble || attributes["part"] == "bubble"
		class, _ := attributes["class"].(string)
		if strings.HasPrefix(class, "piece") || slices.Contains([]string{"p", "li", "ul", "ol", "div", "pre", "blockquote"}, list[0].(string)) {
			run = new(int)
		}
		for _, child := range list[2:] {
			walk(child, inBubble, run)
		}
	}
	walk(row, false, new(int))
	return b.String(), longest
}
