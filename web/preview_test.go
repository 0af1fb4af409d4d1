//go:build !js

package web

import (
	"html/template"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
)

func preview(t *testing.T) (*Preview, *Recipe, *strings.Builder) {
	t.Helper()
	r := fixture(t)
	log := &strings.Builder{}
	p := NewPreview(r, &Compressor{Fast: true})
	p.Flow, p.Log = demoFlow, log
	p.Demo = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte("demo " + r.URL.Path)) })
	return p, r, log
}

func TestPreviewServesPageWidgetAndDemo(t *testing.T) {
	p, _, _ := preview(t)
	h := p.Handler()
	page := get(h, "http://localhost:8080/")
	if text := string(body(t, page)); page.StatusCode != http.StatusOK || !strings.Contains(text,
		`<script async src="/plura-chat.js" data-flow-id="`+demoFlow+`" data-socket-url="ws://localhost:8080" data-session-url="http://localhost:8080/webchat/session"></script>`) {
		t.Errorf("%s: %s", page.Status, text)
	}
	if policy := page.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "connect-src 'self' ws://localhost:8080;") || !strings.Contains(policy, "'wasm-unsafe-eval'") {
		t.Errorf("policy: %s", policy)
	}
	if r := get(h, "/plura-chat.js"); r.StatusCode != http.StatusOK {
		t.Errorf("the loader: %s", r.Status)
	}
	if r := get(h, "/preview.js"); r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Errorf("the page's script: %s, %s", r.Status, r.Header.Get("Content-Type"))
	}
	if got := string(body(t, get(h, "/webchat/session"))); got != "demo /webchat/session" {
		t.Errorf("the demo: %q", got)
	}
	if r := get(h, "/go.mod"); r.StatusCode != http.StatusNotFound {
		t.Errorf("a source: %s", r.Status)
	}
}

func TestPreviewOfTheRealService(t *testing.T) {
	p, _, _ := preview(t)
	p.Live = true
	page := get(p.Handler(), "http://localhost:8080/")
	if text := string(body(t, page)); strings.Contains(text, "socket-url") || strings.Contains(text, "session-url") || !strings.Contains(text, demoFlow) {
		t.Errorf("the tag names another service: %s", text)
	}
	if policy := page.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "https://hooks.plura.ai wss://wss.plura.ai") {
		t.Errorf("policy: %s", policy)
	}
	if r := get(p.Handler(), "/webchat/session"); r.StatusCode != http.StatusNotFound {
		t.Errorf("the demo answers too: %s", r.Status)
	}
}

// A reload takes up what was edited; a mistake is shown on the page, and its repair too.
func TestPreviewRebuildsOnReload(t *testing.T) {
	p, r, log := preview(t)
	h, loader := p.Handler(), filepath.Join(r.Root, "web/loader.js")
	before := body(t, get(h, "/plura-chat.js"))
	if body(t, get(h, "/")); strings.Count(log.String(), "building") != 1 {
		t.Errorf("built more than once without a change:\n%s", log)
	}

	write(t, loader, `console.debug("edited")`)
	if page := get(h, "/"); page.StatusCode != http.StatusOK {
		t.Errorf("after an edit: %s", page.Status)
	}
	if after := string(body(t, get(h, "/plura-chat.js"))); !strings.Contains(after, "edited") || after == string(before) {
		t.Errorf("the loader is still %s", after)
	}

	write(t, loader, `const <b>`)
	page := get(h, "/")
	if text := string(body(t, page)); page.StatusCode != http.StatusInternalServerError || !strings.Contains(text, "loader.js:1:6") || strings.Contains(text, "<b>") {
		t.Errorf("after a mistake: %s: %s", page.Status, text)
	}
	if !strings.Contains(log.String(), "loader.js:1:6") {
		t.Errorf("the log does not tell the mistake:\n%s", log)
	}

	write(t, loader, `console.debug("repaired")`)
	if page := get(h, "/"); page.StatusCode != http.StatusOK {
		t.Errorf("after the repair: %s", page.Status)
	}
}

// A page that was open before a rebuild still asks for the files it knows by name.
func TestPreviewKeepsEarlierBuilds(t *testing.T) {
	p, r, _ := preview(t)
	if err := p.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	old := built(t, r).Files[3].Name
	write(t, filepath.Join(r.Root, "web/start.js"), `export const start = () => glue(BUILD.wasmHash);`)
	if err := p.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if now := built(t, r).Files[3].Name; now == old {
		t.Fatal("the edit changed nothing")
	}
	if r := get(p, "/"+old); r.StatusCode != http.StatusOK {
		t.Errorf("%s: %s", old, r.Status)
	}
}

func TestTag(t *testing.T) {
	defaults := map[string]string{"flow-id": "F", "socket-url": "ws://h"}
	for query, want := range map[string][2]template.HTML{
		"":                              {`<script async src="/plura-chat.js" data-flow-id="F" data-socket-url="ws://h"></script>`, ""},
		"theme=dark&flow-id=G":          {`<script async src="/plura-chat.js" data-flow-id="G" data-theme="dark" data-socket-url="ws://h"></script>`, ""},
		"mode=inline&open":              {`<script async src="/plura-chat.js"></script>`, `<plura-chat flow-id="F" mode="inline" open="" socket-url="ws://h"></plura-chat>`},
		"heading=%22%3E%3Cscript%3E":    {`<script async src="/plura-chat.js" data-flow-id="F" data-heading="&#34;&gt;&lt;script&gt;" data-socket-url="ws://h"></script>`, ""},
		"onload=alert(1)&unknown=%22x)": {`<script async src="/plura-chat.js" data-flow-id="F" data-socket-url="ws://h"></script>`, ""},
		"bare":                          {"", ""},
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if script, inline := tag(defaults, values); script != want[0] || inline != want[1] {
			t.Errorf("%q:\n%s\n%s\nwant\n%s\n%s", query, script, inline, want[0], want[1])
		}
	}
}

func TestListenTakesTheNextPort(t *testing.T) {
	first, err := listen("")
	if err != nil {
		t.Skipf("no port to be had: %v", err)
	}
	defer first.Close()
	second, err := listen("")
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if a, b := first.Addr().(*net.TCPAddr), second.Addr().(*net.TCPAddr); b.Port <= a.Port || !b.IP.IsLoopback() {
		t.Errorf("%v, then %v", a, b)
	}
	if l, err := listen(first.Addr().String()); err == nil {
		l.Close()
		t.Errorf("%v was given although it is taken", first.Addr())
	}
}
