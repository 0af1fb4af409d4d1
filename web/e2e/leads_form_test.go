package e2e

import (
	"fmt"
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
	return eval[string](b, `(() => {
		const input = `+field(name)+`, told = `+root+`.getElementById(input.getAttribute("aria-describedby"));
		const isShown = told?.getClientRects().length > 0;
		return input.getAttribute("aria-invalid") == "true" && isShown ? told.textContent : "";
	})()`)
}

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
	want := []string{"https://example.com/privacy", "_blank", "noopener noreferrer nofollow"}
	if !slices.Equal(link, want) {
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
