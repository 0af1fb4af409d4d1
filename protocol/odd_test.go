//go:build !js

package protocol

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"plurachat/protocol/protocoltest"
)

// odd is a server whose frames and failures a test chooses. It is the Dialer of the client.
type odd struct {
	*rig
	mu     sync.Mutex
	urls   []string
	conns  []*oddConn
	at     []time.Time // when each URL was dialled
	refuse string      // if set, later dials fail with this text and their URL
	first  string      // the frames that are sent on each new connection, one per line

	// script, if set, replaces the two above. It returns refused, hangs, or the frames that are sent on the connection,
	// one per line. Its arguments are the number of the dial, from 0, and whether the dial requests a session.
	script func(n int, resumes bool) string

	// writing, if set, is called by each write on later connections, which fails if it returns an error.
	writing func(ctx context.Context) error
}

// Results of a script that are not frames.
const (
	refused = "refused"
	hangs   = "hangs"
)

type oddConn struct {
	frames chan string
	closed chan struct{}
	once   sync.Once
	mu     sync.Mutex
	wrote  []string
	at     []time.Time
	since  time.Time

	writing func(ctx context.Context) error
}

func (s *odd) Dial(ctx context.Context, url string) (Conn, error) {
	c, refuse := s.answer(url)
	switch refuse {
	case "":
		return c, nil
	case hangs:
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return nil, fmt.Errorf("dial %q: %s", url, refuse)
}

// answer records a dial. It returns its connection, or why there is none.
func (s *odd) answer(url string) (*oddConn, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.urls, s.at = append(s.urls, url), append(s.at, time.Now())
	refuse, first := s.refuse, s.first
	if s.script != nil {
		refuse, first = "", s.script(len(s.urls)-1, !strings.Contains(url, "/session/null/"))
		if first == refused || first == hangs {
			refuse = first
		}
	}
	if refuse != "" {
		return nil, refuse
	}
	c := &oddConn{frames: make(chan string, 30_000), closed: make(chan struct{}), since: time.Now(), writing: s.writing}
	for _, frame := range strings.Split(first, "\n") {
		if frame != "" {
			c.frames <- frame
		}
	}
	s.conns = append(s.conns, c)
	return c, ""
}

func (c *oddConn) Read(ctx context.Context) ([]byte, bool, error) {
	select {
	case f := <-c.frames:
		return []byte(f), true, nil
	default:
	}
	select {
	case f := <-c.frames:
		return []byte(f), true, nil
	case <-c.closed:
		return nil, false, errors.New("the server has closed")
	case <-ctx.Done():
		return nil, false, ctx.Err()
	}
}

func (c *oddConn) Write(ctx context.Context, data []byte) error {
	if c.writing != nil {
		if err := c.writing(ctx); err != nil {
			return err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wrote, c.at = append(c.wrote, string(data)), append(c.at, time.Now())
	return nil
}

func (c *oddConn) Close() { c.once.Do(func() { close(c.closed) }) }

// say sends frames on the newest connection.
func (s *odd) say(frames ...string) {
	s.t.Helper()
	synctest.Wait()
	s.mu.Lock()
	c := s.conns[len(s.conns)-1]
	s.mu.Unlock()
	for _, f := range frames {
		c.frames <- f
	}
	synctest.Wait()
}

// drop closes the newest connection and waits for the next one.
func (s *odd) drop() {
	s.t.Helper()
	n := s.dials()
	s.conns[n-1].Close()
	for deadline := time.Now().Add(time.Minute); s.dials() == n && time.Now().Before(deadline); {
		time.Sleep(time.Second / 10)
	}
}

// answers sets the error of later dials, if any, and the frames that are sent on their connections.
func (s *odd) answers(refuse, first string) {
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse, s.first = refuse, first
}

func (s *odd) dials() int {
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.conns)
}

// conn returns the connection with a number, all returns all connections, dialled the URLs, and now the conversation.
// Each of them waits until all goroutines are idle.
func (s *odd) conn(i int) *oddConn { return s.all()[i] }

func (s *odd) all() []*oddConn {
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.conns)
}

func (s *odd) dialled() []string {
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.urls)
}

