package build

import (
	"os"
	"path/filepath"
	"testing"
)

// fixture copies testdata/module, a small module that has what the recipe reads, and returns a recipe for it that need
// not compile.
func fixture(t *testing.T) *Recipe {
	t.Helper()
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS("testdata/module")); err != nil {
		t.Fatal(err)
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

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// built is what the recipe makes of the fixture.
func built(t *testing.T, r *Recipe) *Dist {
	t.Helper()
	d, err := r.Build(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return d
}
