package build

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestSharedProps checks that only scripts use the shortened properties, and only as properties: no script has their
// names in a string, and neither Go nor the types for site owners have them.
func TestSharedProps(t *testing.T) {
	root, err := FindRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	read := func(patterns ...string) string {
		var all strings.Builder
		for _, pattern := range patterns {
			files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
			if err != nil || len(files) == 0 {
				t.Fatalf("%s: %v, %v", pattern, files, err)
			}
			for _, file := range files {
				text, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				all.Write(text)
			}
		}
		return all.String()
	}
	scripts := regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAllString(read("web/loader/*.js", "web/start/*.js", "web/aside/*.js", "web/frame/*.js"), "")
	exports := regexp.MustCompile(`export (?:const|class|(?:async )?function) (\w+)`).FindAllStringSubmatch(scripts, -1)
	types := read("web/types/plura-chat.d.ts")
	program := read("widget/*_js.go")
	if len(sharedPropNames) > len(shortNames) {
		t.Fatalf("there are %d names and %d short ones", len(sharedPropNames), len(shortNames))
	}
	seen := map[string]bool{}
	for _, name := range sharedPropNames {
		if seen[name] {
			t.Errorf("%s is listed twice", name)
		}
		seen[name] = true
		if !regexp.MustCompile(`[\w)\]]\??\.`+name+`\b`).MatchString(scripts) && !regexp.MustCompile(`[{,] *`+name+`[,:} ]`).MatchString(scripts) {
			t.Errorf("no script has the property %s", name)
		}
		quoted := regexp.MustCompile(`["'` + "`" + `]` + name + `["'` + "`" + `]`)
		if quoted.MatchString(scripts) || quoted.MatchString(program) {
			t.Errorf("%s is named in a string", name)
		}
		if regexp.MustCompile(`\b` + name + `\b`).MatchString(types) {
			t.Errorf("%s is a name for site owners", name)
		}
	}
	// The names of exports are not shortened, so a module must not read them as properties with these names.
	for _, export := range exports {
		if name := export[1]; seen[name] && regexp.MustCompile(`(?:module|import\([^)]*\))\.`+name+`\b`).MatchString(scripts) {
			t.Errorf("the export %s is read as a property", name)
		}
	}
}

// TestSharedPropsAreShortened checks that two scripts that are bundled separately have the same short names for the
// same properties.
func TestSharedPropsAreShortened(t *testing.T) {
	r := &Recipe{}
	var err error
	if r.Root, err = FindRoot(t.Context()); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for name, source := range map[string]string{
		"one": `const { applyAttributes } = host; export const used = [applyAttributes, host.snapshot()];`,
		"two": `host.applyAttributes = () => {}; host.snapshot = 1; host.attr("snapshot");`,
	} {
		text, err := r.bundle("web/start/start.js", source, 0, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = string(text)
	}
	apply, snapshot := shortProps()["applyAttributes"].(string), shortProps()["snapshot"].(string)
	if !strings.Contains(out["one"], "{"+apply+":") || !strings.Contains(out["one"], "host."+snapshot+"()") {
		t.Errorf("one became %s", out["one"])
	}
	if !strings.Contains(out["two"], "host."+apply+"=") || !strings.Contains(out["two"], "host."+snapshot+"=1") || !strings.Contains(out["two"], `"snapshot"`) {
		t.Errorf("two became %s", out["two"])
	}
}