func (s *odd) now() Conversation {
	synctest.Wait()
	s.rig.mu.Lock()
	defer s.rig.mu.Unlock()
	return s.conv.Clone()
}

// writes sets the function that writes on later connections call.
func (s *odd) writes(f func(ctx context.Context) error) {
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writing = f
}

// messages returns the texts of the messages that were written, on all connections.
func (s *odd) messages() (all []string) {
	synctest.Wait()
	for _, c := range s.conns {
		c.mu.Lock()
		for _, w := range c.wrote {
			if text, ok := strings.CutPrefix(w, `{"type":"message","message":"`); ok {
				all = append(all, strings.TrimSuffix(text, `"}`))
			}
		}
		c.mu.Unlock()
	}
	return
}

const (
	oddSession = `{"type":"session","id":"s","session_id":"` + string(testSession) + `"}`
	oddOwner   = `{"type":"chatowner","id":"o","name":"Flow Tester"}`
	oddHi      = `{"type":"message","id":"1","name":"A","content":"Hi"}`
)

func agent(id, text string) string {
	return fmt.Sprintf(`{"type":"message","id":%q,"name":"A","content":%q}`, id, text)
}

func recv(id, text string) string {
	return fmt.Sprintf(`{"type":"recv","id":%q,"name":"Anonymous","content":%q}`, id, text)
}

// withOdd runs a test against an odd server, in a conversation whose greeting has arrived.
func withOdd(t *testing.T, f func(s *odd)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &odd{rig: &rig{t: t, srv: protocoltest.NewPipe(protocoltest.Options{})}}
		defer s.srv.Close()
		s.change = func(o *Options) {
			o.Dialer = s
			o.Normalize = strings.NewReplacer("e\u0301", "é", "a\u0308", "ä", "\u1112\u1161\u11ab", "한").Replace
		}
		s.open(Conversation{})
		defer s.shut()
		s.Connect()
		s.say(oddSession, oddOwner, oddHi)
		f(s)
	})
}

// After a replay that repeats nothing, every message of the agent is shown, with any text and id.
func TestNothingIsHeldBackAfterTheReplay(t *testing.T) {
	for _, tt := range []struct{ name, frame, want string }{
		{"the greeting's text", agent("9", "Hi"), "Hi a Hi"},
		{"the greeting's id", agent("1", "news"), "Hi a news"},
		{"the greeting's text and id", agent("1", "Hi"), "Hi a Hi"},
	} {
		for _, wait := range []time.Duration{0, 1100 * time.Millisecond, time.Minute} {
			withOdd(t, func(s *odd) {
				s.Send("a", "a")
				s.say(recv("2", "a"))
				s.drop()
				s.say(oddSession, oddOwner)
				time.Sleep(wait)
				if wait == 0 && strings.HasSuffix(tt.frame, `"content":"Hi"}`) {
					return // the first message of a replay is taken for the greeting
				}
				s.say(tt.frame)
				time.Sleep(3 * time.Second)
				s.shows(tt.want)
			})
		}
	}
	// Every id is "1", also of equal messages.
	withOdd(t, func(s *odd) {
		s.say(agent("1", "yes"), agent("1", "yes"))
		s.shows("Hi yes yes")
	})
}

func TestRepeatedIDsAcknowledge(t *testing.T) {
	withOdd(t, func(s *odd) {
		for i := range 3 {
			s.Send(fmt.Sprint(i), "yes")
			s.say(recv("1", "yes"))
		}
		s.shows("Hi yes yes yes")
		s.Send("x", "no")
		s.say(recv("1", "No."))
		s.shows("Hi yes yes yes no")
		time.Sleep(5 * time.Minute)
		s.shows("Hi yes yes yes no")
		if got := s.messages(); len(got) != 4 || s.dials() != 1 {
			t.Errorf("written %q on %d connections", got, s.dials())
		}
	})
}

