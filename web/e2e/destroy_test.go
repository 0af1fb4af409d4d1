package e2e

import (
	"testing"

	"plurachat/protocol/protocoltest"
)

// TestDestroyInListener checks that a page can destroy a widget in a listener of one of the widget's events, and that
// nothing of the widget runs afterwards.
func TestDestroyInListener(t *testing.T) {
	t.Parallel()
	for name, listener := range map[string]string{
		"ready":      `addEventListener("plura-chat:ready", event => end(event))`,
		"connecting": `addEventListener("plura-chat:status", event => event.detail.state == "connecting" && end(event))`,
		"message":    `addEventListener("plura-chat:message", event => end(event))`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			tab := chromium.visitor(t).open(s.page("/", `<script>{ const end = event => { if (!document.old) { document.old = event.target; event.target.destroy(); } }; `+listener+` }</script>`+s.element(`open storage="session"`)))
			tab.wait(`!document.querySelector("plura-chat")`)
			// If the old widget were still running, it would open a socket before the new one gets its answer.
			eval[any](tab, `(chat => { sessionStorage.clear(); chat.removeAttribute("open"); document.body.append(chat); })(document.old.cloneNode())`)
			converse(tab)
			if err := s.flow.WaitLive(patience, 1); err != nil {
				t.Errorf("the socket is still open: %v", err)
			}
		})
	}
}

// TestEndedElementIsNotMissed checks that a script tag without a flow writes no warning if the page has had an element.
func TestEndedElementIsNotMissed(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab := chromium.visitor(t).open(s.page("/", s.element("")))
	tab.wait(visible(part("launcher")))
	eval[any](tab, `PluraChat.destroy()`)
	tab.wait(`!document.querySelector("plura-chat")`)
	tab.wait(`performance.now() > 6000`) // the warning would come after 5 s
	tab.settle()
}

// TestEndBeforeWordsCome checks that a widget can be ended or begun anew while it waits for the words of a language.
func TestEndBeforeWordsCome(t *testing.T) {
	t.Parallel()
	words := file(t, `^plura-chat-de-.*\.json$`)
	for name, end := range map[string]string{
		"destroyed":   `(() => { const old = document.querySelector("plura-chat"), fresh = old.cloneNode(); fresh.removeAttribute("open"); PluraChat.destroy(); document.body.append(fresh); })()`,
		"begun anew":  `document.querySelector("plura-chat").setAttribute("reconnect", "false")`,
		"taken apart": `document.querySelector("plura-chat").setAttribute("flow-id", "00000000-0000-4000-8000-000000000001")`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			release := s.hold(words.Name)
			t.Cleanup(release)
			tab := chromium.visitor(t).open(s.page("/", s.element("")))
			converse(tab)
			eval[any](tab, `document.querySelector("plura-chat").setAttribute("lang", "de")`)
			// Once this evaluation returns, the observer of attributes has run.
			eval[any](tab, end)
			release()
			tab.wait(`performance.getEntriesByType("resource").some(({name}) => name.endsWith("` + words.Name + `"))`)
			if !eval[bool](tab, visible(part("panel"))) {
				tab.click(part("launcher"))
			}
			tab.heard("How can I help")
			tab.click(part("input"))
			tab.say("again")
			tab.heard("You said: again")
		})
	}
}
