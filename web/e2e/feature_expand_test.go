package e2e

import (
	"fmt"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/browser"
	"plurachat/web/e2e/suite"
)

// panelSize returns the size of the panel once it does not change.
func (b *tab) panelSize() [2]float64 {
	b.t.Helper()
	b.wait(part("panel") + `.getAnimations().length == 0`)
	return eval[[2]float64](b, `(r => [r.width, r.height])(`+part("panel")+`.getBoundingClientRect())`)
}

// sized returns once the panel has a size.
func (b *tab) sized(width, height float64) {
	b.t.Helper()
	var got [2]float64
	if !suite.Poll(patience, func() bool { got = b.panelSize(); return got == [2]float64{width, height} }) {
		b.t.Errorf("the panel is %v px wide and high, want %v × %v", got, width, height)
	}
}

const isWide = root + `?.querySelector("[part~=expand]")?.ariaPressed == "true"`

// TestFeatureExpand checks that the button widens the panel, which stays wide on the next page and after a reset, and
// that the end of the log stays in view.
func TestFeatureExpand(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{Replay: protocoltest.ReplayAll})
	v := chromium.visitor(t)
	tab := v.open(s.page("/", s.tag(`data-expand=on`)))
	tab.launch()
	tab.wait(visible(part("expand")))
	tab.sized(384, 640)
	if name := eval[string](tab, part("expand")+`.ariaLabel + `+part("expand")+`.ariaPressed`); name != "Expand chatfalse" {
		t.Errorf("the button is %s", name)
	}
	// A long conversation, and a draft of several lines.
	for range 6 {
		eval[any](tab, fmt.Sprintf(`PluraChat.send(%q)`, strings.Repeat("many words ", 30)))
	}
	tab.wait(messages + `.filter(m => m.from == "agent").length == 7`)
	tab.press(strings.Repeat("words ", 25))
	atEnd := `(log => log.scrollHeight - log.scrollTop - log.clientHeight < 2)(` + part("log") + `)`
	eval[any](tab, `Object.assign(`+part("log")+`, {scrollTop: 1e6})`)
	high := eval[float64](tab, part("input")+`.offsetHeight`)

	eval[any](tab, part("expand")+`.focus()`)
	tab.press(browser.Enter)
	tab.wait(isWide)
	tab.sized(720, 800-104)
	tab.wait(atEnd)
	tab.wait(fmt.Sprintf(`%s.offsetHeight < %v`, part("input"), high))
	tab.press(" ")
	tab.sized(384, 640)
	tab.wait(atEnd)
	tab.wait(fmt.Sprintf(`%s.offsetHeight == %v`, part("input"), high))
	tab.press(" ")
	tab.sized(720, 800-104)
	tab.size(700, 600)
	tab.sized(700-2*20, 600-104)
	tab.size(1280, 800)

	tab.reload()
	tab.wait(isWide)
	tab.sized(720, 800-104)
	eval[any](tab, `PluraChat.reset()`)
	tab.wait(messages + `.length < 3`)
	tab.sized(720, 800-104)
	if keys := eval[string](tab, `Object.keys(localStorage).filter(key => key.endsWith(":wide")) + ""`); keys != "" {
		t.Errorf("after a reset, %s is stored", keys)
	}
	eval[any](tab, part("expand")+`.focus()`)
	tab.press(browser.Escape)
	tab.wait(`!` + visible(part("panel")))
	tab.reload()
	tab.launch()
	tab.wait(visible(part("expand")))
	tab.sized(384, 640)
}

// TestFeatureExpandWhere checks that there is no button where the panel fills the screen or the page determines its
// size, and that the attribute storage applies.
func TestFeatureExpandWhere(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	v := chromium.visitor(t)
	tab := v.open("about:blank")
	console := recordConsole(tab)
	tab.open(s.page("/", s.element(`expand=ON storage=none`)))
	tab.launch()
	tab.click(part("expand"))
	tab.sized(720, 800-104)
	if keys := eval[string](tab, `Object.keys(localStorage) + Object.keys(sessionStorage)`); keys != "" {
		t.Errorf("%s is stored", keys)
	}
	tab.size(390, 700)
	tab.wait(`!` + visible(part("expand")))
	tab.sized(390, 700)
	tab.size(1280, 800)
	tab.sized(720, 800-104)
	set := func(value string) {
		eval[any](tab, fmt.Sprintf(`document.querySelector("plura-chat").setAttribute("expand", %q)`, value))
	}
	set("off")
	tab.wait(`!` + part("expand"))
	tab.sized(384, 640)
	set("wide")
	warned(t, console, `attribute expand "wide" is not used; allowed: off, on`)
	set("on")
	tab.wait(visible(part("expand")))
	tab.sized(720, 800-104)
	eval[any](tab, `document.querySelector("plura-chat").setAttribute("mode", "inline")`)
	tab.wait(`!` + part("launcher"))
	if eval[bool](tab, `Boolean(`+part("expand")+`)`) {
		t.Error("an inline chat has the button")
	}

	still := chromium.visitor(t).open(s.page("/still", s.tag("data-expand=on")))
	still.emulate(look{width: 1280, height: 800, media: map[string]string{"prefers-reduced-motion": "reduce"}})
	still.launch()
	still.wait(visible(part("expand")))
	if size := eval[float64](still, part("expand")+`.click(), `+part("panel")+`.getBoundingClientRect().width`); size != 720 {
		t.Errorf("without motion, the panel is %v px wide at once", size)
	}
}

// TestFeatureExpandInFrame checks that the button in an iframe widens the iframe, also on the next page.
func TestFeatureExpandInFrame(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab, _ := framedPage(t, chromium, s, s.URL, `data-expand=on`)
	tab.wait(visible(part("launcher")))
	tab.click(part("launcher"))
	tab.clickInFrame("expand")
	tab.sized(720, 800-104)
	tab.size(390, 700)
	tab.sized(390, 700)
	tab.wait(`!` + visible(inFrame+`.querySelector("[part~=expand]")`))
	tab.size(1280, 800)
	tab.sized(720, 800-104)
	tab.reload()
	tab.wait(part("panel") + `?.localName == "iframe"`)
	tab.sized(720, 800-104)
	tab.clickInFrame("expand")
	tab.sized(384, 640)
}
