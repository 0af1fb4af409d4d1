//go:build !js

package web

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func TestHelpListsAllCommands(t *testing.T) {
	for _, arg := range []string{"-h", "-help", "--help", "help"} {
		var out strings.Builder
		if err := run(t.Context(), []string{arg}, &out); err != nil {
			t.Errorf("%s: %v", arg, err)
		}
		for _, want := range []string{"preview", "build", "size", "bench", "test", "help"} {
			if !strings.Contains(out.String(), "\n  "+want+" ") {
				t.Errorf("%s does not tell of %s:\n%s", arg, want, &out)
			}
		}
	}
}

// program compiles the program itself.
func program(t *testing.T) string {
	t.Helper()
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("compiles, and interrupts")
	}
	root, err := FindRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "plurachat")
	if out, err := exec.Command("go", "build", "-o", file, root).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return file
}

func TestUnknownCommandIsNamed(t *testing.T) {
	out, err := exec.Command(program(t), "biuld").CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 2 || !strings.Contains(string(out), `"biuld"`) || !strings.Contains(string(out), "\n  size ") {
		t.Errorf("%v:\n%s", err, out)
	}
}

func TestAddresses(t *testing.T) {
	for _, c := range []struct{ flag, at, open string }{
		{"8080", "localhost:8080", "localhost:7"},
		{":8080", ":8080", "localhost:7"},
		{"0.0.0.0:8080", "0.0.0.0:8080", "localhost:7"},
		{"[::]:8080", "[::]:8080", "localhost:7"},
		{"127.0.0.1:8080", "127.0.0.1:8080", "127.0.0.1:7"},
		{"here.test:8080", "here.test:8080", "here.test:7"},
		{"", "", "localhost:7"},
	} {
		if got := address(c.flag); got != c.at {
			t.Errorf("-addr %q listens at %q, want %q", c.flag, got, c.at)
		}
		if got := location(listening(7), address(c.flag)); got != c.open {
			t.Errorf("-addr %q is to be opened at %q, want %q", c.flag, got, c.open)
		}
	}
}

// listening is a listener at a port.
type listening int

func (l listening) Accept() (net.Conn, error) { return nil, net.ErrClosed }
func (l listening) Close() error              { return nil }
func (l listening) Addr() net.Addr            { return &net.TCPAddr{Port: int(l)} }

func TestPreviewRefusesWhatIsNoFlow(t *testing.T) {
	for _, args := range [][]string{{"-live"}, {"-live", "-flow", "nonsense"}, {"-flow", ""}} {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		err := run(ctx, append([]string{"preview", "-addr", "localhost:0"}, args...), &strings.Builder{})
		cancel()
		if err == nil || !strings.Contains(err.Error(), "-flow") {
			t.Errorf("%v: %v", args, err)
		}
	}
}

// What the go command says about its trouble is shown: here it is asked outside of the module.
func TestErrorsCarryTheGoCommandsWords(t *testing.T) {
	cmd := exec.Command(program(t), "build")
	cmd.Dir = t.TempDir()
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "finding the module plurachat") || !strings.Contains(string(out), "go: ") {
		t.Errorf("%v:\n%s", err, out)
	}
}

// A workspace that this module is not of does not keep it from being built.
func TestForeignWorkspace(t *testing.T) {
	work := filepath.Join(t.TempDir(), "go.work")
	write(t, work, "go 1.26\n")
	t.Setenv("GOWORK", work)
	if root, err := FindRoot(t.Context()); err != nil || !filepath.IsAbs(root) {
		t.Errorf("%q, %v", root, err)
	}
}

// Interrupted, the program ends with one line and the status that shells know, and leaves nothing behind; while it
// builds, which here takes for ever, and while it serves.
func TestInterrupted(t *testing.T) {
	file := program(t)
	root, err := FindRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	bin := fakeGoIn(t)
	for name, c := range map[string]struct{ how, ready string }{
		"building": {"slow", "compiling Go"},
		"serving":  {"no", "the preview is at"},
	} {
		t.Run(name, func(t *testing.T) {
			temp := t.TempDir()
			cmd := exec.Command(file, "preview", "-addr", "localhost:0")
			cmd.Dir, cmd.Env = root, append(fakeGoEnv(t, bin, c.how), "TMPDIR="+temp)
			var out syncBuffer
			cmd.Stdout, cmd.Stderr = &out, &out
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			defer func() { _ = cmd.Process.Kill() }() // where the test has failed
			until(t, func() bool { return strings.Contains(out.String(), c.ready) })
			before := out.String()
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			err := cmd.Wait()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != 128+int(syscall.SIGINT) {
				t.Errorf("it ends with %v", err)
			}
			after := strings.TrimSpace(strings.TrimPrefix(out.String(), before))
			if lines := strings.Split(after, "\n"); lines[len(lines)-1] != "plurachat: stopped" || strings.Contains(after, "failed") || name == "building" && strings.Contains(out.String(), "the preview is at") {
				t.Errorf("it says:\n%s", after)
			}
			if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
				t.Errorf("it leaves %v, %v", left, err)
			}
		})
	}
}

