package chat

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"plurachat/protocol"
)

const (
	testFlow    = "87f66d6d-dba9-4a44-9274-02c6927a083a"
	testSession = "webchat-session.2a36d9fd-3114-4cb4-a0ef-751f3e8e7cc3"
)

func attributes(pairs ...string) func(string) (string, bool) {
	m := map[string]string{"flow-id": testFlow}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return func(name string) (string, bool) { s, ok := m[name]; return s, ok }
}

func TestOptionsDefaults(t *testing.T) {
	o, warnings := ParseOptions(attributes(), Page{})
	if len(warnings) > 0 || !reflect.DeepEqual(o, Options{Flow: testFlow}) {
		t.Fatalf("only flow-id: %+v, %v; want the zero value beside Flow", o, warnings)
	}
	// The first value of each attribute in the documentation is the default, and has the same effect as no attribute.
	o, warnings = ParseOptions(attributes("mode", "bubble", "position", "end", "load", "intent", "theme", "auto", "launcher", "default",
		"consent", "none", "fallback", "none", "sound", "off", "storage", "local", "reconnect", "true", "open", "false"), Page{})
	if len(warnings) > 0 || !reflect.DeepEqual(o, Options{Flow: testFlow}) {
		t.Fatalf("written defaults: %+v, %v; want the zero value beside Flow", o, warnings)
	}
}

func TestOptionsAreRead(t *testing.T) {
	for _, c := range []struct {
		name, value string
		want        func(*Options)
	}{
		{"flow-id", strings.ToUpper(testFlow), func(o *Options) {}},
		{"flow-instance", testFlow, func(o *Options) { o.Instance = testFlow }},
		{"session", testSession, func(o *Options) { o.Session = testSession }},
		{"record", `{"phone":"+1555"}`, func(o *Options) { o.Record = `{"phone":"+1555"}` }},
		{"mode", "inline", func(o *Options) { o.Inline = true }},
		{"mode", " Inline ", func(o *Options) { o.Inline = true }},
		{"position", "left", func(o *Options) {}},
		{"open", "", func(o *Options) { o.Open = true }},
		{"load", "eager", func(o *Options) {}},
		{"theme", "dark", func(o *Options) {}},
		{"lang", "pt-BR", func(o *Options) { o.Lang = "pt-BR" }},
		{"heading", " Roofs ", func(o *Options) { o.Heading = "Roofs" }},
		{"launcher-label", "Ask us", func(o *Options) { o.LaunchLabel = "Ask us" }},
		{"launcher-text", "Ask a roofer", func(o *Options) { o.LaunchLabel = "Ask a roofer" }},
		{"launcher-text", strings.Repeat("ü", 24), func(o *Options) { o.LaunchLabel = strings.Repeat("ü", 24) }},
		{"metadata", ` {"plan": "pro"}`, func(o *Options) { o.Metadata = `{"plan": "pro"}` }},
		{"attribution", "Session", func(o *Options) {}},
		{"attribution", `{"utm_source":"x"}`, func(o *Options) { o.Attribution = `{"utm_source":"x"}` }},
		{"privacy-url", "https://example.com/privacy", func(o *Options) { o.PrivacyURL = "https://example.com/privacy" }},
		{"avatar", "https://example.com/a.png", func(o *Options) { o.Avatar = "https://example.com/a.png" }},
		{"launcher", "#mine", func(o *Options) { o.Launcher = "#mine" }},
		{"launcher", "none", func(o *Options) { o.Launcher = "none" }},
		{"country", "us", func(o *Options) { o.Country = "US" }},
		{"consent", "required", func(o *Options) { o.Consent = true }},
		{"fallback", "anonymous", func(o *Options) { o.Anonymous = true }},
		{"strings", `{"send":"Go"}`, func(o *Options) { o.Strings = `{"send":"Go"}` }},
		{"sound", "on", func(o *Options) { o.Sound = true }},
		{"storage", "none", func(o *Options) { o.Storage = StoreNone }},
		{"reconnect", "false", func(o *Options) { o.NoReconnect = true }},
		{"socket-url", "wss://proxy.example.com", func(o *Options) { o.SocketURL = "wss://proxy.example.com" }},
		{"socket-url", "ws://localhost:8080", func(o *Options) { o.SocketURL = "ws://localhost:8080" }},
		{"session-url", "http://shop.example:81/s", func(o *Options) { o.SessionURL = "http://shop.example:81/s" }},
		{"prechat", "first_name, phone ,company:Company*", func(o *Options) {
			o.Prechat = []Field{{Name: "first_name"}, {Name: "phone", Required: true}, {Name: "company", Label: "Company", Required: true}}
		}},
		{"prechat", "city*:Your city", func(o *Options) { o.Prechat = []Field{{Name: "city", Label: "Your city", Required: true}} }},
		{"frame", "", func(o *Options) {}},
		{"frame", "frame", func(o *Options) {}},
		// Frameworks write "false" for an absent boolean attribute.
		{"frame", "false", func(o *Options) {}},
		{"open", " False ", func(o *Options) {}},
		{"debug", "FALSE", func(o *Options) {}},
		// Values of a fixed set are case-insensitive, as in HTML.
		{"storage", "Session", func(o *Options) { o.Storage = StoreSession }},
		{"position", "RIGHT", func(o *Options) {}},
		{"load", "Eager", func(o *Options) {}},
		{"theme", "Dark", func(o *Options) {}},
		{"consent", "Required", func(o *Options) { o.Consent = true }},
		{"fallback", "Anonymous", func(o *Options) { o.Anonymous = true }},
		{"sound", "On", func(o *Options) { o.Sound = true }},
		{"reconnect", "False", func(o *Options) { o.NoReconnect = true }},
		{"teaser", "None", func(o *Options) {}},
		{"launcher", "None", func(o *Options) { o.Launcher = "none" }},
		{"launcher", "Default", func(o *Options) {}},
		{"debug", "true", func(o *Options) { o.Debug = true }},
	} {
		want := Options{Flow: testFlow}
		c.want(&want)
		o, warnings := ParseOptions(attributes(c.name, c.value), Page{Host: "shop.example:81"})
		if len(warnings) > 0 || !reflect.DeepEqual(o, want) {
			t.Errorf("%s=%q: %+v, %v; want %+v", c.name, c.value, o, warnings, want)
		}
	}
}

