// Package gallery serves pages that show the widget in each of its states, for people and for the browser tests.
// states.go lists the states; talk.go has the texts of their conversations. page.html shows all states side by side;
// frame.html shows one.
package gallery

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"plurachat/protocol"
	"plurachat/protocol/protocoltest"
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

// service is the server that one frame talks to.
type service struct {
	number int
	state  *state
	talk   *talk
	*protocoltest.Server
}

// keptServices is the maximum number of running services. It limits how many frames work at once on all open pages.
const keptServices = 400

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
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' https: data:; " +
	"connect-src 'self' ws://%s; frame-src 'self'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'"

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
	t, err := template.New(name).Funcs(template.FuncMap{"json": asJSON}).ParseFiles(filepath.Join(g.root, "web", "gallery", name))
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
	for name, value := range state.Attributes {
		attributes[name] = value
	}
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
	allowed := policy
	if state.Forbids != "" {
		allowed = strings.Replace(policy, state.Forbids, "", 1)
	}
	g.serve(w, r, "frame.html", allowed, map[string]any{
		"State": state, "Lang": lang, "Dir": dir, "Theme": query.Get("theme"), "Script": script,
		"Attributes": attributes, "Key": chat.StoredKey(attributes["flow-id"]), "Seed": seed, "SeedTime": seedTime.UnixMilli(), "Ask": s.talk.Ask, "Later": "/gallery/service/" + strconv.Itoa(s.number) + "/later",
		"Inline": attributes["mode"] == "inline", "Button": attributes["launcher"] != "",
	})
}

// open starts a service for a frame. If there are too many, it stops the oldest one.
func (g *Gallery) open(state *state, t *talk) *service {
	var options protocoltest.Options
	if state.Server != nil {
		options = state.Server(t)
	}
	options.LogSize = -1
	options.Flow.Owner, options.Flow.Picture = company, companyPicture()
	options.Flow.Name = assistant
	if options.Flow.Greet == nil {
		options.Flow.Greet = func(map[string]any) protocoltest.Reply { return t.greeting() }
	}
	s := &service{state: state, talk: t, Server: protocoltest.New(options)}
	if state.Prepare != nil {
		state.Prepare(s.Server)
	}
	var old *service
	g.mu.Lock()
	g.made++
	s.number = g.made
	g.services = append(g.services, s)
	if len(g.services) > keptServices {
		old, g.services = g.services[0], g.services[1:]
	}
	g.mu.Unlock()
	if old != nil {
		old.Close()
	}
	return s
}

// serveService passes a frame's request to its service. A POST to …/later makes the service send the state's Later
// message on each open connection.
func (g *Gallery) serveService(w http.ResponseWriter, r *http.Request, rest string) {
	number, path, _ := strings.Cut(rest, "/")
	g.mu.Lock()
	i := slices.IndexFunc(g.services, func(s *service) bool { return strconv.Itoa(s.number) == number })
	var s *service
	if i >= 0 {
		s = g.services[i]
	}
	g.mu.Unlock()
	switch {
	case s == nil, path == "later" && s.state.Later == nil:
		http.NotFound(w, r)
	case path == "later" && r.Method == http.MethodPost:
		for _, c := range s.Conns() {
			if err := s.Push(c.Session(), s.state.Later(s.talk)); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
		}
		w.WriteHeader(http.StatusNoContent)
	default:
		http.StripPrefix("/gallery/service/"+number, s.Handler()).ServeHTTP(w, r)
	}
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

// seed returns the stored conversation that the frame's script puts into the storage before the widget starts. The
// service knows its session. seed returns "" if the state has no seed.
func (s *service) seed(flow string) (string, error) {
	if s.state.Seed == nil {
		return "", nil
	}
	session, instance, err := s.initialise(flow)
	if err != nil {
		return "", err
	}
	lines := s.state.Seed(s.talk)
	stored := chat.Stored{At: seedTime, Draft: s.state.Draft}
	talk := &stored.Conversation
	talk.Session, talk.Flow = protocol.SessionID(session), instance
	talk.Owner = protocol.Owner{Name: company, Picture: companyPicture()}
	for i, l := range lines {
		entry := protocol.Entry{Key: fmt.Sprintf("line-%d", i), Kind: l.Kind, State: l.State, Name: l.Name, Picture: l.Picture, Text: l.Text, Reason: l.Reason}
		if l.Ago > 0 {
			entry.At = seedTime.Add(-time.Duration(l.Ago * float64(time.Minute)))
		}
		if l.Kind == protocol.Agent && !l.Unread {
			stored.Read = entry.Key
		}
		talk.Entries = append(talk.Entries, entry)
	}
	talk.Opening = talk.Entries[0]
	return stored.Text(len(lines)), nil
}

// seedTime stands for the current time in a seed. The frame's script replaces it by the time of its own clock, which
// depends on the browser's time zone. The script recognises times by their size: no other number of a seed is as large.
var seedTime = time.UnixMilli(1e12)

// initialise initialises a session on the service, and returns its id and that of its flow instance.
func (s *service) initialise(flow string) (session, instance string, err error) {
	body := fmt.Sprintf(`{"record": {"phone": "+15550142000"}, "flow_id": %q}`, flow)
	r, err := http.NewRequest(http.MethodPost, "/webchat/session", strings.NewReader(body))
	if err != nil {
		return "", "", err
	}
	r.Header.Set("Content-Type", "application/json")
	w := &answer{header: http.Header{}}
	s.Handler().ServeHTTP(w, r)
	var made struct {
		Session  string `json:"session"`
		Instance string `json:"flow_id"`
	}
	if err := json.Unmarshal(w.Bytes(), &made); err != nil {
		return "", "", fmt.Errorf("initialising a session for state %s: %w", s.state.Name, err)
	}
	if made.Session == "" {
		return "", "", errors.New("initialising a session for state " + s.state.Name + ": " + w.String())
	}
	return made.Session, made.Instance, nil
}

// answer is an http.ResponseWriter that keeps the body.
type answer struct {
	header http.Header
	bytes.Buffer
}

func (a *answer) Header() http.Header { return a.header }
func (a *answer) WriteHeader(int)     {}
