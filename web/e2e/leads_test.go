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
	"plurachat/web/e2e/browser"
)

// field returns an expression for an input of the pre-chat form.
func field(name string) string {
	return root + `?.querySelector("[part~=prechat] [name=` + name + `]")`
}

// openForm clicks the launcher and returns once the pre-chat form is visible.
func (b *tab) openForm() {
	b.t.Helper()
	b.wait(visible(part("launcher")))
	b.click(part("launcher"))
	b.wait(visible(part("prechat")))
}

// fill replaces the content of a field of the form.
func (b *tab) fill(name, text string) {
	b.t.Helper()
	b.click(field(name))
	b.press(browser.Control + "a" + text)
}

// start clicks the form's button.
func (b *tab) start() {
	b.t.Helper()
	const submit = root + `?.querySelector("[part~=prechat] [type=submit]")`
	eval[any](b, submit+`.scrollIntoView({block: "nearest"})`) // a long form scrolls
	b.click(submit)
}

// wrong returns the error that a screen reader reads for a field, or "".
func (b *tab) wrong(name string) string {
	b.t.Helper()
	return eval[string](b, `(() => { const input = `+field(name)+`, told = `+root+`.getElementById(input.getAttribute("aria-describedby"));
		return input.getAttribute("aria-invalid") == "true" && told?.getClientRects().length > 0 ? told.textContent : ""; })()`)
}

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

// TestPrechatForm checks the labels of the form, the error beside each field, and the record that the server gets. The
// flow greets the visitor by name.
func TestPrechatForm(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Demo{Hurry: true}.Options())
	const attributes = `data-prechat="first_name,email,phone,company:Company*" data-country="US"
		data-privacy-url="https://example.com/privacy" data-consent="required"`
	tab := chromium.visitor(t).open(s.page("/", s.tag(attributes)))
	tab.openForm()
	if n := s.flow.Dials() + s.flow.Count(protocoltest.Init); n != 0 {
		t.Errorf("the form alone made %d calls", n)
	}
	if hidden := eval[bool](tab, `!`+visible(part("composer"))+` && !`+visible(part("log"))); !hidden {
		t.Error("log or composer is there beside the form")
	}
	tab.checkFields()
	tab.makeMistakes()
	tab.forgetConsent()
	tab.click(root + consentBox)
	tab.start()
	tab.heard("Hi Ada!")
	tab.wait(`!` + part("prechat"))
	tab.wait(`document.activeElement?.shadowRoot?.activeElement == ` + part("input"))
	s.checkRecord(t)
	tab.say("How much is a new roof?")
	tab.heard("$")

	// The form is not shown again after a reload.
	tab.reload()
	tab.online()
	if eval[bool](tab, `Boolean(`+part("prechat")+`)`) || len(s.inits()) != 1 {
		t.Error("asked again after a reload")
	}
}

// checkFields checks what each field of the form is. The first one has the focus.
func (b *tab) checkFields() {
	b.t.Helper()
	type look struct{ Name, Label, Type, Autocomplete, Inputmode, Required string }
	got := eval[[]look](b, `[...`+part("prechat")+`.querySelectorAll("input:not([type=checkbox])")].map(input => ({
		Name: input.name, Label: input.labels[0]?.textContent, Type: input.type,
		Autocomplete: input.autocomplete, Inputmode: input.inputMode, Required: input.ariaRequired ?? ""}))`)
	want := []look{
		{"first_name", "First name (optional)", "text", "given-name", "", ""},
		{"email", "Email (optional)", "email", "email", "email", ""},
		{"phone", "Phone", "tel", "tel", "tel", "true"},
		{"company", "Company", "text", "organization", "", "true"},
	}
	if !slices.Equal(got, want) {
		b.t.Errorf("fields\n%v\nwant\n%v", got, want)
	}
	b.wait(`document.activeElement?.shadowRoot?.activeElement == ` + field("first_name"))
}

// makeMistakes sends the form with a wrong email address, a wrong phone number and no company, and checks what the
// visitor reads. The first field with an error gets the focus.
func (b *tab) makeMistakes() {
	b.t.Helper()
	b.fill("first_name", "Ada")
	b.fill("email", "nobody")
	b.fill("phone", "12")
	b.start()
	b.wait(field("email") + `.ariaInvalid == "true"`)
	for name, want := range map[string]string{
		"first_name": "", "email": "valid email", "phone": "+1 202 555 0123", "company": "fill in this field",
	} {
		if got := b.wrong(name); !strings.Contains(got, want) || want == "" && got != "" {
			b.t.Errorf("%s: told %q, want %q", name, got, want)
		}
	}
	b.wait(`document.activeElement?.shadowRoot?.activeElement == ` + field("email"))
}

// consentBox, after root, is an expression for the checkbox of the form.
const consentBox = `?.querySelector("[part~=prechat] [type=checkbox]")`

// forgetConsent corrects the form by keyboard, and sends it without the consent. It checks what the visitor reads, and
// where the privacy policy is.
func (b *tab) forgetConsent() {
	b.t.Helper()
	b.press(browser.Control + "a" + "ada@example.com" + browser.TabKey)
	b.press(browser.Control + "a" + "(202) 555-0123" + browser.TabKey + "Analytical Engines" + browser.Enter)
	b.wait(root + consentBox + `.ariaInvalid == "true"`)
	told := eval[string](b, root+`.getElementById(`+root+consentBox+`.getAttribute("aria-describedby")).textContent`)
	if !strings.Contains(told, "agree") {
		b.t.Errorf("the checkbox: told %q", told)
	}
	if wrong := b.wrong("email") + b.wrong("phone") + b.wrong("company"); wrong != "" {
		b.t.Errorf("errors stay: %s", wrong)
	}
	link := eval[[]string](b, `(a => [a.href, a.target, a.rel])(`+part("prechat")+`.querySelector("a"))`)
	if want := []string{"https://example.com/privacy", "_blank", "noopener noreferrer nofollow"}; !slices.Equal(link, want) {
		b.t.Errorf("the privacy link is %q", link)
	}
}

// checkRecord checks the record by which the form has initialised the session.
func (s *site) checkRecord(t *testing.T) {
	t.Helper()
	records := s.inits()
	if len(records) != 1 {
		t.Fatalf("%d initialisations", len(records))
	}
	consent, _ := records[0]["consent"].(map[string]any)
	delete(records[0], "consent")
	const want = "map[company:Analytical Engines email:ada@example.com first_name:Ada phone:+12025550123]"
	if got := fmt.Sprint(records[0]); got != want {
		t.Errorf("the record is %s", got)
	}
	if consent["at"] == nil || !strings.Contains(fmt.Sprint(consent["text"]), "Privacy Policy") {
		t.Errorf("the consent is %v", consent)
	}
}

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
