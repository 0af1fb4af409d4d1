package check

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"plurachat/protocol/protocoltest"
)

const testFlow = "87f66d6d-dba9-4a44-9274-02c6927a083a"

// talk checks a flow of a server in virtual time.
func talk(t *testing.T, options protocoltest.Options, change func(*protocoltest.Server, *FlowOptions)) (r Report) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		srv := protocoltest.NewPipe(options)
		defer srv.Close()
		o := FlowOptions{
			Flow:       testFlow,
			SocketURL:  "ws://localhost",
			SessionURL: "http://localhost/webchat/session",
			Origin:     "https://www.example.com",
		}
		if change != nil {
			change(srv, &o)
		}
		c := Checker{Client: clientOf(srv)}
		var err error
		if r, err = c.Flow(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		if v := srv.Violations(); len(v) > 0 && options.HeartbeatTimeout == 0 {
			t.Errorf("the check broke the protocol: %v", v)
		}
		if n := len(srv.Messages("")); n > 1 {
			t.Errorf("the check sent %d messages", n)
		}
		if n := len(srv.Sessions()); n > 1 && o.Phone == "" && !strings.Contains(t.Name(), "forgets") {
			t.Errorf("the check started %d conversations", n)
		}
	})
	return r
}

// clientOf returns a client that reaches a server in memory as localhost.
func clientOf(srv *protocoltest.Server) *http.Client {
	host := strings.TrimPrefix(srv.SocketURL(), "ws://")
	return &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
		r = r.Clone(r.Context())
		r.URL.Host = host
		return srv.Client().Transport.RoundTrip(r)
	})}
}

// unlike returns the steps of a report whose verdict is not right, each with its verdict, such as "typing odd".
func unlike(r Report) []string {
	var list []string
	for _, f := range r.Findings {
		if f.Verdict != Right {
			list = append(list, f.Step+" "+string(f.Verdict))
		}
	}
	return list
}

// anonymous is what a check without a phone number leaves out.
const anonymous = stepInitialise + " skipped"

// sameSteps compares what is not right in a report to a list, beside what is always skipped.
func sameSteps(t *testing.T, r Report, want ...string) {
	t.Helper()
	got := slices.DeleteFunc(unlike(r), func(s string) bool { return s == anonymous })
	if !slices.Equal(got, want) {
		t.Errorf("not right are %q, want %q", got, want)
		for _, f := range r.Findings {
			t.Logf("%+v", f)
		}
	}
}

// TestFlowAgainstPresets checks what is not right in each preset.
func TestFlowAgainstPresets(t *testing.T) {
	want := map[string][]string{
		"by the book":                nil,
		"numbers from one":           {stepIDs + " odd"},
		"normalises":                 {stepRecv + " odd"},
		"stores escapes":             {stepRecv + " odd"},
		"answers first":              {stepRecv + " odd"},
		"never acknowledges":         {stepRecv + " odd"},
		"acknowledges everything":    {stepTyping + " odd"},
		"recv without content":       {stepRecv + " odd", stepFrames + " odd"},
		"doubles recv":               {stepRecv + " odd"},
		"slow recv":                  {stepRecv + " odd"},
		"terse resume":               nil, // allowed; the observed text has it
		"greets again":               {stepReplay + " odd"},
		"whole history with new ids": {stepReplay + " odd"},
		"blank":                      {stepFrames + " odd"},
		"errors":                     {stepFrames + " odd"},
		"byte order mark":            {stepFrames + " odd"},
		"deflate":                    nil, // browsers offer it
		"fragments":                  nil, // the WebSocket protocol allows it
		"one byte a second":          {stepSession + " wrong", stepFrames + " skipped"},
		"idle close 10 s":            {stepHeartbeat + " wrong"},
		"close code N":               {stepHeartbeat + " wrong"},
		"strict heartbeat":           nil,
	}
	for _, p := range protocoltest.Presets() {
		t.Run(p.Name, func(t *testing.T) {
			steps, known := want[p.Name]
			if !known {
				t.Error("the table has no line for this preset")
			}
			var o protocoltest.Options
			p.Set(&o)
			r := talk(t, o, nil)
			sameSteps(t, r, steps...)
			if f, _ := r.Find(stepReplay); p.Name == "terse resume" && f.Observed != "the chat owner" {
				t.Errorf("again was sent: %s", f.Observed)
			}
			if f, _ := r.Find(stepSession); p.Name == "one byte a second" && !strings.Contains(f.Observed, "gave up after 10 s") {
				t.Errorf("the session: %s", f.Observed)
			}
			if f, _ := r.Find(stepSocket); p.Name == "deflate" && !strings.HasSuffix(f.Observed, "compressed") {
				t.Errorf("the connection: %s", f.Observed)
			}
		})
	}
}

