//go:build !js

package protocoltest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"plurachat/protocol/protocoltest"
)

const flowID = "87f66d6d-dba9-4a44-9274-02c6927a083a"

// frame is a parsed frame of the server.
type frame struct {
	Type       string `json:"type"`
	ID         string `json:"id"`
	SessionID  string `json:"session_id"`
	ProfilePic string `json:"profilepic"`
	Name       string `json:"name"`
	Content    string `json:"content"`
}

// visitor is a minimal client. It does not reconnect or send anything by itself.
type visitor struct {
	t       *testing.T
	ws      *websocket.Conn
	session string
}

func socketURL(s *protocoltest.Server, flow, session string) string {
	return s.SocketURL() + "/webchat/flow/" + flow + "/session/" + session + "/r/true"
}

func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func dial(s *protocoltest.Server, flow, session string) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	ws, _, err := websocket.Dial(ctx, socketURL(s, flow, session), &websocket.DialOptions{HTTPClient: s.Client()})
	if err == nil {
		ws.SetReadLimit(-1)
	}
	return ws, err
}

// join opens a connection and reads n opening frames.
func join(t *testing.T, s *protocoltest.Server, flow, session string, n int) (*visitor, []frame) {
	t.Helper()
	ws, err := dial(s, flow, session)
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	v := &visitor{t: t, ws: ws}
	t.Cleanup(func() { ws.CloseNow() })
	var frames []frame
	for range n {
		frames = append(frames, v.read())
	}
	if n > 0 {
		v.session = frames[0].SessionID
	}
	return v, frames
}

func (v *visitor) readRaw() (websocket.MessageType, string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	typ, raw, err := v.ws.Read(ctx)
	return typ, string(raw), err
}

func (v *visitor) read() frame {
	v.t.Helper()
	_, raw, err := v.readRaw()
	if err != nil {
		v.t.Fatalf("read: %v", err)
	}
	var f frame
	if err := json.Unmarshal([]byte(raw), &f); err != nil {
		v.t.Fatalf("frame %s: %v", raw, err)
	}
	return f
}

func (v *visitor) write(raw string) {
	v.t.Helper()
	if err := v.ws.Write(within(v.t), websocket.MessageText, []byte(raw)); err != nil {
		v.t.Fatalf("write: %v", err)
	}
}

func (v *visitor) say(text string) {
	v.t.Helper()
	raw, _ := json.Marshal(map[string]string{"type": "message", "message": text})
	v.write(string(raw))
}

// ended reads until the connection ends, and returns the error.
func (v *visitor) ended() error {
	for {
		if _, _, err := v.readRaw(); err != nil {
			return err
		}
	}
}

func noViolations(t *testing.T, s *protocoltest.Server) {
	t.Helper()
	if v := s.Violations(); len(v) > 0 {
		t.Errorf("violations: %v", v)
	}
}

// everywhere runs a test twice: with a server in memory, in virtual time, and
// with a server on loopback.
func everywhere(t *testing.T, o protocoltest.Options, test func(*testing.T, *protocoltest.Server)) {
	t.Run("pipe", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := protocoltest.NewPipe(o)
			t.Cleanup(s.Close)
			test(t, s)
		})
	})
	t.Run("loopback", func(t *testing.T) {
		s := protocoltest.NewServer(o)
		t.Cleanup(s.Close)
		test(t, s)
	})
}

