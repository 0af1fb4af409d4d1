package build

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Version is the version of the release. Scripts in a page read it as PluraChat.version.
const Version = "0.2.0"

// Recipe makes the files of web/dist. With only Root set, it makes the files of a release. A Recipe may be used many
// times; it compiles Go again only if a source has changed. It must not be used by two goroutines at once.
type Recipe struct {
	// Root is the folder of the module plurachat. FindRoot returns it.
	Root string
	// Plain compiles as a plain "go build" does, without the tricks that make the WebAssembly smaller.
	Plain bool
	// Strict makes the build fail if a trick does not work with the installed Go. Otherwise the build continues
	// without the trick and logs how much larger the WebAssembly becomes.
	Strict bool
	// Version replaces the constant Version if it is set, as in a release, which runs before the constant is compiled
	// anew.
	Version string
	// Log receives a line for each slow step and for each trick that is turned off. If it is nil, nothing is logged.
	Log io.Writer

	program  string         // package to compile, if not the module's own
	symbols  bool           // keeps the names of functions in the WebAssembly, for the size report
	off      map[trick]bool // tricks that are turned off
	compiled engineCache
	embeds   embedded
}

// FindRoot returns the folder of the module plurachat that the current directory is in.
func FindRoot(ctx context.Context) (string, error) {
	// With a go.work file that does not list this module, the go command would not find it.
	out, err := runGo(ctx, "", []string{"GOWORK=off"}, "list", "-m", "-f", "{{.Dir}}", "plurachat")
	if err != nil {
		return "", fmt.Errorf("finding the module plurachat (run this inside its folder): %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// Build makes every file of web/dist in memory, uncompressed. An error contains the messages of the compiler or of
// esbuild.
func (r *Recipe) Build(ctx context.Context) (*Dist, error) {
	compiled, err := r.compiled.get(ctx, r)
	if err != nil {
		return nil, err
	}
	d := &Dist{Version: cmp.Or(r.Version, Version)}
	pinned, err := r.addScripts(d, compiled)
	if err != nil {
		return nil, err
	}
	if err := r.addFrame(d, pinned); err != nil {
		return nil, err
	}
	types, err := r.source("web/types/plura-chat.d.ts")
	if err != nil {
		return nil, err
	}
	d.add("plura-chat.d.ts", []byte(types))
	d.add("LICENSES.txt", compiled.licences)
	integrity, err := d.integrity()
	if err != nil {
		return nil, err
	}
	d.add("integrity.json", integrity)
	if err := r.addPackage(d); err != nil {
		return nil, err
	}
	return d, nil
}

// addScripts adds the WebAssembly, the files of words and the scripts to the dist: each file before those that have its
// name or its digest. It returns the script that pages name, by its hashed name.
func (r *Recipe) addScripts(d *Dist, compiled engine) (pinned *File, err error) {
	wasm := d.add(hashedName("plura-chat", ".wasm", compiled.wasm), compiled.wasm)
	b := constants{
		Wasm: wasm.Name, WasmSize: len(wasm.Data), WasmHash: wasm.shortIntegrity(), Version: d.Version,
	}
	if compiled.names != nil {
		b.Names = d.add(hashedName("plura-chat-names", ".json", compiled.names), compiled.names).Name
	}
	words, err := r.words()
	if err != nil {
		return nil, err
	}
	translations, err := words.addTo(d)
	if err != nil {
		return nil, err
	}
	inStart, err := words.start()
	if err != nil {
		return nil, err
	}
	around := map[string]any{"FRAME_CSS": styleSheet("web/frame/page_side.css")}
	if b.Around, b.AroundHash, err = r.addModule(d, "around", "web/frame/page_side.js", around); err != nil {
		return nil, err
	}
	start, err := r.bundleStart(b, compiled.glue, translations, inStart)
	if err != nil {
		return nil, err
	}
	if err := r.addLoaded(d, &b, start, words); err != nil {
		return nil, err
	}
	loader, err := r.bundleLoader(b)
	if err != nil {
		return nil, err
	}
	d.add(LoaderName, loader)
	return d.add(hashedName("plura-chat", ".js", loader), loader), nil
}

// source reads a file of the module, named by its slash-separated path from the root.
func (r *Recipe) source(name string) (string, error) {
	b, err := os.ReadFile(filepath.Join(r.Root, filepath.FromSlash(name)))
	return string(b), err
}

func (r *Recipe) logf(format string, args ...any) {
	if r.Log != nil {
		fmt.Fprintf(r.Log, "  "+format+"\n", args...)
	}
}
