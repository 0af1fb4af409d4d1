package release

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"plurachat/web/build"
)

// fixture makes a Git checkout of a small module at version 0.9.0 with a section for 0.10.0 in its changelog, and
// returns the options of its next release.
func fixture(t *testing.T) Options {
	t.Helper()
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS("../build/testdata/module")); err != nil {
		t.Fatal(err)
	}
	modules, err := filepath.Glob("../aside/*.js") // the build needs the module and the style sheet of each feature
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range modules {
		module := filepath.Join(root, "web", "aside", filepath.Base(file))
		if _, err := os.Stat(module); err != nil {
			write(t, module, "export const extend = () => {};\n")
			write(t, strings.TrimSuffix(module, ".js")+".css", "")
		}
	}
	write(t, filepath.Join(root, versionFile), "package build\n\n// Version is it.\nconst Version = \"0.9.0\"\n")
	write(t, filepath.Join(root, changesFile), "# Changes\n\n## 0.10.0, unreleased\n\n- More.\n\n## 0.9.0, 2026-01-02\n\n- All.\n")
	git(t, root, "init", "-q")
	git(t, root, "add", "-A")
	git(t, root, "-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "-qm", "Begin")
	return Options{
		Root: root, Version: "0.10.0", Out: filepath.Join(t.TempDir(), "out"), Date: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC),
		Compressor: &build.Compressor{Fast: true}, recipe: &build.Recipe{Root: root, Plain: true},
	}
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

