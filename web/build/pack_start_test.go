package build

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestPackedProgramCollectsAndPanics checks that a packed program can collect garbage and recover from panics, and that
// the traceback of a panic has the numbers of functions, for which the recipe returns the names.
func TestPackedProgramCollectsAndPanics(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles")
	}
	root, err := FindRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r := &Recipe{Root: root, Strict: true, program: "./web/build/testdata/stress"}
	wasm, names, err := r.compile(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := start(t, r, wasm)
	if strings.Contains(out, "main.main") {
		t.Errorf("names are in the program:\n%s", out)
	}
	for number, name := range names {
		out = strings.ReplaceAll(out, number+"(", name+"(")
	}
	for _, want := range []string{"collected and recovered\n", "panic: out of last\n", "main.(*chat).deeper()\n", "main.(*chat).typed()\n", "main.main()\n", "?:0"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in what it prints:\n%s", want, out)
		}
	}
}

// readers has the functions of the runtime that read each of the tables. Packing keeps PCDATA_StackMapIndex,
// PCDATA_InlTreeIndex, FUNCDATA_InlTree and FUNCDATA_StackObjects, and clears the others. In a page no function reads
// those: there are no signals, only assembly of other platforms calls the panicBounds functions, printArgs prints
// nothing for a function without ArgInfo, the execution tracer is off, findfunc has another body, and files are not
// looked up for a function without lines.
var readers = map[string][]string{
	"PCDATA_UnsafePoint":    {"debugCallCheck", "isAsyncSafePoint"},
	"PCDATA_ArgLiveIndex":   {"printArgs"},
	"PCDATA_PanicBounds":    {"panicBounds32", "panicBounds32X", "panicBounds64"},
	"FUNCDATA_ArgInfo":      {"printArgs"},
	"FUNCDATA_ArgLiveInfo":  {"printArgs"},
	"FUNCDATA_WrapInfo":     {"startPCForTrace"},
	"PCDATA_StackMapIndex":  {"dumpframe", "getStackMap"},
	"PCDATA_InlTreeIndex":   {"resolveInternal"},
	"findfunctab":           {"findfunc"},
	"cuOffset":              {"funcfile"},
	"cutab":                 {"funcfile"},
	"filetab":               {"funcfile", "funcline1"},
	"FUNCDATA_InlTree":      {"newInlineUnwinder"},
	"FUNCDATA_StackObjects": {"getStackMap"},
	"funcnametab":           {"funcName"},
}

// runtimeFiles returns the source files of the runtime.
func runtimeFiles(t *testing.T) []string {
	t.Helper()
	root, err := FindRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out, err := (&Recipe{Root: root}).goCommand(t.Context(), "list", "-find", "-f", "{{.Dir}}", "runtime")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(out)), "*.go"))
	if err != nil || len(files) < 100 {
		t.Fatalf("%d files of the runtime: %v", len(files), err)
	}
	return slices.DeleteFunc(files, func(file string) bool { return strings.HasSuffix(file, "_test.go") })
}

// parseRuntime reads a file of the runtime.
func parseRuntime(t *testing.T, file string) ([]byte, *ast.File) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	f, err := parser.ParseFile(token.NewFileSet(), file, text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return text, f
}

// TestNothingReadsWhatPackingEmpties checks that only the functions in readers read the tables. If it fails with
// another version of Go, check whether packing still clears only what nothing in a page reads.
func TestNothingReadsWhatPackingEmpties(t *testing.T) {
	files := runtimeFiles(t)
	found := map[string][]string{}
	for _, file := range files {
		_, f := parseRuntime(t, file)
		for _, d := range f.Decls {
			fun, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(fun, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok && readers[s.Sel.Name] != nil && !slices.Contains(found[s.Sel.Name], fun.Name.Name) {
					found[s.Sel.Name] = append(found[s.Sel.Name], fun.Name.Name)
				}
				return true
			})
		}
	}
	for name, want := range readers {
		slices.Sort(found[name])
		if !slices.Equal(found[name], want) {
			t.Errorf("%s is read by %v, want %v", name, found[name], want)
		}
	}
	if text, err := os.ReadFile(filepath.Join(filepath.Dir(files[0]), "os_wasm.go")); err != nil || !strings.Contains(string(text), "const preemptMSupported = false") {
		t.Errorf("WebAssembly may be preempted by signals: %v", err)
	}
}

// TestNamesThatAreCompared checks that the runtime compares names of functions only with those that isCompared keeps.
// Every text in a function that reads the name of a function may be compared with it.
func TestNamesThatAreCompared(t *testing.T) {
	for _, name := range []string{"runtime.gopanic", "runtime.main", "reflect.makeFuncStub", "reflect.methodValueCall"} {
		if !isCompared([]byte(name)) {
			t.Errorf("%s is cleared", name)
		}
	}
	compared := regexp.MustCompile(`"[a-z]+(/[a-z]+)*\.[a-zA-Z]*"`)
	for _, file := range runtimeFiles(t) {
		text, f := parseRuntime(t, file)
		for _, d := range f.Decls {
			fun, ok := d.(*ast.FuncDecl)
			if !ok || fun.Body == nil {
				continue
			}
			body := string(text[fun.Body.Pos()-f.FileStart : fun.Body.End()-f.FileStart])
			if !regexp.MustCompile(`\b(funcname\(|\.name\(\)|funcName\()`).MatchString(body) {
				continue
			}
			for _, quoted := range compared.FindAllString(body, -1) {
				// The CPU profile compares the third; the build has removed it (hollowed).
				if !isCompared([]byte(strings.Trim(quoted, `"`))) && quoted != `"internal/runtime/atomic"` {
					t.Errorf("%s: %s compares %s with a name", filepath.Base(file), fun.Name.Name, quoted)
				}
			}
		}
	}
}

// TestNumberedName checks what nameBody writes.
func TestNumberedName(t *testing.T) {
	for offset, want := range map[int]string{1: "$1", 35: "$z", 36: "$01", 36*36 + 2: "$201"} {
		if got := numberedName(offset); got != want {
			t.Errorf("%d: %s, want %s", offset, got, want)
		}
	}
}

// TestHiddenNames checks isHidden with names of each kind.
func TestHiddenNames(t *testing.T) {
	for name, want := range map[string]bool{
		"runtime.mallocgc": true, "runtime.(*mheap).alloc": true, "runtime.main.func1": true, hiddenName: true, "runtime.plainError.RuntimeError": true,
		"runtime.gopanic": false, "runtime.GC": false, "runtime.(*Func).Entry": false, "runtime.runFinalizers": false, "runtime.": false,
		"internal/runtime/maps.rand": false, "plurachat/widget.Main": false, "main.main": false, "type:.eq.runtime.g": false,
	} {
		if got := isHidden([]byte(name)); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}
