package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/suite"
)

// TestDocumentedWarnings checks that the console says about bad values what docs/features.md says.
func TestDocumentedWarnings(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/features.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile("(?m)^\\| `([a-z-]+)=(?:\"(.*)\"|'(.*)')` \\| `(plura-chat: .*)` \\|$").FindAllStringSubmatch(string(text), -1)
	if len(rows) < 13 {
		t.Fatalf("the page has only %d bad values", len(rows))
	}
	s := newSite(t, protocoltest.Options{})
	tab := chromium.visitor(t).open("about:blank")
	console := recordConsole(tab)
	tab.open(s.page("/", s.element("load=eager")))
	tab.launch()
	tab.online()
	cell := strings.NewReplacer(`\|`, "|")
	for _, row := range rows {
		value, line := cell.Replace(row[2]+row[3]), "warning: "+cell.Replace(row[4])
		eval[any](tab, `document.querySelector("plura-chat").setAttribute(`+strconv.Quote(row[1])+`, `+strconv.Quote(value)+`)`)
		if !suite.Poll(patience, func() bool { return slices.Contains(console(), line) }) {
			t.Errorf("%s=%s: the console does not say\n%s\nbut\n%s", row[1], value, line, strings.Join(console(), "\n"))
		}
		eval[any](tab, `document.querySelector("plura-chat").removeAttribute(`+strconv.Quote(row[1])+`)`)
	}
	if n := len(console()); n != len(rows) {
		t.Errorf("the console has %d lines of %d bad values:\n%s", n, len(rows), strings.Join(console(), "\n"))
	}
}

// TestDocumentedTags checks that the widget accepts the script tags of the pages for site owners: the chat works, and
// the console says nothing.
func TestDocumentedTags(t *testing.T) {
	t.Parallel()
	tag := regexp.MustCompile(`<script async src="https://cdn\.example\.com/plura-chat\.js" data-flow-id="[^"]*"((?:[^>"']|"[^"]*"|'[^']*')*)></script>`)
	for _, page := range []string{"features.md", "analytics.md", "visitor.md"} {
		text, err := os.ReadFile(filepath.Join("..", "docs", page))
		if err != nil {
			t.Fatal(err)
		}
		tags := tag.FindAllStringSubmatch(string(text), -1)
		if len(tags) == 0 {
			t.Errorf("%s has no tags", page)
		}
		for _, attributes := range tags {
			t.Run(page, func(t *testing.T) {
				t.Parallel()
				if strings.Contains(attributes[1], "data-session=") {
					t.Skip("the session is not this server's")
				}
				s := newSite(t, protocoltest.Options{})
				tab := chromium.visitor(t).open("about:blank")
				console := recordConsole(tab)
				// A picture of the example's host cannot be loaded.
				tab.open(s.page("/", s.tag(strings.ReplaceAll(attributes[1], "https://cdn.example.com/icon.svg", "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>"))))
				if strings.Contains(attributes[1], "data-prechat=") {
					tab.openForm()
				} else {
					tab.launch()
				}
				if said := console(); len(said) > 0 {
					t.Errorf("%s: the console says\n%s", attributes[0], strings.Join(said, "\n"))
				}
			})
		}
	}
}
