//go:build !js

package protocol

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"plurachat/protocol/protocoltest"
)

// meets runs a test of a client on which nothing was called yet, with a server that follows a script. Each random delay
// is half of its span, so that a test can give times to the millisecond.
func meets(t *testing.T, stored Conversation, script func(n int, resumes bool) string, f func(s *odd)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &odd{rig: &rig{t: t, srv: protocoltest.NewPipe(protocoltest.Options{}), rand: func() float64 { return 0.5 }}, script: script}
		defer s.srv.Close()
		s.change = func(o *Options) { o.Dialer = s }
		s.open(stored)
		defer s.shut()
		f(s)
	})
}

// stored returns a conversation as a page has it from an earlier visit.
func stored() Conversation {
	var c Conversation
	c.Apply(Event{Kind: SessionBegun, Session: testSession, Flow: testFlow})
	c.Apply(Event{Kind: Added, Entry: Entry{Key: "hi", ID: "1", Text: "Hi"}})
	return c
}

const otherSession = `{"type":"session","id":"s","session_id":"webchat-session.00000000-0000-4000-8000-000000000001"}`

// asked returns when each dial was, in seconds after the first, and whether it requested the stored session or a new
// one.
func (s *odd) asked() string {
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for i, url := range s.urls {
		what := "stored"
		if strings.Contains(url, "/session/null/") {
			what = "new"
		}
		all = append(all, fmt.Sprint(s.at[i].Sub(s.at[0]).Round(time.Millisecond).Seconds(), " ", what))
	}
	return strings.Join(all, ", ")
}

// reasons returns the errors of the states so far.
func (s *odd) reasons() (all []string) {
	for _, e := range s.of(StateChanged) {
		if e.Err != nil {
			all = append(all, e.Err.Error())
		}
	}
	return all
}

func always(what string) func(int, bool) string { return func(int, bool) string { return what } }

// A server that is down is dialled after half of 4, 8 and 16 s, then always after half of 30 s. If no visitor waits, or
// the browser says that it is offline, it is always half of 30 s, because otherwise all clients of the server
// would dial at once.
func TestDialsOfAServerThatIsDown(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		change     func(s *odd)
	}{
		{"somebody waits", "0 new, 2 new, 6 new, 14 new, 29 new, 44 new, 59 new", func(*odd) {}},
		{"nobody waits", "0 new, 15 new, 30 new, 45 new", func(s *odd) { s.Attention(false) }},
		{"without a network", "0 new, 15 new, 30 new, 45 new", func(s *odd) { s.Network(false) }},
		{"the network is back", "0 new, 15 new, 20 new, 28 new, 43 new, 58 new", func(s *odd) {
			s.Network(false)
			time.AfterFunc(20*time.Second, func() { s.Network(true) })
		}},
	} {
		meets(t, Conversation{}, always(refused), func(s *odd) {
			tt.change(s)
			s.Connect()
			time.Sleep(59 * time.Second)
			if got := s.asked(); got != tt.want {
				t.Errorf("%s: dialled at %s, want %s", tt.name, got, tt.want)
			}
		})
	}
}

// If the server accepts connections and closes them at once, the time between dials grows, as for a server that is
// down. After a connection that lasted more than 10 s, the time is short again.
func TestFlappingServer(t *testing.T) {
	for _, tt := range []struct {
		lives time.Duration
		waits []time.Duration
	}{
		{time.Second, []time.Duration{2, 4, 8, 15, 15}},
		{10 * time.Second, []time.Duration{2, 4, 8, 15, 15}},
		{10*time.Second + time.Millisecond, []time.Duration{2, 2, 2, 2, 2}},
	} {
		meets(t, Conversation{}, always(oddSession), func(s *odd) {
			s.Connect()
			for i, wait := range tt.waits {
				synctest.Wait()
				time.Sleep(tt.lives)
				s.conn(i).Close()
				time.Sleep(wait*time.Second - time.Millisecond)
				if n := s.dials(); n != i+1 {
					t.Fatalf("connections of %v: the next dial is sooner than after %v s", tt.lives, int(wait))
				}
				time.Sleep(time.Millisecond)
				if n := s.dials(); n != i+2 {
					t.Fatalf("connections of %v: no dial %v s after connection %d", tt.lives, int(wait), i)
				}
			}
		})
	}
}

