package check

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"testing"

	"plurachat/web/build"
	"plurachat/web/preview"
)

// dist returns files like those of a build: a script that names a module, which names the WebAssembly.
func dist(t *testing.T) *build.Dist {
	t.Helper()
	digests := map[string]string{}
	d := &build.Dist{}
	add := func(name string, data []byte) string {
		long := sha512.Sum384(data)
		digests[name] = "sha384-" + base64.StdEncoding.EncodeToString(long[:])
		d.Files = append(d.Files, &build.File{Name: name, Data: data})
		return name
	}
	hashed := func(stem, ext, text string) string {
		data := []byte(text + strings.Repeat("// a comment, so that it is worth compressing\n", 50))
		sum := sha256.Sum256(data)
		return add(stem+"-"+hex.EncodeToString(sum[:4])+ext, data)
	}
	engine := hashed("plura-chat", ".wasm", "\x00asm")
	start := hashed("plura-chat-start", ".js", `fetch("`+engine+`")`)
	loader := []byte(`import("` + start + `")`)
	add(build.LoaderName, loader)
	hashed("plura-chat", ".js", string(loader))
	add("frame.html", []byte("<!doctype html>"))
	list, err := json.Marshal(build.Digests{Version: build.Version, Files: digests})
	if err != nil {
		t.Fatal(err)
	}
	add("integrity.json", list)
	return d
}

// host serves a page at /, whose HTML is a text, and the files of a dist. change may change each answer.
type host struct {
	files  http.Handler
	html   string
	change change
}

// change changes the header of an answer, and returns its status and body.
type change func(r *http.Request, header http.Header, status int, body []byte) (int, []byte)

func newHost(t *testing.T) *host {
	t.Helper()
	return &host{
		files: preview.Files(dist(t), &build.Compressor{Fast: true}),
		html: `<!doctype html><title>Roofs</title><!-- <script src=/plura-chat.js type=module></script> -->
			<script async src="/plura-chat.js" data-flow-id="` + testFlow + `"></script>`,
	}
}