func TestOddRecvs(t *testing.T) {
	for _, tt := range []struct{ name, frames, want string }{
		{"without content", `{"type":"recv","id":"5"}`, "Hi a b…"},
		{"null content", `{"type":"recv","id":"5","content":null}`, "Hi a b…"},
		{"blank content", `{"type":"recv","content":" \n"}`, "Hi a b…"},
		{"two without content", `{"type":"recv"}|{"type":"recv"}`, "Hi a b"},
		{"three without content", `{"type":"recv"}|{"type":"recv"}|{"type":"recv"}`, "Hi a b"},
		{"twice, with another id", recv("5", "a") + "|" + recv("6", "a"), "Hi a b…"},
		{"twice, without an id", recv("", "a") + "|" + recv("", "a"), "Hi a b…"},
		{"each twice", recv("", "a") + "|" + recv("", "a") + "|" + recv("", "b") + "|" + recv("", "b"), "Hi a b"},
		{"each twice, in other words", recv("7", "[a]") + "|" + recv("8", "[b]") + "|" + recv("9", "[b]"), "Hi a b"},
		{"of typing", `{"type":"recv","id":"5","content":true}`, "Hi a… b…"},
		{"of typing, as text", `{"type":"recv","id":"5","content":"false"}`, "Hi a… b…"},
		{"of a heartbeat", `{"type":"recv","id":"5","content":{"stamp":"2025-11-06T21:59:02","tz":"+04:00"}}`, "Hi a… b…"},
		{"of a heartbeat, as text", `{"type":"recv","content":"{\"stamp\":\"2025-11-06T21:59:02\",\"tz\":\"+04:00\"}"}`, "Hi a… b…"},
	} {
		withOdd(t, func(s *odd) {
			s.Send("k1", "a")
			s.Send("k2", "b")
			s.say(strings.Split(tt.frames, "|")...)
			if got := texts(&s.conv); got != tt.want {
				t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
			}
		})
	}
	// Nothing is pending: a recv with a number is ignored, and a recv with a text is a message from another device.
	withOdd(t, func(s *odd) {
		s.say(`{"type":"recv","content":true}`, `{"type":"recv","content":7}`, `{"type":"recv","content":[]}`, `{"type":"recv"}`, recv("", "from my phone"))
		s.shows("Hi from my phone")
		s.Send("a", "true")
		s.say(`{"type":"recv","content":true}`)
		s.shows("Hi from my phone true")
		s.Send("b", "42")
		s.say(`{"type":"recv","content":42}`)
		s.shows("Hi from my phone true 42")
	})
}

// If the server sends no recvs, an answer acknowledges the messages that were written on its connection.
func TestAnswersAcknowledgeWhereNothingElseDoes(t *testing.T) {
	withOdd(t, func(s *odd) {
		s.Send("a", "one")
		time.Sleep(time.Second)
		s.say(agent("2", "re: one"))
		s.shows("Hi one… re: one")
		time.Sleep(recvAfterAnswer)
		s.shows("Hi one re: one")
		s.Send("b", "two")
		s.Send("c", "three")
		s.say(agent("3", "re: both"))
		time.Sleep(recvAfterAnswer)
		s.shows("Hi one re: one two three re: both")
		time.Sleep(10 * time.Minute)
		if got := s.messages(); len(got) != 3 || s.dials() != 1 {
			t.Errorf("written %q on %d connections", got, s.dials())
		}
		s.Send("d", "four")
		synctest.Wait()
		s.drop() // an answer on another connection acknowledges nothing
		s.say(oddSession, agent("4", "news"))
		time.Sleep(1100 * time.Millisecond)
		s.shows("Hi one re: one two three re: both four… news")
		s.say(agent("5", "re: four"))
		time.Sleep(recvAfterAnswer - time.Second)
		s.shows("Hi one re: one two three re: both four… news re: four")
		time.Sleep(time.Second)
		s.shows("Hi one re: one two three re: both four news re: four")
	})
	// If the connection ends directly after the answer, the message is not acknowledged: the answer may be to a message
	// that was written on another connection.
	withOdd(t, func(s *odd) {
		s.Send("a", "one")
		s.say(agent("2", "news"))
		time.Sleep(recvAfterAnswer - time.Second)
		s.drop()
		s.say(oddSession)
		time.Sleep(1100 * time.Millisecond)
		if got := s.messages(); len(got) != 2 {
			t.Errorf("written %q", got)
		}
		s.shows("Hi one… news")
	})
	// A late recv after such an answer adds no message, and shows that the server sends recvs.
	withOdd(t, func(s *odd) {
		s.Send("a", "one")
		s.say(agent("2", "re: one"))
		time.Sleep(time.Minute)
		s.say(recv("3", "one"))
		s.shows("Hi one re: one")
		s.Send("b", "two")
		s.say(agent("4", "re: two"))
		s.shows("Hi one re: one two… re: two")
	})
}

