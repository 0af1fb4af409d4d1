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
)

// desk is a Poster whose answers a test chooses.
type desk struct {
	answer func(n int, ctx context.Context) (Answer, error)

	mu     sync.Mutex
	at     []time.Time
	urls   []string
	bodies []string
}

func (d *desk) Post(ctx context.Context, url string, body []byte) (Answer, error) {
	d.mu.Lock()
	n := len(d.at)
	d.at, d.urls, d.bodies = append(d.at, time.Now()), append(d.urls, url), append(d.bodies, string(body))
	d.mu.Unlock()
	return d.answer(n, ctx)
}

// tries returns when Post was called, in seconds after the first call.
func (d *desk) tries() string {
	synctest.Wait()
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []string
	for _, at := range d.at {
		all = append(all, fmt.Sprint(at.Sub(d.at[0]).Seconds()))
	}
	return strings.Join(all, " ")
}

func accepted() Answer {
	return Answer{Status: 200, Body: []byte(`{"flow_id":"` + testInstance + `","session":"` + string(testSession) + `"}`)}
}

// presents runs a test of a client that posts its lead data to a desk.
func presents(t *testing.T, c Conversation, answer func(n int, ctx context.Context) (Answer, error), f func(s *odd, d *desk)) {
	t.Helper()
	meets(t, c, always(oddSession), func(s *odd) {
		d := &desk{answer: answer}
		s.o.Poster = d // nothing has been posted yet
		f(s, d)
	})
}

// If the server is busy, the client tries again after 2, 4, 8 and 8 s, as Plura AI advises, or after the time in
// Retry-After. It tries five times at most. If the server refuses, the client does not try again. A call without an
// answer ends after 20 s.
func TestTriesToInitialise(t *testing.T) {
	for _, tt := range []struct {
		name, tries, why string
		answer           func(n int, ctx context.Context) (Answer, error)
	}{
		{"busy", "0 2 6 14 22", "session initialisation failed with status 503: come later", func(int, context.Context) (Answer, error) {
			return Answer{Status: 503, Body: []byte(`{"status":"failed","message":"come later"}`)}, nil
		}},
		{"rate limit", "0 7 14 21 28", "session initialisation failed with status 429", func(int, context.Context) (Answer, error) {
			return Answer{Status: 429, RetryAfter: "7"}, nil
		}},
		{"no", "0", "session initialisation failed with status 404", func(int, context.Context) (Answer, error) {
			return Answer{Status: 404, RetryAfter: "7"}, nil
		}},
		{"an answer that is none", "0", "session initialisation failed with status 200: flow_id: flow id is not a UUID", func(int, context.Context) (Answer, error) {
			return Answer{Status: 200, Body: []byte(`{}`)}, nil
		}},
		{"299 is a success", "0", "session initialisation failed with status 299: malformed JSON", func(int, context.Context) (Answer, error) {
			return Answer{Status: 299}, nil
		}},
		{"300 is none", "0", "session initialisation failed with status 300", func(int, context.Context) (Answer, error) {
			return Answer{Status: 300}, nil
		}},
		{"below 200 is none", "0", "session initialisation failed with status 199", func(int, context.Context) (Answer, error) {
			return Answer{Status: 199}, nil
		}},
		{"no answer", "0 22 46 74 102", "session initialisation failed: timed out", func(_ int, ctx context.Context) (Answer, error) {
			<-ctx.Done()
			return Answer{}, ctx.Err()
		}},
		{"forbidden, not forbidden, forbidden twice", "0 2 6 14", "session initialisation failed: " + ErrCrossOrigin.Error(), func(n int, _ context.Context) (Answer, error) {
			if n == 1 {
				return Answer{Status: 500}, nil
			}
			return Answer{}, ErrCrossOrigin
		}},
	} {
		presents(t, Conversation{}, tt.answer, func(s *odd, d *desk) {
			var traced []string
			s.o.Trace = func(direction, text string) { traced = append(traced, direction+" "+text) }
			s.Identify(lead, 7)
			s.Send("a", "one")
			time.Sleep(3 * time.Minute)
			if got := d.tries(); got != tt.tries {
				t.Errorf("%s: asked at %s, want %s", tt.name, got, tt.tries)
			}
			if refused := s.of(Refused); len(refused) != 1 || refused[0].Err.Error() != tt.why {
				t.Errorf("%s: refused: %v, want %s", tt.name, refused, tt.why)
			}
			s.shows("one!")
			if s.dials() != 0 || !strings.HasSuffix(s.states(), "failed") {
				t.Errorf("%s: %d connections; states %q", tt.name, s.dials(), s.states())
			}
			if d.urls[0] != s.srv.SessionURL() || d.bodies[0] != `{"record":`+lead+`,"flow_id":"`+testFlow+`"}` {
				t.Errorf("%s: posted %s to %s", tt.name, d.bodies[0], d.urls[0])
			}
			if len(traced) != 1+2*len(d.at) || traced[0] != "→ a record with phone, first_name, score, tags" || traced[1] != "→ session initialisation" || !strings.HasPrefix(traced[2], "← session initialisation ") || strings.Contains(strings.Join(traced, ""), "John") {
				t.Errorf("%s: traced %q", tt.name, traced)
			}
		})
	}
}

