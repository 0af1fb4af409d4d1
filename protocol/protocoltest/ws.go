package protocoltest

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// This file and ws_read.go implement the server's side of WebSocket (RFC 6455).
// The test server does not use a library, because libraries prevent what it must
// do: stop in the middle of a frame, close with any code, stop sending without
// closing, and send invalid UTF-8.

const (
	opContinuation = 0x0
	opText         = 0x1
	opBinary       = 0x2
	opClose        = 0x8
	opPing         = 0x9
	opPong         = 0xA
)

const (
	clientFrameLimit = 1 << 20          // bytes of one client message
	writeTimeout     = 10 * time.Second // after which a write fails, if the client does not read
)

// closeError is the error of wire.read after the client's close frame.
type closeError struct {
	code   int // 1005 if the frame has no code
	reason string
}

func (e *closeError) Error() string {
	return fmt.Sprintf("closed by the client with %d %q", e.code, e.reason)
}

// wireError is a violation of RFC 6455 by the client.
type wireError struct {
	code int // the close code of the server's answer
	text string
}

func (e *wireError) Error() string { return "websocket: " + e.text }

// wire reads and writes WebSocket messages on a connection. One goroutine reads;
// any goroutine may write.
type wire struct {
	nc      net.Conn
	br      *bufio.Reader
	deflate bool            // compression was negotiated with the client
	mute    func() bool     // reports whether to leave control frames unanswered
	manners func() *Manners // the current manners of the server

	mu     sync.Mutex // held during a write
	closed bool
	slow   []byte      // bytes that are still to be written one by one
	drip   *time.Timer // writes the next byte of slow; nil: slow is empty
}

// acceptKey checks a handshake request and returns its Sec-WebSocket-Accept.
func acceptKey(r *http.Request) (string, error) {
	has := func(name, token string) bool {
		for _, v := range r.Header.Values(name) {
			for t := range strings.SplitSeq(v, ",") {
				if strings.EqualFold(strings.TrimSpace(t), token) {
					return true
				}
			}
		}
		return false
	}
	key := r.Header.Get("Sec-WebSocket-Key")
	nonce, err := base64.StdEncoding.DecodeString(key)
	switch {
	case !has("Connection", "Upgrade") || !has("Upgrade", "websocket"):
		return "", errors.New("not a WebSocket handshake: no Upgrade: websocket")
	case r.Header.Get("Sec-WebSocket-Version") != "13":
		return "", errors.New("not a WebSocket handshake: Sec-WebSocket-Version is not 13")
	case err != nil || len(nonce) != 16:
		return "", errors.New("not a WebSocket handshake: Sec-WebSocket-Key is not 16 bytes in base64")
	}
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:]), nil
}

// upgrade answers the handshake and hijacks the connection from net/http.
func upgrade(w http.ResponseWriter, accept string, deflate bool) (*wire, error) {
	header := http.Header{
		"Upgrade":              {"websocket"},
		"Connection":           {"Upgrade"},
		"Sec-Websocket-Accept": {accept},
	}
	if deflate {
		header["Sec-Websocket-Extensions"] = []string{deflateAnswer}
	}
	if p, ok := w.(*pipeWriter); ok {
		nc, err := p.upgrade(header)
		if err != nil {
			return nil, err
		}
		// The buffer is small, because there may be thousands of connections. Reads of longer payloads bypass it.
		return &wire{nc: nc, br: bufio.NewReaderSize(nc, 256), deflate: deflate}, nil
	}
	nc, brw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, fmt.Errorf("taking over the connection: %w", err)
	}
	// The deadlines of the HTTP server do not apply to the WebSocket connection.
	_ = nc.SetDeadline(time.Time{})
	var b strings.Builder
	b.WriteString("HTTP/1.1 101 Switching Protocols\r\n")
	_ = header.Write(&b)
	b.WriteString("\r\n")
	if _, err := io.WriteString(nc, b.String()); err != nil {
		nc.Close()
		return nil, fmt.Errorf("answering the handshake: %w", err)
	}
	return &wire{nc: nc, br: brw.Reader, deflate: deflate}, nil
}

// frame encodes one unfragmented server frame.
func frame(op byte, payload []byte) []byte {
	b := make([]byte, 0, len(payload)+10)
	b = append(b, 0x80|op)
	switch n := len(payload); {
	case n < 126:
		b = append(b, byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 127), uint64(n))
	}
	return append(b, payload...)
}

// write writes a control frame, or a message in as many frames as the manners
// require.
func (w *wire) write(op byte, payload []byte) error {
	if op >= opClose {
		return w.writeBytes(frame(op, payload))
	}
	first := op
	if w.deflate {
		payload, first = deflate(payload), op|deflateBit
	}
	n := max(1, w.manners().Fragments)
	var b []byte
	for i := range n {
		part := frame(first, payload[len(payload)*i/n:len(payload)*(i+1)/n])
		if i < n-1 {
			part[0] &^= 0x80 // not the last frame of the message
			part = append(part, frame(opPing, nil)...)
		}
		b, first = append(b, part...), opContinuation
	}
	return w.writeBytes(b)
}

// deflateBit is the bit in the first frame of a message that marks it as
// compressed.
const deflateBit = 0x40

// writeHalf writes the first half of a frame, header included.
func (w *wire) writeHalf(op byte, payload []byte) error {
	b := frame(op, payload)
	return w.writeBytes(b[:len(b)-len(payload)/2-1])
}

// writeBytes writes b at once, or one byte after the other, by Manners.Drip.
func (w *wire) writeBytes(b []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return net.ErrClosed
	}
	if every := w.manners().Drip; every > 0 || len(w.slow) > 0 {
		if w.slow = append(w.slow, b...); w.drip == nil {
			w.drip = time.AfterFunc(every, w.dripOne)
		}
		return nil
	}
	return w.writeNow(b)
}

// writeNow writes b at once. w.mu is held.
func (w *wire) writeNow(b []byte) error {
	_ = w.nc.SetWriteDeadline(time.Now().Add(writeTimeout))
	if _, err := w.nc.Write(b); err != nil {
		return fmt.Errorf("writing a frame: %w", err)
	}
	return nil
}

// dripOne writes the next byte of w.slow. If Manners.Drip is now 0, it writes all
// of w.slow.
func (w *wire) dripOne() {
	w.mu.Lock()
	defer w.mu.Unlock()
	n, every := 1, w.manners().Drip
	if every <= 0 {
		n = len(w.slow)
	}
	if w.drip == nil || w.writeNow(w.slow[:n]) != nil {
		return // the connection has ended, or read fails too
	}
	if w.slow = w.slow[n:]; len(w.slow) == 0 {
		w.drip = nil
		return
	}
	w.drip.Reset(every)
}

// writeClose sends a close frame; nothing is written after it.
func (w *wire) writeClose(code int, reason string) {
	payload := binary.BigEndian.AppendUint16(nil, uint16(code))
	payload = append(payload, reason...)
	_ = w.write(opClose, payload[:min(len(payload), 125)])
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
}

// drop ends the connection without a close frame, also in the middle of a write.
func (w *wire) drop() {
	w.nc.Close()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed = true; w.drip != nil {
		w.drip.Stop()
		w.drip = nil
	}
}
