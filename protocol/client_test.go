//go:build !js

package protocol

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"plurachat/protocol/protocoltest"
)

// rig is a Client, a server in memory, and the events that the Client has emitted.
type rig struct {
	*Client
	t   *testing.T
	srv *protocoltest.Server

	mu     sync.Mutex
	conv   Conversation // all events applied
	events []Event
	key    int
	rand   func() float64 // nil: random
	change func(*Options) // nil: no change
}

// inBubble runs a test in virtual time with a server of its own.
func inBubble(t *testing.T, o protocoltest.Options, f func(r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := &rig{t: t, srv: protocoltest.NewPipe(o)}
		r.open(Conversation{})
		f(r)
		r.shut()
		if v := r.srv.Violations(); len(v) > 0 {
			t.Errorf("the client broke the protocol: %v", v)
		}
		r.srv.Close()
	})
}

// open starts a Client with a stored conversation, as a page load does.
func (r *rig) open(stored Conversation) {
	r.t.Helper()
	r.conv = stored.Clone()
	o := Options{
		Flow: testFlow, SocketURL: r.srv.SocketURL(), SessionURL: r.srv.SessionURL(), Conversation: stored,
		Dialer: HTTPDialer{r.srv.Client()}, Poster: HTTPPoster(r.srv.Client()),
		Offset: func() int { return 4 * 3600 }, Rand: r.rand,
		NewKey: func() string { r.key++; return fmt.Sprint("local", r.key) },
		Handle: func(e Event) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.conv.Apply(e)
			r.events = append(r.events, e)
		},
	}
	if r.change != nil {
		r.change(&o)
	}
	client, err := NewClient(o)
	if err != nil {
		r.t.Fatal(err)
	}
	r.Client = client
	r.Start()
}

func (r *rig) shut() {
	r.Close()
	r.Wait()
}

// reload closes the Client and opens another with what was stored, as a page reload does.
func (r *rig) reload() {
	r.shut()
	r.open(r.conv.Clone())
	r.Connect()
	r.settle()
}

// settle waits until a replay is over and all goroutines are idle.
func (r *rig) settle() {
	synctest.Wait()
	time.Sleep(2 * time.Second)
	synctest.Wait()
}

func (r *rig) shows(want string) {
	r.t.Helper()
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	if got := texts(&r.conv); got != want {
		r.t.Errorf("the transcript is %q, want %q", got, want)
	}
}

func (r *rig) of(kinds ...EventKind) (found []Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.events {
		if slices.Contains(kinds, e.Kind) {
			found = append(found, e)
		}
	}
	return
}

func (r *rig) states() string {
	var s []string
	for _, e := range r.of(StateChanged) {
		s = append(s, string(e.State))
	}
	return strings.Join(s, " ")
}

func (r *rig) session() string { return string(r.conv.Session) }

// quiet returns a flow that greets with "Hi" and does not answer.
func quiet() protocoltest.Flow {
	return protocoltest.Flow{
		Greet:  func(map[string]any) protocoltest.Reply { return protocoltest.Reply{Text: "Hi"} },
		Answer: func(*protocoltest.Exchange) []protocoltest.Reply { return nil },
	}
}

func TestFirstVisit(t *testing.T) {
	inBubble(t, protocoltest.Options{}, func(r *rig) {
		synctest.Wait()
		if r.srv.Dials() != 0 || r.states() != "" {
			t.Fatal("it dialled before anybody asked")
		}
		r.Connect()
		r.shows("Hi! How can I help you today?")
		r.Send("k1", " hello ")
		r.shows("Hi! How can I help you today?  hello  You said:  hello ")
		if got := r.states(); got != "connecting online" {
			t.Errorf("states %q", got)
		}
		if r.conv.Owner.Name != "Flow Tester" {
			t.Errorf("owner %+v", r.conv.Owner)
		}
		if e := r.conv.Entries[1]; e.ID == "" || e.State != Sent || e.Writes != 1 || e.At.IsZero() {
			t.Errorf("the visitor's entry: %+v", e)
		}
	})
}