// Without a session URL in the options, lead data is posted to Plura AI.
func TestDefaultSessionURL(t *testing.T) {
	presents(t, Conversation{}, func(int, context.Context) (Answer, error) { return accepted(), nil }, func(s *odd, d *desk) {
		s.o.SessionURL = ""
		s.Identify(lead, 7)
		synctest.Wait()
		if !slices.Equal(d.urls, []string{"https://hooks.plura.ai/webchat/session"}) {
			t.Errorf("posted to %q", d.urls)
		}
		if want := "/webchat/flow/" + testInstance + "/session/" + string(testSession) + "/r/true"; s.dials() != 1 || !strings.HasSuffix(s.dialled()[0], want) {
			t.Errorf("dialled %q", s.dialled())
		}
	})
}

// slowly gives an answer after 10 s.
func slowly(answer Answer) func(int, context.Context) (Answer, error) {
	return func(_ int, ctx context.Context) (Answer, error) {
		select {
		case <-time.After(10 * time.Second):
			return answer, nil
		case <-ctx.Done():
			return Answer{}, ctx.Err()
		}
	}
}

// The client does not dial while the first session is being initialised, because that would begin an anonymous
// conversation. It posts a record again only if it has changed.
func TestConversationWhileInitialising(t *testing.T) {
	presents(t, Conversation{}, slowly(accepted()), func(s *odd, d *desk) {
		s.Identify(lead, 7)
		s.Send("a", "one")
		s.Connect()
		time.Sleep(9 * time.Second)
		if n := s.dials(); n != 0 {
			t.Errorf("%d connections before there is a session", n)
		}
		time.Sleep(2 * time.Second)
		if n := s.dials(); n != 1 {
			t.Errorf("%d connections", n)
		}
		if s.now().Digest != 7 || s.now().Flow != testInstance || s.now().Session != testSession {
			t.Errorf("the conversation is %+v", s.now())
		}
		s.Identify(lead, 7) // the page was loaded again
		s.settle()
		s.Identify(strings.Replace(lead, "John", "Ann", 1), 8)
		time.Sleep(20 * time.Second)
		if d.tries() != "0 13" || s.now().Digest != 8 {
			t.Errorf("posted at %s, digest %d", d.tries(), s.now().Digest)
		}
	})
}

// A conversation that has a session continues while lead data is posted, and also if the server refuses it.
func TestInitialisingInMidConversation(t *testing.T) {
	presents(t, stored(), slowly(Answer{Status: 404}), func(s *odd, d *desk) {
		s.Connect()
		s.settle()
		s.Identify(lead, 7)
		s.Send("a", "one")
		time.Sleep(15 * time.Second)
		s.shows("Hi one…")
		s.say(recv("2", "one"))
		s.shows("Hi one")
		if n := len(s.of(Refused)); n != 1 || s.dials() != 1 || !strings.HasSuffix(s.states(), "online") {
			t.Errorf("refused %d times; %d connections; states %q", n, s.dials(), s.states())
		}
	})
}

// An initialisation has no effect after a reset or after Close. Likewise one that waits for its next try.
func TestEndedInitialisation(t *testing.T) {
	for name, end := range map[string]func(s *odd){
		"reset": func(s *odd) { s.Reset() },
		"close": func(s *odd) { s.Close() },
	} {
		for _, answer := range []Answer{accepted(), {Status: 404}} {
			presents(t, Conversation{}, slowly(answer), func(s *odd, d *desk) {
				s.Identify(lead, 7)
				synctest.Wait()
				end(s)
				time.Sleep(time.Minute)
				if n := len(s.of(Refused, Switched)); n != 0 || s.dials() != 0 {
					t.Errorf("%s: something came of it: %v", name, s.of(Refused, Switched))
				}
				if d.tries() != "0" {
					t.Errorf("%s: asked at %s", name, d.tries())
				}
			})
		}
	}
	fails := func(int, context.Context) (Answer, error) { return Answer{Status: 500}, nil }
	presents(t, Conversation{}, fails, func(s *odd, d *desk) {
		s.Identify(lead, 7)
		synctest.Wait()
		s.Reset()
		time.Sleep(time.Minute)
		if n := len(s.of(Refused)); n != 0 || d.tries() != "0" {
			t.Errorf("refused %d times; asked at %s", n, d.tries())
		}
	})
}

