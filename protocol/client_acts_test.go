//go:build !js

package protocol

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"github.com/coder/websocket"
)

// After the client has given up, it dials again only if the site owner or the visitor asks for a connection, and not
// because the network or the page's visibility changes.
func TestWhatEndsAGivingUp(t *testing.T) {
	for name, tt := range map[string]struct {
		act   func(s *odd)
		dials bool
	}{
		"online": {func(s *odd) { s.Network(true) }, false}, "wake": {func(s *odd) { s.Wake() }, false}, "a tick": {func(s *odd) { s.Tick() }, false},
		"connect": {func(s *odd) { s.Connect() }, true}, "send": {func(s *odd) { s.Send("b", "two") }, true}, "retry": {func(s *odd) { s.Retry("a") }, true},
		"start new": {func(s *odd) { s.StartNew() }, true}, "adopt": {func(s *odd) { s.Adopt(testFlow, testSession) }, true},
		"retry of nothing": {func(s *odd) { s.Retry("b") }, false}, "remove": {func(s *odd) { s.Remove("a") }, false},
	} {
		meets(t, Conversation{}, always(`{"status":"failed","message":"closed"}`), func(s *odd) {
			s.Send("a", "one")
			s.until(10*time.Second, "it gives up", func() bool { return strings.HasSuffix(s.states(), "failed") })
			s.shows("one!")
			if !s.conn(0).gone() {
				t.Error("the connection is still open")
			}
			time.Sleep(time.Minute)
			tt.act(s)
			time.Sleep(5 * time.Second)
			if dials := s.dials() > 1; dials != tt.dials {
				t.Errorf("%s: dials again: %v", name, dials)
			}
		})
	}
}

// Each of the calls that ask for a conversation dials. A change of the network does not.
func TestWhatAsksForAConversation(t *testing.T) {
	for name, tt := range map[string]struct {
		act   func(s *odd)
		dials int
	}{
		"nothing": {func(s *odd) {
			s.Network(true)
			s.Wake()
			s.Tick()
			s.Typing(true)
			s.Attention(true)
			s.Suspend()
			s.Wake()
			s.Retry("x")
			s.Remove("x")
		}, 0},
		"connect": {func(s *odd) { s.Connect() }, 1}, "send": {func(s *odd) { s.Send("b", "two") }, 1}, "retry": {func(s *odd) { s.Retry("a") }, 1},
		"start new": {func(s *odd) { s.StartNew() }, 1}, "adopt": {func(s *odd) { s.Adopt(testFlow, testSession) }, 1},
	} {
		c := Conversation{Entries: []Entry{{Key: "a", Kind: Visitor, State: Failed, Text: "one"}}}
		meets(t, c, always(oddSession), func(s *odd) {
			tt.act(s)
			s.settle()
			if n := s.dials(); n != tt.dials {
				t.Errorf("%s: %d connections", name, n)
			}
			if online := s.states() == "connecting online"; online != (tt.dials == 1) {
				t.Errorf("%s: states %q", name, s.states())
			}
		})
	}
}

// A new conversation begins below a divider if there are entries above. It is dialled at once, whatever the client was
// doing before: waiting to dial, being refused, or holding a connection.
func TestNewConversations(t *testing.T) {
	for name, begin := range map[string]func(s *odd){
		"start new": func(s *odd) { s.StartNew() },
		"adopt":     func(s *odd) { s.Adopt(testInstance, "webchat-session.00000000-0000-4000-8000-000000000001") },
	} {
		meets(t, stored(), always(otherSession+"\n"+agent("1", "Hello")), func(s *odd) {
			begin(s)
			s.shows("Hi — Hello")
			if e := s.now().Entries[1]; e.Kind != Fresh || e.At.IsZero() || e.Key == "" {
				t.Errorf("%s: the divider is %+v", name, e)
			}
			if name == "adopt" {
				if want := "/webchat/flow/" + testInstance + "/session/webchat-session.00000000-0000-4000-8000-000000000001/r/true"; !strings.HasSuffix(s.dialled()[0], want) {
					t.Errorf("dialled %s", s.dialled()[0])
				}
			}
			begin(s) // again at once: StartNew replaces the connection, Adopt keeps it
			s.settle()
			want := map[string]string{"start new": "Hi — Hello — Hello", "adopt": "Hi — Hello"}[name]
			if name == "start new" {
				s.shows(want)
			} else if s.dials() != 1 {
				t.Errorf("%s: %d connections", name, s.dials())
			}
			if open := s.dials(); open > 1 && !s.conn(0).gone() {
				t.Errorf("%s: the connection to the old session is open", name)
			}
		})
		meets(t, Conversation{}, always(otherSession), func(s *odd) { // there are no entries above
			begin(s)
			s.shows("")
		})
		c := stored() // a message that is not delivered is written in the new conversation, below the divider
		c.Apply(Event{Kind: Added, Entry: Entry{Key: "a", Kind: Visitor, State: Sending, Text: "one"}})
		meets(t, c, func(n int, _ bool) string {
			if n < 5 {
				return refused
			}
			return otherSession + "\n" + agent("1", "Hello")
		}, func(s *odd) {
			s.Connect()
			synctest.Wait()
			time.Sleep(32 * time.Second) // dials at 0, 2, 6, 14 (the probe) and 29; the next is due at 44
			begin(s)
			if got := s.asked(); !strings.HasPrefix(got[strings.LastIndex(got, ",")+1:], " 32 ") {
				t.Errorf("%s: dialled at %s, want it at once", name, got)
			}
			s.settle()
			if n := len(s.messages()); n != 1 {
				t.Errorf("%s: %d messages were written", name, n)
			}
		})
	}
}

