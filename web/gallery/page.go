package gallery

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"plurachat/widget/words"
)

// frame is an iframe on the gallery's page.
type frame struct {
	Title, URL, Class string
}

// section is a titled group of frames.
type section struct {
	Title  string
	Frames []frame
}

// choice is a control on the gallery's page.
type choice struct {
	Name, Label string
	Options     []option
}

type option struct {
	Value, Label string
	Chosen       bool
}

var (
	themes    = []string{"light", "dark"}
	languages = words.Languages
	colours   = []string{"", "#ffd400", "#000000", "#ffffff", "#e00020", "#dfe3e8"}
	sizes     = []string{"wide", "phone", "landscape"}
)

// page returns the data of the gallery's template: every state with the theme, language, accent and size of the query.
// Without a query, it adds the states that differ most between languages, accents and sizes.
func page(r *http.Request) map[string]any {
	query := r.URL.Query()
	pick := func(name string, allowed []string) string {
		if value := query.Get(name); slices.Contains(allowed, value) {
			return value
		}
		return allowed[0]
	}
	theme, lang := pick("theme", themes), pick("lang", languages)
	colour, size := pick("color", colours), pick("size", sizes)
	all := section{Title: "States"}
	for _, s := range states {
		all.Frames = append(all.Frames, frameOf(s, s.Title, size, theme, lang, colour))
	}
	sections := []section{all}
	if len(query) == 0 {
		form, conversation := stateNamed("prechat-errors"), stateNamed("conversation")
		inLanguages := section{Title: "Languages"}
		for _, lang := range languages {
			inLanguages.Frames = append(inLanguages.Frames, frameOf(form, lang, size, theme, lang, ""))
		}
		accents := section{Title: "Accents"}
		for _, colour := range colours[1:] {
			for _, theme := range themes {
				title := colour + ", " + theme
				accents.Frames = append(accents.Frames, frameOf(conversation, title, size, theme, lang, colour))
			}
		}
		onPhones := section{Title: "On a phone"}
		for _, name := range []string{"conversation", "keyboard", "prechat", "menu"} {
			for _, size := range sizes[1:] {
				s := stateNamed(name)
				onPhones.Frames = append(onPhones.Frames, frameOf(s, s.Title+", "+size, size, theme, lang, ""))
			}
		}
		sections = append(sections, inLanguages, accents, onPhones)
	}
	return map[string]any{
		"Sections": sections,
		"Choices": []choice{
			choose("theme", "Theme", themes, theme), choose("lang", "Language", languages, lang),
			choose("color", "Accent", colours, colour), choose("size", "Size", sizes, size),
		},
	}
}

func choose(name, label string, values []string, chosen string) choice {
	c := choice{Name: name, Label: label}
	for _, value := range values {
		label := value
		if label == "" {
			label = "default"
		}
		c.Options = append(c.Options, option{value, label, value == chosen})
	}
	return c
}

func stateNamed(name string) *state {
	return states[slices.IndexFunc(states, func(s *state) bool { return s.Name == name })]
}

// frameOf returns the frame that shows the state s. Its URL leaves out empty parameters.
func frameOf(s *state, title, size, theme, lang, colour string) frame {
	query := url.Values{}
	for name, value := range map[string]string{"state": s.Name, "theme": theme, "lang": lang, "color": colour} {
		if value != "" {
			query.Set(name, value)
		}
	}
	class := size
	switch {
	case size != sizes[0]:
	case s.Closed:
		class = "closed"
	case s.Phone:
		class = sizes[1]
	}
	return frame{strings.TrimSuffix(title, ", "), "/gallery/frame?" + query.Encode(), class}
}
