package chat

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"plurachat/protocol"
	"plurachat/protocol/strictjson"
	"plurachat/widget/markdown"
)

// optionReader reads attributes and collects warnings.
type optionReader struct {
	attr     func(string) (string, bool)
	warnings []Warning
}

// text reads an attribute of at most mostText bytes.
func (r *optionReader) text(name string) string { return r.atMost(name, mostText) }

// color checks the accent, which only the loader uses.
func (r *optionReader) color(isColor func(string) bool) {
	if s := r.text("color"); s != "" && isColor != nil && !isColor(s) {
		r.warn("color", s, "a CSS color such as #0a66c2 or rebeccapurple")
	}
}

// atMost reads an attribute of at most a number of bytes, without the blanks around it.
func (r *optionReader) atMost(name string, most int) string {
	s, _ := r.attr(name)
	if s = strings.TrimSpace(s); len(s) > most {
		// The warning does not show the value: it may be lead data.
		r.warn(name, "", "at most "+strconv.Itoa(most)+" bytes")
		return ""
	}
	return s
}

// warn adds a warning, with the beginning of the value.
func (r *optionReader) warn(name, value, allowed string) {
	if len(value) > 80 {
		value = strings.ToValidUTF8(value[:80], "") + "…"
	}
	r.warnings = append(r.warnings, Warning{name, value, allowed})
}

// flag reads a boolean attribute.
func (r *optionReader) flag(name string) bool { return Flag(r.attr(name)) }

// Flag returns the meaning of a boolean attribute. It is true if the attribute is present, except for the value
// "false", which many frameworks write.
func Flag(value string, present bool) bool {
	return present && !strings.EqualFold(strings.TrimSpace(value), "false")
}

// choice reads an attribute with a fixed set of values. The first value is the default; choice returns "" for it.
func (r *optionReader) choice(name string, allowed ...string) string {
	s := strings.ToLower(r.text(name))
	if s == "" || s == allowed[0] {
		return ""
	}
	for _, a := range allowed {
		if s == a {
			return s
		}
	}
	r.warn(name, s, strings.Join(allowed, ", "))
	return ""
}

// flow reads a flow. A missing one is a fault only if it is required.
func (r *optionReader) flow(name string, required bool) string {
	s := r.text(name)
	id, err := protocol.ParseFlow(s)
	if err != nil && (s != "" || required) {
		r.warn(name, s, "a UUID")
	}
	return id
}

func (r *optionReader) session() protocol.SessionID {
	s := r.text("session")
	id, err := protocol.ParseSession(s)
	if err != nil && s != "" {
		// The warning does not show the value: it may be a valid session with a typing error.
		r.warn("session", "", "webchat-session.{uuid}")
	}
	return id
}

// endpoint reads a URL of the protocol.
func (r *optionReader) endpoint(name, scheme, pageHost string) string {
	s := r.text(name)
	if s == "" {
		return ""
	}
	if protocol.CheckURL(s, scheme, pageHost) != nil {
		allowed := scheme + "://host, or " + strings.TrimSuffix(scheme, "s") + ":// to this machine"
		if pageHost != "" {
			allowed += " or " + pageHost
		}
		r.warn(name, s, allowed)
		return ""
	}
	return s
}

func (r *optionReader) avatar() string {
	s := r.atMost("avatar", protocol.MaxPicture)
	if s != "" && !SafePicture(s) {
		r.warn("avatar", s, "an https: URL, or data:image/ of png, jpeg, gif or webp")
		return ""
	}
	return s
}

func (r *optionReader) privacy() string {
	s := r.text("privacy-url")
	if s == "" {
		return ""
	}
	if u, ok := markdown.SafeURL(s); ok && strings.HasPrefix(strings.ToLower(u), "http") {
		return u
	}
	r.warn("privacy-url", s, "an absolute https: or http: URL")
	return ""
}

// launcher reads what opens the chat: the widget's launcher, none, or the page's own elements.
func (r *optionReader) launcher() string {
	s := r.text("launcher")
	switch {
	case strings.EqualFold(s, "default"):
		return ""
	case strings.EqualFold(s, "none"):
		return "none"
	}
	return s
}

// launchLabel reads the accessible name of the launcher. It contains the visible text, by which visitors who speak to
// their computer name the launcher.
func (r *optionReader) launchLabel() string {
	label, text := r.text("launcher-label"), r.text("launcher-text")
	if utf8.RuneCountInString(text) > MaxLaunchText {
		r.warn("launcher-text", text, "at most "+strconv.Itoa(MaxLaunchText)+" characters")
		text = ""
	}
	switch {
	case label == "":
		return text
	case strings.Contains(strings.ToLower(label), strings.ToLower(text)):
		return label
	}
	return text + ", " + label
}

