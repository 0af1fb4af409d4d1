//go:build !js

package protocol

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// steadily runs a test of a client that is online. Each random delay is half of its span.
func steadily(t *testing.T, f func(s *odd)) {
	t.Helper()
	meets(t, Conversation{}, nil, func(s *odd) {
		s.Connect()
		s.say(oddSession, oddOwner, oddHi)
		f(s)
	})
}

// until checks that a condition becomes true after d, and not a millisecond before.
func (s *odd) until(d time.Duration, what string, holds func() bool) {
	s.t.Helper()
	synctest.Wait()
	time.Sleep(d - time.Millisecond)
	synctest.Wait()
	if holds() {
		s.t.Errorf("%s: sooner than after %v", what, d)
	}
	time.Sleep(time.Millisecond)
	synctest.Wait()
	if !holds() {
		s.t.Errorf("%s: not after %v", what, d)
	}
}

func (s *odd) transcript() string {
	c := s.now()
	return texts(&c)
}

const alive = `{"type":"recv","content":true}` // it acknowledges nothing, but shows that the connection works

// A dead connection is replaced 20 s after the first message that no frame follows, also if the visitor
// continues to write. Browsers take minutes to notice.
func TestBusyVisitorOnADeadConnection(t *testing.T) {
	steadily(t, func(s *odd) {
		gone := func() bool { return s.conn(s.dials() - 1).gone() }
		s.Send("a", "one")
		for i := range 19 {
			synctest.Wait()
			time.Sleep(time.Second)
			s.Send(fmt.Sprint("b", i), "more")
		}
		s.until(time.Second, "the connection is replaced", gone)
		if got := s.reasons(); len(got) != 1 || got[0] != string(errSilent.(constError)) {
			t.Errorf("told %q", got)
		}
		// The server may only be slow: the deadline of the next connection is 40 s.
		time.Sleep(2 * time.Second)
		s.say(oddSession)
		time.Sleep(time.Second)
		s.until(40*time.Second, "the next one is replaced", gone)
	})
	steadily(t, func(s *odd) { // no message is unacknowledged: a quiet connection is kept
		s.Send("a", "one")
		s.say(recv("2", "one"))
		time.Sleep(time.Hour)
		if n := s.dials(); n != 1 {
			t.Errorf("%d connections in an hour of silence", n)
		}
	})
}

// The deadline is twice the time that the server needed for a recv, but at least 20 s and at most 40 s.
func TestDeadlineOfASlowServer(t *testing.T) {
	for took, deadline := range map[time.Duration]time.Duration{
		time.Second: 20 * time.Second, 10 * time.Second: 20 * time.Second, 11 * time.Second: 22 * time.Second,
		19 * time.Second: 38 * time.Second, 30 * time.Second: 40 * time.Second,
	} {
		steadily(t, func(s *odd) {
			s.Send("a", "one")
			synctest.Wait()
			time.Sleep(took / 2)
			s.say(alive)
			time.Sleep(took - took/2)
			s.say(recv("2", "one"))
			s.Send("b", "two")
			s.until(deadline, fmt.Sprint("recv took ", took, "; the connection is replaced"), func() bool { return s.conn(0).gone() })
		})
	}
}

