package preview

import (
	"html/template"
	"net/url"
	"strings"

	"plurachat/web/build"
	"plurachat/widget/chat"
)

// tag is how the preview page embeds the widget: just as a site owner would, with the attributes of the
// query over those of defaults, in the order of the documentation. A floating widget is one script tag; an inline one is an element, and the
// script tag that defines it.
func tag(defaults map[string]string, query url.Values) (script, inline template.HTML) {
	var onTag, onElement strings.Builder
	for _, name := range chat.Attributes {
		value, ok := defaults[name]
		if query.Has(name) {
			value, ok = query.Get(name), true
		}
		if !ok {
			continue
		}
		quoted := template.HTMLEscapeString(value)
		onTag.WriteString(" data-" + name + `="` + quoted + `"`)
		onElement.WriteString(" " + name + `="` + quoted + `"`)
	}
	const src = `<script async src="/` + build.LoaderName + `"`
	switch {
	case query.Has("bare"): // the page alone, to compare with
		return "", ""
	case query.Get("mode") == "inline":
		return template.HTML(src + "></script>"), template.HTML("<plura-chat" + onElement.String() + "></plura-chat>")
	}
	return template.HTML(src + onTag.String() + "></script>"), ""
}
