//go:build !js

package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// constants is what the scripts know about the build, under the name BUILD.
type constants struct {
	Start      string `json:"start"`      // file name of the ES module around Go's glue
	Around     string `json:"around"`     // file name of the ES module that runs the chat in an iframe
	Aside      string `json:"aside"`      // file name of the ES module with the teaser
	Wasm       string `json:"wasm"`       // file name of the WebAssembly
	WasmSize   int    `json:"wasmSize"`   // its uncompressed bytes: a host that announces them does not compress
	StartHash  string `json:"startHash"`  // integrity of Start
	AsideHash  string `json:"asideHash"`  // integrity of Aside
	AroundHash string `json:"aroundHash"` // integrity of Around
	WasmHash   string `json:"wasmHash"`   // integrity of Wasm
	Version    string `json:"version"`
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

// bundleLoader makes plura-chat.js, a classic script.
func (r *Recipe) bundleLoader(b constants) ([]byte, error) {
	source, err := r.source("web/loader.js")
	if err != nil {
		return nil, fmt.Errorf("bundling the loader: %w", err)
	}
	css, err := r.style("web/loader.css")
	if err != nil {
		return nil, fmt.Errorf("bundling the loader: %w", err)
	}
	out, err := r.bundle("loader.js", source, api.FormatIIFE, "", map[string]any{"BUILD": b, "CORE_CSS": css})
	if err != nil {
		return nil, fmt.Errorf("bundling the loader: %w", err)
	}
	return out, nil
}

// bundleStart makes plura-chat-start-{hash}.js, an ES module with Go's glue inside.
func (r *Recipe) bundleStart(b constants, glue string, translations map[string]string) ([]byte, error) {
	source, err := r.source("web/start.js")
	if err != nil {
		return nil, fmt.Errorf("bundling the start module: %w", err)
	}
	css, err := r.style("widget/widget.css")
	if err != nil {
		return nil, fmt.Errorf("bundling the start module: %w", err)
	}
	// Go's file reads and writes globalThis. As the body of a function with a parameter of that name it
	// sees the object it is given instead, and nothing of it lands on the page.
	source += "\nfunction glue(globalThis) {\n" + glue + "\n}\n"
	out, err := r.bundle("start.js", source, api.FormatESModule, notice(glue), map[string]any{"BUILD": b, "WIDGET_CSS": css, "TRANSLATIONS": translations})
	if err != nil {
		return nil, fmt.Errorf("bundling the start module: %w", err)
	}
	return out, nil
}

// bundleAround makes plura-chat-around-{hash}.js, an ES module that the start module loads where the attribute
// frame stands.
func (r *Recipe) bundleAround() ([]byte, error) {
	source, err := r.source("web/frame.js")
	if err != nil {
		return nil, err
	}
	css, err := r.style("web/frame.css")
	if err != nil {
		return nil, err
	}
	return r.bundle("frame.js", source, api.FormatESModule, "", map[string]any{"FRAME_CSS": css})
}

// bundleAside makes plura-chat-aside-{hash}.js, an ES module that few visitors need.
func (r *Recipe) bundleAside(b constants, words map[string]map[string]string) ([]byte, error) {
	source, err := r.source("web/aside.js")
	if err != nil {
		return nil, fmt.Errorf("bundling the module aside: %w", err)
	}
	css, err := r.style("web/aside.css")
	if err != nil {
		return nil, fmt.Errorf("bundling the module aside: %w", err)
	}
	out, err := r.bundle("aside.js", source, api.FormatESModule, "", map[string]any{"BUILD": b, "ASIDE_CSS": css, "WORDS": words})
	if err != nil {
		return nil, fmt.Errorf("bundling the module aside: %w", err)
	}
	return out, nil
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

// bundle minifies source, the file name of folder web, with what it imports. define gives values to
// free names.
func (r *Recipe) bundle(name, source string, format api.Format, banner string, define map[string]any) ([]byte, error) {
	values := map[string]string{}
	for name, value := range define {
		b, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		values[name] = string(b)
		// A constant read by its field is put in place; the whole object is only made where it is named.
		if fields, ok := value.(constants); ok {
			for field, value := range fields.byName() {
				values[name+"."+field] = value
			}
		}
	}
	result := api.Build(api.BuildOptions{
		Stdin:             &api.StdinOptions{Contents: source, ResolveDir: filepath.Join(r.Root, "web"), Sourcefile: name, Loader: api.LoaderJS},
		AbsWorkingDir:     filepath.Join(r.Root, "web"),
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
		Write:             false,
		LogLevel:          api.LogLevelSilent,
	})
	if err := messages(result.Errors); err != nil {
		return nil, err
	}
	return result.OutputFiles[0].Contents, nil
}

// byName lists the constants' fields as JSON, by their names in JavaScript.
func (b constants) byName() map[string]string {
	var fields map[string]json.RawMessage
	text, err := json.Marshal(b)
	if err == nil {
		err = json.Unmarshal(text, &fields)
	}
	if err != nil {
		panic(err) // strings and a number always encode
	}
	out := map[string]string{}
	for name, value := range fields {
		out[name] = string(value)
	}
	return out
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
