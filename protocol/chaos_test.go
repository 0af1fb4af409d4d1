//go:build !js

package protocol

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"plurachat/protocol/protocoltest"
	"plurachat/protocol/strictjson"
)

const (
	chaosConversations = 500
	chaosMessages      = 40
)

// chaos is one conversation through misfortunes drawn from a seed.
type chaos struct {
	rig
	seed    uint64
	replay  protocoltest.Replay
	forgets bool // the server may forget the session
	counts  map[protocoltest.Kind]uint64

	restarts, outages, retries, renewed, doubled, overtaken int
	retried, written, acknowledged                          map[string]int // by key
}

// misfortune decides what becomes of the n-th event of a kind. It depends on
// nothing else, so that the same seed brings the same misfortunes however the
// goroutines interleave.
func (c *chaos) misfortune(e protocoltest.Event) protocoltest.Action {
	c.counts[e.Kind]++
	r := rand.New(rand.NewPCG(c.seed, c.counts[e.Kind]<<8|uint64(len(e.Kind))))
	pick, at := r.IntN(100), protocoltest.Moment(r.IntN(int(protocoltest.After)+1))
	act := protocoltest.Action{At: at}
	switch e.Kind {
	case protocoltest.Dial:
		switch {
		case pick < 10:
			act.Do = protocoltest.Refuse
		case pick < 12:
			act.Do = protocoltest.Hang
		}
	case protocoltest.Open, protocoltest.Answer:
		if pick < 5 {
			act.Do = protocoltest.Drop
		}
	case protocoltest.Message:
		if r.IntN(5) == 0 {
			act.Wait = time.Duration(r.IntN(5000)) * time.Millisecond
		}
		switch {
		case pick < 6:
			act.Do = protocoltest.Drop
		case pick < 9:
			act.Do = protocoltest.Kick
		case pick < 11:
			act.Do = protocoltest.Swallow
		case pick < 13:
			act.Do = protocoltest.Mute
		}
	case protocoltest.Recv:
		switch {
		case pick < 5:
			act.Do = protocoltest.Drop
		case pick < 6:
			act.Do = protocoltest.Skip
		}
	}
	return act
}

func (c *chaos) run(t *testing.T) {
	c.t, c.counts = t, map[protocoltest.Kind]uint64{}
	c.retried, c.written, c.acknowledged = map[string]int{}, map[string]int{}, map[string]int{}
	r := rand.New(rand.NewPCG(c.seed, 0))
	c.rand = rand.New(rand.NewPCG(c.seed, 1)).Float64 // jitter; only the Client's goroutine and its session calls draw
	replays := []protocoltest.Replay{protocoltest.ReplayNone, protocoltest.ReplayGreeting, protocoltest.ReplayAll, protocoltest.ReplayAllNewIDs}
	c.replay, c.forgets = replays[c.seed%4], c.seed%10 == 9
	c.srv = protocoltest.NewPipe(protocoltest.Options{
		Replay: c.replay,
		Fault:  c.misfortune,
		Flow: protocoltest.Flow{Answer: func(x *protocoltest.Exchange) []protocoltest.Reply {
			return []protocoltest.Reply{{Text: "re: " + x.Text, Delay: time.Second}}
		}},
	})
	c.open(Conversation{})
	c.Connect()
	for i := range chaosMessages {
		time.Sleep(time.Duration(r.IntN(12_000)) * time.Millisecond)
		c.Send(fmt.Sprint("k", i), fmt.Sprint("m", i))
		switch pick := r.IntN(100); {
		case pick < 10:
			synctest.Wait() // stored: from here on a crash must not lose it
			c.restart()
		case pick < 13:
			c.outages++
			c.srv.Down(time.Duration(r.IntN(40)) * time.Second)
		case pick < 15:
			c.srv.DropAll()
		case pick < 16 && c.forgets:
			c.srv.ForgetAll()
			c.srv.DropAll()
		}
		c.tryAgain()
	}
	c.srv.SetFault(nil)
	c.srv.DropAll() // half-open connections hold messages for good
	for deadline := time.Now().Add(time.Hour); time.Now().Before(deadline); {
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if c.tryAgain() {
			break
		}
	}
	time.Sleep(5 * time.Second)
	c.shut()
	c.check()
	c.srv.Close()
}

// restart is a page that crashes and is loaded again: what was stored, as JSON,
// is all that is left.
func (c *chaos) restart() {
	c.restarts++
	c.shut()
	var w strictjson.Writer
	w.Open('{')
	c.conv.AppendJSON(&w)
	w.Close('}')
	v, err := strictjson.Parse(string(w.Buf))
	if err != nil {
		c.t.Fatal(err)
	}
	c.open(ParseConversation(v))
	c.Connect()
}

// tryAgain is a visitor who does not give up. It reports whether everything is
// delivered.
func (c *chaos) tryAgain() bool {
	c.mu.Lock()
	entries := slices.Clone(c.conv.Entries)
	c.mu.Unlock()
	for _, e := range entries {
		if e.State == Failed {
			c.retries++
			c.retried[e.Text]++
			c.Retry(e.Key)
		}
	}
	return !slices.ContainsFunc(entries, func(e Entry) bool { return e.State != Sent })
}

