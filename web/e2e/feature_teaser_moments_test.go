package e2e

import (
	"fmt"
	"testing"

	"plurachat/protocol/protocoltest"
)

// TestFeatureTeaserMoments checks each moment that a rule may wait for.
func TestFeatureTeaserMoments(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	t.Run("scroll", func(t *testing.T) {
		tab := s.longTeaserPage(t, `[{"after": "Scroll 50%"}]`, "")
		eval[any](tab, `scrollTo(0, 0.3 * (document.documentElement.scrollHeight - innerHeight))`)
		tab.noTeaser("after 30 %")
		eval[any](tab, `scrollTo(0, 0.6 * (document.documentElement.scrollHeight - innerHeight))`)
		tab.wait(visible(part("teaser")))
	})
	t.Run("scroll to the end", func(t *testing.T) {
		tab := s.longTeaserPage(t, `[{"after": "scroll 100%"}]`, "")
		eval[any](tab, `scrollTo(0, 1e9)`)
		tab.wait(visible(part("teaser")))
	})
	t.Run("idle", func(t *testing.T) { teaserWhenIdle(t, s) })
	t.Run("exit", func(t *testing.T) { teaserAtExit(t, s) })
	t.Run("exit of a finger", func(t *testing.T) { noTeaserAtExitOfFinger(t, s) })
	t.Run("visits", func(t *testing.T) { teaserInSecondVisit(t, s) })
	t.Run("visits without a storage", func(t *testing.T) { noTeaserInSecondVisit(t, s) })
	t.Run("no storage", func(t *testing.T) {
		tab := s.longTeaserPage(t, `[{"after": "1ms"}]`, "data-storage=none")
		tab.wait(visible(part("teaser")))
		if n := eval[int](tab, `localStorage.length + sessionStorage.length`); n != 0 {
			t.Errorf("the storages have %d keys", n)
		}
	})
}

// longTeaserPage opens a page that scrolls, with rules of the teaser, for a new visitor.
func (s *site) longTeaserPage(t *testing.T, rules, attributes string) *tab {
	t.Helper()
	return chromium.visitor(t).open(s.page("/", s.teaserTag(rules, attributes)+longPage))
}

// teaserWhenIdle checks that the teaser is shown some time after the last input. The page has input for a second, and
// tells how long ago the last one was when the teaser appeared.
func teaserWhenIdle(t *testing.T, s *site) {
	t.Helper()
	tab := s.longTeaserPage(t, `[{"after": "idle 600ms"}]`, "")
	got := eval[float64](tab, `new Promise(done => {
		let last, count = 0;
		const input = () => {
			last = performance.now();
			dispatchEvent(new Event(["pointermove", "keydown", "scroll"][count++ % 3]));
			count < 20 ? setTimeout(input, 100) : 0;
		};
		input();
		const look = () => `+part("teaser")+` ? done(performance.now() - last) : setTimeout(look, 5);
		look();
	})`)
	if got < 590 {
		t.Errorf("it is shown %.0f ms after the last input", got)
	}
}

// leave tells the page that the pointer leaves the body at a height, towards another element or out of the window.
func (b *tab) leave(to, y string) {
	b.t.Helper()
	eval[any](b, fmt.Sprintf(`document.body.dispatchEvent(`+
		`new MouseEvent("mouseout", {bubbles: true, relatedTarget: %s, clientY: %s}))`, to, y))
}

// teaserAtExit checks that the teaser is shown when the pointer leaves the page at its top, and at no other side.
func teaserAtExit(t *testing.T, s *site) {
	t.Helper()
	tab := s.longTeaserPage(t, `[{"after": "exit"}]`, "")
	tab.noTeaser("before the pointer leaves")
	tab.leave("document.documentElement", "0")
	tab.leave("null", "300")
	tab.noTeaser("the pointer leaves at another side")
	tab.leave("null", "-2")
	tab.wait(visible(part("teaser")))
}

// noTeaserAtExitOfFinger checks that on a touch screen, nothing is the moment of an exit.
func noTeaserAtExitOfFinger(t *testing.T, s *site) {
	t.Helper()
	tab := chromium.visitor(t).open("about:blank")
	tab.emulate(look{name: "tablet", width: 800, height: 1000, touch: true})
	tab.open(s.page("/", s.teaserTag(`[{"after": "exit"}]`, "")))
	tab.noTeaser("before")
	if !eval[bool](tab, `matchMedia("(pointer: coarse)").matches`) {
		t.Fatal("the screen is not a touch screen")
	}
	tab.leave("null", "-2")
	tab.noTeaser("after a finger has left")
}

// secondVisitRules are rules of a teaser that a visitor sees in the second visit.
const secondVisitRules = `[{"after": "1ms", "visits": 2, "text": "Again?"}]`

// teaserInSecondVisit checks that a reload is no visit, that a new tab is one, and what is stored for that.
func teaserInSecondVisit(t *testing.T, s *site) {
	t.Helper()
	visitor := chromium.visitor(t)
	tab := visitor.open(s.page("/", s.teaserTag(secondVisitRules, "")))
	tab.noTeaser("in the first visit")
	tab.reload()
	tab.noTeaser("in the first visit, after a reload")
	tab = visitor.open(s.URL + "/")
	tab.wait(visible(part("teaser")))
	keys := eval[string](tab, `Object.keys(localStorage).map(key => key + "=" + localStorage[key]).join()`)
	if keys != "plura-chat:"+flow+":visits=2" {
		t.Errorf("localStorage has %s", keys)
	}
}

// noTeaserInSecondVisit checks that visits are not counted where the site owner allows no storage beyond a visit.
func noTeaserInSecondVisit(t *testing.T, s *site) {
	t.Helper()
	for _, storage := range []string{"none", "session"} {
		visitor := chromium.visitor(t)
		for range 2 {
			tab := visitor.open(s.page("/", s.teaserTag(secondVisitRules, "data-storage="+storage)))
			tab.noTeaser("with storage=" + storage)
			if n := eval[int](tab, `localStorage.length`); n != 0 {
				t.Errorf("with storage=%s, localStorage has %d keys", storage, n)
			}
		}
	}
}
