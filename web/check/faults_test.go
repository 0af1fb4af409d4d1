package check

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	. "plurachat/protocol/protocoltest"
)

// TestFlowAgainstFaults checks what is not right after each fault, and that close codes are reported. What a second
// connection finds is left out, because the fault occurs there too.
func TestFlowAgainstFaults(t *testing.T) {
	noSession := []string{stepSession + " wrong", stepFrames + " skipped"}
	noConnection := []string{stepSocket + " wrong", stepFrames + " skipped"}
	noMessage := []string{
		stepRecv + " wrong", stepAnswer + " wrong", stepTyping + " skipped", stepHeartbeat + " skipped",
	}
	for _, c := range []struct {
		name string
		on   Kind
		act  Action
		want []string
	}{
		{"refused", Dial, Action{Do: Refuse, Status: 404}, noConnection},
		{"dropped dial", Dial, Action{Do: Drop}, noConnection},
		{"hanging dial", Dial, Action{Do: Hang}, noConnection},
		{"dropped at once", Open, Action{Do: Drop}, noSession},
		{"kicked at once", Open, Action{Do: Kick, Code: 1011}, noSession},
		{"cut in a frame", Open, Action{Do: Drop, At: MidFrame}, noSession},
		{"swallowed", Open, Action{Do: Swallow}, noSession},
		{"muted", Open, Action{Do: Mute}, noSession},
		{"no recv", Message, Action{Do: Skip}, []string{stepRecv + " odd"}},
		{"recv not sent", Recv, Action{Do: Skip}, []string{stepRecv + " odd"}},
		{"dropped message", Message, Action{Do: Drop}, noMessage},
		{"kicked at the message", Message, Action{Do: Kick, At: Logged}, noMessage},
		{"no answer", Answer, Action{Do: Skip}, []string{stepAnswer + " odd"}},
		{"dropped typing", Typing, Action{Do: Drop}, []string{stepTyping + " wrong", stepHeartbeat + " skipped"}},
		{"kicked heartbeat", Heartbeat, Action{Do: Kick, Code: 4000}, []string{stepHeartbeat + " wrong"}},
		{"swallowed heartbeat", Heartbeat, Action{Do: Swallow}, []string{stepHeartbeat + " wrong"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := talk(t, Options{Replay: ReplayAll, Fault: func(e Event) Action {
				if e.Kind == c.on {
					return c.act
				}
				return Action{}
			}}, nil)
			code := fmt.Sprintf("code %d ", c.act.Code)
			has := func(f Finding) bool { return strings.Contains(f.Observed, code) }
			if c.act.Code != 0 && !slices.ContainsFunc(r.Findings, has) {
				t.Errorf("no line has the close code: %v", r.Findings)
			}
			again := func(f Finding) bool { return f.Step == stepResume || f.Step == stepReplay }
			sameSteps(t, Report{slices.DeleteFunc(r.Findings, again)}, c.want...)
		})
	}
}

// TestFlowAgainstAllFaults checks that a check ends after every fault at every moment, and that not all is right then.
func TestFlowAgainstAllFaults(t *testing.T) {
	once := func(t *testing.T, on Kind, act Action) {
		hit := false
		r := talk(t, Options{Fault: func(e Event) Action {
			if e.Kind != on || hit {
				return Action{}
			}
			hit = true
			return act
		}}, nil)
		found := slices.DeleteFunc(unlike(r), func(s string) bool { return s == anonymous })
		if !hit || len(found) == 0 {
			t.Errorf("the fault occurred: %t; found: %+v", hit, r.Findings)
		}
	}
	for _, on := range []Kind{Dial, Open, Message, Recv, Answer, Typing, Heartbeat} {
		for do := Drop; do <= Skip; do++ {
			if do == Skip && !slices.Contains([]Kind{Message, Recv, Answer}, on) {
				continue // there is nothing to skip
			}
			for at := Before; at <= After; at++ {
				act := Action{Do: do, At: at}
				t.Run(fmt.Sprint(on, " ", do, " ", at), func(t *testing.T) { once(t, on, act) })
			}
		}
	}
}