// A slow server is not taken for a dead connection.
func TestSlowRecv(t *testing.T) {
	withOdd(t, func(s *odd) { // other frames show that the connection works
		s.Send("a", "one")
		for range 5 {
			time.Sleep(15 * time.Second)
			s.say(`{"type":"recv","content":{"stamp":"x"}}`)
		}
		s.say(recv("2", "one"))
		s.shows("Hi one")
		if s.dials() != 1 {
			t.Errorf("%d connections, want 1", s.dials())
		}
	})
	withOdd(t, func(s *odd) { // no frame arrives: the connection is replaced only once
		s.Send("a", "one")
		time.Sleep(19 * time.Second)
		if s.dials() != 1 {
			t.Error("replaced before 20 s without any frame")
		}
		for s.dials() < 2 {
			time.Sleep(time.Second)
		}
		s.say(oddSession)
		for i := range 4 {
			time.Sleep(26 * time.Second)
			s.say(recv("", s.messages()[len(s.messages())-1]))
			s.Send(fmt.Sprint(i), fmt.Sprint("m", i))
		}
		if s.dials() != 2 {
			t.Errorf("%d connections, want 2", s.dials())
		}
		s.shows("Hi one m0 m1 m2 m3…")
	})
}

// What arrives after a message was written is shown below it.
func TestAnswerBeforeRecv(t *testing.T) {
	withOdd(t, func(s *odd) {
		s.Send("a", "one")
		s.say(recv("2", "one"))
		s.Send("b", "two")
		s.Send("c", "three")
		s.say(agent("3", "re: two"))
		s.shows("Hi one two… three… re: two")
		s.say(recv("4", "two"), recv("5", "three"))
		s.shows("Hi one two three re: two")
		s.Send("d", "four")
		synctest.Wait()
		s.say(agent("6", "news"))
		s.shows("Hi one two three re: two four… news")
		// The message may have arrived or not: it keeps its place.
		s.drop()
		s.say(oddSession)
		time.Sleep(1100 * time.Millisecond)
		s.shows("Hi one two three re: two four… news")
		s.say(recv("7", "four"), agent("8", "re: four"))
		s.shows("Hi one two three re: two four news re: four")
		// A replay with messages of the visitor shows that the message was lost: it moves to where it is written again.
		s.Send("e", "five")
		synctest.Wait()
		s.say(agent("9", "more"))
		s.drop()
		s.say(oddSession, agent("1", "Hi"), recv("2", "one"), recv("4", "two"), recv("5", "three"), agent("3", "re: two"), recv("7", "four"), agent("6", "news"), agent("8", "re: four"), agent("9", "more"))
		time.Sleep(1100 * time.Millisecond)
		s.shows("Hi one two three re: two four news re: four more five…")
	})
	// The order of a replay is the server's order.
	for _, tt := range []struct{ replay, want string }{
		{"a:Hi v:one a:news v:two", "Hi one news two"},
		{"a:Hi v:one v:two a:news", "Hi one two news"},
		{"a:Hi v:one v:two a:news a:more", "Hi one two news more"},
	} {
		withOdd(t, func(s *odd) {
			s.Send("a", "one")
			s.say(recv("2", "one"))
			s.Send("b", "two")
			s.say(agent("3", "news"))
			s.drop()
			frames := []string{oddSession}
			for _, word := range strings.Fields(tt.replay) {
				if word[0] == 'v' {
					frames = append(frames, recv("new"+word, word[2:]))
				} else {
					frames = append(frames, agent("new"+word, word[2:]))
				}
			}
			s.say(frames...)
			time.Sleep(1100 * time.Millisecond)
			s.shows(tt.want)
		})
	}
}

