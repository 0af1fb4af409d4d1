package protocol

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"plurachat/protocol/strictjson"
)

// MaxFrame is the size in bytes of the largest frame that is read. Larger frames
// are ignored, and the connection stays. So are frames whose Content would be
// larger: JSON that is shown as text escapes characters that a frame need not.
const MaxFrame = 1 << 20

// FrameType is the "type" of a frame.
type FrameType string

// The types of the frames that a server sends.
const (
	FrameSession   FrameType = "session"
	FrameChatOwner FrameType = "chatowner"
	FrameMessage   FrameType = "message" // a message of the agent
	FrameRecv      FrameType = "recv"    // the server has a message of the visitor
	FrameError     FrameType = "error"   // not documented for the socket; Content is the server's message
)

// Frame is one frame from the server.
type Frame struct {
	Type    FrameType
	ID      string
	Session SessionID // of a session frame
	Name    string
	Picture string
	Content string

	notText    bool // of a recv frame: the content is not a string
	notMessage bool // of a recv frame: it seems to acknowledge a typing or heartbeat frame
}

// DecodeFrame reads a frame from the server. It accepts missing and null fields,
// numbers instead of text, and unknown fields, because the protocol does not
// exclude them. It returns errors that errors.Is matches with those of this
// package.
func DecodeFrame(data []byte) (Frame, error) { return decodeFrame(string(data)) }

// decodeFrame is DecodeFrame for a string. The result shares the string's memory.
func decodeFrame(text string) (Frame, error) {
	if len(text) > MaxFrame {
		return Frame{}, ErrTooLarge
	}
	v, err := parse(text)
	if err != nil || v.Kind() != strictjson.Object {
		return Frame{}, ErrMalformed
	}
	var f Frame
	var session, content strictjson.Value
	for i, m := range v.Items() { // if a key occurs twice, the last one is used
		switch v.Keys()[i] {
		case "type":
			f.Type = FrameType(m.Text())
		case "id":
			f.ID = boundedLabel(m.Text())
		case "name":
			f.Name = boundedLabel(m.Text())
		case "profilepic":
			f.Picture = boundedPicture(m.Text())
		case "content":
			content = m
		case "session_id":
			session = m
		}
	}
	if f.Type == "" && v.Get("status").Text() == "failed" {
		f.Type = FrameError
	}
	switch f.Type {
	case FrameSession:
		f.Session, err = ParseSession(session.Text())
	case FrameChatOwner:
	case FrameMessage, FrameRecv:
		k := content.Kind()
		if k == strictjson.Missing || k == strictjson.Null {
			return f, ErrNoContent
		}
		f.Content = content.Text()
		if k == strictjson.Object || k == strictjson.Array {
			f.Content = content.Raw() // is shown as JSON text instead of being lost
		}
		if len(f.Content) > MaxFrame {
			return Frame{Type: f.Type}, ErrTooLarge
		}
		if f.Type == FrameRecv {
			f.notText = k != strictjson.String
			f.notMessage = f.Content == "true" || f.Content == "false" || strings.HasPrefix(f.Content, `{"stamp"`)
		}
	case FrameError:
		f.Content = v.Get("message").Text() // the Client shortens it, after it has removed lead data
	default:
		return f, fmt.Errorf("%w %s", ErrUnknownType, strconv.Quote(string(f.Type[:min(len(f.Type), 32)])))
	}
	return f, err
}

// parse reads the JSON of a frame or of a response, which may begin with a byte
// order mark.
func parse(text string) (strictjson.Value, error) {
	return strictjson.Parse(strings.TrimPrefix(text, "\ufeff"))
}

// maxLabel bounds the size of ids and names in bytes. A frame may have a
// megabyte, and ids and names are stored, shown and often compared.
const maxLabel = 256

// boundedLabel returns an id or a name, shortened to maxLabel at the end of a
// character.
func boundedLabel(s string) string {
	return bounded(s, maxLabel)
}

// bounded returns a text, shortened to most bytes at the end of a character.
func bounded(s string, most int) string {
	if len(s) <= most {
		return s
	}
	n := most
	for n > most-utf8.UTFMax && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// MaxPicture bounds the size in bytes of a picture's address, which may be a data
// URL with the picture itself. Each message has one, and it is stored with the
// message.
const MaxPicture = 256 << 10

// boundedPicture returns the address of a picture, or an empty string if it is
// too long.
func boundedPicture(s string) string {
	if len(s) > MaxPicture {
		return ""
	}
	return s
}

// AppendMessage appends the frame of a visitor's message.
func AppendMessage(dst []byte, text string) []byte {
	return append(strictjson.AppendString(append(dst, `{"type":"message","message":`...), text), '}')
}

// AppendTyping appends the frame that says whether the visitor is typing.
func AppendTyping(dst []byte, typing bool) []byte {
	return append(strconv.AppendBool(append(dst, `{"type":"typing","message":`...), typing), '}')
}

// AppendHeartbeat appends the frame that is due every [HeartbeatEvery]. It has
// the time in UTC and the visitor's offset, as in the vendor's own browser sample.
// offset is in seconds east of UTC.
func AppendHeartbeat(dst []byte, now time.Time, offset int) []byte {
	dst = append(dst, `{"type":"heartbeat","message":{"stamp":"`...)
	dst = append(AppendStamp(dst, now), `","tz":"`...)
	if offset < 0 {
		dst, offset = append(dst, '-'), -offset
	} else {
		dst = append(dst, '+')
	}
	dst = append(appendDigits(dst, offset/3600, 2), ':')
	return append(appendDigits(dst, offset/60%60, 2), `"}}`...)
}

// AppendStamp appends a time as YYYY-MM-DDTHH:mm:ss, in UTC. The layouts of
// package time would add several kilobytes to the download.
func AppendStamp(dst []byte, t time.Time) []byte {
	t = t.UTC()
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	dst = append(appendDigits(dst, year, 4), '-')
	dst = append(appendDigits(dst, int(month), 2), '-')
	dst = append(appendDigits(dst, day, 2), 'T')
	dst = append(appendDigits(dst, hour, 2), ':')
	dst = append(appendDigits(dst, minute, 2), ':')
	return appendDigits(dst, second, 2)
}

// appendDigits appends a number with leading zeros.
func appendDigits(dst []byte, n, width int) []byte {
	for unit := 10; width > 1; width-- {
		if n < unit {
			dst = append(dst, '0')
		}
		unit *= 10
	}
	return strconv.AppendInt(dst, int64(n), 10)
}
