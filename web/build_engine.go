//go:build !js

package web

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
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
	if r.Symbols || !r.uses(packTrick) {
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
	if r.Symbols {
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

// goCommand runs the go command for js/wasm in the module's folder and returns what it prints. Its
// error carries what the command wrote about it, which for a compile error is the part to read.
func (r *Recipe) goCommand(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = r.Root
	// What could make two builds differ is set here, whatever the caller's environment says.
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOWASM=", "CGO_ENABLED=0", "GOWORK=off", "GOFLAGS=-buildvcs=false", "GOEXPERIMENT=")
	if r.uses(experimentTrick) {
		cmd.Env = append(cmd.Env, "GOEXPERIMENT="+experiment)
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if text := strings.TrimSpace(stderr.String()); text != "" {
			return nil, fmt.Errorf("go %s: %w\n%s", args[0], err, text)
		}
		return nil, fmt.Errorf("go %s: %w", args[0], err)
	}
	return stdout.Bytes(), nil
}