// Some servers change the text of a message. The transcript keeps what the visitor typed.
func TestNormalizingServer(t *testing.T) {
	for typed, stored := range map[string]string{
		"Tom & Jerry <3":     "Tom &amp; Jerry &lt;3",
		`"it's"`:             "&quot;it&#39;s&quot;",
		"café ä":             "cafe\u0301 a\u0308",
		"cafe\u0301":         "caf&#233;",
		"한":                  "\u1112\u1161\u11ab",
		"two\nlines":         "two lines",
		"a  b":               "a\u00a0b",
		"R&D":                "R&amp;amp;D",
		"3 > 2 && 2 < 3 &;":  "3 &gt; 2 &#x26;&#38; 2 &lt; 3 &;",
		"something indecent": "***",
	} {
		for _, ids := range []string{"same", "new"} {
			withOdd(t, func(s *odd) {
				id := func(n string) string {
					if ids == "new" {
						return ids + n
					}
					return n
				}
				s.Send("a", typed)
				s.say(recv("2", stored), agent("3", "so"))
				want := "Hi " + typed + " so"
				s.shows(want)
				s.drop()
				s.say(oddSession, agent(id("1"), "Hi"), recv(id("2"), stored), agent(id("3"), "so"))
				time.Sleep(1100 * time.Millisecond)
				s.shows(want)
				if stored == "***" {
					return // the client cannot recognise this text
				}
				s.Send("b", typed) // its recv is lost
				s.drop()
				s.say(oddSession, agent(id("1"), "Hi"), recv(id("2"), stored), agent(id("3"), "so"), recv(id("4"), stored))
				time.Sleep(1100 * time.Millisecond)
				s.shows(want + " " + typed)
				if got := s.messages(); len(got) != 2 {
					t.Errorf("written %q", got)
				}
			})
		}
	}
}

func TestFirstHeartbeat(t *testing.T) {
	for _, wait := range []time.Duration{0, 4 * time.Second, 9900 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			s := &odd{rig: &rig{t: t, srv: protocoltest.NewPipe(protocoltest.Options{})}}
			defer s.srv.Close()
			s.change = func(o *Options) { o.Dialer = s }
			s.open(Conversation{})
			defer s.shut()
			s.Connect()
			synctest.Wait()
			time.Sleep(wait)
			s.say(oddSession, oddHi)
			time.Sleep(time.Minute)
			synctest.Wait()
			c := s.conns[0]
			c.mu.Lock()
			defer c.mu.Unlock()
			last := c.since
			// The first interval is 5 s shorter, because an early socket may have been open before.
			for i, at := range c.at {
				if gap := at.Sub(last); gap > HeartbeatEvery || i == 0 && gap > 10*time.Second {
					t.Errorf("session after %v: heartbeat %d came %v after what was before", wait, i, gap)
				}
				last = at
			}
			if len(c.at) < 4 {
				t.Errorf("%d heartbeats in a minute", len(c.at))
			}
		})
	}
}

func TestBlankContents(t *testing.T) {
	withOdd(t, func(s *odd) {
		before := len(s.of(Added))
		for _, text := range []string{``, ` `, `\n\t`, `\u00a0\u3000`, `\u200b`, `\ufeff\u2060`} {
			s.say(`{"type":"message","id":"x","content":"`+text+`"}`, `{"type":"recv","id":"y","content":"`+text+`"}`)
		}
		s.shows("Hi")
		s.drop()
		s.say(oddSession, `{"type":"message","content":" "}`, `{"type":"recv","content":""}`)
		time.Sleep(2 * time.Second)
		s.shows("Hi")
		if n := len(s.of(Added)) - before; n != 0 {
			t.Errorf("%d entries were added", n)
		}
	})
}

