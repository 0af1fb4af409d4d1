package check

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path"
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
