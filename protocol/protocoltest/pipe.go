package protocoltest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"
)

// stream is one direction of an in-memory connection. Its buffer is unbounded, so
// that a writer never waits for a reader. A reader waits on a sync.Cond, which
// testing/synctest treats as durably blocking.
type stream struct {
	mu     sync.Mutex
	cond   sync.Cond
	buf    []byte
	ended  bool // the writer has closed the stream; the rest of buf can be read
	broken bool // the reader has closed the stream
}

func newStream() *stream {
	s := &stream{}
	s.cond.L = &s.mu
	return s
}

func (s *stream) read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.buf) == 0 && !s.ended && !s.broken {
		s.cond.Wait()
	}
	if s.broken {
		return 0, net.ErrClosed
	}
	if len(s.buf) == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.buf)
	if s.buf = s.buf[n:]; len(s.buf) == 0 {
		s.buf = nil // an idle connection holds no buffer
	}
	return n, nil
}

func (s *stream) write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return 0, net.ErrClosed
	}
	if s.broken {
		return 0, syscall.EPIPE
	}
	s.buf = append(s.buf, p...)
	s.cond.Signal()
	return len(p), nil
}

// end closes the stream for the writer.
func (s *stream) end() {
	s.mu.Lock()
	s.ended = true
	s.mu.Unlock()
	s.cond.Broadcast()
}

// abandon closes the stream for the reader.
func (s *stream) abandon() {
	s.mu.Lock()
	s.broken, s.buf = true, nil
	s.mu.Unlock()
	s.cond.Broadcast()
}

// pipeConn is one end of an in-memory connection. It ignores deadlines. A Write
// never blocks, and closing either end ends a blocked Read.
type pipeConn struct{ in, out *stream }

// newPipeConn returns the two ends of a connection. Data that was written before
// one end was closed can still be read at the other end, as with TCP.
func newPipeConn() (client, server *pipeConn) {
	a, b := newStream(), newStream()
	return &pipeConn{in: a, out: b}, &pipeConn{in: b, out: a}
}

func (c *pipeConn) Read(p []byte) (int, error)  { return c.in.read(p) }
func (c *pipeConn) Write(p []byte) (int, error) { return c.out.write(p) }

func (c *pipeConn) Close() error {
	c.out.end()
	c.in.abandon()
	return nil
}

func (c *pipeConn) LocalAddr() net.Addr              { return pipeAddr{} }
func (c *pipeConn) RemoteAddr() net.Addr             { return pipeAddr{} }
func (c *pipeConn) SetDeadline(time.Time) error      { return nil }
func (c *pipeConn) SetReadDeadline(time.Time) error  { return nil }
func (c *pipeConn) SetWriteDeadline(time.Time) error { return nil }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return pipeHost }

// pipeHost is the host in the URLs of a server made by NewPipe. Its top-level
// domain is reserved (RFC 6761), so that a test without [Server.Client] does
// not connect to a real host.
const pipeHost = "plura.test"

// pipeTransport is an http.RoundTripper that calls a Server's handler in the same
// process. It does not write and parse HTTP, so that it does not need the buffers
// and goroutines of net/http, which would be too many for ten thousand
// connections.
type pipeTransport struct{ s *Server }

func (t pipeTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		body, err = io.ReadAll(req.Body)
		req.Body.Close()
		if err != nil {
			return nil, err
		}
	}
	if req.URL.Host != pipeHost {
		return nil, &net.OpError{Op: "dial", Net: "pipe", Err: errors.New("no such host: " + req.URL.Host)}
	}
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	if t.s.closed() {
		return nil, &net.OpError{Op: "dial", Net: "pipe", Addr: pipeAddr{}, Err: syscall.ECONNREFUSED}
	}
	ctx, cancel := context.WithCancel(context.Background())
	r := req.Clone(ctx)
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.RemoteAddr, r.RequestURI = pipeHost, req.URL.RequestURI()
	if r.Host == "" {
		r.Host = req.URL.Host
	}
	w := &pipeWriter{req: req, header: http.Header{}, result: make(chan *http.Response, 1)}
	go func() {
		defer cancel()
		defer func() {
			if p := recover(); p != nil {
				if p != http.ErrAbortHandler {
					panic(p)
				}
				w.finish(nil)
			}
		}()
		t.s.handler.ServeHTTP(w, r)
		w.reply()
	}()
	select {
	case resp := <-w.result:
		if resp == nil {
			return nil, &net.OpError{Op: "read", Net: "pipe", Addr: pipeAddr{}, Err: syscall.ECONNRESET}
		}
		return resp, nil
	case <-req.Context().Done():
		w.abandon()
		cancel()
		return nil, req.Context().Err()
	}
}

// CloseIdleConnections does nothing. http.Client calls it.
func (t pipeTransport) CloseIdleConnections() {}

// pipeWriter is the ResponseWriter of a pipeTransport.
type pipeWriter struct {
	req    *http.Request
	header http.Header
	status int
	body   bytes.Buffer
	result chan *http.Response

	mu   sync.Mutex
	done bool
}

func (w *pipeWriter) Header() http.Header { return w.header }

func (w *pipeWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *pipeWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

// upgrade answers the handshake with 101 and returns the server's end of the
// connection.
func (w *pipeWriter) upgrade(header http.Header) (net.Conn, error) {
	client, server := newPipeConn()
	if !w.finish(w.response(http.StatusSwitchingProtocols, header, client)) {
		client.Close()
		server.Close()
		return nil, errors.New("the client has given up")
	}
	w.body = bytes.Buffer{}
	return server, nil
}

// reply passes the response to the client after the handler has returned.
func (w *pipeWriter) reply() {
	w.WriteHeader(http.StatusOK)
	w.finish(w.response(w.status, w.header, io.NopCloser(&w.body)))
}

func (w *pipeWriter) response(status int, header http.Header, body io.ReadCloser) *http.Response {
	return &http.Response{
		Status: http.StatusText(status), StatusCode: status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header.Clone(), Body: body, ContentLength: -1, Request: w.req,
	}
}

// finish passes a response to the client. Nil means that the connection was
// closed. It returns false if there already was a response or if the client has
// given up.
func (w *pipeWriter) finish(resp *http.Response) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.done {
		return false
	}
	w.done = true
	w.result <- resp
	return true
}

// abandon is called when the client gives up. It makes a later upgrade fail, and
// closes the body of a response that the client has not taken.
func (w *pipeWriter) abandon() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done = true
	select {
	case resp := <-w.result:
		if resp != nil {
			resp.Body.Close()
		}
	default:
	}
}
