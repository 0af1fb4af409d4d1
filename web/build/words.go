package build

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The keys of what is drawn before the start module is there, or instead of it, by the module that draws it.
var (
	asideWords   = []string{"open"} // the name of the launcher, which in English is in the loader
	teaserWords  = []string{"teaser", "dismiss"}
	failureWords = []string{"close", "heading", "message", "send", "failed", "retry"}
)

// language is the one that is compiled in; the others are files of their own, of which a visitor loads one.
const language = "en"

// vocabulary is what the widget says: text by key, by language.
type vocabulary map[string]map[string]string

// words reads widget/words/{language}.json, each a flat object of key and text.
func (r *Recipe) words() (vocabulary, error) {
	files, err := filepath.Glob(filepath.Join(r.Root, "widget", "words", "*.json"))
	if err != nil {
		return nil, fmt.Errorf("reading the words: %w", err)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("reading the words: %w", errors.New("no file in widget/words"))
	}
	v := vocabulary{}
	for _, file := range files {
		words, err := readWords(file)
		if err != nil {
			return nil, fmt.Errorf("reading the words: widget/words/%s%w", filepath.Base(file), err)
		}
		v[strings.TrimSuffix(filepath.Base(file), ".json")] = words
	}
	return v, nil
}

// readWords reads a file of words. An error begins with the place in it, to be put behind the file's name.
func readWords(file string) (map[string]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf(": %w", err)
	}
	var words map[string]string
	if err := json.Unmarshal(text, &words); err != nil {
		return nil, fmt.Errorf(":%s: %w", jsonPlace(text, err), err)
	}
	for _, key := range slices.Concat(asideWords, teaserWords, failureWords) {
		if _, ok := words[key]; !ok {
			return nil, fmt.Errorf(": the word %q: %w", key, fs.ErrNotExist)
		}
	}
	return words, nil
}

// jsonPlace is the line and column of a mistake in JSON.
func jsonPlace(text []byte, err error) string {
	at := int64(len(text))
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		at = syntax.Offset
	} else if kind := (*json.UnmarshalTypeError)(nil); errors.As(err, &kind) {
		at = kind.Offset
	}
	before := text[:min(max(at-1, 0), int64(len(text)))]
	return fmt.Sprintf("%d:%d", 1+bytes.Count(before, []byte("\n")), len(before)-bytes.LastIndexByte(before, '\n'))
}

// share is the words of some keys, by language, for the module that needs them.
func (v vocabulary) share(keys []string) map[string]map[string]string {
	share := map[string]map[string]string{}
	for lang, words := range v {
		share[lang] = map[string]string{}
		for _, key := range keys {
			share[lang][key] = words[key]
		}
	}
	return share
}

// addTo adds a file to the dist for each language but the one compiled in, and returns what the hashed names
// differ in, by language. There are no digests beside them: words only ever become text.
func (v vocabulary) addTo(d *Dist) (map[string]string, error) {
	files := map[string]string{}
	for _, lang := range slices.Sorted(maps.Keys(v)) {
		if lang == language {
			continue
		}
		text, err := json.Marshal(v[lang])
		if err != nil {
			return nil, fmt.Errorf("the words of %s: %w", lang, err)
		}
		files[lang] = d.add(hashedName("plura-chat-"+lang, ".json", text), text).hash()
	}
	return files, nil
}
