package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/browser"
)

// TestFocusIsKept checks that the focus stays in the chat when the control that has it goes.
func TestFocusIsKept(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		t.Run("a failed message", func(t *testing.T) {
			for _, do := range []string{"retry", "remove"} {
				keepsFocusAtFailedMessage(t, e, do)
			}
		})
		t.Run("a notice", func(t *testing.T) { keepsFocusAtNotice(t, e) })
		t.Run("start.js is missing", func(t *testing.T) { keepsFocusWithoutStart(t, e) })
		t.Run("the teaser", func(t *testing.T) { keepsFocusAtTeaser(t, e) })
	})
}

// keepsFocusAtFailedMessage presses a button of a message that has failed, which goes then: retry or remove.
func keepsFocusAtFailedMessage(t *testing.T, e *engine, do string) {
	t.Helper()
	s := newSite(t, protocoltest.Options{})
	stored := fmt.Sprintf(`{"v":1,"at":%d,"conversation":{"flow":%q,`+
		`"entries":[{"key":"k","kind":1,"state":2,"text":"Lost","at":%[1]d}]}}`, time.Now().UnixMilli(), flow)
	store := fmt.Sprintf(`<script>localStorage[%q] ??= %q</script>`, "plura-chat:"+flow, stored)
	tab := e.visitor(t).open(s.page("/", store+s.tag("")))
	tab.launch()
	button := root + `.querySelector("[data-do=` + do + `]")`
	tab.wait(button)
	if name := eval[string](tab, button+`.getAttribute("aria-label")`); !strings.HasSuffix(name, ": Lost") {
		t.Errorf("the button is named %q", name)
	}
	eval[any](tab, button+`.focus()`)
	tab.press(browser.Enter)
	tab.wait(`!` + button)
	tab.wait(focused("input"))
}

// keepsFocusAtNotice presses the button of a notice, which goes because the server works again.
func keepsFocusAtNotice(t *testing.T, e *engine) {
	t.Helper()
	s := newSite(t, protocoltest.Options{})
	s.allow("plura-chat: ")
	s.flow.FailInits(-1, protocoltest.Failure{Status: 503, RetryAfter: "1"}) // else the tries take half a minute
	tab := e.visitor(t).open(s.page("/", s.tag(`data-record='{"phone":"+12025550123"}'`)))
	tab.wait(visible(part("launcher")))
	tab.click(part("launcher"))
	const button = root + `.querySelector("[part~=notice] button")`
	tab.waitFor(2*patience, button)
	eval[any](tab, button+`.focus()`)
	s.flow.FailInits(0, protocoltest.Failure{})
	tab.press(browser.Enter)
	tab.wait(`!` + button)
	tab.wait(focused("input"))
}

// keepsFocusWithoutStart presses the button that loads start.js once more, and lets the page do the same while the
// button has the focus. Each time a new notice replaces the one with the button.
func keepsFocusWithoutStart(t *testing.T, e *engine) {
	t.Helper()
	s := newSite(t, protocoltest.Options{})
	s.allow("plura-chat: ")
	s.allow("error: ")
	s.gone(startModule(t), true)
	tab := e.visitor(t).open(s.page("/", s.tag("")))
	tab.wait(visible(part("launcher")))
	tab.click(part("launcher"))
	tab.wait(visible(part("retry")))
	// It is tried once more without an act of the visitor, unless the button has the focus.
	tab.wait(`!!` + part("retry") + `?.focus() || ` + focused("retry"))
	const marked = "document.retry"
	eval[any](tab, marked+` = `+part("retry"))
	tab.press(browser.Enter)
	tab.wait(focused("input"))
	tab.wait(visible(part("retry")) + ` && ` + part("retry") + ` != ` + marked)

	// The page may load the chat while the button has the focus.
	eval[any](tab, part("retry")+`.focus()`)
	eval[any](tab, `(`+marked+` = `+part("retry")+`, PluraChat.send("Hello").catch(() => {}), 0)`)
	tab.wait(part("retry") + ` != ` + marked + ` && ` + focused("input"))
}

// keepsFocusAtTeaser dismisses a teaser, which gives the focus to the launcher, and accepts another one, which leaves
// the focus in the composer.
func keepsFocusAtTeaser(t *testing.T, e *engine) {
	t.Helper()
	s := newSite(t, protocoltest.Options{})
	tab := e.visitor(t).open(s.page("/", s.tag(`data-teaser="100ms"`)))
	tab.wait(visible(part("teaser")))
	if role := eval[string](tab, part("teaser")+`.getAttribute("role")`); role != "status" {
		t.Errorf("the teaser's role is %q", role)
	}
	eval[any](tab, part("dismiss")+`.focus()`)
	tab.press(browser.Escape)
	tab.wait(`!` + part("teaser"))
	tab.wait(focused("launcher"))

	tab = e.visitor(t).open(s.page("/", s.tag(`data-teaser="100ms"`)))
	tab.wait(visible(part("invite")))
	tab.click(part("invite"))
	tab.wait(`!` + part("teaser"))
	tab.online()
	tab.wait(focused("input"))
}
