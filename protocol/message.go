package protocol

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"plurachat/protocol/strictjson"
)

// MaxFrame is the size in bytes of the largest frame that is read. Larger ones
// are dropped; the connection goes on.
const MaxFrame = 1 << 20

// FrameType is the "type" of a frame.
type FrameType string

// The frames a server sends.
const (
	FrameSession   FrameType = "session"
	FrameChatOwner FrameType = "chatowner"
	FrameMessage   FrameType = "message" // what the agent says
	FrameRecv      FrameType = "recv"    // the server has a message of the visitor
	FrameError     FrameType = "error"   // not documented on the socket; Content is the server's message
)

// Frame is one frame from the server.
type Frame struct {
	Type    FrameType
	ID      string
	Session SessionID // of a session frame
	Name    string
	Picture string
	Content string

	odd  bool // of a recv: the content is not a string
	idle bool // of a recv: it seems to answer a typing or heartbeat frame
}

// DecodeFrame reads a frame from the server. It tolerates what the protocol
// leaves open: missing and null fields, numbers where text is expected, fields
// nobody knows. The errors are the sentinels of this package.
func DecodeFrame(data []byte) (Frame, error) { return decodeFrame(string(data)) }

// decodeFrame is DecodeFrame. What it returns shares the text's memory.
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
	for i, m := range v.Items() { // where a key stands twice, the last one counts
		switch v.Keys()[i] {
		case "type":
			f.Type = FrameType(m.Text())
		case "id":
			f.ID = cut(m.Text())
		case "name":
			f.Name = cut(m.Text())
		case "profilepic":
			f.Picture = picture(m.Text())
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
			f.Content = content.Raw() // shown as the text it is, rather than lost
		}
		if f.Type == FrameRecv {
			f.odd = k != strictjson.String
			f.idle = f.Content == "true" || f.Content == "false" || strings.HasPrefix(f.Content, `{"stamp"`)
		}
	case FrameError:
		f.Content = cut(v.Get("message").Text())
	default:
		return f, fmt.Errorf("%w %s", ErrUnknownType, strconv.Quote(string(f.Type[:min(len(f.Type), 32)])))
	}
	return f, err
}

// parse reads the JSON of a frame or of an answer, which may begin with a byte
// order mark.
func parse(text string) (strictjson.Value, error) {
	return strictjson.Parse(strings.TrimPrefix(text, "\ufeff"))
}

// labelAtMost bounds ids and names, in bytes: a frame may be a megabyte, and
// these are stored, shown and compared over and over.
const labelAtMost = 256

// cut shortens an id or a name, between two characters.
func cut(s string) string {
	if len(s) <= labelAtMost {
		return s
	}
	n := labelAtMost
	for n > labelAtMost-utf8.UTFMax && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// pictureAtMost bounds the address of a picture, which may hold the picture
// itself: it comes with each message, and is stored with it.
const pictureAtMost = 256 << 10

// picture is a picture's address, or empty if that is too long.
func picture(s string) string {
	if len(s) > pictureAtMost {
		return ""
	}
	return s
}

// AppendMessage appends the frame that carries what the visitor wrote.
func AppendMessage(dst []byte, text string) []byte {
	return append(strictjson.AppendString(append(dst, `{"type":"message","message":`...), text), '}')
}

// AppendTyping appends the frame that tells the inbox whether the visitor is
// typing.
func AppendTyping(dst []byte, typing bool) []byte {
	return append(strconv.AppendBool(append(dst, `{"type":"typing","message":`...), typing), '}')
}

// AppendHeartbeat appends the frame that is due every [HeartbeatEvery]. The
// vendor's own browser sample writes the time in UTC and the visitor's offset
// beside it, and so does this; offset is in seconds east of UTC.
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
// package time would cost each visitor several kilobytes.
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

// appendDigits appends a number with zeros before it.
func appendDigits(dst []byte, n, width int) []byte {
	for unit := 10; width > 1; width-- {
		if n < unit {
			dst = append(dst, '0')
		}
		unit *= 10
	}
	return strconv.AppendInt(dst, int64(n), 10)
}
