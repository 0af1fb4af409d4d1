package e2e

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/browser"
	"plurachat/web/e2e/suite"
)

// chaos is one conversation of a visitor with two tabs, with faults drawn from a seed. The tests of package protocol do
// the same without a browser. This one runs in real time and adds the browser's sockets, storage, locks and tabs.
type chaos struct {
	random *rand.Rand // draws what the visitor does
	fate   *rand.Rand // draws the server's faults
	preset protocoltest.Preset
	replay protocoltest.Replay

	mu      sync.Mutex
	answers int // number of the agent's answers so far
}

// answer numbers each answer and repeats the message that it answers.
func (c *chaos) answer(x *protocoltest.Exchange) []protocoltest.Reply {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answers++
	return []protocoltest.Reply{{Text: fmt.Sprintf("a%d re: %s", c.answers, x.Text), Delay: 300 * time.Millisecond}}
}

// chaosLasts is the time during which there are faults.
const chaosLasts = time.Minute

// misfortune decides which fault an event causes.
func (c *chaos) misfortune(e protocoltest.Event) protocoltest.Action {
	pick, at := c.fate.IntN(100), protocoltest.Moment(c.fate.IntN(int(protocoltest.After)+1))
	act := protocoltest.Action{At: at}
	switch e.Kind {
	case protocoltest.Dial:
		if pick < 10 {
			act.Do = protocoltest.Refuse
		}
	case protocoltest.Open, protocoltest.Answer:
		if pick < 5 {
			act.Do = protocoltest.Drop
		}
	case protocoltest.Message:
		act.Wait = time.Duration(c.fate.IntN(500)) * time.Millisecond
		switch {
		case pick < 8:
			act.Do = protocoltest.Drop
		case pick < 14:
			act.Do = protocoltest.Kick
		case pick < 15:
			act.Do = protocoltest.Swallow
		case pick < 16:
			act.Do = protocoltest.Mute
		}
	case protocoltest.Recv:
		if pick < 8 {
			act.Do = protocoltest.Drop
		}
	}
	return act
}

// TestChaos makes the server drop, kick, delay, refuse, restart and go half-open for a minute, while the visitor writes
// in two tabs and closes and reopens them. Afterwards every message must have arrived, in order, and both tabs must
// show each message once.
func TestChaos(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("the seed is %d", seed)
	c := &chaos{random: rand.New(rand.NewPCG(seed, 0)), fate: rand.New(rand.NewPCG(seed, 1))}
	presets := slices.DeleteFunc(protocoltest.Presets(), func(p protocoltest.Preset) bool {
		return p.Name == "one byte a second" // too slow for a conversation
	})
	c.preset = presets[c.random.IntN(len(presets))]
	o := protocoltest.Options{
		Replay: []protocoltest.Replay{protocoltest.ReplayNone, protocoltest.ReplayGreeting, protocoltest.ReplayAll, protocoltest.ReplayAllNewIDs}[c.random.IntN(4)],
		Fault:  c.misfortune,
		Flow:   protocoltest.Flow{Answer: c.answer},
	}
	c.preset.Set(&o)
	c.replay = o.Replay
	unacknowledged := o.Manners.Recv == protocoltest.RecvNever
	t.Logf("the server is %q, replay %v", c.preset.Name, c.replay)
	s := newSite(t, o)
	s.allow("The assistant is busy.")      // reported to the site owner if the server sends errors
	s.allow("connections in a row failed") // reported if faults have hit as many: with an outage, that happens
	url := s.page("/", s.tag("data-open"))
	v := chromium.visitor(t)
	// enter opens a tab and returns once the visitor can write. The greeting may arrive later.
	enter := func() *tab {
		b := v.open(url)
		b.wait(visible(part("panel")) + ` && ["connecting", "online", "reconnecting", "offline"].includes(PluraChat.state)`)
		return b
	}
	open := []*tab{enter(), enter()}

	var want, acts []string
	act := func(format string, args ...any) {
		acts = append(acts, time.Now().Format("04:05.000 ")+fmt.Sprintf(format, args...))
	}
	closed, outages := 0, 0
	for end := time.Now().Add(chaosLasts); time.Now().Before(end); {
		in := c.random.IntN(2)
		writing := open[in]
		text := fmt.Sprintf("m%d", len(want))
		writing.click(part("input"))
		writing.press(text + browser.Enter)
		// A message is stored before it is shown: from here on, nothing that happens to the tab may lose it.
		writing.wait(messages + fmt.Sprintf(`.some(m => m.text == %q)`, text))
		want = append(want, text)
		act("tab %d shows %s", in, text)
		switch pick := c.random.IntN(100); {
		case pick < 15:
			i := c.random.IntN(2)
			open[i].close()
			act("tab %d closed", i)
			open[i] = enter()
			act("tab %d opened", i)
			closed++
		case pick < 20:
			s.flow.Down(time.Duration(c.random.IntN(3000)) * time.Millisecond)
			outages++
		case pick < 25:
			s.flow.DropAll()
		}
		pause := time.Duration(c.random.IntN(1500)) * time.Millisecond
		eval[any](open[0], fmt.Sprintf(`new Promise(done => setTimeout(done, %d))`, pause.Milliseconds()))
	}

	s.flow.SetFault(nil)
	s.flow.DropAll() // half-open connections never deliver their messages
	retried := c.deliver(open, len(want))
	for name, b := range map[string]*tab{"one tab": open[0], "the other tab": open[1]} {
		c.showAnswers(t, s, name, b)
	}

	logged := s.flow.Messages("")
	first, doubled := []string{}, 0
	for i, text := range logged {
		if slices.Contains(logged[:i], text) {
			doubled++
		} else {
			first = append(first, text)
		}
	}
	c.oneSession(t, s)
	// If the server never sends a recv, an answer to another message may count as the acknowledgement.
	if len(first) != len(want) && !unacknowledged {
		t.Errorf("of %d messages the server got %d", len(want), len(first))
	}
	for name, b := range map[string]*tab{"one tab": open[0], "the other tab": open[1]} {
		var shown []string
		transcript := b.transcript()
		for _, m := range transcript {
			if m.From == "visitor" {
				shown = append(shown, m.Text)
			}
		}
		if !slices.Equal(shown, late(want, retried)) {
			t.Errorf("%s shows %v\nwant %v", name, shown, late(want, retried))
		}
		c.checkAnswers(t, s, name, transcript, retried, o.Manners)
	}
	t.Logf("%d messages by two tabs, one of them closed and reopened %d times, %d outages, replay %v, a server %q: %d connections dialled, %d faults; every message delivered and shown once in both tabs; %d sent twice, %d lost twice and tried again by the visitor",
		len(want), closed, outages, c.replay, c.preset.Name, s.flow.Dials(), s.flow.Count(protocoltest.Fault), doubled, len(retried))
	c.order(t, s, want, retried)
	if t.Failed() {
		for _, e := range s.flow.Log() {
			acts = append(acts, e.Time.Format("04:05.000 ")+e.String())
		}
		slices.Sort(acts)
		t.Log(strings.Join(acts, "\n"))
	}
}