func TestByteOrderMark(t *testing.T) {
	withOdd(t, func(s *odd) {
		s.say("\ufeff"+agent("2", "one"), "\ufeff "+agent("3", "two"))
		s.shows("Hi one two")
	})
	if _, _, err := ParseInitResponse([]byte("\ufeff" + `{"flow_id":"` + testInstance + `","session":"` + string(testSession) + `"}`)); err != nil {
		t.Error(err)
	}
}

// Messages that wait for the lead data fail if it is refused, and the reason is reported.
func TestRefusedLeadFailsWhatWaits(t *testing.T) {
	for _, anonymous := range []bool{false, true} {
		for _, status := range []int{404, 503} {
			synctest.Test(t, func(t *testing.T) {
				r := &rig{t: t, srv: protocoltest.NewPipe(protocoltest.Options{Flow: quiet()})}
				defer r.srv.Close()
				r.change = func(o *Options) { o.Anonymous = anonymous }
				r.open(Conversation{})
				defer r.shut()
				r.srv.FailInits(5, protocoltest.Failure{Status: status})
				r.Identify(lead, 7)
				r.Send("a", "one")
				time.Sleep(2 * time.Minute)
				if anonymous {
					r.shows("one…")
					r.ConnectAnonymous()
					r.settle()
					r.shows("Hi one")
					return
				}
				r.shows("one!")
				r.Send("b", "two")
				r.Retry("a")
				r.shows("two! one!")
				if e := r.conv.Entries[0]; e.Reason != NoSession {
					t.Errorf("the reason is %q", e.Reason)
				}
				states := r.of(StateChanged)
				if last := states[len(states)-1]; last.State != GaveUp || last.Err == nil {
					t.Errorf("the last state is %q, because of %v", last.State, last.Err)
				}
				r.srv.FailInits(0, protocoltest.Failure{})
				r.Identify(lead, 7)
				r.settle()
				r.Retry("b")
				r.Retry("a")
				r.settle()
				r.shows("Hi two one")
			})
		}
	}
}

// posting is a Poster that gives the same answer to each call.
type posting Answer

func (p posting) Post(context.Context, string, []byte) (Answer, error) { return Answer(p), nil }

func TestFailedWith200(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &rig{t: t, srv: protocoltest.NewPipe(protocoltest.Options{})}
		defer r.srv.Close()
		r.change = func(o *Options) {
			o.Poster = posting{Status: 200, Body: []byte(`{"status":"failed","message":"flow is paused, John"}`)}
		}
		r.open(Conversation{})
		defer r.shut()
		r.Identify(lead, 7)
		r.settle()
		var err *SessionError
		if refused := r.of(Refused); len(refused) != 1 || !errors.As(refused[0].Err, &err) || err.Message != "flow is paused, …" {
			t.Errorf("refused: %+v", refused)
		}
	})
}

func TestRetryAfter(t *testing.T) {
	for header, want := range map[string]time.Duration{
		"": 0, "0": 0, "-5": 0, "7": 7 * time.Second, "119": 119 * time.Second, "121": maxRetryAfter, "31536000": maxRetryAfter,
		"9223372036": maxRetryAfter, "18446744074": maxRetryAfter, "99999999999999999999999": maxRetryAfter,
		"Wed, 21 Oct 2099 07:28:00 GMT": 0, "1.5": 0, " 7": 0,
	} {
		if got := parseRetryAfter(header); got != want {
			t.Errorf("Retry-After %q: %v, want %v", header, got, want)
		}
	}
}

