package build

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// licenceFile matches the usual names of files with a module's licence and notices.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice)(\.(txt|md))?$`)

// Module is a Go module at a version.
type Module struct{ Path, Version string }

// Modules returns the modules that are linked into the WebAssembly, sorted by path. The first one is Go's standard
// library, with the path std and Go's version.
func (r *Recipe) Modules(ctx context.Context) ([]Module, error) {
	linked, err := r.linked(ctx)
	if err != nil {
		return nil, err
	}
	version, err := r.goCommand(ctx, "env", "GOVERSION")
	if err != nil {
		return nil, fmt.Errorf("reading the version of Go: %w", err)
	}
	modules := []Module{{"std", strings.TrimPrefix(strings.TrimSpace(string(version)), "go")}}
	for _, m := range linked {
		modules = append(modules, m.Module)
	}
	return modules, nil
}

// Tools returns the modules that make and compress the scripts.
func (r *Recipe) Tools(ctx context.Context) ([]Module, error) {
	const format = "{{with .Version}}{{$.Path}} {{.}}{{end}}"
	out, err := runGo(ctx, r.Root, []string{"GOWORK=off"}, "list", "-m", "-e", "-f", format,
		"github.com/andybalholm/brotli", "github.com/evanw/esbuild")
	if err != nil {
		return nil, fmt.Errorf("listing the tools: %w", err)
	}
	var tools []Module
	for line := range strings.Lines(string(out)) {
		path, version, _ := strings.Cut(strings.TrimSpace(line), " ")
		tools = append(tools, Module{path, version})
	}
	return tools, nil
}

// linkedModule is a module in the WebAssembly, with the folder of its source.
type linkedModule struct {
	Module
	dir string
}

// linked returns the modules of all packages that the program imports, sorted by path.
func (r *Recipe) linked(ctx context.Context) ([]linkedModule, error) {
	const format = "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}"
	out, err := r.goCommand(ctx, "list", "-deps", "-f", format, ".")
	if err != nil {
		return nil, fmt.Errorf("listing the modules: %w", err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	slices.Sort(lines)
	var modules []linkedModule
	for _, line := range slices.Compact(lines) {
		if fields := strings.Split(strings.TrimSpace(line), "\t"); len(fields) == 3 {
			modules = append(modules, linkedModule{Module{fields[0], fields[1]}, fields[2]})
		}
	}
	return modules, nil
}

// licences returns the text of LICENSES.txt: the licences of Go and of all modules that the program imports.
func (r *Recipe) licences(ctx context.Context) ([]byte, error) {
	modules, err := r.linked(ctx)
	if err != nil {
		return nil, fmt.Errorf("collecting licences: %w", err)
	}
	text := bytes.NewBufferString("plura-chat contains the following works.\n")
	root, err := r.goCommand(ctx, "env", "GOROOT", "GOVERSION")
	if err != nil {
		return nil, fmt.Errorf("collecting licences: %w", err)
	}
	goroot, version, _ := strings.Cut(strings.TrimSpace(string(root)), "\n")
	if err := appendLicences(text, "The Go standard library, runtime and wasm_exec.js, "+version, goroot); err != nil {
		return nil, err
	}
	for _, m := range modules {
		if err := appendLicences(text, m.Path+" "+m.Version, m.dir); err != nil {
			return nil, err
		}
	}
	return text.Bytes(), nil
}

// appendLicences appends the licence files of the folder dir below a heading. It returns an error if there are none,
// because a work without a licence may not be distributed.
func appendLicences(text *bytes.Buffer, heading, dir string) error {
	files, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("collecting the licence of %s: %w", heading, err)
	}
	found := false
	for _, f := range files {
		if f.IsDir() || !licenceFile.MatchString(f.Name()) {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			return fmt.Errorf("collecting the licence of %s: %w", heading, err)
		}
		if !found {
			fmt.Fprintf(text, "\n%s\n%s\n\n", heading, strings.Repeat("=", len(heading)))
		}
		fmt.Fprintf(text, "%s\n", bytes.TrimSpace(b))
		found = true
	}
	if !found {
		return fmt.Errorf("collecting the licence of %s: none in %s", heading, dir)
	}
	return nil
}