// imageHosts reads a list of hosts such as "cdn.example.com *.example.com".
func (r *optionReader) imageHosts() (hosts []string) {
	list := strings.FieldsFunc(r.text("image-hosts"), func(c rune) bool {
		return c == ' ' || c == ',' || c == '\n' || c == '\t'
	})
	for i, host := range list {
		host = strings.ToLower(host)
		name := strings.TrimPrefix(host, "*.")
		ok := strings.Contains(name, ".") && name[0] != '.' && i < mostImageHosts
		for j := 0; j < len(name) && ok; j++ {
			ok = isLetter(name[j]) || isDigit(name[j]) || name[j] == '-' || name[j] == '.'
		}
		if ok {
			hosts = append(hosts, host)
			continue
		}
		most := strconv.Itoa(mostImageHosts)
		r.warn("image-hosts", host, "hosts such as cdn.example.com or *.example.com, at most "+most)
		if i == mostImageHosts {
			break
		}
	}
	return hosts
}

// attribution reads where the visitor came from. A script has put a JSON object in place of the attribute's value
// (web/aside/attribution.js).
func (r *optionReader) attribution() string {
	if s, _ := r.attr("attribution"); strings.HasPrefix(strings.TrimSpace(s), "{") {
		return r.object("attribution", mostMetadata, false)
	}
	r.choice("attribution", "none", "page", "session")
	return ""
}

func (r *optionReader) country() string {
	s := strings.ToUpper(r.text("country"))
	if s == "" || len(s) == 2 && isLetter(s[0]) && isLetter(s[1]) {
		return s
	}
	r.warn("country", s, "two letters such as US")
	return ""
}

// lang reads a language tag. Intl throws an exception for a malformed one.
func (r *optionReader) lang() string {
	s := r.text("lang")
	for i, part := range strings.Split(s, "-") {
		ok := len(part) >= 1 && len(part) <= 8
		for j := 0; j < len(part) && ok; j++ {
			ok = isLetter(part[j]) || i > 0 && isDigit(part[j])
		}
		if s != "" && (!ok || i == 0 && len(part) < 2) {
			r.warn("lang", s, "a language tag such as en or pt-BR")
			return ""
		}
	}
	return s
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }

// object reads a JSON object of at most a number of bytes. A warning shows the value only if show is set.
func (r *optionReader) object(name string, most int, show bool) string {
	s := r.atMost(name, most)
	if s == "" {
		return ""
	}
	if v, err := strictjson.Parse(s); err == nil && v.Kind() == strictjson.Object {
		return s
	}
	if !show {
		s = ""
	}
	r.warn(name, s, "a JSON object")
	return ""
}

// record reads lead data. No warning shows its value.
func (r *optionReader) record() string {
	s := r.object("record", mostRecord, false)
	if s == "" {
		return ""
	}
	if v, _ := strictjson.Parse(s); strings.TrimSpace(v.Get("phone").Text()) == "" {
		r.warn("record", "", `a JSON object with a "phone"`)
		return ""
	}
	return s
}

// prechat reads a list of fields such as "first_name,phone,company:Company*".
func (r *optionReader) prechat() []Field {
	s := r.text("prechat")
	if s == "" {
		return nil
	}
	var fields []Field
	for part := range strings.SplitSeq(s, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		var f Field
		if p, ok := strings.CutSuffix(part, "*"); ok {
			f.Required, part = true, p
		}
		f.Name, f.Label, _ = strings.Cut(part, ":")
		f.Label = strings.TrimSpace(f.Label)
		if p, ok := strings.CutSuffix(strings.TrimSpace(f.Name), "*"); ok {
			f.Required, f.Name = true, p
		}
		f.Name = strings.TrimSpace(f.Name)
		if !isFieldName(f.Name) {
			r.warn("prechat", s, "fields such as first_name,phone,company:Company*")
			return nil
		}
		f.Required = f.Required || f.Name == "phone"
		fields = append(fields, f)
	}
	return fields
}

// isFieldName reports whether s may be a key of the lead data: letters, digits, "_", "-" and ".", beginning with a
// letter.
func isFieldName(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !isLetter(c) && (i == 0 || !isDigit(c) && c != '_' && c != '-' && c != '.') {
			return false
		}
	}
	return s != ""
}