func (c *chaos) check() {
	fail := func(format string, args ...any) {
		c.t.Helper()
		c.t.Errorf("seed %d, replay %v: %s", c.seed, c.replay, fmt.Sprintf(format, args...))
	}
	shown, answers := map[string]int{}, map[string]int{}
	for _, e := range c.conv.Entries {
		switch {
		case e.Kind == Visitor:
			shown[e.Text]++
			if e.State != Sent {
				fail("%q is not delivered", e.Text)
			}
		case e.Kind == Agent:
			answers[e.Text]++
		case e.Kind == Fresh:
			c.renewed++ // the session was refused: what it had is not replayed in the next
		}
	}
	logged, first, opened := map[string]int{}, map[string]time.Time{}, map[int]time.Time{}
	var order []string
	for _, e := range c.srv.Log(protocoltest.Message, protocoltest.Open) {
		if e.Kind == protocoltest.Open {
			opened[e.Conn] = e.Time
			continue
		}
		if logged[e.Text]++; logged[e.Text] > 1 {
			replaysAll := c.replay == protocoltest.ReplayAll || c.replay == protocoltest.ReplayAllNewIDs
			if replaysAll && c.renewed == 0 && first[e.Text].Before(opened[e.Conn]) {
				fail("%q was sent again on connection %d, whose replay told that it had arrived", e.Text, e.Conn)
			}
			continue
		}
		first[e.Text] = e.Time
		if c.retried[e.Text] == 0 {
			order = append(order, e.Text)
		}
	}
	if !slices.IsSortedFunc(order, byNumber) {
		// A message whose second write was lost too waits for its recv, and what
		// follows does not wait for it. Nothing else may overtake.
		twice := map[string]bool{}
		for _, e := range c.conv.Entries {
			twice[e.Text] = e.Writes >= writesAtMost
		}
		c.overtaken++
		order = slices.DeleteFunc(order, func(text string) bool { return twice[text] })
	}
	if !slices.IsSortedFunc(order, byNumber) {
		fail("out of order: %v", order)
	}
	for i := range chaosMessages {
		text := fmt.Sprint("m", i)
		switch n := logged[text]; {
		case n == 0:
			fail("%q never reached the server", text)
		case n > 1:
			c.doubled++
		case answers["re: "+text] > 1:
			fail("the answer to %q shows %d times", text, answers["re: "+text])
		}
		if shown[text] != 1 {
			fail("%q shows %d times", text, shown[text])
		}
	}
	for _, e := range c.events {
		switch e.Kind {
		case Acknowledged:
			c.acknowledged[e.Key]++
		case Retried:
			c.written[e.Key], c.acknowledged[e.Key] = 0, 0
		case Written:
			if c.written[e.Key]++; c.written[e.Key] > writesAtMost || c.acknowledged[e.Key] > 0 {
				fail("%s was written %d times, acknowledged %d times", e.Key, c.written[e.Key], c.acknowledged[e.Key])
			}
		}
	}
	if v := c.srv.Violations(); len(v) > 0 {
		fail("the client broke the protocol: %v", v)
	}
	if c.t.Failed() {
		c.t.Logf("seed %d shows %s", c.seed, texts(&c.conv))
		for _, e := range c.srv.Log() {
			c.t.Log(e.Time.Format("04:05.000"), e)
		}
		for _, e := range c.events {
			c.t.Log(e.Kind, e.Key, e.Entry.Key, e.Entry.Text, e.ID, e.Before, e.State)
		}
	}
}

func byNumber(a, b string) int {
	number := func(s string) (n int) {
		fmt.Sscanf(s, "m%d", &n)
		return
	}
	return number(a) - number(b)
}

// TestChaos leads conversations through a server that refuses, hangs, drops,
// kicks, delays, forgets, goes half-open and down, and replays in every manner,
// while the client is restarted from its storage, and holds that nothing the
// visitor wrote is lost, and nothing doubled that could be known.
func TestChaos(t *testing.T) {
	n := chaosConversations
	if raceDetector {
		n /= 5
	}
	var sum chaos
	var dials, frames int
	for seed := range uint64(n) {
		synctest.Test(t, func(t *testing.T) {
			c := &chaos{seed: seed}
			c.run(t)
			sum.restarts, sum.outages, sum.retries, sum.doubled = sum.restarts+c.restarts, sum.outages+c.outages, sum.retries+c.retries, sum.doubled+c.doubled
			sum.renewed += c.renewed
			sum.overtaken += c.overtaken
			dials, frames = dials+c.srv.Dials(), frames+c.srv.Count(protocoltest.Message)
		})
		if t.Failed() && seed%50 == 49 {
			break // enough to look at
		}
	}
	t.Logf("%d conversations of %d messages: %d connections dialled, %d restarts from storage, %d outages, %d sessions refused and renewed; every message delivered and shown once; %d failed and tried again; %d sent twice, all by drops or silence before a recv that no replay told of (%d message frames for %d messages); in %d conversations a message whose two writes were both lost was overtaken",
		n, chaosMessages, dials, sum.restarts, sum.outages, sum.renewed, sum.retries, sum.doubled, frames, n*chaosMessages, sum.overtaken)
	if sum.doubled == 0 || sum.restarts == 0 || dials < 2*n {
		t.Error("the chaos was none")
	}
}

// The same seed brings the same misfortunes. (What happens in one and the same
// virtual instant, Go's scheduler orders anew each time.)
func TestChaosIsReproducible(t *testing.T) {
	fate := func(seed uint64) (acts []protocoltest.Action) {
		c := &chaos{seed: seed, counts: map[protocoltest.Kind]uint64{}}
		for range 200 {
			for _, kind := range []protocoltest.Kind{protocoltest.Dial, protocoltest.Open, protocoltest.Message, protocoltest.Recv, protocoltest.Answer} {
				acts = append(acts, c.misfortune(protocoltest.Event{Kind: kind}))
			}
		}
		return
	}
	if !slices.Equal(fate(3), fate(3)) {
		t.Error("one seed, two fates")
	}
	if slices.Equal(fate(3), fate(4)) {
		t.Error("two seeds, one fate")
	}
}
