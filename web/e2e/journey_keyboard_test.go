package e2e

import (
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/browser"
)

// keyboard is a journey without a mouse: the visitor reaches the launcher, chats, and is back at the launcher after
// Escape.
func keyboard(t *testing.T, e *engine) {
	s := newSite(t, protocoltest.Options{})
	tab := e.visitor(t).open(s.page("/", s.tag("")+`<button id=first>Before</button>`))
	tab.wait(visible(part("launcher")))

	eval[any](tab, `document.getElementById("first").focus()`)
	tab.press(browser.TabKey)
	tab.wait(focused("launcher"))
	tab.press(browser.Enter)
	tab.wait(visible(part("panel")))
	tab.wait(focused("input"))
	tab.wait(part("launcher") + `.getAttribute("aria-expanded") == "true"`)

	tab.press("One line" + browser.Shift + browser.Enter + "and another" + browser.Enter)
	tab.said("One line\nand another")
	tab.heard("You said: One line")
	if text := eval[string](tab, part("input")+`.value`); text != "" {
		t.Errorf("the composer still holds %q", text)
	}

	tab.press(browser.Escape)
	tab.wait(`!` + visible(part("panel")))
	tab.wait(focused("launcher"))
	tab.wait(part("launcher") + `.getAttribute("aria-expanded") == "false"`)
}

// focused returns an expression that is true if the part has the focus.
func focused(name string) string {
	return `(document.activeElement == document.querySelector("plura-chat") && ` + root + `.activeElement?.matches("[part~=` + name + `]"))`
}
