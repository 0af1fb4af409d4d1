package e2e

import (
	"fmt"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"plurachat/protocol/protocoltest"
	"plurachat/web/build"
	"plurachat/web/check"
	"plurachat/web/preview"
)

// checkSite checks a site, and returns the steps that are not right, with what was observed.
func checkSite(t *testing.T, address string) map[string]string {
	t.Helper()
	r, err := (&check.Checker{}).Site(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Findings) < 8 {
		t.Errorf("only %d findings: %v", len(r.Findings), r.Findings)
	}
	list := map[string]string{}
	for _, f := range r.Findings {
		if f.Verdict != check.Right {
			list[f.Step] = f.Observed
		}
	}
	return list
}

// TestCheckOfSite checks that "go run . check" finds all files of a build, and nothing wrong with a page under the
// documented policy. The preview's server lets browsers check the script at each page view, which is odd.
func TestCheckOfSite(t *testing.T) {
	s := newSite(t, protocoltest.Options{})
	at := s.page("/", s.tag(""))
	s.header(
		"/",
		"Content-Security-Policy",
		fmt.Sprintf(
			"default-src 'none'; script-src %[1]s 'wasm-unsafe-eval'; connect-src %[1]s ws%[2]s; "+
				"img-src https: data:; worker-src blob:",
			s.URL,
			s.URL[len("http"):],
		),
	)
	wrong := checkSite(t, at)
	if wrong["caching"] != "no-cache: plura-chat.js" || len(wrong) != 1 {
		t.Errorf("not right are %v", wrong)
	}
}

// TestCheckOfFiles checks that the files of a build that a plain file server sends are found to be what they are.
func TestCheckOfFiles(t *testing.T) {
	srv := httptest.NewServer(preview.Files(dist, compressor))
	defer srv.Close()
	if wrong := checkSite(t, srv.URL+"/"+build.LoaderName); len(wrong) != 1 || wrong["caching"] == "" {
		t.Errorf("not right are %v", wrong)
	}
}

// TestCheckOfNginx checks a host with the settings of the package of nginx: it compresses nothing but HTML, and sends no
// header for other origins.
func TestCheckOfNginx(t *testing.T) {
	at := startNginx(t)
	wrong := checkSite(t, "http://"+at+"/"+build.LoaderName)
	for _, step := range []string{"compression", "caching", "cross-origin access"} {
		if wrong[step] == "" {
			t.Errorf("%s is right", step)
		}
	}
	if len(wrong) > 4 { // nginx has the type of WebAssembly since version 1.21
		t.Errorf("not right are %v", wrong)
	}
}

// nginxConfig has the settings of Debian's package. Its arguments are a folder, which contains the dist, and an
// address. Root's temporary folders are closed to other users. Where the test is not run by root, nginx ignores the
// user.
const nginxConfig = `daemon off;
user root;
pid %[1]s/pid;
error_log %[1]s/error.log;
events {}
http {
	include /etc/nginx/mime.types;
	access_log off;
	gzip on;
	client_body_temp_path %[1]s/body;
	proxy_temp_path %[1]s/proxy;
	fastcgi_temp_path %[1]s/fastcgi;
	uwsgi_temp_path %[1]s/uwsgi;
	scgi_temp_path %[1]s/scgi;
	server { listen %[2]s; root %[1]s/dist; }
}
`

// startNginx serves the dist until the test ends, and returns the address. If nginx is not installed, startNginx skips
// the test, or fails it if CI is "true".
func startNginx(t *testing.T) (at string) {
	t.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("nginx is missing")
		}
		t.Skip("nginx is missing")
	}
	root := t.TempDir()
	if err := dist.Write(filepath.Join(root, "dist"), compressor); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(root, 0o755); err != nil {
		t.Fatal(err)
	}
	at = freeAddress(t)
	file := filepath.Join(root, "nginx.conf")
	if err := os.WriteFile(file, fmt.Appendf(nil, nginxConfig, root, at), 0o644); err != nil {
		t.Fatal(err)
	}
	nginx := exec.CommandContext(t.Context(), program, "-c", file, "-p", root)
	nginx.Cancel = func() error { return nginx.Process.Signal(os.Interrupt) }
	nginx.Stderr = os.Stderr
	if err := nginx.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = nginx.Wait() }) // t.Context ends before, and with it nginx
	waitForListener(t, at)
	return at
}

// freeAddress returns an address of this machine that nothing listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// waitForListener returns once nginx listens on an address.
func waitForListener(t *testing.T, at string) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); ; {
		if conn, err := net.DialTimeout("tcp", at, time.Second); err == nil {
			conn.Close()
			return
		}
		if time.Now().After(end) {
			t.Fatal("nginx does not listen")
		}
	}
}
