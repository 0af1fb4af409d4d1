package e2e

import (
	"fmt"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"plurachat/protocol/protocoltest"
)

// timed is a script that measures when something is shown. It defines no global.
const timed = `<script>(() => {
	document.begun = performance.now();
	document.frames = [];
	addEventListener("click", event => document.clicked = event.timeStamp, true);
	window.WebSocket = class extends WebSocket {
		constructor(...given) {
			super(...given);
			this.addEventListener("message", () => document.frames.push(performance.now()));
		}
	};
	// Resolves with the time after the first frame in which the condition is true.
	document.shown = condition => new Promise(resolve => {
		const look = () => {
			let met = false;
			try { met = condition(); } catch {} // not there yet
			met ? setTimeout(() => resolve(performance.now())) : requestAnimationFrame(look);
		};
		look();
	});
	document.launched = document.shown(() => ` + launcherShown + `);
	document.returned = document.shown(() => ` + lastRowShown + `);
})();</script>`

const (
	launcherShown = root + `.querySelector("[part~=launcher]").getClientRects().length`
	panelShown    = root + `.querySelector("[part~=panel]").getClientRects().length && ` + root + `.activeElement.matches("[part~=input]")`
	logShows      = root + `.querySelector("[part~=log]").textContent.includes`
	lastRowShown  = logShows + `("message 300 of 300")`
)

// slowed is the factor by which TestSlowMachine slows the processor down.
const slowed = 6

// TestSlowMachine measures a visitor's way on a machine as it is and with its processor slowed down six times, in turns.
// The waits and the sizes of batches follow what the browser takes. So nothing may be shown later than after twelve
// times as long: six for the processor, and as much again for the work that another speed arranges differently. What
// takes less than two frames counts as two frames. Other programs on the machine disturb single rounds, so a median that
// is too high is measured in more rounds.
func TestSlowMachine(t *testing.T) {
	const least, most = 3, 15 // rounds
	chromium.need(t)
	times := map[float64]map[string][]float64{1: {}, slowed: {}}
	for round := 1; ; round++ {
		for rate, all := range times {
			for name, took := range visitAt(t, rate) {
				all[name] = append(all[name], took)
			}
		}
		late := lateAt(times[1], times[slowed])
		if round < least || len(late) > 0 && round < most {
			continue
		}
		for name, fast := range times[1] {
			t.Logf("%s: %.0f ms, at %d×: %.0f ms", name, median(fast), slowed, median(times[slowed][name]))
		}
		for _, what := range late {
			t.Errorf("after %d rounds: %s", round, what)
		}
		return
	}
}

// lateAt returns what is shown too late with a slowed processor, by the times of each round, in ms.
func lateAt(fast, slow map[string][]float64) (late []string) {
	const (
		most    = 12
		instant = 33 // ms
	)
	for name := range fast {
		was, is := median(fast[name]), median(slow[name])
		if limit := most * max(was, instant); is > limit {
			late = append(late, fmt.Sprintf("%s: %.0f ms, and %.0f ms with a processor that is slowed down %d times; want at most %.0f", name, was, is, slowed, limit))
		}
	}
	return late
}

// median returns the median of values.
func median(values []float64) float64 {
	return slices.Sorted(slices.Values(values))[len(values)/2]
}

// visitAt has a visitor come, talk and come again, with the processor slowed down. It returns how long the visitor
// waited for each thing, in ms.
func visitAt(t *testing.T, rate float64) map[string]float64 {
	t.Helper()
	s := newSite(t, protocoltest.Options{})
	tab := chromium.visitor(t).open(s.page("/bare", ""))
	if _, err := chromedp.Call(tab.chromedp(), emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: rate}); err != nil {
		t.Fatal(err)
	}
	took := map[string]float64{}
	tab.open(s.page("/chat", timed+s.tag("")))
	took["the page → the launcher"] = eval[float64](tab, `document.launched.then(at => at - document.begun)`)

	eval[any](tab, fmt.Sprintf(`(document.opened = document.shown(() => document.clicked && %s), document.greeted = document.shown(() => %s(%q)), 0)`, panelShown, logShows, greeting))
	tab.click(part("launcher"))
	took["the click → the panel"] = eval[float64](tab, `document.opened.then(at => at - document.clicked)`)
	took["the click → the greeting"] = eval[float64](tab, `document.greeted.then(at => at - document.clicked)`)
	tab.online()

	took["a message of the visitor"] = eval[float64](tab, fmt.Sprintf(`(() => {
		const from = performance.now();
		PluraChat.send("A question");
		return document.shown(() => %s("A question")).then(at => at - from);
	})()`, logShows))
	tab.said("A question")
	tab.heard("You said")

	conns := s.flow.Conns()
	conn := conns[len(conns)-1]
	since := func(text string) string {
		return fmt.Sprintf(`(document.frames = [], document.next = document.shown(() => %s(%q)).then(at => at - document.frames[0]), 0)`, logShows, text)
	}
	eval[any](tab, since("one more"))
	conn.SendText(agentSays("one", "one more"))
	took["a message of the agent"] = eval[float64](tab, `document.next`)

	eval[any](tab, since("message 300 of 300"))
	for i := range 300 {
		conn.SendText(agentSays(fmt.Sprint("burst ", i), fmt.Sprintf("This is message %d of 300, with some text", i+1)))
	}
	took["a burst"] = eval[float64](tab, `document.next`)

	tab.reload()
	took["the page → the stored messages"] = eval[float64](tab, `document.returned.then(at => at - document.begun)`)
	return took
}
