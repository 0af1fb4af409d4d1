//go:build !js

package protocol

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

const (
	testFlow     = "87f66d6d-dba9-4a44-9274-02c6927a083a"
	testInstance = "b7cf6862-0a1c-4bc3-9703-1ab767e5ea28"
	testSession  = SessionID("webchat-session.2a36d9fd-3114-4cb4-a0ef-751f3e8e7cc3")
)

func TestDecodeFrame(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		want     Frame
		err      error
	}{
		{"session", `{"type":"session","id":"m1","session_id":"webchat-session.2a36d9fd-3114-4cb4-a0ef-751f3e8e7cc3"}`, Frame{Type: FrameSession, ID: "m1", Session: testSession}, nil},
		{"chatowner", `{"type":"chatowner","id":"o","profilepic":"https://x/p.png","name":"Flow Tester"}`, Frame{Type: FrameChatOwner, ID: "o", Picture: "https://x/p.png", Name: "Flow Tester"}, nil},
		{"message", `{"type":"message","id":"m","profilepic":"p","name":"Assistant","content":"Hi! How can I help you today?"}`, Frame{Type: FrameMessage, ID: "m", Picture: "p", Name: "Assistant", Content: "Hi! How can I help you today?"}, nil},
		{"recv", `{"type":"recv","id":"r","profilepic":"","name":"Anonymous","content":"text"}`, Frame{Type: FrameRecv, ID: "r", Name: "Anonymous", Content: "text"}, nil},
		{"missing fields", `{"type":"message","content":"x"}`, Frame{Type: FrameMessage, Content: "x"}, nil},
		{"null fields", `{"type":"message","id":null,"profilepic":null,"name":null,"content":"x"}`, Frame{Type: FrameMessage, Content: "x"}, nil},
		{"numbers for text", `{"type":"message","id":7,"name":1.50,"content":42}`, Frame{Type: FrameMessage, ID: "7", Name: "1.50", Content: "42"}, nil},
		{"empty content", `{"type":"message","content":""}`, Frame{Type: FrameMessage}, nil},
		{"an object for text", `{"type":"message","content":{"a":[1]}}`, Frame{Type: FrameMessage, Content: `{"a":[1]}`}, nil},
		{"extra fields", ` {"x":{"y":[]},"type":"recv","content":"c","type2":1} `, Frame{Type: FrameRecv, Content: "c"}, nil},
		{"html is text", `{"type":"message","content":"<b>x</b>"}`, Frame{Type: FrameMessage, Content: "<b>x</b>"}, nil},
		{"no content", `{"type":"message","id":"m"}`, Frame{Type: FrameMessage, ID: "m"}, ErrNoContent},
		{"null content", `{"type":"message","content":null}`, Frame{Type: FrameMessage}, ErrNoContent},
		{"malformed session", `{"type":"session","session_id":"webchat-session.../../x"}`, Frame{Type: FrameSession}, ErrBadSession},
		{"no session", `{"type":"session"}`, Frame{Type: FrameSession}, ErrBadSession},
		{"unknown type", `{"type":"ping"}`, Frame{Type: "ping"}, ErrUnknownType},
		{"no type", `{}`, Frame{}, ErrUnknownType},
		{"an array", `[]`, Frame{}, ErrMalformed},
		{"not JSON", `{"type":"message"`, Frame{}, ErrMalformed},
		{"nothing", ``, Frame{}, ErrMalformed},
		{"too large", `{"type":"message","content":"` + strings.Repeat("x", MaxFrame) + `"}`, Frame{}, ErrTooLarge},
		{"too large as JSON text", `{"type":"recv","content":["` + strings.Repeat("\x7f", MaxFrame/6+1) + `"]}`, Frame{Type: FrameRecv}, ErrTooLarge},
		{"too large as UTF-8", `{"type":"message","content":"` + strings.Repeat("\xff", MaxFrame/3+1) + `"}`, Frame{Type: FrameMessage}, ErrTooLarge},
	} {
		got, err := DecodeFrame([]byte(tt.in))
		if got != tt.want || !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
			t.Errorf("%s: DecodeFrame = %+v, %v; want %+v, %v", tt.name, got, err, tt.want, tt.err)
		}
	}
}

// The frames are equal to those in the documentation, byte for byte.
func TestAppendFrames(t *testing.T) {
	stamp := time.Date(2025, 11, 6, 21, 59, 2, 999, time.FixedZone("", 3600))
	for _, tt := range []struct{ got, want string }{
		{string(AppendMessage(nil, "text")), `{"type":"message","message":"text"}`},
		{string(AppendMessage(nil, "two\nlines \"quoted\" \x00 \u2028 😀")), `{"type":"message","message":"two\nlines \"quoted\" \u0000 \u2028 😀"}`},
		{string(AppendTyping(nil, true)), `{"type":"typing","message":true}`},
		{string(AppendTyping(nil, false)), `{"type":"typing","message":false}`},
		{string(AppendHeartbeat(nil, stamp, 4*3600)), `{"type":"heartbeat","message":{"stamp":"2025-11-06T20:59:02","tz":"+04:00"}}`},
		{string(AppendHeartbeat(nil, stamp, -(3*3600 + 1800))), `{"type":"heartbeat","message":{"stamp":"2025-11-06T20:59:02","tz":"-03:30"}}`},
		{string(AppendHeartbeat(nil, stamp, 0)), `{"type":"heartbeat","message":{"stamp":"2025-11-06T20:59:02","tz":"+00:00"}}`},
	} {
		if tt.got != tt.want {
			t.Errorf("got %s\nwant %s", tt.got, tt.want)
		}
		if !json.Valid([]byte(tt.got)) {
			t.Errorf("%s is not JSON", tt.got)
		}
	}
}

func FuzzDecodeFrame(f *testing.F) {
	for _, s := range []string{`{"type":"session","id":"m","session_id":"` + string(testSession) + `"}`, `{"type":"message","content":"<img onerror=x>"}`, `{"type":"recv","content":5}`, "\x00\xff", `[[[[`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		frame, err := DecodeFrame(data)
		if err == nil && frame.Type == FrameSession {
			if _, bad := ParseSession(string(frame.Session)); bad != nil {
				t.Fatalf("%q passed as a session", frame.Session)
			}
		}
		if err == nil && frame.Type == FrameMessage {
			var echo struct{ Message string }
			if bad := json.Unmarshal(AppendMessage(nil, frame.Content), &echo); bad != nil || echo.Message != string([]rune(frame.Content)) {
				t.Fatalf("%q does not survive the way back: %q, %v", frame.Content, echo.Message, bad)
			}
		}
	})
}
