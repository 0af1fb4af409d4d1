//go:build !js

package widget

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sourceFile returns the file of that name, or the changed text of it that a mutation run is testing.
func sourceFile(name string) string {
	if filepath.Base(os.Getenv("MUTATE_FILE")) == name {
		return os.Getenv("MUTATE_TEXT")
	}
	return name
}

// calledIn returns the names of the methods that a function calls, in the order of the source.
func calledIn(t *testing.T, file, function string) (calls []string) {
	t.Helper()
	set := gotoken.NewFileSet()
	tree, err := parser.ParseFile(set, sourceFile(file), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		f, ok := n.(*ast.FuncDecl)
		if !ok {
			return true
		}
		if f.Name.Name != function {
			return false
		}
		ast.Inspect(f.Body, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if s, ok := call.Fun.(*ast.SelectorExpr); ok {
					name := s.Sel.Name
					if inner, ok := s.X.(*ast.SelectorExpr); ok {
						name = inner.Sel.Name + "." + name
					}
					calls = append(calls, name)
				}
			}
			return true
		})
		return false
	})
	return calls
}

// TestBatchIsCarriedOutInOrder tests that the page's half carries out a [chat.Batch] in the order that it requires.
// Then a page that ends at any moment loses nothing that was sent, reported or shown. The test reads the source,
// because the steps follow each other without a point at which a test could observe their order.
func TestBatchIsCarriedOutInOrder(t *testing.T) {
	for _, c := range []struct{ file, function, order string }{
		{"widget_batch_js.go", "applyChatBatch", "chat.Take archive.Forget save tab.Command tab.Read host.emit settleCall undrawn.Merge"},
		{"channel_js.go", "applyTabBatches", "tab.Take chat.Event Call tab.Broadcast channel.post applyChatBatch"},
		{"widget_end_js.go", "destroy", "chat.Do applyChatBatch saveUnsaved disconnect"},
		{"widget_draw_js.go", "draw", "saveUnsaved view.draw"},
	} {
		calls := calledIn(t, c.file, c.function)
		rest := calls
		for _, want := range strings.Fields(c.order) {
			i := 0
			for i < len(rest) && rest[i] != want {
				i++
			}
			if i == len(rest) {
				t.Errorf("%s calls %q; want %s in that order", c.function, calls, c.order)
				break
			}
			rest = rest[i+1:]
		}
	}
}