func TestBadOptionsWarnAndDefault(t *testing.T) {
	for _, c := range []struct{ name, value, shown string }{
		{"flow-instance", "x", "x"},
		{"session", "webchat-session.secret", ""},
		{"record", `{"phone":`, ""},
		{"record", `{"first_name":"Ann"}`, ""},
		{"record", `["+1555"]`, ""},
		{"mode", "popup", "popup"},
		{"position", "top", "top"},
		{"theme", "sepia", "sepia"},
		{"lang", "e", "e"},
		{"lang", "en_US", "en_US"},
		{"privacy-url", "javascript:alert(1)", "javascript:alert(1)"},
		{"privacy-url", "mailto:a@example.com", "mailto:a@example.com"},
		{"avatar", "http://example.com/a.png", "http://example.com/a.png"},
		{"avatar", "data:image/svg+xml,<svg/>", "data:image/svg+xml,<svg/>"},
		{"metadata", `[1]`, ""},
		{"metadata", `{"a":"` + strings.Repeat("x", 4<<10) + `"}`, ""},
		{"attribution", "visit", "visit"},
		{"attribution", `{"utm_source":`, ""},
		{"launcher-text", "A text of twenty-five ch.", "A text of twenty-five ch."},
		{"country", "USA", "USA"},
		{"strings", "{", "{"},
		{"socket-url", "ws://example.com", "ws://example.com"},
		{"socket-url", "https://example.com", "https://example.com"},
		{"session-url", "javascript:1", "javascript:1"},
		{"prechat", "first name", "first name"},
		{"storage", strings.Repeat("x", 100), strings.Repeat("x", 80) + "…"},
	} {
		o, warnings := ParseOptions(attributes(c.name, c.value), Page{})
		if !reflect.DeepEqual(o, Options{Flow: testFlow}) {
			t.Errorf("%s=%q: %+v; want the default", c.name, c.value, o)
		}
		if len(warnings) != 1 || warnings[0].Attribute != c.name || warnings[0].Value != c.shown || warnings[0].Allowed == "" {
			t.Errorf("%s=%q: warnings %+v; want one that shows %q and what is allowed", c.name, c.value, warnings, c.shown)
		} else if !strings.Contains(warnings[0].Text(), c.name) || c.shown == "" && strings.Contains(warnings[0].Text(), c.value) {
			t.Errorf("%s: warning %q lacks the attribute or shows the value", c.name, warnings[0].Text())
		}
	}
}

