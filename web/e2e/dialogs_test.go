package e2e

import (
	"testing"

	"plurachat/protocol/protocoltest"
)

// TestBesideDialogs checks that a visitor can write in the chat while a dialog of MUI or Radix is open, which keeps the
// focus of the page, and that the dialog stays open.
func TestBesideDialogs(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	s.publish(t, buildProject(t, "modals", "vite"))
	for _, name := range []string{"mui", "radix"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tab := chromium.visitor(t).open(s.URL + "/")
			button, field := `document.querySelector("#`+name+`")`, `document.querySelector("#`+name+`-field")`
			tab.wait(visible(part("launcher")))
			tab.click(button)
			tab.click(field)
			tab.press("Ann")
			eval[any](tab, part("launcher")+`.dispatchEvent(new PointerEvent("pointerover", {bubbles: true, composed: true}))`)
			tab.wait(part("heading")) // the start module has run, which keeps events of the chat from the dialog
			tab.click(part("launcher"))
			tab.wait(focused("input"))
			tab.heard("Hi!")
			tab.say("hello")
			tab.heard("You said: hello")
			tab.picture("beside a dialog of " + name)
			tab.click(field)
			tab.press("e")
			tab.wait(field + `.value == "Anne"`)
		})
	}
}
