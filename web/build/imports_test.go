package build

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// mayImport has for each folder of scripts the other folders from which its scripts may import.
var mayImport = map[string][]string{
	"web/loader": nil,
	"web/start":  {"web/loader"},
	"web/aside":  {"web/loader", "web/start"},
	"web/frame":  {"web/loader", "web/start"},
}

// importsOf returns the scripts that a script imports, as paths from the module's root. It ignores imports of types in
// comments.
func importsOf(t *testing.T, root, file string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, match := range regexp.MustCompile(`(?m)^(?:import|export)\b[^;"]*"(\.{1,2}/[^"]+\.js)"`).FindAllStringSubmatch(string(text), -1) {
		found = append(found, path.Join(path.Dir(file), match[1]))
	}
	return found
}

// TestScriptsImportOneWay checks that scripts import only from the folders in mayImport, and that there are no import
// cycles.
func TestScriptsImportOneWay(t *testing.T) {
	root, err := FindRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	imports := map[string][]string{}
	for folder, others := range mayImport {
		files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(folder), "*.js"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			file = path.Join(folder, filepath.Base(file))
			imports[file] = importsOf(t, root, file)
			for _, imported := range imports[file] {
				if at := path.Dir(imported); at != folder && !slices.Contains(others, at) {
					t.Errorf("%s imports %s", file, imported)
				}
			}
		}
	}
	if len(imports) < 25 || len(imports["web/start/handover.js"]) < 5 {
		t.Fatalf("found only %v", imports)
	}
	done := map[string]bool{}
	var follow func(way []string)
	follow = func(way []string) {
		last := way[len(way)-1]
		if i := slices.Index(way, last); i < len(way)-1 {
			t.Errorf("scripts import each other: %s", strings.Join(way[i:], " → "))
			return
		}
		if done[last] {
			return
		}
		for _, next := range imports[last] {
			follow(append(slices.Clone(way), next))
		}
		done[last] = true
	}
	for file := range imports {
		follow([]string{file})
	}
}