// Overlong attributes are rejected.
func TestLongAttributes(t *testing.T) {
	for _, name := range Attributes {
		value := strings.Repeat("x", 1<<20)
		if name == "record" || name == "strings" || name == "metadata" || name == "attribution" {
			value = `{"phone":"` + value + `"}`
		}
		o, warnings := ParseOptions(attributes(name, value), Page{})
		want := Options{Flow: testFlow}
		switch name {
		case "open", "frame", "debug": // any value is true
			continue
		case "flow-id":
			want.Flow = ""
		}
		if slices.Contains(ModuleAttributes, name) {
			continue
		}
		if !reflect.DeepEqual(o, want) || len(warnings) == 0 || len(warnings[0].Text()) > 300 {
			t.Errorf("%s of 1 MiB is used, or there is no short warning", name)
		}
	}
}

func TestAttributesAreAllRead(t *testing.T) {
	var read []string
	ParseOptions(func(name string) (string, bool) { read = append(read, name); return "", false }, Page{})
	slices.Sort(read)
	listed := slices.Sorted(slices.Values(append(slices.Clone(Attributes), "attribution"))) // which is read twice
	listed = slices.DeleteFunc(listed, func(name string) bool { return slices.Contains(ModuleAttributes, name) })
	if !slices.Equal(read, listed) {
		t.Fatalf("ParseOptions reads\n%v, Attributes lists\n%v", read, listed)
	}
}

func FuzzParseOptions(f *testing.F) {
	f.Add("prechat", "a:b*,c")
	f.Add("metadata", `{"a":{}}`)
	f.Add("lang", "en-")
	f.Add("session-url", "http://[::1]:x/")
	f.Fuzz(func(t *testing.T, name, value string) {
		o, _ := ParseOptions(func(n string) (string, bool) { return value, n == name }, Page{})
		if o.Avatar != "" && !SafePicture(o.Avatar) {
			t.Fatalf("unsafe avatar %q", o.Avatar)
		}
		for _, field := range o.Prechat {
			if !isFieldName(field.Name) {
				t.Fatalf("field %q", field.Name)
			}
		}
	})
}

func TestSafePicture(t *testing.T) {
	for address, want := range map[string]bool{
		"https://example.com/a.png": true, "HTTPS://example.com/a": true, "data:image/png;base64,AA": true, "data:image/webp,xx": true,
		"data:image/jpeg;base64,AA": true, "data:image/gif;base64,AA": true,
		"": false, "https://": false, "http://example.com": false, "javascript:alert(1)": false, "data:text/html,x": false,
		"data:image/svg+xml;base64,AA": false, "data:image/pngx,": false, "//example.com/a.png": false, "/a.png": false, "https://e\nx": false, " https://example.com": false,
		"data:image/png;base64," + strings.Repeat("A", protocol.MaxPicture): false,
	} {
		if got := SafePicture(address); got != want {
			t.Errorf("SafePicture(%.40q) = %v", address, got)
		}
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{
		"": "", "…": "", "Assistant": "A", "Flow Tester": "FT", "ann-marie de la Cruz": "AC", "  élodie  ": "É", "李小龙": "李", "R2 D2": "RD", "\xff": "",
	} {
		if got := initials(name); got != want {
			t.Errorf("initials(%q) = %q, want %q", name, got, want)
		}
	}
}
