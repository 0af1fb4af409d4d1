package hosting

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"

	"plurachat/web/build"
	"plurachat/web/e2e/browser"
	"plurachat/web/e2e/suite"
)

const patience = suite.Patience

// What all tests use: the build, and the folder that has its files.
var (
	dist   *build.Dist
	folder string
)

// ofOwner are files of a site owner, by name, beside those of the build. They have no compressed forms.
var ofOwner = map[string]string{
	"page.js":    "// a page's script\n",
	"index.html": "<!doctype html>a page\n",
	"data.json":  "{}\n",
}

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
	suite.Main(func(d *build.Dist, c *build.Compressor) (code int, err error) {
		dist = d
		if folder, err = openFolder(); err != nil {
			return 0, err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
		if err := dist.Write(folder, c); err != nil {
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
	})
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
