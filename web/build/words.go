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

	"plurachat/widget/words"
)

// The keys of the words that modules of web/aside contain, beside those of features.
var (
	asideWords   = []string{"open"} // the name of the launcher; the loader contains the English one
	failureWords = []string{"close", "heading", "message", "send", "failed", "retry", "updated", "reload"}
)

// startWords are the keys of the words that start.js contains in English.
var startWords = []string{
	"heading", "chatNamed", "placeholder", "message", "send", "close", "conversation", "today", "failed", "retry",
	"stopped", "restart", "updated", "reload", "unavailable", "notSent",
}

// moduleWords are the keys of the words that only modules of web/aside use.
var moduleWords = []string{"teaser", "dismiss", "aiNotice", "contacts", "expand"}

// language is the language whose words are compiled into the WebAssembly. Each other language has a file of its own,
// which a page loads if it needs it.
const language = "en"

// vocabulary has the texts of the widget by language and key.
type vocabulary map[string]map[string]string

// words reads the files widget/words/{language}.json. Each contains an object with a text for each key.
func (r *Recipe) words() (vocabulary, error) {
	files, err := filepath.Glob(filepath.Join(r.Root, "widget", "words", "*.json"))
	if err != nil {
		return nil, fmt.Errorf("reading the words: %w", err)
	}
	if len(files) == 0 {
		return nil, errors.New("reading the words: no file in widget/words")
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

// readWords reads a file of words. The text of an error is to be appended to the file's name: it begins with a colon
// and, if the JSON is invalid, the line and column.
func readWords(file string) (map[string]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf(": %w", err)
	}
	var words map[string]string
	if err := json.Unmarshal(text, &words); err != nil {
		return nil, fmt.Errorf(":%s: %w", jsonPlace(text, err), err)
	}
	needed := slices.Concat(asideWords, failureWords)
	for _, f := range features {
		needed = append(needed, f.words...)
	}
	for _, key := range needed {
		if _, ok := words[key]; !ok {
			return nil, fmt.Errorf(": the word %q: %w", key, fs.ErrNotExist)
		}
	}
	return words, nil
}

// jsonPlace returns the line and column of an error in JSON text, with a colon between them.
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

// texts returns what the file of a language contains.
func (v vocabulary) texts(lang string) []any {
	var texts []any
	last := 0
	for _, key := range words.Keys() {
		text, ok := v[lang][key]
		if !ok || slices.Contains(moduleWords, key) {
			texts = append(texts, 0)
			continue
		}
		texts = append(texts, text)
		last = len(texts)
	}
	return texts[:last]
}

// startWord is a text that start.js needs before the language's file has been loaded, and its place in the file.
type startWord struct {
	English string
	Place   int
}

// MarshalJSON makes an array of it, which is the shortest form in a script.
func (w startWord) MarshalJSON() ([]byte, error) { return json.Marshal([]any{w.English, w.Place}) }

// start returns the texts that start.js contains, by key.
func (v vocabulary) start() (map[string]startWord, error) {
	all := map[string]startWord{}
	for _, key := range startWords {
		at := slices.Index(words.Keys(), key)
		if at < 0 {
			return nil, fmt.Errorf("the word %q: %w", key, fs.ErrNotExist)
		}
		all[key] = startWord{v[language][key], at}
	}
	return all, nil
}

// share returns the texts of some keys, by key and language.
func (v vocabulary) share(keys []string) map[string]map[string]string {
	share := map[string]map[string]string{}
	for _, key := range keys {
		share[key] = map[string]string{}
		for lang, words := range v {
			share[key][lang] = words[key]
		}
	}
	return share
}

// translations are what start.js needs to find the files of words.
type translations struct {
	Languages string `json:"languages"` // separated by spaces
	Hash      string `json:"hash"`      // in the names of all files
}

// addTo adds a file to the dist for each language except the one that is compiled in: a JSON array of the texts in the
// order of the keys, because the keys in each file would cost every visitor 400 bytes. An item is 0 where the language
// has no text of that key, or only modules of web/aside have it. The names of all files contain the same hash, that of
// all words: a hash for each language would cost every visitor bytes. The scripts need no digests of these files either,
// because words are only used as text.
func (v vocabulary) addTo(d *Dist) (translations, error) {
	var languages []string
	texts := map[string][]byte{}
	var all []byte
	for _, lang := range slices.Sorted(maps.Keys(v)) {
		if lang == language {
			continue
		}
		text, err := json.Marshal(v.texts(lang))
		if err != nil {
			return translations{}, fmt.Errorf("the words of %s: %w", lang, err)
		}
		languages, texts[lang], all = append(languages, lang), text, append(all, text...)
	}
	sum := hash(all)
	for _, lang := range languages {
		d.add("plura-chat-"+lang+"-"+sum+".json", texts[lang])
	}
	return translations{strings.Join(languages, " "), sum}, nil
}
