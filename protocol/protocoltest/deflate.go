package protocoltest

import (
	"bytes"
	"compress/flate"
	"io"
	"net/http"
	"strings"
	"sync"
)

// This file compresses messages (RFC 7692) without context takeover: each
// message is compressed independently.

const deflateAnswer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"

// offersDeflate reports whether a handshake offers compression with parameters
// that this server supports. It does not support a smaller window.
func offersDeflate(r *http.Request) bool {
	for _, v := range r.Header.Values("Sec-WebSocket-Extensions") {
		for offer := range strings.SplitSeq(v, ",") {
			name, terms, _ := strings.Cut(offer, ";")
			if strings.TrimSpace(name) == "permessage-deflate" && !strings.Contains(terms, "server_max_window_bits") {
				return true
			}
		}
	}
	return false
}

// deflateTail is the end of a flushed block. RFC 7692 removes it from each
// message.
const deflateTail = "\x00\x00\xff\xff"

var deflaters = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, flate.BestSpeed)
	if err != nil {
		panic(err) // cannot happen: the level is valid
	}
	return w
}}

// deflate compresses a message of the server.
func deflate(message []byte) []byte {
	var b bytes.Buffer
	w := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(w)
	w.Reset(&b)
	_, _ = w.Write(message) // writing to a buffer does not fail
	_ = w.Flush()
	return bytes.TrimSuffix(b.Bytes(), []byte(deflateTail))
}

// inflate decompresses a client's message.
func inflate(data []byte) ([]byte, error) {
	// Go's reader needs a final block. The appended bytes end the message's block
	// and add an empty final block.
	r := flate.NewReader(io.MultiReader(bytes.NewReader(data), strings.NewReader(deflateTail+"\x01\x00\x00\xff\xff")))
	message, err := io.ReadAll(io.LimitReader(r, clientFrameLimit+1))
	switch {
	case err != nil:
		return nil, &wireError{1007, "a compressed message is damaged: " + err.Error()}
	case len(message) > clientFrameLimit:
		return nil, errTooLong
	}
	return message, nil
}
