//go:build !js

package protocoltest_test

import (
	"bufio"
	"context"
	"encoding/binary"
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

// preset runs a test with the server of a preset, in virtual time.
func preset(t *testing.T, name string, test func(*testing.T, *protocoltest.Server)) {
	t.Helper()
	p, ok := protocoltest.FindPreset(name)
	if !ok {
		t.Fatalf("there is no preset %q", name)
	}
	var o protocoltest.Options
	p.Set(&o)
	bubble(t, o, test)
}

// hears reads one frame for each argument and compares it with the expected JSON,
// in which UUIDs are replaced by @.
func (v *visitor) hears(want ...string) {
	v.t.Helper()
	for _, w := range want {
		_, raw, err := v.readRaw()
		if err != nil {
			v.t.Fatalf("%v in place of %s", err, w)
		}
		if got := uuidless(raw); got != w {
			v.t.Errorf("got  %s\nwant %s", got, w)
		}
	}
}

// silent checks that no frame arrives for a minute.
func (v *visitor) silent() {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if _, raw, err := v.ws.Read(ctx); err == nil {
		v.t.Errorf("%s comes too", raw)
	}
}

func recvFrame(id, content string) string {
	return `{"type":"recv","id":"` + id + `","profilepic":"` + onePixel + `","name":"Anonymous","content":"` + content + `"}`
}

func messageOf(id, content string) string {
	return `{"type":"message","id":"` + id + `","profilepic":"` + onePixel + `","name":"Assistant","content":"` + content + `"}`
}

const (
	onePixel  = "data:image/gif;base64,R0lGODlhAQABAIAAACJE3QAAACwAAAAAAQABAAACAkQBADs="
	helloText = "Hi! How can I help you today?"
	openFrame = `{"type":"session","id":"@","session_id":"webchat-session.@"}`
	ownFrame  = `{"type":"chatowner","id":"@","profilepic":"` + onePixel + `","name":"Flow Tester"}`
)

func TestPresetsAreATable(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range protocoltest.Presets() {
		if p.Name == "" || seen[p.Name] || !strings.HasSuffix(p.Says, ".") && !strings.HasSuffix(p.Says, ").") || p.Set == nil {
			t.Errorf("preset %+v", p)
		}
		seen[p.Name] = true
		if found, ok := protocoltest.FindPreset(" " + strings.ToUpper(p.Name)); !ok || found.Name != p.Name {
			t.Errorf("%q is not found", p.Name)
		}
	}
	for _, name := range []string{"", "close code", "close code 99", "close code 5000", "by"} {
		if p, ok := protocoltest.FindPreset(name); ok {
			t.Errorf("%q finds %+v", name, p)
		}
	}
}

func TestPresetNumbersFromOne(t *testing.T) {
	preset(t, "numbers from one", func(t *testing.T, s *protocoltest.Server) {
		s.SetReplay(protocoltest.ReplayAll)
		v, _ := join(t, s, flowID, "null", 1)
		v.hears(`{"type":"chatowner","id":"1","profilepic":"`+onePixel+`","name":"Flow Tester"}`, messageOf("1", helloText))
		v.say("a")
		v.hears(recvFrame("1", "a"), messageOf("2", "You said: a"))
		v.ws.CloseNow()
		w, open := join(t, s, flowID, v.session, 2)
		if open[0].ID != "1" || open[0].SessionID != v.session {
			t.Errorf("resumed with %+v", open)
		}
		w.hears(messageOf("1", helloText), recvFrame("1", "a"), messageOf("2", "You said: a"))
		w.say("b")
		w.hears(recvFrame("2", "b"), messageOf("3", "You said: b"))
	})
}

func TestPresetStores(t *testing.T) {
	for name, c := range map[string]struct{ text, stored string }{
		"normalises":     {" cafe\u0301  &\tA\u030angstro\u0308m ", "caf\u00e9 & \u00c5ngstr\u00f6m"},
		"stores escapes": {`<b> & "c"`, `&lt;b&gt; &amp; &#34;c&#34;`},
	} {
		preset(t, name, func(t *testing.T, s *protocoltest.Server) {
			s.SetReplay(protocoltest.ReplayAll)
			v, _ := join(t, s, flowID, "null", 3)
			v.say(c.text)
			if f := v.read(); f.Type != "recv" || f.Content != c.stored {
				t.Errorf("%s: recv %q, want %q", name, f.Content, c.stored)
			}
			if f := v.read(); f.Content != "You said: "+c.text {
				t.Errorf("%s: answers %q", name, f.Content)
			}
			if h := s.History(v.session); h[1].Text != c.text || s.Messages("")[0] != c.text {
				t.Errorf("%s: the log has %q", name, h[1].Text)
			}
			_, again := join(t, s, flowID, v.session, 5)
			if again[3].Content != c.stored || !strings.HasSuffix(again[4].Content, c.stored) {
				t.Errorf("%s: replays %+v", name, again)
			}
		})
	}
}

func TestPresetAnswersFirst(t *testing.T) {
	preset(t, "answers first", func(t *testing.T, s *protocoltest.Server) {
		s.SetAnswer(func(*protocoltest.Exchange) []protocoltest.Reply {
			return []protocoltest.Reply{{Text: "one", Delay: time.Second}, {Text: "two", Delay: time.Second}}
		})
		v, _ := join(t, s, flowID, "null", 3)
		v.say("a")
		v.hears(messageOf("@", "one"), messageOf("@", "two"), recvFrame("@", "a"))
		s.SetAnswer(func(*protocoltest.Exchange) []protocoltest.Reply { return nil })
		v.say("b")
		v.hears(recvFrame("@", "b"))
	})
}

func TestPresetSlowRecv(t *testing.T) {
	preset(t, "slow recv", func(t *testing.T, s *protocoltest.Server) {
		v, _ := join(t, s, flowID, "null", 3)
		start := time.Now()
		v.say("a")
		v.hears(messageOf("@", "You said: a"))
		if time.Since(start) != 0 {
			t.Errorf("answers after %v", time.Since(start))
		}
		time.Sleep(20 * time.Second) // virtual; needed because a read fails after 10 s
		v.hears(recvFrame("@", "a"))
		if took := time.Since(start); took != 25*time.Second {
			t.Errorf("recv after %v", took)
		}
	})
}

func TestPresetsOfRecv(t *testing.T) {
	answer := messageOf("@", "You said: a")
	empty := `{"type":"recv","id":"@","profilepic":"` + onePixel + `","name":"Anonymous"}`
	for name, want := range map[string][]string{
		"never acknowledges":      {answer},
		"recv without content":    {empty, answer},
		"doubles recv":            {recvFrame("@", "a"), recvFrame("@", "a"), answer},
		"acknowledges everything": {`{"type":"recv","id":"@","content":true}`, `{"type":"recv","id":"@","content":{"stamp":"2000-01-01T00:00:00","tz":"+00:00"}}`, recvFrame("@", "a"), answer},
	} {
		preset(t, name, func(t *testing.T, s *protocoltest.Server) {
			v, _ := join(t, s, flowID, "null", 3)
			v.write(`{"type":"typing","message":true}`)
			v.write(`{"type":"heartbeat","message":{"stamp":"2000-01-01T00:00:00","tz":"+00:00"}}`)
			v.say("a")
			v.hears(want...)
			v.silent()
			recvs := len(want) - 1
			if name == "acknowledges everything" {
				recvs = 1 // only recvs of messages are logged
			}
			if n := s.Count(protocoltest.Recv); n != recvs {
				t.Errorf("%s: %d recvs in the log", name, n)
			}
		})
	}
	preset(t, "doubles recv", func(t *testing.T, s *protocoltest.Server) {
		v, _ := join(t, s, flowID, "null", 3)
		v.say("a")
		if one, two := v.read(), v.read(); one != two || one.Type != "recv" {
			t.Errorf("the two recvs are %+v and %+v", one, two)
		}
	})
	preset(t, "never acknowledges", func(t *testing.T, s *protocoltest.Server) {
		s.SetReplay(protocoltest.ReplayAll)
		v, _ := join(t, s, flowID, "null", 3)
		v.say("a")
		v.hears(answer)
		w, _ := join(t, s, flowID, v.session, 1)
		w.hears(ownFrame, messageOf("@", helloText), answer)
		w.silent()
	})
}

// The fault for a message is produced also if the message gets no recv.
func TestFaultsWithoutRecv(t *testing.T) {
	o := protocoltest.Options{
		Manners: protocoltest.Manners{Recv: protocoltest.RecvNever},
		Fault: func(e protocoltest.Event) (a protocoltest.Action) {
			if e.Kind == protocoltest.Message {
				a.Do, a.At = protocoltest.Drop, protocoltest.After
			}
			return a
		},
	}
	bubble(t, o, func(t *testing.T, s *protocoltest.Server) {
		v, _ := join(t, s, flowID, "null", 3)
		v.say("a")
		if err := v.ended(); err == nil || len(s.Messages("")) != 1 {
			t.Errorf("ended with %v, %q in the log", err, s.Messages(""))
		}
	})
}

func TestPresetsOfResume(t *testing.T) {
	for name, want := range map[string][]string{
		"by the book":                nil,
		"terse resume":               {ownFrame},
		"greets again":               {ownFrame, messageOf("@", helloText)},
		"whole history with new ids": {ownFrame, messageOf("@", helloText), recvFrame("@", "a"), messageOf("@", "You said: a")},
	} {
		preset(t, name, func(t *testing.T, s *protocoltest.Server) {
			v, open := join(t, s, flowID, "null", 3)
			v.say("a")
			old := []string{open[2].ID, v.read().ID, v.read().ID}
			w, _ := join(t, s, flowID, v.session, 1)
			for _, frame := range want {
				_, raw, err := w.readRaw()
				if err != nil {
					t.Fatal(err)
				}
				if got := uuidless(raw); got != frame {
					t.Errorf("%s: got  %s\nwant %s", name, got, frame)
				}
				if slices.ContainsFunc(old, func(id string) bool { return strings.Contains(raw, id) }) {
					t.Errorf("%s: an old id in %s", name, raw)
				}
			}
			w.silent()
		})
	}
}

func TestPresetBlank(t *testing.T) {
	preset(t, "blank", func(t *testing.T, s *protocoltest.Server) {
		v, _ := join(t, s, flowID, "null", 0)
		blank := func(content string) string {
			return `{"type":"message","id":"blank","profilepic":null,"name":"Assistant"` + content + `}`
		}
		v.hears(openFrame, ownFrame, blank(`,"content":" \n\t\u00a0"`), messageOf("@", helloText))
		v.say("a")
		v.hears(`{"type":"recv","id":"blank","profilepic":null,"name":"Anonymous","content":" "}`, recvFrame("@", "a"),
			blank(""), messageOf("@", "You said: a"))
		v.say("b")
		v.read()
		v.read()
		v.hears(blank(`,"content":""`))
	})
}

func TestPresetErrors(t *testing.T) {
	preset(t, "errors", func(t *testing.T, s *protocoltest.Server) {
		v, _ := join(t, s, flowID, "null", 0)
		const one, other = `{"type":"error","message":"The assistant is busy."}`, `{"status":"failed","message":"The assistant is busy."}`
		v.hears(one, openFrame, ownFrame, messageOf("@", helloText))
		v.say("a")
		v.hears(recvFrame("@", "a"), other, messageOf("@", "You said: a"))
		v.say("b")
		v.hears(recvFrame("@", "b"), one, messageOf("@", "You said: b"))
	})
}

func TestPresetByteOrderMark(t *testing.T) {
	preset(t, "byte order mark", func(t *testing.T, s *protocoltest.Server) {
		v, _ := join(t, s, flowID, "null", 0)
		v.hears("\ufeff"+openFrame, "\ufeff"+ownFrame, "\ufeff"+messageOf("@", helloText))
	})
}

// wireOf makes a handshake without a WebSocket library. It returns the connection
// and the header of the server's answer.
func wireOf(t *testing.T, s *protocoltest.Server, extensions string) (conn io.ReadWriteCloser, answer http.Header) {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, "http"+strings.TrimPrefix(socketURL(s, flowID, "null"), "ws"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
		"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Extensions": extensions} {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	resp, err := s.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	conn, ok := resp.Body.(io.ReadWriteCloser)
	if !ok || resp.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("handshake: %s", resp.Status)
	}
	t.Cleanup(func() { conn.Close() })
	return conn, resp.Header
}

// wireFrame reads one frame of the server, of less than 64 KiB. It returns the
// frame's first byte and its payload.
func wireFrame(t *testing.T, br *bufio.Reader) (first byte, payload string) {
	t.Helper()
	head := make([]byte, 2)
	if _, err := io.ReadFull(br, head); err != nil {
		t.Fatal(err)
	}
	n := int(head[1])
	if n == 126 {
		ext := make([]byte, 2)
		if _, err := io.ReadFull(br, ext); err != nil {
			t.Fatal(err)
		}
		n = int(binary.BigEndian.Uint16(ext))
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(br, b); err != nil {
		t.Fatal(err)
	}
	return head[0], string(b)
}

func TestPresetDeflate(t *testing.T) {
	// The server compresses only if the client offers it with parameters that the server supports.
	for offer, accepted := range map[string]bool{
		"": false, "permessage-deflate": true, "x-other, permessage-deflate; client_max_window_bits": true,
		"permessage-deflate; server_max_window_bits=10": false,
	} {
		preset(t, "deflate", func(t *testing.T, s *protocoltest.Server) {
			conn, header := wireOf(t, s, offer)
			want, bit := "", byte(0)
			if accepted {
				want, bit = "permessage-deflate; server_no_context_takeover; client_no_context_takeover", 0x40
			}
			if got := header.Get("Sec-WebSocket-Extensions"); got != want {
				t.Errorf("offer %q is answered by %q", offer, got)
			}
			first, payload := wireFrame(t, bufio.NewReader(conn))
			if first != 0x81|bit || strings.HasPrefix(payload, `{"type"`) == accepted {
				t.Errorf("offer %q: the first frame is %#x %q", offer, first, payload)
			}
		})
	}
	everywhere(t, protocoltest.Options{Manners: protocoltest.Manners{Deflate: true, Fragments: 4}}, func(t *testing.T, s *protocoltest.Server) {
		ws, _, err := websocket.Dial(within(t), socketURL(s, flowID, "null"), &websocket.DialOptions{
			HTTPClient: s.Client(), CompressionMode: websocket.CompressionContextTakeover, CompressionThreshold: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer ws.CloseNow()
		ws.SetReadLimit(-1)
		v := &visitor{t: t, ws: ws}
		long := strings.Repeat("a roof of tiles, ", 10_000)
		v.hears(openFrame, ownFrame, messageOf("@", helloText))
		v.say(long)
		v.hears(recvFrame("@", long), messageOf("@", "You said: "+long))
		if err := ws.Write(within(t), websocket.MessageText, []byte(`{"type":"message","message":"`+strings.Repeat("a", 1<<20)+`"}`)); err != nil {
			t.Fatal(err)
		}
		if err := v.ended(); websocket.CloseStatus(err) != websocket.StatusMessageTooBig {
			t.Errorf("a message of more than 1 MiB, compressed: %v", err)
		}
	})
}

func TestPresetFragments(t *testing.T) {
	preset(t, "fragments", func(t *testing.T, s *protocoltest.Server) {
		conn, _ := wireOf(t, s, "")
		br := bufio.NewReader(conn)
		var whole string
		for i, want := range []byte{0x01, 0x89, 0x00, 0x89, 0x80} {
			first, payload := wireFrame(t, br)
			if whole += payload; first != want || want == 0x89 && payload != "" || want != 0x89 && payload == "" {
				t.Errorf("frame %d is %#x %q, want %#x", i, first, payload, want)
			}
		}
		if uuidless(whole) != openFrame {
			t.Errorf("the whole is %s", whole)
		}
		v, _ := join(t, s, flowID, "null", 3)
		v.say("é in pieces") // the frames may be split within a letter
		v.hears(recvFrame("@", "é in pieces"))
	})
}

func TestPresetOneByteASecond(t *testing.T) {
	preset(t, "one byte a second", func(t *testing.T, s *protocoltest.Server) {
		conn, _ := wireOf(t, s, "")
		start, b := time.Now(), make([]byte, 64)
		for i := range 20 {
			if n, err := conn.Read(b); n != 1 || err != nil {
				t.Fatalf("read %d, %v", n, err)
			}
			if took := time.Since(start); took != time.Duration(i+1)*time.Second {
				t.Fatalf("byte %d after %v", i, took)
			}
		}
		s.SetManners(protocoltest.Manners{})
		if _, err := conn.Read(b); err != nil || time.Since(start) != 21*time.Second {
			t.Errorf("the rest after %v: %v", time.Since(start), err)
		}
		v, _ := join(t, s, flowID, "null", 3)
		s.Use(mustFind(t, "one byte a second"))
		v.say("a")
		synctest.Wait()
		s.DropAll() // the bytes that are not written yet are lost
		if _, raw, err := v.readRaw(); err == nil {
			t.Errorf("read %s", raw)
		}
	})
}

func mustFind(t *testing.T, name string) protocoltest.Preset {
	t.Helper()
	p, ok := protocoltest.FindPreset(name)
	if !ok {
		t.Fatalf("there is no preset %q", name)
	}
	return p
}

func TestPresetsThatClose(t *testing.T) {
	for name, want := range map[string]struct {
		code  websocket.StatusCode
		after time.Duration
	}{
		"idle close 10 s": {1001, 19 * time.Second}, "close code N": {1011, 20 * time.Second}, "close code 4000": {4000, 20 * time.Second},
		"strict heartbeat": {-1, 45 * time.Second},
	} {
		preset(t, name, func(t *testing.T, s *protocoltest.Server) {
			start := time.Now()
			v, _ := join(t, s, flowID, "null", 3)
			time.Sleep(9 * time.Second) // virtual
			v.write(`{"type":"typing","message":true}`)
			_, _, err := v.ws.Read(context.Background())
			if took := time.Since(start); websocket.CloseStatus(err) != want.code || took != want.after {
				t.Errorf("%s: %v after %v, want %v after %v", name, err, took, want.code, want.after)
			}
		})
	}
}

// Each call of Use undoes the preset of the previous call.
func TestUse(t *testing.T) {
	bubble(t, protocoltest.Options{Replay: protocoltest.ReplayAll}, func(t *testing.T, s *protocoltest.Server) {
		v, _ := join(t, s, flowID, "null", 3)
		s.Use(mustFind(t, "terse resume"))
		w, _ := join(t, s, flowID, v.session, 2)
		w.silent()
		s.Use(mustFind(t, "numbers from one"))
		w, _ = join(t, s, flowID, v.session, 2)
		w.hears(messageOf("1", helloText))
		s.Use(mustFind(t, "by the book"))
		w, _ = join(t, s, flowID, v.session, 2)
		w.hears(messageOf("@", helloText))
	})
}

func TestDemoServers(t *testing.T) {
	bubble(t, protocoltest.Demo{Hurry: true}.Options(), func(t *testing.T, s *protocoltest.Server) {
		v, _ := join(t, s, flowID, "null", 3)
		_, said := v.chat(s, "/server")
		for _, p := range protocoltest.Presets() {
			if len(said) != 1 || !strings.Contains(said[0].Content, "- `/server "+p.Name+"`: "+p.Says) {
				t.Errorf("/server leaves out %s", p.Name)
			}
		}
		if _, said = v.chat(s, "/server of the year"); len(said) != 1 || !strings.Contains(said[0].Content, "don't know a server `of the year`") {
			t.Errorf("/server of the year: %+v", said)
		}
		v.chat(s, "/server Never Acknowledges")
		if recvs, said := v.chat(s, "hello"); recvs != 0 || len(said) != 1 {
			t.Errorf("after /server never acknowledges: %d recvs, %+v", recvs, said)
		}
		v.chat(s, "/server by the book")
		if recvs, _ := v.chat(s, "hello"); recvs != 1 {
			t.Errorf("after /server by the book: %d recvs", recvs)
		}
		noViolations(t, s)
	})
}

// The demo drops the connection of a client that sends no heartbeats.
func TestDemoMissesHeartbeats(t *testing.T) {
	bubble(t, protocoltest.Demo{Hurry: true}.Options(), func(t *testing.T, s *protocoltest.Server) {
		v, _ := join(t, s, flowID, "null", 3)
		start := time.Now()
		if _, raw, err := v.ws.Read(context.Background()); err == nil || time.Since(start) != 45*time.Second {
			t.Errorf("after %v: %s %v", time.Since(start), raw, err)
		}
		if len(s.Violations()) != 1 {
			t.Errorf("violations: %v", s.Violations())
		}
	})
}

func ExamplePresets() {
	for _, p := range protocoltest.Presets()[:3] {
		var o protocoltest.Options
		p.Set(&o)
		srv := protocoltest.NewServer(o)
		// … a client's test …
		srv.Close()
		fmt.Println(p.Name, p.Says)
	}
	// Output:
	// by the book does what the documentation's examples show.
	// numbers from one numbers its frames from 1, anew on each connection.
	// normalises stores texts with white space and accents normalised.
}
