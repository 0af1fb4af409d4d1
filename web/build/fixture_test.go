package build

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// fixture copies testdata/module, a small module with the files that the recipe reads, and returns a recipe for the
// copy that does not compile Go.
func fixture(t *testing.T) *Recipe {
	t.Helper()
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS("testdata/module")); err != nil {
		t.Fatal(err)
	}
	for _, f := range features {
		if f.name != "teaser" {
			write(t, filepath.Join(root, "web", "aside", f.name+".js"), "export const extend = () => WORDS;\n")
			write(t, filepath.Join(root, "web", "aside", f.name+".css"), "")
		}
	}
	r := &Recipe{Root: root}
	of, err := r.engineSources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r.compiled = engineCache{of, engine{
		wasm:     []byte("\x00asm, as it were"),
		glue:     "// Copyright 2018 The Go Authors. All rights reserved.\n// See LICENSE.\n\n\"use strict\";\n(() => { globalThis.Go = class {}; })();\n",
		licences: []byte("licences\n"),
	}}
	return r
}

// program is the widget's program, with the names of its functions by what a panic prints instead.
type program struct {
	wasm  []byte
	names map[string]string
}

// compileOnce compiles the widget's program as for a release.
var compileOnce = sync.OnceValues(func() (p program, err error) {
	ctx := context.Background() // the program outlives the test that asks for it first
	root, err := FindRoot(ctx)
	if err == nil {
		p.wasm, p.names, err = (&Recipe{Root: root, Strict: true}).compile(ctx)
	}
	return p, err
})

// compiled returns the widget's program, which all tests share.
func compiled(t *testing.T) program {
	t.Helper()
	p, err := compileOnce()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// write writes a file and makes its folder.
func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// fileOf returns the file plura-chat-{name}-{hash}.js of a dist.
func fileOf(t *testing.T, d *Dist, name string) *File {
	t.Helper()
	for _, f := range d.Files {
		if strings.HasPrefix(f.Name, "plura-chat-"+name+"-") && strings.HasSuffix(f.Name, ".js") {
			return f
		}
	}
	t.Fatalf("the dist has no module %s", name)
	return nil
}

// built returns the recipe's dist.
func built(t *testing.T, r *Recipe) *Dist {
	t.Helper()
	d, err := r.Build(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return d
}
