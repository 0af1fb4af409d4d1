package build

import (
	"slices"
	"strings"
)

// feature is what only some sites use: a module of web/aside that a page loads if one of its attributes is present
// (web/aside/features.js).
type feature struct {
	name       string // of the script web/aside/{name}.js, and of the style sheet beside it
	attributes []string
	place      featurePlace
	words      []string // keys of the words that it contains
	styled     bool     // there is a style sheet
}

// featurePlace says where a module runs if the chat is in an iframe.
type featurePlace string

const (
	onBothSides featurePlace = ""
	onPage      featurePlace = "page"  // around the iframe, where the launcher is
	inPanel     featurePlace = "panel" // in the iframe
)

// features are all features.
var features = []feature{
	{"teaser", []string{"teaser"}, onPage, []string{"teaser", "dismiss"}, true},
	{"launcher", []string{"launcher-text", "launcher-icon"}, onPage, nil, true},
	{"analytics", []string{"analytics"}, onPage, nil, false},
	{"attribution", []string{"attribution"}, onPage, nil, false},
	{"starters", []string{"starters"}, inPanel, []string{"suggestions"}, true},
	{"disclaimer", []string{"disclaimer"}, inPanel, []string{"aiNotice"}, true},
	{"contacts", []string{"contacts"}, onBothSides, []string{"contacts"}, true},
	{"expand", []string{"expand"}, inPanel, []string{"expand"}, true},
	{"debug", []string{"debug"}, inPanel, nil, false},
}

// featureHint is a regular expression that matches a list of attributes with one of a feature. It is short, because the
// loader contains it; what else it matches of the names that a page may give costs that page a small module.
const featureHint = "eas|er-[it]|lyt|ttr|tart|aim|act|xp|ug"

// featureAttributes returns a regular expression that matches a list, with commas, with an attribute of a feature.
func featureAttributes() string {
	var names []string
	for _, f := range features {
		names = append(names, f.attributes...)
	}
	slices.Sort(names)
	return "(^|,)(" + strings.Join(names, "|") + ")(,|$)"
}

// featureModule is what features.js has of a feature.
type featureModule struct {
	File       string       `json:"file"`
	Integrity  string       `json:"integrity"`
	Attributes []string     `json:"attributes"`
	Place      featurePlace `json:"place"`
}

// addFeatures adds the modules of the features to the dist, and features.js, which loads them. It sets the fields of
// features.js in b.
func (r *Recipe) addFeatures(d *Dist, b *constants, words vocabulary) (err error) {
	var all []featureModule
	for _, f := range features {
		define := map[string]any{"WORDS": words.share(f.words)}
		if f.styled {
			define["FEATURE_CSS"] = styleSheet("web/aside/" + f.name + ".css")
		}
		m := featureModule{Attributes: f.attributes, Place: f.place}
		if m.File, m.Integrity, err = r.addModule(d, f.name, "web/aside/"+f.name+".js", define); err != nil {
			return err
		}
		all = append(all, m)
	}
	define := map[string]any{"FEATURES": all}
	b.Features, b.FeaturesHash, err = r.addModule(d, "features", "web/aside/features.js", define)
	return err
}
