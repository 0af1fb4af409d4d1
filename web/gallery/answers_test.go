package gallery

import (
	"path"
	"strings"
	"testing"

	"plurachat/widget/markdown"
)

// TestAnswersAreStates checks that each text in answers is the last message of a state with its name, has 12 to 40
// lines, and contains what its state is meant to show.
func TestAnswersAreStates(t *testing.T) {
	has := func(kinds ...markdown.NodeKind) []markdown.NodeKind { return kinds }
	shows := map[string][]markdown.NodeKind{
		"prices":     has(markdown.KindTable, markdown.KindQuote),
		"steps":      has(markdown.KindOrdered, markdown.KindCodeBlock),
		"comparison": has(markdown.KindTable),
		"itinerary":  has(markdown.KindUnordered, markdown.KindHeading),
		"bilingual":  has(markdown.KindTable, markdown.KindStrong),
		"formulas":   has(markdown.KindTable),
		"checklist":  has(markdown.KindItem, markdown.KindOrdered),
		"links":      has(markdown.KindLink, markdown.KindImage, markdown.KindReply),
		"arabic":     has(markdown.KindTable, markdown.KindCodeBlock),
		"long":       has(markdown.KindHeading, markdown.KindQuote, markdown.KindOrdered, markdown.KindBreak, markdown.KindTable),
	}
	files, err := answerTexts.ReadDir("answers")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(shows) {
		t.Errorf("there are %d answers, want %d", len(files), len(shows))
	}
	for _, file := range files {
		name := strings.TrimSuffix(file.Name(), path.Ext(file.Name()))
		lines := stateNamed("answer-" + name).Seed(talkIn("en"))
		text := lines[len(lines)-1].Text
		if n := strings.Count(text, "\n"); n < 12 || n > 40 {
			t.Errorf("%s has %d lines", name, n)
		}
		found := map[markdown.NodeKind]bool{}
		collect(markdown.Parse(text), found)
		for _, kind := range shows[name] {
			if !found[kind] {
				t.Errorf("%s has no node of kind %v", name, kind)
			}
		}
	}
}

// collect adds the kinds of all nodes to found.
func collect(nodes []markdown.Node, found map[markdown.NodeKind]bool) {
	for _, n := range nodes {
		found[n.Kind] = true
		collect(n.Children, found)
	}
}
