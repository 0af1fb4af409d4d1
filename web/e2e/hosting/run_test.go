package hosting

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"plurachat/web/e2e/browser"
	"plurachat/web/e2e/suite"
)

// running is a server that a test has started.
type running struct {
	addr string
	cmd  *exec.Cmd
	log  log
}

// log collects what a server prints. The server's process writes while the test reads.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// find returns the path of a program, also if it is where only root's programs are.
func find(program string) (string, error) {
	path, err := exec.LookPath(program)
	if err != nil {
		path, err = exec.LookPath(filepath.Join("/usr/sbin", program))
	}
	return path, err
}

// need skips the test if the server is not installed, or fails it if CI is "true".
func (s server) need(t *testing.T) (path string) {
	t.Helper()
	path, err := find(s.program)
	for _, file := range s.files {
		if err == nil {
			_, err = os.Stat(file)
		}
	}
	if err != nil && os.Getenv("CI") != "true" {
		t.Skipf("%s is not here: %v", s.name, err)
	}
	if err != nil {
		t.Fatalf("%s (required in CI): %v", s.name, err)
	}
	return path
}

// run starts the server in a folder of its own, and returns once it accepts connections. It stops with the test.
func (s server) run(t *testing.T) *running {
	t.Helper()
	path := s.need(t)
	// Another process may take a free port before the server does.
	for try := 1; ; try++ {
		r, err := s.try(t, path)
		if err == nil {
			return r
		}
		if try == 3 {
			t.Fatal(err)
		}
	}
}

func (s server) try(t *testing.T, path string) (*running, error) {
	t.Helper()
	dir, err := openFolder()
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) }) // a worker may still be writing there
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	args, err := s.setUp(dir, addr)
	if err != nil {
		return nil, fmt.Errorf("setting up %s: %w", s.name, err)
	}
	r := &running{addr: addr, cmd: exec.Command(path, args...)}
	r.cmd.Stdout, r.cmd.Stderr = &r.log, &r.log
	r.cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
	ended, err := browser.Start(r.cmd)
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() {
		_ = r.cmd.Process.Signal(syscall.SIGTERM) // so that its workers end too
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			_ = r.cmd.Process.Kill()
			<-ended
		}
		if t.Failed() {
			t.Logf("%s printed:\n%s", s.name, &r.log)
		}
	})
	up := suite.Poll(patience, func() bool {
		select {
		case <-ended:
			return true
		default:
		}
		c, err := net.Dial("tcp", addr)
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
	select {
	case <-ended:
		return nil, fmt.Errorf("%s has ended:\n%s", s.name, &r.log)
	default:
	}
	if !up {
		return nil, fmt.Errorf("%s does not accept connections:\n%s", s.name, &r.log)
	}
	return r, nil
}

// freeAddress returns an address of the loopback interface on which nothing listens.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("looking for a free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}
