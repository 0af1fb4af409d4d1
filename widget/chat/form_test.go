package chat

import (
	"strings"
	"testing"
	"time"

	"plurachat/widget/words"
)

func TestFormCheck(t *testing.T) {
	words := words.New("", "")
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600))
	parse := func(attrs map[string]string) Options {
		attrs["flow-id"] = testFlow
		o, warnings := ParseOptions(func(name string) (string, bool) { s, ok := attrs[name]; return s, ok }, Page{})
		if len(warnings) > 0 {
			t.Fatal(warnings)
		}
		return o
	}
	o := parse(map[string]string{"prechat": "first_name,email,company:Your firm*,phone", "country": "US"})
	f := newForm(&o, &words)
	var labels []string
	for _, field := range f.Fields {
		labels = append(labels, field.Label)
	}
	if got, want := strings.Join(labels, "|"), "First name (optional)|Email (optional)|Your firm|Phone"; got != want {
		t.Errorf("labels %q, want %q", got, want)
	}
	for _, tt := range []struct{ values, record, wrong string }{
		{`{"first_name":" Ann ","email":"a@b.co","company":"Acme","phone":"(202) 555-0123"}`, `{"first_name":"Ann","email":"a@b.co","company":"Acme","phone":"+12025550123"}`, ""},
		{`{"company":"Acme","phone":"+442079460958"}`, `{"company":"Acme","phone":"+442079460958"}`, ""},
		{`{"company":" ","phone":"12"}`, "", "company"},
		{`{"company":"Acme","phone":""}`, "", "phone"},
		{`{"company":"Acme","phone":"12"}`, "", "phone"},
		{`{"email":"nobody","company":"Acme","phone":"2025550123"}`, "", "email"},
		{``, "", "company"},
	} {
		record, again := f.check(now, &o, &words, tt.values, false)
		wrong := ""
		if again != nil {
			wrong = invalidField(again)
		}
		if record != tt.record || wrong != tt.wrong {
			t.Errorf("%s: %s, wrong %q; want %s, %q", tt.values, record, wrong, tt.record, tt.wrong)
		}
	}
	_, again := f.check(now, &o, &words, `{"company":"A","phone":"12"}`, false)
	if e := again.Fields[3].Error; !strings.Contains(e, "+1 202 555 0123") {
		t.Errorf("the error shows no example: %q", e)
	}

	o = parse(map[string]string{"prechat": "first_name", "consent": "required", "privacy-url": "https://example.com/privacy"})
	f = newForm(&o, &words)
	if len(f.Fields) != 2 || f.Fields[1].Name != "phone" || !f.Fields[1].Required || f.PrivacyURL != "https://example.com/privacy" {
		t.Errorf("%+v", f)
	}
	if _, again := f.check(now, &o, &words, `{"phone":"+12025550123"}`, false); again == nil || invalidField(again) != "consent" {
		t.Error("consent was not asked for")
	}
	record, _ := f.check(now, &o, &words, `{"phone":"+12025550123"}`, true)
	if want := `"consent":{"at":"2026-01-02T02:04:05Z","text":"I agree to the processing of my data as described in the Privacy Policy."}`; !strings.Contains(record, want) {
		t.Errorf("%s lacks %s", record, want)
	}
}

func TestLooksLikeEmail(t *testing.T) {
	for s, want := range map[string]bool{"a@b.co": true, "a.b+c@d-e.co.uk": true, "ü@ü.de": true, "a@b": false, "@b.co": false, "a b@c.de": false, "a@b@c.de": false, "a@.co": false, "": false, "a@b.": false} {
		if looksLikeEmail(s) != want {
			t.Errorf("looksLikeEmail(%q) = %v", s, !want)
		}
	}
}

// invalidField returns the name of the first field of a form that has an error, "consent" for the checkbox.
func invalidField(f *Form) string {
	for _, field := range f.Fields {
		if field.Error != "" {
			return field.Name
		}
	}
	if f.ConsentError != "" {
		return "consent"
	}
	return ""
}
