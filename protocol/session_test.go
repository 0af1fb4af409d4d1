//go:build !js

package protocol

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"plurachat/protocol/protocoltest"
)

const lead = `{"phone":"+15551234567","first_name":"John","score":12345678901234567890.50,"tags":["a",{"b":null}]}`

func TestAppendInitRequest(t *testing.T) {
	got, err := AppendInitRequest(nil, lead, testFlow)
	want := `{"record":` + lead + `,"flow_id":"` + testFlow + `"}`
	if err != nil || string(got) != want || !json.Valid(got) {
		t.Errorf("got %s, %v\nwant %s", got, err, want)
	}
	for _, bad := range []string{``, `[]`, `"x"`, `{"a":1`, `{"a":NaN}`} {
		if _, err := AppendInitRequest(nil, bad, testFlow); !errors.Is(err, ErrMalformed) {
			t.Errorf("record %s: %v", bad, err)
		}
	}
}

func TestParseInitResponse(t *testing.T) {
	flow, session, err := ParseInitResponse([]byte(`{"flow_id":"` + testInstance + `","session":"` + string(testSession) + `","flow_port":8088,"wss_test_url":"wss.plura.ai"}`))
	if flow != testInstance || session != testSession || err != nil {
		t.Errorf("%s %s %v", flow, session, err)
	}
	for _, bad := range []string{``, `{}`, `{"flow_id":"x","session":"` + string(testSession) + `"}`, `{"flow_id":"` + testInstance + `","session":"../x"}`} {
		if _, _, err := ParseInitResponse([]byte(bad)); err == nil {
			t.Errorf("%s was believed", bad)
		}
	}
}

func TestIdentifyFirst(t *testing.T) {
	inBubble(t, protocoltest.Options{}, func(r *rig) {
		r.Identify(lead, 7)
		r.settle()
		r.shows("Hi John! How can I help you today?")
		inits := r.srv.Log(protocoltest.Init)
		if len(inits) != 1 || !strings.Contains(inits[0].Raw, `"score":12345678901234567890.50`) {
			t.Errorf("initialisations: %v", inits)
		}
		if r.conv.Digest != 7 || r.conv.Flow == testFlow || r.conv.Flow == "" {
			t.Errorf("digest %d, flow %s", r.conv.Digest, r.conv.Flow)
		}
		r.shut()
		r.open(r.conv.Clone())
		r.Identify(lead, 7) // the page was loaded again
		r.settle()
		r.shows("Hi John! How can I help you today?")
		if n := r.srv.Count(protocoltest.Init); n != 1 {
			t.Errorf("%d initialisations, want 1", n)
		}
		r.Identify(strings.Replace(lead, "John", "Ann", 1), 8)
		r.settle()
		r.shows("Hi John! How can I help you today? — Hi Ann! How can I help you today?")
	})
}

func TestIdentifyInTheMiddle(t *testing.T) {
	inBubble(t, protocoltest.Options{}, func(r *rig) {
		r.Connect()
		r.Send("a", "one")
		r.settle()
		anonymous := r.session()
		r.Identify(lead, 7)
		r.Send("b", "two")
		r.settle()
		r.Send("c", "three")
		r.settle()
		if r.session() == anonymous || !strings.Contains(texts(&r.conv), "You said: one") || !strings.Contains(texts(&r.conv), "— ") {
			t.Errorf("%s", texts(&r.conv))
		}
		if got := r.srv.Messages(r.session()); !slices.Contains(got, "three") {
			t.Errorf("the identified session got %q", got)
		}
		if r.srv.Live() != 1 {
			t.Errorf("%d connections", r.srv.Live())
		}
	})
}

