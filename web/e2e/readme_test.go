package e2e

import (
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/preview"
)

// TestReadmeNamesTheLimits checks that README states the limits that TestSizes checks.
func TestReadmeNamesTheLimits(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for limit, sentence := range map[int]string{
		loaderLimit: "One script of at most %s bytes (brotli) for each page view.",
		wasmLimit:   "at most %s bytes of WebAssembly",
		restLimit:   "and %s bytes of other files.",
	} {
		number := fmt.Sprintf("%d,%03d", limit/1000, limit%1000)
		if want := fmt.Sprintf(sentence, number); !strings.Contains(string(text), want) {
			t.Errorf("README does not say %q", want)
		}
	}
}

// ownersPolicies returns the policies that docs/content-security-policy.md gives to site owners: one with hosts, one
// with a nonce, and one for the iframe mode.
func ownersPolicies(t *testing.T) (policies [3]string) {
	t.Helper()
	text, err := os.ReadFile("../docs/content-security-policy.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(text), "```csp\n")[1:]
	if len(blocks) != len(policies) {
		t.Fatalf("the page has %d policies, want %d", len(blocks), len(policies))
	}
	for i, block := range blocks {
		policy, _, _ := strings.Cut(block, "```")
		policies[i] = strings.ReplaceAll(strings.TrimSpace(policy), "\n", " ")
	}
	return policies
}

// TestOwnersPolicies checks that the widget needs no other directives of a page's policy than the documented ones.
// Files, session URL and socket are on other hosts than the page, and nothing may be reported.
func TestOwnersPolicies(t *testing.T) {
	t.Parallel()
	policies := ownersPolicies(t)
	for i, name := range []string{"hosts", "nonce"} {
		policy := policies[i]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			cdn := httptest.NewServer(preview.Files(dist, compressor))
			t.Cleanup(cdn.Close)
			service := httptest.NewServer(s.flow.Handler())
			t.Cleanup(service.Close)
			socket := "ws" + strings.TrimPrefix(service.URL, "http")

			header := strings.NewReplacer("https://cdn.example.com", cdn.URL, "https://hooks.plura.ai", service.URL, "wss://wss.plura.ai", socket,
				"'nonce-…'", "'nonce-abc'",
				// Allow the test's watch.js and its reports.
				"script-src ", "script-src 'self' ", "connect-src ", "connect-src 'self' ").Replace(policy)
			url := s.document("/", `<!doctype html><title>A page</title><link rel=icon href="data:,"><script nonce=abc src="/watch.js"></script>
				<script nonce=abc async src="`+cdn.URL+`/plura-chat.js" data-flow-id="`+flow+`" data-prechat="first_name,phone"
					data-socket-url="`+socket+`" data-session-url="`+service.URL+`/webchat/session"></script>`)
			s.header("/", "Content-Security-Policy", header)
			tab := chromium.visitor(t).open(url)
			tab.openForm()
			tab.fill("first_name", "Ada")
			tab.fill("phone", "+1 202 555 0123")
			tab.start()
			tab.heard("Hi Ada!")
			tab.say("hello")
			tab.heard("You said: hello")
		})
	}
}
