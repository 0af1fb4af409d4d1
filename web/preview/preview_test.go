package preview

import (
	"html/template"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"plurachat/web/build"
	"plurachat/widget/chat"
)

// flow is the id of the flow on the page.
const flow = "87f66d6d-dba9-4a44-9274-02c6927a083a"

// fixture returns a preview of a small module, the recipe of the module, and the preview's log.
func fixture(t *testing.T) (*Preview, *build.Recipe, *strings.Builder) {
	t.Helper()
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS("../build/testdata/module")); err != nil {
		t.Fatal(err)
	}
	// The build needs the module and the style sheet of each feature.
	modules, err := filepath.Glob("../aside/*.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range modules {
		module := filepath.Join(root, "web", "aside", filepath.Base(file))
		if _, err := os.Stat(module); err != nil {
			write(t, module, "export const extend = () => {};\n")
			write(t, strings.TrimSuffix(module, ".js")+".css", "")
		}
	}
	write(t, filepath.Join(root, "web/preview/page.html"), "<!doctype html><title>Preview</title>{{.Script}}<main>{{.Inline}}</main>")
	write(t, filepath.Join(root, "web/preview/page.js"), "")
	log := &strings.Builder{}
	r := &build.Recipe{Root: root, Plain: true}
	p := New(r, &build.Compressor{Fast: true})
	p.Flow, p.Log = flow, log
	p.Demo = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte("demo " + r.URL.Path)) })
	return p, r, log
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// built returns a new build of the recipe.
func built(t *testing.T, r *build.Recipe) *build.Dist {
	t.Helper()
	d, err := r.Build(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestPreviewServesPageWidgetAndDemo(t *testing.T) {
	p, _, _ := fixture(t)
	h := p.Handler()
	page := get(h, "http://localhost:8080/")
	if text := string(body(t, page)); page.StatusCode != http.StatusOK || !strings.Contains(text,
		`<script async src="plura-chat.js" data-flow-id="`+flow+`" data-socket-url="ws://localhost:8080" data-session-url="http://localhost:8080/webchat/session"></script>`) {
		t.Errorf("%s: %s", page.Status, text)
	}
	if policy := page.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "connect-src 'self' ws://localhost:8080;") || !strings.Contains(policy, "'wasm-unsafe-eval'") {
		t.Errorf("policy: %s", policy)
	}
	if r := get(h, "/plura-chat.js"); r.StatusCode != http.StatusOK {
		t.Errorf("the loader: %s", r.Status)
	}
	if r := get(h, "/page.js"); r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "text/javascript; charset=utf-8" {
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
	p, _, _ := fixture(t)
	p.Live = true
	page := get(p.Handler(), "http://localhost:8080/")
	if text := string(body(t, page)); strings.Contains(text, "socket-url") || strings.Contains(text, "session-url") || !strings.Contains(text, flow) {
		t.Errorf("the tag names another service: %s", text)
	}
	if policy := page.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "https://hooks.plura.ai wss://wss.plura.ai") {
		t.Errorf("policy: %s", policy)
	}
	if r := get(p.Handler(), "/webchat/session"); r.StatusCode != http.StatusNotFound {
		t.Errorf("the demo answers too: %s", r.Status)
	}
}

// After an edit, a reload shows the new build. A mistake in a source is shown on the page until it is repaired.
func TestPreviewRebuildsOnReload(t *testing.T) {
	p, r, log := fixture(t)
	h, loader := p.Handler(), filepath.Join(r.Root, "web/loader/loader.js")
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

// The files of earlier builds stay available: a page that was opened before a rebuild requests them by their old names.
func TestPreviewKeepsEarlierBuilds(t *testing.T) {
	p, r, _ := fixture(t)
	if err := p.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	old := built(t, r).Files[3].Name
	write(t, filepath.Join(r.Root, "web/start/start.js"), `export const start = () => glue(BUILD.wasmHash);`)
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
		"":                              {`<script async src="plura-chat.js" data-flow-id="F" data-socket-url="ws://h"></script>`, ""},
		"theme=dark&flow-id=G":          {`<script async src="plura-chat.js" data-flow-id="G" data-theme="dark" data-socket-url="ws://h"></script>`, ""},
		"mode=inline&open":              {`<script async src="plura-chat.js"></script>`, `<plura-chat flow-id="F" mode="inline" open="" socket-url="ws://h"></plura-chat>`},
		"heading=%22%3E%3Cscript%3E":    {`<script async src="plura-chat.js" data-flow-id="F" data-heading="&#34;&gt;&lt;script&gt;" data-socket-url="ws://h"></script>`, ""},
		"onload=alert(1)&unknown=%22x)": {`<script async src="plura-chat.js" data-flow-id="F" data-socket-url="ws://h"></script>`, ""},
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

// The configurator must name only attributes, because the server ignores all other parameters of the address.
func TestConfiguratorNamesAttributes(t *testing.T) {
	page, err := os.ReadFile("page.html")
	if err != nil {
		t.Fatal(err)
	}
	_, form, _ := strings.Cut(string(page), `<form id="options"`)
	form, _, ended := strings.Cut(form, "</form>")
	names := regexp.MustCompile(` name="([^"]*)"`).FindAllStringSubmatch(form, -1)
	if !ended || len(names) < 20 {
		t.Fatalf("the configurator has %d controls", len(names))
	}
	for _, name := range names {
		if !slices.Contains(chat.Attributes, name[1]) {
			t.Errorf("the configurator has the attribute %q, which does not exist", name[1])
		}
	}
}

// An error in parsing or executing the page's template is shown on the page, like an error in another source.
func TestBrokenPageIsShown(t *testing.T) {
	p, r, _ := fixture(t)
	for text, want := range map[string]string{"<p>{{.Flow</p>": "page.html:1", "<p>{{.Flow.Missing}}": "page.html:1"} {
		write(t, filepath.Join(r.Root, "web", "preview", "page.html"), text)
		page := get(p.Handler(), "http://localhost:8080/")
		if got := string(body(t, page)); page.StatusCode != http.StatusInternalServerError || !strings.Contains(got, "<h1>The build failed</h1>") || !strings.Contains(got, want) {
			t.Errorf("%s: %s: %s", text, page.Status, got)
		}
	}
}
