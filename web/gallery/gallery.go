// Package gallery serves pages that show the widget in each of its states, for people and for the browser tests.
// states.go lists the states; talk.go has the texts of their conversations. page.html shows all states side by side;
// frame.html shows one.
package gallery

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/google/uuid"

	"plurachat/web/build"
	"plurachat/web/preview"
	"plurachat/widget/chat"
	"plurachat/widget/words"
)

// Gallery is an http.Handler for pages that show the widget in each of its states. /gallery/ shows all states side by
// side. /gallery/frame shows the one that its query names, such as ?state=ended&theme=dark&lang=ar. The constructor is
// New. ServeHTTP may be called by several goroutines at once.
//
// In this package, a frame is an iframe of the gallery's page. Each request for one starts a server, which behaves as
// the state needs.
type Gallery struct {
	root  string
	files http.Handler

	mu       sync.Mutex
	services []*service
	made     int
}

// New returns a gallery of the module in the folder root. files serves the widget's files at "/". The caller must close
// the gallery.
func New(root string, files http.Handler) *Gallery {
	return &Gallery{root: root, files: files}
}

// Close stops all services, which drops the connections of all frames.
func (g *Gallery) Close() {
	g.mu.Lock()
	services := g.services
	g.services = nil
	g.mu.Unlock()
	for _, s := range services {
		s.Close()
	}
}

// States returns the names of all states, in the order in which the gallery shows them.
func (g *Gallery) States() []string {
	var names []string
	for _, s := range states {
		names = append(names, s.Name)
	}
	return names
}

// OnPhones reports whether the state looks different from the others only on a phone. The state must exist.
func (g *Gallery) OnPhones(state string) bool { return stateNamed(state).Phone }

// policy is the preview's policy, with two additions for the gallery's page: it allows iframes and the submission of
// the form.
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; " +
	"img-src 'self' https: data:; connect-src 'self' ws://%s; frame-src 'self'; base-uri 'none'; form-action 'self'; " +
	"require-trusted-types-for 'script'; trusted-types 'none'"

// ServeHTTP implements http.Handler, for /gallery and everything below it.
func (g *Gallery) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/gallery")
	first, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	switch first {
	case "":
		g.serve(w, r, "page.html", policy, page(r))
	case "frame":
		g.serveFrame(w, r)
	case "page.css", "page.js", "frame.css", "frame.js", "clock.js", "widget.js", "actions.js", "steps.js":
		preview.ServeSource(w, r, filepath.Join(g.root, "web", "gallery", first))
	case "service":
		g.serveService(w, r, rest)
	case "stalled", "broken", "lost":
		g.serveBadly(w, r, first, rest)
	default:
		http.NotFound(w, r)
	}
}

// serve writes a page from a template in this folder.
func (g *Gallery) serve(w http.ResponseWriter, r *http.Request, name, policy string, data any) {
	t := template.New(name).Funcs(template.FuncMap{"json": asJSON})
	t, err := t.ParseFiles(filepath.Join(g.root, "web", "gallery", name))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	var page bytes.Buffer
	if err := t.Execute(&page, data); err != nil {
		http.Error(w, fmt.Sprintf("writing %s: %v", name, err), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", fmt.Sprintf(policy, r.Host))
	_, _ = w.Write(page.Bytes()) // fails only if the browser has closed the connection
}

// asJSON returns data as JSON, for the templates, which pass it to scripts.
func asJSON(data any) (string, error) {
	text, err := json.Marshal(data)
	return string(text), err
}

// serveFrame starts a service and writes a page with the widget in the state that the query names.
func (g *Gallery) serveFrame(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	i := slices.IndexFunc(states, func(s *state) bool { return s.Name == query.Get("state") })
	if i < 0 {
		http.NotFound(w, r)
		return
	}
	state := states[i]
	lang := query.Get("lang")
	if lang == "" {
		lang = "en"
	}
	s := g.open(state, talkIn(lang))
	// The flow id follows from the query. A reload has the same storage key, and its seed replaces what is stored.
	flow := uuid.NewSHA1(uuid.NameSpaceURL, []byte(r.URL.RawQuery)).String()
	base := fmt.Sprintf("%s/gallery/service/%d", r.Host, s.number)
	attributes := map[string]string{
		"flow-id": flow, "lang": lang, "storage": "session", "load": "eager",
		"socket-url": "ws://" + base, "session-url": "http://" + base + "/webchat/session",
	}
	maps.Copy(attributes, state.Attributes)
	for _, name := range []string{"theme", "color", "position"} {
		if value := query.Get(name); value != "" {
			attributes[name] = value
		}
	}
	seed, err := s.seed(flow)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	script := "/" + build.LoaderName
	if state.Folder != "" {
		script = "/gallery/" + state.Folder + script
	}
	dir := "ltr"
	if words.IsRightToLeft(lang) {
		dir = "rtl"
	}
	allowed := strings.Replace(policy, state.Forbids, "", 1)
	g.serve(w, r, "frame.html", allowed, map[string]any{
		"State": state, "Lang": lang, "Dir": dir, "Theme": query.Get("theme"), "Script": script,
		"Attributes": attributes, "Key": chat.StoredKey(attributes["flow-id"]),
		"Seed": seed, "SeedTime": seedTime.UnixMilli(), "Ask": s.talk.Ask,
		"Later":  fmt.Sprintf("/gallery/service/%d/later", s.number),
		"Inline": attributes["mode"] == "inline", "Button": attributes["launcher"] != "",
	})
}

// serveBadly serves the widget's files with a fault, which the folder in the URL names: stalled never answers the
// request for the WebAssembly, broken answers it with 404, and lost answers the request for the start module with 404.
func (g *Gallery) serveBadly(w http.ResponseWriter, r *http.Request, how, name string) {
	wasm, module := strings.Contains(name, ".wasm"), strings.HasPrefix(name, "plura-chat-start")
	switch {
	case how == "stalled" && wasm:
		<-r.Context().Done()
	case how == "broken" && wasm, how == "lost" && module:
		http.NotFound(w, r)
	default:
		http.StripPrefix("/gallery/"+how, g.files).ServeHTTP(w, r)
	}
}
