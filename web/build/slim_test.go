package build

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestOverlaysAndFoldersMatch checks that web/build/slim has exactly the folders that overlays has, with the names of
// the packages.
func TestOverlaysAndFoldersMatch(t *testing.T) {
	entries, err := os.ReadDir("slim")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for std, dir := range overlays {
		used[dir] = true
		if filepath.Base(std) != dir {
			t.Errorf("%s is replaced by slim/%s, of another name", std, dir)
		}
	}
	for _, e := range entries {
		if !used[e.Name()] {
			t.Errorf("slim/%s replaces nothing", e.Name())
		}
		delete(used, e.Name())
	}
	for dir := range used {
		t.Errorf("slim/%s is missing", dir)
	}
}

// TestFormatsAreKnownToSlimFmt checks that slim/fmt supports all formats in the packages that are linked.
func TestFormatsAreKnownToSlimFmt(t *testing.T) {
	if testing.Short() {
		t.Skip("lists the dependencies")
	}
	root, err := FindRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r := &Recipe{Root: root}
	overlay, err := r.overlay(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "overlay.json")
	write(t, file, string(overlay))
	const format = `{{$d := .Dir}}{{range .Imports}}{{if eq . "fmt"}}{{range $.GoFiles}}{{$d}}/{{.}}{{"\n"}}{{end}}{{end}}{{end}}`
	out, err := r.goCommand(t.Context(), "list", "-overlay="+file, "-deps", "-f", format, ".")
	if err != nil {
		t.Fatal(err)
	}
	files := strings.Fields(string(out))
	if len(files) < 10 {
		t.Fatalf("only %d files of packages that use fmt: %v", len(files), files)
	}
	calls := 0
	for _, name := range files {
		if _, err := os.Stat(name); err != nil {
			continue // a file that only the overlay has
		}
		calls += checkFormats(t, name)
	}
	if calls < 20 {
		t.Errorf("found only %d calls of fmt", calls)
	}
}

// knownFormat matches the formats that the comment of slim/fmt lists.
var knownFormat = regexp.MustCompile(`^([^%]|%%|%0?[0-9]*[vsqdxXctTw]|%#?U)*$`)

// checkFormats fails the test for each format in a source that slim/fmt does not support. It returns the number of
// calls of fmt.
func checkFormats(t *testing.T, name string) (calls int) {
	t.Helper()
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, name, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		fun, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if pkg, ok := fun.X.(*ast.Ident); !ok || pkg.Name != "fmt" || len(call.Args) == 0 {
			return true
		}
		calls++
		literal, ok := call.Args[0].(*ast.BasicLit)
		if !ok {
			t.Errorf("%v: the format is not a literal", files.Position(call.Pos()))
			return true
		}
		text, err := strconv.Unquote(literal.Value)
		if err != nil {
			t.Fatal(err)
		}
		if !knownFormat.MatchString(text) {
			t.Errorf("%v: slim/fmt does not know all of %q", files.Position(call.Pos()), text)
		}
		return true
	})
	return calls
}
