package e2e

import (
	"testing"

	"plurachat/protocol/protocoltest"
)

// storageForbidden is a journey: if the browser refuses storage, the chat works, but a reload begins a new
// conversation.
func storageForbidden(t *testing.T, e *engine) {
	s := newSite(t, protocoltest.Options{})
	s.page("/", `<script>
		for (const name of ["localStorage", "sessionStorage"]) {
			Object.defineProperty(window, name, {get() { throw new DOMException("forbidden", "SecurityError"); }});
		}
	</script>`+s.tag(""))
	tab := e.visitor(t).open(s.URL + "/")
	tab.launch()
	tab.heard("How can I help")
	tab.say("Anybody there?")
	tab.said("Anybody there?")
	tab.heard("You said: Anybody there?")

	tab.reload()
	tab.wait(visible(part("launcher")))
	if eval[bool](tab, visible(part("panel"))) {
		t.Error("the panel is open after a reload, which nothing can have remembered")
	}
	tab.launch()
	tab.heard("How can I help")
	if got := tab.transcript(); len(got) != 1 {
		t.Errorf("the new conversation begins with\n%s", lines(got))
	}
	if n := len(s.flow.Sessions()); n != 2 {
		t.Errorf("%d sessions, want 2", n)
	}
}