// A message that the server does not acknowledge on a working connection fails after 2 minutes, and again 2 minutes
// after a retry. An acknowledged message does not fail.
func TestPatience(t *testing.T) {
	steadily(t, func(s *odd) {
		keepAlive := func(d time.Duration) {
			for ; d > 0; d -= 10 * time.Second {
				time.Sleep(10 * time.Second)
				s.say(alive)
			}
		}
		s.Send("a", "one")
		synctest.Wait()
		keepAlive(110 * time.Second)
		s.Send("b", "two")
		s.until(10*time.Second, "it is failed", func() bool { return s.transcript() == "Hi one! two…" })
		s.say(recv("2", "two"))
		s.Retry("a")
		synctest.Wait()
		keepAlive(110 * time.Second)
		s.until(10*time.Second, "it is failed again", func() bool { return s.transcript() == "Hi two one!" })
		if n := len(s.of(GivenUp)); n != 2 || s.dials() != 1 {
			t.Errorf("given up %d times, on %d connections", n, s.dials())
		}
		s.Remove("a")
		s.shows("Hi two")
	})
	// The time of a message that waits for others begins when it is written itself, also after a reload.
	c := stored()
	for key, writes := range []int{1, 1, 0} {
		c.Apply(Event{Kind: Added, Entry: Entry{Key: fmt.Sprint(key), Kind: Visitor, State: Sending, Text: fmt.Sprint(key), Writes: writes}})
	}
	meets(t, c, always(oddSession), func(s *odd) {
		s.Connect()
		synctest.Wait()
		time.Sleep(time.Second)
		s.until(2*time.Second, "the last one is written", func() bool { return len(s.messages()) == 3 })
		for range 11 {
			time.Sleep(10 * time.Second)
			s.say(alive)
		}
		s.until(10*time.Second, "it is failed", func() bool { return s.transcript() == "Hi 0! 1! 2!" })
	})
	// Only time on a working connection counts, not time in which the server is down.
	steadily(t, func(s *odd) {
		s.Send("a", "one")
		s.answers("down", "")
		s.conn(0).Close()
		time.Sleep(20 * time.Minute)
		s.shows("Hi one…")
	})
}

// A message that was written twice, and whose second connection has ended, fails 20 s after a later connection became
// live.
func TestLostTwice(t *testing.T) {
	steadily(t, func(s *odd) {
		s.Send("a", "one")
		for range 2 {
			s.drop()
			s.say(oddSession)
			time.Sleep(time.Second) // until the replay is over
		}
		s.until(20*time.Second, "it is failed", func() bool { return s.transcript() == "Hi one!" })
		if e := s.now().Entries[1]; e.Reason != Unanswered {
			t.Errorf("the reason is %q", e.Reason)
		}
		s.Retry("a") // after it, two more writes are allowed
		s.drop()
		s.say(oddSession)
		time.Sleep(time.Second)
		s.shows("Hi one…")
		if got := strings.Join(s.messages(), " "); got != "one one one one" {
			t.Errorf("written %q", got)
		}
	})
}

// A write is reported before it happens, so that it is stored before the page can crash. A message is written at most
// twice, also if the page is reloaded.
func TestWrittenIsToldBeforeItIsWritten(t *testing.T) {
	meets(t, Conversation{}, always(oddSession+"\n"+oddHi), func(s *odd) {
		free := make(chan struct{})
		s.writes(func(context.Context) error { <-free; return nil }) // the socket is slow: later frames wait behind the first
		s.Connect()
		synctest.Wait()
		s.Typing(true)
		synctest.Wait()
		var waiting []int
		s.queue.put(func() {
			handle := s.o.Handle
			s.o.Handle = func(e Event) {
				if e.Kind == Written {
					waiting = append(waiting, len(s.main.out))
				}
				handle(e)
			}
		})
		s.Send("a", "one")
		s.Send("b", "two")
		synctest.Wait()
		if !slices.Equal(waiting, []int{0, 1}) {
			t.Errorf("when they were told as written, %v frames were on their way: want none, and the one before", waiting)
		}
		close(free)
		if got := strings.Join(s.messages(), " "); got != "one two" {
			t.Errorf("written %q", got)
		}
	})
	for writes, want := range map[int]string{1: "one", 2: ""} {
		c := stored()
		c.Apply(Event{Kind: Added, Entry: Entry{Key: "a", Kind: Visitor, State: Sending, Text: "one", Writes: writes}})
		meets(t, c, always(oddSession), func(s *odd) {
			s.Connect()
			s.settle()
			if got := strings.Join(s.messages(), " "); got != want {
				t.Errorf("written %d times before the reload: written %q", writes, got)
			}
		})
	}
}

// The last write of a message waits up to 2 s for the recv of the message before it.
func TestLastWriteWaits(t *testing.T) {
	steadily(t, func(s *odd) {
		s.Send("a", "one")
		s.Send("b", "two")
		s.Send("c", "three")
		s.drop()
		s.say(oddSession)
		written := func(want string) func() bool {
			return func() bool { return strings.Join(s.messages(), " ") == "one two three "+want }
		}
		s.until(time.Second, "the first goes, when the replay has had its say", written("one"))
		s.until(2*time.Second, "the second goes, without a recv", written("one two"))
		time.Sleep(time.Second)
		s.say(recv("2", "one"))
		if !written("one two")() {
			t.Error("the third went, though the second is not acknowledged")
		}
		s.say(recv("3", "two"))
		if !written("one two three")() {
			t.Error("the third did not go at once, when the second was acknowledged")
		}
	})
}