func TestTypedBeforeConnecting(t *testing.T) {
	inBubble(t, protocoltest.Options{Flow: quiet()}, func(r *rig) {
		r.srv.Down(-1)
		r.Send("a", "one")
		r.Send("b", "two")
		r.Send("b", "two")
		r.shows("one… two…")
		r.srv.Up()
		time.Sleep(10 * time.Second)
		r.shows("Hi one two")
		if got := r.srv.Messages(r.session()); !slices.Equal(got, []string{"one", "two"}) {
			t.Errorf("the server got %q", got)
		}
	})
}

func TestHeartbeatEvery15Seconds(t *testing.T) {
	inBubble(t, protocoltest.Options{HeartbeatTimeout: 16 * time.Second, StampTolerance: time.Second}, func(r *rig) {
		r.Connect()
		time.Sleep(10*time.Minute + time.Second)
		beats := r.srv.Log(protocoltest.Heartbeat)
		if len(beats) != 40 || r.srv.Dials() != 1 {
			t.Errorf("%d heartbeats in 10 minutes on %d connections, want 40 on 1", len(beats), r.srv.Dials())
		}
		if !strings.HasSuffix(beats[0].Text, " +04:00") {
			t.Errorf("heartbeat %q, want the visitor's offset", beats[0].Text)
		}
	})
}

func TestReconnects(t *testing.T) {
	for _, replay := range []protocoltest.Replay{protocoltest.ReplayNone, protocoltest.ReplayGreeting, protocoltest.ReplayAll, protocoltest.ReplayAllNewIDs, protocoltest.ReplayLast(2)} {
		inBubble(t, protocoltest.Options{Flow: quiet(), Replay: replay}, func(r *rig) {
			r.Connect()
			r.Send("a", "one")
			r.settle()
			for i := range 3 {
				r.srv.DropAll()
				r.Send(fmt.Sprint("x", i), fmt.Sprint("m", i))
				time.Sleep(20 * time.Second)
			}
			r.shows("Hi one m0 m1 m2")
			if got := r.srv.Messages(r.session()); !slices.Equal(got, []string{"one", "m0", "m1", "m2"}) {
				t.Errorf("replay %v: the server got %q", replay, got)
			}
			if got := r.states(); got != "connecting online reconnecting online reconnecting online reconnecting online" {
				t.Errorf("states %q", got)
			}
			if n := len(r.srv.Sessions()); n != 1 {
				t.Errorf("%d sessions, want 1", n)
			}
		})
	}
}

func TestReloadResumes(t *testing.T) {
	for _, replay := range []protocoltest.Replay{protocoltest.ReplayNone, protocoltest.ReplayGreeting, protocoltest.ReplayAll, protocoltest.ReplayAllNewIDs} {
		inBubble(t, protocoltest.Options{Replay: replay}, func(r *rig) {
			r.Connect()
			r.Send("a", "one")
			r.settle()
			for range 3 {
				r.reload()
				r.shows("Hi! How can I help you today? one You said: one")
			}
			if id := r.conv.Entries[0].ID; replay == protocoltest.ReplayAllNewIDs && id != r.srv.History(r.session())[0].ID {
				t.Logf("ids: here %q", id)
			}
			last := r.of(SessionBegun)
			if !last[len(last)-1].Resumed {
				t.Error("the last session was not told as resumed")
			}
		})
	}
}

// Messages that the agent sent while the visitor was away arrive with the replay. They are shown at their place and
// without a time.
func TestReplayBringsWhatWasMissed(t *testing.T) {
	inBubble(t, protocoltest.Options{Flow: quiet(), Replay: protocoltest.ReplayAllNewIDs}, func(r *rig) {
		r.Connect()
		r.Send("a", "one")
		r.settle()
		r.shut()
		if err := r.srv.Push(r.session(), protocoltest.Reply{Text: "news"}); err != nil {
			t.Fatal(err)
		}
		r.reload()
		r.shows("Hi one news")
		if e := r.conv.Entries[2]; !e.At.IsZero() {
			t.Errorf("a time was invented: %v", e.At)
		}
	})
}

