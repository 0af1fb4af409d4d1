package build

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestPackageHasWhatItNames checks that package.json names only files that are written, that it names the licences,
// and that every import has its types first, as TypeScript requires.
func TestPackageHasWhatItNames(t *testing.T) {
	d := built(t, fixture(t))
	dir := t.TempDir()
	if err := d.Write(dir, &Compressor{Fast: true}); err != nil {
		t.Fatal(err)
	}
	if err := d.putPackage(dir); err != nil {
		t.Fatal(err)
	}
	written, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for i, file := range written {
		written[i] = filepath.Base(file)
	}
	text := string(d.Package[len(d.Package)-1].Data)
	var manifest npmManifest
	if err := json.Unmarshal([]byte(text), &manifest); err != nil {
		t.Fatal(err)
	}
	named := []string{manifest.Main, manifest.Types, manifest.Bin, "LICENSES.txt"}
	named = slices.Concat(named, manifest.Files, manifest.SideEffects)
	for name, target := range manifest.Exports {
		switch target := target.(type) {
		case string:
			named = append(named, target)
		case map[string]any:
			named = append(named, target["types"].(string), target["default"].(string))
		default:
			t.Errorf("%s is exported as %v", name, target)
		}
	}
	for _, name := range named {
		if !slices.Contains(written, strings.TrimPrefix(name, "./")) {
			t.Errorf("package.json names %s, which is not in the folder", name)
		}
	}
	// A file that is not named is not in the package.
	if len(manifest.Files)+1 != len(written) {
		t.Errorf("package.json names %d files, the folder has %d besides it", len(manifest.Files), len(written)-1)
	}
	if manifest.Version != Version {
		t.Errorf("the version is %q, want %q", manifest.Version, Version)
	}
	for _, entry := range strings.Split(text, `"default": `)[1:] {
		if before, _, _ := strings.Cut(text, entry); strings.LastIndex(before, `"types": `) < strings.LastIndex(before, "{") {
			t.Errorf("the types are not before %q", entry)
		}
	}
}

// TestBuildNeedsThePackage checks that a missing file of the npm package is an error that names it.
func TestBuildNeedsThePackage(t *testing.T) {
	r := fixture(t)
	r.Root = filepath.Join(r.Root, "web")
	if err := r.addPackage(&Dist{}); err == nil || !strings.Contains(err.Error(), "index.js") {
		t.Errorf("the error is %v", err)
	}
}
