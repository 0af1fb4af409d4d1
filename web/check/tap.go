package check

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"plurachat/protocol"
)

// What is read of a server during one check of a flow.
const (
	bytesAtMost  = 16 << 20
	framesAtMost = 4096
)

var (
	errOneDial = errors.New("the check makes one connection at a time")
	errGaveUp  = errors.New("the client has closed the connection")
	errTooMuch = errors.New("the server sends too much")
)

// tap is the [protocol.Dialer] of the client in a check. It records what the client hides: each frame with its time,
// and how connections begin and end. It lets the client dial only when the check allows it, so that a client which has
// lost its connection neither starts another conversation nor sends a message again.
type tap struct {
	client *http.Client
	origin string // of the page; empty: the header is not sent

	mu      sync.Mutex
	changed chan struct{} // is closed and replaced at each change
	allowed bool          // the next dial is allowed
	conns   []*tapped     // oldest first
	events  []protocol.Event
	bytes   int
	frames  int
}

// tapped is one connection. tap.mu guards its fields.
type tapped struct {
	tap    *tap
	socket *websocket.Conn // nil until it is open
	dialed time.Time
	opened time.Time // zero: it is not open
	status int       // of the answer to the handshake; 0: there was none
	header http.Header
	frames []heard
	closed time.Time // zero: it has not ended
	err    error     // why it could not be opened, or why it has ended
}

// heard is one frame, from the client or from the server.
type heard struct {
	n     int // its position in the connection's frames
	at    time.Time
	sent  string // the type of a frame of the client; empty: the frame is the server's
	frame protocol.Frame
	err   error // what is wrong with it
	mark  bool  // it begins with a byte order mark
	blank bool  // it is a message or a recv without text
}

func newTap(client *http.Client, origin string) *tap {
	return &tap{client: client, origin: origin, changed: make(chan struct{})}
}

// change changes the tap's fields and wakes those that wait.
func (t *tap) change(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f()
	close(t.changed)
	t.changed = make(chan struct{})
}

// wait waits until done returns true. It returns false after the timeout, or if ctx ends. done may read the tap's
// fields.
func (t *tap) wait(ctx context.Context, timeout time.Duration, done func() bool) bool {
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	for {
		t.mu.Lock()
		ok, changed := done(), t.changed
		t.mu.Unlock()
		if ok {
			return true
		}
		select {
		case <-changed:
		case <-timer.C:
			return false
		case <-ctx.Done():
			return false
		}
	}
}

// handle is the client's Handle.
func (t *tap) handle(e protocol.Event) {
	t.change(func() {
		if len(t.events) < framesAtMost {
			t.events = append(t.events, e)
		}
	})
}

// Dial implements [protocol.Dialer].
func (t *tap) Dial(ctx context.Context, url string) (protocol.Conn, error) {
	c := &tapped{tap: t, dialed: time.Now()}
	refused := false
	t.change(func() {
		if refused = !t.allowed; !refused {
			t.allowed, t.conns = false, append(t.conns, c)
		}
	})
	if refused {
		return nil, errOneDial
	}
	socket, response, err := dialSocket(ctx, url, t.client, t.origin)
	t.change(func() {
		if response != nil {
			c.status, c.header = response.StatusCode, response.Header
		}
		if err != nil {
			c.err, c.closed = err, time.Now()
			return
		}
		c.socket, c.opened = socket, time.Now()
	})
	if err != nil {
		return nil, err
	}
	socket.SetReadLimit(4 * protocol.MaxFrame)
	return c, nil
}

// Read implements [protocol.Conn].
func (c *tapped) Read(ctx context.Context) (data []byte, text bool, err error) {
	kind, data, err := c.socket.Read(ctx)
	text = kind == websocket.MessageText
	c.tap.change(func() {
		if err != nil && ctx.Err() != nil {
			c.end(errGaveUp)
			return
		}
		if err != nil {
			c.end(err)
			return
		}
		c.tap.bytes += len(data)
		c.tap.frames++
		if c.tap.bytes > bytesAtMost || c.tap.frames > framesAtMost {
			err = errTooMuch
			c.end(err)
			return
		}
		c.append(newHeard(data, text))
	})
	return data, text, err
}

func newHeard(data []byte, text bool) heard {
	h := heard{at: time.Now(), err: protocol.ErrNotText}
	if text {
		h.frame, h.err = protocol.DecodeFrame(data)
		h.mark = bytes.HasPrefix(data, []byte("\ufeff"))
	}
	talk := h.frame.Type == protocol.FrameMessage || h.frame.Type == protocol.FrameRecv
	h.blank = talk && h.err == nil && strings.TrimSpace(h.frame.Content) == ""
	return h
}

// append adds a frame. tap.mu is held.
func (c *tapped) append(h heard) {
	h.n = len(c.frames)
	c.frames = append(c.frames, h)
}

// Write implements [protocol.Conn].
func (c *tapped) Write(ctx context.Context, data []byte) error {
	name := "message"
	for _, other := range []string{"typing", "heartbeat"} {
		if bytes.HasPrefix(data, []byte(`{"type":"`+other)) {
			name = other
		}
	}
	c.tap.change(func() { c.append(heard{at: time.Now(), sent: name}) })
	err := c.socket.Write(ctx, websocket.MessageText, data)
	if err != nil {
		c.tap.change(func() { c.end(err) })
	}
	return err
}

// Close implements [protocol.Conn].
func (c *tapped) Close() {
	c.tap.change(func() { c.end(errGaveUp) })
	_ = c.socket.CloseNow() // the connection is given up
}

// end records the end of the connection. tap.mu is held.
func (c *tapped) end(err error) {
	if c.closed.IsZero() {
		c.closed, c.err = time.Now(), err
	}
}

// why says how the connection has ended.
func (c *tapped) why() string {
	begun := c.opened
	if begun.IsZero() {
		begun = c.dialed
	}
	after := seconds(c.closed.Sub(begun))
	switch code := websocket.CloseStatus(c.err); {
	case c.opened.IsZero() && errors.Is(c.err, context.DeadlineExceeded):
		return "no answer within " + after
	case c.opened.IsZero() && c.status != 0:
		return fmt.Sprintf("the server answers with status %d", c.status)
	case c.opened.IsZero():
		return "the connection could not be opened: " + cause(c.err).Error()
	case errors.Is(c.err, errTooMuch):
		return c.err.Error()
	case errors.Is(c.err, errGaveUp):
		return "the widget gave up after " + after + ", because what it waited for did not come"
	case code != -1:
		return fmt.Sprintf("the server closed the connection with code %d after %s", code, after)
	}
	return "the connection ended after " + after + " without a close frame"
}

// seconds returns a duration as text, such as "120 ms" or "2.2 s".
func seconds(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return fmt.Sprintf("%.0f s", d.Seconds())
}