// A message that the replay contains is acknowledged and not sent again.
func TestReplayAcknowledges(t *testing.T) {
	for _, replay := range []protocoltest.Replay{protocoltest.ReplayNone, protocoltest.ReplayAllNewIDs} {
		drops := 1
		inBubble(t, protocoltest.Options{Flow: quiet(), Replay: replay, Fault: func(e protocoltest.Event) protocoltest.Action {
			if e.Kind == protocoltest.Message && drops > 0 {
				drops--
				return protocoltest.Action{Do: protocoltest.Drop, At: protocoltest.Logged}
			}
			return protocoltest.Action{}
		}}, func(r *rig) {
			r.Connect()
			r.settle()
			r.Send("a", "one")
			time.Sleep(time.Minute)
			r.shows("Hi one")
			want := []string{"one"}
			if replay == protocoltest.ReplayNone {
				want = []string{"one", "one"} // the client cannot know that the server has the message
			}
			if got := r.srv.Messages(r.session()); !slices.Equal(got, want) {
				t.Errorf("replay %v: the server got %q, want %q", replay, got, want)
			}
		})
		drops = 1
	}
}

func TestIdenticalMessagesAreAcknowledgedOnceEach(t *testing.T) {
	inBubble(t, protocoltest.Options{Flow: quiet(), Delays: protocoltest.Delays{Recv: time.Second}}, func(r *rig) {
		r.Connect()
		r.settle()
		for i := range 4 {
			r.Send(fmt.Sprint(i), "ok")
		}
		r.shows("Hi ok… ok… ok… ok…")
		r.srv.Conns()[0].SendText(`{"type":"recv","id":"1","content":"ok"}`)
		r.shows("Hi ok ok… ok… ok…")
		r.srv.Conns()[0].SendText(`{"type":"recv","id":"1","content":"ok"}`) // some servers give every recv the id 1
		r.shows("Hi ok ok ok… ok…")
		time.Sleep(10 * time.Second)
		r.shows("Hi ok ok ok ok")
		if n := len(r.of(Acknowledged)); n != 4 {
			t.Errorf("%d acknowledgements, want 4", n)
		}
		if n := len(r.of(Added)); n != 5 { // the server acknowledged two of the messages twice
			t.Errorf("%d entries were added, want 5", n)
		}
	})
}

func TestRecvRules(t *testing.T) {
	inBubble(t, protocoltest.Options{Flow: quiet(), Fault: func(e protocoltest.Event) protocoltest.Action {
		if e.Kind == protocoltest.Recv {
			return protocoltest.Action{Do: protocoltest.Skip}
		}
		return protocoltest.Action{}
	}}, func(r *rig) {
		r.Connect()
		r.settle()
		r.Send("a", "Café ")
		r.Send("b", "two")
		synctest.Wait()
		conn := r.srv.Conns()[0]
		conn.SendText(`{"type":"recv","id":"2","content":"two"}`)
		r.shows("Hi Café … two") // the text is equal: acknowledges b, which the server has before a
		conn.SendText(`{"type":"recv","id":"1","content":"Cafe"}`)
		r.shows("Hi Café  two") // the text differs: acknowledges the oldest message
		conn.SendText(`{"type":"recv","id":"1","content":"Café"}`)
		conn.SendText(`{"type":"recv","id":"9","content":"from my phone"}`)
		conn.SendText(`{"type":"recv","id":"9","content":"from my phone"}`)
		r.shows("Hi Café  two from my phone")
	})
}

