// Package preview serves a landing page with the widget on it, which "go run ." shows ([Preview]), and the files of a
// build ([Files]).
package preview

import (
	"context"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"path/filepath"
	"sync"

	"plurachat/web/build"
)

// Preview is an http.Handler for a landing page with the widget on it. If a source has changed, a request for the page
// or the loader rebuilds the widget first. The constructor is New. The fields must be set before the first request. The
// methods may be called by several goroutines at once.
type Preview struct {
	// Flow is the id of the flow on the page.
	Flow string
	// Live lets the widget connect to the real service. Otherwise it connects to the page's own server, where Demo
	// handles its requests.
	Live bool
	// Demo serves session initialisation and connections, below /webchat/. It is not used if Live is set.
	Demo http.Handler
	// Log receives a line for each build and for each error; nil: nothing is logged.
	Log io.Writer
	// Context stops the builds that requests have started when it ends; nil: nothing stops them.
	Context context.Context

	recipe *build.Recipe
	files  *fileServer

	mu    sync.Mutex
	built string // fingerprint of the sources of the newest build; empty: there was none
	err   error  // the error of that build
}

// New returns a preview of the widget that the recipe builds. After a build, the first request for each file waits for
// the compressor, so it should be a fast one.
func New(r *build.Recipe, c *build.Compressor) *Preview {
	return &Preview{recipe: r, files: &fileServer{compressor: c}}
}

// Refresh builds the widget if a source has changed since the last build. It returns the error of the last build.
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

// refresh calls Refresh for a request, with the preview's Context instead of the request's. If the browser closes the
// connection, the build continues, because the next request needs it too.
func (p *Preview) refresh() error {
	ctx := p.Context
	if ctx == nil {
		ctx = context.Background()
	}
	return p.Refresh(ctx)
}

// Wait waits for the end of the build that is running, if any.
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

// Handler returns a handler for the page, the widget's files and, unless Live is set, the demo.
func (p *Preview) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", p)
	if p.Demo != nil && !p.Live {
		mux.Handle("/webchat/", p.Demo)
	}
	return mux
}

// policy is the policy that web/docs/content-security-policy.md recommends for a strict site. The preview uses it so
// that a change of the widget that needs more is noticed.
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; " +
	"img-src 'self' https: data:; connect-src 'self' %s; base-uri 'none'; form-action 'none'; " +
	"require-trusted-types-for 'script'; trusted-types 'none'"

// servePage writes the landing page with the widget's tag, or the build's error.
func (p *Preview) servePage(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := p.refresh(); err != nil {
		p.serveFailure(w, err)
		return
	}
	at := addressOf(r)
	// In older versions of Safari, 'self' does not include sockets to the page's host.
	service := address{secure: at.secure, host: at.host}.url("ws")
	defaults := map[string]string{"flow-id": p.Flow}
	if p.Live {
		service = "https://hooks.plura.ai wss://wss.plura.ai"
	} else {
		defaults["socket-url"], defaults["session-url"] = at.url("ws"), at.url("http")+"/webchat/session"
	}
	script, inline := tag(defaults, r.URL.Query())
	page, err := executePage(p.recipe.Root, map[string]any{
		"Script": script, "Inline": inline, "Flow": p.Flow, "Live": p.Live,
	})
	if err != nil {
		p.logf("%v", err)
		p.serveFailure(w, err)
		return
	}
	w.Header().Set("Content-Security-Policy", fmt.Sprintf(policy, service))
	_, _ = w.Write(page) // fails only if the browser has closed the connection
}

// serveFailure writes a page with the error, with status 500.
func (p *Preview) serveFailure(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	w.WriteHeader(http.StatusInternalServerError)
	_ = failurePage.Execute(w, err)
}

// failurePage shows the error of the compiler, the bundler or the template.
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
