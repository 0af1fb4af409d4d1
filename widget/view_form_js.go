package widget

import (
	"strings"
	"syscall/js"

	"plurachat/protocol/strictjson"
	"plurachat/widget/chat"
)

// formView is the pre-chat form in the page. What the visitor types stays in
// its inputs and nowhere else.
type formView struct {
	root    element
	shown   *chat.Form
	inputs  []element // one for each field
	errors  []element
	agree   element // the checkbox; nil: there is none
	missing element
	submit  element
}

// showForm shows a form, brings it up to date, or takes it away.
func (v *view) showForm(f *chat.Form) {
	if f == nil {
		if v.form != nil {
			v.form.root.Remove()
			v.form = nil
		}
		return
	}
	if was := v.form; was == nil || !was.shown.Matches(f) || was.shown.Original != f.Original {
		v.makeForm(f)
		if was != nil {
			was.root.Remove()
			if was.shown.Original == f.Original {
				v.form.take(was)
			}
		}
	}
	v.form.update(f)
}

func (v *view) makeForm(f *chat.Form) {
	fv := &formView{root: create("form", "", "prechat"), shown: f}
	fv.root.Set("noValidate", true) // the errors are ours, in the visitor's language
	// Outside of a <dialog> this submits nowhere. So should Go be gone when the
	// button is pressed, lead data does not get into the page's address.
	fv.root.SetAttribute("method", "dialog")
	fv.root.AppendChild(createText("p", "intro", "", f.Intro))
	for _, field := range f.Fields {
		id := "field-" + field.Name
		row := create("div", "field", "")
		label := createText("label", "", "", field.Label)
		label.SetAttribute("for", id)
		input := create("input", "", "")
		input.SetAttribute("id", id)
		// A form's inputs come before its own members of the same name: one called "remove" would take remove away.
		if !js.Global().Get("Reflect").Call("has", fv.root.Value, field.Name).Bool() {
			input.SetAttribute("name", field.Name)
		}
		dressInput(input, field.Name)
		if field.Required {
			input.SetAttribute("aria-required", "true")
		}
		wrong := createError(id)
		row.AppendChild(label)
		row.AppendChild(input)
		row.AppendChild(wrong)
		fv.root.AppendChild(row)
		fv.inputs, fv.errors = append(fv.inputs, input), append(fv.errors, wrong)
	}
	v.addConsent(fv, f)
	fv.submit = create("button", "primary", "", "type", "submit")
	fv.submit.SetTextContent(f.Submit)
	fv.root.AppendChild(fv.submit)
	fv.root.Call("addEventListener", "submit", v.submitted)
	v.panel.InsertBefore(fv.root, v.log.e)
	v.form = fv
}

// dressInput tells the browser what a field is for, so that it can fill it in
// and bring the right keyboard.
func dressInput(input element, name string) {
	typ, complete, mode := "text", "off", ""
	switch name {
	case "first_name":
		complete = "given-name"
	case "last_name":
		complete = "family-name"
	case "name":
		complete = "name"
	case "company":
		complete = "organization"
	case "email":
		typ, complete, mode = "email", "email", "email"
	case "phone":
		typ, complete, mode = "tel", "tel", "tel"
	}
	input.SetAttribute("type", typ)
	input.SetAttribute("autocomplete", complete)
	input.SetAttribute("maxlength", "200")
	if mode != "" {
		input.SetAttribute("inputmode", mode)
	}
	if typ != "text" {
		input.SetAttribute("dir", "ltr")
	}
}

// createError makes the place where a field's error is told.
func createError(field string) element {
	e := create("p", "wrong", "")
	e.SetAttribute("id", field+"-error")
	setHidden(e, true)
	return e
}