// The backoff of the old session does not apply to the new one, and its refusals do not count.
func TestNewConversationsBeginPatiently(t *testing.T) {
	meets(t, stored(), always(refused), func(s *odd) {
		s.Connect()
		synctest.Wait()
		time.Sleep(7 * time.Second) // two more refusals would cause a probe
		s.Adopt(testInstance, "webchat-session.00000000-0000-4000-8000-000000000001")
		time.Sleep(15 * time.Second)
		if got, want := s.asked(), "0 stored, 2 stored, 6 stored, 7 stored, 9 stored, 13 stored, 21 new"; got != want {
			t.Errorf("dialled at %s, want %s", got, want)
		}
	})
}

// After a reset, the client behaves as for a new visitor: the connection states, the backoff and the reports start
// again.
func TestResetBeginsAnew(t *testing.T) {
	meets(t, stored(), func(n int, _ bool) string {
		if n == 0 {
			return oddSession
		}
		return refused
	}, func(s *odd) {
		s.Connect()
		s.settle()
		s.conn(0).Close()
		time.Sleep(10 * time.Second) // dials at 4 and 8
		s.Reset()
		time.Sleep(time.Hour)
		if got := s.states(); got != "connecting online reconnecting reconnecting idle" {
			t.Errorf("states %q", got)
		}
		n := len(s.dialled())
		s.Connect()
		time.Sleep(15 * time.Second)
		if got := s.states(); !strings.HasPrefix(got, "connecting online reconnecting reconnecting idle connecting") {
			t.Errorf("states %q", got)
		}
		synctest.Wait()
		var waits []time.Duration
		for i := n + 1; i < len(s.at); i++ {
			waits = append(waits, s.at[i].Sub(s.at[i-1]))
		}
		if want := []time.Duration{2 * time.Second, 4 * time.Second, 8 * time.Second}; !slices.Equal(waits, want) {
			t.Errorf("dials after %v, want %v", waits, want)
		}
		if strings.Contains(s.asked()[strings.Index(s.asked(), "new"):], "stored") {
			t.Errorf("dialled at %s: the session is forgotten", s.asked())
		}
		if n := len(s.of(Reported)); n != 1 {
			t.Errorf("%d reports to the owner", n)
		}
	})
	meets(t, Conversation{}, always(hangs), func(s *odd) { // during a dial
		s.Connect()
		synctest.Wait()
		s.Reset()
		time.Sleep(time.Hour)
		if got := s.asked(); got != "0 new" || s.states() != "connecting idle" {
			t.Errorf("dialled at %s; states %q", got, s.states())
		}
	})
}

// Only a failed message can be retried or removed.
func TestRetryAndRemove(t *testing.T) {
	c := stored()
	for i, state := range []Delivery{Sent, Sending, Failed, Failed} {
		c.Apply(Event{Kind: Added, Entry: Entry{Key: fmt.Sprint(i), Kind: Visitor, State: state, Text: fmt.Sprint(i)}})
	}
	meets(t, c, nil, func(s *odd) {
		for i := range 4 {
			s.Remove(fmt.Sprint(i - 1)) // all but the last
			if i < 3 {
				s.Retry(fmt.Sprint(i - 1))
			}
		}
		s.Retry("3")
		s.shows("Hi 0 1… 3…")
		if n := len(s.of(Removed)) + len(s.of(Retried)); n != 2 {
			t.Errorf("%v", s.of(Removed, Retried))
		}
	})
}

