package chat

import (
	"slices"
	"strings"
	"testing"

	"plurachat/widget/words"
)

// parseOne returns the options of one attribute, and the texts of the warnings.
func parseOne(name, value string) (Options, []string) {
	o, warnings := ParseOptions(attributes(name, value), Page{})
	var texts []string
	for _, w := range warnings {
		texts = append(texts, w.Text())
	}
	return o, texts
}

// The limits are 4 KiB for text, 64 KiB for JSON, and 256 KiB for a picture.
func TestAttributesMayBeThisLong(t *testing.T) {
	fill := func(before, after string, n int) string {
		return before + strings.Repeat("x", n-len(before)-len(after)) + after
	}
	for _, c := range []struct {
		name, before, after string
		most                int
		read                func(*Options) string
		told                string
	}{
		{"heading", "", "", 4096, func(o *Options) string { return o.Heading }, "4096"},
		{"strings", `{"send":"`, `"}`, 65536, func(o *Options) string { return o.Strings }, "65536"},
		{"record", `{"phone":"`, `"}`, 65536, func(o *Options) string { return o.Record }, "65536"},
		{"avatar", "data:image/png;base64,", "", 262144, func(o *Options) string { return o.Avatar }, "262144"},
	} {
		value := fill(c.before, c.after, c.most)
		if o, texts := parseOne(c.name, value); c.read(&o) != value || len(texts) > 0 {
			t.Errorf("%s of %d bytes is not read: %q", c.name, c.most, texts)
		}
		o, texts := parseOne(c.name, fill(c.before, c.after, c.most+1))
		if want := "plura-chat: attribute " + c.name + " is not used; allowed: at most " + c.told + " bytes"; c.read(&o) != "" || !slices.Equal(texts, []string{want}) {
			t.Errorf("%s of %d bytes: %q, want %q", c.name, c.most+1, texts, want)
		}
	}
}

// Only a browser knows all colours. Without one, as in the check of a site, every value is allowed.
func TestColor(t *testing.T) {
	isColor := func(css string) bool { return css == "red" }
	for _, c := range []struct {
		value   string
		isColor func(string) bool
		want    []Warning
	}{
		{"", isColor, nil},
		{" red ", isColor, nil},
		{"redd", nil, nil},
		{"redd", isColor, []Warning{{"color", "redd", "a CSS color such as #0a66c2 or rebeccapurple"}}},
	} {
		if _, got := ParseOptions(attributes("color", c.value), Page{IsColor: c.isColor}); !slices.Equal(got, c.want) {
			t.Errorf("color=%q: %v, want %v", c.value, got, c.want)
		}
	}
}

// A warning shows at most 80 bytes of a value, cut between characters, and nothing of a secret.
func TestWarningsAreShort(t *testing.T) {
	for value, shown := range map[string]string{
		strings.Repeat("x", 80):                     strings.Repeat("x", 80),
		strings.Repeat("x", 81):                     strings.Repeat("x", 80) + "…",
		strings.Repeat("x", 79) + "é" + "and so on": strings.Repeat("x", 79) + "…",
	} {
		_, texts := parseOne("country", value)
		want := `plura-chat: attribute country "` + strings.ToUpper(strings.TrimSuffix(shown, "…"))
		if len(texts) != 1 || !strings.HasPrefix(texts[0], want) || strings.HasSuffix(shown, "…") != strings.Contains(texts[0], "…") {
			t.Errorf("%q: %q", value, texts)
		}
	}
	for _, c := range []struct{ name, value, want string }{
		{"flow-id", "x", `plura-chat: attribute flow-id "x" is not used; allowed: a UUID`},
		{"mode", "popup", `plura-chat: attribute mode "popup" is not used; allowed: bubble, inline`},
		{"socket-url", "https://a.b", `plura-chat: attribute socket-url "https://a.b" is not used; allowed: wss://host, or ws:// to this machine`},
		{"session-url", "wss://a.b", `plura-chat: attribute session-url "wss://a.b" is not used; allowed: https://host, or http:// to this machine`},
		{"record", `{"phone":" "}`, `plura-chat: attribute record is not used; allowed: a JSON object with a "phone"`},
		{"record", `[]`, `plura-chat: attribute record is not used; allowed: a JSON object`},
		{"strings", `[]`, `plura-chat: attribute strings "[]" is not used; allowed: a JSON object`},
		{"session", "x", `plura-chat: attribute session is not used; allowed: webchat-session.{uuid}`},
	} {
		if _, texts := parseOne(c.name, c.value); !slices.Equal(texts, []string{c.want}) {
			t.Errorf("%s=%q: %q, want %q", c.name, c.value, texts, c.want)
		}
	}
	_, warnings := ParseOptions(attributes("socket-url", "ws://a.b"), Page{Host: "shop.example:81"})
	if want := "wss://host, or ws:// to this machine or shop.example:81"; len(warnings) != 1 || warnings[0].Allowed != want {
		t.Errorf("on an http: page: %v, want %q", warnings, want)
	}
	if _, warnings := ParseOptions(func(string) (string, bool) { return "", false }, Page{}); len(warnings) != 1 || warnings[0].Attribute != "flow-id" {
		t.Errorf("without attributes: %v", warnings)
	}
}

