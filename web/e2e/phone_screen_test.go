package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/browser"
)

// fullScreen is the tag that makes a page use the whole screen of a phone, also beside its notch.
const fullScreen = `<meta name=viewport content="width=device-width, viewport-fit=cover">`

// phone opens a page in a phone's screen of that size.
func (s *site) phone(t *testing.T, body string, width, height int64) *tab {
	t.Helper()
	tab := chromium.visitor(t).open("about:blank")
	tab.emulate(look{name: "phone", width: width, height: height, touch: true})
	tab.open(s.page("/", body))
	return tab
}

// TestSafeAreas checks that nothing that one uses or reads is beside a notch, under a home indicator or in a rounded
// corner, on all four sides: the launcher, the header, the log and the composer.
func TestSafeAreas(t *testing.T) {
	t.Parallel()
	const top, right, bottom, left = 47, 44, 34, 59
	s := newSite(t, protocoltest.Options{})
	tab := s.phone(t, fullScreen+s.tag(""), 900, 420)
	side := func(n int64) *int64 { return &n }
	if _, err := chromedp.Call(tab.chromedp(), emulation.SetSafeAreaInsetsOverride, emulation.SetSafeAreaInsetsOverrideParams{
		Insets: &emulation.SafeAreaInsets{Top: side(top), Right: side(right), Bottom: side(bottom), Left: side(left)},
	}); err != nil {
		t.Fatal(err)
	}
	inside := func(element string, vertical bool) {
		t.Helper()
		got := eval[[4]float64](tab, `(({ top, right, bottom, left }) => [top, innerWidth - right, innerHeight - bottom, left])((`+element+`).getBoundingClientRect())`)
		for i, least := range [4]float64{top, right, bottom, left} {
			if (vertical || i%2 == 1) && got[i] < least {
				t.Errorf("%s is %.0f px from side %d of the screen, want at least %.0f", element, got[i], i, least)
			}
		}
	}
	tab.wait(visible(part("launcher")))
	inside(part("launcher"), true)
	tab.launch()
	tab.say("Hello")
	tab.heard("You said: Hello")
	for _, name := range []string{"avatar", "heading", "close", "menu-button", "input", "send"} {
		inside(part(name), true)
	}
	inside(root+`.querySelector("[data-from=agent] [part~=bubble]")`, false)
	inside(root+`.querySelector("[data-from=visitor] [part~=bubble]")`, false)
	tab.picture("safe areas")
}

// TestPinchZoom checks that a visitor who zooms in sees a larger panel, and not a panel that is squeezed into the part
// of the screen that they see.
func TestPinchZoom(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab := s.phone(t, `<meta name=viewport content="width=device-width">`+s.tag(""), 390, 700)
	tab.launch()
	tab.heard("How can I help")
	height := `Math.round(` + part("panel") + `.getBoundingClientRect().height)`
	before := eval[int](tab, height)
	if _, err := chromedp.Call(tab.chromedp(), emulation.SetPageScaleFactor, emulation.SetPageScaleFactorParams{PageScaleFactor: 2}); err != nil {
		t.Fatal(err)
	}
	tab.wait(`visualViewport.scale > 1.5`)
	eval[any](tab, `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))`)
	if after := eval[int](tab, height); after != before {
		t.Errorf("the panel is %d px high, and %d px when the visitor has zoomed in", before, after)
	}
}

// TestEnlargedText checks that nothing is cut when text alone is 24 px high at least, as browsers can be set.
func TestEnlargedText(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{Flow: protocoltest.Flow{Owner: "Ridgeline Roofing Customer Care", Name: "Maya"}})
		tab := e.visitor(t).open(s.page("/", s.tag(`data-subheading="We answer within the hour"`)))
		tab.launch()
		eval[any](tab, `(root => {
			const sheet = new CSSStyleSheet();
			sheet.replaceSync("* { font-size: 24px !important }");
			root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
		})(`+root+`)`)
		tab.say("A message" + browser.Shift + browser.Enter + "of two lines")
		tab.heard("You said: A message")
		tab.loses(s)
		tab.press("Something" + browser.Shift + browser.Enter + "longer")
		cut := eval[[]string](tab, `[...`+root+`.querySelectorAll("[part~=subheading], [part~=status], [part~=bubble], .meta, .name, [part~=input], .day")].filter(node =>
			node.getClientRects().length && (node.scrollHeight > node.clientHeight + 2 || node.scrollWidth > node.clientWidth + 2)).map(node => (node.getAttribute("part") ?? node.className) + ": " + node.textContent)`)
		if len(cut) > 0 {
			t.Errorf("cut: %s", strings.Join(cut, "; "))
		}
		tab.picture("enlarged text " + e.Name)
	})
}

// TestTabInsideAPhonesPanel checks that Tab goes on from an element in the log that is no stop of Tab itself.
func TestTabInsideAPhonesPanel(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab := s.phone(t, s.tag(""), 390, 700)
	tab.launch()
	tab.heard("How can I help")
	eval[any](tab, `(bubble => { bubble.tabIndex = -1; bubble.focus(); })(`+root+`.querySelector("[part~=bubble]"))`)
	tab.press(browser.TabKey)
	tab.wait(focused("input"))
}

// TestStringsKeys checks that the console names a key of the attribute strings that does not exist, with the nearest one.
func TestStringsKeys(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab := chromium.visitor(t).open("about:blank")
	console := recordConsole(tab)
	tab.open(s.page("/", s.tag(`data-strings='{"placholder": "Ask", "send": "Go"}'`)))
	tab.launch()
	if said := strings.Join(console(), "\n"); !strings.Contains(said, `attribute strings "placholder" is not used; allowed: placeholder`) || strings.Contains(said, `"send"`) {
		t.Errorf("the console says %q", said)
	}
}
