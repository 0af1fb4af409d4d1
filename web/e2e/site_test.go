package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/build"
	"plurachat/web/preview"
)

// flow is the ID of the flow on the tests' pages. The server accepts any ID.
const flow = "87f66d6d-dba9-4a44-9274-02c6927a083a"

// site is a site owner's web server, with pages, the dist, and a flow.
type site struct {
	*httptest.Server
	flow *protocoltest.Server
	dist http.Handler // the files of the dist

	mu      sync.Mutex
	pages   map[string]string
	headers map[string]http.Header
	reports []string
	allowed []string
	held    map[string]chan struct{}
	missing map[string]bool
	answers map[string]http.HandlerFunc
	files   map[string]int // number of requests by path
	owners  int            // number of names that settled has given to the chat owner
}

// watch is a script that reports to the site what must never occur on a site owner's page: errors, rejections,
// violations of the page's policy, and output to console.error. It defines no global.
const watch = `(() => {
	const send = fetch.bind(window), pending = new Set();
	const report = (...words) => {
		const sent = send("/watch", {method: "POST", body: words.join(" "), keepalive: true}).catch(() => {});
		pending.add(sent);
		sent.then(() => pending.delete(sent));
	};
	addEventListener("error", ({ error, message, target }) =>
		report("error:", error?.stack ?? message ?? target?.src ?? target?.href), true);
	addEventListener("unhandledrejection", ({ reason }) => report("unhandled rejection:", reason?.stack ?? reason));
	document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile, sample }) =>
		report("policy:", violatedDirective, blockedURI, sourceFile, sample));
	const { error } = console;
	console.error = (...words) => { report("console.error:", ...words); error.apply(console, words); };
	document.watched = async () => { await Promise.all(pending); };
})();`

// newSite starts a site, which stops with the test. options are those of the flow. The test fails if the client broke
// the protocol or a page reported something that allow does not cover.
func newSite(t *testing.T, options protocoltest.Options) *site {
	t.Helper()
	s := &site{
		flow:    protocoltest.New(options),
		dist:    preview.Files(dist, compressor),
		pages:   map[string]string{},
		headers: map[string]http.Header{},
		held:    map[string]chan struct{}{},
		missing: map[string]bool{},
		answers: map[string]http.HandlerFunc{},
		files:   map[string]int{},
	}
	mux := http.NewServeMux()
	mux.Handle("/webchat/", s.flow.Handler())
	mux.HandleFunc("POST /watch", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // a part of it is enough
		s.mu.Lock()
		defer s.mu.Unlock()
		s.reports = append(s.reports, string(body))
	})
	mux.HandleFunc("GET /watch.js", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = io.WriteString(w, watch)
	})
	mux.HandleFunc("/", s.serve)
	s.Server = httptest.NewServer(mux)
	t.Cleanup(func() {
		s.flow.Close()
		s.Server.Close()
		for _, violation := range s.flow.Violations() {
			t.Errorf("the client broke the protocol: %s", violation)
		}
		for _, report := range s.noticed() {
			t.Errorf("a page noticed: %s", report)
		}
	})
	return s
}

// serve serves a page or a file of the dist, with what the test has changed of it.
func (s *site) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.files[r.URL.Path]++
	page, ok := s.pages[r.URL.Path]
	held, missing := s.held[r.URL.Path], s.missing[r.URL.Path]
	for name, values := range s.headers[r.URL.Path] {
		w.Header()[name] = values
	}
	if answer := s.answers[r.URL.Path]; answer != nil {
		defer s.mu.Unlock() // one call at a time
		answer(w, r)
		return
	}
	s.mu.Unlock()
	if held != nil {
		select {
		case <-held:
		case <-r.Context().Done():
			return
		}
	}
	switch {
	case missing:
		w.Header().Set("Cache-Control", build.CacheControl("x-00000000.js"))
		http.NotFound(w, r)
	case !ok:
		s.dist.ServeHTTP(w, r)
	default:
		if w.Header().Get("Content-Type") == "" {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
		}
		_, _ = io.WriteString(w, page) // fails only if the browser has closed the connection
	}
}

// noticed returns what pages reported, without what allow covers.
func (s *site) noticed() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.reports), func(report string) bool {
		return slices.ContainsFunc(s.allowed, func(text string) bool { return strings.Contains(report, text) })
	})
}

// said returns everything that pages have reported.
func (s *site) said() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.reports)
}

// allow makes the test accept reports that contain the text.
func (s *site) allow(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.allowed = append(s.allowed, text)
}

// allowUnpinned makes the test accept WebKit's report about an element by which it could have checked start.js. WebKit
// sends it on a page that enforces Trusted Types; see SECURITY.md.
func (s *site) allowUnpinned(e *engine) {
	if e.Name == "webkit" {
		s.allow("policy: require-trusted-types-for trusted-types-sink")
	}
}

// page serves a page with the body at a path, and returns its URL.
func (s *site) page(path, body string) string {
	return s.document(path, `<!doctype html><html lang=en><title>A page</title><link rel=icon href=data:,>`+
		`<script src="/watch.js"></script>`+body)
}

// document serves a page, or another text, as it is at a path, and returns its URL.
func (s *site) document(path, html string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages[path] = html
	return s.URL + path
}

// header adds a header to the responses for a path.
func (s *site) header(path, name, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.headers[path] == nil {
		s.headers[path] = http.Header{}
	}
	s.headers[path].Add(name, value)
}

// asked returns how often a file was requested.
func (s *site) asked(name string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.files["/"+name]
}

// gone makes the site answer 404 for a file, and allow browsers to cache that answer for a year. If is is false, the
// site has the file again.
func (s *site) gone(name string, is bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.missing["/"+name] = is
}

// answer makes a function answer the requests for a path, one at a time.
func (s *site) answer(path string, how http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[path] = how
}

// hold delays the responses for a file until release is called.
func (s *site) hold(name string) (release func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	held := make(chan struct{})
	s.held["/"+name] = held
	return sync.OnceFunc(func() { close(held) })
}

// tag returns a site owner's script tag with additional attributes.
func (s *site) tag(attributes string) string {
	return fmt.Sprintf(`<script async src="/plura-chat.js" data-flow-id="%s" %s %s></script>`,
		flow, s.endpoints("data-"), attributes)
}

// element returns the widget as an element, after a script tag without a flow.
func (s *site) element(attributes string) string {
	return fmt.Sprintf(`<script async src="/plura-chat.js"></script><plura-chat flow-id="%s" %s %s></plura-chat>`,
		flow, s.endpoints(""), attributes)
}

// endpoints returns the attributes with the URLs of this site's flow.
func (s *site) endpoints(prefix string) string {
	return fmt.Sprintf(`%[1]ssocket-url="ws%[2]s" %[1]ssession-url="http%[2]s/webchat/session"`,
		prefix, strings.TrimPrefix(s.URL, "http"))
}
