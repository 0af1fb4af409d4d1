package build

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// experiment is the value of GOEXPERIMENT that selects the runtime's older garbage collector. The newer one is meant
// for many cores and large heaps, and makes the WebAssembly larger. The widget has one core and a heap of a few
// megabytes.
const experiment = "nogreenteagc"

// engine is what the recipe makes of the module's Go sources.
type engine struct {
	wasm     []byte
	names    []byte // JSON object with the names of functions, by what a panic prints instead; empty: it prints the names
	glue     string // Go's script wasm_exec.js, which runs the WebAssembly
	licences []byte // of everything that is linked into the WebAssembly
}

// compile makes the WebAssembly with all tricks that work. names has the names of functions by what a panic prints
// instead.
func (r *Recipe) compile(ctx context.Context) (wasm []byte, names map[string]string, err error) {
	if err := r.tryExperiment(ctx); err != nil {
		return nil, nil, fmt.Errorf("compiling: %w", err)
	}
	wasm, err = r.link(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("compiling: %w", err)
	}
	if r.symbols || !r.uses(packTrick) {
		return wasm, nil, nil
	}
	packed, names, err := pack(wasm, r.uses(findTrick), r.uses(nameTrick))
	if err != nil {
		return wasm, nil, r.goWithout(packTrick, err)
	}
	return packed, names, nil
}

// CompileProgram compiles another program of the module in the way in which the recipe compiles the widget's. It
// returns the WebAssembly and Go's script wasm_exec.js. The bench compares the widget with an empty program.
func (r *Recipe) CompileProgram(ctx context.Context, program string) (wasm []byte, glue string, err error) {
	other := &Recipe{Root: r.Root, Strict: r.Strict, Log: r.Log, program: program}
	if wasm, _, err = other.compile(ctx); err != nil {
		return nil, "", err
	}
	glue, err = other.goGlue(ctx)
	return wasm, glue, err
}

// goBuild compiles and links with the tricks that are turned on, except packing.
func (r *Recipe) goBuild(ctx context.Context) ([]byte, error) {
	dir, err := os.MkdirTemp("", "plura-chat-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	out := filepath.Join(dir, "plura-chat.wasm")
	ldflags := "-s -w -buildid="
	if r.symbols {
		ldflags = "-buildid="
	}
	args := []string{"build", "-trimpath", "-ldflags=" + ldflags, "-o", out}
	if !r.Plain {
		overlay, err := r.overlay(ctx, dir)
		if err != nil {
			return nil, err
		}
		file := filepath.Join(dir, "overlay.json")
		if err := os.WriteFile(file, overlay, 0o600); err != nil {
			return nil, err
		}
		// Code is smaller without inlining. It is hardly slower, because most of the time is spent in the browser.
		args = append(args, "-gcflags=all=-l", "-overlay="+file)
	}
	if _, err := r.goCommand(ctx, append(args, cmp.Or(r.program, "."))...); err != nil {
		return nil, err
	}
	return os.ReadFile(out)
}

// goGlue reads Go's wasm_exec.js. It must be of the same version as the compiler, so the repository has no copy.
func (r *Recipe) goGlue(ctx context.Context) (string, error) {
	root, err := r.goCommand(ctx, "env", "GOROOT")
	if err != nil {
		return "", fmt.Errorf("reading Go's glue: %w", err)
	}
	b, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return "", fmt.Errorf("reading Go's glue: %w", err)
	}
	return string(b), nil
}

// goCommand runs the go command for js/wasm in the module's folder and returns what it prints.
func (r *Recipe) goCommand(ctx context.Context, args ...string) ([]byte, error) {
	// These override variables of the environment that would change the build.
	env := []string{
		"GOOS=js", "GOARCH=wasm", "GOWASM=", "CGO_ENABLED=0", "GOWORK=off", "GOFLAGS=-buildvcs=false", "GOEXPERIMENT=",
	}
	if r.uses(experimentTrick) {
		env = append(env, "GOEXPERIMENT="+experiment)
	}
	return runGo(ctx, r.Root, env, args...)
}

// goError is an error of the go command. Its text is what the command wrote to standard error, such as the compiler's
// messages.
type goError struct {
	command, text string
	err           error
}

func (e *goError) Unwrap() error { return e.err }

func (e *goError) Error() string {
	if e.text == "" {
		return fmt.Sprintf("go %s: %v", e.command, e.err)
	}
	return fmt.Sprintf("go %s: %v\n%s", e.command, e.err, e.text)
}

// runGo runs the go command in the folder dir and returns its standard output. env is added to the environment. Errors
// are of type *goError.
func runGo(ctx context.Context, dir string, env []string, args ...string) ([]byte, error) {
	cmd := Command(ctx, dir, env, "go", args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return nil, &goError{args[0], strings.TrimSpace(stderr.String()), err}
	}
	return stdout.Bytes(), nil
}

// Command returns a command that runs in the folder dir. env is added to the environment. When ctx is done, the command
// is interrupted, so that the go command can remove its temporary folders, and killed after 2 s.
func Command(ctx context.Context, dir string, env []string, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	cmd.Cancel = func() error { return interrupt(cmd.Process) }
	cmd.WaitDelay = 2 * time.Second
	return cmd
}

// interrupt interrupts a process, or kills it where that is not possible.
func interrupt(p *os.Process) error {
	if err := p.Signal(os.Interrupt); err != nil {
		return p.Kill() // on Windows
	}
	return nil
}
