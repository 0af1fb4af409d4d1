package command

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// browserNames returns the names and paths under which Chrome or Chromium may be installed.
func browserNames() []string {
	names := []string{
		"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
		"/Applications/Chromium.app/Contents/MacOS/Chromium",
	}
	for _, dir := range []string{"ProgramFiles", "ProgramFiles(x86)", "LocalAppData"} {
		if at := os.Getenv(dir); at != "" {
			names = append(names, filepath.Join(at, "Google", "Chrome", "Application", "chrome.exe"))
		}
	}
	return names
}

// findBrowser returns the path of Chrome or Chromium, or "" if there is none. The environment variable CHROME has
// precedence.
func (c *tester) findBrowser() string {
	if named := os.Getenv("CHROME"); named != "" {
		return named
	}
	for _, name := range browserNames() {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		if runtime.GOOS == "windows" {
			return path // not checked: with --version, Chrome opens a window on Windows
		}
		// Ubuntu's chromium package only starts a snap, which does not work in a container. Therefore the program must
		// run.
		if _, err := c.said(".", nil, path, "--version"); err == nil {
			return path
		}
	}
	return ""
}

var errNoBrowser = errors.New(`the browser tests need Chrome or Chromium, and none was found.
  Debian:   sudo apt-get install chromium
  Ubuntu:   sudo snap install chromium, or Google's own package where there are no snaps
  macOS:    brew install --cask google-chrome
  Windows:  winget install Google.Chrome
  others:   install either, or set CHROME to its path`)

// needBrowser returns the path of a browser. If there is none, it installs Chromium, where install can do so.
func (c *tester) needBrowser() (string, error) {
	if path := c.findBrowser(); path != "" {
		return path, nil
	}
	c.install("chromium", "fonts-liberation")
	if path := c.findBrowser(); path != "" {
		return path, nil
	}
	return "", errNoBrowser
}

// needEngines installs Firefox and WebKit, where install can do so. The browser tests skip an engine that is missing,
// but fail in CI.
func (c *tester) needEngines() {
	var missing []string
	for program, pack := range map[string]string{
		"firefox": "firefox-esr", "WebKitWebDriver": "webkit2gtk-driver", "Xvfb": "xvfb",
	} {
		_, err := exec.LookPath(program)
		if err != nil && program == "firefox" {
			_, err = exec.LookPath("firefox-esr")
		}
		if err != nil {
			missing = append(missing, pack)
		}
	}
	slices.Sort(missing)
	if len(missing) > 0 {
		c.install(missing...)
	}
}

// webServers are the packages of Debian that the tests of web/e2e/hosting need, by a file of each.
var webServers = map[string]string{
	"/usr/sbin/nginx": "nginx",
	"/usr/lib/nginx/modules/ngx_http_brotli_static_module.so": "libnginx-mod-http-brotli-static",
	"/usr/lib/nginx/modules/ngx_http_brotli_filter_module.so": "libnginx-mod-http-brotli-filter",
	"/usr/bin/caddy":     "caddy",
	"/usr/sbin/apache2":  "apache2",
	"/usr/sbin/lighttpd": "lighttpd",
}

// needServers installs web servers, where install can do so, but only if CI is "true": Debian's packages also start
// them, on port 80. Elsewhere it prints which packages are missing. The tests skip a server that is missing, but fail
// in CI.
func (c *tester) needServers() {
	var missing []string
	for file, pack := range webServers {
		if _, err := os.Stat(file); err != nil {
			missing = append(missing, pack)
		}
	}
	slices.Sort(missing)
	switch {
	case len(missing) == 0:
	case os.Getenv("CI") == "true":
		c.install(missing...)
	default:
		fmt.Fprintln(c.out, "== the tests of some web servers are skipped: they need Debian's packages",
			strings.Join(missing, " "))
	}
}

// install installs Debian packages. It does nothing without apt-get or if the user is not root. It prints an error and
// does not return it.
func (c *tester) install(packages ...string) {
	if _, err := exec.LookPath("apt-get"); err != nil || os.Getuid() != 0 {
		return
	}
	fmt.Fprintln(c.out, "== installing", strings.Join(packages, " "))
	env := []string{"DEBIAN_FRONTEND=noninteractive"}
	text, err := c.said(".", env, "apt-get", "update", "-qq")
	if err == nil {
		args := append([]string{"install", "-y", "-qq", "--no-install-recommends"}, packages...)
		text, err = c.said(".", env, "apt-get", args...)
	}
	if err != nil {
		fmt.Fprintf(c.out, "could not install %s: %v: %s\n", strings.Join(packages, " "), err, lastLine(text))
	}
}