// addConsent adds the link to the privacy policy, and the checkbox beside it.
func (v *view) addConsent(fv *formView, f *chat.Form) {
	if f.Consent == "" && f.Privacy == "" {
		return
	}
	row := create("div", "consent", "")
	text := row
	if f.Consent != "" {
		fv.agree = create("input", "", "")
		fv.agree.SetAttribute("type", "checkbox")
		fv.agree.SetAttribute("id", "field-consent")
		fv.agree.SetAttribute("aria-required", "true")
		row.AppendChild(fv.agree)
		text = create("label", "", "")
		text.SetAttribute("for", "field-consent")
		row.AppendChild(text)
	}
	before, after, found := strings.Cut(f.Consent, "{privacy}")
	appendText(text, before)
	switch {
	case f.PrivacyURL != "":
		link := create("a", "", "", "href", f.PrivacyURL, "target", "_blank", "rel", "noopener noreferrer nofollow")
		link.SetTextContent(f.Privacy)
		text.AppendChild(link)
	case found:
		appendText(text, v.words.Get("privacy"))
	}
	appendText(text, after)
	fv.root.AppendChild(row)
	if fv.agree != nil {
		fv.missing = createError("field-consent")
		fv.root.AppendChild(fv.missing)
	}
}

// take takes over what the visitor has filled into another form.
func (fv *formView) take(from *formView) {
	for i, field := range fv.shown.Fields {
		for j := range from.shown.Fields {
			if from.shown.Fields[j].Name == field.Name {
				fv.inputs[i].Set("value", from.inputs[j].Get("value"))
			}
		}
	}
	if fv.agree != nil && from.agree != nil && fv.shown.Consent == from.shown.Consent {
		fv.agree.Set("checked", from.agree.Get("checked"))
	}
}

func (fv *formView) update(f *chat.Form) {
	fv.shown = f
	for i, field := range f.Fields {
		mark(fv.inputs[i], fv.errors[i], "field-"+field.Name, field.Error)
	}
	if fv.agree != nil {
		mark(fv.agree, fv.missing, "field-consent", f.ConsentError)
	}
	fv.root.SetAttribute("aria-busy", boolText(f.Busy))
	fv.submit.SetAttribute("aria-disabled", boolText(f.Busy))
}

// mark tells what is wrong with a field, to eyes and to ears.
func mark(input, place element, id, wrong string) {
	place.SetTextContent(wrong)
	setHidden(place, wrong == "")
	if wrong == "" {
		input.RemoveAttribute("aria-invalid")
		input.RemoveAttribute("aria-describedby")
		return
	}
	input.SetAttribute("aria-invalid", "true")
	input.SetAttribute("aria-describedby", id+"-error")
}

// focusForm puts the keyboard where something is to be filled in, and that into
// view.
func (v *view) focusForm() {
	at := v.form.inputs[0]
	if v.form.shown.ConsentError != "" {
		at = v.form.agree
	}
	for i, field := range v.form.shown.Fields {
		if field.Error != "" {
			at = v.form.inputs[i]
			break
		}
	}
	focus(at)
	// By itself the browser would scroll the page too.
	row := wrap(at.Call("closest", ".field,.consent"))
	room := v.form.root.Get("clientHeight").Float()
	top := above(v.form.root, row)
	if bottom := top + row.Get("offsetHeight").Float(); top < formEdge || bottom > room {
		v.form.root.Set("scrollTop", v.form.root.Get("scrollTop").Float()+top-formEdge)
	}
}

// formEdge is how much of the form's upper edge the status may cover.
const formEdge = 32

// submitForm is what the form's listener does.
func (v *view) submitForm(e js.Value) {
	e.Call("preventDefault")
	if v.form == nil {
		return
	}
	var w strictjson.Writer
	w.Open('{')
	for i, field := range v.form.shown.Fields {
		w.TextMember(field.Name, v.form.inputs[i].Get("value").String())
	}
	w.Close('}')
	agreed := v.form.agree != nil && v.form.agree.Get("checked").Bool()
	v.want(chat.Intent{Kind: chat.WantSubmitForm, Text: string(w.Buf), On: agreed})
}
