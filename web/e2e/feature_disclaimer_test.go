package e2e

import (
	"fmt"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
)

// TestFeatureDisclaimer checks that the disclaimer is above the composer from the first opening on, describes the
// panel, and follows the attribute and the language.
func TestFeatureDisclaimer(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab := chromium.visitor(t).open("about:blank")
	console := recordConsole(tab)
	tab.open(s.page("/", s.element(`disclaimer=AI starters="Yes|No" prechat=phone`)))
	set := func(name, value string) {
		eval[any](tab, fmt.Sprintf(`document.querySelector("plura-chat").setAttribute(%q, %q)`, name, value))
	}
	said := func(text string) {
		t.Helper()
		tab.wait(fmt.Sprintf(`%s?.textContent == %q`, part("disclaimer"), text))
		tab.wait(`(panel => panel.getRootNode().getElementById(panel.getAttribute("aria-describedby")))(` + part("panel") + `) == ` + part("disclaimer"))
	}
	tab.openForm()
	said(wordsOf(t, "en")["aiNotice"])
	if !eval[bool](tab, visible(part("disclaimer"))) {
		t.Error("the disclaimer is not visible below the form")
	}
	tab.fill("phone", "+15551234567")
	tab.start()
	tab.wait(visible(part("starters")) + ` && ` + visible(part("composer")))
	inOrder(tab, "log", "dock", "starters", "disclaimer", "composer")

	set("lang", "de")
	said(wordsOf(t, "de")["aiNotice"])
	set("disclaimer", " Prices are estimates. ")
	said("Prices are estimates.")
	set("disclaimer", strings.Repeat("é", 205))
	said(strings.Repeat("é", 200))
	set("lang", "fr")
	set("disclaimer", "None")
	tab.wait(`!` + part("disclaimer") + ` && !` + part("panel") + `.hasAttribute("aria-describedby")`)
	set("disclaimer", "ai")
	said(wordsOf(t, "fr")["aiNotice"])
	eval[any](tab, `document.querySelector("plura-chat").removeAttribute("disclaimer")`)
	tab.wait(`!` + part("disclaimer") + ` && !` + part("panel") + `.hasAttribute("aria-describedby")`)
	warned(t, console, `attribute disclaimer "ééééé" is not used; allowed: ai, or a text of at most 200 characters`)
}

// TestFeatureDisclaimerInFrame checks that the panel in an iframe has the disclaimer, in the language of the page.
func TestFeatureDisclaimerInFrame(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab, _ := framedPage(t, chromium, s, s.URL, `data-disclaimer=ai data-lang=it`)
	tab.wait(visible(part("launcher")))
	tab.click(part("launcher"))
	tab.wait(fmt.Sprintf(`%s?.querySelector("[part~=disclaimer]")?.textContent == %q`, inFrame, wordsOf(t, "it")["aiNotice"]))
}
