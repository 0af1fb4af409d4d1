package chat

import (
	"slices"
	"strings"
	"time"

	"plurachat/protocol"
	"plurachat/protocol/strictjson"
	"plurachat/widget/words"
)

// Form is the pre-chat form as it is shown. A Form is immutable: a change makes a new one.
type Form struct {
	Intro        string
	Fields       []FormField
	Consent      string // text beside the checkbox, with "{privacy}" in place of the link; empty: no checkbox
	Privacy      string // text of the privacy link; empty: no link
	PrivacyURL   string // target of the privacy link
	ConsentError string // error of the checkbox; empty: none
	Submit       string // label of the button
	Busy         bool   // it was submitted, and there is no answer yet

	Original *Form // the form before any input; a different Original means a new form, which starts empty
}

// FormField is one field of a [Form].
type FormField struct {
	Name     string
	Label    string
	Required bool
	Error    string // empty: none
}

// newForm returns the form that the options describe.
func newForm(o *Options, words *words.Language) *Form {
	f := &Form{Intro: words.Get("prechatIntro"), Submit: words.Get("start")}
	f.Original = f
	for _, field := range o.Prechat {
		if f.has(field.Name) || o.Consent && field.Name == "consent" {
			continue // a JSON object has each name once
		}
		f.Fields = append(f.Fields, formField(field, words))
	}
	if !f.has("phone") { // a session cannot be initialised without a phone number
		f.Fields = append(f.Fields, formField(Field{Name: "phone", Required: true}, words))
	}
	if o.PrivacyURL != "" {
		f.Privacy, f.PrivacyURL = words.Get("privacy"), o.PrivacyURL
	}
	if o.Consent {
		f.Consent = words.Get("consent", "privacy", "{privacy}")
	}
	return f
}

// has reports whether the form has a field of that name.
func (f *Form) has(name string) bool {
	return slices.ContainsFunc(f.Fields, func(field FormField) bool { return field.Name == name })
}

// Matches reports whether two forms are equal except for errors and Busy.
func (f *Form) Matches(g *Form) bool {
	return f.Intro == g.Intro && f.Submit == g.Submit && f.Consent == g.Consent && f.Privacy == g.Privacy &&
		f.PrivacyURL == g.PrivacyURL && slices.EqualFunc(f.Fields, g.Fields, func(a, b FormField) bool {
		return a.Name == b.Name && a.Label == b.Label && a.Required == b.Required
	})
}

// formField returns a field with its label.
func formField(field Field, words *words.Language) FormField {
	label := field.Label
	if label == "" {
		switch field.Name {
		case "first_name", "last_name", "email", "phone", "company":
			label = words.Get(field.Name)
		default:
			label = strings.ReplaceAll(field.Name, "_", " ")
		}
	}
	if !field.Required {
		label = words.Get("optional", "label", label)
	}
	return FormField{Name: field.Name, Label: label, Required: field.Required}
}

// check validates the visitor's input. values is a JSON object of strings. It returns the lead data, or a Form with the
// errors.
func (f *Form) check(
	now time.Time, o *Options, words *words.Language, values string, agreed bool,
) (record string, again *Form) {
	given, _ := strictjson.Parse(values)
	next := *f
	next.Fields, next.ConsentError, next.Busy = nil, "", false
	wrong := false
	var w strictjson.Writer
	w.Open('{')
	for _, field := range f.Fields {
		value := strings.TrimSpace(given.Get(field.Name).Text())
		field.Error = ""
		switch {
		case value == "" && field.Required:
			field.Error = words.Get("required")
		case value == "":
		case field.Name == "phone":
			if e164, ok := parsePhone(value, o.Country); ok {
				value = e164
			} else {
				field.Error = words.Get("phoneBad", "example", phoneExample(o.Country))
			}
		case field.Name == "email" && !looksLikeEmail(value):
			field.Error = words.Get("emailBad")
		}
		wrong = wrong || field.Error != ""
		w.TextMember(field.Name, value)
		next.Fields = append(next.Fields, field)
	}
	if f.Consent != "" {
		if !agreed {
			next.ConsentError, wrong = words.Get("consentNeeded"), true
		}
		w.Key("consent")
		w.Open('{')
		w.TextMember("at", string(protocol.AppendStamp(nil, now))+"Z")
		w.TextMember("text", strings.ReplaceAll(f.Consent, "{privacy}", words.Get("privacy")))
		w.Close('}')
	}
	w.Close('}')
	if wrong {
		return "", &next
	}
	return string(w.Buf), nil
}

// busy returns the form without errors and with the given Busy.
func (f *Form) busy(on bool) *Form {
	next := *f
	next.Busy, next.ConsentError = on, ""
	next.Fields = nil
	for _, field := range f.Fields {
		field.Error = ""
		next.Fields = append(next.Fields, field)
	}
	return &next
}

// looksLikeEmail reports whether s has the shape of an e-mail address. It rejects only obvious mistakes.
func looksLikeEmail(s string) bool {
	name, host, ok := strings.Cut(s, "@")
	return ok && name != "" && strings.Contains(strings.Trim(host, "."), ".") &&
		strings.IndexByte(host, '@') < 0 && !strings.ContainsAny(s, " \t\n,;<>()")
}
