package build

import (
	"strings"
	"testing"
	"time"

	"plurachat/protocol"
	"plurachat/widget/chat"
)

// earlyAnswers has the results of early_protocol.js for earlyQuestions.
type earlyAnswers struct {
	Addresses  []string
	Frames     []*earlyFrame // nil if the frame is not JSON
	Heartbeats []string
}

// earlyFrame is a result of readFrame in early_protocol.js.
type earlyFrame struct {
	Session, Owner, Message, Ends bool
	ID, Name, Content             any
}

// earlyQuestions has the arguments for the functions of early_protocol.js.
type earlyQuestions struct {
	Addresses  [][3]*string `json:"addresses"`
	Frames     []string     `json:"frames"`
	Heartbeats []int64      `json:"heartbeats"` // times in ms since 1970
}

// askEarlyProtocol runs web/start/early_protocol.js in Node, with a time zone.
func askEarlyProtocol(t *testing.T, zone string, questions earlyQuestions) (answers earlyAnswers) {
	t.Helper()
	askScript(t, zone, "web/start/early_protocol.js", `
		import { heartbeat, newAddress, readFrame } from "./early_protocol.js";
		const frame = (text) => { try { return readFrame(text); } catch { return null; } };
		console.log(JSON.stringify({
			addresses: (QUESTIONS.addresses ?? []).map((it) => newAddress(...it)),
			frames: (QUESTIONS.frames ?? []).map(frame),
			heartbeats: (QUESTIONS.heartbeats ?? []).map((ms) => heartbeat(new Date(ms))),
		}));`, questions, &answers)
	return answers
}

// TestEarlyAddressIsGos checks that the early socket's URL is the one that Go dials, or that there is none.
func TestEarlyAddressIsGos(t *testing.T) {
	const flow = "87F66d6d-dba9-4a44-9274-02c6927a083a"
	text := func(s string) *string { return &s }
	var asked [][3]*string
	for _, base := range []*string{nil, text(""), text("wss://chat.example"), text("WSS://Chat.Example:8443/a/b//"), text("ws://localhost:80"), text("ws://127.0.0.1:9"), text("ws://chat.example"), text("http://chat.example"), text("wss://chat.example?x"), text("wss://chat.example/../x"), text("wss://user@chat.example"), text("wss://[::1]"), text(" wss://chat.example"), text("wss://chat.example:123456"), text("wss://-x"), text("wss://.x")} {
		for _, f := range []*string{text(flow), text("nonsense"), text(strings.ReplaceAll(flow, "-", "")), nil} {
			for _, reconnect := range []*string{nil, text("true"), text("false"), text("maybe"), text("")} {
				asked = append(asked, [3]*string{base, f, reconnect})
			}
		}
	}
	answers := askEarlyProtocol(t, "UTC", earlyQuestions{Addresses: asked})
	dialled := 0
	for i, address := range answers.Addresses {
		if address == "" {
			continue // no early socket; Go dials
		}
		dialled++
		options, warnings := chat.ParseOptions(func(name string) (string, bool) {
			for j, attribute := range []string{"socket-url", "flow-id", "reconnect"} {
				if name == attribute && asked[i][j] != nil {
					return *asked[i][j], true
				}
			}
			return "", false
		}, chat.Page{})
		want, err := protocol.Endpoint{SocketURL: options.SocketURL, Flow: options.Flow, NoReconnect: options.NoReconnect}.URL()
		if err != nil || want != address || len(warnings) > 0 {
			t.Errorf("the script dials %s, and Go %s (%v, %v)", address, want, err, warnings)
		}
	}
	if dialled < 15 || dialled > 30 {
		t.Errorf("the script dials for %d of %d", dialled, len(asked))
	}
}

// TestEarlyHeartbeatIsGos checks that the early socket sends the same heartbeat as Go.
func TestEarlyHeartbeatIsGos(t *testing.T) {
	times := []time.Time{time.Unix(0, 0), time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC), time.Date(2026, 7, 31, 23, 59, 59, 999e6, time.UTC), time.Date(2028, 2, 29, 12, 0, 0, 0, time.UTC)}
	var asked []int64
	for _, at := range times {
		asked = append(asked, at.UnixMilli())
	}
	for _, zone := range []string{"UTC", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Kiritimati"} {
		place, err := time.LoadLocation(zone)
		if err != nil {
			t.Skipf("this machine lacks the time zones: %v", err)
		}
		answers := askEarlyProtocol(t, zone, earlyQuestions{Heartbeats: asked})
		for i, at := range times {
			_, offset := at.In(place).Zone()
			if want := string(protocol.AppendHeartbeat(nil, at, offset)); answers.Heartbeats[i] != want {
				t.Errorf("%s: the script sends %s, and Go %s", zone, answers.Heartbeats[i], want)
			}
		}
	}
}

