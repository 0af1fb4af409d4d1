package widget

import (
	"strings"
	"syscall/js"

	"plurachat/protocol/strictjson"
	"plurachat/widget/chat"
)

// formView shows the pre-chat form. What the visitor types is stored only in its inputs.
type formView struct {
	root         element
	shown        *chat.Form
	inputs       []element // one for each field
	errors       []element
	consent      element // the checkbox; nil: there is none
	consentError element
	submit       element
}

// showForm shows or updates a form. It removes the form if f is nil.
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
				v.form.copyInputs(was)
			}
		}
	}
	v.form.update(f)
}

// makeForm makes the nodes of a form, and inserts them above the log.
func (v *view) makeForm(f *chat.Form) {
	fv := &formView{root: create("form", "", "prechat"), shown: f}
	fv.root.Set("noValidate", true) // the widget shows its own errors, in the visitor's language
	// Outside of a <dialog>, this method submits nothing. Otherwise the browser would put the lead data into the page's
	// address if the button were pressed after Go has crashed.
	fv.root.SetAttribute("method", "dialog")
	fv.root.AppendChild(createText("p", "intro", "", f.Intro))
	for i := range f.Fields {
		fv.addField(&f.Fields[i])
	}
	v.addConsent(fv, f)
	fv.submit = create("button", "primary", "", "type", "submit")
	fv.submit.SetTextContent(f.Submit)
	fv.root.AppendChild(fv.submit)
	fv.root.Call("addEventListener", "submit", v.submitFn)
	v.panel.InsertBefore(fv.root, v.log.element)
	v.form = fv
}

// addField adds a field with its label, and a place for its error.
func (fv *formView) addField(field *chat.FormField) {
	id := "field-" + field.Name
	label := createText("label", "", "", field.Label)
	label.SetAttribute("for", id)
	input := create("input", "", "", "id", id)
	// In a form, an input's name hides a member of the form object: an input called "remove" would replace the method
	// remove.
	if !js.Global().Get("Reflect").Call("has", fv.root.Value, field.Name).Bool() {
		input.SetAttribute("name", field.Name)
	}
	setInputType(input, field.Name)
	if field.Required {
		input.SetAttribute("aria-required", "true")
	}
	wrong := createFieldError(id)
	row := create("div", "field", "")
	for _, e := range []element{label, input, wrong} {
		row.AppendChild(e)
	}
	fv.root.AppendChild(row)
	fv.inputs, fv.errors = append(fv.inputs, input), append(fv.errors, wrong)
}

// setInputType sets the attributes that tell the browser what a field is for, so that it offers stored values and the
// right keyboard.
func setInputType(input element, name string) {
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

// createFieldError returns the hidden element for a field's error.
func createFieldError(field string) element {
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
		fv.consent = create("input", "", "")
		fv.consent.SetAttribute("type", "checkbox")
		fv.consent.SetAttribute("id", "field-consent")
		fv.consent.SetAttribute("aria-required", "true")
		row.AppendChild(fv.consent)
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
	if fv.consent != nil {
		fv.consentError = createFieldError("field-consent")
		fv.root.AppendChild(fv.consentError)
	}
}

// copyInputs copies what the visitor has entered in another form.
func (fv *formView) copyInputs(from *formView) {
	for i, field := range fv.shown.Fields {
		for j := range from.shown.Fields {
			if from.shown.Fields[j].Name == field.Name {
				fv.inputs[i].Set("value", from.inputs[j].Get("value"))
			}
		}
	}
	if fv.consent != nil && from.consent != nil && fv.shown.Consent == from.shown.Consent {
		fv.consent.Set("checked", from.consent.Get("checked"))
	}
}

// update shows the errors, and whether the form is being submitted.
func (fv *formView) update(f *chat.Form) {
	fv.shown = f
	for i, field := range f.Fields {
		showFieldError(fv.inputs[i], fv.errors[i], "field-"+field.Name, field.Error)
	}
	if fv.consent != nil {
		showFieldError(fv.consent, fv.consentError, "field-consent", f.ConsentError)
	}
	fv.root.SetAttribute("aria-busy", boolText(f.Busy))
	fv.submit.SetAttribute("aria-disabled", boolText(f.Busy))
}

// showFieldError shows the error of an input, also to screen readers. It removes the error if wrong is empty.
func showFieldError(input, place element, id, wrong string) {
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

// focusForm moves the focus to the first field that needs input, and scrolls it into view.
func (v *view) focusForm() {
	at := v.form.inputs[0]
	if v.form.shown.ConsentError != "" {
		at = v.form.consent
	}
	for i, field := range v.form.shown.Fields {
		if field.Error != "" {
			at = v.form.inputs[i]
			break
		}
	}
	focus(at)
	// If the browser scrolled to the input itself, it would scroll the page too.
	row := wrap(at.Call("closest", ".field,.consent"))
	room := v.form.root.Get("clientHeight").Float()
	top := offsetIn(v.form.root, row)
	if bottom := top + row.Get("offsetHeight").Float(); top < formEdge || bottom > room {
		v.form.root.Set("scrollTop", v.form.root.Get("scrollTop").Float()+top-formEdge)
	}
}

// formEdge is the height, in pixels, of the form's upper edge that the status may cover.
const formEdge = 32

// submitForm handles the form's submit event.
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
	agreed := v.form.consent != nil && v.form.consent.Get("checked").Bool()
	v.enqueueIntent(chat.Intent{Kind: chat.WantSubmitForm, Text: string(w.Buf), On: agreed})
}
