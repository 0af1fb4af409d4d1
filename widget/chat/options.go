package chat

import (
	"strconv"
	"strings"
	"time"

	"plurachat/protocol"
	"plurachat/protocol/strictjson"
	"plurachat/widget/markdown"
)

// Options are the attributes of one widget, read and checked. The zero value is
// every attribute's default.
type Options struct {
	Flow     string             // flow-id, a UUID in lower case
	Session  protocol.SessionID // a session that the site's own server initialised
	Instance string             // flow-instance: the flow to dial for Session; empty: Flow
	Record   string             // a JSON object of lead data; never stored, logged or shown
	Prechat  []Field            // what to ask before the first message
	Country  string             // two capital letters: the prefix of national phone numbers

	Inline      bool   // mode="inline"
	Position    string // "end" (also if empty), "right" or "left"
	Open        bool   // open at start
	Load        Load   // when the WebAssembly is fetched; the loader's business
	Color       string // a CSS colour, unchecked: only the browser can tell
	Theme       Theme  // the colours' side
	Lang        string // a BCP 47 tag; empty: the page's
	Heading     string // these four replace the built-in words
	Subheading  string //
	Placeholder string //
	LaunchLabel string // launcher-label
	PrivacyURL  string // https or http
	Avatar      string // until the chat owner's picture arrives
	Teaser      time.Duration
	Launcher    string // "" (the default one), "none", or a CSS selector, unchecked
	Consent     bool   // consent="required"
	Anonymous   bool   // fallback="anonymous"
	Strings     string // a JSON object that overrides words
	Sound       bool   // sound="on"
	Storage     Keep   // where session and transcript are kept
	NoReconnect bool   // reconnect="false"
	SocketURL   string // empty: the protocol's default
	SessionURL  string // empty: the protocol's default
	Frame       bool   // run in an iframe; the loader's business
	Debug       bool   // log frames and states
}

// Field is one field of the pre-chat form.
type Field struct {
	Name     string // the key in the record
	Label    string // empty: the built-in word for it, or the name
	Required bool   // always for "phone"
}

// Theme is a choice of colours.
type Theme string

const (
	Auto  Theme = "" // as the visitor's system prefers
	Light Theme = "light"
	Dark  Theme = "dark"
)

// Keep is where session and transcript are kept.
type Keep string

const (
	KeepLocal   Keep = "" // in localStorage
	KeepSession Keep = "session"
	KeepNone    Keep = "none"
)

// Load is when the WebAssembly is fetched.
type Load string

const (
	LoadIntent Load = "" // when the visitor reaches for the launcher
	LoadIdle   Load = "idle"
	LoadEager  Load = "eager"
)

// Warning tells the owner of a bad attribute value, for which the default is
// used.
type Warning struct {
	Attribute string
	Value     string // as written; lead data is left out and sessions are masked
	Allowed   string
}

// Text is the warning as the console shows it.
func (w Warning) Text() string {
	value := ""
	if w.Value != "" {
		value = ` "` + w.Value + `"`
	}
	return "plura-chat: attribute " + w.Attribute + value + " is not used; allowed: " + w.Allowed
}

// Attributes are the attributes that [ParseOptions] reads, and so those whose
// change matters.
var Attributes = []string{
	"flow-id", "session", "flow-instance", "record", "prechat", "country", "mode", "position", "open", "load", "color",
	"theme", "lang", "heading", "subheading", "placeholder", "launcher-label", "privacy-url", "avatar", "teaser", "launcher",
	"consent", "fallback", "strings", "sound", "storage", "reconnect", "socket-url", "session-url", "frame", "debug",
}

// ParseOptions reads the attributes of a widget: attr returns an attribute's
// value and whether it is there at all. pageHost is the host and port of a page
// that came over plain HTTP, and empty otherwise. It never fails: what is wrong
// is a [Warning], and the default holds.
func ParseOptions(attr func(name string) (string, bool), pageHost string) (Options, []Warning) {
	r := optionReader{attr: attr}
	o := Options{
		Inline:      r.choice("mode", "bubble", "inline") == "inline",
		Position:    r.choice("position", "end", "right", "left"),
		Open:        r.flag("open"),
		Load:        Load(r.choice("load", "intent", "idle", "eager")),
		Theme:       Theme(r.choice("theme", "auto", "light", "dark")),
		Color:       r.text("color"),
		Lang:        r.lang(),
		Heading:     r.text("heading"),
		Subheading:  r.text("subheading"),
		Placeholder: r.text("placeholder"),
		LaunchLabel: r.text("launcher-label"),
		PrivacyURL:  r.privacy(),
		Avatar:      r.avatar(),
		Teaser:      r.teaser(),
		Launcher:    r.text("launcher"),
		Country:     r.country(),
		Consent:     r.choice("consent", "none", "required") == "required",
		Anonymous:   r.choice("fallback", "none", "anonymous") == "anonymous",
		Strings:     r.object("strings", true),
		Record:      r.record(),
		Prechat:     r.prechat(),
		Sound:       r.choice("sound", "off", "on") == "on",
		Storage:     Keep(r.choice("storage", "local", "session", "none")),
		NoReconnect: r.choice("reconnect", "true", "false") == "false",
		SocketURL:   r.endpoint("socket-url", "wss", pageHost),
		SessionURL:  r.endpoint("session-url", "https", pageHost),
		Frame:       r.flag("frame"),
		Debug:       r.flag("debug"),
	}
	switch {
	case strings.EqualFold(o.Launcher, "default"):
		o.Launcher = ""
	case strings.EqualFold(o.Launcher, "none"):
		o.Launcher = "none"
	}
	r.identity(&o)
	return o, r.warnings
}

