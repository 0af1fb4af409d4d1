package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"plurachat/web/build"
	"plurachat/web/release"
)

// TestReleaseOfThisVersion makes the files of a release of the sources as they are. The archive must have the files that
// the tests use, and the bill of materials must be as CycloneDX's own schema and decoder want it.
func TestReleaseOfThisVersion(t *testing.T) {
	root, err := build.FindRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := t.TempDir()
	o := release.Options{Root: root, Version: build.Version, Rebuild: true, Out: out, Compressor: compressor}
	if err := o.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	packed := filepath.Join(out, "plura-chat-"+build.Version+".tar.gz")
	loader, err := exec.Command("tar", "-xzOf", packed, "plura-chat-"+build.Version+"/plura-chat.js").Output()
	if err != nil || !bytes.Equal(loader, dist.Loader().Data) {
		t.Errorf("the archive has another loader: %v", err)
	}
	text, err := os.ReadFile(filepath.Join(out, "plura-chat-"+build.Version+".cdx.json"))
	if err != nil {
		t.Fatal(err)
	}
	matchesSchema(t, text)
	var bom cdx.BOM
	if err := cdx.NewBOMDecoder(bytes.NewReader(text), cdx.BOMFileFormatJSON).Decode(&bom); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range append(*bom.Components, *bom.Metadata.Tools.Components...) {
		names = append(names, c.Name)
	}
	all := "\n" + strings.Join(names, "\n") + "\n"
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(readme), "The WebAssembly contains:")
	modules := regexp.MustCompile(`(?m)^\| ((?:github\.com|honnef\.co)/\S+) \|`).FindAllStringSubmatch(table, -1)
	if len(modules) < 3 {
		t.Fatalf("README.md names %d modules", len(modules))
	}
	wanted := []string{"std", "github.com/evanw/esbuild", "github.com/andybalholm/brotli", dist.Engine().Name, startModule(t)}
	for _, m := range modules {
		wanted = append(wanted, m[1])
	}
	for _, want := range wanted {
		if !strings.Contains(all, "\n"+want+"\n") {
			t.Errorf("the bill of materials lacks %s", want)
		}
	}
}

// matchesSchema checks a bill of materials against the JSON schema of CycloneDX 1.6, which is part of the module of its
// decoder.
func matchesSchema(t *testing.T, bill []byte) {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/CycloneDX/cyclonedx-go").Output()
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	for _, name := range []string{"bom-1.6.schema.json", "spdx.schema.json", "jsf-0.82.schemax.json"} {
		file, err := os.Open(filepath.Join(strings.TrimSpace(string(dir)), "schema", name))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close() // it is only read
		schema, err := jsonschema.UnmarshalJSON(file)
		if err != nil {
			t.Fatal(err)
		}
		address := "http://cyclonedx.org/schema/" + strings.Replace(name, "schemax", "schema", 1)
		if err := c.AddResource(address, schema); err != nil {
			t.Fatal(err)
		}
	}
	schema, err := c.Compile("http://cyclonedx.org/schema/bom-1.6.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(bill, &value); err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Error(err)
	}
	delete(value.(map[string]any), "bomFormat")
	if schema.Validate(value) == nil {
		t.Error("the schema accepts anything")
	}
}
