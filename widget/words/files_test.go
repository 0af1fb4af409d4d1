package words

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// pluralCategories are the categories of cardinal numbers in each language, by CLDR 48 (plurals.xml).
var pluralCategories = map[string]string{
	"ar":      "zero one two few many other",
	"cs":      "one few many other",
	"da":      "one other",
	"de":      "one other",
	"el":      "one other",
	"en":      "one other",
	"es":      "one many other",
	"fa":      "one other",
	"fi":      "one other",
	"fr":      "one many other",
	"he":      "one two other",
	"hi":      "one other",
	"hu":      "one other",
	"id":      "other",
	"it":      "one many other",
	"ja":      "other",
	"ko":      "other",
	"nb":      "one other",
	"nl":      "one other",
	"pl":      "one few many other",
	"pt":      "one many other",
	"pt-pt":   "one many other",
	"ro":      "one few other",
	"ru":      "one few many other",
	"sv":      "one other",
	"th":      "other",
	"tr":      "one other",
	"uk":      "one few many other",
	"vi":      "other",
	"zh":      "other",
	"zh-hant": "other",
}

// singleNumbers are the languages in which each of zero, one and two applies to that number alone, so that the text may
// leave out the digit. French "one", for example, applies to 0 and 1.
var singleNumbers = []string{"ar", "he"}

var (
	pluralKey   = regexp.MustCompile(`^(.+)\.(zero|one|two|few|many|other)$`)
	placeholder = regexp.MustCompile(`\{[a-z]+\}`)
)

func readWordFiles(t *testing.T) map[string]map[string]string {
	t.Helper()
	files, err := filepath.Glob("*.json")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]string{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var words map[string]string
		if err := json.Unmarshal(data, &words); err != nil {
			t.Fatalf("%s is not a JSON object of strings: %v", file, err)
		}
		// Decoding drops all but the last of several equal keys.
		if n := strings.Count(string(data), "\n  \""); n != len(words) {
			t.Errorf("%s has %d lines for %d keys", file, n, len(words))
		}
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = words
	}
	return all
}

// splitKey divides "unread.one" into the word and its plural category, which is empty for a word without a number.
func splitKey(key string) (word, category string) {
	if m := pluralKey.FindStringSubmatch(key); m != nil {
		return m[1], m[2]
	}
	return key, ""
}

func TestWordFiles(t *testing.T) {
	all := readWordFiles(t)
	for lang := range pluralCategories {
		if all[lang] == nil {
			t.Errorf("words/%s.json is missing", lang)
		}
	}
	if got, want := slices.Sorted(slices.Values(Languages)), slices.Sorted(maps.Keys(all)); !slices.Equal(got, want) {
		t.Errorf("the languages are %v, and there are files for %v", got, want)
	}
	wanted := map[string][]string{} // the placeholders of each English word
	counts := map[string]bool{}
	for key, text := range all["en"] {
		word, category := splitKey(key)
		wanted[word] = placeholders(text)
		counts[word] = category != ""
	}
	for lang, words := range all {
		categories := strings.Fields(pluralCategories[lang])
		if len(categories) == 0 {
			t.Errorf("words/%s.json: the plural categories of %q are not in this test", lang, lang)
		}
		found := map[string][]string{}
		for key, text := range words {
			word, category := splitKey(key)
			found[word] = append(found[word], category)
			if _, ok := wanted[word]; !ok {
				t.Errorf("%s: the key %q is not in en.json", lang, key)
			}
			if category != "" && !slices.Contains(categories, category) {
				t.Errorf("%s: %q: the language has no %q", lang, key, category)
			}
			got := placeholders(text)
			silent := slices.Contains(singleNumbers, lang) && slices.Contains([]string{"zero", "one", "two"}, category)
			if !slices.Equal(got, wanted[word]) && !(silent && len(got) == 0) {
				t.Errorf("%s: %q has the placeholders %v, want %v", lang, key, got, wanted[word])
			}
			if text == "" || strings.TrimSpace(text) != text || strings.Contains(text, "  ") {
				t.Errorf("%s: %q is empty or has needless blanks: %q", lang, key, text)
			}
			if strings.ContainsAny(text, "<>&`*\\") || strings.ContainsFunc(text, unicode.IsControl) || strings.Contains(text, "...") {
				t.Errorf("%s: %q holds markup, a control character or three dots: %q", lang, key, text)
			}
			if strings.Count(text, "{") != len(got) || strings.Count(text, "}") != len(got) {
				t.Errorf("%s: %q has a stray brace: %q", lang, key, text)
			}
		}
		for word := range wanted {
			want := []string{""}
			if counts[word] {
				want = slices.Sorted(slices.Values(categories))
			}
			if got := slices.Sorted(slices.Values(found[word])); !slices.Equal(got, want) {
				t.Errorf("%s: %q has the categories %q, want %q", lang, word, got, want)
			}
		}
		same := 0
		for key, text := range words {
			if text == all["en"][key] {
				same++
			}
		}
		if lang != "en" && same > len(words)/6 {
			t.Errorf("%s: %d of %d words are English", lang, same, len(words))
		}
	}
}

// TestWordsAreWritten checks the script of each language, and the lengths of texts with little room.
func TestWordsAreWritten(t *testing.T) {
	scripts := map[string][]*unicode.RangeTable{
		"ar": {unicode.Arabic}, "he": {unicode.Hebrew}, "hi": {unicode.Devanagari}, "ko": {unicode.Hangul}, "zh": {unicode.Han},
		"zh-hant": {unicode.Han}, "fa": {unicode.Arabic}, "ru": {unicode.Cyrillic}, "uk": {unicode.Cyrillic}, "el": {unicode.Greek}, "th": {unicode.Thai},
		"ja": {unicode.Han, unicode.Hiragana, unicode.Katakana},
	}
	for lang, words := range readWordFiles(t) {
		for key, text := range words {
			if key == "openUnread" || key == "titleUnread" || key == "transcriptLine" {
				continue // these only join others
			}
			if lang == "el" && (key == "chatNamed" || key == "email") {
				continue // Greek writes both in Latin letters
			}
			native := func(r rune) bool { return unicode.In(r, scripts[lang]...) }
			if scripts[lang] != nil && !strings.ContainsFunc(text, native) {
				t.Errorf("%s: %q is not in the language's script: %q", lang, key, text)
			}
		}
		for _, key := range []string{"retry", "remove", "cancel", "copy", "copied", "notSent", "sending", "today", "yesterday", "you", "dismiss"} {
			if n := len([]rune(words[key])); n > 24 {
				t.Errorf("%s: %q has %d letters, too many for a button or a note: %q", lang, key, n, words[key])
			}
		}
		if n := len([]rune(words["heading"])); n > 32 {
			t.Errorf("%s: the heading has %d letters: %q", lang, n, words["heading"])
		}
	}
}

func placeholders(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return found
}
