package e2e

import (
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
)

// What README lists is all that the widget needs of a page's policy: files, session and socket are each on
// another host than the page, and nothing is reported.
func TestReadmePolicies(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	policies := strings.Split(string(text), "```csp\n")[1:]
	if len(policies) != 2 {
		t.Fatalf("README has %d policies, want one with hosts and one with a nonce", len(policies))
	}
	for i, name := range []string{"hosts", "nonce"} {
		policy, _, _ := strings.Cut(policies[i], "```")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			cdn := httptest.NewServer(dist.Handler(compressor))
			t.Cleanup(cdn.Close)
			service := httptest.NewServer(s.flow.Handler())
			t.Cleanup(service.Close)
			socket := "ws" + strings.TrimPrefix(service.URL, "http")

			header := strings.NewReplacer("\n", " ", "https://cdn.example.com", cdn.URL, "https://hooks.plura.ai", service.URL, "wss://wss.plura.ai", socket,
				"'nonce-…'", "'nonce-abc'",
				// watch.js, which is the test's, and what it sends.
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
