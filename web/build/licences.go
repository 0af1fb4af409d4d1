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

// licences returns the text of LICENSES.txt: the licences of Go and of all modules that the program imports.
func (r *Recipe) licences(ctx context.Context) ([]byte, error) {
	args := []string{"list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}", "."}
	out, err := r.goCommand(ctx, args...)
	if err != nil {
		return nil, fmt.Errorf("collecting licences: %w", err)
	}
	modules := strings.Fields(string(bytes.ReplaceAll(bytes.TrimSpace(out), []byte(" "), []byte("@"))))
	var text bytes.Buffer
	fmt.Fprintf(&text, "plura-chat contains the following works.\n")
	root, err := r.goCommand(ctx, "env", "GOROOT", "GOVERSION")
	if err != nil {
		return nil, fmt.Errorf("collecting licences: %w", err)
	}
	goroot, version, _ := strings.Cut(strings.TrimSpace(string(root)), "\n")
	if err := appendLicences(&text, "The Go standard library, runtime and wasm_exec.js, "+version, goroot); err != nil {
		return nil, err
	}
	list := map[string]string{}
	for i := 0; i+1 < len(modules); i += 2 {
		list[modules[i]] = modules[i+1]
	}
	names := make([]string, 0, len(list))
	for name := range list {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := appendLicences(&text, strings.Replace(name, "@", " ", 1), list[name]); err != nil {
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