// If the server has never sent a recv, an answer acknowledges each message 5 s later.
func TestAnswersAreBelievedAfter5Seconds(t *testing.T) {
	steadily(t, func(s *odd) {
		s.Send("a", "one")
		synctest.Wait()
		time.Sleep(time.Second)
		s.say(agent("2", "re: one"))
		time.Sleep(time.Second)
		s.Send("b", "two")
		s.say(agent("3", "re: two"))
		s.until(4*time.Second, "the first is sent", func() bool { return s.transcript() == "Hi one re: one two… re: two" })
		s.until(time.Second, "the second is sent", func() bool { return s.transcript() == "Hi one re: one two re: two" })
		if n := len(s.of(Answered)); n != 2 {
			t.Errorf("%d were acknowledged by an answer", n)
		}
		time.Sleep(time.Hour) // no message is unacknowledged
		if s.dials() != 1 {
			t.Errorf("%d connections", s.dials())
		}
	})
	// If a recv arrives meanwhile, the server sends recvs: the answer acknowledges nothing.
	steadily(t, func(s *odd) {
		s.Send("a", "one")
		s.Send("b", "two")
		s.say(agent("2", "re: both"), recv("3", "one"))
		time.Sleep(10 * time.Second)
		s.shows("Hi one two… re: both")
	})
	// The server does not greet: the message is the first entry of the conversation.
	meets(t, Conversation{}, always(oddSession), func(s *odd) {
		s.Send("a", "one")
		s.settle()
		s.say(agent("2", "re: one"))
		time.Sleep(5 * time.Second)
		s.shows("one re: one")
	})
	// An answer does not acknowledge a message that was written after it.
	steadily(t, func(s *odd) {
		s.Send("a", "one")
		s.say(agent("2", "re: one"))
		s.Send("b", "two")
		time.Sleep(10 * time.Second)
		s.shows("Hi one re: one two…")
	})
}

// A second recv with the same text within 40 s is a repetition: some servers repeat theirs after a long time, or had
// the message twice. After that it is a message that the visitor wrote on another device.
func TestRecvTwice(t *testing.T) {
	for _, tt := range []struct {
		after time.Duration
		want  string
	}{{40*time.Second - time.Millisecond, "Hi one"}, {40 * time.Second, "Hi one one"}} {
		steadily(t, func(s *odd) {
			s.Send("a", "one")
			s.say(recv("2", "one"))
			time.Sleep(tt.after)
			s.say(recv("3", "one"))
			s.shows(tt.want)
		})
	}
	// The first recv has no content and an unusual id: the id of the second is kept.
	steadily(t, func(s *odd) {
		s.Send("a", "one")
		s.say(`{"type":"recv","id":"7"}`, recv("2", "one"))
		s.shows("Hi one")
		if id := s.now().Entries[1].ID; id != "2" {
			t.Errorf("the message's id is %q", id)
		}
	})
	// Each text is counted separately.
	steadily(t, func(s *odd) {
		s.Send("a", "one")
		s.Send("b", "two")
		s.say(recv("2", "one"), recv("3", "one"), recv("4", "two"), recv("5", "three"))
		s.shows("Hi one two three")
	})
}

// If the server stores another text, it is kept as the entry's echo, so that a replay is recognised. Its length is
// limited, because it comes from the server and is stored.
func TestEchoIsBounded(t *testing.T) {
	for n, kept := range map[int]bool{1: true, 4 * (3 + 16): true, 4*(3+16) + 1: false} {
		steadily(t, func(s *odd) {
			s.Send("a", "one")
			stored := strings.Repeat("*", n)
			s.say(recv("2", stored))
			s.shows("Hi one")
			want := stored
			if !kept {
				want = ""
			}
			if e := s.now().Entries[1]; e.Echo != want {
				t.Errorf("%d bytes: the echo is %q", n, e.Echo)
			}
		})
	}
	steadily(t, func(s *odd) {
		s.Send("a", "R&D")
		s.say(recv("2", " R&amp;D "))
		if e := s.now().Entries[1]; e.Echo != "" {
			t.Errorf("the same text is kept as an echo: %q", e.Echo)
		}
	})
}

