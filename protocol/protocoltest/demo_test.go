//go:build !js

package protocoltest_test

import (
	"bytes"
	"encoding/base64"
	"image/png"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"plurachat/protocol/protocoltest"
)

// chat sends a message. It returns the number of recv frames and the messages of
// the agent that arrive until 10 s pass without a message.
func (v *visitor) chat(s *protocoltest.Server, text string) (recvs int, said []frame) {
	v.t.Helper()
	v.say(text)
	before := len(s.History(v.session))
	for quiet, n := 0, before; quiet < 10; {
		time.Sleep(time.Second) // virtual
		v.write(`{"type":"heartbeat","message":{"stamp":"2000-01-01T00:00:00","tz":"+00:00"}}`)
		synctest.Wait()
		if now := len(s.History(v.session)); now == n {
			quiet++
		} else {
			quiet, n = 0, now
		}
	}
	if err := s.Push(v.session, protocoltest.Reply{Raw: []byte(`{"type":"mark"}`)}); err != nil {
		v.t.Fatal(err)
	}
	for {
		switch f := v.read(); f.Type {
		case "mark":
			return recvs, said
		case "recv":
			recvs++
		case "message":
			said = append(said, f)
		}
	}
}

func TestDemoTalks(t *testing.T) {
	bubble(t, protocoltest.Demo{}.Options(), func(t *testing.T, s *protocoltest.Server) {
		v, open := join(t, s, flowID, "null", 3)
		if open[1].Name != "Ridgeline Roofing" || open[2].Name != "Maya" {
			t.Errorf("opens with %+v", open)
		}
		for _, f := range open[1:] {
			raw, ok := strings.CutPrefix(f.ProfilePic, "data:image/png;base64,")
			b, err := base64.StdEncoding.DecodeString(raw)
			if !ok || err != nil {
				t.Fatalf("picture %.40s: %v", f.ProfilePic, err)
			}
			img, err := png.Decode(bytes.NewReader(b))
			if err != nil || img.Bounds().Dx() != 96 || len(b) > 4096 {
				t.Errorf("picture of %d bytes: %v", len(b), err)
			}
		}
		for _, c := range []struct{ says, hears string }{
			{"How much is a new roof?", "- **Asphalt shingle:** $9,000"},
			{"A branch hit my roof in the storm", "storm checklist](https://"},
			{"which material lasts longest?", "Slate"},
			{"How long does it take?", "1. Inspection"},
			{"Is there a warranty?", "`RR-2041`"},
			{"what are your opening hours", "7:30"},
			{"Can I call you?", "tel:+1555"},
			{"How do I measure the area?", "```\narea"},
			{"my ceiling is dripping", "tarps"},
			{"do you offer financing?", "0 %"},
			{"thank you!", "welcome"},
			{"qwertz", "not sure I follow"},
			{"asdf", "other words"},
			{"yxcv", "talk to a person"},
		} {
			start := time.Now()
			recvs, said := v.chat(s, c.says)
			var all strings.Builder
			for _, f := range said {
				all.WriteString(f.Content + "\n")
				if f.Name != "Maya" {
					t.Errorf("%s: answered by %s", c.says, f.Name)
				}
			}
			if recvs != 1 || !strings.Contains(all.String(), c.hears) {
				t.Errorf("%s: %d recv, then %q, without %q", c.says, recvs, all.String(), c.hears)
			}
			if took := time.Since(start) - 10*time.Second; took < time.Second || took > 10*time.Second {
				t.Errorf("%s: took %v", c.says, took)
			}
		}
		_, said := v.chat(s, "Can I talk to a person, please?")
		if len(said) != 2 || said[0].Name != "Maya" || said[1].Name != "Daniel Ortiz" || said[0].ProfilePic == said[1].ProfilePic {
			t.Errorf("handed over with %+v", said)
		}
		if _, said = v.chat(s, "flurb"); len(said) != 1 || said[0].Name != "Daniel Ortiz" {
			t.Errorf("after the handover: %+v", said)
		}
		noViolations(t, s)
	})
}

func TestDemoGreetsByFirstName(t *testing.T) {
	greeting := protocoltest.Demo{}.Options().Flow.Greet(map[string]any{"first_name": "Ada"})
	if !strings.HasPrefix(greeting.Text, "Hi Ada!") {
		t.Errorf("greeting %q", greeting.Text)
	}
}

