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

// experiment turns off the runtime's newer garbage collector: it is made for many cores and large
// heaps, and this program has one core, a heap of a few megabytes and a download to keep small.
const experiment = "nogreenteagc"

// engine is what the recipe makes of the module's Go sources.
type engine struct {
	wasm     []byte
	glue     string // the script that runs it, which comes with the Go that compiled it
	licences []byte // of all that is linked into it
}

// compile makes the WebAssembly.
func (r *Recipe) compile(ctx context.Context) ([]byte, error) {
	if err := r.tryExperiment(ctx); err != nil {
		return nil, fmt.Errorf("compiling: %w", err)
	}
	wasm, err := r.link(ctx)
	if err != nil {
		return nil, fmt.Errorf("compiling: %w", err)
	}
	if r.symbols || !r.uses(packTrick) {
		return wasm, nil
	}
	packed, err := pack(wasm, r.uses(findTrick))
	if err != nil {
		return wasm, r.goWithout(packTrick, err)
	}
	return packed, nil
}

// goBuild compiles and links with the tricks that are on.
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
		// Without inlining the code is smaller; what is hot here is the browser's own work.
		args = append(args, "-gcflags=all=-l", "-overlay="+file)
	}
	if _, err := r.goCommand(ctx, append(args, cmp.Or(r.program, "."))...); err != nil {
		return nil, err
	}
	return os.ReadFile(out)
}

// goGlue reads wasm_exec.js. It must be of the very Go that compiles, so it is read at build time and not
// kept in the repository.
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
	// What could make two builds differ is set here, whatever the caller's environment says.
	env := []string{"GOOS=js", "GOARCH=wasm", "GOWASM=", "CGO_ENABLED=0", "GOWORK=off", "GOFLAGS=-buildvcs=false", "GOEXPERIMENT="}
	if r.uses(experimentTrick) {
		env = append(env, "GOEXPERIMENT="+experiment)
	}
	return runGo(ctx, r.Root, env, args...)
}

// goError is what went wrong in the go command, with what it wrote about it, which for a compile error is the
// part to read.
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

// runGo runs the go command in a folder, with env over the environment, and returns what it prints. Its error is a
// *goError.
func runGo(ctx context.Context, dir string, env []string, args ...string) ([]byte, error) {
	cmd := Command(ctx, dir, env, "go", args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return nil, &goError{args[0], strings.TrimSpace(stderr.String()), err}
	}
	return stdout.Bytes(), nil
}

// Command returns a command that runs in folder dir, with env over the environment. When ctx ends the command is
// interrupted, not killed, because the go command has folders to tidy up; it has 2 s for that.
func Command(ctx context.Context, dir string, env []string, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	cmd.Cancel = func() error { return interrupt(cmd.Process) }
	cmd.WaitDelay = 2 * time.Second
	return cmd
}

// interrupt asks a process to end, so that it may tidy up.
func interrupt(p *os.Process) error {
	if err := p.Signal(os.Interrupt); err != nil {
		return p.Kill() // Windows cannot interrupt
	}
	return nil
}
