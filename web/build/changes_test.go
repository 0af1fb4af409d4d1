package build

import (
	"path/filepath"
	"testing"
)

// TestForeignWorkspace checks that FindRoot works with a go.work file that does not list this module.
func TestForeignWorkspace(t *testing.T) {
	work := filepath.Join(t.TempDir(), "go.work")
	write(t, work, "go 1.26\n")
	t.Setenv("GOWORK", work)
	if root, err := FindRoot(t.Context()); err != nil || !filepath.IsAbs(root) {
		t.Errorf("%q, %v", root, err)
	}
}

// TestEmbeddedFilesAreSources checks that the fingerprint changes with each file that matches a go:embed directive, and
// with no other file.
func TestEmbeddedFilesAreSources(t *testing.T) {
	r := fixture(t)
	write(t, filepath.Join(r.Root, "main.go"), "package main\n\nimport \"embed\"\n\n//go:embed data/*.words chat.css\nvar files embed.FS\n\nfunc main() { _ = files }\n")
	write(t, filepath.Join(r.Root, "data", "en.words"), "one")
	write(t, filepath.Join(r.Root, "chat.css"), "")
	for name, text := range map[string]string{"data/en.words": "two", "chat.css": "p { margin: 0 }", "data/de.words": "zwei", "data/notes.txt": ""} {
		before, err := r.engineSources(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(r.Root, filepath.FromSlash(name)), text)
		after, err := r.engineSources(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if changed, want := after != before, name != "data/notes.txt"; changed != want {
			t.Errorf("%s: noticed %v, want %v", name, changed, want)
		}
	}
}
