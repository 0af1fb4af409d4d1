package build

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// module copies the files of this module that the recipe reads, and returns the folder of the copy.
func module(t *testing.T) string {
	t.Helper()
	from, err := FindRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	to := t.TempDir()
	err = filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); path != from && (strings.HasPrefix(name, ".") || name == "dist" || name == "e2e") {
				return filepath.SkipDir
			}
			return nil
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if !isSource(d.Name()) && filepath.ToSlash(name) != npmReadme {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		write(t, filepath.Join(to, name), string(text))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// TestBuildIsReproducible checks that builds in two folders are identical and contain no path.
func TestBuildIsReproducible(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles twice")
	}
	one, two := module(t), module(t)
	a, b := built(t, &Recipe{Root: one, Strict: true}), built(t, &Recipe{Root: two, Strict: true})
	if len(a.Files) != len(b.Files) {
		t.Fatalf("%d files and %d", len(a.Files), len(b.Files))
	}
	for i, f := range a.Files {
		if other := b.Files[i]; f.Name != other.Name || !bytes.Equal(f.Data, other.Data) {
			t.Errorf("%s and %s differ", f.Name, other.Name)
		}
		home, err := os.UserHomeDir()
		if err != nil {
			t.Fatal(err)
		}
		for _, private := range []string{one, filepath.Dir(one), home + string(filepath.Separator)} {
			if bytes.Contains(f.Data, []byte(private)) {
				t.Errorf("%s holds the path %s", f.Name, private)
			}
		}
	}
}

// TestPlainBuildWorks checks that the program compiles without tricks, and that the tricks save at least 15 % of the
// uncompressed size.
func TestPlainBuildWorks(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles")
	}
	root, err := FindRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	plain, _, err := (&Recipe{Root: root, Plain: true}).compile(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	slim := compiled(t).wasm
	if saved := 1 - float64(len(slim))/float64(len(plain)); saved < 0.15 {
		t.Errorf("%d bytes against %d of a plain build: the overlays save %.0f %%", len(slim), len(plain), 100*saved)
	}
}

// TestLicencesCoverWhatIsLinked checks that the licences are those of the modules that are linked, and no others.
func TestLicencesCoverWhatIsLinked(t *testing.T) {
	if testing.Short() {
		t.Skip("lists the dependencies")
	}
	root, err := FindRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text, err := (&Recipe{Root: root}).licences(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"The Go standard library", "Redistribution and use", "github.com/coder/websocket v", "github.com/google/uuid v", "honnef.co/go/js/dom/v2 v"} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("no %q", want)
		}
	}
	for _, not := range []string{"esbuild", "andybalholm", "goldmark"} {
		if bytes.Contains(text, []byte(not)) {
			t.Errorf("%s is not linked, but listed", not)
		}
	}
}

// TestEmbeddedFilesAreTakenUp checks, for each kind of embedded file, that an edit changes the fingerprint and the
// dist, and that the error for a mistake has the file and line.
func TestEmbeddedFilesAreTakenUp(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles")
	}
	root := module(t)
	r := &Recipe{Root: root}
	for _, c := range []struct{ file, old, edited, mistake, want string }{
		{"widget/chat.css", "", ".edited { margin: 1px }\n", ".edited { margin: (;\n", "chat.css:1:"},
		{"widget/words/en.json", `": "`, `": "Edited `, "\": \"\n", "en.json:2:"},
		{"widget/words/de.json", `": "`, `": "Edited `, "\": \"\n", "de.json:2:"},
	} {
		file := filepath.Join(root, filepath.FromSlash(c.file))
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		before, sources := built(t, r), sourcesOf(t, r)
		write(t, file, strings.Replace(string(source), c.old, c.edited, 1))
		if sourcesOf(t, r) == sources {
			t.Errorf("%s: an edit is not noticed", c.file)
		}
		if !slices.ContainsFunc(built(t, r).Files, func(f *File) bool { return before.File(f.Name) == nil }) {
			t.Errorf("%s: after an edit no file is new", c.file)
		}
		write(t, file, strings.Replace(string(source), c.old, c.mistake, 1))
		if _, err := r.Build(t.Context()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error with %q", c.file, err, c.want)
		}
		write(t, file, string(source))
	}
}

func sourcesOf(t *testing.T, r *Recipe) string {
	t.Helper()
	sources, err := r.Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return sources
}
