// Package preview serves a landing page with the widget on it (Preview), as "go run ." shows it, and the files of a build
// the way a good host serves them (Files).
package preview

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"path/filepath"
	"sync"

	"plurachat/web/build"
)

// Preview serves a landing page with the widget on it, and rebuilds the widget whenever the page is asked
// for and a source has changed since. Make one with New; it is an http.Handler for any number of requests
// at once.
type Preview struct {
	// Flow is the id of the flow on the page.
	Flow string
	// Live leaves the widget at the real service's addresses. Otherwise it talks to the server that the
	// page came from, where Demo answers.
	Live bool
	// Demo serves session initialisation and conversations, below /webchat/.
	Demo http.Handler
	// Log is told of builds and their errors. Nil is silence.
	Log io.Writer

	// Context ends when the preview is stopped. Nil never does.
	Context context.Context

	recipe *build.Recipe
	files  *fileServer

	mu    sync.Mutex
	built string // fingerprint of the sources that files were made of, or that err came of
	err   error
}

// New returns a preview of what the recipe makes. The compressor's speed is what a visitor of a fresh build
// waits for.
func New(r *build.Recipe, c *build.Compressor) *Preview {
	return &Preview{recipe: r, files: &fileServer{compressor: c}}
}

// Refresh builds if a source has changed since the last time, and returns that build's error.
func (p *Preview) Refresh(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, err := p.recipe.Sources(ctx)
	if err != nil {
		return err
	}
	if now == p.built {
		return p.err
	}
	p.logf("building the widget")
	d, err := p.recipe.Build(ctx)
	if ctx.Err() != nil {
		return fmt.Errorf("building the widget: %w", context.Cause(ctx))
	}
	if p.built, p.err = now, err; err != nil {
		p.logf("the build failed: %v", err)
		return err
	}
	p.files.add(d)
	p.logf("built")
	return nil
}

// refresh is Refresh for a request. A browser that leaves does not stop the build, for the next request would
// only start it again; what stops the preview does.
func (p *Preview) refresh() error {
	ctx := p.Context
	if ctx == nil {
		ctx = context.Background()
	}
	return p.Refresh(ctx)
}

// Wait waits until nothing is being built.
func (p *Preview) Wait() {
	p.mu.Lock()
	defer p.mu.Unlock()
}

// ServeHTTP implements http.Handler.
func (p *Preview) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch path := r.URL.Path; path {
	case "/", "/index.html":
		p.servePage(w, r)
	case "/page.css", "/page.js":
		ServeSource(w, r, filepath.Join(p.recipe.Root, "web", "preview", path))
	case "/" + build.LoaderName:
		if err := p.refresh(); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		p.files.ServeHTTP(w, r)
	default:
		p.files.ServeHTTP(w, r)
	}
}

// Handler is the page, the widget's files and the demo's answers.
func (p *Preview) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", p)
	if p.Demo != nil && !p.Live {
		mux.Handle("/webchat/", p.Demo)
	}
	return mux
}

// policy is what docs/content-security-policy.md tells a strict site to allow, so that the preview notices when it no
// longer suffices.
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' https: data:; " +
	"connect-src 'self' %s; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// servePage writes the landing page with the widget's tag in it, or what is wrong with the build.
func (p *Preview) servePage(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := p.refresh(); err != nil {
		p.serveFailure(w, err)
		return
	}
	service := "ws://" + r.Host // older Safari does not count a socket to the page's own host as 'self'
	defaults := map[string]string{"flow-id": p.Flow}
	if p.Live {
		service = "https://hooks.plura.ai wss://wss.plura.ai"
	} else {
		defaults["socket-url"], defaults["session-url"] = "ws://"+r.Host, "http://"+r.Host+"/webchat/session"
	}
	script, inline := tag(defaults, r.URL.Query())
	page, err := p.page(map[string]any{"Script": script, "Inline": inline, "Flow": p.Flow, "Live": p.Live})
	if err != nil {
		p.logf("%v", err)
		p.serveFailure(w, err)
		return
	}
	w.Header().Set("Content-Security-Policy", fmt.Sprintf(policy, service))
	_, _ = w.Write(page) // a browser that went away needs no answer
}

// page fills in the landing page.
func (p *Preview) page(data any) ([]byte, error) {
	t, err := template.ParseFiles(filepath.Join(p.recipe.Root, "web", "preview", "page.html"))
	if err != nil {
		return nil, fmt.Errorf("the page: %w", err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, data); err != nil {
		return nil, fmt.Errorf("the page: %w", err)
	}
	return out.Bytes(), nil
}

// serveFailure writes what went wrong, where the page would be.
func (p *Preview) serveFailure(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	w.WriteHeader(http.StatusInternalServerError)
	_ = failurePage.Execute(w, err)
}

// failurePage shows what the compiler or the bundler said.
var failurePage = template.Must(template.New("failure").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>The build failed</title>
<style>body{font:16px/1.5 system-ui,sans-serif;margin:8vh auto;max-width:60rem;padding:0 24px;background:#fff;color:#1c1c1c}
pre{font:14px/1.5 ui-monospace,monospace;white-space:pre-wrap;background:#fff4f2;border-left:4px solid #c8321f;padding:16px}
@media (prefers-color-scheme:dark){body{background:#161616;color:#eee}pre{background:#2b1815}}</style>
<h1>The build failed</h1><pre>{{.}}</pre><p>Correct it and reload this page.</p>
`))

func (p *Preview) logf(format string, args ...any) {
	if p.Log != nil {
		fmt.Fprintf(p.Log, format+"\n", args...)
	}
}