// A socket that does not open is closed after 15 s: some networks drop packets silently, and the browser would wait for
// minutes. An open socket without a session frame is closed after 10 s. The reason is reported.
func TestDialsThatComeToNothing(t *testing.T) {
	for _, tt := range []struct {
		does, want, why string
		third           time.Duration // when the third dial has failed
	}{
		{hangs, "0 new, 17 new, 36 new", "connect: timed out", 51 * time.Second},
		{"", "0 new, 12 new, 26 new", "no session frame in time", 36 * time.Second},
	} {
		meets(t, Conversation{}, always(tt.does), func(s *odd) {
			s.Connect()
			from := time.Now()
			time.Sleep(tt.third - time.Millisecond)
			if got := s.asked(); got != tt.want {
				t.Errorf("dialled at %s, want %s", got, tt.want)
			}
			if got := s.reasons(); !slices.Equal(got, []string{tt.why}) {
				t.Errorf("told %q, want %q once", got, tt.why)
			}
			if n := len(s.of(Reported)); n != 0 {
				t.Errorf("%d reports to the owner after two failures", n)
			}
			time.Sleep(time.Until(from.Add(tt.third)))
			synctest.Wait()
			if reported := s.of(Reported); len(reported) != 1 || !errors.Is(reported[0].Err, ErrUnreachable) {
				t.Errorf("reported after three failures: %v", reported)
			}
			if got := s.states(); got != "connecting connecting" {
				t.Errorf("states %q", got)
			}
		})
	}
}

// A dial from before a device slept often hangs. Waking replaces it, but at most every 2 s.
func TestDialThatHangsAtWaking(t *testing.T) {
	for name, act := range map[string]func(s *odd){
		"wake": func(s *odd) { s.Wake() }, "connect": func(s *odd) { s.Connect() }, "online": func(s *odd) { s.Network(true) },
		"send": func(s *odd) { s.Send(s.o.NewKey(), "one") },
	} {
		meets(t, Conversation{}, func(n int, _ bool) string { return []string{hangs, oddSession}[min(n, 1)] }, func(s *odd) {
			s.Connect()
			synctest.Wait()
			time.Sleep(2*time.Second - time.Millisecond)
			act(s)
			if got := s.asked(); got != "0 new" {
				t.Errorf("%s: the dial that is under way was replaced too soon: %s", name, got)
			}
			time.Sleep(time.Millisecond)
			act(s)
			if got := s.asked(); got != "0 new, 2 new" {
				t.Errorf("%s: dialled at %s, want the second at once", name, got)
			}
			if got := s.states(); !strings.HasSuffix(got, "connecting online") {
				t.Errorf("%s: states %q", name, got)
			}
			time.Sleep(5 * time.Second)
			act(s)
			if got := s.dials(); got != 1 {
				t.Errorf("%s: a connection that works was replaced", name)
			}
		})
	}
	// An open socket that waits for its session frame is not replaced: it has its own deadline.
	meets(t, Conversation{}, always(""), func(s *odd) {
		s.Connect()
		synctest.Wait()
		time.Sleep(5 * time.Second)
		s.Wake()
		if got := s.asked(); got != "0 new" {
			t.Errorf("dialled at %s", got)
		}
	})
}

// Acts of the visitor dial at once, but at most every 2 s. They never postpone a planned dial.
func TestActsDialAtMostEvery2Seconds(t *testing.T) {
	meets(t, Conversation{}, always(refused), func(s *odd) {
		s.Connect()
		synctest.Wait()
		time.Sleep(7 * time.Second) // dials at 0, 2 and 6; the next is due at 14
		s.Connect()
		s.Connect()
		time.Sleep(3 * time.Second) // a dial at 8; the next is due at 23
		s.Wake()
		synctest.Wait()
		time.Sleep(time.Second)
		s.Wake()
		time.Sleep(3 * time.Second)
		if got, want := s.asked(), "0 new, 2 new, 6 new, 8 new, 10 new, 12 new"; got != want {
			t.Errorf("dialled at %s, want %s", got, want)
		}
	})
}

