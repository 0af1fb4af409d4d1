package check

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"
)

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