func TestNoRecvFailsAfterTwoMinutes(t *testing.T) {
	silent := true
	inBubble(t, protocoltest.Options{Flow: quiet(), Fault: func(e protocoltest.Event) protocoltest.Action {
		if e.Kind == protocoltest.Message && silent {
			return protocoltest.Action{Do: protocoltest.Skip, At: protocoltest.Before}
		}
		return protocoltest.Action{}
	}}, func(r *rig) {
		r.Connect()
		r.settle()
		r.Send("a", "one")
		time.Sleep(silenceDeadline + maxSilence + lostAfter)
		r.shows("Hi one…")
		time.Sleep(15 * time.Second)
		r.shows("Hi one!")
		if n := r.srv.Dials(); n != 3 {
			t.Errorf("%d connections, want 3: each of the two writes made a silent connection", n)
		}
		if e := r.conv.Entries[1]; e.Reason != Unanswered || e.Writes != 2 {
			t.Errorf("%+v", e)
		}
		silent = false
		r.Retry("a")
		r.settle()
		r.shows("Hi one")
		r.Send("b", "two")
		r.settle()
		r.Remove("b") // no effect: the message is delivered
		r.shows("Hi one two")
	})
}

// The messages that were lost with a connection are written again one by one, so that the next loss affects only one
// message's last write.
func TestLastWritesGoAlone(t *testing.T) {
	inBubble(t, protocoltest.Options{Flow: quiet()}, func(r *rig) {
		written := func() (keys string) {
			synctest.Wait()
			for _, e := range r.of(Written) {
				keys += e.Key
			}
			return
		}
		r.Connect()
		r.settle()
		r.srv.HalfOpen(false)
		for _, key := range []string{"a", "b", "c"} {
			r.Send(key, key)
		}
		if got := written(); got != "abc" {
			t.Errorf("written: %s, want all at once", got)
		}
		synctest.Wait()
		r.srv.DropAll()
		r.srv.SetFault(func(e protocoltest.Event) protocoltest.Action {
			if e.Kind == protocoltest.Message {
				return protocoltest.Action{Do: protocoltest.Drop, At: protocoltest.Before}
			}
			return protocoltest.Action{}
		})
		since := func(before string) { // waits until more is written
			for deadline := time.Now().Add(time.Minute); written() == before && time.Now().Before(deadline); {
				time.Sleep(time.Second / 100)
			}
		}
		since("abc")
		if got := written(); got != "abca" {
			t.Errorf("written: %s, want one alone", got)
		}
		r.srv.SetFault(func(e protocoltest.Event) protocoltest.Action {
			if e.Kind == protocoltest.Message && e.Text == "b" {
				return protocoltest.Action{Do: protocoltest.Skip, At: protocoltest.Before}
			}
			return protocoltest.Action{}
		})
		r.Wake()
		since("abca")
		r.Send("d", "d") // is written after the earlier messages
		if got := written(); got != "abcab" {
			t.Errorf("written: %s, want the next, once the first is given up", got)
		}
		time.Sleep(lastWriteWaits)
		if got := written(); got != "abcabcd" {
			t.Errorf("written: %s, want the others behind one that is not acknowledged", got)
		}
		r.settle()
		r.shows("Hi a… b… c d")
	})
}

func TestRemove(t *testing.T) {
	inBubble(t, protocoltest.Options{Flow: quiet()}, func(r *rig) {
		r.shut()
		r.open(Conversation{Entries: []Entry{{Key: "a", Kind: Visitor, State: Failed, Text: "lost"}}})
		r.Remove("a")
		r.Remove("none")
		r.shows("")
	})
}

func TestHalfOpenIsReplaced(t *testing.T) {
	inBubble(t, protocoltest.Options{Flow: quiet()}, func(r *rig) {
		r.Connect()
		r.settle()
		r.srv.HalfOpen(false)
		r.Send("a", "one")
		time.Sleep(19 * time.Second)
		if r.srv.Dials() != 1 {
			t.Error("replaced before its deadline")
		}
		time.Sleep(10 * time.Second)
		r.shows("Hi one")
		if r.srv.Dials() != 2 {
			t.Errorf("%d dials, want 2", r.srv.Dials())
		}
	})
}

