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

	preset  protocoltest.Preset
	replay  protocoltest.Replay
	manners protocoltest.Manners
	site    *site

	visitor *visitor
	url     string
	tabs    [2]*tab  // the tabs that are open
	want    []string // the messages that the visitor has written
	acts    []string // what the visitor did, each with the time
	closed  int      // number of tabs that were closed
	outages int

	mu      sync.Mutex
	answers int // number of the agent's answers so far
}

// newChaos draws a server from the seed, and opens two tabs.
func newChaos(t *testing.T, seed uint64) *chaos {
	t.Helper()
	c := &chaos{random: rand.New(rand.NewPCG(seed, 0)), fate: rand.New(rand.NewPCG(seed, 1))}
	presets := slices.DeleteFunc(protocoltest.Presets(), func(p protocoltest.Preset) bool {
		return p.Name == "one byte a second" // too slow for a conversation
	})
	c.preset = presets[c.random.IntN(len(presets))]
	replays := []protocoltest.Replay{
		protocoltest.ReplayNone, protocoltest.ReplayGreeting, protocoltest.ReplayAll, protocoltest.ReplayAllNewIDs,
	}
	o := protocoltest.Options{
		Replay: replays[c.random.IntN(len(replays))],
		Fault:  c.misfortune,
		Flow:   protocoltest.Flow{Answer: c.answer},
	}
	c.preset.Set(&o)
	c.replay, c.manners = o.Replay, o.Manners
	t.Logf("the server is %q, replay %v", c.preset.Name, c.replay)
	c.site = newSite(t, o)
	c.site.allow("The assistant is busy.")      // reported to the site owner if the server sends errors
	c.site.allow("connections in a row failed") // reported if faults have hit as many: with an outage, that happens
	c.url = c.site.page("/", c.site.tag("data-open"))
	c.visitor = chromium.visitor(t)
	c.tabs = [2]*tab{c.enter(), c.enter()}
	return c
}

// enter opens a tab and returns once the visitor can write. The greeting may arrive later.
func (c *chaos) enter() *tab {
	c.visitor.t.Helper()
	b := c.visitor.open(c.url)
	b.wait(visible(part("panel")) + ` && ["connecting", "online", "reconnecting", "offline"].includes(PluraChat.state)`)
	return b
}

// named returns the open tabs by the names that errors give to them.
func (c *chaos) named() map[string]*tab {
	return map[string]*tab{"one tab": c.tabs[0], "the other tab": c.tabs[1]}
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
	c := newChaos(t, seed)
	for end := time.Now().Add(chaosLasts); time.Now().Before(end); {
		c.write()
		c.disturb()
		c.pause()
	}
	c.site.flow.SetFault(nil)
	c.site.flow.DropAll() // half-open connections never deliver their messages
	retried := c.deliver()
	for name, b := range c.named() {
		c.showAnswers(t, name, b)
	}
	c.oneSession(t)
	doubled := c.arrived(t)
	for name, b := range c.named() {
		transcript := b.transcript()
		c.checkMessages(t, name, transcript, retried)
		c.checkAnswers(t, name, transcript, retried)
	}
	t.Logf("%d messages by two tabs, one of them closed and reopened %d times, %d outages, replay %v, a server %q: "+
		"%d connections dialled, %d faults; every message delivered and shown once in both tabs; "+
		"%d sent twice, %d lost twice and tried again by the visitor",
		len(c.want), c.closed, c.outages, c.replay, c.preset.Name,
		c.site.flow.Dials(), c.site.flow.Count(protocoltest.Fault), doubled, len(retried))
	c.order(t, retried)
	if t.Failed() {
		c.tell(t)
	}
}

// act records what the visitor did.
func (c *chaos) act(format string, args ...any) {
	c.acts = append(c.acts, time.Now().Format(chaosTime)+fmt.Sprintf(format, args...))
}

// chaosTime is the format of the time in front of each act and event, by which they are sorted.
const chaosTime = "04:05.000 "

// write writes a message in one of the tabs.
func (c *chaos) write() {
	c.visitor.t.Helper()
	in := c.random.IntN(2)
	b := c.tabs[in]
	text := fmt.Sprintf("m%d", len(c.want))
	b.click(part("input"))
	b.press(text + browser.Enter)
	// A message is stored before it is shown: from here on, nothing that happens to the tab may lose it.
	b.wait(messages + fmt.Sprintf(`.some(m => m.text == %q)`, text))
	c.want = append(c.want, text)
	c.act("tab %d shows %s", in, text)
}

// disturb sometimes replaces a tab, stops the server for a while, or breaks all connections.
func (c *chaos) disturb() {
	c.visitor.t.Helper()
	switch pick := c.random.IntN(100); {
	case pick < 15:
		i := c.random.IntN(2)
		c.tabs[i].close()
		c.act("tab %d closed", i)
		c.tabs[i] = c.enter()
		c.act("tab %d opened", i)
		c.closed++
	case pick < 20:
		c.site.flow.Down(time.Duration(c.random.IntN(3000)) * time.Millisecond)
		c.outages++
	case pick < 25:
		c.site.flow.DropAll()
	}
}

// pause returns after up to 1.5 s.
func (c *chaos) pause() {
	c.visitor.t.Helper()
	eval[any](c.tabs[0], fmt.Sprintf(`new Promise(done => setTimeout(done, %d))`, c.random.IntN(1500)))
}

// tell logs what the visitor and the server did, in the order of time.
func (c *chaos) tell(t *testing.T) {
	t.Helper()
	all := slices.Clone(c.acts)
	for _, e := range c.site.flow.Log() {
		all = append(all, e.Time.Format(chaosTime)+e.String())
	}
	slices.Sort(all)
	t.Log(strings.Join(all, "\n"))
}

// deliver returns once all messages of the visitor are delivered in every tab. A message of which both writes were lost
// fails after two minutes; deliver then clicks its button to try again. It returns the texts of these messages, in the
// order of the clicks.
func (c *chaos) deliver() (retried []string) {
	const late = 3 * time.Minute
	const failed = `document.querySelector("plura-chat").shadowRoot` +
		`.querySelector("[part~=message][data-state=failed]")`
	delivered := fmt.Sprintf(`(PluraChat.state == "reconnecting" && dispatchEvent(new Event("online")), `+
		`%s.filter(m => m.from == "visitor" && m.state == "sent").length >= %d)`, messages, len(c.want))
	for _, b := range c.tabs {
		if !suite.Poll(late, func() bool {
			text := eval[string](b, failed+`?.querySelector("[part~=bubble]").textContent ?? ""`)
			if text != "" && !slices.Contains(retried, text) {
				// By script, because rows move when other messages fail.
				eval[any](b, failed+`.querySelector("[data-do=retry]").click()`)
				b.wait(fmt.Sprintf(`%s.some(m => m.text == %q && m.state != "failed")`, messages, text))
				retried = append(retried, text)
			}
			return eval[bool](b, delivered)
		}) {
			b.t.Errorf("not delivered in %s: %v", late, b.transcript())
		}
	}
	return retried
}
