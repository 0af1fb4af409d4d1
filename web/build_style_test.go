//go:build !js

package web

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Each custom property that a style sheet asks for is set by one, under the same name, whether names are shortened or not.
func TestStyleSheetsShareNames(t *testing.T) {
	root, err := FindRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, plain := range []bool{false, true} {
		r := &Recipe{Root: root, Plain: plain}
		var all string
		for _, name := range []string{"web/loader.css", "widget/widget.css", "widget/chat.css"} {
			css, err := r.style(name)
			if err != nil {
				t.Fatal(err)
			}
			if plain && name == "widget/chat.css" { // the program has it as it is
				text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
				if err != nil {
					t.Fatal(err)
				}
				css = string(text)
			}
			all += css
		}
		asked := regexp.MustCompile(`var\((--[a-z-]+)`).FindAllStringSubmatch(all, -1)
		if len(asked) < 50 {
			t.Fatalf("%d properties are asked for", len(asked))
		}
		var missing []string
		for _, a := range asked {
			if name := a[1]; !strings.HasPrefix(name, "--plura-") && !strings.HasPrefix(name, "--visual-") && !regexp.MustCompile(`[{;\s]`+name+`:`).MatchString(all) {
				missing = append(missing, name)
			}
		}
		slices.Sort(missing)
		if missing = slices.Compact(missing); len(missing) > 0 {
			t.Errorf("plain %v: asked for and not set: %v", plain, missing)
		}
	}
}
