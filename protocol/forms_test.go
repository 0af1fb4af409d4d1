//go:build !js

package protocol

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"plurachat/protocol/strictjson"
)

// A server may escape a text for HTML, once or twice, and change its white space. sameText reports that these are the
// same message.
func TestSameText(t *testing.T) {
	o := Options{Normalize: strings.NewReplacer("e\u0301", "é").Replace}
	for _, tt := range []struct {
		a, b string
		same bool
	}{
		{"", "", true},
		{"a", "b", false},
		{"a", "a ", true},
		{" a", "\ta\n", true},
		{"a b", "a\u00a0 \nb", true},
		{"a b", "ab", false},
		{"é", "e\u0301", true},
		{"<&>\"'", "&lt;&amp;&gt;&quot;&apos;", true},
		{"a b", "a&nbsp;b", true},
		{"<", "&amp;lt;", true},
		{"<", "&amp;amp;lt;", false}, // escaped three times
		{"'", "&#39;", true},
		{"'", "&#x27;", true},
		{"'", "&#0000039;", true},
		{"'", "&#000000039;", true},
		{"'", "&#0000000039;", false},  // longer than any escape that is read
		{"x", "\n&#00000120;\n", true}, // the longest escape that is read, with white space
		{"ф", "&#x444;", true},
		{"ф", "&#X444;", false},
		{"\U0010ffff", "&#x10ffff;", true},
		{"&#x110000;", "&#x110000;x", false},
		{"a&#x110000;", "a\u00a0&#x110000;", false},
		{"&#x110000; ", "&#x110000;", true},
		{"&#0; ", "&#0;", true},
		{"&; ", "&;", true},
		{"& ", "&", true},
		{"&lt ", "&lt", true},
		{"&lt", "<", false},
		{"&copy; ", "&copy;", true},
		{"&39;", "'", false},
		{"&x27;", "'", false},
		{"&#zz;", "&#zz; ", true},
		{"a&b&c;", "a&b&c; ", true},
		{"&&lt;", "&<", true},
		{"&lt;&lt;", "<<", true},
	} {
		if got := o.sameText(tt.a, tt.b); got != tt.same {
			t.Errorf("%q and %q: %v, want %v", tt.a, tt.b, got, tt.same)
		}
		if got := o.sameText(tt.b, tt.a); got != tt.same {
			t.Errorf("%q and %q: %v, want %v", tt.b, tt.a, got, tt.same)
		}
	}
	// Texts whose lengths differ too much are not normalised: a frame may have 1 MiB and is compared with many entries.
	looked := 0
	o.Normalize = func(s string) string { looked++; return s }
	for n, want := range map[int]bool{12 * 11: true, 12*11 + 1: false} {
		long, short := strings.Repeat("x", n), "0123456789"
		for _, pair := range [][2]string{{long, short}, {short, long}} {
			looked = 0
			if o.sameText(pair[0], pair[1]) || looked > 0 != want {
				t.Errorf("%d bytes and %d: looked at: %v", len(pair[0]), len(pair[1]), looked > 0)
			}
		}
	}
	if o.sameText("a", "b"); looked == 0 {
		t.Error("texts of a length are not compared")
	}
}

// blank reports whether a text shows nothing.
func TestBlank(t *testing.T) {
	for _, r := range "\u0020\t\n\u0085\u00a0\u00ad\u180e\u2000\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u202f\u2060\u2066\u206f\u2800\u3000\u3164\ufeff" {
		if !blank(string(r)) {
			t.Errorf("%U shows something", r)
		}
		if blank(string(r) + "x") {
			t.Errorf("%U hides an x", r)
		}
	}
	for _, r := range "xß.0\u00ac\u00ae\u180d\u180f\u2010\u2027\u2030\u2070\u27ff\u2801\u3163\u3165\ufefe\ufffd" {
		if blank(string(r)) {
			t.Errorf("%U shows nothing", r)
		}
	}
	if !blank("") {
		t.Error("nothing shows something")
	}
}

