package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"plurachat/web/build"
)

// tester runs the checks that a change must pass.
type tester struct {
	ctx     context.Context
	root    string
	out     io.Writer
	browser string // path of Chrome or Chromium
}

// step is one step of the command test.
type step struct {
	name string
	run  func(*tester) error
}

// steps lists the steps in the order in which they are run. The first one that fails ends the command.
var steps = []step{
	{"format", (*tester).format},
	{"vet", (*tester).vet},
	{"staticcheck", (*tester).staticcheck},
	{"modules", (*tester).modules},
	{"unit tests", (*tester).unitTests},
	{"WebAssembly tests, in a browser", (*tester).wasmTests},
	{"browser tests", (*tester).browserTests},
}

// testTime is the timeout of each run of "go test". It allows for a machine that is six times slower than the
// developers' machines.
const testTime = "75m"

// runTest executes the command test: it runs all checks.
func runTest(ctx context.Context, flags *flag.FlagSet, args []string, out io.Writer) error {
	if err := parse(flags, args); err != nil {
		return err
	}
	root, err := build.FindRoot(ctx)
	if err != nil {
		return err
	}
	c := &tester{ctx: ctx, root: root, out: out}
	if c.browser, err = c.needBrowser(); err != nil {
		return err
	}
	c.needEngines()
	c.needServers()
	for _, s := range steps {
		fmt.Fprintln(out, "==", s.name)
		if err := s.run(c); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// prepared returns a command that runs in a folder of the repository. env is added to the environment.
func (c *tester) prepared(dir string, env []string, name string, args ...string) *exec.Cmd {
	return build.Command(c.ctx, filepath.Join(c.root, filepath.FromSlash(dir)), env, name, args...)
}

// command runs a command and passes its output on.
func (c *tester) command(dir string, env []string, name string, args ...string) error {
	cmd := c.prepared(dir, env, name, args...)
	cmd.Stdout, cmd.Stderr = c.out, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return nil
}

// said runs a command and returns its output, also if the command fails.
func (c *tester) said(dir string, env []string, name string, args ...string) (string, error) {
	out, err := c.prepared(dir, env, name, args...).CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

func (c *tester) format() error {
	gofmt := "gofmt"
	if _, err := exec.LookPath(gofmt); err != nil {
		goroot, err := c.said(".", nil, "go", "env", "GOROOT")
		if err != nil {
			return err
		}
		gofmt = filepath.Join(goroot, "bin", gofmt)
	}
	unformatted, err := c.said(".", nil, gofmt, "-l", ".")
	if err != nil {
		return fmt.Errorf("%w: %s", err, unformatted)
	}
	if unformatted != "" {
		return fmt.Errorf("not formatted by gofmt:\n%s", unformatted)
	}
	return nil
}

func (c *tester) vet() error {
	for _, dir := range []string{".", "web/e2e"} {
		if err := c.command(dir, nil, "go", "vet", "./..."); err != nil {
			return err
		}
		for _, p := range vetted {
			if dir != "." && p == browser {
				continue // the e2e module has no code for the browser
			}
			if err := c.command(dir, p.env(), "go", "vet", "./..."); err != nil {
				return fmt.Errorf("%s: %w", p, err)
			}
		}
	}
	return nil
}

// buildTool compiles a program of which web/e2e/tools.mod has the version.
func (c *tester) buildTool(file, source string) error {
	return c.command("web/e2e", nil, "go", "build", "-modfile=tools.mod", "-o", file, source)
}

// staticcheck finds what vet does not, such as unused code and wrong uses of the standard library.
func (c *tester) staticcheck() error {
	bin, err := os.MkdirTemp("", "plura-chat-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(bin)
	tool := filepath.Join(bin, "staticcheck")
	if runtime.GOOS == "windows" {
		tool += ".exe"
	}
	if err := c.buildTool(tool, "honnef.co/go/tools/cmd/staticcheck"); err != nil {
		return err
	}
	for _, p := range []platform{here, browser} {
		if err := c.command(".", p.env(), tool, "./..."); err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
	}
	return c.command("web/e2e", nil, tool, "./...")
}

// modules checks that the downloaded modules match go.sum, and that no function with a known vulnerability is called,
// neither natively nor in the browser. Without a network, it skips the check for vulnerabilities.
func (c *tester) modules() error {
	if err := c.command(".", nil, "go", "mod", "verify"); err != nil {
		return err
	}
	bin, err := os.MkdirTemp("", "plura-chat-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(bin)
	text, err := c.said(".", []string{"GOBIN=" + bin}, "go", "install", "golang.org/x/vuln/cmd/govulncheck@v1.9.0")
	if err != nil {
		fmt.Fprintln(c.out, "vulnerabilities are not looked for, as govulncheck cannot be installed:", lastLine(text))
		return nil
	}
	for _, p := range []platform{here, browser} {
		text, err := c.said(".", p.env(), filepath.Join(bin, "govulncheck"), "./...")
		switch {
		case err != nil && strings.Contains(text, "fetching vulnerabilities"):
			fmt.Fprintln(c.out, "vulnerabilities are not looked for, as their list cannot be fetched:", lastLine(text))
			return nil
		case err != nil:
			return fmt.Errorf("govulncheck for %s: %w\n%s", p, err, text)
		}
		fmt.Fprintf(c.out, "%s: nothing that is called has a known vulnerability\n", p)
	}
	return nil
}

func lastLine(text string) string { return text[strings.LastIndexByte(text, '\n')+1:] }

// again makes the go command run the tests of web/e2e although it has a result of them: it does not notice when a file of
// another module has changed, and these tests read files of the whole project.
const again = "-count=1"

// unitTests runs the native tests. The race detector makes slow tests, such as builds and those with thousands of
// connections, ten times slower. Therefore these run a second time, without it and in full.
func (c *tester) unitTests() error {
	if err := c.command(".", nil, "go", "test", "-race", "-short", "-timeout", testTime, "./..."); err != nil {
		return err
	}
	slow := []string{"./web/...", "./protocol/protocoltest"}
	if err := c.command(".", nil, "go", append([]string{"test", "-timeout", testTime}, slow...)...); err != nil {
		return err
	}
	return c.command("web/e2e", nil, "go", "test", again, "-timeout", testTime, "./bench", "./mutate")
}

// wasmTests runs the Go tests of the code for the browser in a browser, with wasmbrowsertest. wasmbrowsertest looks for
// the browser under certain names, and does not pass the flags that a browser needs to run as root. Therefore a script
// with one of these names, in a temporary folder, starts the browser with the flags. wasmbrowsertest's driver prints an
// error for each message that only newer browsers send; these lines are left out.
func (c *tester) wasmTests() error {
	bin, err := os.MkdirTemp("", "plura-chat-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(bin)
	runner := filepath.Join(bin, "wasmbrowsertest")
	if runtime.GOOS == "windows" {
		runner += ".exe" // on Windows, wasmbrowsertest finds the browser in its usual folder
	} else {
		wrapper := "#!/bin/sh\nexec '" + c.browser + "' --no-sandbox --disable-gpu --disable-quic --no-first-run " +
			"--disable-background-networking --disable-component-update --disable-sync \"$@\"\n"
		if err := os.WriteFile(filepath.Join(bin, "google-chrome"), []byte(wrapper), 0o700); err != nil {
			return err
		}
	}
	if err := c.buildTool(runner, "github.com/agnivade/wasmbrowsertest"); err != nil {
		return err
	}
	env := append(browser.env(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	args := []string{"test", "-timeout", testTime, "-exec", runner, "./widget", "./protocol", "./web/build/slim/rand"}
	text, err := c.said(".", env, "go", args...)
	for line := range strings.Lines(text + "\n") {
		if !strings.Contains(line, "could not unmarshal event") {
			fmt.Fprint(c.out, line)
		}
	}
	return err
}

func (c *tester) browserTests() error {
	env := []string{"CHROME=" + c.browser}
	err := c.command("web/e2e", env, "go", "test", again, "-timeout", testTime, "-v", ".")
	// The tests of web servers wait more than they work, so four run at a time.
	hosting := c.command("web/e2e", env, "go", "test", again, "-timeout", testTime, "-parallel", "4", "-v", "./hosting")
	return errors.Join(err, hosting)
}
