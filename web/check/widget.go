package check

import "plurachat/widget/chat"

// widget has the attributes of a widget.
type widget map[string]string

// attr returns an attribute as the scripts read it: one that is "false" is absent, except for reconnect
// (web/loader/instance.js).
func (w widget) attr(name string) (string, bool) {
	v, ok := w[name]
	if name != "reconnect" && !chat.Flag(v, ok) {
		return "", false
	}
	return v, ok
}

// options returns what a widget of the page uses of its attributes, and a warning for each value that it does not use.
func (p *page) options(w widget) (chat.Options, []chat.Warning) {
	var around chat.Page
	if p.url.Scheme == "http" {
		around.Host = p.url.Host
	}
	return chat.ParseOptions(w.attr, around)
}
