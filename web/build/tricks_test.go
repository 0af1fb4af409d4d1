package build

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestEveryTrickHasACost(t *testing.T) {
	all := allTricks()
	for _, trick := range all {
		if _, ok := costs[trick]; !ok {
			t.Errorf("nobody knows what %s saves", trick)
		}
	}
	for trick := range costs {
		if !slices.Contains(all, trick) {
			t.Errorf("%s has a cost, but there is no such trick", trick)
		}
	}
}

// TestStartsWithoutEachTrick checks that the widget starts without each trick and without all tricks, and that the
// costs of 10,000 bytes and more are right within a factor of two.
func TestStartsWithoutEachTrick(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles once for each trick")
	}
	root, err := FindRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	wasm := compiled(t).wasm
	starts(t, &Recipe{Root: root}, wasm)
	least := sized(t, wasm)
	none := map[trick]bool{}
	for _, one := range allTricks() {
		none[one] = true
		t.Run(string(one), func(t *testing.T) {
			t.Parallel() // a compilation waits for the runtime, and then for the linker, with one processor each
			r := &Recipe{Root: root, off: map[trick]bool{one: true}}
			wasm, _, err := r.compile(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			starts(t, r, wasm)
			if cost := costs[one]; cost >= 10_000 {
				if got := sized(t, wasm) - least; got < cost/2 || got > 2*cost {
					t.Errorf("it saves %d bytes, and the recipe says %d", got, cost)
				}
			}
		})
	}
	t.Run("all", func(t *testing.T) {
		t.Parallel()
		r := &Recipe{Root: root, off: none}
		wasm, _, err := r.compile(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		starts(t, r, wasm)
	})
}

func sized(t *testing.T, wasm []byte) int {
	t.Helper()
	n, err := quickSize(wasm)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// fakeGo is the environment variable that makes the test's program act as the go command; see TestMain.
const fakeGo = "PLURACHAT_TEST_FAKE_GO"

// TestMain runs the tests. If fakeGo is set, it acts as the go command of another version of Go instead: it runs the
// real go command, with the change that the variable names.
func TestMain(m *testing.M) {
	how, real := os.Getenv(fakeGo), os.Getenv(fakeGo+"_REAL")
	if how == "" {
		os.Exit(m.Run())
	}
	if how == "experiment" && strings.Contains(os.Getenv("GOEXPERIMENT"), experiment) {
		fmt.Fprintln(os.Stderr, "go: unknown GOEXPERIMENT "+experiment)
		os.Exit(2)
	}
	cmd := exec.Command(real, os.Args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	if out := slices.Index(os.Args, "-o"); err == nil && how == "magic" && out > 0 {
		err = changeMagic(os.Args[out+1])
	}
	if err != nil {
		os.Exit(1)
	}
}

// fakeGoIn returns a folder with a link named go to the test's program.
func fakeGoIn(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	if err := os.Symlink(self, filepath.Join(bin, "go")); err != nil {
		t.Fatal(err)
	}
	return bin
}

// fakeGoEnv makes the program in the folder bin the go command for the rest of the test. how is the value of fakeGo.
func fakeGoEnv(t *testing.T, bin, how string) {
	t.Helper()
	real, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Setenv(fakeGo, how)
	t.Setenv(fakeGo+"_REAL", real)
}

// changeMagic changes the magic number of the function table in the program file.
func changeMagic(file string) error {
	wasm, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	other := slices.Clone(pclntabMagic)
	other[0]++
	return os.WriteFile(file, bytes.ReplaceAll(wasm, pclntabMagic, other), 0o600)
}

// otherGo returns a folder like the installed GOROOT in which the files in changed have other texts.
func otherGo(t *testing.T, changed map[string]string) string {
	t.Helper()
	real, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	var mirror func(dir string)
	mirror = func(dir string) {
		entries, err := os.ReadDir(filepath.Join(strings.TrimSpace(string(real)), dir))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			name := filepath.Join(dir, e.Name())
			if _, ok := changed[name]; ok {
				continue
			}
			inside := false
			for file := range changed {
				inside = inside || strings.HasPrefix(file, name+"/")
			}
			if inside {
				if err := os.Mkdir(filepath.Join(root, name), 0o755); err != nil {
					t.Fatal(err)
				}
				mirror(name)
			} else if err := os.Symlink(filepath.Join(strings.TrimSpace(string(real)), name), filepath.Join(root, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	mirror("")
	for file, text := range changed {
		write(t, filepath.Join(root, file), text)
	}
	return root
}

// standard returns the text of a file below the installed GOROOT.
func standard(t *testing.T, name string) string {
	t.Helper()
	real, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(real)), name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestBuildSurvivesAnotherGo checks that, if a trick does not work, the recipe builds without only that trick, logs one
// line for it, and makes a program that starts; and that a strict build fails.
func TestBuildSurvivesAnotherGo(t *testing.T) {
	root, err := FindRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("compiles, and needs a link that is called go")
	}
	bin := fakeGoIn(t)
	unfit := map[string]string{
		// trace.go parses, but does not compile with hollowed functions. hexdump.go does not parse; its build
		// constraint excludes it.
		"src/runtime/trace.go":         strings.Replace(standard(t, "src/runtime/trace.go"), "import (", "import (\n\tshape \"internal/runtime/sys\"", 1) + "\nfunc shapeOfTrace() uintptr { return shape.GetCallerPC() }\n",
		"src/runtime/hexdump.go":       "//go:build ignore\n\npackage runtime\n\nfunc (\n",
		"src/runtime/hexdump_moved.go": standard(t, "src/runtime/hexdump.go"),
	}
	// Package time uses something that slim/godebug does not have.
	slim := map[string]string{"src/time/sleep.go": standard(t, "src/time/sleep.go") + "\nvar _ = (*godebug.Setting).Shape\n",
		"src/internal/godebug/godebug.go": standard(t, "src/internal/godebug/godebug.go") + "\nfunc (s *Setting) Shape() {}\n"}
	for name, c := range map[string]struct {
		how, goroot string
		without     []trick
	}{
		"experiment": {"experiment", "", []trick{experimentTrick}},
		"magic":      {"magic", "", []trick{packTrick}},
		"hollow":     {"root", otherGo(t, unfit), []trick{hollowing("hexdump.go"), hollowing("trace.go")}},
		"slim":       {"root", otherGo(t, slim), []trick{replacing("internal/godebug")}},
	} {
		t.Run(name, func(t *testing.T) {
			fakeGoEnv(t, bin, c.how)
			if c.goroot != "" {
				t.Setenv("GOROOT", c.goroot)
			}
			if _, _, err := (&Recipe{Root: root, Strict: true}).compile(t.Context()); !errors.Is(err, errTrick) || !strings.Contains(err.Error(), string(c.without[0])+" "+errTrick.Error()) {
				t.Errorf("a strict build ends with %v", err)
			}
			var log strings.Builder
			r := &Recipe{Root: root, Log: &log}
			wasm, _, err := r.compile(t.Context())
			if err != nil {
				t.Fatalf("%v:\n%s", err, &log)
			}
			out := log.String()
			for _, trick := range c.without {
				if !strings.Contains(out, "without "+string(trick)+", which "+errTrick.Error()+": the WebAssembly has about "+thousands(costs[trick])+" bytes more") {
					t.Errorf("it does not say that it goes on without %s:\n%s", trick, out)
				}
			}
			if n := strings.Count(out, errTrick.Error()); n != len(c.without) {
				t.Errorf("%d tricks are off, want %d:\n%s", n, len(c.without), out)
			}
			starts(t, r, wasm)
		})
	}
}

// TestOwnMistakeIsNoTrick checks that an error in the widget's sources is returned, and that no trick is turned off.
func TestOwnMistakeIsNoTrick(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles")
	}
	for mistake, want := range map[string]string{"func broken( {": "syntax error", "var broken = missing": "undefined: missing", "var broken = strconv.Missing": "undefined: strconv.Missing"} {
		root := module(t)
		write(t, filepath.Join(root, "widget", "broken.go"), "package widget\n\nimport \"strconv\"\n\nvar _ = strconv.Itoa\n\n"+mistake+"\n")
		var log strings.Builder
		r := &Recipe{Root: root, Log: &log}
		if _, _, err := r.compile(t.Context()); err == nil || !strings.Contains(err.Error(), "broken.go:7:") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", mistake, err)
		}
		if log.Len() > 0 || len(r.off) > 0 {
			t.Errorf("%s: %s%v", mistake, &log, r.off)
		}
	}
}