// Lead data at the limits of what scrub removes, and texts that only look like lead data.
func TestScrubLeaves(t *testing.T) {
	for _, c := range []struct{ record, message, want string }{
		{`{"phone":"1234567"}`, "123-4567", "…"},           // a phone number has at least seven digits
		{`{"phone":"123456"}`, "123-456", "123-456"},       // six digits may be a date or a code
		{`{"phone":"1234567890123456"}`, "9012 3456", "…"}, // sixteen digits are still a number
		{`{"id":"12345678901234567890"}`, "1234 5678", "…"},
		{`{"id":"123456789012345678901"}`, "1234 5678", "1234 5678"}, // more than twenty digits are not
		{`{"id":"order 1234567"}`, "123 45 67", "123 45 67"},         // a phone number has no letters
		{`{"id":"Z1234567"}`, "123 45 67", "123 45 67"},
		{`{"id":"1234567A"}`, "123 45 67", "123 45 67"},
		{`{"phone":"+1 (202) 555-0123"}`, "2025550123", "…"},
		{`{"phone":"+12025550123"}`, "202   5550123", "…"},         // up to three separators
		{`{"phone":"+12025550123"}`, "202    5550123", "202    …"}, // four separate two numbers
		{`{"phone":"+12025550123"}`, "202x5550123", "202x…"},       // a letter is not a separator
		{`{"phone":"+12025550123"}`, "202Z5550123", "202Z…"},
		{`{"phone":"+12025550123"}`, "at 5550 and 2025550123!", "at 5550 and …!"},
		{`{"phone":"+12025550123"}`, "(5550123)-(2025550123) 17", "(…"},
		{`{"phone":"+12025550123"}`, "1 and 2 and 3", "1 and 2 and 3"},
		{`{"a":"ab"}`, "abab ab", "…… …"},
		{`{"a":"é"}`, "é", "…"}, // one character of two bytes
		{`{"a":"aa"}`, "aaa aaaa", "… …"},
		{`{"a":"Ann Lee","b":"Lee Smith"}`, "Ann Lee Smith", "…"},                                                       // values may overlap
		{`{"email":"ada@example.com"}`, strings.Repeat("x", 250) + " ada@example.com", strings.Repeat("x", 250) + " …"}, // the message is not cut inside a value
		{`{"phone":"+12025550123"}`, strings.Repeat("x", 245) + " 202 555 0123", strings.Repeat("x", 245) + " …"},
		{`{"a":"` + strings.Repeat("ab", 3000) + `"}`, strings.Repeat("ab", 3000) + " is long", "… is long"},
		{`{"a":"aab"}`, "aaab", "a…"},
		{`{"a":"ab","b":"abcd","c":"abc"}`, "abcd abc ab a", "… … … a"},
		{`{"a":true,"b":null,"c":[]}`, "true null []", "… null []"},
		{`{"a":"ab"}`, "", ""},
	} {
		v, err := strictjson.Parse(c.record)
		if err != nil {
			t.Fatal(err)
		}
		if got := scrub(c.message, v); got != c.want {
			t.Errorf("scrub(%q, %s) = %q, want %q", c.message, c.record, got, c.want)
		}
	}
}