// Send ignores a key that it knows: a page that was loaded again may send the same message twice.
func TestKeyThatIsKnown(t *testing.T) {
	steadily(t, func(s *odd) {
		before := len(s.of(Added))
		for _, text := range []string{"one", "one", "two"} {
			s.Send("a", text)
		}
		if got := s.messages(); len(got) != 1 || len(s.of(Added)) != before+1 {
			t.Errorf("written %q; %d entries were added", got, len(s.of(Added))-before)
		}
	})
}

// Each change of the state is reported once. In an outage, at most two reasons are reported, and none of them twice.
func TestStatesAreTold(t *testing.T) {
	meets(t, Conversation{}, nil, func(s *odd) {
		s.Connect()
		s.say(oddSession, oddHi)
		s.told("connecting", "online")
		s.answers("one", "")
		s.conn(0).Close()
		time.Sleep(3 * time.Second)
		s.answers("two", "")
		time.Sleep(20 * time.Second)
		s.answers("three", "")
		time.Sleep(time.Minute)
		s.told("reconnecting:  the server has closed", "reconnecting:  one")
		s.answers("", oddSession) // this ends the outage: the reasons of the next one are reported
		time.Sleep(time.Minute)
		s.told("online")
		s.answers("three", "")
		s.conn(s.dials() - 1).Close()
		time.Sleep(time.Minute)
		s.told("reconnecting:  the server has closed", "reconnecting:  three")
		s.Network(false)
		time.Sleep(time.Minute)
		s.told("offline")
		s.Network(true)
		s.told("reconnecting")
	})
}

// told fails the test unless these are the states since the last call, each with the last part of its reason. It
// forgets all events.
func (s *odd) told(want ...string) {
	s.t.Helper()
	synctest.Wait()
	var got []string
	for _, e := range s.of(StateChanged) {
		text := string(e.State)
		if e.Err != nil {
			text += ": " + e.Err.Error()[strings.LastIndex(e.Err.Error(), ":")+1:]
		}
		got = append(got, text)
	}
	if !slices.Equal(got, want) {
		s.t.Errorf("told %q, want %q", got, want)
	}
	s.rig.mu.Lock()
	defer s.rig.mu.Unlock()
	s.events = nil
}

// Failures without a network are not reported.
func TestFailuresWhileOfflineAreNotTold(t *testing.T) {
	meets(t, Conversation{}, always(refused), func(s *odd) {
		s.Network(false)
		s.Connect()
		time.Sleep(time.Minute)
		if got := s.reasons(); len(got) != 0 {
			t.Errorf("told %q", got)
		}
	})
}

// If the browser says that it is offline, the client reports that until a frame arrives.
func TestOfflineIsTold(t *testing.T) {
	steadily(t, func(s *odd) {
		s.told("connecting", "online")
		s.Network(false)
		s.told("offline")
		s.say(alive)
		s.told("online")
		time.Sleep(time.Minute)
		if s.dials() != 1 {
			t.Error("a connection that works was replaced")
		}
	})
}

// clockSet returns the time at with its wall clock moved by d and its monotonic clock unchanged. Such a time is read
// after the visitor or the network sets the clock, or after a device slept if its monotonic clock stops in sleep.
func clockSet(at time.Time, d time.Duration) time.Time {
	// Package time has no function for this. The seconds since 1885 begin at bit 30 of the first word of a Time.
	*(*uint64)(unsafe.Pointer(&at)) += uint64(int64(d/time.Second)) << 30
	return at
}

// The device's clock may be set at any time. Setting it back does not affect the connection. Setting it ahead by more
// than the limit looks like a sleep, after which the server has closed the connection.
func TestClockIsSet(t *testing.T) {
	start := time.Now() // not in a bubble, whose time has no monotonic clock
	if at := clockSet(start, time.Hour); at.UnixMilli()-start.UnixMilli() != 3_600_000 || at.Sub(start) != 0 {
		t.Fatal("package time has another form")
	}
	for set, sleeps := range map[time.Duration]bool{-time.Hour: false, -24 * 365 * time.Hour: false, 0: false, 35 * time.Second: false, 36 * time.Second: true, time.Hour: true} {
		for _, at := range []phase{awaitingSession, replaying, live} {
			c, err := NewClient(Options{Flow: testFlow})
			if err != nil {
				t.Fatal(err)
			}
			c.main, c.countedAt = &connection{phase: at}, start
			now := clockSet(start.Add(10*time.Second), set)
			if got, want := c.countTime(now), sleeps && at >= replaying; got != want {
				t.Errorf("the clock was set by %v in phase %d: taken for a sleep: %v", set, at, got)
			}
			want := time.Duration(0)
			if at == live {
				want = min(10*time.Second+max(set, 0), 16*time.Second)
			}
			if c.workedFor != want || c.countedAt != now {
				t.Errorf("the clock was set by %v in phase %d: %v of working time have passed, want %v", set, at, c.workedFor, want)
			}
		}
	}
}

