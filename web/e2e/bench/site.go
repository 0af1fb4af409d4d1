package main

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"

	"plurachat/protocol/protocoltest"
	"plurachat/web/build"
	"plurachat/web/preview"
)

//go:embed page.html page.css plain.html empty.html button.js
var files embed.FS

// flow is the ID of the flow on the pages. The server accepts any ID.
const flow = "87f66d6d-dba9-4a44-9274-02c6927a083a"

// greeting is a part of the conversation's first message.
const greeting = "How can I help you today?"

// site serves a landing page with and without a chat, and all that the chat needs. It counts what it sends.
type site struct {
	*httptest.Server
	flow *protocoltest.Server
	dist *build.Dist

	mu   sync.Mutex
	sent []transfer
	mux  *http.ServeMux
}

// transfer is the response to one request.
type transfer struct {
	path  string
	bytes int // of the body, as it is sent
}

func newSite(dist *build.Dist, c *build.Compressor) *site {
	s := &site{dist: dist, mux: http.NewServeMux(), flow: protocoltest.New(protocoltest.Options{
		Flow: protocoltest.Flow{Answer: answer}, LogSize: -1})}
	s.Server = httptest.NewServer(http.HandlerFunc(s.count))
	s.mux.Handle("/", preview.Files(dist, c))
	s.mux.Handle("/webchat/", s.flow.Handler())
	s.file("/page.css", "page.css")
	s.page("/bare", "")
	s.page("/chat", s.tag(""))
	return s
}

func (s *site) socket() string { return "ws" + strings.TrimPrefix(s.URL, "http") }

// tag returns the widget's script tag with additional attributes.
func (s *site) tag(attributes string) string {
	return fmt.Sprintf(`<script async src="/plura-chat.js" data-flow-id="%s" data-socket-url="%s" `+
		`data-session-url="%s/webchat/session" %s></script>`, flow, s.socket(), s.URL, attributes)
}

// file serves an embedded file at a path.
func (s *site) file(path, name string) {
	s.mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, files, name) })
}

// page serves the landing page at a path, with end at its end.
func (s *site) page(path, end string) {
	text, err := files.ReadFile("page.html")
	if err != nil {
		panic(err) // the file is embedded
	}
	s.mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(slices.Concat(text, []byte(end))) // an error means that the browser has gone
	})
}

// count serves a request and records the size of the response.
func (s *site) count(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/webchat/flow/") {
		s.mux.ServeHTTP(w, r) // sockets are not counted
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

// forget removes all transfers, so that the next count begins at 0.
func (s *site) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = nil
}

// chat returns how many responses and how many bytes were sent for the chat since the last call of forget.
func (s *site) chat() (requests, bytes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.sent {
		switch t.path {
		case "/bare", "/chat", "/plain", "/button", "/empty", "/page.css", "/favicon.ico":
		default:
			requests++
			bytes += t.bytes
		}
	}
	return requests, bytes
}

// answer replies to "burst 1000" with 1000 messages, as fast as the socket takes them, and to "stream 1000 50" with
// 1000 messages, 50 of them a second.
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

// frame returns the frame of the i-th of n messages.
func frame(i, n int) string {
	data, err := json.Marshal(map[string]string{
		"type": "message", "id": fmt.Sprintf("5f2f8a30-0000-4000-%04x-%012x", n&0xffff, i), "name": "Maya",
		"profilepic": "data:image/gif;base64,R0lGODlhAQABAIAAACJE3QAAACwAAAAAAQABAAACAkQBADs=", "content": words(i, n),
	})
	if err != nil {
		panic(err) // cannot fail for strings
	}
	return string(data)
}

// words returns the text of the i-th of n messages. No two are the same.
func words(i, n int) string {
	return fmt.Sprintf("This is message %d of %d, with **some** of it in bold.", i, n)
}
