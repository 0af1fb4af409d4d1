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

// sourceFile is where the source of that name is: a mutation run changes one, and leaves the file itself as it is.
func sourceFile(name string) string {
	if filepath.Base(os.Getenv("MUTATE_FILE")) == name {
		return os.Getenv("MUTATE_TEXT")
	}
	return name
}

// calledIn lists what a function calls, as it is written, in order.
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

// TestBatchIsCarriedOutInOrder holds the page's side to the order that [Batch] promises, in which a page that ends at any
// moment loses nothing that was sent, told or seen. It reads the source, for the order of steps that nothing comes
// between can be seen from nowhere else.
func TestBatchIsCarriedOutInOrder(t *testing.T) {
	for _, c := range []struct{ file, function, order string }{
		{"widget_js.go", "collect", "chat.Take archive.Forget save tab.Command tab.Read host.emit settle undrawn.Merge"},
		{"channel_js.go", "deliver", "tab.Take chat.Event Call tab.Broadcast channel.post collect"},
		{"widget_end_js.go", "destroy", "chat.Do collect keep leave"},
		{"widget_draw_js.go", "draw", "keep view.draw"},
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
