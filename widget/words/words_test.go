//go:build !js

package words

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"plurachat/protocol/strictjson"
)

func TestWords(t *testing.T) {
	w := New(`{"send":"Abschicken","unread.one":"{n} Nachricht","unread.few":"{n} ein paar"}`, `{"send":"Los","n":1,"x":null}`)
	w.Plural = func(n int) string {
		if n == 1 {
			return "one"
		}
		return "many" // neither language has it
	}
	for _, c := range []struct{ got, want string }{
		{w.Get("send"), "Los"},
		{w.Get("close"), "Close chat"},
		{w.Get("no such key"), "no such key"},
		{w.Get("n"), "n"},
		{w.Get("typing", "name", "{name}"), "{name} is typing…"},
		{w.Get("openUnread", "open", "Open chat", "unread", "2 unread messages"), "Open chat, 2 unread messages"},
		{w.Get("transcriptLine", "name", "{text}{name}", "text", "{name}"), "{text}{name}: {name}"}, // the values stay
		{w.Get("send", "a name without a value"), "Los"},
		{w.Count("unread", 1), "1 Nachricht"},
		{w.Count("unread", 5), "5 unread messages"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	w = New("not JSON", "[1]", "")
	if w.Get("send") != "Send message" || w.Count("unread", 1) != "1 unread message" || w.Count("unread", 2) != "2 unread messages" {
		t.Error("invalid layers change the English texts")
	}
}

// TestWordsThatAreUsed checks that all keys in the Go sources exist.
func TestWordsThatAreUsed(t *testing.T) {
	page, err := filepath.Glob("../*.go")
	if err != nil {
		t.Fatal(err)
	}
	state, err := filepath.Glob("../*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	v, err := strictjson.Parse(english)
	if err != nil {
		t.Fatal(err)
	}
	uses := regexp.MustCompile(`[wW]ords\.(Get|Count)\("([^"]+)"`)
	found := 0
	for _, file := range append(page, state...) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range uses.FindAllStringSubmatch(string(source), -1) {
			found++
			key := m[2]
			if m[1] == "Count" {
				key += ".other"
			}
			if !slices.Contains(v.Keys(), key) {
				t.Errorf("%s uses the word %q, which words/en.json lacks", file, key)
			}
		}
	}
	if found < 20 {
		t.Errorf("found %d uses of words; the pattern is out of date", found)
	}
}

// TestKeysAreUsed checks that the sources name each key: a text that is never shown would still be translated.
func TestKeysAreUsed(t *testing.T) {
	var sources strings.Builder
	for _, pattern := range []string{"../*.go", "../chat/*.go", "../../web/aside/*.js", "../../web/start/*.js", "../../web/loader/*.js"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			sources.Write(source)
		}
	}
	v, err := strictjson.Parse(english)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range v.Keys() {
		word, _ := splitKey(key)
		if !strings.Contains(sources.String(), `"`+word+`"`) && !strings.Contains(sources.String(), "words."+word) {
			t.Errorf("no source uses the word %q", key)
		}
	}
}

// TestTextsInTheOrderOfTheKeys checks that a JSON array overrides the texts in the order of Keys, and that items which
// are no texts, or have no key, have no effect.
func TestTextsInTheOrderOfTheKeys(t *testing.T) {
	keys := Keys()
	items := make([]string, len(keys))
	for i := range keys {
		items[i] = strconv.Quote("text " + keys[i])
	}
	if keys[2] != "openUnread" || !slices.Contains(keys, "unread.few") || !slices.Contains(keys, "tooLong.zero") {
		t.Fatalf("the keys are %q", keys)
	}
	items[2] = "0"
	w := New("["+strings.Join(append(items, `"more"`), ",")+"]", `{"close": "Zu"}`)
	if w.Get("open") != "text open" || w.Get("close") != "Zu" || w.Get("openUnread") != "{open}, {unread}" || w.Get("unread.few") != "text unread.few" {
		t.Errorf("open: %q, close: %q, openUnread: %q, unread.few: %q", w.Get("open"), w.Get("close"), w.Get("openUnread"), w.Get("unread.few"))
	}
}
