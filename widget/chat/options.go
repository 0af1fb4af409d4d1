package chat

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"plurachat/protocol"
	"plurachat/protocol/strictjson"
	"plurachat/widget/markdown"
	"plurachat/widget/words"
)

// Options are the attributes of one widget that Go uses, checked. The zero value has every attribute's default.
type Options struct {
	Flow        string             // flow-id, a UUID in lower case
	Session     protocol.SessionID // a session that the site's own server has initialised
	Instance    string             // flow-instance: the flow to dial for Session; empty: Flow
	Record      string             // a JSON object of lead data; never stored, logged or shown
	Metadata    string             // a JSON object that completes the lead data; never stored, logged or shown
	Attribution string             // the same, with lower precedence: where the visitor came from
	Prechat     []Field            // the fields of the pre-chat form
	Country     string             // two capital letters: the calling code of national phone numbers

	Inline      bool   // mode="inline"
	Open        bool   // the panel is open at the start
	Lang        string // a BCP 47 tag; empty: the page's language
	Heading     string // Heading, Subheading, Placeholder and LaunchLabel replace words
	Subheading  string
	Placeholder string
	LaunchLabel string       // launcher-label, which contains launcher-text
	PrivacyURL  string       // https or http
	Avatar      string       // shown until the chat owner's picture arrives
	Launcher    string       // "" (the built-in one), "none", or an unchecked CSS selector
	Consent     bool         // consent="required"
	Anonymous   bool         // fallback="anonymous"
	Strings     string       // a JSON object that overrides words
	Sound       bool         // sound="on"
	NoReplies   bool         // quick-replies="off"
	OwnLinks    bool         // links="own": links to the page's own origin open in the same tab
	ImageHosts  []string     // hosts whose pictures are shown, in lower case, some with "*." in front
	Storage     StoragePlace // where the state is stored
	NoReconnect bool         // reconnect="false"
	SocketURL   string       // empty: the protocol's default
	SessionURL  string       // empty: the protocol's default
	Debug       bool         // log frames and states to the console
}

// Field is one field of the pre-chat form.
type Field struct {
	Name     string // the key in the lead data
	Label    string // empty: the built-in word, or the name
	Required bool   // always true for "phone"
}

// StoragePlace says where the state is stored.
type StoragePlace string

const (
	StoreLocal   StoragePlace = "" // localStorage
	StoreSession StoragePlace = "session"
	StoreNone    StoragePlace = "none"
)

// Warning reports a bad attribute value to the site owner. The attribute has its default.
type Warning struct {
	Attribute string
	Value     string // as written and shortened; empty for lead data and sessions
	Allowed   string
}

// Text returns the line that the console shows.
func (w Warning) Text() string {
	value := ""
	if w.Value != "" {
		value = ` "` + w.Value + `"`
	}
	return "plura-chat: attribute " + w.Attribute + value + " is not used; allowed: " + w.Allowed
}

// Attributes are the names of all attributes. [ParseOptions] reads those that are not in [ModuleAttributes], and a change
// of any of them may change what it returns.
var Attributes = append([]string{
	"flow-id", "session", "flow-instance", "record", "prechat", "country", "mode", "position", "open", "load", "color",
	"theme", "lang", "heading", "subheading", "placeholder", "launcher-label", "privacy-url", "avatar", "launcher",
	"consent", "fallback", "strings", "sound", "storage", "reconnect", "socket-url", "session-url", "frame", "debug",
	"metadata", "attribution", "launcher-text", "quick-replies", "links", "image-hosts",
}, ModuleAttributes...)

// ModuleAttributes are the attributes that only modules of features read and check (web/aside).
var ModuleAttributes = []string{"teaser", "launcher-icon", "starters", "disclaimer", "contacts", "expand", "analytics"}

// PageAttributes are the attributes for the page around a widget: for its launcher, its teaser, its place, the time of
// its loading and the page's analytics. A chat in an iframe does not get them. It gets launcher-text, because it names
// the launcher.
var PageAttributes = []string{"position", "open", "load", "teaser", "launcher", "launcher-icon", "frame", "analytics"}

// RestartAttributes are the attributes whose change ends a widget's program in Go and starts another one: where it
// connects to, and where it stores.
var RestartAttributes = []string{"socket-url", "session-url", "reconnect", "storage"}

// NarrowScreen is the media query of a window in which an open panel covers the page, and NarrowWidth the largest width
// of such a window in CSS pixels, whatever its height.
const (
	NarrowScreen = "(max-width:479px),(max-height:479px)"
	NarrowWidth  = 479
)

// MaxLaunchText is the largest length of the attribute launcher-text, in characters.
const MaxLaunchText = 24

