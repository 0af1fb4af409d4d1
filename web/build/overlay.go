package build

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// overlays has, by import path, the standard packages that the recipe replaces, and the folder in web/build/slim with
// the replacement. web/PERFORMANCE.md has what each one saves.
var overlays = map[string]string{
	"crypto/md5":          "md5",
	"crypto/rand":         "rand",
	"crypto/sha1":         "sha1",
	"database/sql/driver": "driver",
	"encoding/json":       "json",
	"fmt":                 "fmt",
	"image":               "image",
	"image/color":         "color",
	"internal/godebug":    "godebug",
	"net":                 "net",
	"net/http":            "http",
	"net/netip":           "netip",
	"os":                  "os",
}

// overlay returns the JSON file for the go command's flag -overlay. It replaces standard packages, files of the runtime
// and the style sheet that Go embeds. It writes the changed files to the folder dir.
func (r *Recipe) overlay(ctx context.Context, dir string) ([]byte, error) {
	replace := map[string]string{}
	if err := r.replaceStandard(ctx, replace); err != nil {
		return nil, err
	}
	if err := r.hollow(ctx, replace, dir); err != nil {
		return nil, err
	}
	if err := r.overlayStyle(replace, dir); err != nil {
		return nil, err
	}
	return json.MarshalIndent(map[string]any{"Replace": replace}, "", "\t")
}

// replaceStandard adds the replacements of standard packages to replace. If the installed Go lacks a package, it turns
// that trick off.
func (r *Recipe) replaceStandard(ctx context.Context, replace map[string]string) error {
	var std []string
	for _, p := range slices.Sorted(maps.Keys(overlays)) {
		if r.uses(replacing(p)) {
			std = append(std, p)
		}
	}
	if len(std) == 0 {
		return nil // without arguments, go list would list the module's own package
	}
	const format = "{{.ImportPath}}\t{{if not .Error}}{{.Dir}}{{end}}"
	out, err := r.goCommand(ctx, append([]string{"list", "-find", "-e", "-f", format}, std...)...)
	if err != nil {
		return fmt.Errorf("finding the standard packages to replace: %w", err)
	}
	for line := range strings.Lines(string(bytes.TrimSpace(out))) {
		path, dir, ok := strings.Cut(strings.TrimRight(line, "\r\n"), "\t")
		if !ok {
			return fmt.Errorf("finding the standard packages to replace: go list said %q", line)
		}
		if dir == "" {
			if err := r.goWithout(replacing(path), errors.New("it has no such package")); err != nil {
				return err
			}
			continue
		}
		slim := filepath.Join(r.Root, "web", "build", "slim", overlays[path])
		if err := replacePackage(replace, dir, slim); err != nil {
			return fmt.Errorf("replacing %s: %w", path, err)
		}
	}
	return nil
}

// overlayStyle replaces the style sheet that Go embeds by its minified form, which has the short names of custom
// properties, as the other style sheets do.
func (r *Recipe) overlayStyle(replace map[string]string, dir string) error {
	const name = "widget/chat.css"
	css, err := r.style(name)
	if err != nil {
		return fmt.Errorf("minifying %s: %w", name, err)
	}
	file := filepath.Join(dir, "chat.css")
	if err := os.WriteFile(file, []byte(css), 0o600); err != nil {
		return fmt.Errorf("minifying %s: %w", name, err)
	}
	replace[filepath.Join(r.Root, filepath.FromSlash(name))] = file
	return nil
}

// replacePackage replaces the package in the folder std by the one in the folder slim. Packages in folders below std,
// such as net/url below net, remain.
func replacePackage(replace map[string]string, std, slim string) error {
	theirs, err := os.ReadDir(std)
	if err != nil {
		return err
	}
	for _, f := range theirs {
		// An empty path tells the go command that the file does not exist.
		if ext := filepath.Ext(f.Name()); !f.IsDir() && (ext == ".go" || ext == ".s") {
			replace[filepath.Join(std, f.Name())] = ""
		}
	}
	ours, err := os.ReadDir(slim)
	if err != nil {
		return err
	}
	found := false
	for _, f := range ours {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		replace[filepath.Join(std, f.Name())] = filepath.Join(slim, f.Name())
		found = true
	}
	if !found {
		return fmt.Errorf("no Go file in %s", slim)
	}
	return nil
}