// ServeHTTP implements [http.Handler].
func (h *host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer := httptest.NewRecorder()
	name := path.Base(r.URL.Path)
	if r.URL.Path == "/" {
		answer.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = answer.WriteString(h.html)
	} else if h.files.ServeHTTP(answer, r); answer.Code == http.StatusOK {
		answer.Header().Set("Cache-Control", build.CacheControl(strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".br")))
	}
	status, body, header := answer.Code, answer.Body.Bytes(), answer.Header()
	if h.change != nil {
		status, body = h.change(r, header, status, body)
	}
	header.Del("Content-Length")
	for key, values := range header {
		w.Header()[key] = values
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// visit checks the site of a host. elsewhere checks its script as the file of another origin.
func visit(t *testing.T, h *host, elsewhere bool) Report {
	t.Helper()
	srv := httptest.NewServer(h)
	defer srv.Close()
	address := srv.URL + "/"
	if elsewhere {
		address += build.LoaderName
	}
	r, err := (&Checker{Client: srv.Client()}).Site(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestGoodSite checks that a good host has no other findings than right ones.
func TestGoodSite(t *testing.T) {
	for _, elsewhere := range []bool{false, true} {
		r := visit(t, newHost(t), elsewhere)
		sameSteps(t, r)
		if len(r.Findings) < 9 {
			t.Errorf("only %d findings", len(r.Findings))
		}
	}
}

// withHeader is the mistake of a header of the files whose names match a pattern.
func withHeader(pattern, key, value string) func(h *host) {
	return func(h *host) { h.change = headerOf(pattern, key, value) }
}

// headerOf is the change that withHeader makes.
func headerOf(pattern, key, value string) change {
	return func(r *http.Request, header http.Header, status int, body []byte) (int, []byte) {
		if ok, _ := path.Match(pattern, path.Base(r.URL.Path)); ok && status == http.StatusOK {
			header.Set(key, value)
		}
		return status, body
	}
}

// withMisses is the mistake of a header of the answers for files that are missing.
func withMisses(set func(header http.Header)) func(h *host) {
	return func(h *host) {
		h.change = func(_ *http.Request, header http.Header, status int, body []byte) (int, []byte) {
			if status == http.StatusNotFound {
				set(header)
			}
			return status, body
		}
	}
}

// cached returns what makes browsers cache an answer.
func cached(caching string) func(header http.Header) {
	return func(header http.Header) { header.Set("Cache-Control", caching) }
}

// sendPlain makes the host send no compressed files, and none at all whose names end with gone, if that is not "".
func (h *host) sendPlain(gone string) {
	files := h.files
	h.files = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if gone != "" && strings.HasSuffix(r.URL.Path, gone) {
			http.NotFound(w, r)
			return
		}
		r.Header.Del("Accept-Encoding")
		files.ServeHTTP(w, r)
	})
}

// altered is the mistake of another content of the files whose names begin with stem. The host compresses nothing,
// because a compressed file would be broken by what is added to it.
func altered(stem string) func(h *host) {
	return func(h *host) {
		h.sendPlain("")
		h.change = func(r *http.Request, header http.Header, status int, body []byte) (int, []byte) {
			if strings.HasPrefix(path.Base(r.URL.Path), stem) {
				body = append(body, ' ')
			}
			return status, body
		}
	}
}

// withoutModule is the mistake of a module that is missing.
func withoutModule(h *host) {
	h.change = func(r *http.Request, _ http.Header, status int, body []byte) (int, []byte) {
		if strings.HasPrefix(r.URL.Path, "/plura-chat-start") {
			status = http.StatusNotFound
		}
		return status, body
	}
}

// withPageForMisses is the mistake of an answer with the status 200 for every file that is missing.
func withPageForMisses(h *host) {
	h.change = func(_ *http.Request, _ http.Header, _ int, body []byte) (int, []byte) { return http.StatusOK, body }
}

// withWrongEncoding is the mistake of a header by which a file is compressed that is not.
func withWrongEncoding(h *host) {
	h.sendPlain("")
	h.change = headerOf("plura-chat-start*", "Content-Encoding", "br")
}

// TestBadHosts checks what is not right if the host makes one mistake.
func TestBadHosts(t *testing.T) {
	for _, c := range []struct {
		name string
		set  func(h *host)
		want []string
	}{
		{"type of the WebAssembly", withHeader("*.wasm", "Content-Type", "application/octet-stream"), []string{
			stepTypes + " wrong",
		}},
		{"type of a module", withHeader("plura-chat-start*.js", "Content-Type", "text/plain"), []string{
			stepTypes + " wrong",
		}},
		{"type of the script", withHeader("plura-chat.js", "Content-Type", "text/html"), []string{
			stepScript + " wrong", stepTypes + " wrong",
		}},
		{"no compression", func(h *host) { h.sendPlain("") }, []string{stepCompression + " wrong"}},
		{"no compression of anything", func(h *host) { h.sendPlain(".gz") }, []string{stepCompression + " wrong"}},
		{"no CORS", withHeader("*", "Access-Control-Allow-Origin", ""), []string{stepCORS + " wrong"}},
		{"CORP", withHeader("*", "Cross-Origin-Resource-Policy", "same-origin"), []string{stepCORP + " wrong"}},
		{"no CORS with errors", withMisses(func(header http.Header) {
			header.Del("Access-Control-Allow-Origin")
		}), []string{stepMisses + " odd"}},
		{"short caching", withHeader("*-*.js", "Cache-Control", "max-age=60"), []string{stepCaching + " odd"}},
		{"long caching", withHeader("plura-chat.js", "Cache-Control", "max-age=86400"), []string{
			stepCaching + " wrong",
		}},
		{"no caching", withHeader("*", "Cache-Control", ""), []string{stepCaching + " odd"}},
		{"cached misses", withMisses(cached("public, max-age=31536000, immutable")), []string{stepMisses + " wrong"}},
		{"misses for a day", withMisses(cached("public, max-age=86400")), []string{stepMisses + " odd"}},
		{"a page for misses", withPageForMisses, []string{stepMisses + " wrong"}},
		{"a missing module", withoutModule, []string{stepFiles + " wrong"}},
		{"an altered module", altered("plura-chat-start"), []string{
			stepCompression + " wrong", stepIntegrity + " wrong",
		}},
		{"an altered script", altered("plura-chat.js"), []string{
			stepCompression + " wrong", stepIntegrity + " wrong",
		}},
		{"what is not compressed", withWrongEncoding, []string{stepFiles + " wrong", stepCompression + " wrong"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHost(t)
			c.set(h)
			sameSteps(t, visit(t, h, true), c.want...)
		})
	}
}

// TestSiteAddresses checks which addresses are accepted, and that no query is shown.
func TestSiteAddresses(t *testing.T) {
	for _, address := range []string{"", "example.com", "ftp://example.com", "https://"} {
		if _, err := (&Checker{}).Site(t.Context(), address); err == nil {
			t.Errorf("%q is accepted", address)
		}
	}
	c := &Checker{
		Client: &http.Client{
			Transport: transport(func(*http.Request) (*http.Response, error) { return nil, http.ErrServerClosed }),
		},
	}
	r, err := c.Site(t.Context(), "https://example.com/?token=secret")
	var text bytes.Buffer
	if err != nil || r.WriteJSON(&text) != nil || !r.Failed() || strings.Contains(text.String(), "secret") {
		t.Errorf("%v: %s", err, &text)
	}
}

// TestLargeAnswers checks that a check does not read without end.
func TestLargeAnswers(t *testing.T) {
	h := newHost(t)
	h.html += strings.Repeat(" ", sentAtMost)
	r := visit(t, h, false)
	if f, _ := r.Find(stepPage); len(r.Findings) != 1 || !strings.Contains(f.Observed, "larger than") {
		t.Errorf("%+v", r.Findings)
	}
}

// TestFindingsAreClean checks that a text of a server cannot write lines of its own.
func TestFindingsAreClean(t *testing.T) {
	got := clean("a\nb\x1b[31m \u202e" + strings.Repeat("x", textAtMost))
	if strings.ContainsFunc(got, func(r rune) bool { return slices.Contains([]rune{'\n', '\x1b', '\u202e'}, r) }) ||
		len([]rune(got)) > textAtMost+1 {
		t.Errorf("%q", got)
	}
}
