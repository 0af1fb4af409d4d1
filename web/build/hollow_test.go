package build

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestHollowSourceKeepsSignatures(t *testing.T) {
	const source = `package p

import (
	"os"
	"strings"
	renamed "io"
)

// F stays documented.
//
//go:nosplit
func F(new int) (a, b string, err error) { return strings.ToUpper("a"), "", nil }

func (t *T) M() { os.Exit(1) }

func Body() // in assembly

func Kept() int { return 42 }

type T struct{ r renamed.Reader }
`
	all, err := hollowSource("p.go", []byte(source), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`_ "os"`, `_ "strings"`, `renamed "io"`, "//go:nosplit\nfunc F(new int) (a, b string, err error) { var zero0 string; var zero1 string; var zero2 error; return zero0, zero1, zero2 }",
		"func (t *T) M() {}", "func Body() // in assembly", "func Kept() int { var zero0 int; return zero0 }", "type T struct{ r renamed.Reader }",
	} {
		if !strings.Contains(string(all), want) {
			t.Errorf("lacks %q:\n%s", want, all)
		}
	}
	some, err := hollowSource("p.go", []byte(source), []string{"M"})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(some), "return 42") || !strings.Contains(string(some), `	"strings"`) || strings.Contains(string(some), "os.Exit") {
		t.Errorf("more or less than M is hollow:\n%s", some)
	}
}

// TestHollowedExists checks that the installed Go has all files and functions in hollowed. If one is renamed, the
// WebAssembly becomes larger.
func TestHollowedExists(t *testing.T) {
	root, err := FindRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r := &Recipe{Root: root}
	out, err := r.goCommand(t.Context(), "list", "-find", "-f", "{{.Dir}}", "runtime")
	if err != nil {
		t.Fatal(err)
	}
	for name, functions := range hollowed {
		file := filepath.Join(strings.TrimSpace(string(out)), name)
		if _, err := os.Stat(file); err != nil {
			t.Errorf("the runtime has no %s", name)
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]bool{}
		for _, d := range f.Decls {
			if fun, ok := d.(*ast.FuncDecl); ok {
				found[fun.Name.Name] = true
			}
		}
		for _, function := range functions {
			if !found[function] {
				t.Errorf("the runtime has no %s in %s", function, name)
			}
		}
	}
}