// A language tag has parts of one to eight letters or digits, and begins with at least two letters. Intl throws for
// others.
func TestLanguageTags(t *testing.T) {
	for tag, ok := range map[string]bool{
		"": true, "en": true, "pt-BR": true, "zh-Hant-TW": true, "de-1996": true, "es-419": true, "en-a-bbb": true, "abcdefgh": true, "EN-us": true,
		"e": false, "abcdefghi": false, "en-": false, "-en": false, "en--US": false, "1en": false, "en_US": false, "en-abcdefghi": false, "en-ü": false, "en us": false,
		"e1": false, "en-/": false, "en-:": false, "en-a1": true, "en-0": true, "en-9": true, "en-@": false, "en-[": false, "en-Z": true, "en-z": true, "en-`": false, "en-{": false,
	} {
		o, texts := parseOne("lang", tag)
		if (len(texts) == 0) != ok || ok != (o.Lang == tag) || len(texts) > 1 {
			t.Errorf("%q is read as %q: %q", tag, o.Lang, texts)
		}
	}
}

func TestCountries(t *testing.T) {
	for country, want := range map[string]string{"us": "US", " DE ": "DE", "u": "", "usa": "", "U1": "", "1U": "", "": "", "ü": ""} {
		if o, texts := parseOne("country", country); o.Country != want || (want == "" && country != "") != (len(texts) == 1) {
			t.Errorf("country %q is read as %q: %q", country, o.Country, texts)
		}
	}
}

// A field's name is a key of the lead data: letters, digits, "_", "-" and ".", beginning with a letter. A star on
// either side of the label makes the field required. A phone number always is.
func TestPrechatFields(t *testing.T) {
	for value, want := range map[string][]Field{
		"a":                       {{Name: "a"}},
		"a*":                      {{Name: "a", Required: true}},
		"a:A b":                   {{Name: "a", Label: "A b"}},
		"a*:A b":                  {{Name: "a", Label: "A b", Required: true}},
		"a:A b*":                  {{Name: "a", Label: "A b", Required: true}},
		" a : A : b * ,, phone ,": {{Name: "a", Label: "A : b", Required: true}, {Name: "phone", Required: true}},
		"a_1-b.C9":                {{Name: "a_1-b.C9"}},
		"Z":                       {{Name: "Z"}},
		",":                       nil,
		"1a":                      nil, "_a": nil, "-a": nil, ".a": nil, ":A": nil, "*": nil, "a/": nil, "a:b,c d": nil, "aé": nil, "a***": nil, "a;": nil, "a@": nil,
	} {
		if o, texts := parseOne("prechat", value); !slices.Equal(o.Prechat, want) || (want == nil && value != ",") != (len(texts) == 1) {
			t.Errorf("%q is read as %+v: %q", value, o.Prechat, texts)
		}
	}
}

// A picture is a data: URL with one of four formats, followed by a delimiter, or an https: URL.
func TestPicturesThatAreSafe(t *testing.T) {
	for address, want := range map[string]bool{
		"https://a": true, "https://a\x7f": false, "https://a\u009f": false, "https:/": false, "data:image/PNG,": true, "data:image/png": true, "data:image/": false,
		"data:image/jpg,": false, "data:image/jpeg": true, "data:image/webp;x": true, "data:image/gif,;": true, "data:image/gi,": false, "data:image/xxxxx": false,
		"data:image/png;base64," + strings.Repeat("A", 256<<10-len("data:image/png;base64,")):   true,
		"data:image/png;base64," + strings.Repeat("A", 256<<10-len("data:image/png;base64,")+1): false,
	} {
		if got := SafePicture(address); got != want {
			t.Errorf("SafePicture(%.40q) = %v", address, got)
		}
	}
}

// Count falls back to "other" where a language lacks the category. Placeholders may stand anywhere in a text.
func TestWordsThatCount(t *testing.T) {
	w := words.New(`{"unread.one":"{n} Nachricht","x.few":"{n} few","x.other":"{n} other","y":"{a} {b} {a}","z":7}`, `not JSON`, ``, `{"y":"{b}{a}"}`)
	for n, want := range map[int]string{0: "0 unread messages", 1: "1 Nachricht", 2: "2 unread messages"} {
		if got := w.Count("unread", n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
	w.Plural = func(n int) string { return map[int]string{1: "one", 2: "few"}[n] }
	for n, want := range map[int]string{1: "1 other", 2: "2 few", 3: "3 other"} {
		if got := w.Count("x", n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
	if got := w.Get("y", "a", "1", "b", "2"); got != "21" {
		t.Errorf("the later layer does not lie on top: %q", got)
	}
	if got := w.Get("z"); got != "z" {
		t.Errorf("what is no text is read as %q", got)
	}
	if got := w.Get("y", "a", "1", "b"); got != "{b}1" {
		t.Errorf("a name without a value: %q", got)
	}
	var none words.Language
	if got := none.Get("send"); got != "send" {
		t.Errorf("without words: %q", got)
	}
}
