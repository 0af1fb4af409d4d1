package chat

import (
	"strings"
	"testing"
	"time"

	"plurachat/protocol/strictjson"
	"plurachat/widget/words"
)

// Each field has its own error text. An optional field may be empty.
func TestFormSaysWhatIsWrong(t *testing.T) {
	words := words.New()
	o := Options{Country: "US", Consent: true, PrivacyURL: "https://a.b/p", Prechat: []Field{
		{Name: "email", Required: true}, {Name: "first_name"}, {Name: "company", Label: "Your firm"}, {Name: "house_number"}}}
	f := newForm(&o, &words)
	var labels []string
	for _, field := range f.Fields {
		labels = append(labels, field.Label)
	}
	if got := strings.Join(labels, ", "); got != "Email, First name (optional), Your firm (optional), house number (optional), Phone" {
		t.Errorf("labels %s", got)
	}
	if f.PrivacyURL != "https://a.b/p" || f.Privacy != "Privacy Policy" || f.Consent != "I agree to the processing of my data as described in the {privacy}." {
		t.Errorf("%+v", f)
	}
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		values string
		agreed bool
		want   string // the errors, by field
		first  string
	}{
		{`{}`, false, "email: Please fill in this field.; phone: Please fill in this field.; consent", "email"},
		{`not JSON`, true, "email: Please fill in this field.; phone: Please fill in this field.", "email"},
		{`{"email":"a@b.co","phone":" "}`, true, "phone: Please fill in this field.", "phone"},
		{`{"email":"a@b","phone":"1"}`, true, "email: Please enter a valid email address.; phone: Please enter a full phone number, for example +1 202 555 0123.", "email"},
		{`{"email":" a@b.co ","phone":"(202) 555-0123"}`, false, "consent", "consent"},
		{`{"email":" a@b.co ","phone":"(202) 555-0123","first_name":" Ann "}`, true, "", ""},
	} {
		record, again := f.check(now, &o, &words, c.values, c.agreed)
		if (again == nil) != (c.want == "") || (record == "") != (c.want != "") {
			t.Errorf("%s: %q, %+v", c.values, record, again)
		}
		if again == nil {
			v, err := strictjson.Parse(record)
			if err != nil || v.Get("email").Text() != "a@b.co" || v.Get("phone").Text() != "+12025550123" || v.Get("first_name").Text() != "Ann" ||
				v.Get("consent").Get("at").Text() != "2026-03-02T10:00:00Z" {
				t.Errorf("%s: the record is %s", c.values, record)
			}
			continue
		}
		var wrong []string
		for _, field := range again.Fields {
			if field.Error != "" {
				wrong = append(wrong, field.Name+": "+field.Error)
			}
		}
		if again.ConsentError != "" {
			wrong = append(wrong, "consent")
		}
		if got := strings.Join(wrong, "; "); got != c.want || invalidField(again) != c.first || again.Busy || len(again.Fields) != 5 {
			t.Errorf("%s: wrong is %s, first %s", c.values, got, invalidField(again))
		}
		// The submitted form is the same form without errors.
		busy := again.busy(true)
		if !busy.Busy || invalidField(busy) != "" || !busy.Matches(again) || busy.Original != f {
			t.Errorf("%s: under way it is %+v", c.values, busy)
		}
		// Errors of an earlier submission are gone.
		if _, third := again.check(now, &o, &words, `{"email":"a@b.co","phone":"1"}`, true); invalidField(third) != "phone" || third.ConsentError != "" || third.Fields[0].Error != "" {
			t.Errorf("%s: the next time, wrong is %+v", c.values, third)
		}
	}
}

// A form that differs in anything visible does not match.
func TestFormsThatDiffer(t *testing.T) {
	words := words.New()
	o := Options{Consent: true, PrivacyURL: "https://a.b/p", Prechat: []Field{{Name: "email"}}}
	base := newForm(&o, &words)
	if !base.Matches(newForm(&o, &words)) || !base.Matches(base.busy(true)) {
		t.Error("the same form is another one")
	}
	for name, change := range map[string]func(*Form){
		"intro": func(f *Form) { f.Intro = "x" }, "submit": func(f *Form) { f.Submit = "x" }, "consent": func(f *Form) { f.Consent = "x" },
		"privacy": func(f *Form) { f.Privacy = "x" }, "link": func(f *Form) { f.PrivacyURL = "x" }, "fewer": func(f *Form) { f.Fields = f.Fields[:1] },
		"name": func(f *Form) { f.Fields[0].Name = "x" }, "label": func(f *Form) { f.Fields[0].Label = "x" }, "required": func(f *Form) { f.Fields[0].Required = true },
	} {
		other := newForm(&o, &words)
		if change(other); base.Matches(other) || other.Matches(base) {
			t.Errorf("%s: the same form", name)
		}
	}
}

// An address is rejected only if it is certainly wrong.
func TestEmails(t *testing.T) {
	for address, want := range map[string]bool{
		"a@b.co": true, "a+b@c.d.e": true, "é@ü.de": true, "a.b@c.d": true,
		"": false, "a": false, "@b.co": false, "a@": false, "a@b": false, "a@b.": false, "a@.co": false, "a@b.co,c@d.co": false, "a b@c.de": false, "a@b@c.de": false,
		"<a@b.co>": false, "a@b.co;": false, "a\t@b.co": false, "a@(b).co": false, "a\n@b.co": false,
	} {
		if looksLikeEmail(address) != want {
			t.Errorf("%q: %v", address, !want)
		}
	}
}
