package protocoltest

import (
	"encoding/binary"
	"io"
	"unicode/utf8"
)

// errTooLong is the violation of clientFrameLimit.
var errTooLong = &wireError{1009, "the message is too long"}

// read returns the next data message. It answers the pings before it, and the
// client's close frame, for which it returns a closeError.
func (w *wire) read() (op byte, message []byte, err error) {
	compressed := false
	for {
		h, payload, err := w.readFrame(len(message))
		if err != nil {
			return 0, nil, err
		}
		switch {
		case h.op == opPing:
			if !w.mute() {
				_ = w.write(opPong, payload)
			}
			continue
		case h.op == opPong:
			continue
		case h.op == opClose:
			return 0, nil, w.readClose(payload)
		case h.op > opBinary:
			return 0, nil, &wireError{1002, "an unknown opcode"}
		case (h.op == opContinuation) != (op != 0):
			return 0, nil, &wireError{1002, "a continuation out of place"}
		}
		if op == 0 {
			op, message, compressed = h.op, payload, h.compressed
		} else {
			message = append(message, payload...)
		}
		if !h.fin {
			continue
		}
		if compressed {
			if message, err = inflate(message); err != nil {
				return 0, nil, err
			}
		}
		if op == opText && !utf8.Valid(message) {
			return 0, nil, &wireError{1007, "a text message is not UTF-8"}
		}
		return op, message, nil
	}
}

// frameHead is what the head of a frame says of its payload.
type frameHead struct {
	op         byte
	fin        bool // the frame is the last one of its message
	compressed bool // the message is compressed
}

// readFrame reads one frame of the client, of a message of which it has read got
// bytes.
func (w *wire) readFrame(got int) (h frameHead, payload []byte, err error) {
	var head [2]byte
	if _, err := io.ReadFull(w.br, head[:]); err != nil {
		return h, nil, err
	}
	h.fin, h.op = head[0]&0x80 != 0, head[0]&0x0f
	if bits := head[0] & 0x70; bits != 0 {
		if !w.deflate || bits != deflateBit || h.op != opText && h.op != opBinary {
			return h, nil, &wireError{1002, "a reserved bit is set"}
		}
		h.compressed = true
	}
	if head[1]&0x80 == 0 {
		return h, nil, &wireError{1002, "the client's frame is not masked"}
	}
	n := uint64(head[1] & 0x7f)
	if n >= 126 {
		var ext [8]byte
		size := 2
		if n == 127 {
			size = 8
		}
		if _, err := io.ReadFull(w.br, ext[8-size:]); err != nil {
			return h, nil, err
		}
		n = binary.BigEndian.Uint64(ext[:])
	}
	if h.op >= opClose && (n > 125 || !h.fin) {
		return h, nil, &wireError{1002, "a control frame is long or fragmented"}
	}
	if n > clientFrameLimit || n+uint64(got) > clientFrameLimit {
		return h, nil, errTooLong
	}
	var mask [4]byte
	if _, err := io.ReadFull(w.br, mask[:]); err != nil {
		return h, nil, err
	}
	payload = make([]byte, n)
	if _, err := io.ReadFull(w.br, payload); err != nil {
		return h, nil, err
	}
	for i := range payload {
		payload[i] ^= mask[i&3]
	}
	return h, payload, nil
}

// readClose answers the client's close frame, and returns it as an error.
func (w *wire) readClose(payload []byte) error {
	e := &closeError{code: 1005}
	if len(payload) >= 2 {
		e.code, e.reason = int(binary.BigEndian.Uint16(payload)), string(payload[2:])
	}
	if !w.mute() {
		_ = w.write(opClose, payload)
	}
	return e
}
