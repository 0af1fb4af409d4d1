//go:build !js

package web

import (
	"bytes"
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// hollowed lists what of the runtime nothing in a page can ask for, although it is linked: all functions of
// a file, or those that are named. Each keeps its signature and loses its body, and returns zero values, as
// it does when what it serves is off. What is traced or profiled is read by runtime/trace and runtime/pprof;
// what is checked or dumped, by people who work on the runtime itself. Goroutines' own tracebacks stay.
//
// The source is that of the Go that compiles, so nothing of it is kept here. A file or function that
// another Go does not have is left out; a test tells.
var hollowed = map[string][]string{
	"cpuprof.go":        nil,
	"mcheckmark.go":     nil,
	"mprof.go":          nil,
	"profbuf.go":        nil,
	"trace.go":          nil,
	"traceallocfree.go": nil,
	"tracebuf.go":       nil,
	"tracecpu.go":       nil,
	"traceevent.go":     nil,
	"tracemap.go":       nil,
	"traceregion.go":    nil,
	"traceruntime.go":   nil,
	"tracestack.go":     nil,
	"tracestatus.go":    nil,
	"tracestring.go":    nil,
	"tracetime.go":      nil,
	"tracetype.go":      nil,
	"hexdump.go":        nil,
	"mgcmark.go":        {"gcDumpObject"},
	"mgcsweep.go":       {"reportZombies"},
	"proc.go":           {"schedtrace"},
	"runtime1.go":       {"check"},
	"symtab.go":         {"moduledataverify1"},
}

// hollow writes the hollowed files into dir and maps them in place of the runtime's.
func (r *Recipe) hollow(ctx context.Context, replace map[string]string, dir string) error {
	out, err := r.goCommand(ctx, "list", "-find", "-f", "{{.Dir}}", "runtime")
	if err != nil {
		return fmt.Errorf("finding the runtime: %w", err)
	}
	runtime := strings.TrimSpace(string(out))
	for _, name := range slices.Sorted(maps.Keys(hollowed)) {
		source, err := os.ReadFile(filepath.Join(runtime, name))
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return fmt.Errorf("hollowing the runtime: %w", err)
		}
		text, err := hollowSource(name, source, hollowed[name])
		if err != nil {
			return fmt.Errorf("hollowing the runtime: %w", err)
		}
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, text, 0o600); err != nil {
			return fmt.Errorf("hollowing the runtime: %w", err)
		}
		replace[filepath.Join(runtime, name)] = file
	}
	return nil
}

// hollowSource gives functions of a Go source, those named or all, a body that returns zero values.
func hollowSource(name string, source []byte, functions []string) ([]byte, error) {
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, name, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	at := func(p token.Pos) int { return files.Position(p).Offset }
	var out bytes.Buffer
	done := 0
	for _, d := range f.Decls {
		fun, ok := d.(*ast.FuncDecl)
		if !ok || fun.Body == nil || functions != nil && !slices.Contains(functions, fun.Name.Name) {
			continue
		}
		out.Write(source[done : at(fun.Body.Lbrace)+1])
		out.WriteString(zeroReturn(fun.Type.Results, func(e ast.Expr) string { return string(source[at(e.Pos()):at(e.End())]) }))
		done = at(fun.Body.Rbrace)
	}
	out.Write(source[done:])
	return blankImports(name, out.Bytes())
}

// zeroReturn is a body that returns a zero value for each result.
func zeroReturn(results *ast.FieldList, text func(ast.Expr) string) string {
	if results == nil {
		return ""
	}
	var body, values strings.Builder
	n := 0
	for _, field := range results.List {
		for range max(1, len(field.Names)) {
			if n > 0 {
				values.WriteString(", ")
			}
			zero := "zero" + strconv.Itoa(n)
			fmt.Fprintf(&body, " var %s %s;", zero, text(field.Type))
			values.WriteString(zero)
			n++
		}
	}
	return body.String() + " return " + values.String() + " "
}

// blankImports gives the imports that are no longer used the blank name.
func blankImports(name string, source []byte) ([]byte, error) {
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	used := map[string]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok {
				used[x.Name] = true
			}
		}
		return true
	})
	var out bytes.Buffer
	done := 0
	for _, spec := range f.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		if spec.Name == nil && !used[path.Base(imported)] {
			at := files.Position(spec.Path.Pos()).Offset
			out.Write(source[done:at])
			out.WriteString("_ ")
			done = at
		}
	}
	out.Write(source[done:])
	return out.Bytes(), nil
}
