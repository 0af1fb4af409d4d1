//go:build !js

package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// galleryFrame is one picture on the gallery's page.
type galleryFrame struct {
	Title, URL, Class string
}

// gallerySection is a row of them.
type gallerySection struct {
	Title  string
	Frames []galleryFrame
}

// galleryChoice is a control on the gallery's page.
type galleryChoice struct {
	Name, Label string
	Options     []galleryOption
}

type galleryOption struct {
	Value, Label string
	Chosen       bool
}

var (
	galleryThemes    = []string{"light", "dark"}
	galleryLanguages = []string{"en", "ar", "de", "es", "fr", "he", "hi", "it", "ja", "ko", "nl", "pl", "pt", "tr", "zh"}
	galleryColours   = []string{"", "#ffd400", "#000000", "#ffffff", "#e00020", "#dfe3e8"}
	gallerySizes     = []string{"wide", "phone", "landscape"}
)

// galleryPage is what the gallery's template shows: every state as the query chooses, and below that what
// varies most with language, accent and size.
func galleryPage(r *http.Request) map[string]any {
	query := r.URL.Query()
	pick := func(name string, allowed []string) string {
		if value := query.Get(name); slices.Contains(allowed, value) {
			return value
		}
		return allowed[0]
	}
	theme, lang, colour, size := pick("theme", galleryThemes), pick("lang", galleryLanguages), pick("color", galleryColours), pick("size", gallerySizes)
	all := gallerySection{Title: "States"}
	for _, s := range galleryStates {
		all.Frames = append(all.Frames, frameOf(s, s.Title, size, theme, lang, colour))
	}
	sections := []gallerySection{all}
	if len(query) == 0 {
		languages := gallerySection{Title: "Languages"}
		for _, lang := range galleryLanguages {
			languages.Frames = append(languages.Frames, frameOf(stateNamed("prechat-errors"), lang, size, theme, lang, ""))
		}
		accents := gallerySection{Title: "Accents"}
		for _, colour := range galleryColours[1:] {
			for _, theme := range galleryThemes {
				accents.Frames = append(accents.Frames, frameOf(stateNamed("conversation"), colour+", "+theme, size, theme, lang, colour))
			}
		}
		sizes := gallerySection{Title: "On a phone"}
		for _, name := range []string{"conversation", "keyboard", "prechat", "menu"} {
			for _, size := range gallerySizes[1:] {
				s := stateNamed(name)
				sizes.Frames = append(sizes.Frames, frameOf(s, s.Title+", "+size, size, theme, lang, ""))
			}
		}
		sections = append(sections, languages, accents, sizes)
	}
	return map[string]any{
		"Sections": sections,
		"Choices": []galleryChoice{
			choose("theme", "Theme", galleryThemes, theme), choose("lang", "Language", galleryLanguages, lang),
			choose("color", "Accent", galleryColours, colour), choose("size", "Size", gallerySizes, size),
		},
	}
}

func choose(name, label string, values []string, chosen string) galleryChoice {
	c := galleryChoice{Name: name, Label: label}
	for _, value := range values {
		label := value
		if label == "" {
			label = "default"
		}
		c.Options = append(c.Options, galleryOption{value, label, value == chosen})
	}
	return c
}

func stateNamed(name string) *galleryState {
	return galleryStates[slices.IndexFunc(galleryStates, func(s *galleryState) bool { return s.Name == name })]
}

// frameOf is a state as a frame of the page. An empty choice is left out of its address.
func frameOf(s *galleryState, title, size, theme, lang, colour string) galleryFrame {
	query := url.Values{}
	for name, value := range map[string]string{"state": s.Name, "theme": theme, "lang": lang, "color": colour} {
		if value != "" {
			query.Set(name, value)
		}
	}
	class := size
	switch {
	case size != gallerySizes[0]:
	case s.Closed:
		class = "closed"
	case s.Phone:
		class = gallerySizes[1]
	}
	return galleryFrame{strings.TrimSuffix(title, ", "), "/gallery/frame?" + query.Encode(), class}
}