// syncBuffer is written by one goroutine while another one reads.
type syncBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// until waits for a condition.
func until(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Minute); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it never comes to it")
		}
	}
}

// A template that does not parse, or does not run, is shown as any mistake in the sources.
func TestBrokenPageIsShown(t *testing.T) {
	p, r, _ := preview(t)
	for text, want := range map[string]string{"<p>{{.Flow</p>": "index.html:1", "<p>{{.Flow.Missing}}": "index.html:1"} {
		write(t, filepath.Join(r.Root, "web", "index.html"), text)
		page := get(p.Handler(), "http://localhost:8080/")
		if got := string(body(t, page)); page.StatusCode != http.StatusInternalServerError || !strings.Contains(got, "<h1>The build failed</h1>") || !strings.Contains(got, want) {
			t.Errorf("%s: %s: %s", text, page.Status, got)
		}
	}
}

// What the program embeds is a source of it, whatever it is called: the list is the go command's.
func TestEmbeddedFilesAreSources(t *testing.T) {
	_, r, _ := preview(t)
	write(t, filepath.Join(r.Root, "main.go"), "package main\n\nimport \"embed\"\n\n//go:embed data/*.words chat.css\nvar files embed.FS\n\nfunc main() { _ = files }\n")
	write(t, filepath.Join(r.Root, "data", "en.words"), "one")
	write(t, filepath.Join(r.Root, "chat.css"), "")
	for name, text := range map[string]string{"data/en.words": "two", "chat.css": "p { margin: 0 }", "data/de.words": "zwei", "data/notes.txt": ""} {
		before, err := r.engineSources(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(r.Root, filepath.FromSlash(name)), text)
		after, err := r.engineSources(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if changed, want := after != before, name != "data/notes.txt"; changed != want {
			t.Errorf("%s: noticed %v, want %v", name, changed, want)
		}
	}
}

// Each kind of source is taken up by a reload, and a mistake in it is told with file and line.
func TestPreviewShowsMistakesInEmbeddedFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles")
	}
	root := module(t)
	r := &Recipe{Root: root}
	p := NewPreview(r, &Compressor{Fast: true})
	p.Flow = demoFlow
	for _, c := range []struct{ file, old, edited, mistake, want string }{
		{"widget/chat.css", "", ".edited { margin: 1px }\n", ".edited { margin: (;\n", "chat.css:1:"},
		{"widget/words/en.json", `": "`, `": "Edited `, "\": \"\n", "en.json:2:"},
		{"widget/words/de.json", `": "`, `": "Edited `, "\": \"\n", "de.json:2:"},
	} {
		file := filepath.Join(root, filepath.FromSlash(c.file))
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := string(source)
		if err := p.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		before := len(p.files.files)
		write(t, file, strings.Replace(text, c.old, c.edited, 1))
		if err := p.Refresh(t.Context()); err != nil || len(p.files.files) == before {
			t.Errorf("%s: after an edit nothing is new: %v", c.file, err)
		}
		write(t, file, strings.Replace(text, c.old, c.mistake, 1))
		page := get(p.Handler(), "http://localhost:8080/")
		if got := string(body(t, page)); page.StatusCode != http.StatusInternalServerError || !strings.Contains(got, c.want) {
			t.Errorf("%s: %s: %s", c.file, page.Status, got)
		}
		write(t, file, text)
	}
}

// Each command stands in the table of commands.
func TestContributingListsTheCommands(t *testing.T) {
	text, err := os.ReadFile("../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := run(t.Context(), []string{"help"}, &out); err != nil {
		t.Fatal(err)
	}
	listed := 0
	for line := range strings.Lines(out.String()) {
		if name, _, ok := strings.Cut(strings.TrimPrefix(line, "  "), " "); ok && strings.HasPrefix(line, "  ") {
			if name = "`go run . " + name + "`"; name == "`go run . preview`" {
				name = "`go run .`"
			}
			listed++
			if !strings.Contains(string(text), "| "+name+" |") {
				t.Errorf("CONTRIBUTING.md has no row for %s", name)
			}
		}
	}
	if listed < 6 {
		t.Errorf("only %d commands in the help", listed)
	}
}