func TestSplitURL(t *testing.T) {
	for raw, want := range map[string]string{
		"wss://a":                 "wss a",
		"WSS://A":                 "wss A",
		"https://a.b-c_d:65535/x": "https a.b-c_d:65535",
		"http://0:1":              "http 0:1",
		"ws://zz9/":               "ws zz9",
		"ws://[::1]":              "ws [::1]",
		"ws://[::1]:12345/x":      "ws [::1]:12345",
		"ws://[::1]:123456":       "",
		"ws://[::1]1":             "",
		"ws://[::2]":              "",
		"ftp://a":                 "",
		"a":                       "",
		"://a":                    "",
		"ws:///a":                 "",
		"ws://:80":                "",
		"ws://.a":                 "",
		"ws://-a":                 "",
		"ws://a!":                 "",
		"ws://a,b":                "",
		"ws://a/b!,;=$&'()*+":     "ws a",
		"ws://a:1a":               "",
		"ws://a:12345":            "ws a:12345",
		"ws://a:123456":           "",
		"ws://a:1:2":              "",
		"ws://a\x1f":              "",
		"ws://a/\x20":             "",
		"ws://a/!":                "ws a",
		"ws://a/~":                "ws a",
		"ws://a/\x7f":             "",
		"ws://a/\x80":             "",
		"ws://é":                  "",
	} {
		scheme, host, ok := splitURL(raw)
		if got := scheme + " " + host; ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q, %v; want %q", raw, got, ok, want)
		}
	}
	for _, c := range "\"<>\\^`{|}@?#%" {
		if _, _, ok := splitURL("ws://a/" + string(c)); ok {
			t.Errorf("%q passes", c)
		}
	}
	for host, want := range map[string]bool{"localhost": true, "a.localhost": true, "localhost.a": false, "alocalhost": false, "::1": true, "127.0.0.1": true,
		"127.9.9.9": true, "127.a": false, "128.0.0.1": false, "127.0.0.1:": false, "127.0/": false} {
		if isLoopback(host) != want {
			t.Errorf("%s is loopback: %v", host, !want)
		}
	}
	for raw, want := range map[string]string{"x": "want wss://host", "https://a": "want wss://", "ws://a": "ws:// is allowed only to this machine"} {
		if err := CheckURL(raw, "wss", ""); err == nil || err.Error() != "URL not allowed: "+want {
			t.Errorf("%s: %v, want %s", raw, err, want)
		}
	}
}

// Only the canonical form of a session's id is accepted, because the id becomes part of a URL.
func TestIDs(t *testing.T) {
	if got := SessionID("").Masked(); got != "null" {
		t.Errorf("none is %q", got)
	}
	if got := SessionID("abc").Masked(); got != "webchat-session.…abc" {
		t.Errorf("a short one is %q", got)
	}
	for _, s := range []string{"", "webchat-session.", testFlow, "webchat-session." + testFlow + "0", "webchat-session." + strings.Repeat("g", 36), "x" + string(testSession)} {
		if _, err := ParseSession(s); !errors.Is(err, ErrBadSession) {
			t.Errorf("%q passes", s)
		}
	}
}

// Ids and names are cut to 256 bytes, between two characters. A picture's address of more than 256 KiB is dropped.
func TestLabelsAreBounded(t *testing.T) {
	x := strings.Repeat("x", 252)
	for in, want := range map[string]string{
		x + "1234": x + "1234", x + "12345": x + "1234",
		x + "123é": x + "123", x + "12é": x + "12é", x + "12é4": x + "12é",
		x + "😀": x + "😀", x + "1😀": x + "1", x + "12😀": x + "12", x + "123😀": x + "123",
		x + "\x80\x80\x80\x80\x80": x, // invalid UTF-8: may be cut anywhere
	} {
		f, err := DecodeFrame(append(strictjson.AppendString([]byte(`{"type":"message","content":"","id":`), in), '}'))
		if strings.Contains(in, "\x80") {
			if got := boundedLabel(in); len(got) > 256 {
				t.Errorf("%d bytes of no characters", len(got))
			}
			continue
		}
		if err != nil || f.ID != want {
			t.Errorf("…%s is cut to …%s, %v", in[252:], f.ID[min(252, len(f.ID)):], err)
		}
	}
	for n, kept := range map[int]bool{256 << 10: true, 256<<10 + 1: false} {
		f, err := DecodeFrame([]byte(`{"type":"message","content":"","profilepic":"` + strings.Repeat("p", n) + `"}`))
		if err != nil || (len(f.Picture) == n) != kept || !kept && f.Picture != "" {
			t.Errorf("an address of %d bytes is kept as %d; %v", n, len(f.Picture), err)
		}
	}
	whole := strings.Repeat(" ", MaxFrame-len(`{"type":"chatowner"}`)) + `{"type":"chatowner"}`
	if _, err := DecodeFrame([]byte(whole)); err != nil || MaxFrame != 1024*1024 {
		t.Errorf("a frame of 1 MiB: %v", err)
	}
	if _, err := DecodeFrame([]byte(" " + whole)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a frame of a byte more: %v", err)
	}
}

