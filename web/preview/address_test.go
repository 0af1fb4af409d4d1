package preview

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"plurachat/widget/chat"
)

// TestPreviewBehindAProxy checks that the page names the addresses that the proxy has, and no text of a header that is
// not an address.
func TestPreviewBehindAProxy(t *testing.T) {
	p, _, _ := fixture(t)
	for name, c := range map[string]struct {
		headers       map[string]string
		socket, party string
	}{
		"none":  {nil, "ws://localhost:8080", "ws://localhost:8080"},
		"https": {map[string]string{"X-Forwarded-Proto": "https"}, "wss://localhost:8080", "wss://localhost:8080"},
		"host": {
			map[string]string{"X-Forwarded-Proto": "https", "X-Forwarded-Host": "chat.example.com"},
			"wss://chat.example.com", "wss://chat.example.com",
		},
		"folder": {
			map[string]string{"X-Forwarded-Prefix": "/team/chat"},
			"ws://localhost:8080/team/chat", "ws://localhost:8080",
		},
		"hostile": {
			map[string]string{
				"X-Forwarded-Proto": "javascript", "X-Forwarded-Host": "a; script-src *", "X-Forwarded-Prefix": "/\"><script>",
			},
			"ws://localhost:8080", "ws://localhost:8080",
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "http://localhost:8080/", nil)
			for header, value := range c.headers {
				r.Header.Set(header, value)
			}
			w := httptest.NewRecorder()
			p.Handler().ServeHTTP(w, r)
			session := "http" + strings.TrimPrefix(c.socket, "ws") + "/webchat/session"
			want := ` data-socket-url="` + c.socket + `" data-session-url="` + session + `">`
			if page := w.Body.String(); !strings.Contains(page, want) {
				t.Errorf("the page has other addresses: %s", page)
			}
			if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "connect-src 'self' "+c.party+";") {
				t.Errorf("the policy: %s", policy)
			}
		})
	}
}

// TestDemoIsStatic checks the files for a static host: relative addresses, the policy in the page, and the services in
// both.
func TestDemoIsStatic(t *testing.T) {
	dir := t.TempDir()
	d := Demo{Flow: flow, SocketURL: "wss://a.test:8443/b", SessionURL: "https://a.test:8443/b/webchat/session"}
	if err := d.Write("../..", dir); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`<script async src="plura-chat.js" data-flow-id="` + flow + `" data-socket-url="wss://a.test:8443/b" ` +
			`data-session-url="https://a.test:8443/b/webchat/session">`,
		`http-equiv="Content-Security-Policy"`, "connect-src &#39;self&#39; wss://a.test:8443 https://a.test:8443;",
		`href="page.css"`, `src="page.js"`, ` data-static="prechat `,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("index.html lacks %s", want)
		}
	}
	if strings.Contains(string(text), `="/`) {
		t.Error("index.html has an address from the root of the host")
	}
	for _, name := range []string{"page.css", "page.js"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	for _, bad := range []string{"wss://a.test; script-src *", "wss:", "\x00"} {
		if err := (Demo{Flow: flow, SocketURL: bad}).Write("../..", dir); err == nil {
			t.Errorf("the socket %q is accepted", bad)
		}
	}
}

// TestDemoNamesItsService checks that the page of a demo says that it talks to Plura AI, if it does.
func TestDemoNamesItsService(t *testing.T) {
	for socket, want := range map[string]bool{"": true, "wss://a.test": false} {
		files, err := Demo{Flow: flow, SocketURL: socket}.files("../..")
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(files[0].Data), "talking to Plura AI"); got != want {
			t.Errorf("with the socket %q, the page says that it talks to Plura AI: %v", socket, got)
		}
	}
}

// TestDemoLinks checks which attributes a link to a demo may change: none that decides where the widget connects to or
// what it sends. fixed must name attributes that exist.
func TestDemoLinks(t *testing.T) {
	names := free()
	for _, name := range fixed {
		if slices.Contains(names, name) || !slices.Contains(chat.Attributes, name) {
			t.Errorf("a link may change %s, or there is no such attribute", name)
		}
	}
	if len(names)+len(fixed) != len(chat.Attributes) {
		t.Errorf("a link may change only %v", names)
	}
}
