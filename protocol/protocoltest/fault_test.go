//go:build !js

package protocoltest_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"plurachat/protocol/protocoltest"
)

// bubble runs a test with a server in memory, in virtual time.
func bubble(t *testing.T, o protocoltest.Options, test func(*testing.T, *protocoltest.Server)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := protocoltest.NewPipe(o)
		t.Cleanup(s.Close)
		test(t, s)
	})
}

// The test checks, for each fault at each moment, what the server has logged and
// what the client receives.
func TestFaultsOfAMessage(t *testing.T) {
	for _, c := range []struct {
		act    protocoltest.Action
		logged bool
		recv   bool
		ends   bool // the connection ends
		code   websocket.StatusCode
	}{
		{protocoltest.Action{}, true, true, false, -1},
		{protocoltest.Action{Wait: 3 * time.Second}, true, true, false, -1},
		{protocoltest.Action{Do: protocoltest.Drop}, false, false, true, -1},
		{protocoltest.Action{Do: protocoltest.Drop, At: protocoltest.Logged}, true, false, true, -1},
		{protocoltest.Action{Do: protocoltest.Drop, At: protocoltest.MidFrame}, true, false, true, -1},
		{protocoltest.Action{Do: protocoltest.Drop, At: protocoltest.After}, true, true, true, -1},
		{protocoltest.Action{Do: protocoltest.Kick, Code: 4001}, false, false, true, 4001},
		{protocoltest.Action{Do: protocoltest.Kick, At: protocoltest.Logged}, true, false, true, 1012},
		{protocoltest.Action{Do: protocoltest.Kick, At: protocoltest.After, Code: 4002}, true, true, true, 4002},
		{protocoltest.Action{Do: protocoltest.Swallow}, false, false, false, -1},
		{protocoltest.Action{Do: protocoltest.Swallow, At: protocoltest.Logged}, true, false, false, -1},
		{protocoltest.Action{Do: protocoltest.Swallow, At: protocoltest.After}, true, true, false, -1},
		{protocoltest.Action{Do: protocoltest.Mute}, true, false, false, -1},
		{protocoltest.Action{Do: protocoltest.Skip}, true, false, false, -1},
	} {
		t.Run(fmt.Sprint(c.act.Do, " ", c.act.At), func(t *testing.T) {
			fault := func(e protocoltest.Event) protocoltest.Action {
				if e.Kind == protocoltest.Message {
					return c.act
				}
				return protocoltest.Action{}
			}
			bubble(t, protocoltest.Options{Fault: fault}, func(t *testing.T, s *protocoltest.Server) {
				v, _ := join(t, s, flowID, "null", 3)
				began := time.Now()
				v.say("one")
				recv, ended, code := false, false, websocket.StatusCode(-1)
				for {
					ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
					_, raw, err := v.ws.Read(ctx)
					timeout := ctx.Err() != nil
					cancel()
					if err != nil {
						ended, code = !timeout, websocket.CloseStatus(err)
						break
					}
					if strings.Contains(string(raw), `"recv"`) {
						recv = true
						if took := time.Since(began); took != c.act.Wait {
							t.Errorf("recv after %v, want %v", took, c.act.Wait)
						}
					}
				}
				if got := len(s.Messages(v.session)) == 1; got != c.logged {
					t.Errorf("logged: %v, want %v", got, c.logged)
				}
				if recv != c.recv || ended != c.ends || code != c.code && c.ends {
					t.Errorf("recv %v, ended %v with %d; want %v, %v with %d", recv, ended, code, c.recv, c.ends, c.code)
				}
				if got := s.Count(protocoltest.Fault); (got == 0) != (c.act.Do == protocoltest.Pass) {
					t.Errorf("%d faults in the log: %v", got, s.Log())
				}
			})
		})
	}
}