// Frames that the documentation does not describe.
func TestOddFrames(t *testing.T) {
	for in, want := range map[string]Frame{
		`{"status":"failed","message":"no"}`:                            {Type: FrameError, Content: "no"},
		`{"type":"error","message":"no","id":"7"}`:                      {Type: FrameError, Content: "no", ID: "7"},
		`{"type":"chatowner","type":"message","content":"x"}`:           {Type: FrameMessage, Content: "x"},
		`{"type":"message","content":["a", 1]}`:                         {Type: FrameMessage, Content: `["a",1]`},
		`{"type":"message","content":true}`:                             {Type: FrameMessage, Content: "true"},
		`{"type":"recv","content":true}`:                                {Type: FrameRecv, Content: "true", notText: true, notMessage: true},
		`{"type":"recv","content":"true"}`:                              {Type: FrameRecv, Content: "true", notMessage: true},
		`{"type":"recv","content":"false"}`:                             {Type: FrameRecv, Content: "false", notMessage: true},
		`{"type":"recv","content":7}`:                                   {Type: FrameRecv, Content: "7", notText: true},
		`{"type":"recv","content":{"stamp":1}}`:                         {Type: FrameRecv, Content: `{"stamp":1}`, notText: true, notMessage: true},
		`{"type":"recv","content":"x"}`:                                 {Type: FrameRecv, Content: "x"},
		`{"type":"message","status":"failed","content":"x"}`:            {Type: FrameMessage, Content: "x"},
		`{"type":"error","message":"` + strings.Repeat("x", 300) + `"}`: {Type: FrameError, Content: strings.Repeat("x", 300)},
	} {
		if got, err := DecodeFrame([]byte(in)); err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", in, got, err, want)
		}
	}
	for in, want := range map[string]string{
		`{"type":"ping"}`: `unknown frame type "ping"`,
		`{"type":"` + strings.Repeat("x", 32) + `"}`:      `unknown frame type "` + strings.Repeat("x", 32) + `"`,
		`{"type":"` + strings.Repeat("x", 33) + `"}`:      `unknown frame type "` + strings.Repeat("x", 32) + `"`,
		`{"status":"ok","message":"no"}`:                  `unknown frame type ""`,
		`{"type":"` + strings.Repeat("\u00e9", 20) + `"}`: `unknown frame type "` + strings.Repeat("\u00e9", 16) + `"`,
	} {
		if _, err := DecodeFrame([]byte(in)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", in, err, want)
		}
	}
}

// AppendStamp and AppendHeartbeat format a time as package time does.
func TestStamps(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 1000 {
		at := time.Unix(r.Int64N(253402300799), r.Int64N(1e9)).In(time.FixedZone("", r.IntN(86400)-43200))
		if got, want := string(AppendStamp(nil, at)), at.UTC().Format("2006-01-02T15:04:05"); got != want {
			t.Fatalf("%s, want %s", got, want)
		}
		offset := (r.IntN(27*4) - 12*4) * 900
		want := fmt.Sprintf(`"tz":"%s"}}`, at.In(time.FixedZone("", offset)).Format("-07:00"))
		if got := string(AppendHeartbeat(nil, at, offset)); !strings.HasSuffix(got, want) {
			t.Fatalf("%s, want %s", got, want)
		}
	}
	if got := string(AppendStamp(nil, time.Date(7, 1, 2, 3, 4, 5, 0, time.UTC))); got != "0007-01-02T03:04:05" {
		t.Errorf("%s", got)
	}
}

