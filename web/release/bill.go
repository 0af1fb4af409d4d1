package release

import (
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"plurachat/web/build"
)

// bill is a software bill of materials in the format CycloneDX 1.6, as far as a release needs it. It has no time, so
// that two machines make the same.
type bill struct {
	Schema       string       `json:"$schema"`
	Format       string       `json:"bomFormat"`
	SpecVersion  string       `json:"specVersion"`
	Serial       string       `json:"serialNumber"`
	Version      int          `json:"version"`
	Metadata     metadata     `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type metadata struct {
	Tools     tools     `json:"tools"`
	Component component `json:"component"`
}

type tools struct {
	Components []component `json:"components,omitempty"`
}

type component struct {
	Type    string   `json:"type"`
	Ref     string   `json:"bom-ref"`
	Name    string   `json:"name"`
	Version string   `json:"version,omitempty"`
	PURL    string   `json:"purl,omitempty"`
	Hashes  []digest `json:"hashes,omitempty"`
}

type digest struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"`
}

type dependency struct {
	Ref       string   `json:"ref"`
	DependsOn []string `json:"dependsOn,omitempty"`
}

// newBill returns the bill of materials of a dist: its files with their digests, the modules in the WebAssembly, and
// the tools that made them. The start module contains Go's wasm_exec.js, which is part of the standard library.
func newBill(ctx context.Context, r *build.Recipe, d *build.Dist) ([]byte, error) {
	modules, err := r.Modules(ctx)
	if err != nil {
		return nil, err
	}
	makers, err := r.Tools(ctx)
	if err != nil {
		return nil, err
	}
	product := component{Type: "application", Ref: "plura-chat", Name: "plura-chat", Version: d.Version}
	b := bill{
		Schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", Format: "CycloneDX", SpecVersion: "1.6", Version: 1,
		Metadata: metadata{Component: product},
	}
	var files, linked []string
	all := sha256.New()
	for _, f := range d.Files {
		c := file(f)
		b.Components, files = append(b.Components, c), append(files, c.Ref)
		fmt.Fprintln(all, c.Hashes)
	}
	for _, m := range modules {
		c := library(m)
		b.Components, linked = append(b.Components, c), append(linked, c.Ref)
	}
	for _, m := range makers {
		b.Metadata.Tools.Components = append(b.Metadata.Tools.Components, library(m))
	}
	b.Serial = "urn:uuid:" + uuid.NewSHA1(uuid.NameSpaceURL, all.Sum([]byte(d.Version))).String()
	b.Dependencies = []dependency{{product.Ref, files}, {d.Engine().Name, linked}}
	text, err := json.MarshalIndent(b, "", "  ")
	return append(text, '\n'), err
}

func file(f *build.File) component {
	return component{Type: "file", Ref: f.Name, Name: f.Name, Hashes: []digest{
		{"SHA-256", fmt.Sprintf("%x", sha256.Sum256(f.Data))},
		{"SHA-384", fmt.Sprintf("%x", sha512.Sum384(f.Data))},
	}}
}

func library(m build.Module) component {
	url := "pkg:golang/" + m.Path + "@" + m.Version
	return component{Type: "library", Ref: url, Name: m.Path, Version: m.Version, PURL: url}
}