func read(t *testing.T, name ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(name...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	if out, err := build.Command(t.Context(), dir, nil, "git", args...).CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

// unpack returns the files of an archive by name, and fails the test if one has a time or an owner of this machine.
func unpack(t *testing.T, packed string) map[string]string {
	t.Helper()
	zip, err := gzip.NewReader(strings.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for r := tar.NewReader(zip); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if header.ModTime.Year() != 1980 || header.Uid != 0 || header.Uname != "" {
			t.Errorf("%s has the time %v and the owner %d %q", header.Name, header.ModTime, header.Uid, header.Uname)
		}
		var data bytes.Buffer
		if _, err := io.Copy(&data, r); err != nil {
			t.Fatal(err)
		}
		files[header.Name] = data.String()
	}
}

func TestReleaseSetsVersionAndDate(t *testing.T) {
	o := fixture(t)
	if err := o.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := read(t, o.Root, versionFile); !strings.Contains(got, "\nconst Version = \"0.10.0\"\n") {
		t.Errorf("%s: %s", versionFile, got)
	}
	got := read(t, o.Root, changesFile)
	if !strings.Contains(got, "\n## 0.10.0, 2026-03-04\n") || strings.Contains(got, "unreleased") {
		t.Errorf("%s: %s", changesFile, got)
	}
	files := unpack(t, read(t, o.Out, "plura-chat-0.10.0.tar.gz"))
	if loader := files["plura-chat-0.10.0/plura-chat.js"]; !strings.Contains(loader, `"0.10.0"`) {
		t.Errorf("the loader has another version: %s", loader)
	}
	for _, name := range []string{"plura-chat.js.br", "integrity.json", "upload-1.txt", "upload-3.txt"} {
		if files["plura-chat-0.10.0/"+name] == "" {
			t.Errorf("the archive lacks %s", name)
		}
	}
	for _, name := range []string{build.BuildsName, "remove.txt", "package.json"} { // as web/docs/releases.md says
		if _, ok := files["plura-chat-0.10.0/"+name]; ok {
			t.Errorf("the archive has %s", name)
		}
	}
	for _, name := range []string{"plura-chat-0.10.0.tar.gz", "plura-chat-0.10.0.cdx.json"} {
		want := fmt.Sprintf("%x  %s\n", sha256.Sum256([]byte(read(t, o.Out, name))), name)
		if !strings.Contains(read(t, o.Out, "SHA256SUMS"), want) {
			t.Errorf("SHA256SUMS lacks %s", want)
		}
	}
}

// TestBillNamesEverything checks that the bill of materials has each file of the archive with its digest, and Go. A
// test in web/e2e checks its format, its modules and its tools.
func TestBillNamesEverything(t *testing.T) {
	o := fixture(t)
	if err := o.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	var b bill
	if err := json.Unmarshal([]byte(read(t, o.Out, "plura-chat-0.10.0.cdx.json")), &b); err != nil {
		t.Fatal(err)
	}
	sums := map[string]string{}
	for _, c := range b.Components {
		sums[c.Name] = ""
		if len(c.Hashes) > 0 {
			sums[c.Name] = c.Hashes[0].Content
		}
	}
	if _, ok := sums["std"]; !ok || b.Metadata.Component.Version != "0.10.0" {
		t.Errorf("the bill lacks Go, or has the version %q", b.Metadata.Component.Version)
	}
	for name, data := range unpack(t, read(t, o.Out, "plura-chat-0.10.0.tar.gz")) {
		name = strings.TrimPrefix(name, "plura-chat-0.10.0/")
		if name == "" || strings.HasPrefix(name, "upload-") || strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz") {
			continue
		}
		if want := fmt.Sprintf("%x", sha256.Sum256([]byte(data))); sums[name] != want {
			t.Errorf("%s has the digest %q, want %q", name, sums[name], want)
		}
	}
}

// TestReleaseIsReproducible checks that releases in two folders, and a rebuild later, are identical and contain no path.
func TestReleaseIsReproducible(t *testing.T) {
	one, other := fixture(t), fixture(t)
	for _, o := range []Options{one, other} {
		if err := o.Make(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	again := other
	again.Rebuild, again.Out = true, filepath.Join(t.TempDir(), "again")
	if err := again.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"plura-chat-0.10.0.tar.gz", "plura-chat-0.10.0.cdx.json", "SHA256SUMS"} {
		want := read(t, one.Out, name)
		if read(t, other.Out, name) != want || read(t, again.Out, name) != want {
			t.Errorf("%s differs", name)
		}
		if strings.Contains(want, one.Root) {
			t.Errorf("%s holds a path", name)
		}
	}
}

func TestReleaseRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Options)
		want   string
	}{
		"the same version":      {func(o *Options) { o.Version = "0.9.0" }, "not newer than 0.9.0"},
		"an older version":      {func(o *Options) { o.Version = "0.8.10" }, "not newer than 0.9.0"},
		"no version":            {func(o *Options) { o.Version = "1.0" }, "three numbers"},
		"a version with a path": {func(o *Options) { o.Version = "1.0.0/../x" }, "three numbers"},
		"no section":            {func(o *Options) { o.Version = "1.0.0" }, `"## 1.0.0, unreleased"`},
		"another version":       {func(o *Options) { o.Rebuild = true }, "those of version 0.9.0"},
		"a changed tree":        {func(o *Options) { write(t, filepath.Join(o.Root, "web/new.js"), "1") }, `"?? web/new.js"`},
	} {
		t.Run(name, func(t *testing.T) {
			o := fixture(t)
			c.change(&o)
			err := o.Make(t.Context())
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v, want one line with %q", err, c.want)
			}
			if _, err := os.Stat(o.Out); err == nil {
				t.Error("files were written")
			}
		})
	}
}

// TestFailedReleaseRestoresTheSources checks that a release whose checks fail leaves the checkout as it was.
func TestFailedReleaseRestoresTheSources(t *testing.T) {
	o := fixture(t)
	o.Check = func(context.Context) error {
		if !strings.Contains(read(t, o.Root, versionFile), "0.10.0") {
			t.Error("the checks ran with the old version")
		}
		return errors.New("a test failed")
	}
	if err := o.Make(t.Context()); err == nil || !strings.Contains(err.Error(), "a test failed") {
		t.Errorf("the error is %v", err)
	}
	if err := o.isClean(t.Context()); err != nil {
		t.Error(err)
	}
}
