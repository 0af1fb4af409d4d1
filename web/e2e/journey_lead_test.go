package e2e

import (
	"fmt"
	"testing"

	"plurachat/protocol/protocoltest"
)

// leadForm is a journey: the form cannot be sent without a phone number, and the flow greets the visitor by name.
func leadForm(t *testing.T, e *engine) {
	s := newSite(t, protocoltest.Options{})
	tab := e.visitor(t).open(s.page("/", s.tag(`data-prechat="first_name,phone" data-country="US"`)))
	tab.wait(visible(part("launcher")))
	tab.click(part("launcher"))
	tab.wait(visible(part("prechat")))
	if n := s.flow.Dials() + s.flow.Count(protocoltest.Init); n != 0 {
		t.Errorf("the form alone made %d calls", n)
	}

	field := func(name string) string { return part(`prechat] [name=` + name) }
	tab.click(field("first_name"))
	tab.press("Ada")
	tab.click(part(`prechat] [type=submit`))
	tab.wait(field("phone") + `.getAttribute("aria-invalid") == "true"`)
	tab.wait(`(() => { const id = ` + field("phone") + `.getAttribute("aria-describedby"); return id && ` + root + `.getElementById(id.split(" ").at(-1)).textContent; })()`)

	tab.click(field("phone"))
	tab.press("(555) 123-4567")
	tab.click(part(`prechat] [type=submit`))
	tab.online()
	tab.heard("Ada")
	sessions := s.flow.Sessions()
	if len(sessions) != 1 {
		t.Fatalf("%d sessions, want 1", len(sessions))
	}
	if record := fmt.Sprint(s.flow.Record(sessions[0])); record != "map[first_name:Ada phone:+15551234567]" {
		t.Errorf("the record is %s", record)
	}
	if eval[bool](tab, `JSON.stringify({...localStorage}).includes("5551234567")`) {
		t.Error("the phone number is in the storage")
	}
	tab.say("Hello")
	tab.heard("You said: Hello")
}
