package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/heapprofiler"
	domcounters "github.com/chromedp/cdproto/memory"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/browser"
)

// The soak is a long conversation of one visitor in several tabs. It begins with as many messages as a transcript
// keeps. After that, nothing may grow.
const (
	kept         = 2000 // messages that a transcript keeps, in memory and in the page
	agentEvery   = 200 * time.Millisecond
	visitorEvery = 2 * time.Second
	dropEvery    = 20 * time.Second
	reopenEvery  = time.Minute // one tab, which is not measured
	soakSamples  = 24
)

// sample is what a tab holds at some time, after a garbage collection.
type sample struct {
	at     time.Duration
	values [len(soaked)]float64 // in the order of soaked
}

// soaked are the quantities of a sample. The median of a quantity in the last third of the samples may exceed that in
// the first third by share or by amount, whichever is more. The limits are not 0 because Go's heap grows in steps.
var soaked = [...]struct {
	name   string
	share  float64
	amount float64
}{
	{"JS heap, MB", 0.05, 0.5},
	{"WebAssembly, MB", 0.1, 2},
	{"nodes", 0.03, 100},
	{"listeners", 0.03, 20},
	{"messages in the page", 0.03, 20},
}

// soak runs the soak for a time, prints what the tabs hold, and returns an error if a quantity grows.
func (b *bench) soak(ctx context.Context, d time.Duration, out io.Writer) error {
	s := &soak{bench: b}
	if err := s.begin(); err != nil {
		return err
	}
	defer func() { _ = s.visit.Close() }()
	began := time.Now()
	samples := make([][]sample, len(s.tabs))
	next := began
	var grown error
	for time.Since(began) < d {
		err := s.talk(ctx, min(time.Until(next), d-time.Since(began)))
		if ctx.Err() != nil {
			grown = err // interrupted: print the samples so far
			break
		}
		if err != nil {
			return err
		}
		if time.Now().Before(next) {
			continue
		}
		next = next.Add(max(d/soakSamples, time.Second))
		for i, t := range s.tabs {
			values, err := t.holds()
			if err != nil {
				return err
			}
			samples[i] = append(samples[i], sample{time.Since(began), values})
		}
		fmt.Fprintf(b.log, "  %v of %v, %d messages by the agent, %d by the visitor\n",
			time.Since(began).Round(time.Second), d, s.said, s.wrote)
	}
	if grown == nil {
		if err := s.works(); err != nil {
			return err
		}
	}
	for i := range s.tabs {
		fmt.Fprintf(out, "\ntab %d of a conversation of %d messages by the agent and %d by the visitor, %d drops\n",
			i+1, s.said, s.wrote, s.drops)
		grown = errors.Join(grown, tell(out, samples[i]))
	}
	return grown
}

// soak is the state of a running soak.
type soak struct {
	*bench
	visit browser.Visit
	tabs  []*tab // the tabs that are measured
	other *tab   // the tab that is reloaded now and then

	said, wrote, drops                           int
	nextSaid, nextWrote, nextDrop, nextReopening time.Time
}

// begin opens the tabs and fills the transcript.
func (s *soak) begin() error {
	first, err := s.open(speed{})
	if err != nil {
		return err
	}
	s.visit, s.tabs = first.visit, []*tab{first}
	second, err := s.join()
	if err != nil {
		return err
	}
	s.tabs = append(s.tabs, second)
	if s.other, err = s.join(); err != nil {
		return err
	}
	// The messages are of the same kinds, and in the same order, as those that replace them later.
	for range kept / int(visitorEvery/agentEvery) {
		for range visitorEvery / agentEvery {
			if err := s.speak(); err != nil {
				return err
			}
		}
		s.wrote++
		if _, err := value[bool](first, fmt.Sprintf(`PluraChat.send("visitor %d").then(() => true)`, s.wrote)); err != nil {
			return err
		}
	}
	for _, t := range s.tabs {
		if err := t.until(says(fmt.Sprintf("You said: visitor %d", s.wrote))); err != nil {
			return err
		}
	}
	now := time.Now()
	s.nextSaid, s.nextWrote, s.nextDrop, s.nextReopening = now, now, now.Add(dropEvery), now.Add(reopenEvery)
	return nil
}

// join opens another tab of the conversation.
func (s *soak) join() (*tab, error) {
	t, err := newTab(s.visit, speed{})
	if err != nil {
		return nil, err
	}
	if err := t.Open(s.site.URL + "/chat"); err != nil {
		return nil, err
	}
	return t, t.until(`PluraChat.open && (PluraChat.open(), PluraChat.state == "online")`)
}

