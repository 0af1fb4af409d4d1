package command

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/check"
)

// writer is a function as an [io.Writer].
type writer func(text string)

func (w writer) Write(p []byte) (int, error) { w(string(p)); return len(p), nil }

// checkArgs returns the arguments of a check of a server's flow.
func checkArgs(srv *protocoltest.Server, more ...string) []string {
	return append(
		[]string{"check", "-flow", demoFlow, "-socket-url", srv.SocketURL(), "-session-url", srv.SessionURL(), "-quick"},
		more...)
}

// TestCheckSaysWhatItSends checks that the command names the message before it connects, and that it ends when it is
// stopped, with what was found.
func TestCheckSaysWhatItSends(t *testing.T) {
	srv := protocoltest.NewServer(protocoltest.Options{})
	defer srv.Close()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var all strings.Builder
	err := run(ctx, checkArgs(srv, "-message", "Is this a test?"), writer(func(text string) {
		if all.Len() == 0 && (srv.Dials() > 0 || !strings.Contains(text, "Is this a test?")) {
			t.Errorf("%d connections, and the first text is %q", srv.Dials(), text)
		}
		if all.WriteString(text); strings.Contains(text, "first message") {
			stop()
		}
	}))
	if err == nil || !strings.Contains(all.String(), "right    chat owner") || !strings.Contains(all.String(), "stopped") {
		t.Errorf("%v:\n%s", err, &all)
	}
	if n := len(srv.Messages("")); n > 0 {
		t.Errorf("%d messages after the end", n)
	}
}

// TestCheckAsJSON checks the JSON and the result, of a server where nothing is wrong and of one that refuses connections.
func TestCheckAsJSON(t *testing.T) {
	for _, refuses := range []bool{false, true} {
		srv := protocoltest.NewServer(protocoltest.Options{})
		defer srv.Close()
		if refuses {
			srv.RefuseDials(-1, protocoltest.Failure{Status: 404})
		}
		var out strings.Builder
		err := run(t.Context(), checkArgs(srv, "-json"), &out)
		if (err != nil) != refuses {
			t.Errorf("refuses %t: %v", refuses, err)
		}
		var got struct {
			OK       bool
			Findings []check.Finding
		}
		if err := json.Unmarshal([]byte(out.String()), &got); err != nil || got.OK == refuses || len(got.Findings) < 3 {
			t.Errorf("refuses %t: %v, %+v", refuses, err, got)
		}
	}
}

// TestCheckWantsSomething checks that a check without a flow and a site, or with a bad one, is an error.
func TestCheckWantsSomething(t *testing.T) {
	for _, args := range [][]string{{}, {"-flow", "x"}, {"-site", "example.com"}, {"-flow", demoFlow, "-phone", "1"}} {
		if err := run(t.Context(), append([]string{"check"}, args...), &strings.Builder{}); err == nil {
			t.Errorf("%v is accepted", args)
		}
	}
}
