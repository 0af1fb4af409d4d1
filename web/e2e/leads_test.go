package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
)

// inits returns the records of all requests to initialise a session, including the refused ones.
func (s *site) inits() (records []map[string]any) {
	for _, e := range s.flow.Log(protocoltest.Init) {
		var body struct {
			Record map[string]any `json:"record"`
		}
		_ = json.Unmarshal([]byte(e.Raw), &body)
		records = append(records, body.Record)
	}
	return records
}

// dividers is an expression for the texts of the dividers in the log, without those of days.
const dividers = `[...(` + root + `?.querySelectorAll("[part~=divider]:not(.day)") ?? [])].map(e => e.textContent)`

// TestRecordAttribute checks that a session is initialised once for each value of the attribute record.
func TestRecordAttribute(t *testing.T) {
	t.Parallel()
	const record = `{"phone":"+15551234567","first_name":"Ada","score":12345678901234567890.50,"tags":["a",{"b":null}]}`
	s := newSite(t, protocoltest.Demo{Hurry: true}.Options())
	tab := chromium.visitor(t).open(s.page("/", s.tag(`data-record='`+record+`'`)))
	tab.launch()
	tab.heard("Hi Ada!")
	if inits := s.flow.Log(protocoltest.Init); len(inits) != 1 || !strings.Contains(inits[0].Raw, record) {
		t.Errorf("initialised with %v\nwant the record as it is written", inits)
	}
	tab.say("hello")
	tab.said("hello")
	tab.reload()
	tab.online()
	if n := len(s.inits()); n != 1 {
		t.Errorf("%d initialisations after a reload", n)
	}
	eval[any](tab, `document.querySelector("plura-chat").setAttribute("record", '{"phone":"+15550000000","first_name":"Grace"}')`)
	tab.heard("Hi Grace!")
	tab.heard("Hi Ada!") // the first greeting is still there
	if got := eval[[]string](tab, dividers); !slices.Equal(got, []string{"New conversation"}) {
		t.Errorf("dividers %q", got)
	}
	if n := len(s.inits()); n != 2 {
		t.Errorf("%d initialisations for two records", n)
	}
}

// TestIdentifyInMidConversation checks that identify, called during a conversation, begins a new one below a divider,
// once for each record.
func TestIdentifyInMidConversation(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Demo{Hurry: true}.Options())
	tab := chromium.visitor(t).open(s.page("/", s.tag("")))
	tab.launch()
	tab.heard("Hi there!")
	tab.say("Is slate expensive?")
	tab.said("Is slate expensive?")
	const identify = `PluraChat.identify({phone: "+15551234567", first_name: "Ada", lot: {size: 12.50}}).then(r => r.sessionId)`
	session := eval[string](tab, identify)
	tab.heard("Hi Ada!")
	if got := eval[[]string](tab, dividers); !slices.Equal(got, []string{"New conversation"}) {
		t.Errorf("dividers %q", got)
	}
	if all := tab.transcript(); all[0].From != "agent" || all[1].Text != "Is slate expensive?" {
		t.Errorf("above the divider:\n%s", lines(all))
	}
	if got := fmt.Sprint(s.flow.Record(session)); got != "map[first_name:Ada lot:map[size:12.5] phone:+15551234567]" {
		t.Errorf("the server has %s", got)
	}
	// Pages call identify on every page view.
	for _, when := range []string{"again", "after a reload"} {
		if when != "again" {
			tab.reload()
			tab.online()
		}
		again := eval[string](tab, `Promise.race([`+identify+`, new Promise(done => setTimeout(done, 5000, "nothing, for 5 s"))])`)
		if again != session {
			t.Errorf("%s, identify resolves with %s, want %s", when, again, session)
		}
	}
	if n := len(s.inits()); n != 1 {
		t.Errorf("%d initialisations for one record", n)
	}
	tab.click(part("input"))
	tab.say("thanks")
	tab.said("thanks")
	if got := s.flow.Messages(session); !slices.Equal(got, []string{"thanks"}) {
		t.Errorf("the identified conversation has %q", got)
	}
}

// TestOwnServerHandsOver checks that the widget uses a session that the site's own server has initialised. The
// visitor's phone number is then never in the page.
func TestOwnServerHandsOver(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Demo{Hurry: true}.Options())
	initialise := func(name string) (instance, session string) {
		body := fmt.Sprintf(`{"record":{"phone":"+15551234567","first_name":%q},"flow_id":%q}`, name, flow)
		answer, err := http.Post(s.URL+"/webchat/session", "application/json", bytes.NewReader([]byte(body)))
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		var r struct{ Flow_id, Session string }
		if err := json.NewDecoder(answer.Body).Decode(&r); err != nil {
			t.Fatal(err)
		}
		return r.Flow_id, r.Session
	}
	page := func(instance, session string) string {
		return s.page("/", s.tag(`data-flow-instance="`+instance+`" data-session="`+session+`"`))
	}
	instance, session := initialise("Ada")
	tab := chromium.visitor(t).open(page(instance, session))
	tab.launch()
	tab.heard("Hi Ada!")
	tab.say("hello")
	tab.said("hello")
	before := tab.transcript()
	tab.reload()
	tab.online()
	tab.wait(messages + `.length > 1`)
	if got := tab.transcript(); !slices.Equal(got[:2], before[:2]) {
		t.Errorf("after a reload:\n%s", lines(got))
	}

	second, other := initialise("Grace")
	page(second, other)
	tab.reload()
	tab.heard("Hi Grace!")
	if got := eval[[]string](tab, dividers); !slices.Equal(got, []string{"New conversation"}) {
		t.Errorf("dividers %q", got)
	}
	if first := tab.transcript()[0]; !strings.Contains(first.Text, "Hi Ada!") {
		t.Errorf("the transcript begins with %q", first.Text)
	}
	tab.reload()
	tab.online()
	tab.wait(messages + `.length > 2`)
	if got := eval[[]string](tab, dividers); len(got) != 1 {
		t.Errorf("dividers after another reload: %q", got)
	}
	// The storage has one key for the flow, not one for each flow instance.
	if keys := eval[[]string](tab, `Object.keys(localStorage)`); !slices.Equal(keys, []string{"plura-chat:" + flow}) {
		t.Errorf("keys in the storage: %q", keys)
	}
	for _, e := range s.flow.Log(protocoltest.Dial) {
		if e.Session == "" || e.Flow != map[string]string{session: instance, other: second}[e.Session] {
			t.Errorf("dialled flow %s for session %q", e.Flow, e.Session)
		}
	}
	if n := s.flow.Count(protocoltest.Init); n != 2 {
		t.Errorf("%d initialisations, of which the page made %d", n, n-2)
	}
}
