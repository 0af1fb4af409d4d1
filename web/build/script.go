package build

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// constants has the constants of the build, which the scripts read from BUILD.
type constants struct {
	Start        string `json:"start"`        // file name of the ES module around Go's glue
	Around       string `json:"around"`       // file name of the ES module that runs the chat in an iframe
	Aside        string `json:"aside"`        // file name of the ES module aside.js, which only some page views need
	Features     string `json:"features"`     // file name of the ES module that loads the modules of features
	Failure      string `json:"failure"`      // file name of the ES module with the notice that Start failed to load
	Names        string `json:"names"`        // file name of the names of functions; empty: a panic prints them itself
	Wasm         string `json:"wasm"`         // file name of the WebAssembly
	WasmSize     int    `json:"wasmSize"`     // its uncompressed bytes; a response of that length is not compressed
	StartHash    string `json:"startHash"`    // integrity of Start
	AroundHash   string `json:"aroundHash"`   // integrity of Around
	AsideHash    string `json:"asideHash"`    // integrity of Aside
	FeaturesHash string `json:"featuresHash"` // integrity of Features
	FailureHash  string `json:"failureHash"`  // integrity of Failure
	WasmHash     string `json:"wasmHash"`     // integrity of Wasm
	Version      string `json:"version"`
}

// browsers are the oldest browsers that support what the widget needs. Safari and Firefox were the last to support
// adopted style sheets. esbuild replaces syntax that these browsers do not support.
var browsers = []api.Engine{
	{Name: api.EngineChrome, Version: "92"},
	{Name: api.EngineEdge, Version: "92"},
	{Name: api.EngineFirefox, Version: "101"},
	{Name: api.EngineSafari, Version: "16.4"},
	{Name: api.EngineIOS, Version: "16.4"},
}

// bundleLoader makes plura-chat.js, a classic script.
func (r *Recipe) bundleLoader(b constants) ([]byte, error) {
	const file = "web/loader/loader.js"
	source, err := r.source(file)
	if err != nil {
		return nil, fmt.Errorf("bundling the loader: %w", err)
	}
	define := map[string]any{"BUILD": b, "CORE_CSS": styleSheet("web/loader/loader.css")}
	out, err := r.bundle(file, source, api.FormatIIFE, "", define)
	if err != nil {
		return nil, fmt.Errorf("bundling the loader: %w", err)
	}
	return out, nil
}

// bundleStart makes plura-chat-start-{hash}.js, an ES module with Go's glue inside.
func (r *Recipe) bundleStart(b constants, glue string, files translations, words map[string]startWord) ([]byte, error) {
	const file = "web/start/start.js"
	source, err := r.source(file)
	if err != nil {
		return nil, fmt.Errorf("bundling the start module: %w", err)
	}
	// Go's script reads and writes globalThis. In a function with a parameter of that name it gets the object that is
	// passed, so that it does not change the page's global object.
	source += "\nfunction glue(globalThis) {\n" + goShims.ReplaceAllString(glue, "\n") + "\n}\n"
	define := map[string]any{
		"BUILD": b, "WIDGET_CSS": styleSheet("widget/widget.css"), "TRANSLATIONS": files, "WORDS": words,
	}
	out, err := r.bundle(file, source, api.FormatESModule, notice(glue), define)
	if err != nil {
		return nil, fmt.Errorf("bundling the start module: %w", err)
	}
	return out, nil
}

// goShims matches the parts of Go's script that make globals where they are missing, or refuse to go on. The start
// module always sets fs (outputFS in web/start/engine.js), nothing that is linked calls process or path, and all
// browsers have the others. Without these parts the start module is 280 bytes smaller (brotli).
var goShims = regexp.MustCompile(`\n\t(?:const enosys = \(\) => |if \(!globalThis\.\w+\) )\{\n(?:\t\t.*\n)+\t\};?\n`)

// addModule adds plura-chat-{name}-{hash}.js to the dist, an ES module that only some pages load. file is the script
// that it is made from. addModule returns the file name and the digest.
func (r *Recipe) addModule(d *Dist, name, file string, define map[string]any) (url, integrity string, err error) {
	out, err := r.bundleModule(name, file, define)
	if err != nil {
		return "", "", err
	}
	f := d.add(hashedName("plura-chat-"+name, ".js", out), out)
	return f.Name, f.shortIntegrity(), nil
}

