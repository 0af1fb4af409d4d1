package check

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"plurachat/web/build"
)

// TestManyAnswers checks that a check keeps a bounded number of bytes of all files together.
func TestManyAnswers(t *testing.T) {
	srv := httptest.NewServer(newHost(t))
	defer srv.Close()
	u, err := url.Parse(srv.URL + "/" + build.LoaderName)
	if err != nil {
		t.Fatal(err)
	}
	s := &siteCheck{client: srv.Client(), left: 3000}
	s.ctx = t.Context()
	s.files(scriptTag{src: u})
	if f, _ := s.report().Find(stepFiles); f.Verdict != Wrong || !strings.Contains(f.Observed, "together") || s.left != 0 {
		t.Errorf("%d bytes are left: %+v", s.left, f)
	}
}

// TestRedirectedScript checks that the other files are looked for where browsers look for them: beside the address in the
// tag, and not where the host has redirected the script.
func TestRedirectedScript(t *testing.T) {
	h := newHost(t)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch name, ok := strings.CutPrefix(r.URL.Path, "/v1"); {
		case ok:
			r.URL.Path = name
			h.ServeHTTP(w, r)
		case name == "/":
			h.ServeHTTP(w, r)
		case name == "/"+build.LoaderName:
			http.Redirect(w, r, "/v1"+name, http.StatusFound)
		default:
			http.NotFound(w, r)
		}
	}))
	defer srv.Close()
	r, err := (&Checker{Client: srv.Client()}).Site(t.Context(), srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	sameSteps(t, r, stepScript+" odd", stepFiles+" wrong")
}

// TestSameSite checks which files a page gets that are for pages of their site.
func TestSameSite(t *testing.T) {
	for _, c := range []struct {
		page, file string
		want       Verdict
	}{
		{"https://www.example.com", "https://cdn.example.com/x.js", Right},
		{"https://www.example.com", "http://cdn.example.com/x.js", Right},
		{"http://www.example.com", "https://cdn.example.com/x.js", Wrong},
		{"https://www.example.com", "https://cdn.example.net/x.js", Wrong},
		{"https://a.co.uk", "https://b.co.uk/x.js", Wrong},
		{"https://a.github.io", "https://b.github.io/x.js", Wrong},
		{"http://127.0.0.1:1", "http://127.0.0.1:2/x.js", Right},
		{"http://127.0.0.1", "http://1.0.0.1/x.js", Wrong},
		{"http://localhost", "http://127.0.0.1/x.js", Wrong},
		{"", "https://cdn.example.com/x.js", Wrong}, // a page that the check does not know
	} {
		u, err := url.Parse(c.file)
		if err != nil {
			t.Fatal(err)
		}
		header := http.Header{"Cross-Origin-Resource-Policy": {"same-site"}}
		f := &file{"x.js", &fetched{url: u, status: http.StatusOK, header: header}, nil}
		check := filesCheck{siteCheck: &siteCheck{origin: c.page}, tag: scriptTag{src: u}}
		if got, _ := check.judgeCORP(f); got != c.want {
			t.Errorf("a file of %s for a page of %s is %s", c.file, c.page, got)
		}
	}
}
