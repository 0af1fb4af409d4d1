//go:build !js

package protocoltest_test

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"plurachat/protocol/protocoltest"
)

// rawClient is a WebSocket client without a library, which can send invalid
// frames.
type rawClient struct {
	net.Conn
	br *bufio.Reader
}

func dialRaw(t *testing.T, s *protocoltest.Server) *rawClient {
	t.Helper()
	nc, err := net.Dial("tcp", strings.TrimPrefix(s.SocketURL(), "ws://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nc.Close() })
	_ = nc.SetDeadline(time.Now().Add(10 * time.Second))
	_, err = io.WriteString(nc, "GET /webchat/flow/"+flowID+"/session/null/r/true HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\n"+
		"Upgrade: websocket\r\nOrigin: https://shop.example\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
	if err != nil {
		t.Fatal(err)
	}
	c := &rawClient{nc, bufio.NewReader(nc)}
	resp, err := http.ReadResponse(c.br, nil)
	if err != nil {
		t.Fatal(err)
	}
	// The key and this value are the example in RFC 6455, section 1.3.
	if got := resp.Header.Get("Sec-WebSocket-Accept"); got != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		t.Errorf("Sec-WebSocket-Accept %q", got)
	}
	return c
}

// frame writes a masked frame with the given first byte.
func (c *rawClient) frame(first byte, payload string) {
	b := []byte{first}
	switch n := len(payload); {
	case n < 126:
		b = append(b, 0x80|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), uint64(n))
	}
	mask := [4]byte{1, 2, 3, 4}
	b = append(b, mask[:]...)
	for i := range len(payload) {
		b = append(b, payload[i]^mask[i&3])
	}
	_, _ = c.Write(b)
}

// next reads a frame of the server, of less than 64 KiB. It returns the frame's
// first byte and its payload.
func (c *rawClient) next(t *testing.T) (first byte, payload string) {
	t.Helper()
	var head [4]byte
	if _, err := io.ReadFull(c.br, head[:2]); err != nil {
		t.Fatalf("reading a frame: %v", err)
	}
	n := int(head[1])
	if n == 126 {
		if _, err := io.ReadFull(c.br, head[2:]); err != nil {
			t.Fatal(err)
		}
		n = int(binary.BigEndian.Uint16(head[2:]))
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(c.br, b); err != nil {
		t.Fatal(err)
	}
	return head[0], string(b)
}

func TestFragmentsAndPings(t *testing.T) {
	s := protocoltest.NewServer(protocoltest.Options{})
	defer s.Close()
	c := dialRaw(t, s)
	for range 3 {
		c.next(t)
	}
	c.frame(0x01, `{"type":"mess`)
	c.frame(0x89, "ping")
	c.frame(0x00, `age","message":"`+strings.Repeat("x", 70000))
	c.frame(0x80, `"}`)
	if first, p := c.next(t); first != 0x8a || p != "ping" {
		t.Errorf("pong %#x %q", first, p)
	}
	if err := s.WaitMessages(5*time.Second, "", 1); err != nil {
		t.Fatal(err)
	}
	if m := s.Messages(""); len(m[0]) != 70000 {
		t.Errorf("a message of %d bytes", len(m[0]))
	}
	noViolations(t, s)
}

func TestWireViolations(t *testing.T) {
	for name, c := range map[string]struct {
		send func(*rawClient)
		code uint16
	}{
		"unmasked":     {func(c *rawClient) { _, _ = c.Write([]byte{0x81, 1, 'x'}) }, 1002},
		"reserved bit": {func(c *rawClient) { c.frame(0xc1, "x") }, 1002},
		"opcode":       {func(c *rawClient) { c.frame(0x83, "x") }, 1002},
		"continuation": {func(c *rawClient) { c.frame(0x80, "x") }, 1002},
		"interleaved":  {func(c *rawClient) { c.frame(0x01, "x"); c.frame(0x81, "y") }, 1002},
		"long ping":    {func(c *rawClient) { c.frame(0x89, strings.Repeat("x", 126)) }, 1002},
		"UTF-8":        {func(c *rawClient) { c.frame(0x81, "\xff") }, 1007},
		"too long":     {func(c *rawClient) { _, _ = c.Write([]byte{0x81, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 1}) }, 1009},
	} {
		t.Run(name, func(t *testing.T) {
			s := protocoltest.NewServer(protocoltest.Options{})
			defer s.Close()
			rc := dialRaw(t, s)
			for range 3 {
				rc.next(t)
			}
			c.send(rc)
			first, p := rc.next(t)
			if first != 0x88 || len(p) < 2 || binary.BigEndian.Uint16([]byte(p)) != c.code {
				t.Errorf("got %#x %q, want a close with %d", first, p, c.code)
			}
			if err := s.WaitCount(5*time.Second, protocoltest.Violation, 1); err != nil {
				t.Error(err)
			}
		})
	}
}

// The handler works in another server, behind a middleware that wraps the
// ResponseWriter.
func TestHandlerMounted(t *testing.T) {
	s := protocoltest.New(protocoltest.Options{})
	defer s.Close()
	mux := http.NewServeMux()
	mux.Handle("/webchat/", s.Handler())
	outer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mux.ServeHTTP(wrapped{w}, r)
	}))
	defer outer.Close()
	nc, err := net.Dial("tcp", outer.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	_ = nc.SetDeadline(time.Now().Add(10 * time.Second))
	_, _ = io.WriteString(nc, "GET /webchat/flow/"+flowID+"/session/null/r/false HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"+
		"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
	c := &rawClient{nc, bufio.NewReader(nc)}
	resp, err := http.ReadResponse(c.br, nil)
	if err != nil || resp.StatusCode != 101 {
		t.Fatalf("%v %v", resp, err)
	}
	if _, p := c.next(t); !strings.HasPrefix(p, `{"type":"session"`) {
		t.Errorf("first frame %s", p)
	}
	s.Close()
	if _, err := io.Copy(io.Discard, c.br); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("Close did not end the connection")
	}
	if s.Live() != 0 {
		t.Error("a connection survived Close")
	}
}

type wrapped struct{ http.ResponseWriter }

func (w wrapped) Unwrap() http.ResponseWriter { return w.ResponseWriter }