func TestIdentifyErrors(t *testing.T) {
	for _, tt := range []struct {
		name  string
		n     int
		fail  protocoltest.Failure
		tries int
		ok    bool
		least time.Duration
	}{
		{"400", -1, protocoltest.Failure{Status: 400, Message: "bad phone +15551234567 (15551234567) of John"}, 1, false, 0},
		{"401", -1, protocoltest.Failure{Status: 401}, 1, false, 0},
		{"404", -1, protocoltest.Failure{Status: 404}, 1, false, 0},
		{"409", -1, protocoltest.Failure{Status: 409}, 1, false, 0},
		{"429 for ever", -1, protocoltest.Failure{Status: 429}, 5, false, 16 * time.Second},
		{"500 twice", 2, protocoltest.Failure{Status: 500}, 3, true, 4500 * time.Millisecond},
		{"retry after", 1, protocoltest.Failure{Status: 429, RetryAfter: "30"}, 2, true, 30 * time.Second},
	} {
		inBubble(t, protocoltest.Options{}, func(r *rig) {
			start := time.Now()
			r.srv.FailInits(tt.n, tt.fail)
			r.Identify(lead, 7)
			time.Sleep(2 * time.Minute)
			if n := r.srv.Count(protocoltest.Init); n != tt.tries {
				t.Errorf("%s: %d tries, want %d", tt.name, n, tt.tries)
			}
			refused := r.of(Refused)
			if tt.ok {
				begun := r.srv.Log(protocoltest.Open)
				if len(refused) != 0 || len(begun) != 1 || begun[0].Time.Sub(start) < tt.least {
					t.Errorf("%s: refused %v, begun %v", tt.name, refused, begun)
				}
				return
			}
			var err *SessionError
			if len(refused) != 1 || !errors.As(refused[0].Err, &err) || err.Status != tt.fail.Status || r.conv.Session != "" || r.srv.Dials() != 0 {
				t.Errorf("%s: refused %v, %d dials", tt.name, refused, r.srv.Dials())
			} else if tt.fail.Message != "" && err.Message != "bad phone … (…) of …" {
				t.Errorf("%s: want the server's words without lead data, got %q", tt.name, err.Message)
			}
			if !strings.HasSuffix(r.states(), "failed") {
				t.Errorf("%s: states %s", tt.name, r.states())
			}
			// Only a call that says so continues without the lead data. Identify without a record tries it again.
			r.Connect()
			r.StartNew()
			r.settle()
			if n := r.srv.Count(protocoltest.Init); r.srv.Dials() != 0 || n != tt.tries || !strings.HasSuffix(r.states(), "failed") {
				t.Errorf("%s: connect: %d dials, %d tries, states %s", tt.name, r.srv.Dials(), n, r.states())
			}
			r.Identify("", 0)
			time.Sleep(2 * time.Minute)
			if n := r.srv.Count(protocoltest.Init); r.srv.Dials() != 0 || n != 2*tt.tries || len(r.of(Refused)) != 2 {
				t.Errorf("%s: again: %d dials, %d tries", tt.name, r.srv.Dials(), n)
			}
			r.ConnectAnonymous()
			r.settle()
			r.shows("Hi! How can I help you today?")
		})
	}
}

func TestIdentifyWhileOneIsUnderWay(t *testing.T) {
	inBubble(t, protocoltest.Options{}, func(r *rig) {
		r.srv.FailInits(1, protocoltest.Failure{Status: 500})
		r.Identify(lead, 7)
		synctest.Wait()
		r.Identify(strings.Replace(lead, "John", "Ann", 1), 8)
		time.Sleep(time.Minute)
		r.shows("Hi Ann! How can I help you today?")
		if n := r.srv.Count(protocoltest.Init); n != 2 {
			t.Errorf("%d initialisations, want 2", n)
		}
	})
}

func TestAdopt(t *testing.T) {
	inBubble(t, protocoltest.Options{Flow: quiet(), Replay: protocoltest.ReplayAll}, func(r *rig) {
		body, _ := AppendInitRequest(nil, lead, testFlow)
		answer, err := HTTPPoster(r.srv.Client()).Post(context.Background(), r.srv.SessionURL(), body)
		if err != nil {
			t.Fatal(err)
		}
		flow, session, err := ParseInitResponse(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		r.Connect()
		r.Send("a", "one")
		r.settle()
		for range 2 {
			r.Adopt(flow, session)
			r.settle()
			r.shows("Hi one — Hi")
		}
		r.reload()
		r.Adopt(flow, session)
		r.settle()
		r.shows("Hi one — Hi")
	})
}

// crossing is a Poster whose first n calls fail with ErrCrossOrigin.
type crossing struct {
	Poster
	n     int // number of calls that fail
	tries int
}

func (c *crossing) Post(ctx context.Context, url string, body []byte) (Answer, error) {
	if c.tries++; c.tries <= c.n {
		return Answer{}, ErrCrossOrigin
	}
	return c.Poster.Post(ctx, url, body)
}

// After a first ErrCrossOrigin the client tries again, because a broken connection looks the same. A second one is
// final.
func TestIdentifyCrossOrigin(t *testing.T) {
	for n, want := range []string{"Hi John! How can I help you today?", "Hi John! How can I help you today?", ""} {
		inBubble(t, protocoltest.Options{}, func(r *rig) {
			poster := &crossing{n: n, Poster: r.o.Poster}
			r.o.Poster = poster // nothing has been posted yet
			r.Identify(lead, 7)
			time.Sleep(2 * time.Minute)
			r.shows(want)
			if refused := r.of(Refused); (len(refused) > 0) != (want == "") || len(refused) > 0 && !errors.Is(refused[0].Err, ErrCrossOrigin) {
				t.Errorf("%d forbidden: refused %v", n, refused)
			}
			if poster.tries != min(n+1, 2) {
				t.Errorf("%d forbidden: %d tries", n, poster.tries)
			}
		})
	}
}

// A redirect is not followed: the record would be sent to another server.
func TestIdentifyRedirected(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("a %s has come to where the redirect leads", r.Method)
	}))
	defer elsewhere.Close()
	server := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusPermanentRedirect))
	defer server.Close()
	_, err := HTTPPoster(nil).Post(t.Context(), server.URL, []byte(lead))
	if failed := (&SessionError{Err: err}); !errors.Is(err, ErrRedirected) || !failed.Final() {
		t.Errorf("the error is %v", err)
	}
}
