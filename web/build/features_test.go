package build

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"plurachat/widget/chat"
)

// TestFeatureHint checks that the loader's pattern matches each attribute of a feature, and none of the others.
func TestFeatureHint(t *testing.T) {
	hint, exact := regexp.MustCompile(featureHint), regexp.MustCompile(featureAttributes())
	var of []string
	for _, f := range features {
		of = append(of, f.attributes...)
	}
	for _, name := range slices.Concat(of, chat.Attributes, []string{"class", "id", "style", "slot", "hidden"}) {
		list := "flow-id," + name + ",open"
		want := slices.Contains(of, name)
		if got := hint.MatchString(list); got != want {
			t.Errorf("the hint matches %s: %t", list, got)
		}
		if got := exact.MatchString(list); got != want {
			t.Errorf("the pattern of the attributes matches %s: %t", list, got)
		}
	}
}

// TestFeaturesAreModules checks that each script of web/aside with a function extend(host, page) is a feature or
// aside.js, and that modules of features are not part of other modules.
func TestFeaturesAreModules(t *testing.T) {
	scripts, err := filepath.Glob("../aside/*.js")
	if err != nil || len(scripts) == 0 {
		t.Fatal(err, len(scripts))
	}
	for _, file := range scripts {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".js")
		is := slices.ContainsFunc(features, func(f feature) bool { return f.name == name })
		if has := strings.Contains(string(text), "export function extend(host, page)"); has != (is || name == "aside") {
			t.Errorf("%s exports extend(host, page): %t; it is a feature: %t", file, has, is)
		}
	}
}

// TestWordsInTheOrderOfTheKeys checks that a file of words has its texts in the order of the keys, without those of
// modules.
func TestWordsInTheOrderOfTheKeys(t *testing.T) {
	v := vocabulary{"xx": {"close": "Zu", "open": "Auf", "teaser": "Hallo", "unread.few": "{n} neue"}}
	texts := v.texts("xx")
	w := 0
	for _, text := range texts {
		if text != 0 {
			w++
		}
	}
	if texts[0] != "Auf" || texts[1] != "Zu" || w != 3 || texts[len(texts)-1] != "{n} neue" {
		t.Errorf("%v", texts)
	}
}
