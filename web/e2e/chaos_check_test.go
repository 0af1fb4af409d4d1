package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/suite"
)

// These are what TestChaos checks once the faults have ended.

// late returns the order in which the messages are shown if some were retried: those come last.
func late(want, retried []string) []string {
	first := slices.DeleteFunc(slices.Clone(want), func(text string) bool { return slices.Contains(retried, text) })
	return append(first, retried...)
}

// arrived checks that the server got every message, and returns how often it got one again.
func (c *chaos) arrived(t *testing.T) (doubled int) {
	t.Helper()
	got := map[string]bool{}
	for _, text := range c.site.flow.Messages("") {
		if got[text] {
			doubled++
		}
		got[text] = true
	}
	// If the server never sends a recv, an answer to another message may count as the acknowledgement.
	if len(got) != len(c.want) && c.manners.Recv != protocoltest.RecvNever {
		t.Errorf("of %d messages the server got %d", len(c.want), len(got))
	}
	return doubled
}

// checkMessages checks that a tab shows each message of the visitor once, in order.
func (c *chaos) checkMessages(t *testing.T, name string, transcript []message, retried []string) {
	t.Helper()
	var shown []string
	for _, m := range transcript {
		if m.From == "visitor" {
			shown = append(shown, m.Text)
		}
	}
	if want := late(c.want, retried); !slices.Equal(shown, want) {
		t.Errorf("%s shows %v\nwant %v", name, shown, want)
	}
}

// order checks that messages arrived in the order in which they were written, and that no message was sent again after
// a replay had contained it. It ignores messages that the visitor tried again: such a message arrives late, or both of
// its writes arrived and both recv frames were lost.
func (c *chaos) order(t *testing.T, retried []string) {
	t.Helper()
	writes, at, opened := map[string]int{}, map[string]time.Time{}, map[int]time.Time{}
	last := -1
	for _, e := range c.site.flow.Log(protocoltest.Open, protocoltest.Message) {
		if e.Kind == protocoltest.Open {
			opened[e.Conn] = e.Time
			continue
		}
		if slices.Contains(retried, e.Text) {
			continue
		}
		if writes[e.Text]++; writes[e.Text] > 1 {
			all := c.replay == protocoltest.ReplayAll || c.replay == protocoltest.ReplayAllNewIDs
			if all && c.preset.Name != "never acknowledges" && at[e.Text].Before(opened[e.Conn]) {
				t.Errorf("%q was sent again on connection %d, whose replay told that it had arrived", e.Text, e.Conn)
			}
			continue
		}
		at[e.Text] = e.Time
		if i := slices.Index(c.want, e.Text); i > last {
			last = i
		} else {
			t.Errorf("%q arrived after %q", e.Text, c.want[last])
		}
	}
}

// oneSession checks that the conversation has one session. It ignores sessions with one connection and no message. The
// client does not know these, because the connection failed first, or it opened them as a probe: after the server has
// refused the conversation several times, a probe asks whether it accepts anybody.
func (c *chaos) oneSession(t *testing.T) {
	t.Helper()
	connections, talked := map[string]int{}, 0
	for _, e := range c.site.flow.Log(protocoltest.Open) {
		connections[e.Session]++
	}
	for _, session := range c.site.flow.Sessions() {
		if len(c.site.flow.Messages(session)) > 0 {
			talked++
		} else if n := connections[session]; n > 1 {
			t.Errorf("%d connections were made to a session in which nothing was said", n)
		}
	}
	if talked != 1 {
		t.Errorf("the conversation has fallen apart into %d sessions", talked)
	}
}

// showAnswers returns once a tab shows every answer that the agent has given so far. Only a server whose replay repeats
// the whole conversation makes up for the answers that were lost with a connection.
func (c *chaos) showAnswers(t *testing.T, name string, b *tab) {
	t.Helper()
	if c.replay != protocoltest.ReplayAll && c.replay != protocoltest.ReplayAllNewIDs {
		return
	}
	const late = 10 * time.Second
	var lacks []string
	if !suite.Poll(late, func() bool {
		var given []string
		for _, session := range c.site.flow.Sessions() {
			for _, turn := range c.site.flow.History(session) {
				if !turn.Visitor && strings.HasPrefix(turn.Text, "a") {
					given = append(given, turn.Text)
				}
			}
		}
		for _, m := range b.transcript() {
			given = slices.DeleteFunc(given, func(text string) bool { return text == m.Text })
		}
		lacks = given
		return len(lacks) == 0
	}) {
		t.Errorf("after %s %s lacks %q", late, name, lacks)
	}
}

// checkAnswers checks that a tab shows each answer once, in the order in which the agent gave them, and below the
// message that it answers. It does not check the place below the message in two cases. If the server answers first, a
// recv that follows an answer right after a resume may belong to a replay, and then the answer's place above the
// message would be right. If a recv has no content, one for a message that was written on the connection before tells
// nothing: the message is still to be sent, and stands below its answer.
func (c *chaos) checkAnswers(t *testing.T, name string, transcript []message, retried []string) {
	t.Helper()
	writes := map[string]int{}
	for _, text := range c.site.flow.Messages("") {
		writes[text]++
	}
	last, at := 0, map[string]int{}
	for i, m := range transcript {
		if m.From == "visitor" {
			at[m.Text] = i
			continue
		}
		var n int
		var to string
		if _, err := fmt.Sscanf(m.Text, "a%d re: %s", &n, &to); err != nil {
			continue // the greeting
		}
		if n <= last {
			t.Errorf("%s shows answer %d behind answer %d", name, n, last)
		}
		last = n
		unknown := c.manners.AnswersFirst || c.manners.Recv == protocoltest.RecvNoContent && writes[to] > 1
		if _, above := at[to]; !above && !unknown && !slices.Contains(retried, to) {
			t.Errorf("%s shows an answer to %s above it", name, to)
		}
	}
}