// An error frame is reported to the site owner once. If no session frame follows, the client gives up.
func TestErrorFrames(t *testing.T) {
	withOdd(t, func(s *odd) { // during a conversation
		for range 3 {
			s.say(`{"type":"error","message":"quota exceeded"}`)
		}
		s.say(`{"status":"failed","message":"other"}`, `{"type":"error"}`)
		reported := s.of(Reported)
		if len(reported) != 3 || reported[0].Reason != CodeServer || reported[0].Err.Error() != "the server reports: quota exceeded" {
			t.Errorf("reported: %+v", reported)
		}
		for i := range 1000 {
			s.say(fmt.Sprintf(`{"type":"error","message":"%d"}`, i))
		}
		if n := len(s.of(Reported)); n > maxErrors {
			t.Errorf("%d errors of one connection were told", n)
		}
		time.Sleep(time.Minute)
		if got := s.states(); got != "connecting online" || s.dials() != 1 {
			t.Errorf("states %q on %d connections", got, s.dials())
		}
	})
	for _, closes := range []bool{false, true} { // in place of the session frame
		synctest.Test(t, func(t *testing.T) {
			s := &odd{rig: &rig{t: t, srv: protocoltest.NewPipe(protocoltest.Options{})}}
			defer s.srv.Close()
			s.change = func(o *Options) { o.Dialer = s }
			s.open(Conversation{})
			defer s.shut()
			s.Send("a", "one")
			from := time.Now()
			for time.Since(from) < 9*time.Second {
				s.say(`{"status":"failed","message":"unknown flow"}`)
				if closes {
					s.drop()
				}
				time.Sleep(time.Second)
			}
			if got := s.states(); strings.Contains(got, "failed") && time.Since(from) < errorTimeout {
				t.Errorf("given up after %v: %s", time.Since(from), got)
			}
			time.Sleep(10 * time.Second)
			s.shows("one!")
			last := s.of(StateChanged)
			if e := last[len(last)-1]; e.State != GaveUp || e.Err == nil || e.Err.Error() != "the server reports: unknown flow" {
				t.Errorf("the last state is %+v", e)
			}
			if n := len(s.of(Reported)); n == 0 || n > 2 {
				t.Errorf("%d reports", n)
			}
			n := s.dials()
			time.Sleep(10 * time.Minute)
			if s.dials() != n {
				t.Errorf("%d more connections were made", s.dials()-n)
			}
			s.Retry("a") // connects again
			time.Sleep(3 * time.Second)
			s.say(oddSession, oddHi)
			s.shows("Hi one…")
		})
	}
}

// The state has the reason why there is no connection. The session's id in it is masked.
func TestWhyThereIsNoConnection(t *testing.T) {
	withOdd(t, func(s *odd) {
		s.answers("no such host", "")
		s.conns[0].Close()
		time.Sleep(5 * time.Minute)
		var told []string
		for _, e := range s.of(StateChanged) {
			if e.Err != nil {
				told = append(told, string(e.State)+": "+strings.ReplaceAll(e.Err.Error(), s.srv.SocketURL(), ""))
			}
		}
		want := []string{"reconnecting: read: the server has closed",
			`reconnecting: connect: dial "/webchat/flow/` + testFlow + `/session/webchat-session.…7cc3/r/true": no such host`}
		if !slices.Equal(told, want) {
			t.Errorf("told %q, want %q", told, want)
		}
		if reported := s.of(Reported); len(reported) != 1 || reported[0].Reason != CodeConnection || !errors.Is(reported[0].Err, ErrUnreachable) {
			t.Errorf("reported %+v", reported)
		}
		s.answers("", oddSession)
		time.Sleep(2 * time.Minute)
		if !strings.HasSuffix(s.states(), "online") {
			t.Errorf("states %q", s.states())
		}
	})
}

// sleeps blocks the client's goroutine for d, as a device that sleeps does.
func (s *odd) sleeps(d time.Duration) {
	s.queue.put(func() { time.Sleep(d) })
	synctest.Wait()
	time.Sleep(d)
	synctest.Wait()
}

func TestSleepIsNoticed(t *testing.T) {
	withOdd(t, func(s *odd) {
		s.settle()
		s.sleeps(time.Minute)
		time.Sleep(3 * time.Second)
		if s.dials() != 2 {
			t.Fatalf("%d connections, want the one from before to be replaced", s.dials())
		}
		s.say(oddSession, agent("9", "what waited"))
		s.settle()
		s.shows("Hi what waited")
	})
	withOdd(t, func(s *odd) { // a hidden tab with timers that run once a minute is not taken for a sleep
		s.answers("", oddSession)
		s.Attention(false)
		s.settle()
		for range 20 {
			s.sleeps(time.Minute)
		}
		if n := s.dials(); n > 4 {
			t.Errorf("%d connections in 20 minutes of slow timers", n)
		}
	})
}