// A device that slept for more than 45 s has missed three heartbeats, and the server has closed the connection: the
// client replaces it at once. A connection survives a shorter sleep, also with a pending message: the frames that
// arrived meanwhile are read first.
func TestSleeps(t *testing.T) {
	for slept, replaced := range map[time.Duration]bool{45 * time.Second: false, 45*time.Second + time.Millisecond: true, 10 * time.Hour: true} {
		for _, waits := range []bool{false, true} {
			steadily(t, func(s *odd) {
				s.settle()
				if waits {
					s.Send("a", "one")
					synctest.Wait()
				}
				s.sleeps(slept)
				if got := s.conn(0).gone(); got != replaced {
					t.Errorf("slept for %v: replaced: %v", slept, got)
				}
				if n := s.dials(); replaced != (n == 2) {
					t.Errorf("slept for %v: %d connections, want the next at once", slept, n)
				}
				if replaced && s.reasons()[0] != errFrozen.Error() {
					t.Errorf("told %q", s.reasons())
				}
				if waits && !replaced {
					s.until(4*time.Second, "the silent connection is replaced", func() bool { return s.conn(0).gone() })
				}
			})
		}
	}
	// In a hidden page, timers run once a minute, which looks like a sleep. The connection is replaced at most every 10
	// minutes.
	steadily(t, func(s *odd) {
		s.answers("", oddSession)
		s.settle()
		s.Attention(false)
		s.sleeps(time.Minute)
		time.Sleep(time.Minute)
		if n := s.dials(); n != 2 {
			t.Fatalf("%d connections", n)
		}
		s.sleeps(8*time.Minute - time.Millisecond)
		time.Sleep(40 * time.Second) // 9 min 40 s after the replacement
		s.sleeps(50*time.Second - time.Second)
		time.Sleep(time.Minute)
		if n := s.dials(); n != 3 {
			t.Errorf("%d connections, want a third after 10 minutes", n)
		}
	})
	// When a hidden page becomes visible, its connection is kept if the newest heartbeat was due at most 45 s ago.
	for slept, replaced := range map[time.Duration]bool{31 * time.Second: false, 50 * time.Second: true} {
		steadily(t, func(s *odd) {
			s.settle()
			s.Attention(false)
			s.queue.put(func() { s.replacedAt = time.Now() }) // as if it had just been replaced
			synctest.Wait()
			s.queue.put(func() { time.Sleep(slept) })
			s.Wake()
			synctest.Wait()
			time.Sleep(slept)
			synctest.Wait()
			if got := s.conn(0).gone(); got != replaced {
				t.Errorf("slept for %v, then looked at: replaced: %v", slept, got)
			}
		})
	}
}

// Errors and traces do not contain the session's id, because anybody who has it can read the conversation.
func TestSessionsAreMasked(t *testing.T) {
	meets(t, stored(), always(refused), func(s *odd) {
		s.Connect()
		synctest.Wait()
		if got := s.reasons(); len(got) != 1 || strings.Contains(got[0], string(testSession)) || !strings.Contains(got[0], testSession.Masked()) || !strings.HasPrefix(got[0], "connect: ") {
			t.Errorf("told %q", got)
		}
	})
	plain := errors.New("plain")
	if got := masked(plain, testSession); got != plain {
		t.Errorf("%v is wrapped", got)
	}
	if got := masked(plain, ""); got != plain {
		t.Errorf("%v is wrapped", got)
	}
}

// The trace, for a debug log, contains the type and direction of each frame, and nothing that was said.
func TestTrace(t *testing.T) {
	meets(t, Conversation{}, nil, func(s *odd) {
		var got []string
		s.o.Trace = func(direction, text string) { got = append(got, direction+" "+text) }
		s.Connect()
		s.say(oddSession, oddHi)
		s.Send("a", "secret")
		s.Typing(true)
		s.say(recv("2", "secret"), "{")
		time.Sleep(9 * time.Second)
		synctest.Wait()
		bytes := func(frame string) string { return fmt.Sprint(len(frame), " bytes") }
		want := []string{"← session " + bytes(oddSession) + " webchat-session.…7cc3", "← message " + bytes(oddHi), "→ message", "→ typing",
			"← recv " + bytes(recv("2", "secret")), "←  1 bytes: malformed JSON", "→ heartbeat"}
		if !slices.Equal(got, want) {
			t.Errorf("traced %q, want %q", got, want)
		}
	})
}

