//go:build !js

package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// loaderWords are the keys of the words that the loader itself draws, before Go is there. Every one
// costs each visitor bytes in every language, so what can wait for Go stays out.
var loaderWords = []string{"open", "close", "heading", "placeholder", "message", "send", "connecting", "failed", "retry"}

// words reads widget/words/{language}.json, each a flat object of key and text, and returns the loader's
// share by language.
func (r *Recipe) words() (map[string]map[string]string, error) {
	files, err := filepath.Glob(filepath.Join(r.Root, "widget", "words", "*.json"))
	if err != nil {
		return nil, fmt.Errorf("reading the words: %w", err)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("reading the words: %w", errors.New("no file in widget/words"))
	}
	out := map[string]map[string]string{}
	for _, file := range files {
		share, err := readWords(file)
		if err != nil {
			return nil, fmt.Errorf("reading the words: %s: %w", filepath.Base(file), err)
		}
		out[strings.TrimSuffix(filepath.Base(file), ".json")] = share
	}
	return out, nil
}

func readWords(file string) (map[string]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var all map[string]string
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, err
	}
	share := map[string]string{}
	for _, key := range loaderWords {
		word, ok := all[key]
		if !ok {
			return nil, fmt.Errorf("the loader's word %q: %w", key, fs.ErrNotExist)
		}
		share[key] = word
	}
	return share, nil
}
