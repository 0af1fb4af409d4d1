package check

import (
	"net/url"
	"testing"
)

// parsed returns a URL.
func parsed(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// policyPage is the page whose policy is tested.
const policyPage = "https://www.example.com/"

// TestSources checks how sources match.
func TestSources(t *testing.T) {
	page := parsed(t, policyPage)
	for _, c := range []struct {
		source, url string
		want        bool
	}{
		{"*", "wss://wss.plura.ai/x", true},
		{"*", "blob:x", false},
		{"https:", "https://a.example", true},
		{"http:", "https://a.example", true},
		{"https:", "wss://a.example", false},
		{"'self'", "https://www.example.com/x", true},
		{"'self'", "wss://www.example.com/x", true},
		{"'self'", "https://cdn.example.com/x", false},
		{"'none'", "https://www.example.com/x", false},
		{"cdn.example.com", "https://cdn.example.com/x", true},
		{"CDN.example.com", "https://cdn.example.com/x", true},
		{"*.example.com", "https://cdn.example.com/x", true},
		{"*.example.com", "https://example.com/x", false},
		{"https://cdn.example.com/chat/", "https://cdn.example.com/chat/x.js", true},
		{"https://cdn.example.com/chat/", "https://cdn.example.com/other/x.js", false},
		{"https://cdn.example.com/chat/x.js", "https://cdn.example.com/chat/X.js", false},
		{"https://cdn.example.com:8443", "https://cdn.example.com/x", false},
		{"https://cdn.example.com:*", "https://cdn.example.com:8443/x", true},
		{"https://cdn.example.com", "https://cdn.example.com:8443/x", false},
		{"wss://wss.plura.ai", "wss://wss.plura.ai", true},
		{"wss.plura.ai", "wss://wss.plura.ai", false},
	} {
		if got := matches(c.source, parsed(t, c.url), page); got != c.want {
			t.Errorf("%s matches %s: %t", c.source, c.url, got)
		}
	}
}

// TestPolicies checks policies from the documentation.
func TestPolicies(t *testing.T) {
	page, src := parsed(t, policyPage), parsed(t, "https://cdn.example.com/chat/plura-chat.js")
	for _, c := range []struct {
		policy, nonce  string // or the tag's integrity
		script, engine bool
	}{
		{"default-src 'none'; script-src https://cdn.example.com 'wasm-unsafe-eval'", "", true, true},
		{"script-src 'nonce-abc' 'strict-dynamic' 'wasm-unsafe-eval'", "abc", true, true},
		{"script-src 'sha384-a+b/' 'strict-dynamic' 'wasm-unsafe-eval'", "sha384-a+b/", true, true},
		{"script-src 'sha384-a-b_' 'sha256-c' 'strict-dynamic'", "sha256-c sha384-a+b/?option", true, false},
		{"script-src 'sha384-a+b/' 'strict-dynamic'", "sha384-A+b/", false, false},
		{"script-src 'sha384-a+b/' 'strict-dynamic'", "sha384-a+b/ sha256-c", false, false},
		{"script-src 'sha384-a+b/' 'strict-dynamic'", "", false, false},
		{"script-src 'sha384-a+b/'", "sha384-a+b/", false, false}, // the modules are not allowed
		{"script-src 'nonce-abc' 'strict-dynamic' https:", "", false, false},
		{"script-src 'self' 'unsafe-eval'", "", false, true},
		{"img-src 'none'", "", true, true},
		{"script-src 'self'; script-src *", "", false, false},
	} {
		all := parsePolicies([]string{c.policy}, nil)
		if len(all) != 1 {
			t.Fatalf("%q has %d policies", c.policy, len(all))
		}
		tag := scriptTag{src, map[string]string{"nonce": c.nonce, "integrity": c.nonce}}
		if got := all[0].allowsScript(page, tag); got != c.script {
			t.Errorf("%s allows the script: %t", c.policy, got)
		}
		if got := all[0].allowsEngine(); got != c.engine {
			t.Errorf("%s allows the WebAssembly: %t", c.policy, got)
		}
	}
	if n := len(parsePolicies([]string{"script-src *, img-src *", ""}, []string{"default-src *"})); n != 3 {
		t.Errorf("two headers and a meta element have %d policies", n)
	}
}
