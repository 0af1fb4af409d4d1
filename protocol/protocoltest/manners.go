package protocoltest

import (
	"encoding/json"
	"html"
	"strconv"
	"strings"
	"time"
)

// Manners define what the documentation leaves open. The zero value does what the
// documentation's examples show. [Presets] have names for the combinations with
// which clients should be tested.
type Manners struct {
	// NumberedIDs uses the ids "1", "2" and so on. Each type of frame is counted
	// separately, from 1 on each connection, so that ids repeat and a message
	// has another id in a replay. The log has the ids of [Turn].
	NumberedIDs bool
	// Recv is what the server acknowledges, and how.
	Recv Recvs
	// AnswersFirst sends the flow's answers before the recv of the message that
	// they answer.
	AnswersFirst bool
	// Store changes a text when the server stores it. A recv and every replay
	// contain the stored text. Nil stores it without changes. See [Normalise]
	// and [Escape]. [Server.History] and the log have the text as it was sent.
	Store func(text string) string
	// Blanks puts a message without text in front of every message, and a recv
	// without text in front of every recv.
	Blanks bool
	// Errors puts an error frame in front of the session frame and of every
	// answer. The documentation has error bodies for session initialisation only.
	Errors bool
	// ByteOrderMark puts a byte order mark in front of every text frame.
	ByteOrderMark bool
	// Deflate compresses messages (RFC 7692) for clients that offer it. It
	// applies from the next connection on.
	Deflate bool
	// Fragments is the number of WebSocket frames of a message, with a ping
	// between them; 0 is 1.
	Fragments int
	// Drip is the delay before each byte that the server sends.
	Drip time.Duration
	// CloseIdle is how long a client may send nothing before the server closes
	// the connection. CloseAfter is the time from the handshake until the server
	// closes any connection. 0: never. Both apply from the next connection on.
	CloseIdle, CloseAfter time.Duration
	// CloseCode is the code of these closes; 0 is 1001 (going away).
	CloseCode int
}

// Recvs is what a server acknowledges, and how. The documentation shows one
// recv for each message, with the message's text as its content.
type Recvs int

const (
	RecvOnce      Recvs = iota // each message, once
	RecvNever                  // nothing; replays leave out the visitor's side too
	RecvNoContent              // each message, without content
	RecvTwice                  // each message, twice with the same id
	RecvAll                    // each frame: typing and heartbeats too, with their body as content
)

// Normalise stores a text with each run of white space as one space, none at
// the ends, and letters composed with their accents (as NFC does it for the
// letters of Western European languages).
func Normalise(text string) string { return composed.Replace(strings.Join(strings.Fields(text), " ")) }

// composed has the letters of Latin-1 that consist of a base letter and a
// combining mark.
var composed = func() *strings.Replacer {
	var pairs []string
	for mark, letters := range map[string]string{
		"\u0300": "AÀEÈIÌOÒUÙaàeèiìoòuù", "\u0301": "AÁEÉIÍOÓUÚYÝaáeéiíoóuúyý", "\u0302": "AÂEÊIÎOÔUÛaâeêiîoôuû",
		"\u0303": "AÃNÑOÕaãnñoõ", "\u0308": "AÄEËIÏOÖUÜaäeëiïoöuüyÿ", "\u030a": "AÅaå", "\u0327": "CÇcç",
	} {
		r := []rune(letters)
		for i := 0; i < len(r); i += 2 {
			pairs = append(pairs, string(r[i])+mark, string(r[i+1]))
		}
	}
	return strings.NewReplacer(pairs...)
}()

// Escape stores a text as HTML.
func Escape(text string) string { return html.EscapeString(text) }

func (m *Manners) store(text string) string {
	if m.Store == nil {
		return text
	}
	return m.Store(text)
}

func (m *Manners) closeCode() int {
	if m.CloseCode == 0 {
		return 1001
	}
	return m.CloseCode
}

// id returns the id of a frame on this connection.
func (c *Conn) id(typ, id string) string {
	if !c.s.manners.Load().NumberedIDs {
		return id
	}
	if c.numbers == nil {
		c.numbers = map[string]int{}
	}
	c.numbers[typ]++
	return strconv.Itoa(c.numbers[typ])
}

// frame returns a message of the conversation as this connection receives it.
// stored means that it is part of a replay or a recv.
func (c *Conn) frame(t Turn, stored bool) []byte {
	m := c.s.manners.Load()
	typ, text := "message", t.Text
	if t.Visitor {
		typ = "recv"
	}
	if t.Visitor || stored {
		text = m.store(text)
	}
	if t.Visitor && !stored && m.Recv == RecvNoContent {
		return encode(bareFrame{typ, c.id(typ, t.ID), t.Picture, t.Name})
	}
	return encode(messageFrame{typ, c.id(typ, t.ID), t.Picture, t.Name, text})
}

// before returns the frames that the server's manners put in front of a frame.
func (c *Conn) before(kind Kind) (frames [][]byte) {
	m := c.s.manners.Load()
	if m.Errors && (kind == Answer || kind == Open) {
		frames = append(frames, errorFrames[c.errors%len(errorFrames)])
		c.errors++
	}
	if kind == Answer {
		frames = append(frames, c.blank()...)
	}
	if m.Blanks && kind == Recv {
		frames = append(frames, []byte(`{"type":"recv","id":"blank","profilepic":null,"name":"Anonymous","content":" "}`))
	}
	return frames
}

// blank is the message without text in front of one.
func (c *Conn) blank() [][]byte {
	if !c.s.manners.Load().Blanks {
		return nil
	}
	c.blanks++
	return [][]byte{blankMessages[c.blanks%len(blankMessages)]}
}

var (
	errorFrames = [][]byte{
		[]byte(`{"type":"error","message":"The assistant is busy."}`),
		[]byte(`{"status":"failed","message":"The assistant is busy."}`),
	}
	blankMessages = [][]byte{
		[]byte(`{"type":"message","id":"blank","profilepic":null,"name":"Assistant","content":""}`),
		[]byte(`{"type":"message","id":"blank","profilepic":null,"name":"Assistant","content":" \n\t\u00a0"}`),
		[]byte(`{"type":"message","id":"blank","profilepic":null,"name":"Assistant"}`),
	}
)

// acknowledge sends the recv of a frame that is not a message.
func (c *Conn) acknowledge(id string, body json.RawMessage) {
	c.out.in(0, func() {
		c.write(opText, encode(struct {
			Type    string          `json:"type"`
			ID      string          `json:"id"`
			Content json.RawMessage `json:"content"`
		}{"recv", c.id("recv", id), body}))
	})
}