func TestHalfOpen(t *testing.T) {
	for _, logs := range []bool{true, false} {
		bubble(t, protocoltest.Options{}, func(t *testing.T, s *protocoltest.Server) {
			v, _ := join(t, s, flowID, "null", 3)
			s.HalfOpen(logs)
			v.say("anybody?")
			v.say("hello?")
			synctest.Wait()
			if n := len(s.Messages("")); n != map[bool]int{true: 2}[logs] {
				t.Errorf("logs %v: %d messages", logs, n)
			}
			if err := s.Push(v.session, protocoltest.Reply{Text: "unheard"}); err != nil {
				t.Error(err)
			}
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			go v.readRaw()
			if err := v.ws.Ping(ctx); err == nil {
				t.Error("a ping was answered")
			}
			v.ws.CloseNow()
			synctest.Wait()
			if s.Live() != 0 {
				t.Error("the connection outlived its client")
			}
		})
	}
}

func TestOpenFaults(t *testing.T) {
	var act protocoltest.Action
	fault := func(e protocoltest.Event) protocoltest.Action {
		if e.Kind == protocoltest.Open {
			return act
		}
		return protocoltest.Action{}
	}
	bubble(t, protocoltest.Options{Fault: fault}, func(t *testing.T, s *protocoltest.Server) {
		for _, c := range []struct {
			do     protocoltest.Do
			at     protocoltest.Moment
			frames int
		}{
			{protocoltest.Drop, protocoltest.Before, 0},
			{protocoltest.Drop, protocoltest.MidFrame, 0},
			{protocoltest.Drop, protocoltest.After, 3},
			{protocoltest.Kick, protocoltest.Before, 0},
			{protocoltest.Kick, protocoltest.After, 3},
			{protocoltest.Swallow, protocoltest.Before, 0},
			{protocoltest.Mute, protocoltest.Before, 0},
			{protocoltest.Skip, protocoltest.Before, 2},
		} {
			act = protocoltest.Action{Do: c.do, At: c.at}
			v, _ := join(t, s, flowID, "null", 0)
			n := 0
			for ; ; n++ {
				if _, _, err := v.readRaw(); err != nil {
					break
				}
			}
			if n != c.frames {
				t.Errorf("%v %v: %d frames, want %d", c.do, c.at, n, c.frames)
			}
			v.ws.CloseNow()
		}
		synctest.Wait()
		if s.Live() != 0 {
			t.Errorf("%d live", s.Live())
		}
	})
}

func TestDialFaults(t *testing.T) {
	everywhere(t, protocoltest.Options{}, func(t *testing.T, s *protocoltest.Server) {
		s.RefuseDials(1, protocoltest.Failure{Status: 418})
		_, resp, err := websocket.Dial(within(t), socketURL(s, flowID, "null"), &websocket.DialOptions{HTTPClient: s.Client()})
		if err == nil || resp == nil || resp.StatusCode != 418 {
			t.Fatalf("refused: %v %v", resp, err)
		}
		if b, _ := io.ReadAll(resp.Body); !strings.HasPrefix(string(b), `{"status":"failed"`) {
			t.Errorf("refusal says %s", b)
		}
		v, _ := join(t, s, flowID, "null", 3)

		s.Down(-1)
		if err := v.ended(); err == nil {
			t.Error("a connection survived Down")
		}
		if _, err := dial(s, flowID, "null"); err == nil {
			t.Error("a dial succeeded while down")
		}
		if _, _, err := post(s, "{}"); err == nil {
			t.Error("a post was answered while down")
		}
		s.Up()
		join(t, s, flowID, v.session, 1)

		s.HangDials(true)
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		defer cancel()
		if _, _, err := websocket.Dial(ctx, socketURL(s, flowID, "null"), &websocket.DialOptions{HTTPClient: s.Client()}); ctx.Err() == nil || err == nil {
			t.Errorf("a handshake did not hang: %v", err)
		}
		dialled := make(chan error, 1)
		before := s.Dials()
		go func() {
			ws, err := dial(s, flowID, "null")
			if err == nil {
				defer ws.CloseNow()
			}
			dialled <- err
		}()
		if err := s.WaitCount(5*time.Second, protocoltest.Dial, before+1); err != nil {
			t.Fatal(err)
		}
		s.HangDials(false)
		if err := <-dialled; err != nil {
			t.Errorf("a handshake that had hung: %v", err)
		}

		for _, do := range []protocoltest.Do{protocoltest.Drop, protocoltest.Refuse, protocoltest.Hang} {
			s.SetFault(func(protocoltest.Event) protocoltest.Action { return protocoltest.Action{Do: do} })
			limit := time.Minute
			if do == protocoltest.Hang {
				limit = 50 * time.Millisecond // the handshake gets no answer
			}
			ctx, cancel := context.WithTimeout(context.Background(), limit)
			_, resp, err := websocket.Dial(ctx, socketURL(s, flowID, "null"), &websocket.DialOptions{HTTPClient: s.Client()})
			if err == nil || (resp != nil) != (do == protocoltest.Refuse) || (ctx.Err() != nil) != (do == protocoltest.Hang) {
				t.Errorf("%v: %v %v", do, resp, err)
			}
			cancel()
		}
	})
}

