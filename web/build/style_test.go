package build

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestStyleSheetsShareNames checks that each custom property that a style sheet reads is set by a style sheet with the
// same name, with shortened names and without.
func TestStyleSheetsShareNames(t *testing.T) {
	root, err := FindRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, plain := range []bool{false, true} {
		r := &Recipe{Root: root, Plain: plain}
		var all string
		for _, name := range []string{"web/loader/loader.css", "widget/widget.css", "widget/chat.css"} {
			css, err := r.style(name)
			if err != nil {
				t.Fatal(err)
			}
			if plain && name == "widget/chat.css" { // the program embeds the source
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

// TestAccentIsNothingButAColour checks that the accent is used only in properties that accept no picture. The attribute
// color may be a variable whose fallback is a picture, which the check of its value cannot detect.
func TestAccentIsNothingButAColour(t *testing.T) {
	root, err := FindRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, pattern := range []string{"widget/*.css", "web/*/*.css"} {
		found, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	comment := regexp.MustCompile(`(?s)/\*.*?\*/`)
	uses := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range regexp.MustCompile(`([a-z-]+):([^:;{}]*\bvar\(--(?:accent|mine|plura-accent)\b[^;{}]*)`).FindAllStringSubmatch(comment.ReplaceAllString(string(text), ""), -1) {
			uses++
			property, value := d[1], strings.TrimSpace(d[2])
			if property != "color" && property != "outline" && property != "border" && !strings.HasSuffix(property, "-color") && !strings.HasPrefix(property, "--") && !strings.HasPrefix(value, "color-mix(") {
				t.Errorf("%s: %s may be given a picture: %s", filepath.Base(file), property, value)
			}
		}
	}
	if uses < 10 {
		t.Errorf("the accent was found %d times", uses)
	}
}