// Failures without a network do not count as refusals of the session and are not reported to the site owner.
func TestFailuresWhileOfflineAreNoRefusals(t *testing.T) {
	meets(t, stored(), always(refused), func(s *odd) {
		s.Network(false)
		s.Connect()
		synctest.Wait()
		time.Sleep(65 * time.Second)
		if got := s.asked(); got != "0 stored, 15 stored, 30 stored, 45 stored, 60 stored" {
			t.Errorf("offline, dialled at %s", got)
		}
		if n := len(s.of(Reported)); n != 0 || s.states() != "offline" {
			t.Errorf("%d reports to the owner; states %q", n, s.states())
		}
		s.Network(true)
		time.Sleep(50 * time.Second)
		if got, want := strings.Count(s.asked(), "stored"), 8; got != want || !strings.HasSuffix(s.asked(), "stored, 110 new") {
			t.Errorf("dialled at %s: want three times the stored session, then a new one", s.asked())
		}
		if n := len(s.of(Reported)); n != 1 {
			t.Errorf("%d reports to the owner", n)
		}
	})
}

// probed is a case of TestProbe: what a server does after three failures of the stored session, and what comes of it.
type probed struct {
	name      string
	asked     string // what is dialled after the probe, and when
	shows     string // the transcript; — is the divider of a new conversation
	script    func(n int, resumes bool) string
	meanwhile func(s *odd) // directly after the dial of the probe, if set
}

var probes = []probed{
	{name: "the session is refused", asked: "14 stored", shows: "Hi — Hello", script: refusesStored},
	{name: "it was an outage", asked: "14 stored", shows: "Hi Hello", script: refusesThree},
	{
		name:  "the probe is refused too",
		asked: "29 stored, 44 stored, 59 stored, 74 new", shows: "Hi", script: always(refused),
	},
	{
		name:  "the probe is not answered",
		asked: "39 stored, 54 stored, 69 stored", shows: "Hi", script: ignoresTheProbe,
	},
	{
		name:  "the probe is lost while the stored session is dialled",
		asked: "14 stored, 44 stored, 74 stored", shows: "Hi", script: hangsAfterTheProbe,
		meanwhile: func(s *odd) { s.conn(0).Close() },
	},
	{
		name:  "the network is lost while the stored session is dialled",
		asked: "14 stored, 44 stored, 74 stored", shows: "Hi", script: hangsAfterTheProbe,
		meanwhile: func(s *odd) { s.Network(false) },
	},
	{
		name:  "the stored session hangs beside the answered probe",
		asked: "14 stored", shows: "Hi —", script: hangsAfterTheProbe,
	},
	{
		name:  "the probe is answered after an error",
		asked: "14 stored", shows: "Hi —", script: hangsAfterAnError,
	},
	{
		name:  "the page is suspended in mid-probe",
		asked: "", shows: "Hi", script: ignoresTheProbe,
		meanwhile: func(s *odd) { s.Suspend() },
	},
}

// After three failures of the stored session, the client dials a new one, the probe, and then the stored one once more.
// Only if that fails while the probe is connected is the stored session given up.
func TestProbe(t *testing.T) {
	for _, tt := range probes {
		meets(t, stored(), tt.script, func(s *odd) {
			s.Connect()
			synctest.Wait()
			time.Sleep(14 * time.Second)
			if tt.meanwhile != nil {
				synctest.Wait()
				tt.meanwhile(s)
			}
			time.Sleep(64 * time.Second)
			want := "0 stored, 2 stored, 6 stored, 14 new"
			if tt.asked != "" {
				want += ", " + tt.asked
			}
			if got := s.asked(); got != want {
				t.Errorf("%s: dialled at %s, want %s", tt.name, got, want)
			}
			s.shows(tt.shows)
			open := 0
			for _, c := range s.all() {
				if !c.gone() {
					open++
				}
			}
			online := strings.HasSuffix(s.states(), "online")
			if online && open != 1 || !online && open != 0 {
				t.Errorf("%s: %d open connections; states %q", tt.name, open, s.states())
			}
			if same := s.session() == string(testSession); same == strings.Contains(tt.shows, "—") {
				t.Errorf("%s: the session is %s", tt.name, s.session())
			}
		})
	}
}

// refusesStored is a script: only a new session is accepted.
func refusesStored(_ int, resumes bool) string {
	if resumes {
		return refused
	}
	return otherSession + "\n" + agent("1", "Hello")
}

// refusesThree is a script: the first three dials are refused.
func refusesThree(n int, resumes bool) string {
	if n < 3 {
		return refused
	}
	if resumes {
		return oddSession + "\n" + agent("2", "Hello")
	}
	return otherSession + "\n" + agent("1", "Hello?")
}

// ignoresTheProbe is a script: the stored session is refused, and the probe is connected but not answered.
func ignoresTheProbe(_ int, resumes bool) string {
	if resumes {
		return refused
	}
	return ""
}