func TestMalformedFramesAreIgnored(t *testing.T) {
	inBubble(t, protocoltest.Options{Flow: quiet()}, func(r *rig) {
		r.Connect()
		r.settle()
		conn := r.srv.Conns()[0]
		for _, raw := range []string{`{`, ``, `[]`, `{"type":"what"}`, `{"type":"message"}`, `{"type":"session","session_id":"x"}`, `null`} {
			conn.SendText(raw)
		}
		conn.SendBinary([]byte{1, 2, 3})
		conn.SendText(`{"type":"message","content":"` + strings.Repeat("x", MaxFrame) + `"}`)
		conn.SendText(`{"type":"message","id":7,"name":null,"content":12.50}`)
		synctest.Wait()
		if n := len(r.of(Ignored)); n != 9 {
			t.Errorf("%d frames counted as ignored, want 9", n)
		}
		if last := r.conv.Entries; len(last) != 3 || last[1].Kind != Dropped || last[2].Text != "12.50" || last[2].ID != "7" {
			t.Errorf("entries %+v", last)
		}
		if r.srv.Dials() != 1 {
			t.Error("the connection did not stay up")
		}
	})
}

func TestEndOfFlow(t *testing.T) {
	inBubble(t, protocoltest.Options{Flow: quiet(), Replay: protocoltest.ReplayAllNewIDs}, func(r *rig) {
		r.Connect()
		r.settle()
		r.srv.Push(r.session(), protocoltest.Reply{Text: EndedText})
		r.settle()
		r.reload()
		if n := len(r.conv.Entries); n != 2 || r.conv.Entries[1].Kind != Ended {
			t.Errorf("%+v", r.conv.Entries)
		}
		r.StartNew()
		r.settle()
		r.shows("Hi Flow has ended — Hi")
	})
}

// If the server does not know the session, it sends a new one.
func TestAnotherSessionIsNamed(t *testing.T) {
	inBubble(t, protocoltest.Options{Flow: quiet(), Unknown: protocoltest.UnknownNew}, func(r *rig) {
		r.Connect()
		r.Send("a", "one")
		r.settle()
		old := r.session()
		r.srv.ForgetAll()
		r.srv.DropAll()
		r.Send("b", "two")
		time.Sleep(10 * time.Second)
		r.shows("Hi one — Hi two")
		if r.session() == old {
			t.Error("the session is still the old one")
		}
		r.reload()
		r.shows("Hi one — Hi two")
	})
}

// After three refusals of a session, the client dials a new session as a probe, then the stored session once more. If
// that is refused too, it uses the probe's session.
func TestRefusedSessionFallsBackToAProbe(t *testing.T) {
	for _, unknown := range []protocoltest.Unknown{protocoltest.UnknownRefuse, protocoltest.UnknownClose} {
		inBubble(t, protocoltest.Options{Flow: quiet(), Unknown: unknown}, func(r *rig) {
			r.Connect()
			r.Send("a", "one")
			r.settle()
			r.srv.ForgetAll()
			r.srv.DropAll()
			r.Send("b", "two")
			time.Sleep(2 * time.Minute)
			r.shows("Hi one — Hi two")
			if n := r.srv.Dials(); n != 6 {
				t.Errorf("%d dials, want 6: the first, 3 refused, the probe, once more", n)
			}
			if got := r.srv.Messages(r.session()); !slices.Equal(got, []string{"two"}) {
				t.Errorf("the new session got %q", got)
			}
		})
	}
}

// The session is kept in an outage of any length.
func TestOutageKeepsTheSession(t *testing.T) {
	inBubble(t, protocoltest.Options{Flow: quiet()}, func(r *rig) {
		r.Connect()
		r.Send("a", "one")
		r.settle()
		session := r.session()
		r.srv.Down(10 * time.Minute)
		time.Sleep(11 * time.Minute)
		r.Send("b", "two")
		r.settle()
		r.shows("Hi one two")
		if r.session() != session {
			t.Error("the session was given up")
		}
	})
}