// An error of the server is reported to the site owner, unless it is the same as the one before, up to eight on a
// connection. The client gives up only if an error arrives instead of the session frame.
func TestErrorsOfAServer(t *testing.T) {
	reported := func(s *odd) (all []string) {
		synctest.Wait()
		for _, e := range s.of(Reported) {
			all = append(all, e.Reason+" "+e.Err.Error())
		}
		return
	}
	steadily(t, func(s *odd) {
		s.say(`{"type":"error"}`, `{"type":"error","message":""}`)
		if got := reported(s); !slices.Equal(got, []string{"server the server reports: no message"}) {
			t.Errorf("reported %q", got)
		}
		for i := range 20 {
			s.say(fmt.Sprintf(`{"type":"error","message":"%d"}`, i))
		}
		if got := reported(s); len(got) != 8 || got[7] != "server the server reports: 6" {
			t.Errorf("reported %q", got)
		}
		time.Sleep(time.Hour)
		if s.dials() != 1 || s.states() != "connecting online" {
			t.Errorf("%d connections, states %q", s.dials(), s.states())
		}
	})
	// An error has no effect if the session frame arrives within 10 s.
	meets(t, Conversation{}, always(`{"type":"error","message":"busy"}`), func(s *odd) {
		s.Connect()
		synctest.Wait()
		time.Sleep(9 * time.Second)
		s.say(oddSession, oddHi)
		time.Sleep(time.Minute)
		if got := s.states(); got != "connecting online" {
			t.Errorf("states %q", got)
		}
	})
	// A client with a stored session does not give up after the error, because the server may accept that session
	// later.
	meets(t, stored(), always(`{"type":"error","message":"busy"}`), func(s *odd) {
		s.Connect()
		time.Sleep(11 * time.Second)
		if got := s.states(); strings.Contains(got, "failed") {
			t.Errorf("states %q", got)
		}
		time.Sleep(10 * time.Minute) // but it gives up if a new session, the probe, gets the error too
		if got := s.states(); !strings.HasSuffix(got, "failed") {
			t.Errorf("states %q", got)
		}
		for i, c := range s.all() {
			if !c.gone() {
				t.Errorf("connection %d is open", i)
			}
		}
	})
}

// Each dialer makes connections that carry text and binary frames, also large ones.
func TestRealConnections(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		c.SetReadLimit(-1)
		for {
			typ, data, err := c.Read(r.Context())
			if err != nil {
				return
			}
			if err := c.Write(r.Context(), typ, data); err != nil {
				return
			}
			if c.Write(r.Context(), websocket.MessageBinary, []byte("bytes")) != nil {
				return
			}
		}
	}))
	defer srv.Close()
	for name, d := range map[string]Dialer{"default": webSocket{}, "over a client": HTTPDialer{srv.Client()}} {
		conn, err := d.Dial(t.Context(), srv.URL)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"small", strings.Repeat("x", 2<<20)} {
			if err := conn.Write(t.Context(), []byte(text)); err != nil {
				t.Fatal(err)
			}
			if data, isText, err := conn.Read(t.Context()); err != nil || !isText || string(data) != text {
				t.Fatalf("%s: read %d bytes, text: %v, %v", name, len(data), isText, err)
			}
			if data, isText, err := conn.Read(t.Context()); err != nil || isText || string(data) != "bytes" {
				t.Fatalf("%s: read %q, text: %v, %v", name, data, isText, err)
			}
		}
		conn.Close()
		conn.Close()
		if _, _, err := conn.Read(t.Context()); err == nil {
			t.Errorf("%s: a closed connection reads", name)
		}
		if _, err := d.Dial(t.Context(), srv.URL+"/\x7f"); err == nil {
			t.Errorf("%s: dialled nonsense", name)
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if c, err := d.Dial(ended, srv.URL); err == nil {
			c.Close()
			t.Errorf("%s: dialled after the end of its context", name)
		}
	}
}

