package preview

import (
	"html/template"
	"net/url"
	"strings"

	"plurachat/web/build"
	"plurachat/widget/chat"
)

// tag returns the HTML that embeds the widget in the preview's page, as a site owner would write it. Its attributes are
// those of defaults, replaced and completed by those of the query, in the order of chat.Attributes. A floating widget
// is one script tag with the attributes. An inline one is an element with the attributes, and a script tag without
// them.
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
	const src = `<script async src="` + build.LoaderName + `"`
	switch {
	case query.Has("bare"): // the page without the widget, for comparisons
		return "", ""
	case query.Get("mode") == "inline":
		return template.HTML(src + "></script>"), template.HTML("<plura-chat" + onElement.String() + "></plura-chat>")
	}
	return template.HTML(src + onTag.String() + "></script>"), ""
}