// talk sends the messages of both sides for a time, and drops connections and reloads the other tab when it is time for
// that.
func (s *soak) talk(ctx context.Context, d time.Duration) error {
	for end := time.Now().Add(d); ; {
		now := time.Now()
		if !now.Before(s.nextSaid) {
			s.nextSaid = s.nextSaid.Add(agentEvery)
			if err := s.speak(); err != nil {
				return err
			}
		}
		if !now.Before(s.nextWrote) {
			s.nextWrote = s.nextWrote.Add(visitorEvery)
			s.wrote++
			if _, err := value[any](s.tabs[s.wrote%2], fmt.Sprintf(`void PluraChat.send("visitor %d")`, s.wrote)); err != nil {
				return err
			}
		}
		if !now.Before(s.nextDrop) {
			s.nextDrop = s.nextDrop.Add(dropEvery)
			s.drops++
			s.site.flow.DropAll()
		}
		if !now.Before(s.nextReopening) {
			s.nextReopening = s.nextReopening.Add(reopenEvery)
			if err := s.other.Reload(); err != nil {
				return err
			}
		}
		if !time.Now().Before(end) {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(min(time.Until(s.nextSaid), time.Until(end))):
		}
	}
}

// speak sends the agent's next message.
func (s *soak) speak() error {
	s.said++
	return s.say(fmt.Sprintf("This is what the agent has to say, number %d, with **some** of it in bold.", s.said))
}

// say sends a message by the agent in the visitor's conversation, whether a tab is connected or not.
func (s *soak) say(text string) error {
	sessions := s.site.flow.Sessions()
	return s.site.flow.Push(sessions[len(sessions)-1], protocoltest.Reply{Text: text, Name: "Maya"})
}

// works checks that a message still arrives in each tab.
func (s *soak) works() error {
	const last = "And this is the end."
	for _, t := range s.tabs {
		if err := t.until(`PluraChat.state == "online"`); err != nil {
			return err
		}
	}
	if err := s.say(last); err != nil {
		return err
	}
	for _, t := range s.tabs {
		if err := t.untilWithin(20*time.Second, says(last)); err != nil {
			return err
		}
	}
	return nil
}

// holds returns what the tab holds, in the order of soaked.
func (t *tab) holds() (values [len(soaked)]float64, err error) {
	if _, err := value[any](t, `void (document.bench.frames.length = document.bench.blocks.length = 0)`); err != nil {
		return values, err
	}
	if _, err := chromedp.Call(t.Context, heapprofiler.CollectGarbage, cdp.Empty{}); err != nil {
		return values, fmt.Errorf("collecting garbage: %w", err)
	}
	heap, err := chromedp.Call(t.Context, runtime.GetHeapUsage, cdp.Empty{})
	if err != nil {
		return values, fmt.Errorf("asking for the heap: %w", err)
	}
	dom, err := chromedp.Call(t.Context, domcounters.GetDOMCounters, cdp.Empty{})
	if err != nil {
		return values, fmt.Errorf("asking for nodes: %w", err)
	}
	page, err := value[[2]float64](t, `[document.bench.memory.buffer.byteLength, `+rows+`]`)
	return [...]float64{heap.UsedSize / 1e6, page[0] / 1e6, float64(dom.Nodes), float64(dom.JsEventListeners), page[1]}, err
}

// tell prints samples and, below each quantity, whether it is flat. The error names the quantities that are not.
func tell(out io.Writer, samples []sample) error {
	if len(samples) == 0 {
		return nil
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "time\t")
	for _, q := range soaked {
		fmt.Fprint(t, q.name, "\t")
	}
	fmt.Fprintln(t)
	for _, s := range samples {
		fmt.Fprint(t, s.at.Round(time.Second), "\t")
		for _, v := range s.values {
			fmt.Fprint(t, number(v), "\t")
		}
		fmt.Fprintln(t)
	}
	fmt.Fprint(t, "\t")
	var grown error
	for i, q := range soaked {
		from, to := thirds(samples, i)
		if to <= from+max(from*q.share, q.amount) {
			fmt.Fprint(t, "flat\t")
			continue
		}
		fmt.Fprint(t, "GROWS\t")
		grown = errors.Join(grown, fmt.Errorf("%s: from %s to %s", q.name, number(from), number(to)))
	}
	fmt.Fprintln(t)
	if err := t.Flush(); err != nil {
		return err
	}
	return grown
}

// thirds returns the medians of a quantity in the first third of the samples and in the last.
func thirds(samples []sample, quantity int) (first, last float64) {
	n := max(1, len(samples)/3)
	median := func(of []sample) float64 {
		var values []float64
		for _, s := range of {
			values = append(values, s.values[quantity])
		}
		slices.Sort(values)
		return values[len(values)/2]
	}
	return median(samples[:n]), median(samples[len(samples)-n:])
}
