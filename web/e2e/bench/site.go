package main

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"text/template"
	"time"

	"plurachat/protocol/protocoltest"
	"plurachat/web/build"
	"plurachat/web/preview"
)

//go:embed page.html page.css plain.html
var files embed.FS

// flow is the id of the flow on the pages; the server answers to any.
const flow = "87f66d6d-dba9-4a44-9274-02c6927a083a"

// greeting is in the conversation's first message.
const greeting = "How can I help you today?"

// site is a landing page with and without a chat on it, and what the chat needs. It counts what it sends.
type site struct {
	*httptest.Server
	flow *protocoltest.Server
	dist *build.Dist

	mu   sync.Mutex
	sent []transfer
	mux  *http.ServeMux
}

// transfer is one answer to a request.
type transfer struct {
	path  string
	bytes int // of the body, as it travels
}

func newSite(dist *build.Dist, c *build.Compressor) *site {
	s := &site{dist: dist, mux: http.NewServeMux(), flow: protocoltest.New(protocoltest.Options{
		Flow: protocoltest.Flow{Answer: answer}, LogSize: -1})}
	s.Server = httptest.NewServer(http.HandlerFunc(s.count))
	s.mux.Handle("/", preview.Files(dist, c))
	s.mux.Handle("/webchat/", s.flow.Handler())
	s.mux.HandleFunc("GET /page.css", func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, files, "page.css") })
	s.page("/bare", "")
	s.page("/chat", s.tag(""))
	s.mux.HandleFunc("GET /plain", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = template.Must(template.ParseFS(files, "plain.html")).Execute(w, map[string]string{
			"Wasm": dist.Engine().Name, "Socket": s.socket() + "/webchat/flow/" + flow + "/session/null/r/true"})
	})
	return s
}

func (s *site) socket() string { return "ws" + strings.TrimPrefix(s.URL, "http") }

// tag is the widget's script tag.
func (s *site) tag(attributes string) string {
	return fmt.Sprintf(`<script async src="/plura-chat.js" data-flow-id="%s" data-socket-url="%s" data-session-url="%s/webchat/session" %s></script>`,
		flow, s.socket(), s.URL, attributes)
}

// page puts the landing page at a path, with something at its end.
func (s *site) page(path, end string) {
	text, err := files.ReadFile("page.html")
	if err != nil {
		panic(err) // it is embedded
	}
	s.mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(append(text, end...)) // a browser that went away needs no page
	})
}

// count serves, and notes what it has sent.
func (s *site) count(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/webchat/flow/") {
		s.mux.ServeHTTP(w, r) // a socket
		return
	}
	counted := &counter{ResponseWriter: w}
	s.mux.ServeHTTP(counted, r)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, transfer{r.URL.Path, counted.bytes})
}

type counter struct {
	http.ResponseWriter
	bytes int
}

func (c *counter) Write(data []byte) (int, error) {
	n, err := c.ResponseWriter.Write(data)
	c.bytes += n
	return n, err
}

// forget begins the count anew.
func (s *site) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = nil
}

// chat is what was sent since for the chat on the page: how many answers, and how many bytes.
func (s *site) chat() (requests, bytes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.sent {
		switch t.path {
		case "/bare", "/chat", "/plain", "/page.css", "/favicon.ico":
		default:
			requests++
			bytes += t.bytes
		}
	}
	return requests, bytes
}

// answer says so many things at once as it is asked to by "burst 1000", as fast as the socket takes them, or by
// "stream 1000 50", so many a second.
func answer(x *protocoltest.Exchange) []protocoltest.Reply {
	var n, rate int
	if _, err := fmt.Sscanf(x.Text, "stream %d %d", &n, &rate); err == nil {
		return []protocoltest.Reply{{Delay: 100 * time.Millisecond, Then: func() { go sendStream(x.Conn, n, rate) }}}
	}
	if _, err := fmt.Sscanf(x.Text, "burst %d", &n); err != nil {
		return []protocoltest.Reply{{Text: "You said: " + x.Text}}
	}
	frames := make([]string, n)
	for i := range frames {
		frames[i] = frame(i+1, n)
	}
	return []protocoltest.Reply{{Delay: 100 * time.Millisecond, Then: func() {
		for _, f := range frames {
			x.Conn.SendText(f)
		}
	}}}
}

// frame is the i-th of n messages.
func frame(i, n int) string {
	data, err := json.Marshal(map[string]string{
		"type": "message", "id": fmt.Sprintf("5f2f8a30-0000-4000-%04x-%012x", n&0xffff, i), "name": "Maya",
		"profilepic": "data:image/gif;base64,R0lGODlhAQABAIAAACJE3QAAACwAAAAAAQABAAACAkQBADs=", "content": words(i, n),
	})
	if err != nil {
		panic(err) // strings are encoded always
	}
	return string(data)
}

// words are what a message says. The last one can be told from the others.
func words(i, n int) string {
	return fmt.Sprintf("This is message %d of %d, with **some** of it in bold.", i, n)
}