// traced returns the type, the size and the masked session of a frame, and nothing of its content.
func TestTraced(t *testing.T) {
	for want, f := range map[string]Frame{
		"message 7 bytes": {Type: FrameMessage, Content: "secret"},
		"session 7 bytes webchat-session.…7cc3: malformed JSON": {Type: FrameSession, Session: testSession},
	} {
		var err error
		if f.Type == FrameSession {
			err = ErrMalformed
		}
		if got := traced(f, 7, err); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Any script of the site may write to the storage: numbers and kinds read from it are checked.
func TestStoredNumbers(t *testing.T) {
	v, err := strictjson.Parse(`{"entries":[{"key":"a","kind":1,"state":2,"writes":-1,"recvs":-2,"retries":-3,"at":1},{"key":"b","writes":1,"recvs":2,"retries":3,"at":0},{"key":"c","kind":4},{"key":"d","kind":5},
		{"key":"e","kind":1,"state":3},{"key":"f","kind":2,"state":1},{"key":"g","kind":1,"state":1}],"session":"` + string(testSession) + `","flow":"x"}`)
	if err != nil {
		t.Fatal(err)
	}
	c := ParseConversation(v)
	var keys []string
	for _, e := range c.Entries {
		keys = append(keys, e.Key)
	}
	if !slices.Equal(keys, []string{"a", "b", "c", "g"}) {
		t.Fatalf("entries %q", keys)
	}
	a, b := c.Entries[0], c.Entries[1]
	if a.Writes != 0 || a.Recvs != 0 || a.Retries != 0 || !a.At.Equal(time.UnixMilli(1)) || b.Writes != 1 || b.Recvs != 2 || b.Retries != 3 || !b.At.IsZero() {
		t.Errorf("%+v, %+v", a, b)
	}
	if c.Session != testSession || c.Flow != "" {
		t.Errorf("session %q, flow %q", c.Session, c.Flow)
	}
}

// ParseEvent accepts each kind of event from another tab, and rejects unknown kinds.
func TestEventsOfOtherTabs(t *testing.T) {
	for in, ok := range map[string]bool{
		`{"kind":0,"state":"online"}`: true, `{"kind":0,"state":"failed","err":"x"}`: true, `{"kind":0,"state":"up"}`: false, `{"kind":0}`: false,
		`{"kind":3,"entry":{"key":"a"}}`: true, `{"kind":3}`: false, `{"kind":16,"reason":"server"}`: true, `{"kind":17}`: false, `{"kind":4,"key":"a"}`: true,
		`{"kind":1,"session":"` + string(testSession) + `"}`: true, `{"kind":1,"session":"x"}`: false, `[1]`: false,
	} {
		v, err := strictjson.Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		e, got := ParseEvent(v)
		if got != ok {
			t.Errorf("%s: %v", in, got)
		}
		var w strictjson.Writer
		if e.AppendJSON(&w); ok {
			again, _ := strictjson.Parse(string(w.Buf))
			if f, ok := ParseEvent(again); !ok || fmt.Sprint(f) != fmt.Sprint(e) {
				t.Errorf("%s has become %s", in, w.Buf)
			}
			for _, absent := range []string{"null", `""`, "resumed", "owner"} {
				if strings.Contains(string(w.Buf), absent) {
					t.Errorf("%s holds %s", w.Buf, absent)
				}
			}
		}
	}
	for _, s := range []State{Idle, Connecting, Online, Reconnecting, Offline, GaveUp} {
		if got, ok := ParseState(string(s)); got != s || !ok {
			t.Errorf("%s is %s, %v", s, got, ok)
		}
	}
}
