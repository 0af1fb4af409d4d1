//go:build !js

package protocol

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// tap is a Dialer that records what a client reads and writes.
type tap struct {
	client *http.Client

	mu    sync.Mutex
	links int
	notes []note
}

// note is a frame that a client has read or a message that it has written.
type note struct {
	at      time.Time
	link    int
	kind    FrameType
	wrote   bool
	content string // of a message, as it was sent
	bare    bool   // a recv without content
}

// Dial implements [Dialer]. It offers compression, as browsers do.
func (p *tap) Dial(ctx context.Context, url string) (Conn, error) {
	c, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{HTTPClient: p.client, CompressionMode: websocket.CompressionContextTakeover})
	if err != nil {
		return nil, err
	}
	c.SetReadLimit(-1)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.links++
	return tapped{socket{c}, p, p.links}, nil
}

type tapped struct {
	socket
	tap  *tap
	link int
}

func (c tapped) Read(ctx context.Context) ([]byte, bool, error) {
	data, text, err := c.socket.Read(ctx)
	if err == nil && text {
		c.tap.note(c.link, data, false)
	}
	return data, text, err
}

func (c tapped) Write(ctx context.Context, data []byte) error {
	c.tap.note(c.link, data, true)
	return c.socket.Write(ctx, data)
}

func (p *tap) note(link int, data []byte, wrote bool) {
	var f struct {
		Type    FrameType
		Content any
		Message any
	}
	if json.Unmarshal([]byte(strings.TrimPrefix(string(data), "\ufeff")), &f) != nil || f.Type != FrameMessage && f.Type != FrameRecv {
		return
	}
	n := note{at: time.Now(), link: link, kind: f.Type, wrote: wrote, bare: f.Content == nil}
	said := f.Content
	if wrote {
		said = f.Message
	}
	n.content, _ = said.(string)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.notes = append(p.notes, n)
}
