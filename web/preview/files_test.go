package preview

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"plurachat/web/build"
)

// dist returns a build with one file of each kind.
func dist() *build.Dist {
	return &build.Dist{Files: []*build.File{
		{Name: "plura-chat-01234567.wasm", Data: []byte("\x00asm, as it were")},
		{Name: "plura-chat-start-89abcdef.js", Data: []byte("export const start = () => {};\n")},
		{Name: build.LoaderName, Data: []byte("(() => {})();\n")},
		{Name: "LICENSES.txt", Data: []byte("licences\n")},
		{Name: "integrity.json", Data: []byte("{}\n")},
	}}
}

// get requests a path from a handler directly. An http.Client would add an Accept-Encoding header and decompress.
func get(h http.Handler, path string, header ...string) *http.Response {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) []byte {
	t.Helper()
	var from io.Reader = r.Body
	switch r.Header.Get("Content-Encoding") {
	case "br":
		from = brotli.NewReader(r.Body)
	case "gzip":
		z, err := gzip.NewReader(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		from = z
	}
	b, err := io.ReadAll(from)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestHandlerServesLikeAGoodHost(t *testing.T) {
	d := dist()
	h := Files(d, &build.Compressor{Fast: true})
	const forever = "public, max-age=31536000, immutable"
	for _, c := range []struct{ name, kind, cache string }{
		{d.Files[0].Name, "application/wasm", forever},
		{d.Files[1].Name, "text/javascript; charset=utf-8", forever},
		{"plura-chat.js", "text/javascript; charset=utf-8", "no-cache"},
		{"LICENSES.txt", "text/plain; charset=utf-8", "no-cache"},
		{"integrity.json", "application/json", "no-cache"},
	} {
		for accept, encoding := range map[string]string{"": "", "gzip, deflate, br, zstd": "br", "gzip": "gzip", "br;q=0, gzip;q=0.5": "gzip", "identity": ""} {
			r := get(h, "/"+c.name, "Accept-Encoding", accept)
			if r.StatusCode != http.StatusOK || r.Header.Get("Content-Encoding") != encoding {
				t.Errorf("%s for %q: %s, encoding %q, want %q", c.name, accept, r.Status, r.Header.Get("Content-Encoding"), encoding)
			}
			for key, want := range map[string]string{"Content-Type": c.kind, "Cache-Control": c.cache, "Access-Control-Allow-Origin": "*", "Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"} {
				if got := r.Header.Get(key); got != want {
					t.Errorf("%s: %s: %q, want %q", c.name, key, got, want)
				}
			}
			if got := body(t, r); !bytes.Equal(got, d.File(c.name).Data) {
				t.Errorf("%s for %q: other bytes", c.name, accept)
			}
		}
	}
}

// A page whose host does not compress requests the compressed file by its name.
func TestHandlerServesCompressedFilesByName(t *testing.T) {
	d := dist()
	r := get(Files(d, &build.Compressor{Fast: true}), "/"+d.Files[0].Name+".gz", "Accept-Encoding", "gzip")
	if r.StatusCode != http.StatusOK || r.Header.Get("Content-Encoding") != "" || r.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Fatalf("%s, %v", r.Status, r.Header)
	}
	z, err := gzip.NewReader(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(z); err != nil || !bytes.Equal(got, d.Files[0].Data) {
		t.Errorf("other bytes, %v", err)
	}
}

func TestHandlerAnswersConditionally(t *testing.T) {
	h := Files(dist(), &build.Compressor{Fast: true})
	plain, small := get(h, "/plura-chat.js").Header.Get("ETag"), get(h, "/plura-chat.js", "Accept-Encoding", "br").Header.Get("ETag")
	if plain == "" || plain == small {
		t.Errorf("ETags %s and, compressed, %s", plain, small)
	}
	if r := get(h, "/plura-chat.js", "If-None-Match", plain); r.StatusCode != http.StatusNotModified || len(body(t, r)) != 0 {
		t.Errorf("asked again: %s", r.Status)
	}
}

func TestHandlerRefuses(t *testing.T) {
	h := Files(dist(), &build.Compressor{Fast: true})
	for _, path := range []string{"/", "/plura-chat", "/plura-chat.js.zip", "/../go.mod", "/.br"} {
		if r := get(h, path); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, r.Status)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/plura-chat.js", strings.NewReader("x")))
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %d, Allow: %s", w.Code, w.Header().Get("Allow"))
	}
}