// TestEarlyFramesAreGos checks that Go decodes each frame that the script reads as a session, a chat owner or a message
// to the same values.
func TestEarlyFramesAreGos(t *testing.T) {
	const id = "2a36d9fd-3114-4cb4-a0ef-751f3e8e7cc3"
	frames := []string{
		`{"type":"session","session_id":"webchat-session.` + id + `"}`,
		`{"type":"session","session_id":"webchat-session.` + strings.ToUpper(id) + `"}`,
		`{"type":"session","session_id":"WEBCHAT-session.` + id + `"}`,
		`{"type":"session","session_id":"` + id + `"}`,
		`{"type":"session","session_id":"webchat-session.webchat-session.` + id + `"}`,
		`{"type":"session","session_id":"webchat-session.` + id + `webchat-session."}`,
		`{"type":"session","session_id":"xwebchat-session.` + id + `"}`,
		`{"type":"session","session_id":"webchat-session.` + strings.ReplaceAll(id, "-", "0") + `"}`,
		`{"type":"session","session_id":"webchat-session.` + id + ` "}`,
		`{"type":"session","session_id":["webchat-session.` + id + `"]}`,
		`{"type":"session","session_id":null}`, `{"type":"session"}`, `{"type":"Session","session_id":"webchat-session.` + id + `"}`,
		`{"type":"message","id":"1","name":"Maya","content":"Hello!"}`,
		`{"type":"message","id":"1","name":"Maya","content":"Flow has ended"}`,
		`{"type":"message","id":"1","name":"Maya","content":"Flow has ended "}`,
		`{"type":"message","id":"1","name":"Maya","content":"twice","content":"Hello!"}`,
		`{"type":"message","id":1,"name":null,"content":["a","b"]}`,
		`{"type":"message","id":"\ud83d\ude00","name":"\u0041","content":"\ud83d\ude00"}`,
		`{"type":"chatowner","id":"2","name":"Ridgeline Roofing","profilepic":null}`,
		`{"type":"recv","id":"3","content":"x"}`, `{"type":"error","content":"x"}`, `{"status":"failed"}`,
		"\ufeff" + `{"type":"message","id":"1","name":"Maya","content":"after a mark"}`,
		`[{"type":"message"}]`, `"message"`, `null`, `1`, ``, `{`, `{"type":"message","content":"x"}}`, `{'type':'message'}`,
	}
	answers := askEarlyProtocol(t, "UTC", earlyQuestions{Frames: frames})
	sessions, owners, messages := 0, 0, 0
	for i, got := range answers.Frames {
		if got == nil || !got.Session && !got.Owner && !got.Message {
			continue
		}
		want, err := protocol.DecodeFrame([]byte(frames[i]))
		if err != nil {
			t.Errorf("%s: the script reads it, and Go does not: %v", frames[i], err)
			continue
		}
		if got.Session {
			sessions++
			if want.Type != protocol.FrameSession || want.Session == "" {
				t.Errorf("%s: a session for the script, and not for Go", frames[i])
			}
		}
		if got.Owner {
			owners++
			if want.Type != protocol.FrameChatOwner || got.Name != want.Name {
				t.Errorf("%s: the script reads the owner %v, and Go %q", frames[i], got.Name, want.Name)
			}
		}
		content, plain := got.Content.(string)
		if got.Message && plain {
			messages++
			if want.Type != protocol.FrameMessage || content != want.Content || got.ID != want.ID || got.Name != want.Name || got.Ends != (content == protocol.EndedText) {
				t.Errorf("%s: the script reads %+v, and Go %+v", frames[i], got, want)
			}
		}
	}
	if sessions != 2 || owners != 1 || messages != 6 {
		t.Errorf("the script reads %d sessions, %d owners and %d messages", sessions, owners, messages)
	}
}
