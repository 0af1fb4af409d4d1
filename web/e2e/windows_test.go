package e2e

import (
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/browser"
)

// TestKeysInAnyWindow checks that a tab gets the keys of its visitor as the active window does, also after another
// visitor's window was opened. The tests run several visitors at a time.
func TestKeysInAnyWindow(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		page := newSite(t, protocoltest.Options{}).page("/", `<button onclick="this.pressed = true">Press</button>`)
		first, second := e.visitor(t).open(page), e.visitor(t).open(page)
		for _, tab := range []*tab{first, second, first} {
			eval[any](tab, `document.querySelector("button").pressed = false`)
			eval[any](tab, `document.querySelector("button").focus()`)
			tab.press(browser.Enter)
			tab.wait(`document.querySelector("button").pressed`)
		}
	})
}
