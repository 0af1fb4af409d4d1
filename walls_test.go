//go:build !js

package main

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// Packages are walls: what a package must not know it does not import. Of the project's own packages this holds through
// all imports; of the browser's bindings for the package itself, as protocol needs them for its socket.
func TestWalls(t *testing.T) {
	for name, forbidden := range map[string][]string{
		"./protocol":        {"plurachat/widget", "plurachat/web", "honnef.co/go/js/dom/v2"},
		"./widget/backend":  {"plurachat/widget", "plurachat/web", "honnef.co/go/js/dom/v2"},
		"./widget/chat":     {"plurachat/widget", "plurachat/widget/tabs", "plurachat/web", "honnef.co/go/js/dom/v2"},
		"./widget/words":    {"plurachat/widget", "plurachat/protocol", "plurachat/web", "honnef.co/go/js/dom/v2"},
		"./widget/pieces":   {"plurachat/widget", "plurachat/protocol", "plurachat/web", "honnef.co/go/js/dom/v2"},
		"./widget/tabs":     {"plurachat/widget/chat", "plurachat/widget", "plurachat/widget/markdown", "plurachat/web", "honnef.co/go/js/dom/v2"},
		"./widget/markdown": {"plurachat/widget", "plurachat/protocol", "plurachat/web", "honnef.co/go/js/dom/v2"},
	} {
		deps := listed(t, name, "Deps")
		for _, path := range forbidden {
			if slices.Contains(deps, path) {
				t.Errorf("%s imports %s", name, path)
			}
		}
		if name != "./protocol" && slices.Contains(listed(t, name, "Imports"), "syscall/js") {
			t.Errorf("%s imports syscall/js", name)
		}
	}
}

// listed returns a list that the go command has of a package, as it is built for the page.
func listed(t *testing.T, name, field string) []string {
	t.Helper()
	list := exec.Command("go", "list", "-f", `{{join .`+field+` " "}}`, name)
	list.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	out, err := list.Output()
	if err != nil {
		t.Fatalf("listing what %s imports: %v", name, err)
	}
	return strings.Fields(string(out))
}
