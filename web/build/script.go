package build

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// constants is what the scripts know about the build, under the name BUILD.
type constants struct {
	Start       string `json:"start"`       // file name of the ES module around Go's glue
	Around      string `json:"around"`      // file name of the ES module that runs the chat in an iframe
	Aside       string `json:"aside"`       // file name of the ES module that pages in other languages than English fetch
	Teaser      string `json:"teaser"`      // file name of the ES module with the teaser
	Failure     string `json:"failure"`     // file name of the ES module with the notice that Start could not be had
	Wasm        string `json:"wasm"`        // file name of the WebAssembly
	WasmSize    int    `json:"wasmSize"`    // its uncompressed bytes: a host that announces them does not compress
	StartHash   string `json:"startHash"`   // integrity of Start
	AroundHash  string `json:"aroundHash"`  // integrity of Around
	AsideHash   string `json:"asideHash"`   // integrity of Aside
	TeaserHash  string `json:"teaserHash"`  // integrity of Teaser
	FailureHash string `json:"failureHash"` // integrity of Failure
	WasmHash    string `json:"wasmHash"`    // integrity of Wasm
	Version     string `json:"version"`
}

// browsers are the oldest that are known to have what the widget stands on: adopted style sheets,
// which Safari and Firefox were the last to get. Scripts and styles are lowered to what they read.
var browsers = []api.Engine{
	{Name: api.EngineChrome, Version: "92"},
	{Name: api.EngineEdge, Version: "92"},
	{Name: api.EngineFirefox, Version: "101"},
	{Name: api.EngineSafari, Version: "16.4"},
	{Name: api.EngineIOS, Version: "16.4"},
}

// styleSheet names a style sheet of the module. As the value of a free name it is the style sheet's minified text.
type styleSheet string

// bundleLoader makes plura-chat.js, a classic script.
func (r *Recipe) bundleLoader(b constants) ([]byte, error) {
	const file = "web/loader/loader.js"
	source, err := r.source(file)
	if err != nil {
		return nil, fmt.Errorf("bundling the loader: %w", err)
	}
	out, err := r.bundle(file, source, api.FormatIIFE, "", map[string]any{"BUILD": b, "CORE_CSS": styleSheet("web/loader/loader.css")})
	if err != nil {
		return nil, fmt.Errorf("bundling the loader: %w", err)
	}
	return out, nil
}

// bundleStart makes plura-chat-start-{hash}.js, an ES module with Go's glue inside.
func (r *Recipe) bundleStart(b constants, glue string, translations map[string]string) ([]byte, error) {
	const file = "web/start/start.js"
	source, err := r.source(file)
	if err != nil {
		return nil, fmt.Errorf("bundling the start module: %w", err)
	}
	// Go's file reads and writes globalThis. As the body of a function with a parameter of that name it
	// sees the object it is given instead, and nothing of it lands on the page.
	source += "\nfunction glue(globalThis) {\n" + glue + "\n}\n"
	out, err := r.bundle(file, source, api.FormatESModule, notice(glue), map[string]any{"BUILD": b, "WIDGET_CSS": styleSheet("widget/widget.css"), "TRANSLATIONS": translations})
	if err != nil {
		return nil, fmt.Errorf("bundling the start module: %w", err)
	}
	return out, nil
}

// addModule adds plura-chat-{name}-{hash}.js to the dist, an ES module that only some pages fetch, made from a script
// of the module, and returns its file name and its integrity.
func (r *Recipe) addModule(d *Dist, name, file string, define map[string]any) (url, integrity string, err error) {
	source, err := r.source(file)
	if err != nil {
		return "", "", fmt.Errorf("bundling the module %s: %w", name, err)
	}
	out, err := r.bundle(file, source, api.FormatESModule, "", define)
	if err != nil {
		return "", "", fmt.Errorf("bundling the module %s: %w", name, err)
	}
	f := d.add(hashedName("plura-chat-"+name, ".js", out), out)
	return f.Name, f.shortIntegrity(), nil
}

// addModules adds the modules that only some pages fetch, but the one around the frame, and has their names in b.
func (r *Recipe) addModules(d *Dist, b *constants, words vocabulary) (err error) {
	b.Teaser, b.TeaserHash, err = r.addModule(d, "teaser", "web/aside/teaser.js",
		map[string]any{"TEASER_CSS": styleSheet("web/aside/teaser.css"), "WORDS": words.share(teaserWords)})
	if err != nil {
		return err
	}
	b.Failure, b.FailureHash, err = r.addModule(d, "failure", "web/aside/failure.js",
		map[string]any{"BUILD": *b, "FAILURE_CSS": styleSheet("web/aside/failure.css"), "WORDS": words.share(failureWords)})
	if err != nil {
		return err
	}
	b.Aside, b.AsideHash, err = r.addModule(d, "aside", "web/aside/aside.js", map[string]any{"BUILD": *b, "WORDS": words.share(asideWords)})
	return err
}

