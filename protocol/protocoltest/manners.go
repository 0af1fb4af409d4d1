package protocoltest

import (
	"encoding/json"
	"html"
	"strconv"
	"strings"
	"time"
)

// Manners define the behaviour that the documentation leaves open. With the zero
// value, the server does what the documentation's examples show. [Presets]
// returns named servers, with which clients should be tested.
type Manners struct {
	// NumberedIDs uses the ids "1", "2" and so on. Each connection counts each
	// type of frame separately, from 1. Therefore ids repeat, and a message has
	// another id in a replay. The log has the ids of [Turn].
	NumberedIDs bool
	// Recv is what the server acknowledges, and how.
	Recv Recvs
	// AnswersFirst sends the flow's answers before the recv of the message that
	// they answer.
	AnswersFirst bool
	// Store returns the form in which the server stores a text. A recv and every
	// replay contain the stored text; [Server.History] and the log contain the
	// text as it was sent. If Store is nil, the text is stored without changes.
	// See [Normalise] and [Escape].
	Store func(text string) string
	// Blanks sends a message without text before every message, and a recv
	// without text before every recv.
	Blanks bool
	// Errors sends an error frame before the session frame and before every
	// answer. The documentation describes errors only for session initialisation.
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
	// CloseIdle is the time without a frame of the client after which the server
	// closes a connection. CloseAfter is the time after which the server closes
	// any connection. 0: never. Both apply from the next connection on.
	CloseIdle, CloseAfter time.Duration
	// CloseCode is the close code in both cases; 0 is 1001 (going away).
	CloseCode int
}

// Recvs is what a server acknowledges, and how. The documentation shows one
// recv for each message, with the message's text as its content.
type Recvs int

const (
	RecvOnce      Recvs = iota // each message, once
	RecvNever                  // nothing; replays leave out the visitor's messages too
	RecvNoContent              // each message, without content
	RecvTwice                  // each message, twice with the same id
	RecvAll                    // each frame: typing and heartbeats too, with their body as content
)

// Normalise replaces each run of white space by one space, removes white space at
// the ends, and composes letters with their accents, as NFC does for the letters
// of Western European languages. It is a value for Manners.Store.
func Normalise(text string) string { return composed.Replace(strings.Join(strings.Fields(text), " ")) }

// composed replaces a base letter and a combining mark by the composed letter,
// for the letters of Latin-1.
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

// Escape escapes a text as HTML. It is a value for Manners.Store.
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

// id returns the id of a frame of the type typ on this connection: the argument
// id, or a number, by Manners.NumberedIDs.
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

// before returns the frames to send before a frame of the given kind, by
// Manners.Errors and Manners.Blanks.
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
		frames = append(frames, blankRecv)
	}
	return frames
}

// blank returns the message without text to send before a message, by
// Manners.Blanks.
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
	blankRecv     = []byte(`{"type":"recv","id":"blank","profilepic":null,"name":"Anonymous","content":" "}`)
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
