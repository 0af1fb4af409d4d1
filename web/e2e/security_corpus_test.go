package e2e

import (
	"embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/build"
	"plurachat/web/e2e/suite"
)

//go:embed corpus
var corpusFiles embed.FS

// corpusScript returns the scripts of the folder corpus as one.
func corpusScript(t *testing.T) string {
	t.Helper()
	var script strings.Builder
	for _, name := range []string{"server", "audit", "widgets", "server_fields", "page_fields", "stored_fields", "corpus"} {
		text, err := corpusFiles.ReadFile("corpus/" + name + ".js")
		if err != nil {
			t.Fatal(err)
		}
		script.Write(text)
	}
	return "(() => {" + script.String() + "})();"
}

// hostileTexts returns the payloads of widget/testdata/hostile.txt and some long ones.
func hostileTexts(t *testing.T) []string {
	t.Helper()
	root, err := build.FindRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(root, "widget", "testdata", "hostile.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		text, err := strconv.Unquote(line)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		texts = append(texts, text)
	}
	for _, unit := range []string{
		"<", "<b>", "[", "[x](", "*_", "> ", "`", "&#", "<img src=x onerror=trap(1)>", "A", "\u202e", "\n", `{"a":`, `"`, `\`,
	} {
		texts = append(texts, strings.Repeat(unit, 3900/len(unit))+"x")
	}
	if n := len(slices.Compact(slices.Sorted(slices.Values(texts)))); n < 300 || n != len(texts) {
		t.Fatalf("%d payloads, %d of them different", len(texts), n)
	}
	return texts
}

// wordKeys returns the keys that the attribute strings accepts, in alphabetical order.
func wordKeys(t *testing.T) []string {
	t.Helper()
	root, err := build.FindRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(root, "widget", "words", "en.json"))
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]string{}
	if err := json.Unmarshal(data, &words); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for key := range words {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// script serves a script at a path of the site.
func (s *site) script(path, text string) {
	s.header(path, "Content-Type", "text/javascript")
	s.document(path, text)
}

// TestHostileContent checks that text from strangers is shown as text, in every place where the widget shows it:
// nothing runs, nothing is fetched, and the text adds no element or attribute. The page's policy is in Report-Only
// mode: a script that could run does run, and what a strict page would block is reported.
func TestHostileContent(t *testing.T) {
	t.Parallel()
	everywhere(t, hostileContent)
}

// hostileContent puts every payload into every field.
func hostileContent(t *testing.T, e *engine) {
	s := newSite(t, protocoltest.Options{})
	s.script("/corpus.js", corpusScript(t))
	s.header("/", "Content-Security-Policy-Report-Only", strict(s))
	s.allowUnpinned(e)
	tab := e.visitor(t).open("about:blank")
	requested := func() []string { return nil }
	if e == chromium {
		requested = recordRequests(tab)
	}
	tab.open(s.page("/", `<script src="/corpus.js"></script><script src="/plura-chat.js"></script><h1>Roofs</h1>`))
	texts := hostileTexts(t)
	payloads, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := json.Marshal(wordKeys(t))
	if err != nil {
		t.Fatal(err)
	}
	eval[any](tab, fmt.Sprintf(`void document.corpus(%s, %s).then(
		report => { document.report = report; },
		reason => { document.report = {problems: [String(reason?.stack ?? reason)]}; })`, payloads, keys))
	for doing := ""; !suite.Poll(4*patience, func() bool { return eval[bool](tab, `Boolean(document.report)`) }); {
		now := eval[string](tab, `String(document.doing)`)
		if now == doing {
			problems := eval[string](tab, `[...document.problems].join("\n")`)
			t.Fatalf("no progress in %s at %s\n%s", 4*patience, now, problems)
		}
		doing = now
	}
	report := eval[struct {
		Done map[string]struct {
			Fields int
			Ms     int
		}
		Problems []string
		Trapped  []string
		Pictures []string
	}](tab, `document.report`)
	fields := 0
	for name, done := range report.Done {
		fields += done.Fields
		t.Logf("%d payloads in %2d fields, %5d ms: %s", len(texts), done.Fields, done.Ms, name)
	}
	t.Logf("%d payloads × %d fields = %d", len(texts), fields, len(texts)*fields)
	if len(report.Done) == 0 {
		t.Error("nothing was done")
	}
	for _, problem := range report.Problems {
		t.Error(problem)
	}
	if len(report.Trapped) > 0 {
		t.Errorf("executed: %s", report.Trapped)
	}
	for _, url := range requested() {
		if !strings.HasPrefix(url, s.URL) && !strings.HasPrefix(url, "blob:") && !slices.Contains(report.Pictures, url) {
			t.Errorf("a request to %s", url)
		}
	}
}