// TestFlowWithForgottenSession checks the line about the session if the server does not know it any more.
func TestFlowWithForgottenSession(t *testing.T) {
	for name, unknown := range map[string]protocoltest.Unknown{
		"forgets and begins anew": protocoltest.UnknownNew,
		"forgets and refuses":     protocoltest.UnknownRefuse,
		"forgets and closes":      protocoltest.UnknownClose,
	} {
		t.Run(name, func(t *testing.T) {
			r := talk(t, protocoltest.Options{Unknown: unknown}, func(srv *protocoltest.Server, o *FlowOptions) {
				srv.SetFault(func(e protocoltest.Event) protocoltest.Action {
					if e.Kind == protocoltest.Typing {
						srv.ForgetAll()
					}
					return protocoltest.Action{}
				})
			})
			sameSteps(t, r, stepResume+" wrong")
		})
	}
}

// TestFlowWithPhone checks session initialisation, and that no text of the report has the phone number or an id.
func TestFlowWithPhone(t *testing.T) {
	const phone = "+15551234567"
	refuse := func(status int) protocoltest.Options {
		return protocoltest.Options{Fault: func(e protocoltest.Event) protocoltest.Action {
			if e.Kind == protocoltest.Init {
				return protocoltest.Action{
					Do:     protocoltest.Refuse,
					Status: status,
					Reason: "not 15551234567, " + phone + " or webchat-session." + testFlow,
				}
			}
			return protocoltest.Action{}
		}}
	}
	none := []string{stepInitialise + " wrong", stepSocket + " skipped"}
	for name, c := range map[string]struct {
		o    protocoltest.Options
		want []string
	}{
		"by the book": {protocoltest.Options{}, nil},
		"no CORS":     {protocoltest.Options{NoCORS: true}, []string{stepPreflight + " wrong", stepReadable + " wrong"}},
		"malformed":   {refuse(400), none},
		"forbidden":   {refuse(401), none},
		"unknown":     {refuse(404), none},
		"conflict":    {refuse(409), none},
		"limited":     {refuse(429), none},
		"broken":      {refuse(500), none},
		"moved":       {refuse(302), none},
		"hangs": {protocoltest.Options{Fault: func(e protocoltest.Event) protocoltest.Action {
			return protocoltest.Action{Do: map[protocoltest.Kind]protocoltest.Do{protocoltest.Init: protocoltest.Hang}[e.Kind]}
		}}, none},
	} {
		t.Run(name, func(t *testing.T) {
			r := talk(t, c.o, func(_ *protocoltest.Server, o *FlowOptions) { o.Phone = phone })
			sameSteps(t, r, c.want...)
			var text strings.Builder
			if err := r.WriteJSON(&text); err != nil {
				t.Fatal(err)
			}
			for _, secret := range []string{"5551234567", testFlow, DefaultMessage[:20]} {
				if strings.Contains(text.String(), secret) {
					t.Errorf("the report has %q: %s", secret, &text)
				}
			}
		})
	}
}

// TestFlowIsStopped checks that a check which is stopped ends at once, and has what was found so far.
func TestFlowIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := protocoltest.NewPipe(protocoltest.Options{})
		defer srv.Close()
		ctx, stop := context.WithCancel(t.Context())
		c := Checker{Client: clientOf(srv), Heard: func(f Finding) {
			if f.Step == stepTyping {
				time.AfterFunc(time.Second, stop)
			}
		}}
		begun := time.Now()
		r, err := c.Flow(
			ctx,
			FlowOptions{Flow: testFlow, SocketURL: "ws://localhost", SessionURL: "http://localhost/webchat/session"},
		)
		if took := time.Since(begun); err != nil || took > heartbeatTime/2 {
			t.Errorf("%v after %v", err, took)
		}
		if _, ok := r.Find(stepTyping); !ok || r.Failed() {
			t.Errorf("found: %+v", r.Findings)
		}
		if _, ok := r.Find(stepHeartbeat); ok {
			t.Errorf("found after the end: %+v", r.Findings)
		}
	})
}

// TestFlowOptionsAreChecked checks that nothing is sent with options that are wrong.
func TestFlowOptionsAreChecked(t *testing.T) {
	nobody := &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
		t.Errorf("requested %s", r.URL)
		return nil, http.ErrServerClosed
	})}
	for _, o := range []FlowOptions{
		{},
		{Flow: "x"},
		{Flow: testFlow, Origin: "www.example.com"},
		{Flow: testFlow, Phone: "0555"},
		{Flow: testFlow, SocketURL: "ws://example.com"},
		{Flow: testFlow, SessionURL: "ftp://example.com"},
	} {
		if _, err := (&Checker{Client: nobody}).Flow(t.Context(), o); err == nil {
			t.Errorf("%+v is accepted", o)
		}
	}
}

// transport is a function as an [http.RoundTripper].
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