// Typing frames are written only on a live connection: before, the session may not have begun.
func TestTypingBeforeLive(t *testing.T) {
	meets(t, stored(), nil, func(s *odd) {
		typed := func() int {
			synctest.Wait()
			c := s.conn(0)
			c.mu.Lock()
			defer c.mu.Unlock()
			return strings.Count(strings.Join(c.wrote, ""), `"typing"`)
		}
		s.Typing(true)
		s.Connect()
		synctest.Wait()
		s.Typing(true) // the session frame has not arrived
		s.say(oddSession)
		s.Typing(true) // a replay may follow
		if n := typed(); n != 0 {
			t.Errorf("typing was told %d times before the conversation was live", n)
		}
		s.settle()
		s.Typing(true)
		if n := typed(); n != 1 {
			t.Errorf("typing was told %d times", n)
		}
	})
}

// A reset also forgets which messages were written: a message with the same key gets its whole time.
func TestResetForgetsWhatWasWritten(t *testing.T) {
	steadily(t, func(s *odd) {
		for i := range 2 {
			s.Send("a", "one")
			synctest.Wait()
			if i == 1 {
				s.say(otherSession, oddHi)
			}
			for range 10 {
				time.Sleep(10 * time.Second)
				s.say(alive)
			}
			if c := s.now(); !c.Pending() {
				t.Errorf("round %d: %s", i, s.transcript())
			}
			s.Reset()
			s.shows("")
		}
		time.Sleep(time.Hour)
		if n := s.dials(); n != 2 {
			t.Errorf("%d connections", n)
		}
	})
}

// A connection whose write fails is closed, because its reader might wait forever.
func TestWriteThatFails(t *testing.T) {
	meets(t, Conversation{}, always(oddSession+"\n"+oddHi), func(s *odd) {
		s.writes(func(context.Context) error { return errors.New("broken pipe") })
		s.Connect()
		s.writes(nil)
		s.Send("a", "one")
		synctest.Wait()
		if !s.conn(0).gone() {
			t.Error("the socket is not closed")
		}
		time.Sleep(2 * time.Second)
		if n := s.dials(); n != 2 {
			t.Errorf("%d connections", n)
		}
		time.Sleep(time.Second)
		s.say(recv("2", "one"))
		s.shows("Hi one")
	})
}

// A connection is closed if more than 256 frames wait to be written. This limits memory.
func TestPeerThatDoesNotRead(t *testing.T) {
	for frames, gone := range map[int]bool{257: false, 258: true} { // one more than 256, because one is being written
		meets(t, Conversation{}, always(oddSession+"\n"+oddHi), func(s *odd) {
			s.writes(func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
			s.Connect()
			for range frames {
				synctest.Wait()
				s.Typing(true)
			}
			synctest.Wait()
			if s.conn(0).gone() != gone {
				t.Errorf("%d frames wait: given up: %v", frames, !gone)
			}
		})
	}
}

// The first heartbeat is written 9 s after the socket opened and the next ones every 15 s, as the documentation says,
// but none before the session frame.
func TestHeartbeatMoments(t *testing.T) {
	for session, want := range map[time.Duration]string{
		0:                       "[9 24 39 54]",
		9 * time.Second:         "[9 24 39 54]",
		9900 * time.Millisecond: "[9.9 24.9 39.9 54.9]",
	} {
		meets(t, Conversation{}, nil, func(s *odd) {
			s.Connect()
			synctest.Wait()
			time.Sleep(session)
			s.say(oddSession, oddHi)
			time.Sleep(55*time.Second - session)
			synctest.Wait()
			c := s.conn(0)
			c.mu.Lock()
			defer c.mu.Unlock()
			var at []float64
			for i := range c.wrote {
				if !strings.Contains(c.wrote[i], `"heartbeat"`) || !strings.Contains(c.wrote[i], `+04:00`) {
					t.Errorf("written %s", c.wrote[i])
				}
				at = append(at, c.at[i].Sub(c.since).Seconds())
			}
			if got := fmt.Sprint(at); got != want {
				t.Errorf("session after %v: heartbeats after %s s, want %s", session, got, want)
			}
		})
	}
}