func TestConversation(t *testing.T) {
	everywhere(t, protocoltest.Options{}, func(t *testing.T, s *protocoltest.Server) {
		v, open := join(t, s, flowID, "null", 3)
		if open[0].Type != "session" || !strings.HasPrefix(v.session, "webchat-session.") {
			t.Errorf("first frame %+v", open[0])
		}
		if open[1].Type != "chatowner" || open[1].Name != "Flow Tester" || open[1].ProfilePic == "" {
			t.Errorf("second frame %+v", open[1])
		}
		if open[2].Type != "message" || open[2].Name != "Assistant" || open[2].Content != "Hi! How can I help you today?" {
			t.Errorf("third frame %+v", open[2])
		}
		v.write(`{"type":"typing","message":true}`)
		v.write(`{"type":"heartbeat","message":{"stamp":"2025-11-06T21:59:02","tz":"+04:00"}}`)
		v.say("a < b & c\u2028")
		if f := v.read(); f.Type != "recv" || f.Name != "Anonymous" || f.Content != "a < b & c\u2028" || f.ID == "" {
			t.Errorf("recv %+v", f)
		}
		if f := v.read(); f.Type != "message" || f.Content != "You said: a < b & c\u2028" {
			t.Errorf("answer %+v", f)
		}
		if err := v.ws.Close(1000, ""); err != nil {
			t.Errorf("close handshake: %v", err)
		}
		if err := s.WaitLive(5*time.Second, 0); err != nil {
			t.Error(err)
		}
		noViolations(t, s)
		var kinds []protocoltest.Kind
		for _, e := range s.Log() {
			kinds = append(kinds, e.Kind)
		}
		want := []protocoltest.Kind{protocoltest.Dial, protocoltest.Open, protocoltest.Typing, protocoltest.Heartbeat,
			protocoltest.Message, protocoltest.Recv, protocoltest.Answer, protocoltest.Close}
		if !slices.Equal(kinds, want) {
			t.Errorf("log %v, want %v", kinds, want)
		}
		if h := s.History(v.session); len(h) != 3 || !h[1].Visitor || h[1].Text != "a < b & c\u2028" {
			t.Errorf("history %+v", h)
		}
	})
}

// The server's frames are those of the documentation's examples, byte for byte,
// except for ids and pictures.
func TestFramesAsDocumented(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := protocoltest.NewPipe(protocoltest.Options{Flow: protocoltest.Flow{Picture: "https://x/p.png?a&b"}})
		defer s.Close()
		v, _ := join(t, s, flowID, "null", 0)
		want := []string{
			`{"type":"session","id":"@","session_id":"webchat-session.@"}`,
			`{"type":"chatowner","id":"@","profilepic":"https://x/p.png?a&b","name":"Flow Tester"}`,
			`{"type":"message","id":"@","profilepic":"https://x/p.png?a&b","name":"Assistant","content":"Hi! How can I help you today?"}`,
		}
		for _, w := range want {
			_, raw, err := v.readRaw()
			if err != nil {
				t.Fatal(err)
			}
			if got := uuidless(raw); got != w {
				t.Errorf("got  %s\nwant %s", got, w)
			}
		}
	})
}

func post(s *protocoltest.Server, body string) (*http.Response, string, error) {
	resp, err := s.Client().Post(s.SessionURL(), "application/json", strings.NewReader(body))
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp, string(b), err
}

func TestSessionInitialisation(t *testing.T) {
	everywhere(t, protocoltest.Options{Flows: []string{flowID}}, func(t *testing.T, s *protocoltest.Server) {
		resp, body, err := post(s, `{"record":{"phone":"+15551234567","first_name":"John","budget":1.50},"flow_id":"`+flowID+`"}`)
		if err != nil {
			t.Fatal(err)
		}
		if want := `{"flow_id":"@","session":"webchat-session.@","flow_port":8088,"wss_test_url":"wss.plura.ai"}`; uuidless(body) != want {
			t.Errorf("body %s", body)
		}
		if resp.StatusCode != 200 || resp.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("response %d %v", resp.StatusCode, resp.Header)
		}
		var init struct {
			FlowID  string `json:"flow_id"`
			Session string
		}
		if err := json.Unmarshal([]byte(body), &init); err != nil || init.FlowID == flowID {
			t.Fatalf("%s: %v", body, err)
		}
		if n := s.Record(init.Session)["budget"]; fmt.Sprint(n) != "1.50" {
			t.Errorf("budget %v, not as written", n)
		}
		v, open := join(t, s, init.FlowID, init.Session, 3)
		if v.session != init.Session || open[2].Content != "Hi John! How can I help you today?" {
			t.Errorf("opened with %+v", open)
		}
		v.say("hello")
		if f := v.read(); f.Type != "recv" || f.Name != "John" {
			t.Errorf("recv %+v", f)
		}
		noViolations(t, s)

		// The session belongs to the flow instance, not to the flow.
		if w, _ := join(t, s, flowID, init.Session, 1); w.session == init.Session {
			t.Error("resumed under the wrong flow")
		}
		if n := len(s.Violations()); n != 1 {
			t.Errorf("%d violations, want 1", n)
		}
	})
}

func TestSessionInitialisationErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := protocoltest.NewPipe(protocoltest.Options{Flows: []string{flowID}})
		defer s.Close()
		const other = "00000000-0000-4000-8000-000000000000"
		for _, c := range []struct {
			body   string
			status int
		}{
			{`{"record":{"phone":"+15551234567"},"flow_id":"` + other + `"}`, 404},
			{`{"record":{"phone":"5551234567"},"flow_id":"` + flowID + `"}`, 400},
			{`{"record":{"phone":15551234567},"flow_id":"` + flowID + `"}`, 400},
			{`{"record":{},"flow_id":"` + flowID + `"}`, 400},
			{`{"record":null,"flow_id":"` + flowID + `"}`, 400},
			{`{"flow_id":"` + flowID + `"}`, 400},
			{`{"record":{"phone":"+15551234567"},"flow_id":"x"}`, 400},
			{`{"record":{"phone":"+15551234567"}}`, 400},
			{`{"record":{"phone":"+15551234567"},"flow_id":"` + flowID + `","x":1}`, 400},
			{`{"record":{"phone":"+15551234567","last_name":null},"flow_id":"` + flowID + `"}`, 400},
			{`{"record":{"phone":"+15551234567","phone":"+15551234567"},"flow_id":"` + flowID + `"}`, 400},
			{`{"record":{"phone":"+15551234567"},"flow_id":"` + flowID + `"} `, 200},
			{`{"record":{"phone":"+15551234567"},"flow_id":"` + flowID + `"}x`, 400},
			{``, 400},
		} {
			before := s.Count(protocoltest.Violation)
			resp, body, err := post(s, c.body)
			if err != nil {
				t.Fatal(err)
			}
			if resp.StatusCode != c.status {
				t.Errorf("%s: %d %s, want %d", c.body, resp.StatusCode, body, c.status)
			}
			if c.status >= 400 && !strings.HasPrefix(body, `{"status":"failed","message":"`) {
				t.Errorf("%s: body %s", c.body, body)
			}
			if got := s.Count(protocoltest.Violation) - before; (got == 1) != (c.status == 400) {
				t.Errorf("%s: %d violations", c.body, got)
			}
		}
		s.FailInits(2, protocoltest.Failure{Status: 429, RetryAfter: "7"})
		valid := `{"record":{"phone":"+15551234567"},"flow_id":"` + flowID + `"}`
		for i, want := range []int{429, 429, 200} {
			resp, body, err := post(s, valid)
			if err != nil {
				t.Fatal(err)
			}
			if resp.StatusCode != want || want == 429 && (resp.Header.Get("Retry-After") != "7" || body != `{"status":"failed","message":"too many requests"}`) {
				t.Errorf("call %d: %d %v %s", i, resp.StatusCode, resp.Header, body)
			}
		}
		resp, err := s.Client().Post(s.SessionURL(), "text/plain", bytes.NewReader([]byte(valid)))
		if err != nil || resp.StatusCode != 400 {
			t.Errorf("text/plain: %v %v", resp, err)
		}
	})
}

