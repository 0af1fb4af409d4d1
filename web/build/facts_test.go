package build

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"plurachat/protocol"
	"plurachat/widget/chat"
)

// sources returns the texts of the files that match a pattern, in the folders with scripts and style sheets, by path in
// the module.
func sources(t *testing.T, pattern string) map[string]string {
	t.Helper()
	root, err := FindRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, folder := range []string{"web/loader", "web/start", "web/aside", "web/frame", "web/gallery", "web/preview", "widget"} {
		files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(folder), pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			found[path.Join(folder, filepath.Base(file))] = string(text)
		}
	}
	if len(found) < 5 {
		t.Fatalf("found only %d files", len(found))
	}
	return found
}

// withoutComments returns a script or a style sheet without its comments.
func withoutComments(text string) string {
	text = regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAllString(text, "")
	return regexp.MustCompile(`(?m)(^|\s)//.*$`).ReplaceAllString(text, "$1")
}

// spelled returns patterns for the facts in the forms in which a script might repeat them.
func spelled() []*regexp.Regexp {
	f := newFacts()
	var all []*regexp.Regexp
	for _, number := range []int{f.TextLimit, f.NarrowWidth, int(f.HeartbeatEvery)} {
		forms := []string{strconv.Itoa(number)}
		if number%1000 == 0 {
			forms = append(forms, strconv.Itoa(number/1000)+"e3", strconv.Itoa(number/1000)+"_000")
		}
		all = append(all, regexp.MustCompile(`\b(`+strings.Join(forms, "|")+`)(px)?\b`))
	}
	for _, text := range []string{f.EndedText, f.SocketURL, strings.TrimRight(f.SessionPrefix, "."), f.VendorKey, f.NarrowScreen, f.Restarting, "/webchat/"} {
		all = append(all, regexp.MustCompile(regexp.QuoteMeta(text)))
	}
	// Lists of languages and of attributes, and the key of stored state. The last pattern includes what follows the
	// prefix, because the names of events have the same prefix.
	return append(all,
		regexp.MustCompile(`\b(ar|he)\b[^a-z]{1,6}\b(ar|he|fa|ur)\b`),
		regexp.MustCompile(`prechat mode|prechat", "mode`),
		regexp.MustCompile(`"`+f.KeyPrefix+`" \+ (\(?attr|element\.getAttribute)`))
}

// TestScriptsSpellNoFacts checks that no script repeats a fact; it must read the fact from FACTS.
func TestScriptsSpellNoFacts(t *testing.T) {
	allowed := map[string]string{
		"web/preview/page.js": "4000", // ms for which a button shows that it has copied
	}
	for file, text := range sources(t, "*.js") {
		text = withoutComments(text)
		for _, pattern := range spelled() {
			if found := pattern.FindString(text); found != "" && allowed[file] != found {
				t.Errorf("%s spells %q", file, found)
			}
		}
	}
	// The patterns must match the forms that they are for.
	f := newFacts()
	for _, text := range []string{"4e3", "text.length > 4000", "15_000", "15e3", `"` + f.EndedText + `"`, f.SocketURL, `/^webchat-session\.x/`, `"plura_session_id"`, "innerWidth > 479", "(max-width:479px)", "/^(ar|he|fa|ur)/", "socket-url|session-url|reconnect|storage", `"plura-chat:" + attr("flow-id")`} {
		if !slices.ContainsFunc(spelled(), func(p *regexp.Regexp) bool { return p.MatchString(text) }) {
			t.Errorf("%q is not found", text)
		}
	}
}

// TestStyleSheetsKnowTheNarrowScreen checks that the media queries of all style sheets have the width and height of
// chat.NarrowWidth, below which the panel covers the page. Style sheets cannot read FACTS.
func TestStyleSheetsKnowTheNarrowScreen(t *testing.T) {
	narrow := strconv.Itoa(chat.NarrowWidth)
	if !strings.Contains(chat.NarrowScreen, "max-width:"+narrow+"px") || !strings.Contains(chat.NarrowScreen, "max-height:"+narrow+"px") {
		t.Errorf("the query %s is not about %s px", chat.NarrowScreen, narrow)
	}
	queries := 0
	for file, text := range sources(t, "*.css") {
		for _, match := range regexp.MustCompile(`@media [^{]*max-(?:width|height): *(\d+)px`).FindAllStringSubmatch(withoutComments(text), -1) {
			queries++
			if !strings.HasPrefix(file, "web/preview/") && !strings.HasPrefix(file, "web/gallery/page") && match[1] != narrow {
				t.Errorf("%s has a query of %s px", file, match[1])
			}
		}
	}
	if queries < 4 {
		t.Errorf("found only %d queries", queries)
	}
}

// TestScriptsReadKnownAttributes checks that chat.Attributes has every attribute that a script reads, and all of the
// shorter lists.
func TestScriptsReadKnownAttributes(t *testing.T) {
	reads := 0
	for file, text := range sources(t, "*.js") {
		for _, match := range regexp.MustCompile(`\battr\("([^"]+)"\)`).FindAllStringSubmatch(withoutComments(text), -1) {
			reads++
			if !slices.Contains(chat.Attributes, match[1]) {
				t.Errorf("%s reads the attribute %s", file, match[1])
			}
		}
	}
	if reads < 20 {
		t.Errorf("found only %d reads", reads)
	}
	for _, name := range slices.Concat(chat.PageAttributes, chat.RestartAttributes) {
		if !slices.Contains(chat.Attributes, name) {
			t.Errorf("the attribute %s is not in the list of all", name)
		}
	}
}

// TestSocketPath checks that the facts result in the URL that Go dials for a new conversation.
func TestSocketPath(t *testing.T) {
	const flow = "87f66d6d-dba9-4a44-9274-02c6927a083a"
	for _, off := range []bool{false, true} {
		url, err := protocol.Endpoint{Flow: flow, NoReconnect: off}.URL()
		if err != nil {
			t.Fatal(err)
		}
		f := newFacts()
		if got := f.SocketURL + strings.Replace(f.SocketPath, "*", flow, 1) + strconv.FormatBool(!off); got != url {
			t.Errorf("the scripts dial %s, and Go %s", got, url)
		}
	}
}
