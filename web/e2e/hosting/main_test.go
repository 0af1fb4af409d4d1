package hosting

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"testing"
	"time"

	"plurachat/web/build"
	"plurachat/web/e2e/browser"
)

// patience is how long a test waits for what must happen.
const patience = 60 * time.Second

// What all tests use: the build, and the folder that has its files.
var (
	dist   *build.Dist
	folder string
)

// ofOwner are files of a site owner, by name, beside those of the build. They have no compressed forms.
var ofOwner = map[string]string{"page.js": "// a page's script\n", "index.html": "<!doctype html>a page\n", "data.json": "{}\n"}

// chromium returns the browser of all tests, which the first of them starts. started is that browser.
var (
	chromium = sync.OnceValues(func() (*browser.Chromium, error) {
		b, err := browser.StartChromium()
		started = b
		return b, err
	})
	started *browser.Chromium
)

func TestMain(m *testing.M) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code, err := testMain(ctx, m)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func testMain(ctx context.Context, m *testing.M) (code int, err error) {
	root, err := build.FindRoot(ctx)
	if err != nil {
		return 0, err
	}
	if dist, err = (&build.Recipe{Root: root, Strict: true}).Build(ctx); err != nil {
		return 0, err
	}
	if folder, err = openFolder(); err != nil {
		return 0, err
	}
	defer os.RemoveAll(folder)
	if err := dist.Write(folder, &build.Compressor{Cache: build.CacheDir()}); err != nil {
		return 0, err
	}
	for name, text := range ofOwner {
		if err := write(folder, name, text); err != nil {
			return 0, err
		}
	}
	defer func() {
		if started != nil {
			_ = started.Close() // all tests are over
		}
	}()
	return m.Run(), nil
}

// openFolder makes a temporary folder that the user of a web server may read: a server that root starts changes its
// user.
func openFolder() (string, error) {
	dir, err := os.MkdirTemp("", "plura-chat-")
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		return "", fmt.Errorf("making a folder: %w", err)
	}
	return dir, nil
}

// poll calls done until it returns true or the time is over, and reports whether it returned true.
func poll(limit time.Duration, done func() bool) bool {
	const interval = 30 * time.Millisecond
	for deadline := time.Now().Add(limit); ; {
		if done() {
			return true
		}
		if time.Now().After(deadline) {
			return false
		}
		time.Sleep(interval) // between two calls
	}
}
