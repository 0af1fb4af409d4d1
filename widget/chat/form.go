package chat

import (
	"slices"
	"strings"
	"time"

	"plurachat/protocol"
	"plurachat/protocol/strictjson"
	"plurachat/widget/words"
)

// Form is the pre-chat form as it is shown. A Form is never changed: what
// changes on the screen is another Form.
type Form struct {
	Intro   string
	Fields  []FormField
	Consent string // the text beside the checkbox, "{privacy}" standing for the link; empty: there is no box
	Privacy string // the link's text; empty: there is none
	Link    string // where it leads
	Missing string // what is wrong with the consent; empty: nothing
	Submit  string // the button's text
	Busy    bool   // it was sent

	Original *Form // the form as it was first shown: one with another Original begins empty
}

// FormField is one field of a [Form].
type FormField struct {
	Name     string
	Label    string
	Required bool
	Error    string // empty: nothing is wrong
}

// newForm makes the form that the owner asked for.
func newForm(o *Options, words *words.Language) *Form {
	f := &Form{Intro: words.Get("prechatIntro"), Submit: words.Get("start")}
	f.Original = f
	for _, field := range o.Prechat {
		if f.has(field.Name) || o.Consent && field.Name == "consent" {
			continue // a record has each name once
		}
		f.Fields = append(f.Fields, formField(field, words))
	}
	if !f.has("phone") { // a session cannot be initialised without
		f.Fields = append(f.Fields, formField(Field{Name: "phone", Required: true}, words))
	}
	if o.PrivacyURL != "" {
		f.Privacy, f.Link = words.Get("privacy"), o.PrivacyURL
	}
	if o.Consent {
		f.Consent = words.Get("consent", "privacy", "{privacy}")
	}
	return f
}

// has reports whether there is a field of that name.
func (f *Form) has(name string) bool {
	return slices.ContainsFunc(f.Fields, func(field FormField) bool { return field.Name == name })
}

// Like reports whether another form differs in nothing but what is wrong with
// it and whether it was sent.
func (f *Form) Like(g *Form) bool {
	return f.Intro == g.Intro && f.Submit == g.Submit && f.Consent == g.Consent && f.Privacy == g.Privacy && f.Link == g.Link &&
		slices.EqualFunc(f.Fields, g.Fields, func(a, b FormField) bool {
			return a.Name == b.Name && a.Label == b.Label && a.Required == b.Required
		})
}

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

// check reads what the visitor has filled in. values is a JSON object of texts.
// It returns the lead data, or a Form that says what is wrong.
func (f *Form) check(now time.Time, o *Options, words *words.Language, values string, agreed bool) (record string, again *Form) {
	given, _ := strictjson.Parse(values)
	next := *f
	next.Fields, next.Missing, next.Busy = nil, "", false
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
			if e164, ok := ParsePhone(value, o.Country); ok {
				value = e164
			} else {
				field.Error = words.Get("phoneBad", "example", PhoneExample(o.Country))
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
			next.Missing, wrong = words.Get("consentNeeded"), true
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

// busy is the form while it is under way.
func (f *Form) busy(on bool) *Form {
	next := *f
	next.Busy, next.Missing = on, ""
	next.Fields = nil
	for _, field := range f.Fields {
		field.Error = ""
		next.Fields = append(next.Fields, field)
	}
	return &next
}

// firstWrong is the name of the first field that something is wrong with;
// "consent" for the checkbox, empty if nothing is.
func (f *Form) firstWrong() string {
	for _, field := range f.Fields {
		if field.Error != "" {
			return field.Name
		}
	}
	if f.Missing != "" {
		return "consent"
	}
	return ""
}

// looksLikeEmail is as strict as a form should be: only the address's owner knows
// whether it is one.
func looksLikeEmail(s string) bool {
	name, host, ok := strings.Cut(s, "@")
	return ok && name != "" && strings.Contains(strings.Trim(host, "."), ".") && !strings.ContainsAny(s, " \t\n,;<>()") && strings.Count(s, "@") == 1
}