// The client posts a record unless it is invalid, or the session was initialised with it.
func TestRecordsThatArePosted(t *testing.T) {
	// An invalid record is refused at once.
	presents(t, Conversation{}, nil, func(s *odd, d *desk) {
		s.Identify(`[]`, 7)
		synctest.Wait()
		if refused := s.of(Refused); len(refused) != 1 || !errors.Is(refused[0].Err, ErrMalformed) || d.tries() != "" {
			t.Errorf("refused %v", refused)
		}
	})
	// A digest without a session may be of a page whose initialisation failed: the record is posted.
	presents(t, Conversation{Digest: 7}, slowly(accepted()), func(s *odd, d *desk) {
		s.Identify(lead, 7)
		time.Sleep(time.Minute)
		if n := s.dials(); d.tries() != "0" || n != 1 {
			t.Errorf("asked at %q; %d connections", d.tries(), n)
		}
	})
	// A record that the session was initialised with is not posted again, but the client connects.
	c := stored()
	c.Digest = 7
	presents(t, c, nil, func(s *odd, d *desk) {
		s.Identify(lead, 7)
		synctest.Wait()
		if n := s.dials(); d.tries() != "" || n != 1 {
			t.Errorf("asked at %q; %d connections", d.tries(), n)
		}
	})
}

// Lead data is removed from the server's errors before they are reported to the site owner, also from errors on the
// connection, until the conversation is reset.
func TestServerErrorsAreScrubbed(t *testing.T) {
	presents(t, Conversation{}, func(int, context.Context) (Answer, error) { return accepted(), nil }, func(s *odd, _ *desk) {
		s.Identify(lead, 7)
		s.say(oddHi, `{"type":"error","message":"John is unknown"}`)
		s.Reset()
		s.Connect()
		s.settle() // a server is dialled at most every 2 s
		s.say(oddHi, `{"type":"error","message":"Johnson is unknown"}`)
		var told []string
		for _, e := range s.of(Reported) {
			told = append(told, e.Err.Error())
		}
		if want := []string{"the server reports: … is unknown", "the server reports: Johnson is unknown"}; !slices.Equal(told, want) {
			t.Errorf("told %q, want %q", told, want)
		}
	})
}

// A Client that continues a session without its lead data cannot remove it from the server's errors, and reports no text
// of theirs. A frame's type is such a text too.
func TestServerErrorsWithoutTheRecord(t *testing.T) {
	for digest, want := range map[uint32]string{
		7: "the server reports: …|unknown frame type|← 46 bytes: unknown frame type",
		0: `the server reports: John is unknown|unknown frame type "John"|← 46 bytes: unknown frame type "John"`,
	} {
		c := Conversation{Session: testSession, Flow: testInstance, Digest: digest}
		meets(t, c, always(oddSession), func(s *odd) {
			var traced string
			s.o.Trace = func(direction, text string) {
				if strings.Contains(text, "unknown") {
					traced = direction + " " + text
				}
			}
			s.Connect()
			s.say(`{"type":"error","message":"John is unknown"}`, `{"type":"John","content":"------------------"}`)
			told := ""
			for _, e := range append(s.of(Reported), s.of(Ignored)...) {
				told += e.Err.Error() + "|"
			}
			if told += traced; told != want {
				t.Errorf("digest %d: told %s, want %s", digest, told, want)
			}
		})
	}
}

func TestSessionErrorText(t *testing.T) {
	reason := errors.New("broken")
	for want, e := range map[string]*SessionError{
		"session initialisation failed":                              {},
		"session initialisation failed: broken":                      {Err: reason},
		"session initialisation failed with status 404":              {Status: 404},
		"session initialisation failed with status 404: gone":        {Status: 404, Message: "gone"},
		"session initialisation failed with status 1: gone: broken":  {Status: 1, Message: "gone", Err: reason},
		"session initialisation failed with status -1: gone: broken": {Status: -1, Message: "gone", Err: reason},
	} {
		if got := e.Error(); got != want || errors.Is(e, reason) != (e.Err != nil) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// An initialisation is tried again if there was no answer, after a rate limit, and after a fault of the server.
func TestFinalErrors(t *testing.T) {
	for status, final := range map[int]bool{0: false, 200: true, 400: true, 401: true, 404: true, 409: true, 428: true, 429: false, 430: true, 499: true, 500: false, 503: false} {
		if got := (&SessionError{Status: status}).Final(); got != final {
			t.Errorf("status %d: final: %v", status, got)
		}
	}
	for err, final := range map[error]bool{errTimeout: false, ErrCrossOrigin: true, ErrRedirected: true} {
		if got := (&SessionError{Err: fmt.Errorf("post: %w", err)}).Final(); got != final {
			t.Errorf("%v: final: %v", err, got)
		}
	}
}
