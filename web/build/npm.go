package build

import (
	"encoding/json"
	"fmt"
	"path"
	"slices"
)

// npmSources are the sources of the files that only the npm package has, besides package.json.
var npmSources = []string{
	"web/npm/index.js", "web/npm/load.js", "web/npm/load.d.ts", "web/npm/react.js", "web/npm/react.d.ts",
	"web/npm/copy.js", npmReadme,
}

// npmReadme is the page for site owners that is the package's README.md.
const npmReadme = "web/docs/npm.md"

// npmManifest is a package.json.
type npmManifest struct {
	Name        string                    `json:"name"`
	Version     string                    `json:"version"`
	Description string                    `json:"description"`
	License     string                    `json:"license"`
	Type        string                    `json:"type"`
	Main        string                    `json:"main"`
	Types       string                    `json:"types"`
	Bin         string                    `json:"bin"`
	Exports     map[string]any            `json:"exports"`
	SideEffects []string                  `json:"sideEffects"`
	Files       []string                  `json:"files"`
	Peers       map[string]string         `json:"peerDependencies"`
	PeersMeta   map[string]map[string]any `json:"peerDependenciesMeta"`
}

// npmExport is what an import of the package gets. Types must be the first member.
type npmExport struct {
	Types   string `json:"types"`
	Default string `json:"default"`
}

// newNPMManifest returns the package.json of a package with the files.
func newNPMManifest(files []string) npmManifest {
	return npmManifest{
		Name:        "plura-chat",
		Version:     Version,
		Description: "A chat widget for landing pages, which connects a visitor to a Plura AI webchat flow",
		License:     "UNLICENSED", // the repository has no licence; LICENSES.txt has those of the works in the package
		Type:        "module",
		Main:        "./index.js",
		Types:       "./plura-chat.d.ts",
		Bin:         "./copy.js",
		Exports: map[string]any{
			".":              npmExport{"./plura-chat.d.ts", "./index.js"},
			"./load":         npmExport{"./load.d.ts", "./load.js"},
			"./react":        npmExport{"./react.d.ts", "./react.js"},
			"./package.json": "./package.json",
		},
		SideEffects: []string{"./index.js"},
		Files:       files,
		Peers:       map[string]string{"react": ">=18"},
		PeersMeta:   map[string]map[string]any{"react": {"optional": true}},
	}
}

// addPackage adds the files of the npm package that a site does not serve. The package has all files of the dist, too,
// with their compressed forms: plura-chat.js uses the compressed WebAssembly where a host does not compress.
func (r *Recipe) addPackage(d *Dist) error {
	files := d.forms()
	for _, source := range npmSources {
		text, err := r.source(source)
		if err != nil {
			return fmt.Errorf("npm package: %w", err)
		}
		name := path.Base(source)
		if source == npmReadme {
			name = "README.md"
		}
		d.Package = append(d.Package, &File{Name: name, Data: []byte(text)})
		files = append(files, name)
	}
	slices.Sort(files)
	manifest, err := json.MarshalIndent(newNPMManifest(files), "", "  ")
	if err != nil {
		return fmt.Errorf("package.json: %w", err)
	}
	d.Package = append(d.Package, &File{Name: "package.json", Data: append(manifest, '\n')})
	return nil
}