// optionReader reads one attribute after the other and gathers the warnings.
type optionReader struct {
	attr     func(string) (string, bool)
	warnings []Warning
}

// text reads an attribute, if it is not longer than anybody means it to be.
func (r *optionReader) text(name string) string {
	return r.atMost(name, 4<<10)
}

func (r *optionReader) atMost(name string, most int) string {
	s, _ := r.attr(name)
	if s = strings.TrimSpace(s); len(s) > most {
		// Not even its beginning is told: it may be lead data.
		r.warn(name, "", "at most "+strconv.Itoa(most)+" bytes")
		return ""
	}
	return s
}

func (r *optionReader) warn(name, value, allowed string) {
	if len(value) > 80 {
		value = strings.ToValidUTF8(value[:80], "") + "…"
	}
	r.warnings = append(r.warnings, Warning{name, value, allowed})
}

// flag is true for an attribute that is there, whatever its value; "false" is
// what people write who do not know that.
func (r *optionReader) flag(name string) bool {
	s, ok := r.attr(name)
	return ok && !strings.EqualFold(strings.TrimSpace(s), "false")
}

// choice reads one of a few words; the first is the default and stands for "".
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

func (r *optionReader) identity(o *Options) {
	flow := r.text("flow-id")
	if id, err := protocol.ParseFlow(flow); err == nil {
		o.Flow = id
	} else {
		r.warn("flow-id", flow, "a UUID")
	}
	if s := r.text("flow-instance"); s != "" {
		if id, err := protocol.ParseFlow(s); err == nil {
			o.Instance = id
		} else {
			r.warn("flow-instance", s, "a UUID")
		}
	}
	if s := r.text("session"); s != "" {
		if id, err := protocol.ParseSession(s); err == nil {
			o.Session = id
		} else {
			// Even a broken session may be somebody's key with a slip in it.
			r.warn("session", "", "webchat-session.{uuid}")
		}
	}
}

func (r *optionReader) endpoint(name, scheme, pageHost string) string {
	s := r.text(name)
	if s == "" {
		return ""
	}
	if protocol.CheckURL(s, scheme, pageHost) != nil {
		r.warn(name, s, scheme+"://host, or "+strings.TrimSuffix(scheme, "s")+":// to this machine")
		return ""
	}
	return s
}

func (r *optionReader) avatar() string {
	s := r.atMost("avatar", maxPicture)
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

func (r *optionReader) teaser() time.Duration {
	s := r.text("teaser")
	if s == "" || strings.EqualFold(s, "none") {
		return 0
	}
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		r.warn("teaser", s, "a time such as 8s, or none")
		return 0
	}
	return d
}

func (r *optionReader) country() string {
	s := strings.ToUpper(r.text("country"))
	if s == "" || len(s) == 2 && isLetter(s[0]) && isLetter(s[1]) {
		return s
	}
	r.warn("country", s, "two letters such as US")
	return ""
}

// lang checks the shape of a language tag, because Intl throws at a bad one.
func (r *optionReader) lang() string {
	s := r.text("lang")
	for i, part := range strings.Split(s, "-") {
		ok := len(part) >= 1 && len(part) <= 8
		for j := 0; j < len(part) && ok; j++ {
			ok = isLetter(part[j]) || i > 0 && part[j] >= '0' && part[j] <= '9'
		}
		if s != "" && (!ok || i == 0 && len(part) < 2) {
			r.warn("lang", s, "a language tag such as en or pt-BR")
			return ""
		}
	}
	return s
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// object reads a JSON object. Its value is shown in a warning only if show.
func (r *optionReader) object(name string, show bool) string {
	s := r.atMost(name, 64<<10)
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

// record reads lead data, which must not reach a console.
func (r *optionReader) record() string {
	s := r.object("record", false)
	if s == "" {
		return ""
	}
	if v, _ := strictjson.Parse(s); strings.TrimSpace(v.Get("phone").Text()) == "" {
		r.warn("record", "", `a JSON object with a "phone"`)
		return ""
	}
	return s
}

// prechat reads "first_name,phone,company:Company*".
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

// isFieldName accepts what may be a key of the record: letters, digits, "_",
// "-" and ".", beginning with a letter.
func isFieldName(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !isLetter(c) && (i == 0 || !(c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.')) {
			return false
		}
	}
	return s != ""
}