func (r *Recipe) bundleModule(name, file string, define map[string]any) ([]byte, error) {
	source, err := r.source(file)
	if err != nil {
		return nil, fmt.Errorf("bundling the module %s: %w", name, err)
	}
	out, err := r.bundle(file, source, api.FormatESModule, "", define)
	if err != nil {
		return nil, fmt.Errorf("bundling the module %s: %w", name, err)
	}
	return out, nil
}

// addLoaded adds the two modules that the loader loads, and those of web/aside that the second one loads, and sets their
// fields in b. The names of the two contain the same hash, because a second one costs the loader bytes. It is that of
// both, with an empty name of the first one in the second one.
func (r *Recipe) addLoaded(d *Dist, b *constants, start []byte, words vocabulary) error {
	unnamed := *b
	aside, err := r.addModules(&Dist{}, &unnamed, words)
	if err != nil {
		return err
	}
	sum := hash(slices.Concat(start, aside))
	module := d.add("plura-chat-start-"+sum+".js", start)
	b.Start, b.StartHash = module.Name, module.shortIntegrity()
	if aside, err = r.addModules(d, b, words); err != nil {
		return err
	}
	module = d.add("plura-chat-aside-"+sum+".js", aside)
	b.Aside, b.AsideHash = module.Name, module.shortIntegrity()
	return nil
}

// addModules adds the modules of web/aside to the dist and sets their fields in b. It returns the one that loads the
// others.
func (r *Recipe) addModules(d *Dist, b *constants, words vocabulary) (aside []byte, err error) {
	if err := r.addFeatures(d, b, words); err != nil {
		return nil, err
	}
	failure := map[string]any{
		"BUILD": *b, "FAILURE_CSS": styleSheet("web/aside/failure.css"), "WORDS": words.share(failureWords),
	}
	if b.Failure, b.FailureHash, err = r.addModule(d, "failure", "web/aside/failure.js", failure); err != nil {
		return nil, err
	}
	return r.bundleModule("aside", "web/aside/aside.js", map[string]any{"BUILD": *b, "WORDS": words.share(asideWords)})
}

// notice returns the line comments at the start of source as one comment that the minifier keeps.
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

// bundle bundles and minifies source, the text of the module's script file, with the scripts that it imports. define
// has the values of free names in the scripts; banner is put before the script.
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
		// esbuild replaces BUILD.field by the value. It inserts the whole object only where a script has BUILD alone.
		if name == "BUILD" || name == "FACTS" {
			for field, value := range membersOf(b) {
				values[name+"."+field] = string(value)
			}
		}
	}
	folder := filepath.Join(r.Root, filepath.FromSlash(path.Dir(file)))
	result := api.Build(api.BuildOptions{
		Stdin:             &api.StdinOptions{Contents: source, ResolveDir: folder, Sourcefile: file, Loader: api.LoaderJS},
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
	return patterns.ReplaceAll(result.OutputFiles[0].Contents, []byte("/$1/$2")), nil
}

// patterns matches calls of RegExp with a text that needs no escapes in a literal. A script writes such a call where
// the pattern is a fact, and the build makes a literal of it, which saves 50 bytes of the loader (brotli).
var patterns = regexp.MustCompile(`\bRegExp\("([^"\\/[\]]*(?:\[[^"\\/\]]*\][^"\\/[\]]*)*)"(?:,"(i)")?\)`)

// sharedProps matches the names of properties that only the scripts use. The build shortens them, which saves 66 bytes
// of the loader (brotli). The following must not have one of these names: properties of the browser, of Go and of site
// owners' programs; exports that other modules read as properties; and properties of messages between page and iframe,
// whose scripts may be of different builds. No script may read one of these properties by a computed name.
var sharedProps = "^(" + strings.Join(sharedPropNames, "|") + ")$"

var sharedPropNames = strings.Fields(`
	adoptSheets applyAttributes attributeChanged attributeValue backWatcher callQueued chatOwner controller
	endEarlySocket findInstance loadModule loaderScript makePart mount nativeGlobals pageEvent panelToggled parentName
	passQueue postProperties publicApi releasePanel requested scriptTag setState showPanel snapshot snapshotKey
	startTimer stopTimer trigger unmount`)

const shortNames = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// shortProps returns the short names of the properties, which are the same in all scripts.
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

// messages returns an error with the text of all messages, or nil if there are none.
func messages(all []api.Message) error {
	if len(all) == 0 {
		return nil
	}
	text := api.FormatMessages(all, api.FormatMessagesOptions{})
	return errors.New(strings.TrimSpace(strings.Join(text, "")))
}
