package hosting

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"plurachat/web/build"
)

// names are names of files as a build makes them, one of each kind.
var names = []string{"LICENSES.txt", "frame.html", "integrity.json",
	"plura-chat-0123abcd.js", "plura-chat-0123abcd.wasm",
	"plura-chat-pt-pt-0123abcd.json", "plura-chat-start-0123abcd.js", "plura-chat.d.ts", build.LoaderName}

// byName is the Cache-Control of a file with a hash in the name on a host that chooses headers by the name alone. Such a
// host sends it with a missing file too, so it must not be that of package build.
const byName = "public, max-age=86400"

// hold fails the test unless a host that sends these headers by a file's name caches it as it should. Hosts that cache
// nothing without being told to need no header for files that browsers must check.
func hold(t *testing.T, name string, headers map[string]string) {
	t.Helper()
	for header, want := range Headers {
		if headers[header] != want {
			t.Errorf("%s: %s is %q, want %q", name, header, headers[header], want)
		}
	}
	got, want := headers["Cache-Control"], build.CacheControl(name)
	if build.Hashed(name) {
		want = byName
	}
	if got != want && !(got == "" && want == "no-cache") {
		t.Errorf("%s: Cache-Control is %q, want %q", name, got, want)
	}
}

// TestServers checks that the servers' configurations have the caching and the headers of package build. That the
// servers act by them, the tests of web/e2e/hosting check.
func TestServers(t *testing.T) {
	for _, name := range []string{"nginx.conf", "Caddyfile", "apache.conf", "lighttpd.conf"} {
		text := Text(name)
		for _, want := range []string{Host, Folder, "-[0-9a-f]{8}", "plura-chat", "no-cache"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s has no %q", name, want)
			}
		}
		for header, value := range Headers {
			if !regexp.MustCompile(header + `"?(?: =>)? "?` + regexp.QuoteMeta(value)).MatchString(text) {
				t.Errorf("%s does not send %s: %s", name, header, value)
			}
		}
		for _, file := range names {
			if name == "lighttpd.conf" {
				break // its module for caching takes seconds
			}
			if !strings.Contains(text, build.CacheControl(file)) {
				t.Errorf("%s has no %q", name, build.CacheControl(file))
			}
		}
	}
	if got := Text("nginx.conf", Folder, "/here"); strings.Contains(got, Folder) || !strings.Contains(got, "/here") {
		t.Errorf("Text does not replace %s", Folder)
	}
}

// TestHeadersFile reads _headers as Netlify and Cloudflare Pages do.
func TestHeadersFile(t *testing.T) {
	for _, name := range names {
		headers := map[string]string{}
		matches := false
		for line := range strings.Lines(Text("_headers")) {
			line = strings.TrimSuffix(line, "\n")
			switch header, value, _ := strings.Cut(strings.TrimSpace(line), ": "); {
			case strings.HasPrefix(line, "/"):
				prefix, glob := strings.CutSuffix(line, "*")
				matches = "/"+name == line || glob && strings.HasPrefix("/"+name, prefix)
			case matches && strings.HasPrefix(line, "  "):
				if headers[header] != "" {
					t.Errorf("%s has %s twice, which the host joins", name, header)
				}
				headers[header] = value
			}
		}
		hold(t, name, headers)
	}
}

// TestNotFoundPage checks that the page for missing files is there and loads nothing: it is sent in the place of scripts.
func TestNotFoundPage(t *testing.T) {
	if text := Text("404.html"); !strings.Contains(text, "Not found") || strings.Contains(text, "src=") {
		t.Errorf("404.html is %q", text)
	}
	if !strings.Contains(Text("_headers"), "404.html") {
		t.Error("_headers does not say that 404.html belongs to it")
	}
}

func TestVercel(t *testing.T) {
	var config struct {
		Headers []struct {
			Source  string
			Headers []struct{ Key, Value string }
		}
	}
	if err := json.Unmarshal([]byte(Text("vercel.json")), &config); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		headers := map[string]string{}
		for _, rule := range config.Headers {
			if regexp.MustCompile("^" + strings.ReplaceAll(rule.Source, ".js", `\.js`) + "$").MatchString("/" + name) {
				for _, h := range rule.Headers {
					headers[h.Key] = h.Value
				}
			}
		}
		hold(t, name, headers)
	}
}

func TestCloudFront(t *testing.T) {
	var config struct {
		CorsConfig          struct{ AccessControlAllowOrigins struct{ Items []string } }
		CustomHeadersConfig struct {
			Items []struct{ Header, Value string }
		}
	}
	if err := json.Unmarshal([]byte(Text("cloudfront.json")), &config); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(config.CorsConfig.AccessControlAllowOrigins.Items); got != "[*]" {
		t.Errorf("the origins are %s", got)
	}
	for _, h := range config.CustomHeadersConfig.Items {
		if Headers[h.Header] != h.Value {
			t.Errorf("%s is %q", h.Header, h.Value)
		}
	}
}

// TestS3 runs the script on a folder of builds, with a program in the place of aws that prints its arguments. The script
// must copy the newest build and builds.json, each file in the place of its list, and nothing else.
func TestS3(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("sh is not here")
	}
	dist, bin := filepath.Join(t.TempDir(), "dist"), t.TempDir()
	folder := build.Folder{Dir: dist, Package: true}
	old := &build.File{Name: "plura-chat-old-0123abcd.js"}
	readme := &build.File{Name: "README.md"}
	newest := &build.Dist{Version: build.Version, Package: []*build.File{readme}}
	for _, name := range names {
		newest.Files = append(newest.Files, &build.File{Name: name, Data: []byte(name)})
	}
	for _, d := range []*build.Dist{{Files: []*build.File{old}}, newest} {
		if err := folder.Write(d, &build.Compressor{Fast: true}); err != nil {
			t.Fatal(err)
		}
	}
	const aws = "#!/bin/sh\ntest -f \"$3\" && printf '%s|' \"$@\" && echo\n"
	if err := os.WriteFile(filepath.Join(bin, "aws"), []byte(aws), 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "s3.sh", "bucket", dist)
	cmd.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	got := strings.Split(strings.TrimSpace(string(out)), "\n")
	place := func(caching string) int {
		return slices.IndexFunc(got, func(line string) bool { return strings.HasSuffix(line, "|"+caching+"|") })
	}
	first, second, last := place(build.CacheControl(names[3])), place("no-cache"), place(build.CacheControl(build.LoaderName))
	if first != 0 || second < first || last != len(got)-1 {
		t.Errorf("the order is wrong:\n%s", out)
	}
	want := []string{"s3|cp|builds.json|s3://bucket/builds.json|--content-type|application/json|--cache-control|no-cache|"}
	for _, name := range names {
		want = append(want, fmt.Sprintf("s3|cp|%s.br|s3://bucket/%[1]s|--content-encoding|br|"+
			"--content-type|%s|--cache-control|%s|", name, build.ContentType(name), build.CacheControl(name)))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("copied is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