// hangsAfterTheProbe is a script: the probe is answered, and the stored session, which is dialled after it, hangs.
func hangsAfterTheProbe(n int, resumes bool) string {
	switch {
	case !resumes:
		return otherSession
	case n < 3:
		return refused
	}
	return hangs
}

// hangsAfterAnError is hangsAfterTheProbe, with an error before the answer of the probe.
func hangsAfterAnError(n int, resumes bool) string {
	if !resumes {
		return `{"type":"error","content":"busy"}` + "\n" + otherSession
	}
	return hangsAfterTheProbe(n, resumes)
}

// A dial of the stored session that the page or the visitor ends has not failed, so the session is kept.
func TestEndedDialIsNoRefusal(t *testing.T) {
	for name, act := range map[string]func(s *odd){
		"suspended": func(s *odd) { s.Suspend() },
		"opened":    func(s *odd) { s.Connect() },
	} {
		meets(t, stored(), hangsAfterTheProbe, func(s *odd) {
			s.Connect()
			time.Sleep(17 * time.Second) // the probe and the stored session were dialled 3 s ago
			act(s)
			synctest.Wait()
			if s.session() != string(testSession) {
				t.Errorf("%s: the session is %s", name, s.session())
			}
			if open := slices.ContainsFunc(s.all(), func(c *oddConn) bool { return !c.gone() }); open == (name == "suspended") {
				t.Errorf("%s: a connection is open: %v", name, open)
			}
		})
	}
}

// StartNew does not wait for a probe that is not answered.
func TestNewConversationInMidProbe(t *testing.T) {
	meets(t, stored(), ignoresTheProbe, func(s *odd) {
		s.Connect()
		synctest.Wait()
		time.Sleep(15 * time.Second)
		s.StartNew()
		if got, want := s.asked(), "0 stored, 2 stored, 6 stored, 14 new, 15 new"; got != want {
			t.Errorf("dialled at %s, want %s", got, want)
		}
	})
}

// The client dials the stored session with its flow. If no session or no flow is stored, it dials the site owner's
// flow. (The vendor's sample page stores no flow.)
func TestFlowThatIsDialled(t *testing.T) {
	for flow, c := range map[string]Conversation{
		testInstance + "/session/" + string(testSession): {Session: testSession, Flow: testInstance},
		testFlow + "/session/" + string(testSession):     {Session: testSession},
		testFlow + "/session/null":                       {Flow: testInstance},
	} {
		meets(t, c, nil, func(s *odd) {
			s.Connect()
			if urls := s.dialled(); len(urls) != 1 || !strings.HasSuffix(urls[0], "/webchat/flow/"+flow+"/r/true") {
				t.Errorf("dialled %q, want %s", urls, flow)
			}
		})
	}
}

// gone reports whether the client has closed the connection.
func (c *oddConn) gone() bool {
	select {
	case <-c.closed:
		return true
	default:
		return false
	}
}

// A suspended client does not dial when the network changes. Acts of the visitor and waking end the suspension.
func TestSuspensionEnds(t *testing.T) {
	for name, tt := range map[string]struct {
		act  func(s *odd)
		want int
	}{
		"online":   {func(s *odd) { s.Network(true) }, 1},
		"a tick":   {func(s *odd) { s.Tick() }, 1},
		"wake":     {func(s *odd) { s.Wake() }, 2},
		"connect":  {func(s *odd) { s.Connect() }, 2},
		"send":     {func(s *odd) { s.Send("a", "one") }, 2},
		"identify": {func(s *odd) { s.Identify(lead, 7) }, 2},
	} {
		withOdd(t, func(s *odd) {
			time.Sleep(time.Minute)
			s.Suspend()
			synctest.Wait()
			if !s.conn(0).gone() {
				t.Error("the socket is open while the page is suspended")
			}
			time.Sleep(time.Hour)
			tt.act(s)
			s.settle()
			if n := s.dials(); n != tt.want {
				t.Errorf("%s: %d connections, want %d", name, n, tt.want)
			}
			s.say(oddSession)
			if tt.want == 2 && !strings.HasSuffix(s.states(), "online") {
				t.Errorf("%s: states %q", name, s.states())
			}
		})
	}
	meets(t, stored(), always(refused), func(s *odd) { // also while a dial is planned
		s.Connect()
		synctest.Wait()
		s.Suspend()
		time.Sleep(time.Hour)
		if got := s.asked(); got != "0 stored" {
			t.Errorf("dialled at %s", got)
		}
	})
}