// Post returns the status, the header and up to 64 KiB of the body of an answer.
func TestPost(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s with %q", r.Method, r.Header.Get("Content-Type"))
		}
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(429)
		fmt.Fprint(w, strings.Repeat("x", 100_000))
	}))
	defer srv.Close()
	for _, p := range []Poster{httpPoster{}, HTTPPoster(srv.Client())} {
		a, err := p.Post(t.Context(), srv.URL, []byte("{}"))
		if err != nil || a.Status != 429 || a.RetryAfter != "7" || len(a.Body) != 64<<10 {
			t.Errorf("%d %q %d bytes, %v", a.Status, a.RetryAfter, len(a.Body), err)
		}
		if _, err := p.Post(t.Context(), "http://\x7f", nil); err == nil {
			t.Error("posted to nonsense")
		}
	}
	if _, err := HTTPPoster(nil).Post(t.Context(), "http://127.0.0.1:1", nil); err == nil {
		t.Error("posted to nobody")
	}
}

// carrier is an HTTP transport whose response body counts its Close calls.
type carrier struct{ closed int }

func (c *carrier) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Body: c, Request: r, Header: http.Header{}}, nil
}

func (c *carrier) Read([]byte) (int, error) { return 0, io.EOF }

func (c *carrier) Close() error { c.closed++; return nil }

// Post closes the body of the response. Otherwise the HTTP connection could not be used again.
func TestPostClosesTheAnswer(t *testing.T) {
	c := &carrier{}
	if _, err := HTTPPoster(&http.Client{Transport: c}).Post(t.Context(), "http://host", nil); err != nil || c.closed != 1 {
		t.Errorf("closed %d times; %v", c.closed, err)
	}
}

// A panic in any goroutine of the client closes the client and is passed to Options.Panicked once.
func TestPanics(t *testing.T) {
	meets(t, Conversation{}, always(oddSession), func(s *odd) {
		s.shut()
		var told []any
		change := s.change
		s.change = func(o *Options) {
			change(o)
			o.Panicked = func(v any) { told = append(told, v) }
			o.Handle = func(e Event) {
				if e.Kind == SessionBegun {
					panic("ours")
				}
			}
		}
		s.open(Conversation{})
		s.Connect()
		s.Wait()
		if !slices.Equal(told, []any{"ours"}) || !s.conn(0).gone() {
			t.Errorf("told %v; the connection is closed: %v", told, s.conn(0).gone())
		}
		s.mu.Lock()
		s.script = func(int, bool) string { panic("in a dial") }
		s.mu.Unlock()
		s.open(Conversation{})
		s.Connect()
		s.Wait() // waits also for the goroutine that owns the state
		if !slices.Equal(told, []any{"ours", "in a dial"}) {
			t.Errorf("told %v", told)
		}
	})
}

// A flow is the only option that is required.
func TestDefaults(t *testing.T) {
	c, err := NewClient(Options{Flow: strings.ToUpper(testFlow)})
	if err != nil {
		t.Fatal(err)
	}
	o := c.o
	o.Handle(Event{})
	if _, ok := o.Dialer.(webSocket); !ok {
		t.Errorf("the dialer is %T", o.Dialer)
	}
	if _, ok := o.Poster.(httpPoster); !ok {
		t.Errorf("the poster is %T", o.Poster)
	}
	if r := o.Rand(); r < 0 || r >= 1 || o.Rand() == r {
		t.Errorf("random numbers %v", r)
	}
	if a, b := o.NewKey(), o.NewKey(); a == b || !isUUID(a) {
		t.Errorf("keys %q and %q", a, b)
	}
	if _, offset := time.Now().Zone(); o.Offset() != offset || o.Normalize("e\u0301") != "e\u0301" || o.Flow != testFlow {
		t.Errorf("offset %d, flow %s", o.Offset(), o.Flow)
	}
	if _, err := NewClient(Options{Flow: "x"}); !errors.Is(err, ErrBadFlow) {
		t.Errorf("a flow that is none: %v", err)
	}
	mine := Options{Handle: func(Event) {}, Dialer: &odd{}, Poster: &desk{}, Rand: func() float64 { return 2 }, NewKey: func() string { return "k" }, Offset: func() int { return 7 }, Normalize: strings.ToUpper}
	mine.defaults()
	if _, ok := mine.Dialer.(*odd); !ok {
		t.Error("another dialer")
	}
	if _, ok := mine.Poster.(*desk); !ok || mine.Rand() != 2 || mine.NewKey() != "k" || mine.Offset() != 7 || mine.Normalize("a") != "A" {
		t.Error("an option is not kept")
	}
}
