package chat

import (
	"plurachat/protocol"
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

// Attributes are the names of all attributes. [ParseOptions] reads those that are not in [ModuleAttributes], and a
// change of any of them may change what it returns.
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

const (
	mostText       = 4 << 10  // bytes of an attribute that is a text
	mostStrings    = 64 << 10 // bytes of strings
	mostRecord     = 64 << 10 // bytes of lead data, and of what completes it
	mostMetadata   = 4 << 10  // bytes of metadata, and of attribution
	mostImageHosts = 20       // hosts in image-hosts
)

// Page is what [ParseOptions] needs to know of the page around a widget.
type Page struct {
	Host    string                // the host and port, if the page is served over plain HTTP
	IsColor func(css string) bool // reports whether the browser knows a colour; nil: any value is one
}

// ParseOptions reads and checks the attributes of a widget. attr returns an attribute's value and whether the attribute
// is present. A bad value leads to a [Warning] and the attribute's default.
func ParseOptions(attr func(name string) (string, bool), page Page) (Options, []Warning) {
	r := optionReader{attr: attr}
	o := Options{
		Flow:        r.flow("flow-id", true),
		Session:     r.session(),
		Instance:    r.flow("flow-instance", false),
		Record:      r.record(),
		Metadata:    r.object("metadata", mostMetadata, false),
		Attribution: r.attribution(),
		Prechat:     r.prechat(),
		Country:     r.country(),
		Inline:      r.choice("mode", "bubble", "inline") == "inline",
		Open:        r.flag("open"),
		Lang:        r.lang(),
		Heading:     r.text("heading"),
		Subheading:  r.text("subheading"),
		Placeholder: r.text("placeholder"),
		LaunchLabel: r.launchLabel(),
		PrivacyURL:  r.privacy(),
		Avatar:      r.avatar(),
		Launcher:    r.launcher(),
		Consent:     r.choice("consent", "none", "required") == "required",
		Anonymous:   r.choice("fallback", "none", "anonymous") == "anonymous",
		Strings:     r.object("strings", mostStrings, true),
		Sound:       r.choice("sound", "off", "on") == "on",
		NoReplies:   r.choice("quick-replies", "on", "off") == "off",
		OwnLinks:    r.choice("links", "blank", "own") == "own",
		ImageHosts:  r.imageHosts(),
		Storage:     StoragePlace(r.choice("storage", "local", "session", "none")),
		NoReconnect: r.choice("reconnect", "true", "false") == "false",
		SocketURL:   r.endpoint("socket-url", "wss", page.Host),
		SessionURL:  r.endpoint("session-url", "https", page.Host),
		Debug:       r.flag("debug"),
	}
	for _, f := range words.Check(o.Strings) {
		r.warn("strings", f.Key, f.Allowed)
	}
	// Only scripts use the values of these.
	r.choice("position", "end", "right", "left")
	r.choice("load", "intent", "idle", "eager")
	r.choice("theme", "auto", "light", "dark")
	r.color(page.IsColor)
	r.flag("frame")
	return o, r.warnings
}
