package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"plurachat/protocol/protocoltest"
	"plurachat/widget/chat"
)

// ownerPages is the folder of the pages for site owners, to which README links.
const ownerPages = "web/docs"

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.FromSlash(file))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// section returns the text of a page from a heading to the next heading of the same or a higher rank.
func section(t *testing.T, page, heading string) string {
	t.Helper()
	_, text, found := strings.Cut(read(t, page), "\n"+heading+"\n")
	if !found {
		t.Fatalf("%s has no %q", page, heading)
	}
	rank := strings.Repeat("#", strings.Count(strings.Fields(heading)[0], "#"))
	var lines []string
	fenced := false
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
		if mark, _, ok := strings.Cut(line, " "); ok && !fenced && strings.HasPrefix(mark, "#") && strings.HasPrefix(rank, mark) {
			break
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "")
}

// block returns the code block with a language. It fails the test unless there is exactly one.
func block(t *testing.T, text, language string) string {
	t.Helper()
	parts := strings.Split(text, "```"+language+"\n")
	if len(parts) != 2 {
		t.Fatalf("%d blocks of %s, want 1", len(parts)-1, language)
	}
	code, _, _ := strings.Cut(parts[1], "```")
	return code
}

// TestServerExamples runs the example programs for a site's server, against a server that checks every byte of the
// request.
func TestServerExamples(t *testing.T) {
	text := section(t, ownerPages+"/visitor.md", "## Your server has the lead data")
	for _, example := range []struct {
		language, file string
		command        []string // without the file, which is the last argument
		needs          string   // another program that must be installed
	}{
		{"sh", "example.sh", []string{"sh"}, "curl"},
		{"go", "example.go", []string{"go", "run"}, ""},
		{"php", "example.php", []string{"php"}, ""},
		{"js", "example.js", []string{"node"}, ""},
		{"python", "example.py", []string{"python3"}, ""},
	} {
		t.Run(example.language, func(t *testing.T) {
			t.Parallel()
			for _, program := range []string{example.command[0], example.needs} {
				if _, err := exec.LookPath(program); program != "" && err != nil {
					t.Skipf("%s is not here", program)
				}
			}
			server := protocoltest.NewServer(protocoltest.Options{})
			defer server.Close()
			const service = "https://hooks.plura.ai/webchat/session"
			code := block(t, text, example.language)
			if strings.Count(code, service) != 1 {
				t.Fatalf("the example does not call %s once:\n%s", service, code)
			}
			file := filepath.Join(t.TempDir(), example.file)
			if err := os.WriteFile(file, []byte(strings.Replace(code, service, server.SessionURL(), 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			run := func() (string, error) {
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
				defer cancel()
				cmd := exec.CommandContext(ctx, example.command[0], append(slices.Clone(example.command[1:]), file)...)
				cmd.Dir = filepath.Dir(file)
				cmd.Env = append(os.Environ(), "NO_PROXY=127.0.0.1,::1", "no_proxy=127.0.0.1,::1")
				out, err := cmd.CombinedOutput()
				return string(out), err
			}
			out, err := run()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			sessions := server.Sessions()
			if len(sessions) != 1 {
				t.Fatalf("%d sessions, want 1\n%s", len(sessions), out)
			}
			if got, want := fmt.Sprint(server.Record(sessions[0])), "map[first_name:John phone:+15551234567]"; got != want {
				t.Errorf("the server has the record %s, want %s", got, want)
			}
			if init := server.Log(protocoltest.Init)[0]; init.Flow != "87f66d6d-dba9-4a44-9274-02c6927a083a" {
				t.Errorf("the flow is %s", init.Flow)
			}
			instance := regexp.MustCompile(`(?:flow_id|data-flow-instance)"?[:=] ?"([-0-9a-f]{36})"`).FindStringSubmatch(out)
			if instance == nil || instance[1] == "87f66d6d-dba9-4a44-9274-02c6927a083a" || !strings.Contains(out, `"`+sessions[0]+`"`) {
				t.Errorf("printed %s\nwant the flow instance and session %s", out, sessions[0])
			}
			for _, violation := range server.Violations() {
				t.Errorf("not as documented: %s", violation)
			}

			server.FailInits(1, protocoltest.Failure{Status: 409, Message: "already in a call"})
			if out, err := run(); err == nil {
				t.Errorf("a refusal is no failure:\n%s", out)
			}
		})
	}
}

// TestAttributesAreDocumented compares README's table of attributes with the attributes that the code reads.
func TestAttributesAreDocumented(t *testing.T) {
	var documented []string
	for line := range strings.Lines(section(t, "README.md", "## Attributes")) {
		if name := regexp.MustCompile("^\\| `([-a-z]+)` \\|").FindStringSubmatch(line); name != nil {
			documented = append(documented, name[1])
		}
	}
	known := slices.Sorted(slices.Values(chat.Attributes))
	if slices.Sort(documented); !slices.Equal(documented, known) {
		t.Errorf("README's attributes are\n%q, the code's\n%q; only one has %q", documented, known, different(documented, known))
	}
	// ParseOptions must read all attributes of the list and no others, except those that modules read.
	var read []string
	chat.ParseOptions(func(name string) (string, bool) {
		read = append(read, name)
		return "", false
	}, chat.Page{})
	slices.Sort(read)
	known = slices.DeleteFunc(known, func(name string) bool { return slices.Contains(chat.ModuleAttributes, name) })
	if read = slices.Compact(read); !slices.Equal(read, known) {
		t.Errorf("ParseOptions reads\n%q, but Attributes has\n%q; only one has %q", read, known, different(read, known))
	}
}

// different returns the names that two lists do not have equally often.
func different(a, b []string) (names []string) {
	more := map[string]int{}
	for _, name := range a {
		more[name]++
	}
	for _, name := range b {
		more[name]--
	}
	for name, n := range more {
		if n != 0 {
			names = append(names, name)
		}
	}
	return slices.Sorted(slices.Values(names))
}

// TestMethodsAndEventsAreDocumented compares README's tables with the types for site owners.
func TestMethodsAndEventsAreDocumented(t *testing.T) {
	types := read(t, "web/types/plura-chat.d.ts")
	declared := func(name, member string) []string {
		_, body, found := strings.Cut(types, "export interface "+name+" {\n")
		body, _, ended := strings.Cut(body, "\n}")
		if !found || !ended {
			t.Fatalf("plura-chat.d.ts has no interface %s", name)
		}
		return names(body, member)
	}
	text := section(t, "README.md", "## Methods and events")
	methods, events, found := strings.Cut(text, "| event | detail |")
	if !found {
		t.Fatal("README has no table of events")
	}
	// The first cell of each row, which may list several names.
	cells := func(table string) string { return strings.Join(names(table, "(?m)^\\| (`[^|]*`) \\|"), " ") }
	for _, c := range []struct {
		what                 string
		documented, declared []string
	}{
		{"methods and properties", names(cells(methods), "`([a-z]+)"), declared("PluraChatMethods", `(?m)^  (?:readonly )?([a-z]+)[<(:]`)},
		{"events", names(cells(events), "`([a-z]+)"), declared("PluraChatEvents", `(?m)^  ([a-z]+):`)},
	} {
		if len(c.declared) == 0 || !slices.Equal(c.documented, c.declared) {
			t.Errorf("README's %s are\n%q, those of plura-chat.d.ts\n%q", c.what, c.documented, c.declared)
		}
	}
}

// TestStylingIsDocumented compares README's custom properties with those that the style sheets read.
func TestStylingIsDocumented(t *testing.T) {
	styles := sources(t, "web", ".css") + sources(t, "widget", ".css")
	documented := names(section(t, "README.md", "## Styling"), "`--(plura-[a-z-]+)`")
	if read := names(styles, `var\(--(plura-[a-z-]+)`); !slices.Equal(documented, read) {
		t.Errorf("README's properties are\n%q, those of the style sheets\n%q", documented, read)
	}
}

// attribute matches one attribute of a tag.
var attribute = regexp.MustCompile(`\s([a-z-]+)(?:=(?:"([^"]*)"|'([^']*)'))?`)

// TestExamplesAreValid parses the tags of all examples as the widget does. The widget must know each attribute and
// accept each value.
func TestExamplesAreValid(t *testing.T) {
	examples := 0
	for _, p := range pages(t) {
		for _, block := range fence.FindAllString(p.text, -1) {
			if !strings.HasPrefix(block, "```html\n") {
				continue
			}
			for _, tag := range regexp.MustCompile(`<(?:script|plura-chat)\s(?:[^>"']|"[^"]*"|'[^']*')*>`).FindAllString(block, -1) {
				if strings.Contains(tag, "…") {
					continue // the example leaves out a value of the build
				}
				script := strings.HasPrefix(tag, "<script")
				values := map[string]string{}
				for _, a := range attribute.FindAllStringSubmatch(tag, -1) {
					name, isData := strings.CutPrefix(a[1], "data-")
					if script != isData {
						if !slices.Contains([]string{"async", "src", "style", "type"}, name) {
							t.Errorf("%s: %s has the attribute %s", p.file, tag, a[1])
						}
						continue
					}
					if name == "category" {
						continue // of a consent manager
					}
					if !slices.Contains(chat.Attributes, name) && name != "style" {
						t.Errorf("%s: %s has the attribute %s, which the widget does not know", p.file, tag, a[1])
					}
					values[name] = a[2] + a[3]
				}
				if script && len(values) == 0 {
					continue // it only defines the element
				}
				examples++
				_, warnings := chat.ParseOptions(func(name string) (string, bool) {
					value, ok := values[name]
					return value, ok
				}, chat.Page{})
				for _, w := range warnings {
					t.Errorf("%s: %s: %s", p.file, tag, w.Text())
				}
				if values["flow-id"] == "" {
					t.Errorf("%s: %s has no flow id", p.file, tag)
				}
			}
		}
	}
	if examples < 5 {
		t.Errorf("only %d examples were found", examples)
	}
}

// TestAttributeValuesAreDocumented checks the attributes whose values README lists as words. The widget must accept
// each word, the first one must be the default, and the warning about any other value must list the same words. Of the
// attributes that only modules read, it checks the warning in the module's source.
func TestAttributeValuesAreDocumented(t *testing.T) {
	parse := func(attribute, value string) (chat.Options, []chat.Warning) {
		return chat.ParseOptions(func(name string) (string, bool) {
			switch name {
			case attribute:
				return value, true
			case "flow-id":
				return "87f66d6d-dba9-4a44-9274-02c6927a083a", true
			}
			return "", false
		}, chat.Page{})
	}
	none, _ := parse("flow-id", "87f66d6d-dba9-4a44-9274-02c6927a083a")
	types, lists := read(t, "web/types/plura-chat.d.ts"), 0
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\| ((?:`[a-z]+`(?:, )?)+) \\|").FindAllStringSubmatch(section(t, "README.md", "## Attributes"), -1) {
		lists++
		listed := regexp.MustCompile("[a-z]+").FindAllString(row[2], -1)
		if typed := `"` + strings.Join(listed, `" | "`) + `";`; !regexp.MustCompile(`\n  "?` + row[1] + `"?\??: ` + regexp.QuoteMeta(typed)).MatchString(types) {
			t.Errorf("plura-chat.d.ts does not have the values %s of %s", typed, row[1])
		}
		if slices.Contains(chat.ModuleAttributes, row[1]) {
			if module := read(t, "web/aside/"+row[1]+".js"); !strings.Contains(module, `"`+strings.Join(listed, ", ")+`"`) {
				t.Errorf("README lists %q for %s, but the module does not name them in a warning", listed, row[1])
			}
			continue
		}
		for i, word := range listed {
			o, warnings := parse(row[1], word)
			for _, w := range warnings {
				t.Errorf("%s=%q: %s", row[1], word, w.Text())
			}
			if slices.Contains([]string{"position", "load", "theme", "attribution"}, row[1]) {
				continue // only the scripts use the value; the first one that the warning lists is the default
			}
			if isDefault := reflect.DeepEqual(o, none); isDefault != (i == 0) {
				t.Errorf("%s=%q is the default: %v; if only scripts or style sheets use it, it belongs to the list above", row[1], word, isDefault)
			}
		}
		_, warnings := parse(row[1], "elsewhere")
		if len(warnings) != 1 || warnings[0].Attribute != row[1] || warnings[0].Allowed != strings.Join(listed, ", ") {
			t.Errorf("%s: README lists %q, the warnings are %+v", row[1], listed, warnings)
		}
	}
	if lists < 9 {
		t.Errorf("only %d attributes have a list of words", lists)
	}
}