func TestDownEndsByItself(t *testing.T) {
	bubble(t, protocoltest.Options{}, func(t *testing.T, s *protocoltest.Server) {
		s.Down(10 * time.Second)
		for i := range 12 {
			_, err := dial(s, flowID, "null")
			if (err == nil) != (i >= 10) {
				t.Errorf("after %d s: %v", i, err)
			}
			<-time.After(time.Second)
		}
		s.DropAll()
	})
}

func TestReplays(t *testing.T) {
	bubble(t, protocoltest.Options{}, func(t *testing.T, s *protocoltest.Server) {
		v, first := join(t, s, flowID, "null", 3)
		v.say("one")
		recv, answer := v.read(), v.read()
		all := []string{"message Hi! How can I help you today?", "recv one", "message You said: one"}
		ids := []string{first[2].ID, recv.ID, answer.ID}
		for _, c := range []struct {
			name    string
			replay  protocoltest.Replay
			frames  int
			says    []string
			sameIDs bool
		}{
			{"none", protocoltest.ReplayNone, 1, nil, true},
			{"greeting", protocoltest.ReplayGreeting, 3, all[:1], false},
			{"all", protocoltest.ReplayAll, 5, all, true},
			{"all with new ids", protocoltest.ReplayAllNewIDs, 5, all, false},
			{"last 2", protocoltest.ReplayLast(2), 4, all[1:], true},
			{"last 0", protocoltest.ReplayLast(0), 2, nil, true},
			{"last 9", protocoltest.ReplayLast(9), 5, all, true},
		} {
			s.SetReplay(c.replay)
			r, frames := join(t, s, flowID, v.session, c.frames)
			if r.session != v.session {
				t.Errorf("%s: another session", c.name)
			}
			var says []string
			same := true
			for _, f := range frames[min(2, len(frames)):] {
				says = append(says, f.Type+" "+f.Content)
				same = same && slices.Contains(ids, f.ID)
			}
			if !slices.Equal(says, c.says) || same != c.sameIDs {
				t.Errorf("%s: %v, same ids %v", c.name, says, same)
			}
			// No other frame may follow: the next one must be the mark.
			r.write(`{"type":"typing","message":true}`)
			if err := s.Push(v.session, protocoltest.Reply{Raw: []byte(`{"type":"mark"}`)}); err != nil {
				t.Fatal(err)
			}
			if f := r.read(); f.Type != "mark" {
				t.Errorf("%s: more than expected: %+v", c.name, f)
			}
			r.ws.CloseNow()
			synctest.Wait()
		}
		if h := s.History(v.session); len(h) != 3 {
			t.Errorf("replays changed the conversation: %+v", h)
		}
		noViolations(t, s)
	})
}

func TestReplayFor(t *testing.T) {
	o := protocoltest.Options{ReplayFor: func(e protocoltest.Event) protocoltest.Replay {
		if e.Conn%2 == 0 {
			return protocoltest.ReplayAll
		}
		return protocoltest.ReplayNone
	}}
	bubble(t, o, func(t *testing.T, s *protocoltest.Server) {
		v, _ := join(t, s, flowID, "null", 3)
		v.ws.CloseNow()
		join(t, s, flowID, v.session, 3) // connection 2
		last, _ := join(t, s, flowID, v.session, 1)
		last.say("x")
		if f := last.read(); f.Type != "recv" {
			t.Errorf("connection 3 was replayed %+v", f)
		}
	})
}

