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
)

// chaos is one conversation of a visitor with two tabs through misfortunes drawn from a seed. What a test on
// the real clock adds to those of package protocol is the browser: its sockets, storage, locks and tabs.
type chaos struct {
	random *rand.Rand // the test's
	fate   *rand.Rand // the server's
	preset protocoltest.Preset
	replay protocoltest.Replay

	mu      sync.Mutex
	answers int // of the agent, so far
}

// answer gives each answer a number, and says which message it is to.
func (c *chaos) answer(x *protocoltest.Exchange) []protocoltest.Reply {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answers++
	return []protocoltest.Reply{{Text: fmt.Sprintf("a%d re: %s", c.answers, x.Text), Delay: 300 * time.Millisecond}}
}

// chaosLasts is how long there are misfortunes.
const chaosLasts = time.Minute

// misfortune decides what becomes of an event.
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

// TestChaos: for a minute the server drops, kicks, delays, refuses, restarts and goes half-open, while the
// visitor writes in two tabs and closes and reopens them. Afterwards everything has arrived, in order, and
// both tabs show each message once.
func TestChaos(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("the seed is %d", seed)
	c := &chaos{random: rand.New(rand.NewPCG(seed, 0)), fate: rand.New(rand.NewPCG(seed, 1))}
	presets := slices.DeleteFunc(protocoltest.Presets(), func(p protocoltest.Preset) bool {
		return p.Name == "one byte a second" // with which no conversation comes about
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
	s.allow("The assistant is busy.") // what a server that sends errors says, to the page's owner
	url := s.page("/", s.tag("data-open"))
	v := chromium.visitor(t)
	// A tab whose widget can be written in; the greeting may be long in coming.
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
		// Stored before it is shown: from here on nothing that happens to the tab may lose it.
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
	s.flow.DropAll() // half-open connections hold messages for good
	retried := c.deliver(open, len(want))

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
	// Where nothing is acknowledged, an answer to another message may be taken for it.
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
		c.checkAnswers(t, s, name, transcript, retried, o.Manners.AnswersFirst)
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

// deliver returns once n messages of the visitor are delivered in every tab. One whose two writes were both lost has
// failed after two minutes; the visitor tries it again. These are returned, in the order of their second chance.
func (c *chaos) deliver(open []*tab, n int) (retried []string) {
	const failed, late = `document.querySelector("plura-chat").shadowRoot.querySelector("[part~=message][data-state=failed]")`, 3 * time.Minute
	for _, b := range open {
		if !poll(late, func() bool {
			if text := eval[string](b, failed+`?.querySelector("[part~=bubble]").textContent ?? ""`); text != "" && !slices.Contains(retried, text) {
				eval[any](b, failed+`.querySelector("[data-do=retry]").click()`) // rows move while others fail too
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

// late is the order of messages of which some have had a second chance.
func late(want, retried []string) []string {
	return append(slices.DeleteFunc(slices.Clone(want), func(text string) bool { return slices.Contains(retried, text) }), retried...)
}

// order holds that messages arrived in the order in which they were written, and none again that a replay had told
// of. One that the visitor tried again arrives late; or both its writes arrived, and both times the recv was lost.
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

// oneSession holds that there was one conversation. A session in which nothing was said on its only connection is none:
// the client has never heard of it, for a misfortune came first, or it was a probe, which asks whether the server lets in
// anybody at all when it has refused the conversation several times.
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

// checkAnswers holds that a tab shows each answer once, in the order in which they were said, and below the message
// that it is to. Where each replay repeats everything, none is missing. (Of a server that answers first, a recv that
// comes behind an answer, right after a resume, may be a replay's, which would be the order.)
func (c *chaos) checkAnswers(t *testing.T, s *site, name string, transcript []message, retried []string, answersFirst bool) {
	t.Helper()
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
		if _, above := at[to]; !above && !answersFirst && !slices.Contains(retried, to) {
			t.Errorf("%s shows an answer to %s above it", name, to)
		}
		at[m.Text] = i
	}
	if c.replay != protocoltest.ReplayAll && c.replay != protocoltest.ReplayAllNewIDs {
		return
	}
	for _, session := range s.flow.Sessions() {
		for _, turn := range s.flow.History(session) {
			if _, shown := at[turn.Text]; !turn.Visitor && !shown && strings.HasPrefix(turn.Text, "a") {
				t.Errorf("%s lacks %q", name, turn.Text)
			}
		}
	}
}
