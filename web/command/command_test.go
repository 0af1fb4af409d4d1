package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"plurachat/web/build"
	"plurachat/web/preview"
)

func TestHelpListsAllCommands(t *testing.T) {
	for _, arg := range []string{"-h", "-help", "--help", "help"} {
		var out strings.Builder
		if err := run(t.Context(), []string{arg}, &out); err != nil {
			t.Errorf("%s: %v", arg, err)
		}
		for _, want := range []string{"preview", "build", "check", "size", "bench", "test", "help"} {
			if !strings.Contains(out.String(), "\n  "+want+" ") {
				t.Errorf("%s does not tell of %s:\n%s", arg, want, &out)
			}
		}
	}
}

// program compiles the program and returns the path of the file.
func program(t *testing.T) string {
	t.Helper()
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("compiles, and interrupts")
	}
	root, err := build.FindRoot(t.Context())
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

// TestAddressesOfAllInterfaces checks that a preview for a team prints the addresses that other machines can open.
func TestAddressesOfAllInterfaces(t *testing.T) {
	for asked, several := range map[string]bool{"0.0.0.0:8080": true, "[::]:8080": true, ":8080": true, "127.0.0.1:8080": false, "here.test:8080": false} {
		got := locations(listening(7), asked)
		if got[0] != location(listening(7), asked) || !several && len(got) > 1 {
			t.Errorf("%s: %q", asked, got)
		}
		for _, at := range got {
			host, port, err := net.SplitHostPort(at)
			if ip := net.ParseIP(host); err != nil || port != "7" || ip != nil && ip.IsUnspecified() {
				t.Errorf("%s: %q cannot be opened: %v", asked, at, err)
			}
		}
	}
}

func TestDemoFlags(t *testing.T) {
	for _, c := range []struct {
		flags demoFlags
		want  preview.Demo
		wrong string
	}{
		{demoFlags{}, preview.Demo{}, ""},
		{demoFlags{flow: demoFlow}, preview.Demo{}, "need -demo"},
		{demoFlags{dir: "d"}, preview.Demo{}, "-flow"},
		{demoFlags{dir: "d", flow: demoFlow}, preview.Demo{Flow: demoFlow}, ""},
		{demoFlags{dir: "d", socket: "wss://a.test/b"}, preview.Demo{Flow: demoFlow, SocketURL: "wss://a.test/b", SessionURL: "https://a.test/b/webchat/session"}, ""},
		{demoFlags{dir: "d", socket: "wss://a.test", session: "https://b.test/s"}, preview.Demo{Flow: demoFlow, SocketURL: "wss://a.test", SessionURL: "https://b.test/s"}, ""},
		{demoFlags{dir: "d", socket: "a.test"}, preview.Demo{}, "-socket-url"},
	} {
		got, err := c.flags.page()
		if c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)) || c.wrong == "" && (err != nil || got != c.want) {
			t.Errorf("%+v: %+v, %v", c.flags, got, err)
		}
	}
}