func TestCORS(t *testing.T) {
	for _, off := range []bool{false, true} {
		s := protocoltest.NewServer(protocoltest.Options{NoCORS: off})
		req, _ := http.NewRequest("OPTIONS", s.SessionURL(), nil)
		req.Header.Set("Origin", "https://shop.example")
		req.Header.Set("Access-Control-Request-Method", "POST")
		req.Header.Set("Access-Control-Request-Headers", "content-type")
		resp, err := s.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if allowed := resp.Header.Get("Access-Control-Allow-Headers") != ""; allowed == off || resp.StatusCode != 204 {
			t.Errorf("NoCORS %v: %d %v", off, resp.StatusCode, resp.Header)
		}
		s.Close()
	}
}

func TestHandshakeRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := protocoltest.NewPipe(protocoltest.Options{})
		defer s.Close()
		for i, path := range []string{
			"/webchat/flow/x/session/null/r/true",
			"/webchat/flow/" + flowID + "/session/undefined/r/true",
			"/webchat/flow/" + flowID + "/session/webchat-session.1/r/true",
			"/webchat/flow/" + flowID + "/session/null/r/yes",
			"/elsewhere",
		} {
			if _, _, err := websocket.Dial(within(t), s.SocketURL()+path, &websocket.DialOptions{HTTPClient: s.Client()}); err == nil {
				t.Errorf("%s was accepted", path)
			}
			if n := s.Count(protocoltest.Violation); n != i+1 {
				t.Errorf("%s: %d violations, want %d", path, n, i+1)
			}
		}
		if s.Live() != 0 {
			t.Error("a connection lives")
		}
	})
}

func TestClientFrameViolations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := protocoltest.NewPipe(protocoltest.Options{StampTolerance: time.Minute})
		defer s.Close()
		v, _ := join(t, s, flowID, "null", 3)
		bad := []string{
			`{`, `[]`, `null`, `"x"`, `{}`, ``,
			`{"type":"message"}`, `{"type":"message","message":" "}`, `{"type":"message","message":1}`, `{"type":"message","message":null}`,
			`{"type":"message","message":"x","id":"1"}`, `{"type":"message","message":"x"} {}`, `{"type":"message","type":"message","message":"x"}`,
			`{"type":"typing","message":"true"}`, `{"type":"typing"}`, `{"type":"recv","message":"x"}`, `{"type":"init","message":"x"}`,
			`{"type":"heartbeat","message":{}}`, `{"type":"heartbeat","message":{"stamp":"2000-01-01T00:00:00"}}`,
			`{"type":"heartbeat","message":{"stamp":"2000-01-01T00:00:00Z","tz":"+00:00"}}`,
			`{"type":"heartbeat","message":{"stamp":"2000-01-01T00:00:00.123","tz":"+00:00"}}`,
			`{"type":"heartbeat","message":{"stamp":"2000-01-01T00:00:00","tz":"Z"}}`,
			`{"type":"heartbeat","message":{"stamp":"2000-01-01T00:00:00","tz":"+00:60"}}`,
			`{"type":"heartbeat","message":{"stamp":"2000-01-01T04:00:00","tz":"+04:00"}}`, // local time instead of UTC: a bubble begins at midnight UTC
		}
		for i, raw := range bad {
			v.write(raw)
			synctest.Wait()
			if n := s.Count(protocoltest.Violation); n != i+1 {
				t.Fatalf("%s: %d violations, want %d", raw, n, i+1)
			}
		}
		if err := v.ws.Write(within(t), websocket.MessageBinary, []byte("x")); err != nil {
			t.Fatal(err)
		}
		v.write(`{"type":"heartbeat","message":{"stamp":"2000-01-01T00:00:00","tz":"-09:30"}}`)
		v.say("still here")
		if f := v.read(); f.Type != "recv" || f.Content != "still here" {
			t.Errorf("after the violations: %+v", f)
		}
		if n := s.Count(protocoltest.Violation); n != len(bad)+1 {
			t.Errorf("%d violations, want %d", n, len(bad)+1)
		}
	})
}
