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

// The keys of the words that the modules of web/aside contain.
var (
	asideWords   = []string{"open"} // the name of the launcher; the loader contains the English one
	teaserWords  = []string{"teaser", "dismiss"}
	failureWords = []string{"close", "heading", "message", "send", "failed", "retry"}
)

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
	for _, key := range slices.Concat(asideWords, teaserWords, failureWords) {
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

// addTo adds a file to the dist for each language except the one that is compiled in. The names of all files contain the
// same hash, that of all words: a hash for each language would cost every visitor bytes. The scripts need no digests of
// these files either, because words are only used as text.
func (v vocabulary) addTo(d *Dist) (translations, error) {
	var languages []string
	texts := map[string][]byte{}
	var all []byte
	for _, lang := range slices.Sorted(maps.Keys(v)) {
		if lang == language {
			continue
		}
		text, err := json.Marshal(v[lang])
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