// The server accepts the stored session again after the probe was dialled.
func TestOutageEndsDuringTheProbe(t *testing.T) {
	refuse := 3
	inBubble(t, protocoltest.Options{Flow: quiet(), Fault: func(e protocoltest.Event) protocoltest.Action {
		if e.Kind == protocoltest.Dial && e.Session != "" && refuse > 0 {
			refuse--
			return protocoltest.Action{Do: protocoltest.Refuse}
		}
		return protocoltest.Action{}
	}}, func(r *rig) {
		refuse = 0
		r.Connect()
		r.Send("a", "one")
		r.settle()
		session := r.session()
		refuse = 3
		r.srv.DropAll()
		time.Sleep(2 * time.Minute)
		r.Send("b", "two")
		r.settle()
		r.shows("Hi one two")
		if r.session() != session || r.srv.Live() != 1 {
			t.Errorf("session %s, was %s; %d connections", r.session(), session, r.srv.Live())
		}
	})
}

func TestWakeDialsAtOnce(t *testing.T) {
	inBubble(t, protocoltest.Options{Flow: quiet()}, func(r *rig) {
		r.Connect()
		r.settle()
		r.Attention(false)
		r.srv.Down(time.Second)
		time.Sleep(3 * time.Second)
		before := r.srv.Dials()
		r.Wake()
		synctest.Wait()
		if r.srv.Live() != 1 {
			t.Errorf("not online at once: %d dials before, %d after", before, r.srv.Dials())
		}
		r.srv.Down(-1)
		synctest.Wait()
		before = r.srv.Dials()
		for range 40 {
			r.Wake()
			time.Sleep(100 * time.Millisecond)
		}
		if n := r.srv.Dials() - before; n < 1 || n > 3 {
			t.Errorf("%d dials in 4 s of acts, want at most one every 2 s", n)
		}
	})
}

func TestSuspendAndWake(t *testing.T) {
	inBubble(t, protocoltest.Options{Flow: quiet()}, func(r *rig) {
		r.Connect()
		r.settle()
		r.Suspend()
		time.Sleep(time.Hour)
		if r.srv.Live() != 0 || r.srv.Dials() != 1 {
			t.Fatalf("suspended: %d connections, %d dials", r.srv.Live(), r.srv.Dials())
		}
		r.Wake()
		r.settle()
		r.Send("a", "one")
		r.shows("Hi one")
	})
}

func TestOffline(t *testing.T) {
	inBubble(t, protocoltest.Options{Flow: quiet()}, func(r *rig) {
		r.Connect()
		r.settle()
		r.Network(false)
		synctest.Wait()
		r.srv.Push(r.session(), protocoltest.Reply{Text: "there"}) // a frame arrives although the browser says offline
		synctest.Wait()
		r.srv.Down(-1)
		time.Sleep(time.Minute)
		r.srv.Up()
		r.Network(true)
		r.settle()
		if got := r.states(); got != "connecting online offline online offline reconnecting online" {
			t.Errorf("states %q", got)
		}
	})
}

func TestResetForgets(t *testing.T) {
	inBubble(t, protocoltest.Options{Flow: quiet()}, func(r *rig) {
		r.Connect()
		r.Send("a", "one")
		r.settle()
		r.Reset()
		r.shows("")
		if r.srv.Live() != 0 || r.conv.Session != "" {
			t.Error("something is left")
		}
		r.Connect()
		r.settle()
		r.shows("Hi")
		if n := len(r.srv.Sessions()); n != 2 {
			t.Errorf("%d sessions, want 2", n)
		}
	})
}

func TestTyping(t *testing.T) {
	inBubble(t, protocoltest.Options{Flow: quiet()}, func(r *rig) {
		r.Typing(true) // no effect: there is no connection
		r.Connect()
		r.settle()
		r.Typing(true)
		r.Typing(false)
		synctest.Wait()
		got := r.srv.Log(protocoltest.Typing)
		if len(got) != 2 || got[0].Text != "true" || got[1].Text != "false" {
			t.Errorf("typing: %v", got)
		}
	})
}

func TestClosedLeavesNothing(t *testing.T) {
	inBubble(t, protocoltest.Options{}, func(r *rig) {
		r.Connect()
		r.settle()
		r.shut()
		n := len(r.events)
		r.Send("late", "x")
		r.Connect()
		r.settle()
		if len(r.events) != n || r.srv.Live() != 0 {
			t.Error("a closed client did something")
		}
		r.open(Conversation{})
	})
}