// notice turns the line comments that a source begins with into a comment that minifying keeps.
func notice(source string) string {
	var lines []string
	for line := range strings.Lines(source) {
		text, ok := strings.CutPrefix(line, "//")
		if !ok {
			break
		}
		lines = append(lines, strings.TrimSpace(text))
	}
	return "/*! wasm_exec.js: " + strings.Join(lines, " ") + " */"
}

// bundle minifies source, the text of that file of the module, with what it imports. define gives values to free
// names.
func (r *Recipe) bundle(file, source string, format api.Format, banner string, define map[string]any) ([]byte, error) {
	values := map[string]string{}
	define = maps.Clone(define)
	if define == nil {
		define = map[string]any{}
	}
	define["FACTS"] = newFacts()
	for name, value := range define {
		if file, ok := value.(styleSheet); ok {
			css, err := r.style(string(file))
			if err != nil {
				return nil, err
			}
			value = css
		}
		b, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		values[name] = string(b)
		// A constant read by its field is put in place; the whole object is only made where it is named.
		if name == "BUILD" || name == "FACTS" {
			for field, value := range membersOf(b) {
				values[name+"."+field] = string(value)
			}
		}
	}
	result := api.Build(api.BuildOptions{
		Stdin:             &api.StdinOptions{Contents: source, ResolveDir: filepath.Join(r.Root, filepath.FromSlash(path.Dir(file))), Sourcefile: file, Loader: api.LoaderJS},
		AbsWorkingDir:     r.Root,
		Bundle:            true,
		Format:            format,
		Target:            api.ES2022,
		Engines:           browsers,
		Charset:           api.CharsetUTF8,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		LegalComments:     api.LegalCommentsInline,
		Banner:            map[string]string{"js": banner},
		Define:            values,
		MangleProps:       sharedProps,
		MangleCache:       shortProps(),
		Write:             false,
		LogLevel:          api.LogLevelSilent,
	})
	if err := messages(result.Errors); err != nil {
		return nil, err
	}
	return result.OutputFiles[0].Contents, nil
}

// sharedProps matches the names of properties that the scripts have among themselves. They are long in the sources and
// short in the build, which saves 66 bytes of the loader (brotli). A property of the browser, of Go or of a site
// owner's program must not have such a name, nor an export; and no script may read one by a computed name. Neither may
// a message between page and iframe have one, because the two may be of different builds.
var sharedProps = "^(" + strings.Join(sharedPropNames, "|") + ")$"

var sharedPropNames = strings.Fields(`
	adoptSheets applyAttributes attributeChanged attributeValue backWatcher chatOwner controller endEarlySocket
	findInstance loadModule loaderScript makePart mount nativeGlobals pageEvent panelToggled parentName passQueue postProperties
	preload publicApi releasePanel requested scriptTag setState showPanel snapshot snapshotKey startTimer stopTimer trigger unmount`)

const shortNames = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// shortProps gives each of the shared names the same short one in every script.
func shortProps() map[string]any {
	short := map[string]any{}
	for i, name := range sharedPropNames {
		short[name] = shortNames[i : i+1]
	}
	return short
}

// membersOf returns the members of a JSON object.
func membersOf(object []byte) map[string]json.RawMessage {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(object, &members); err != nil {
		panic(err) // the caller has encoded a struct
	}
	return members
}

// private shortens the names that the style sheets have among themselves: the loader's are on every page view,
// and cost 37 bytes of it there (brotli). Every one of them is set on the frame, so that no page's of the same name gets in.
var private = strings.NewReplacer("--on-off", "--c", "--accent", "--a", "--on", "--o", "--surface", "--s", "--text", "--t", "--line", "--l", "--inset", "--i", "--left", "--y", "--right", "--z")

// style minifies a style sheet of the module.
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
	// A style sheet that the bundler warns about is one that browsers drop rules from.
	if err := messages(append(result.Errors, result.Warnings...)); err != nil {
		return "", err
	}
	css := strings.TrimSpace(string(result.Code))
	if r.Plain {
		return css, nil // the program embeds chat.css as it is written, which asks for the long names
	}
	return private.Replace(css), nil
}

// messages makes one error of what the bundler complains about, or nil.
func messages(all []api.Message) error {
	if len(all) == 0 {
		return nil
	}
	text := api.FormatMessages(all, api.FormatMessagesOptions{})
	return errors.New(strings.TrimSpace(strings.Join(text, "")))
}