// deliver returns once n messages of the visitor are delivered in every tab. A message of which both writes were lost
// fails after two minutes; deliver then clicks its button to try again. It returns the texts of these messages, in the
// order of the clicks.
func (c *chaos) deliver(open []*tab, n int) (retried []string) {
	const failed, late = `document.querySelector("plura-chat").shadowRoot.querySelector("[part~=message][data-state=failed]")`, 3 * time.Minute
	for _, b := range open {
		if !suite.Poll(late, func() bool {
			if text := eval[string](b, failed+`?.querySelector("[part~=bubble]").textContent ?? ""`); text != "" && !slices.Contains(retried, text) {
				eval[any](b, failed+`.querySelector("[data-do=retry]").click()`) // by script, because rows move when other messages fail
				b.wait(fmt.Sprintf(`%s.some(m => m.text == %q && m.state != "failed")`, messages, text))
				retried = append(retried, text)
			}
			return eval[bool](b, fmt.Sprintf(`(PluraChat.state == "reconnecting" && dispatchEvent(new Event("online")), %s.filter(m => m.from == "visitor" && m.state == "sent").length >= %d)`, messages, n))
		}) {
			b.t.Errorf("not delivered in %s: %v", late, b.transcript())
		}
	}
	return retried
}

// late returns the order in which the messages are shown if some were retried: those come last.
func late(want, retried []string) []string {
	return append(slices.DeleteFunc(slices.Clone(want), func(text string) bool { return slices.Contains(retried, text) }), retried...)
}

// order checks that messages arrived in the order in which they were written, and that no message was sent again after
// a replay had contained it. It ignores messages that the visitor tried again: such a message arrives late, or both of
// its writes arrived and both recv frames were lost.
func (c *chaos) order(t *testing.T, s *site, want, retried []string) {
	t.Helper()
	writes, at, opened := map[string]int{}, map[string]time.Time{}, map[int]time.Time{}
	last := -1
	for _, e := range s.flow.Log(protocoltest.Open, protocoltest.Message) {
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
		if i := slices.Index(want, e.Text); i > last {
			last = i
		} else {
			t.Errorf("%q arrived after %q", e.Text, want[last])
		}
	}
}

// oneSession checks that the conversation has one session. It ignores sessions with one connection and no message. The
// client does not know these, because the connection failed first, or it opened them as a probe: after the server has
// refused the conversation several times, a probe asks whether it accepts anybody.
func (c *chaos) oneSession(t *testing.T, s *site) {
	t.Helper()
	connections, talked := map[string]int{}, 0
	for _, e := range s.flow.Log(protocoltest.Open) {
		connections[e.Session]++
	}
	for _, session := range s.flow.Sessions() {
		if len(s.flow.Messages(session)) > 0 {
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
func (c *chaos) showAnswers(t *testing.T, s *site, name string, b *tab) {
	t.Helper()
	if c.replay != protocoltest.ReplayAll && c.replay != protocoltest.ReplayAllNewIDs {
		return
	}
	const late = 10 * time.Second
	var lacks []string
	if !suite.Poll(late, func() bool {
		var given []string
		for _, session := range s.flow.Sessions() {
			for _, turn := range s.flow.History(session) {
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
// recv that follows an answer right after a resume may belong to a replay, and then the answer's place above the message
// would be right. If a recv has no content, one for a message that was written on the connection before tells nothing:
// the message is still to be sent, and stands below its answer.
func (c *chaos) checkAnswers(t *testing.T, s *site, name string, transcript []message, retried []string, manners protocoltest.Manners) {
	t.Helper()
	writes := map[string]int{}
	for _, text := range s.flow.Messages("") {
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
		unknown := manners.AnswersFirst || manners.Recv == protocoltest.RecvNoContent && writes[to] > 1
		if _, above := at[to]; !above && !unknown && !slices.Contains(retried, to) {
			t.Errorf("%s shows an answer to %s above it", name, to)
		}
	}
}