func TestDemoCommands(t *testing.T) {
	bubble(t, protocoltest.Demo{Hurry: true}.Options(), func(t *testing.T, s *protocoltest.Server) {
		v, _ := join(t, s, flowID, "null", 3)
		_, said := v.chat(s, "/help")
		if len(said) != 1 {
			t.Fatalf("/help says %+v", said)
		}
		for _, c := range []string{"/drop", "/down 10s", "/burst 200", "/long", "/markdown", "/hostile", "/end", "/silent", "/kick 4001",
			"/slow", "/person", "/refuse", "/forget", "/big", "/numbers"} {
			if !strings.Contains(said[0].Content, "`"+c) {
				t.Errorf("/help leaves out %s", c)
			}
		}
		if _, said = v.chat(s, "/burst 200"); len(said) != 200 || said[199].Content != "Message 200 of 200." {
			t.Errorf("/burst: %d messages", len(said))
		}
		if _, said = v.chat(s, "/end"); len(said) != 1 || said[0].Content != "Flow has ended" {
			t.Errorf("/end: %+v", said)
		}
		if _, said = v.chat(s, "/long"); len(said) != 1 || len(said[0].Content) < 4000 {
			t.Error("/long is short")
		}
		if _, said = v.chat(s, "/nonsense"); len(said) != 1 || !strings.Contains(said[0].Content, "/help") {
			t.Errorf("/nonsense: %+v", said)
		}
		v.chat(s, "/norecv 1")
		if recvs, said := v.chat(s, "hello"); recvs != 0 || len(said) != 1 {
			t.Errorf("/norecv: %d recv, %+v", recvs, said)
		}
		if recvs, _ := v.chat(s, "hello"); recvs != 1 {
			t.Errorf("after /norecv 1: %d recv", recvs)
		}
		v.say("/later 30s")
		v.read()
		v.read()
		start := time.Now()
		// read fails after 10 s, which would end the connection. Therefore the test sleeps first.
		time.Sleep(29 * time.Second) // virtual
		if f := v.read(); time.Since(start) != 30*time.Second || f.Type != "message" {
			t.Errorf("/later: %+v after %v", f, time.Since(start))
		}
		noViolations(t, s)
	})
}

// Raw frames of the commands are sent without changes, also if they are not JSON
// or not text, and are not part of the conversation.
func TestDemoRawFrames(t *testing.T) {
	bubble(t, protocoltest.Demo{Hurry: true}.Options(), func(t *testing.T, s *protocoltest.Server) {
		v, _ := join(t, s, flowID, "null", 3)
		for command, want := range map[string]int{"/hostile": 20, "/numbers": 6, "/big": 1, "/binary": 1, "/raw [1]": 1} {
			history := len(s.History(v.session))
			v.say(command)
			if f := v.read(); f.Type != "recv" {
				t.Fatalf("%s: %+v", command, f)
			}
			n, longest := 0, 0
			for {
				typ, raw, err := v.readRaw()
				if err != nil {
					t.Fatalf("%s: %v", command, err)
				}
				n++
				longest = max(longest, len(raw))
				if strings.Contains(raw, "till") || strings.Contains(raw, "six frames") || raw == "[1]" {
					break
				}
				if command == "/binary" && n == 1 && typ.String() != "MessageBinary" {
					t.Errorf("%s: %v", command, typ)
				}
			}
			if n < want {
				t.Errorf("%s: %d frames", command, n)
			}
			if command == "/big" && longest <= 1<<20 {
				t.Errorf("/big: %d bytes", longest)
			}
			if got := len(s.History(v.session)) - history; got > 3 {
				t.Errorf("%s: %d turns in the conversation", command, got)
			}
		}
	})
}

// The commands end the connection. The test checks whether a client can resume
// the session at once.
func TestDemoBreaks(t *testing.T) {
	bubble(t, protocoltest.Demo{Hurry: true}.Options(), func(t *testing.T, s *protocoltest.Server) {
		for _, c := range []struct {
			command string
			resumes bool // at once, with the same session
		}{
			{"/drop", true}, {"/cut", true}, {"/kick 4001", true}, {"/replay none", true},
			{"/down 10s", false}, {"/refuse 1", false}, {"/forget new", false}, {"/hang 60s", false},
		} {
			v, _ := join(t, s, flowID, "null", 3)
			v.say(c.command)
			if err := v.ended(); err == nil {
				t.Fatal("no end")
			}
			ws, err := dial(s, flowID, v.session)
			resumed := false
			if err == nil {
				w := &visitor{t: t, ws: ws}
				resumed = w.read().SessionID == v.session
				ws.CloseNow()
			}
			if resumed != c.resumes {
				t.Errorf("%s: resumed %v (%v)", c.command, resumed, err)
			}
			time.Sleep(time.Minute) // virtual; the effect of the command ends
		}
	})
}
