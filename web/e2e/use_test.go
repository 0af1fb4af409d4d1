package e2e

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"plurachat/protocol/protocoltest"
)

var (
	useLasts = flag.Duration("use", 0, "how long TestUse goes on in each engine, after it has done each act once")
	useSeed  = flag.Uint64("use-seed", 0, "from which seed TestUse draws what the visitor does; 0: from the time")
)

// use is a visitor who uses the chat for a long time: in one tab or two, on several pages and screens, with outages.
// The acts are drawn from a seed. Each of them checks what the visitor sees, and after each of them every tab must show
// the whole conversation.
type use struct {
	t       *testing.T
	name    string // of the engine
	random  *rand.Rand
	s       *site
	v       *visitor
	open    []*tab   // one or two
	said    []string // what the visitor has said, each of which the agent answers
	pushed  int      // number of the agent's messages that answer nothing
	deleted []string // the sessions of before the last deletion
	did     []string // what the visitor has done, for the message of a failed test
	done    map[string]int
	seen    map[string]bool // of what there is a picture

	mu      sync.Mutex
	answers int // number of the agent's messages in all conversations
}

// TestUse does each act once, in each engine. With -use 1h, it then uses the chat for an hour.
func TestUse(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		seed := *useSeed
		if seed == 0 {
			seed = uint64(time.Now().UnixNano())
		}
		t.Logf("the seed is %d", seed)
		u := &use{
			t: t, name: e.Name, random: rand.New(rand.NewPCG(seed, 0)),
			done: map[string]int{}, seen: map[string]bool{},
		}
		u.begin(e)
		t.Cleanup(func() {
			if t.Failed() {
				t.Log(strings.Join(u.did, "\n"))
			}
		})
		end := time.Now().Add(*useLasts)
		for _, i := range u.random.Perm(len(acts)) {
			u.act(&acts[i])
		}
		for time.Now().Before(end) && !t.Failed() {
			u.act(u.pick())
		}
		u.mu.Lock()
		defer u.mu.Unlock()
		t.Logf("%v; %d messages by the visitor and %d by the agent, %d connections",
			u.done, len(u.said), u.answers, u.s.flow.Dials())
	})
}

// begin makes the site, and enters it.
func (u *use) begin(e *engine) {
	u.t.Helper()
	u.s = newSite(u.t, protocoltest.Options{
		Replay: protocoltest.ReplayAllNewIDs,
		Flow:   protocoltest.Flow{Answer: u.answer},
	})
	u.s.allow("several connections in a row failed") // with an outage, that happens
	for _, path := range []string{"/", "/prices"} {
		u.s.page(path, u.s.tag("")+`<h1>`+path+`</h1>
			<a href="/">Home</a> <a href="/prices">Prices</a> <a href="/imprint">Imprint</a>`+longPage)
	}
	u.s.page("/imprint", `<h1>A page without a chat</h1>`)
	u.v = e.visitor(u.t)
	u.enter()
}

// enter opens a tab and the chat in it.
func (u *use) enter() {
	u.t.Helper()
	b := u.v.open(u.s.URL + "/")
	u.open = append(u.open, b)
	b.launch()
}

// act does an act in one of the tabs, checks the conversation, and pauses as a visitor does who reads or thinks.
func (u *use) act(a *act) {
	u.t.Helper()
	in := u.random.IntN(len(u.open))
	u.notes("in tab %d the visitor %s", in, a.name)
	u.done[a.name]++
	a.do(u, u.open[in])
	u.agrees()
	for _, report := range u.s.noticed() {
		u.t.Fatalf("the visitor %s, and a page noticed: %s", a.name, report)
	}
	u.pauses(1500)
}

// pick draws an act.
func (u *use) pick() *act {
	sum := 0
	for _, a := range acts {
		sum += a.chance
	}
	pick := u.random.IntN(sum)
	return &acts[slices.IndexFunc(acts, func(a act) bool { pick -= a.chance; return pick < 0 })]
}

// notes keeps what the visitor does, for the message of a failed test.
func (u *use) notes(format string, args ...any) {
	u.did = append(u.did, time.Now().Format("04:05.000 ")+fmt.Sprintf(format, args...))
}

// pauses waits for a random time of at most so many milliseconds.
func (u *use) pauses(most int) {
	u.t.Helper()
	eval[any](u.open[0], fmt.Sprintf(`new Promise(done => setTimeout(done, %d))`, u.random.IntN(most)))
}

// answer returns the agent's answer, which begins with its number.
func (u *use) answer(x *protocoltest.Exchange) []protocoltest.Reply {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.answers++
	text := "You said: " + x.Text
	if strings.Contains(x.Text, detail) {
		text = longAnswer
	}
	return []protocoltest.Reply{{
		Text: fmt.Sprintf("Answer %d. %s", u.answers, text), Name: "Maya",
		Delay: time.Duration(100+50*(u.answers%20)) * time.Millisecond,
	}}
}

// pushes sends a message that the agent writes without being asked. It returns the message's number.
func (u *use) pushes() int {
	u.t.Helper()
	u.mu.Lock()
	u.answers++
	n := u.answers
	u.mu.Unlock()
	u.pushed++
	reply := protocoltest.Reply{Text: fmt.Sprintf("Answer %d. One more thing.", n), Name: "Maya"}
	if err := u.s.flow.Push(u.session(), reply); err != nil {
		u.t.Fatal(err)
	}
	return n
}

// session returns the session of the conversation.
func (u *use) session() string {
	u.t.Helper()
	sessions := u.sessions()
	return sessions[len(sessions)-1]
}

// sessions returns the sessions of all conversations since the last deletion: those in which the visitor has said
// something, or else the first one. After an outage, the client may have opened others, to ask whether the server
// accepts anybody.
func (u *use) sessions() []string {
	u.t.Helper()
	all := slices.DeleteFunc(u.s.flow.Sessions(), func(session string) bool { return slices.Contains(u.deleted, session) })
	if len(all) == 0 {
		u.t.Fatal("there is no session")
	}
	silent := func(session string) bool { return len(u.s.flow.Messages(session)) == 0 }
	if talked := slices.DeleteFunc(slices.Clone(all), silent); len(talked) > 0 {
		return talked
	}
	return all[:1]
}
