// Package types_test compares plura-chat.d.ts with the sources that it describes.
package types_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"plurachat/widget/chat"
)

// declared returns the names that a declaration in plura-chat.d.ts lists, sorted: the first groups of the matches of
// pattern between the texts begin and end.
func declared(t *testing.T, begin, end, pattern string) []string {
	t.Helper()
	text, err := os.ReadFile("plura-chat.d.ts")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), begin)
	body, _, ended := strings.Cut(rest, end)
	if !ok || !ended {
		t.Fatalf("plura-chat.d.ts has no %q", begin)
	}
	var found []string
	for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(body, -1) {
		found = append(found, match[1])
	}
	return slices.Sorted(slices.Values(found))
}

// same reports an error for each name that only one of the two lists has.
func same(t *testing.T, what string, typed, real []string) {
	t.Helper()
	for _, name := range typed {
		if !slices.Contains(real, name) {
			t.Errorf("plura-chat.d.ts lists the %s %q, which does not exist", what, name)
		}
	}
	for _, name := range real {
		if !slices.Contains(typed, name) {
			t.Errorf("plura-chat.d.ts lacks the %s %q", what, name)
		}
	}
}

func TestTypesListTheWords(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "widget", "words", "en.json"))
	if err != nil {
		t.Fatal(err)
	}
	var words map[string]string
	if err := json.Unmarshal(text, &words); err != nil {
		t.Fatal(err)
	}
	plain, plural := map[string]bool{}, map[string]bool{}
	for key := range words {
		if stem, _, ok := strings.Cut(key, "."); ok {
			plural[stem] = true
		} else {
			plain[key] = true
		}
	}
	const item = `\| "(\w+)"`
	same(t, "word", declared(t, "export type PluraChatWord =", ";", item), slices.Sorted(maps.Keys(plain)))
	same(t, "plural word", declared(t, "export type PluraChatPluralWord =", ";", item), slices.Sorted(maps.Keys(plural)))
}

func TestTypesListTheAttributes(t *testing.T) {
	typed := declared(t, "export interface PluraChatAttributes {", "\n}", `(?m)^  "?([a-z-]+)"?\??:`)
	same(t, "attribute", typed, slices.Sorted(slices.Values(chat.Attributes)))
}

// TestReactTakesObjects checks that the React component takes an object for each attribute whose value is JSON.
func TestReactTakesObjects(t *testing.T) {
	texts := map[string]string{}
	for _, file := range []string{"plura-chat.d.ts", "../npm/react.d.ts"} {
		text, err := os.ReadFile(filepath.FromSlash(file))
		if err != nil {
			t.Fatal(err)
		}
		texts[file] = string(text)
	}
	_, attributes, _ := strings.Cut(texts["plura-chat.d.ts"], "export interface PluraChatAttributes {")
	attributes, _, _ = strings.Cut(attributes, "\n}")
	var typed []string
	for _, match := range regexp.MustCompile(`/\*\*([^/]*)\*/\n  "?([a-z-]+)"?\??:`).FindAllStringSubmatch(attributes, -1) {
		if strings.Contains(match[1], "JSON") {
			typed = append(typed, match[2])
		}
	}
	_, values, _ := strings.Cut(texts["../npm/react.d.ts"], "interface Values {")
	values, _, _ = strings.Cut(values, "\n}")
	var taken []string
	for _, match := range regexp.MustCompile(`(?m)^  "?([a-z-]+)"?:`).FindAllStringSubmatch(values, -1) {
		taken = append(taken, match[1])
	}
	slices.Sort(typed)
	slices.Sort(taken)
	if len(typed) == 0 || !slices.Equal(typed, taken) {
		t.Errorf("the component takes objects for %q; JSON are %q", taken, typed)
	}
}

// TestFramePassesTheEvents checks that the page around an iframe passes on every event with all members of its detail.
func TestFramePassesTheEvents(t *testing.T) {
	script, err := os.ReadFile(filepath.FromSlash("../frame/names.js"))
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(script), "export const events = {")
	list, _, _ = strings.Cut(list, "};")
	passed := map[string][]string{}
	for _, match := range regexp.MustCompile(`(\w+): "(.*)"`).FindAllStringSubmatch(list, -1) {
		passed[match[1]] = slices.Sorted(slices.Values(strings.Fields(match[2])))
	}

	const events = "export interface PluraChatEvents {"
	for _, name := range declared(t, events, "\n}", `(?m)^  (\w+):`) {
		var want []string // null has no members
		of := declared(t, events, "\n}", `(?ms)^  `+name+`: ([^\n]+;$|\{\n.*?^  \};)`)[0]
		for _, match := range regexp.MustCompile(`(\w+\??):`).FindAllStringSubmatch(of, -1) {
			want = append(want, match[1])
		}
		if of == "PluraChatMessage;" {
			want = declared(t, "export interface PluraChatMessage {", "\n}", `(?m)^  (\w+\??):`)
		}
		slices.Sort(want)
		if got, ok := passed[name]; !ok || !slices.Equal(got, want) {
			t.Errorf("the event %s has the members %q, and the iframe passes on %q", name, want, got)
		}
	}
}

// PluraChatEvents lists the events that the sources dispatch.
func TestTypesListTheEvents(t *testing.T) {
	emitted := map[string]bool{}
	for _, pattern := range []string{"../loader/*.js", "../aside/*.js", "../start/*.js", "../frame/*.js", "../../widget/*.go", "../../widget/chat/*.go"} {
		files, err := filepath.Glob(filepath.FromSlash(pattern))
		if err != nil {
			t.Fatal(err)
		}
		if len(files) == 0 {
			t.Errorf("no sources in %s", pattern)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, match := range regexp.MustCompile(`emit\("(\w+)"|"plura-chat:(\w+)"`).FindAllStringSubmatch(string(text), -1) {
				emitted[match[1]+match[2]] = true
			}
		}
	}
	typed := declared(t, "export interface PluraChatEvents {", "\n}", `(?m)^  (\w+):`)
	same(t, "event", typed, slices.Sorted(maps.Keys(emitted)))
}
