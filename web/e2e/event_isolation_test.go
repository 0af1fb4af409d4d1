package e2e

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/browser"
	"plurachat/web/e2e/suite"
)

// TestHotkeysOfThePage checks that the page gets no key events while the visitor types into the chat, before and after
// Go runs, and that Escape closes the chat without an event for the page.
func TestHotkeysOfThePage(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	release := s.hold(dist.Engine().Name)
	tab := chromium.visitor(t).open(s.page("/", s.tag("")))
	tab.wait(visible(part("launcher")))
	eval[any](tab, `document.heard = [], ["keydown", "keypress", "keyup"].forEach(type => document.addEventListener(type, event => document.heard.push(type + " " + event.key)))`)
	tab.click(part("launcher"))
	tab.wait(focused("input"))
	tab.wait(part("log") + `?.getAttribute("role") == "log"`) // start.js has loaded
	tab.press("j/k")
	release()
	tab.online()
	tab.press("gs" + browser.Enter)
	tab.said("j/kgs")
	if heard := eval[[]string](tab, `document.heard`); len(heard) > 0 {
		t.Errorf("the page heard %q", heard)
	}
	tab.press(browser.Escape)
	tab.wait(focused("launcher"))
	if heard := eval[[]string](tab, `document.heard.filter(line => line.startsWith("keydown"))`); len(heard) > 0 {
		t.Errorf("the page heard %q", heard)
	}
	tab.press("x")
	if heard := eval[[]string](tab, `document.heard`); !slices.Contains(heard, "keydown x") {
		t.Errorf("a key on the launcher is the page's, which heard %q", heard)
	}
}

// TestPageStandsStillBehindAPhonesPanel checks that the page does not scroll behind a panel that covers the screen, and
// that the log in the panel scrolls.
func TestPageStandsStillBehindAPhonesPanel(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	s.page("/", s.tag("")+longPage)
	tab := chromium.visitor(t).open("about:blank")
	tab.size(390, 700)
	if _, err := chromedp.Call(tab.chromedp(), emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true}); err != nil {
		t.Fatal(err)
	}
	tab.open(s.URL + "/")
	for _, by := range []input.GestureSourceType{input.GestureSourceTypeMouse, input.GestureSourceTypeTouch} {
		t.Run(string(by), func(t *testing.T) {
			tab.t = t
			standsStill(tab, by)
		})
	}
	tab.t = t
}

func standsStill(tab *tab, by input.GestureSourceType) {
	// Positive distances scroll down. Touches are sent in steps, because a gesture that the browser synthesizes may
	// leave steps out.
	scroll := func(y, distance float64) {
		tab.t.Helper()
		if by == input.GestureSourceTypeMouse {
			gesture := input.SynthesizeScrollGestureParams{X: 200, Y: y, YDistance: -distance, GestureSourceType: by, Speed: 3000}
			if _, err := chromedp.Call(tab.chromedp(), input.SynthesizeScrollGesture, gesture); err != nil {
				tab.t.Fatal(err)
			}
			return
		}
		touch := func(kind input.DispatchTouchEventType, points ...*input.TouchPoint) {
			tab.t.Helper()
			if points == nil {
				points = []*input.TouchPoint{}
			}
			if _, err := chromedp.Call(tab.chromedp(), input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: points}); err != nil {
				tab.t.Fatal(err)
			}
		}
		touch(input.DispatchTouchEventTypeTouchStart, &input.TouchPoint{X: 200, Y: y})
		for step := 1.0; step <= 12; step++ {
			touch(input.DispatchTouchEventTypeTouchMove, &input.TouchPoint{X: 200, Y: y - distance*step/12})
		}
		touch(input.DispatchTouchEventTypeTouchEnd)
	}
	tab.wait(visible(part("launcher")))
	scroll(300, 200) // the page scrolls as long as the panel is closed
	tab.wait(`scrollY > 100`)
	tab.launch()
	before := atRest(tab)
	for _, y := range []float64{30, 300, 670} { // header, log, composer
		scroll(y, 300)
	}
	for range 6 {
		tab.say("A line that takes up room")
	}
	// Every message is answered, so that nothing else scrolls the log.
	tab.wait(`((all, of) => of("agent") == of("visitor") + 1)(` + messages + `, from => ` + messages + `.filter(m => m.from == from).length)`)
	tab.wait(part("log") + `.scrollTop > 200`)
	top := eval[float64](tab, part("log")+`.scrollTop`)
	// A browser that is too busy drops the rest of a gesture. Then the gesture is repeated.
	up := fmt.Sprintf(`%s.scrollTop < %v`, part("log"), top-100)
	for begun := time.Now(); time.Since(begun) < patience && !eval[bool](tab, up); {
		scroll(300, -150)
		suite.Poll(time.Second, func() bool { return eval[bool](tab, up) })
	}
	tab.wait(up)
	scroll(300, -350) // beyond the end of the log
	scroll(300, -300)
	if y := atRest(tab); y != before {
		tab.t.Errorf("the page has scrolled from %v to %v px", before, y)
	}
	tab.press(browser.Escape)
	tab.wait(`!` + visible(part("panel")))
}

// atRest returns how far the page is scrolled, once it has stopped. A page may go on scrolling after a touch.
func atRest(tab *tab) float64 {
	tab.t.Helper()
	return eval[float64](tab, `new Promise(done => {
		let last = -1, still = 0;
		const look = () => {
			still = scrollY == last ? still + 1 : 0;
			last = scrollY;
			still > 15 ? done(scrollY) : requestAnimationFrame(look);
		};
		look();
	})`)
}

// TestSmoothScrollingPage checks that the wheel over the transcript scrolls the transcript, and not the page, if a
// script (here Lenis) controls the page's scrolling.
func TestSmoothScrollingPage(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile(npm(t, "lenis", "dist", "lenis.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, protocoltest.Options{})
	s.script("/lenis.js", string(script))
	tab := chromium.visitor(t).open(s.page("/", s.tag("")+longPage+`<script src="/lenis.js"></script><script>document.lenis = new Lenis({autoRaf: true})</script>`))
	tab.launch()
	for range 12 {
		tab.say("A line that takes up room")
	}
	tab.wait(`((all, of) => of("agent") == of("visitor") + 1)(` + messages + `, from => ` + messages + `.filter(m => m.from == from).length)`)
	tab.wait(part("log") + `.scrollTop > 300`)
	box := eval[[]float64](tab, `(r => [r.left + r.width / 2, r.top + r.height / 2])(`+part("log")+`.getBoundingClientRect())`)
	scroll := func(x, y, distance float64) {
		t.Helper()
		if _, err := chromedp.Call(tab.chromedp(), input.SynthesizeScrollGesture, input.SynthesizeScrollGestureParams{X: x, Y: y, YDistance: -distance, GestureSourceType: input.GestureSourceTypeMouse, Speed: 3000}); err != nil {
			t.Fatal(err)
		}
	}
	top := atRest(tab)
	log := eval[float64](tab, part("log")+`.scrollTop`)
	scroll(box[0], box[1], -200)
	tab.wait(fmt.Sprintf(`%s.scrollTop < %v`, part("log"), log-100))
	if got := atRest(tab); got != top {
		t.Errorf("the page was scrolled from %v to %v", top, got)
	}
	scroll(200, 300, 300) // beside the chat, Lenis scrolls the page
	tab.wait(fmt.Sprintf(`scrollY > %v`, top))
}
