package build

import (
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// styleSheet is the path of a style sheet of the module. As a value for bundle it stands for the minified text.
type styleSheet string

// private shortens the names of custom properties that only the widget's style sheets use, which saves 37 bytes of the
// loader (brotli). The loader's style sheet sets all of them on the element with part="frame", so properties of a page
// with the same names have no effect.
var private = strings.NewReplacer(
	"--on-off", "--c", "--accent", "--a", "--on", "--o", "--surface", "--s", "--text", "--t",
	"--line", "--l", "--inset", "--i", "--left", "--y", "--right", "--z",
)

// dictionary undoes an abbreviation of esbuild, because brotli's own dictionary contains the long form: it saves 25
// bytes of the loader.
var dictionary = strings.NewReplacer("solid #0000", "solid transparent")

// style returns the minified text of a style sheet of the module.
func (r *Recipe) style(name string) (string, error) {
	source, err := r.source(name)
	if err != nil {
		return "", err
	}
	result := api.Transform(source, api.TransformOptions{
		Loader:            api.LoaderCSS,
		Sourcefile:        name,
		Engines:           browsers,
		Charset:           api.CharsetUTF8,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		LegalComments:     api.LegalCommentsNone,
	})
	// Warnings are errors too, because browsers would ignore the rules that esbuild warns about.
	if err := messages(append(result.Errors, result.Warnings...)); err != nil {
		return "", err
	}
	css := strings.TrimSpace(string(result.Code))
	if r.Plain {
		return css, nil // the program embeds the source of chat.css, which has the long names
	}
	return private.Replace(dictionary.Replace(css)), nil
}
