//go:build !js

package main

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestWalls checks that no package imports, directly or indirectly, one of the packages that are forbidden to it. For
// syscall/js it checks only the direct imports of packages other than protocol, which needs it for the connection.
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

// listed returns a field of "go list" that is a list, such as Deps, for a package as it is built for js/wasm.
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
