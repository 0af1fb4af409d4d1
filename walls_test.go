//go:build !js

package main

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// Packages are walls: what one may not know it does not import, in the page either.
func TestWalls(t *testing.T) {
	for name, forbidden := range map[string][]string{
		"./protocol":        {"plurachat/widget", "plurachat/web", "honnef.co/go/js/dom/v2"},
		"./widget/markdown": {"syscall/js", "plurachat/protocol", "plurachat/widget", "plurachat/web"},
	} {
		list := exec.Command("go", "list", "-deps", name)
		list.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
		out, err := list.Output()
		if err != nil {
			t.Fatalf("listing what %s imports: %v", name, err)
		}
		deps := strings.Fields(string(out))
		// The runtime's own packages may need the page where the package itself does not.
		for _, path := range forbidden {
			if slices.Contains(deps, path) {
				t.Errorf("%s imports %s", name, path)
			}
		}
	}
}