// TestOwnersFilesStay checks that a build leaves the files of an owner's folder: it writes the npm package only to
// web/dist, and the page of a demo only beside a build.
func TestOwnersFilesStay(t *testing.T) {
	if f := folderAt("r", "mine"); f.Dir != "mine" || f.Package {
		t.Errorf("-o mine writes to %+v", f)
	}
	if f := folderAt("r", ""); f.Dir != filepath.Join("r", "web", "dist") || !f.Package {
		t.Errorf("without -o, it writes to %+v", f)
	}
	dir := t.TempDir()
	for _, c := range []struct{ file, o, wrong string }{
		{"", "", ""},
		{"", "elsewhere", "-o and -demo"},
		{"index.html", "", "not of a build"},
		{build.BuildsName, "", ""},
	} {
		if c.file != "" {
			if err := os.WriteFile(filepath.Join(dir, c.file), nil, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		err := (&demoFlags{dir: dir}).mayWrite(c.o)
		if c.wrong != "" { // the command must ask, too
			err = run(t.Context(), []string{"build", "-demo", dir, "-flow", demoFlow, "-o", c.o}, &strings.Builder{})
		}
		if c.wrong == "" && err != nil || c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if err := (&demoFlags{dir: filepath.Join(dir, "new")}).mayWrite(""); err != nil {
		t.Error(err)
	}
}

// listening is a net.Listener that only has an address: the port of its value.
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

// An error contains the output of the go command, which fails here because it runs outside of the module.
func TestErrorsCarryTheGoCommandsWords(t *testing.T) {
	cmd := exec.Command(program(t), "build")
	cmd.Dir = t.TempDir()
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "finding the module plurachat") || !strings.Contains(string(out), "go: ") {
		t.Errorf("%v:\n%s", err, out)
	}
}

// If the environment variable goIs is set, the test's program behaves as a go command; its value, slow or old, says how
// this go command differs from the real one. The variable realGo has the path of the real one.
const (
	goIs   = "PLURACHAT_TEST_GO"
	realGo = "PLURACHAT_TEST_REAL_GO"
)

// TestMain lets the test's program behave as a go command whose builds do not end (slow), or which has no experiments
// (old).
func TestMain(m *testing.M) {
	how := os.Getenv(goIs)
	if how == "" {
		os.Exit(m.Run())
	}
	if named := os.Getenv("GOEXPERIMENT"); how == "old" && named != "" {
		fmt.Fprintln(os.Stderr, "go: unknown GOEXPERIMENT "+named)
		os.Exit(2)
	}
	if how == "slow" && os.Args[1] == "build" {
		time.Sleep(10 * time.Minute) // an interrupt ends it
	}
	cmd := exec.Command(os.Getenv(realGo), os.Args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if cmd.Run() != nil {
		os.Exit(1)
	}
}

// otherGo returns an environment in which the go command is the test's program. how is the value of goIs.
func otherGo(t *testing.T, how string) []string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	real, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	if err := os.Symlink(self, filepath.Join(bin, "go")); err != nil {
		t.Fatal(err)
	}
	return append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), goIs+"="+how, realGo+"="+real)
}

// A strict build fails if a trick of the recipe cannot be applied.
func TestStrictBuild(t *testing.T) {
	cmd := exec.Command(program(t), "build", "-strict", "-o", t.TempDir())
	cmd.Env = otherGo(t, "old")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "does not fit this Go: go env: exit status 2\ngo: unknown GOEXPERIMENT") {
		t.Errorf("%v:\n%s", err, out)
	}
}

// After an interrupt, the program prints one line, exits with the status that shells use, and leaves no temporary
// files, both during a build, which does not end here, and while it serves.
func TestInterrupted(t *testing.T) {
	file := program(t)
	root, err := build.FindRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		env   []string
		ready string
	}{
		"building": {otherGo(t, "slow"), "compiling Go"},
		"serving":  {os.Environ(), "the preview is at"},
	} {
		t.Run(name, func(t *testing.T) {
			temp := t.TempDir()
			cmd := exec.Command(file, "preview", "-addr", "localhost:0")
			cmd.Dir, cmd.Env = root, append(c.env, "TMPDIR="+temp)
			var out syncBuffer
			cmd.Stdout, cmd.Stderr = &out, &out
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			defer func() { _ = cmd.Process.Kill() }() // if the test has failed
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

// syncBuffer is a buffer that one goroutine may write while another one reads it.
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

// until waits for done to return true, for at most 5 minutes.
func until(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Minute); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it never comes to it")
		}
	}
}

// The table of commands in CONTRIBUTING.md has each command of the help.
func TestContributingListsTheCommands(t *testing.T) {
	text, err := os.ReadFile("../../CONTRIBUTING.md")
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

func TestListenTakesTheNextPort(t *testing.T) {
	first, err := listen("")
	if err != nil {
		t.Skipf("no port to be had: %v", err)
	}
	defer first.Close()
	second, err := listen("")
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if a, b := first.Addr().(*net.TCPAddr), second.Addr().(*net.TCPAddr); b.Port <= a.Port || !b.IP.IsLoopback() {
		t.Errorf("%v, then %v", a, b)
	}
	if l, err := listen(first.Addr().String()); err == nil {
		l.Close()
		t.Errorf("%v was given although it is taken", first.Addr())
	}
}