// A sleep does not count as time in which a message was not acknowledged.
func TestSleepDoesNotFail(t *testing.T) {
	withOdd(t, func(s *odd) {
		s.Send("a", "one")
		synctest.Wait()
		s.sleeps(20 * time.Minute)
		for s.dials() < 2 {
			time.Sleep(time.Second)
		}
		s.say(oddSession)
		time.Sleep(15 * time.Second)
		s.shows("Hi one…")
		s.sleeps(40 * time.Second) // short enough for the connection to be kept
		s.shows("Hi one…")
		s.say(recv("2", "one"))
		s.shows("Hi one")
	})
}

// A message that was written twice, and whose second connection has ended, fails 20 s after a later connection became
// live. If its recv arrives after all, it is sent.
func TestLostTwiceFailsSoon(t *testing.T) {
	withOdd(t, func(s *odd) {
		s.Send("a", "one")
		synctest.Wait()
		s.drop()
		s.say(oddSession)
		s.settle()
		s.drop()
		s.say(oddSession)
		time.Sleep(time.Second)
		time.Sleep(lostAfter - time.Second)
		s.shows("Hi one…")
		time.Sleep(2 * time.Second)
		s.shows("Hi one!")
		s.say(recv("2", "one"))
		s.shows("Hi one")
		if got := s.messages(); len(got) != 2 {
			t.Errorf("written %q", got)
		}
	})
	withOdd(t, func(s *odd) { // a message that failed on a working connection is written there again
		s.Send("a", "one")
		for range 13 {
			time.Sleep(10 * time.Second)
			s.say(`{"type":"recv","content":true}`)
		}
		s.shows("Hi one!")
		s.Retry("a")
		s.shows("Hi one…")
		if got := s.messages(); len(got) != 2 || s.dials() != 1 {
			t.Errorf("written %q on %d connections", got, s.dials())
		}
		s.say(recv("2", "one"))
		s.shows("Hi one")
	})
}

// The frames kept before the session frame and during a replay are limited in bytes.
func TestHeldFramesAreBounded(t *testing.T) {
	big := strings.Repeat("x", 100_000)
	withOdd(t, func(s *odd) {
		s.drop()
		for i := range 100 { // before the session frame
			s.say(agent(fmt.Sprint("e", i), big))
		}
		s.queue.put(func() {
			if n := s.main.heldBytes; n > maxHeld || n < maxHeld-200_000 {
				t.Errorf("%d bytes are kept", n)
			}
		})
		s.say(oddSession)
		for i := range 100 {
			s.say(agent(fmt.Sprint("r", i), fmt.Sprint(i, big)))
		}
		s.queue.put(func() {
			if n := s.main.heldBytes; n > maxHeld || n < maxHeld-200_000 {
				t.Errorf("%d bytes are kept", n)
			}
		})
		s.settle()
		if last := s.conv.Entries[len(s.conv.Entries)-1]; last.ID != "r99" || len(s.conv.Entries) > 50 {
			t.Errorf("%d entries, the last one is %s", len(s.conv.Entries), last.ID)
		}
	})
}

// A connection that lasts long does not keep every message that was written on it.
func TestWrittenMessagesAreBounded(t *testing.T) {
	withOdd(t, func(s *odd) {
		for i := range 100 {
			text := fmt.Sprint("m", i)
			s.Send(text, text)
			s.say(recv(text, text))
			time.Sleep(time.Second)
		}
		s.queue.put(func() {
			if n, most := len(s.main.written), int(repeatsWithin/time.Second)+1; n > most {
				t.Errorf("%d messages are kept, want %d at most", n, most)
			}
		})
		synctest.Wait()
	})
}