func TestUnknownSessions(t *testing.T) {
	bubble(t, protocoltest.Options{}, func(t *testing.T, s *protocoltest.Server) {
		v, _ := join(t, s, flowID, "null", 3)
		s.Forget(v.session)
		if w, _ := join(t, s, flowID, v.session, 3); w.session == v.session {
			t.Error("a forgotten session was resumed")
		}
		s.SetUnknown(protocoltest.UnknownRefuse)
		if _, err := dial(s, flowID, v.session); err == nil || !strings.Contains(err.Error(), "404") {
			t.Errorf("refuse: %v", err)
		}
		s.SetUnknown(protocoltest.UnknownClose)
		ws, err := dial(s, flowID, v.session)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := ws.Read(within(t)); websocket.CloseStatus(err) != 1008 {
			t.Errorf("close: %v", err)
		}
		if h := s.History(v.session); len(h) != 1 {
			t.Errorf("the history is gone: %v", h)
		}
		noViolations(t, s)
	})
}

func TestDelays(t *testing.T) {
	o := protocoltest.Options{Delays: protocoltest.Delays{Open: 4 * time.Second, Between: time.Second, Recv: 2 * time.Second, Answer: 5 * time.Second}}
	bubble(t, o, func(t *testing.T, s *protocoltest.Server) {
		start := time.Now()
		at := func(what string, want time.Duration) {
			t.Helper()
			if got := time.Since(start); got != want {
				t.Errorf("%s at %v, want %v", what, got, want)
			}
		}
		v, _ := join(t, s, flowID, "null", 1)
		at("session", 4*time.Second)
		v.read()
		at("owner", 5*time.Second)
		v.read()
		at("greeting", 6*time.Second)
		v.say("one")
		v.say("two")
		for _, want := range []struct {
			text string
			at   time.Duration
		}{{"one", 8 * time.Second}, {"two", 8 * time.Second}, {"You said: one", 13 * time.Second}, {"You said: two", 18 * time.Second}} {
			if f := v.read(); f.Content != want.text {
				t.Errorf("got %+v, want %s", f, want.text)
			}
			at(want.text, want.at)
		}
	})
}

func TestPushReachesEveryConnection(t *testing.T) {
	bubble(t, protocoltest.Options{}, func(t *testing.T, s *protocoltest.Server) {
		v, _ := join(t, s, flowID, "null", 3)
		w, _ := join(t, s, flowID, v.session, 1)
		if err := s.Push(v.session, protocoltest.Reply{Text: "from the inbox", Name: "Ann", Picture: "https://x/ann.png"}); err != nil {
			t.Fatal(err)
		}
		w.say("from the second")
		for _, c := range []*visitor{v, w} {
			if f := c.read(); f.Name != "Ann" || f.ProfilePic != "https://x/ann.png" || f.Content != "from the inbox" {
				t.Errorf("pushed %+v", f)
			}
			if f := c.read(); f.Type != "recv" || f.Content != "from the second" {
				t.Errorf("recv %+v", f)
			}
		}
		if err := s.Push("webchat-session.x", protocoltest.Reply{Text: "x"}); err == nil {
			t.Error("pushed to a session that never was")
		}
	})
}

func TestHeartbeatTimeout(t *testing.T) {
	bubble(t, protocoltest.Options{HeartbeatTimeout: 20 * time.Second}, func(t *testing.T, s *protocoltest.Server) {
		start := time.Now()
		v, _ := join(t, s, flowID, "null", 3)
		<-time.After(15 * time.Second)
		v.write(`{"type":"heartbeat","message":{"stamp":"2000-01-01T00:00:15","tz":"+00:00"}}`)
		if _, _, err := v.ws.Read(context.Background()); err == nil {
			t.Fatal("read something")
		}
		if got := time.Since(start); got != 35*time.Second {
			t.Errorf("dropped after %v, want 35s", got)
		}
		if n := len(s.Violations()); n != 1 {
			t.Errorf("%d violations", n)
		}
	})
}
