package browser

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// find returns the program that the environment variable names, or the first of names that is installed.
func find(variable string, names ...string) (string, error) {
	if path := os.Getenv(variable); path != "" {
		return path, nil
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s: %w (%s names another place)", strings.Join(names, ", "), ErrMissing, variable)
}

// program is a program that this process has started.
type program struct {
	*exec.Cmd
	ended chan struct{}
}

// start starts a program that ends with this process at the latest.
func start(cmd *exec.Cmd) (*program, error) {
	cmd.SysProcAttr = tied()
	p := &program{cmd, make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // the program ends with this thread, as tied says
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // the program is killed, so its status has no meaning
			close(p.ended)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("starting %s: %w", cmd.Path, err)
	}
	return p, nil
}

// Start starts a program that ends with this process at the latest. The channel is closed when the program has ended.
func Start(cmd *exec.Cmd) (ended <-chan struct{}, err error) {
	p, err := start(cmd)
	if err != nil {
		return nil, err
	}
	return p.ended, nil
}

// end kills the program and waits for its end. If p is nil, it does nothing.
func (p *program) end() {
	if p != nil {
		_ = p.Process.Kill()
		<-p.ended
	}
}

// heard reads output until a line begins with prefix, and returns the rest of that line. It goes on reading afterwards,
// so that the program does not block.
func heard(output io.Reader, prefix string) (string, error) {
	found := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(output)
		for lines.Scan() {
			if rest, ok := strings.CutPrefix(lines.Text(), prefix); ok {
				found <- strings.TrimSpace(rest)
				break
			}
		}
		close(found)
		_, _ = io.Copy(io.Discard, output)
	}()
	select {
	case rest, ok := <-found:
		if !ok {
			return "", fmt.Errorf("it ended before it said %q", prefix)
		}
		return rest, nil
	case <-time.After(Patience):
		return "", fmt.Errorf("it did not say %q in %s", prefix, Patience)
	}
}
