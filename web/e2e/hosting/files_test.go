package hosting

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"plurachat/protocol/protocoltest"
	"plurachat/web/build"
	sitecheck "plurachat/web/check"
	"plurachat/web/hosting"
)

// ask sends a request that no library changes: Go's client would decompress the answer.
func ask(t *testing.T, method, url string, headers ...string) (*http.Response, []byte) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Origin", "https://www.example.com")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := plain.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, url, err)
	}
	return resp, body
}

var plain = &http.Transport{DisableCompression: true}

// decoded returns what a browser makes of a body.
func decoded(encoding string, body []byte) ([]byte, error) {
	var r io.Reader = bytes.NewReader(body)
	switch encoding {
	case "":
	case "br":
		r = brotli.NewReader(r)
	case "gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			return nil, err
		}
		r = z
	default:
		return nil, fmt.Errorf("the encoding is %q", encoding)
	}
	return io.ReadAll(r)
}

// check fails the test unless a response has the headers that every response should have, also an error.
func check(t *testing.T, resp *http.Response) {
	t.Helper()
	for header, want := range hosting.Headers {
		if got := resp.Header.Values(header); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %s is %q, want %q", resp.Request.URL.Path, header, got, want)
		}
	}
}

// caching returns the Cache-Control of a server. lighttpd's module for it writes seconds and nothing else.
func (s server) caching(name string) string {
	want := build.CacheControl(name)
	if _, seconds, ok := strings.Cut(want, "max-age="); ok && s.program == "lighttpd" {
		return "max-age=" + strings.TrimSuffix(seconds, ", immutable")
	}
	return want
}

// TestFiles requests every file of the build in every encoding.
func TestFiles(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s server, url string) {
		for _, f := range dist.Files {
			for accept, encodings := range map[string][]string{
				"gzip, deflate, br": {"br", "gzip"}, "gzip, deflate": {"gzip"}, "identity": nil,
			} {
				encoding := ""
				if i := slices.IndexFunc(encodings, func(e string) bool { return slices.Contains(s.encodings, e) }); i >= 0 {
					encoding = encodings[i]
				}
				resp, body := ask(t, "GET", url+"/"+f.Name, "Accept-Encoding", accept)
				check(t, resp)
				if resp.StatusCode != http.StatusOK {
					t.Fatalf("%s: %s", f.Name, resp.Status)
				}
				for header, want := range map[string]string{
					"Content-Type": build.ContentType(f.Name), "Content-Encoding": encoding,
					"Cache-Control": s.caching(f.Name), "Vary": "Accept-Encoding",
				} {
					if got := strings.Join(resp.Header.Values(header), ", "); got != want {
						t.Errorf("%s as %q: %s is %q, want %q", f.Name, accept, header, got, want)
					}
				}
				if plain, err := decoded(resp.Header.Get("Content-Encoding"), body); err != nil || !bytes.Equal(plain, f.Data) {
					t.Errorf("%s as %q: the bytes are not the file's (error: %v)", f.Name, accept, err)
				}
				head, _ := ask(t, "HEAD", url+"/"+f.Name, "Accept-Encoding", accept)
				check(t, head)
				for _, header := range []string{"Content-Type", "Content-Encoding", "Cache-Control"} {
					if got, want := head.Header.Get(header), resp.Header.Get(header); got != want {
						t.Errorf("HEAD %s: %s is %q, for GET %q", f.Name, header, got, want)
					}
				}
				tag := resp.Header.Get("ETag")
				again, _ := ask(t, "GET", url+"/"+f.Name, "Accept-Encoding", accept, "If-None-Match", tag)
				if tag == "" || again.StatusCode != http.StatusNotModified {
					t.Errorf("%s as %q: a browser that has %q gets %s", f.Name, accept, tag, again.Status)
				}
			}
			resp, body := ask(t, "GET", url+"/"+f.Name, "Accept-Encoding", "identity", "Range", "bytes=1-9")
			if resp.StatusCode != http.StatusPartialContent || !bytes.Equal(body, f.Data[1:10]) {
				t.Errorf("%s: a range is %s, %q", f.Name, resp.Status, body)
			}
		}
	})
}

// TestOwnersFiles requests files beside those of the build, which have no compressed forms.
func TestOwnersFiles(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ server, url string) {
		for name, want := range ofOwner {
			for _, accept := range []string{"gzip, deflate, br", "gzip", "identity"} {
				resp, body := ask(t, "GET", url+"/"+name, "Accept-Encoding", accept)
				got, err := decoded(resp.Header.Get("Content-Encoding"), body)
				if resp.StatusCode != http.StatusOK || err != nil || string(got) != want {
					t.Errorf("%s as %q: %s, %q (error: %v)", name, accept, resp.Status, got, err)
				}
			}
		}
	})
}

// TestCheck runs the check of a site for a page of another origin, with the files of each server. All must be right.
func TestCheck(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ server, url string) {
		page := owner(t, url+"/"+build.LoaderName, service(t, protocoltest.Options{}).SocketURL())
		r, err := (&sitecheck.Checker{}).Site(t.Context(), page)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range r.Findings {
			if f.Verdict != sitecheck.Right {
				t.Errorf("%+v", f)
			}
		}
		if f, ok := r.Find("missing files"); !ok {
			t.Errorf("the check has ended early, after %+v", f)
		}
	})
}

// TestMissingFiles requests files that do not exist. A browser or a proxy must not store that a file is missing,
// because it may be there a moment later. A page of another origin must be able to read the status.
func TestMissingFiles(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ server, url string) {
		for _, name := range []string{"plura-chat-00000000.wasm", "plura-chat-start-00000000.js",
			"nowhere/" + build.LoaderName, "other.html"} {
			for _, accept := range []string{"gzip, deflate, br", "identity"} {
				resp, _ := ask(t, "GET", url+"/"+name, "Accept-Encoding", accept)
				check(t, resp)
				if resp.StatusCode != http.StatusNotFound {
					t.Errorf("%s: %s, want 404", name, resp.Status)
				}
				if caching := resp.Header.Get("Cache-Control"); caching != "" && caching != "no-cache" {
					t.Errorf("%s: a missing file is cached: %s", name, caching)
				}
			}
		}
	})
}

// TestGzipFile requests the file that the widget fetches where WebAssembly comes uncompressed. The widget accepts it
// with and without Content-Encoding.
func TestGzipFile(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ server, url string) {
		engine := dist.Engine()
		resp, body := ask(t, "GET", url+"/"+engine.Name+".gz", "Accept-Encoding", "gzip, deflate, br")
		check(t, resp)
		if data, err := decoded("gzip", body); err != nil || !bytes.Equal(data, engine.Data) {
			t.Errorf("%s: the bytes are not the file's (error: %v)", resp.Status, err)
		}
	})
}
