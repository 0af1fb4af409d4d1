package build

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

// hollowed has, by file of the runtime, the functions that are linked but do nothing useful in a page; nil means all
// functions of the file. They serve runtime/trace and runtime/pprof, which the widget does not import, and checks and
// dumps for people who work on the runtime. Each gets a body that returns zero values, as it does when its feature is
// turned off. The tracebacks of goroutines still work.
//
// The source is that of the installed Go. If it has no such file, or the file does not parse or compile with the new
// bodies, the recipe leaves the file unchanged and logs that.
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

	// These print the value of a panic with a number that is not an integer, and would link all of its formatting.
	"print.go": {"printfloat64", "printfloat32", "printcomplex128", "printcomplex64"},

	// These files are in package time. The methods of Time would link the formatting of times. tzset reads a rule of a
	// time zone's file; in a page, the local zone is only an offset.
	"../time/format.go":   {"String", "GoString"},
	"../time/zoneinfo.go": {"tzset"},
}

// The runtime's file and functions that find the function of a program counter, and the name of a function.
const (
	findFile     = "symtab.go"
	findFunction = "findfunc"
	nameFunction = "moduledata.funcName"
)

// findBody replaces the body of findfunc. In WebAssembly a program counter contains the index of the function, and the
// table of functions is in the order of the indices. So the function is found by its index, without the table
// findfunctab, which has 320 bytes for each function. If the entry at that index is of another function, the loops move
// down or up to the right one.
const findBody = `
	datap := findmoduledatap(pc)
	if datap == nil {
		return funcInfo{}
	}
	pcOff, ok := datap.textOff(pc)
	if !ok {
		return funcInfo{}
	}
	last := uint32(len(datap.ftab)) - 2
	idx := pcOff - datap.ftab[0].entryoff
	if idx > last {
		idx = last
	}
	for idx > 0 && datap.ftab[idx].entryoff > pcOff {
		idx--
	}
	for idx < last && datap.ftab[idx+1].entryoff <= pcOff {
		idx++
	}
	return funcInfo{(*_func)(unsafe.Pointer(&datap.pclntable[datap.ftab[idx].funcoff])), datap}
`

// nameBody replaces the body of moduledata.funcName. Where the build has cleared a name in the table, it returns
// numberedName(nameOff), for which the page has the name in a file of its own. It writes that into the room of the
// name, because a panic must not allocate memory.
const nameBody = `
	if nameOff == 0 {
		return ""
	}
	if name := md.funcnametab[nameOff:]; name[0] == 0 {
		name[0] = '$'
		for i, rest := 1, nameOff; rest > 0; i++ {
			name[i] = "0123456789abcdefghijklmnopqrstuvwxyz"[rest%36]
			rest /= 36
		}
	}
	return gostringnocopy(&md.funcnametab[nameOff])
`

// hollow writes the changed files of the runtime to the folder dir. In replace it maps each original file to the
// changed one.
func (r *Recipe) hollow(ctx context.Context, replace map[string]string, dir string) error {
	out, err := r.goCommand(ctx, "list", "-find", "-f", "{{.Dir}}", "runtime")
	if err != nil {
		return fmt.Errorf("finding the runtime: %w", err)
	}
	runtime := strings.TrimSpace(string(out))
	for _, name := range slices.Sorted(maps.Keys(hollowed)) {
		text, err := r.changeRuntime(runtime, name)
		if err == nil && text != nil {
			file := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
			replace[filepath.Join(runtime, name)] = file
			err = os.WriteFile(file, text, 0o600)
		}
		if err != nil {
			return fmt.Errorf("hollowing the runtime: %w", err)
		}
	}
	return nil
}

// changeRuntime applies the tricks for a file of the runtime and returns its new text, or nil if no trick was applied.
func (r *Recipe) changeRuntime(runtime, name string) (text []byte, err error) {
	source, missing := os.ReadFile(filepath.Join(runtime, name))
	apply := func(t trick, change func() ([]byte, error)) error {
		if !r.uses(t) {
			return nil
		}
		changed, why := []byte(nil), missing
		if why == nil {
			changed, why = change()
		}
		if why != nil {
			return r.goWithout(t, why)
		}
		source, text = changed, changed
		return nil
	}
	err = apply(hollowing(name), func() ([]byte, error) { return hollowSource(name, source, hollowed[name]) })
	if err == nil && name == findFile {
		err = apply(findTrick, func() ([]byte, error) {
			return replaceBody(name, source, findFunction, "(pc uintptr) funcInfo", findBody)
		})
	}
	if err == nil && name == findFile {
		err = apply(nameTrick, func() ([]byte, error) {
			return replaceBody(name, source, nameFunction, "(nameOff int32) string", nameBody)
		})
	}
	return text, err
}

// replaceBody returns source with another body for a function, or for a method T.M of *T. It returns an error if the
// function is missing or has another signature.
func replaceBody(name string, source []byte, function, signature, body string) ([]byte, error) {
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, name, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	at := func(p token.Pos) int { return files.Position(p).Offset }
	for _, d := range f.Decls {
		fun, ok := d.(*ast.FuncDecl)
		if !ok || fun.Body == nil || receiver(fun)+fun.Name.Name != function {
			continue
		}
		if got := strings.TrimSpace(string(source[at(fun.Name.End()):at(fun.Body.Lbrace)])); got != signature {
			return nil, fmt.Errorf("%s has the signature %s", function, got)
		}
		return slices.Concat(source[:at(fun.Body.Lbrace)+1], []byte(body), source[at(fun.Body.Rbrace):]), nil
	}
	return nil, fmt.Errorf("%s has no function %s", name, function)
}

// receiver returns "T." for a method of *T, "?" for another method, and nothing for a function.
func receiver(fun *ast.FuncDecl) string {
	if fun.Recv == nil {
		return ""
	}
	if p, ok := fun.Recv.List[0].Type.(*ast.StarExpr); ok {
		if t, ok := p.X.(*ast.Ident); ok {
			return t.Name + "."
		}
	}
	return "?"
}

// hollowSource returns source with bodies that return zero values, in the named functions or, if functions is nil, in
// all. name is the file's name for errors.
func hollowSource(name string, source []byte, functions []string) ([]byte, error) {
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, name, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	at := func(p token.Pos) int { return files.Position(p).Offset }
	text := func(e ast.Expr) string { return string(source[at(e.Pos()):at(e.End())]) }
	var out bytes.Buffer
	done := 0
	found := map[string]bool{}
	for _, d := range f.Decls {
		fun, ok := d.(*ast.FuncDecl)
		if !ok || fun.Body == nil || functions != nil && !slices.Contains(functions, fun.Name.Name) {
			continue
		}
		found[fun.Name.Name] = true
		out.Write(source[done : at(fun.Body.Lbrace)+1])
		out.WriteString(zeroReturn(fun.Type.Results, text))
		done = at(fun.Body.Rbrace)
	}
	for _, function := range functions {
		if !found[function] {
			return nil, fmt.Errorf("%s has no function %s", name, function)
		}
	}
	out.Write(source[done:])
	return blankImports(name, out.Bytes())
}

// zeroReturn returns a function body, without the braces, that returns a zero value for each result. text returns the
// source of a type.
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

// blankImports renames the imports that source does not use to the blank identifier.
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