// mostImageHosts is the largest number of hosts in the attribute image-hosts.
const mostImageHosts = 20

const (
	mostRecord   = 64 << 10 // bytes of lead data, and of what completes it
	mostMetadata = 4 << 10  // bytes of metadata, and of attribution
)

// ParseOptions reads and checks the attributes of a widget. attr returns an attribute's value and whether the attribute
// is present. pageHost is the host and port of a page served over plain HTTP, and empty otherwise. A bad value leads to
// a [Warning] and the attribute's default.
func ParseOptions(attr func(name string) (string, bool), pageHost string) (Options, []Warning) {
	r := optionReader{attr: attr}
	o := Options{
		Inline:      r.choice("mode", "bubble", "inline") == "inline",
		Open:        r.flag("open"),
		Lang:        r.lang(),
		Heading:     r.text("heading"),
		Subheading:  r.text("subheading"),
		Placeholder: r.text("placeholder"),
		LaunchLabel: r.launchLabel(),
		PrivacyURL:  r.privacy(),
		Avatar:      r.avatar(),
		Launcher:    r.text("launcher"),
		Country:     r.country(),
		Consent:     r.choice("consent", "none", "required") == "required",
		Anonymous:   r.choice("fallback", "none", "anonymous") == "anonymous",
		Strings:     r.object("strings", 64<<10, true),
		Record:      r.record(),
		Metadata:    r.object("metadata", mostMetadata, false),
		Attribution: r.attribution(),
		Prechat:     r.prechat(),
		Sound:       r.choice("sound", "off", "on") == "on",
		NoReplies:   r.choice("quick-replies", "on", "off") == "off",
		OwnLinks:    r.choice("links", "blank", "own") == "own",
		ImageHosts:  r.imageHosts(),
		Storage:     StoragePlace(r.choice("storage", "local", "session", "none")),
		NoReconnect: r.choice("reconnect", "true", "false") == "false",
		SocketURL:   r.endpoint("socket-url", "wss", pageHost),
		SessionURL:  r.endpoint("session-url", "https", pageHost),
		Debug:       r.flag("debug"),
	}
	for _, f := range words.Check(o.Strings) {
		r.warn("strings", f.Key, f.Allowed)
	}
	switch {
	case strings.EqualFold(o.Launcher, "default"):
		o.Launcher = ""
	case strings.EqualFold(o.Launcher, "none"):
		o.Launcher = "none"
	}
	r.identity(&o)
	r.scripts()
	return o, r.warnings
}

// scripts checks the attributes whose values only the loader uses. The modules of features check their own.
func (r *optionReader) scripts() {
	r.choice("position", "end", "right", "left")
	r.choice("load", "intent", "idle", "eager")
	r.choice("theme", "auto", "light", "dark")
	r.text("color")
	r.attr("frame")
}

// optionReader reads attributes and collects warnings.
type optionReader struct {
	attr     func(string) (string, bool)
	warnings []Warning
}

// text reads an attribute of at most 4 KiB.
func (r *optionReader) text(name string) string {
	return r.atMost(name, 4<<10)
}

func (r *optionReader) atMost(name string, most int) string {
	s, _ := r.attr(name)
	if s = strings.TrimSpace(s); len(s) > most {
		// The warning does not show the value: it may be lead data.
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

// flag reads a boolean attribute. It is true if the attribute is present, except for the value "false", which many
// frameworks write.
func (r *optionReader) flag(name string) bool {
	s, ok := r.attr(name)
	return ok && !strings.EqualFold(strings.TrimSpace(s), "false")
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

// identity reads the flow and the session.
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
			// The warning does not show the value: it may be a valid session with a typing error.
			r.warn("session", "", "webchat-session.{uuid}")
		}
	}
}

// endpoint reads a URL of the protocol.
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
	list := strings.FieldsFunc(r.text("image-hosts"), func(c rune) bool { return c == ' ' || c == ',' || c == '\n' || c == '\t' })
	for _, host := range list {
		host = strings.ToLower(host)
		name := strings.TrimPrefix(host, "*.")
		ok := strings.Contains(name, ".") && name[0] != '.' && len(hosts) < mostImageHosts
		for i := 0; i < len(name) && ok; i++ {
			ok = isLetter(name[i]) || name[i] >= '0' && name[i] <= '9' || name[i] == '-' || name[i] == '.'
		}
		if ok {
			hosts = append(hosts, host)
		} else {
			r.warn("image-hosts", host, "hosts such as cdn.example.com or *.example.com, at most 20")
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
		if c := s[i]; !isLetter(c) && (i == 0 || !(c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.')) {
			return false
		}
	}
	return s != ""
}
