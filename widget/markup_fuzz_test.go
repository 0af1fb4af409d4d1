//go:build !js

package widget

import (
	_ "embed"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"plurachat/protocol"
	"plurachat/widget/chat"
	"plurachat/widget/tabs"
	"plurachat/widget/words"
)

//go:embed testdata/hostile.txt
var hostileFile string

// hostileTexts returns the payloads of testdata/hostile.txt. The browser tests use them too.
func hostileTexts(t testing.TB) (texts []string) {
	t.Helper()
	for line := range strings.Lines(hostileFile) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		text, err := strconv.Unquote(line)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		texts = append(texts, text)
	}
	if len(texts) < 300 {
		t.Fatalf("%d payloads", len(texts))
	}
	return texts
}

// rowElements lists the elements that a row may contain, with their attributes and the patterns of the values. An empty
// pattern allows any value: the attribute is only read out or looked up.
var (
	rowElements = map[string]map[string]string{
		"div":    {"id": `^row\d+$`, "data-far": `^$`, "data-state": `^(sent|sending|failed)$`, "data-from": `^(agent|visitor)$`, "data-id": "", "role": `^article$`, "data-name": `^Table$`},
		"a":      {"href": `^(https?://[^/\s]|mailto:[^\s]|tel:)`, "target": `^_blank$`, "rel": `^noopener noreferrer nofollow$`},
		"img":    {"alt": "", "loading": `^lazy$`, "referrerpolicy": `^no-referrer$`, "decoding": `^async$`, "src": `(?is)^(https://.|data:image/(png|jpeg|gif|webp)([;,]|$))`},
		"button": {"type": `^button$`, "data-do": `^(retry|remove|new|copy|whole|reply)$`, "data-key": "", "aria-label": ""},
		"ol":     {"start": `^\d+$`}, "pre": {"data-name": `^Code$`}, "svg": {"viewBox": `^0 0 24 24$`}, "path": {"d": `^[MhvHVzl\d.-]+( |[MhvHVzl\d.-])*$`},
		"p": {"role": `^heading$`, "aria-level": `^3$`}, "br": {}, "strong": {}, "em": {}, "s": {}, "code": {}, "blockquote": {}, "ul": {}, "li": {}, "hr": {},
		"span": {"role": `^(img|group)$`, "aria-label": `^(Done|Not done|Suggested messages)$`}, "table": {}, "thead": {}, "tbody": {}, "tr": {}, "td": {}, "th": {"scope": `^col$`},
	}
	// commonAttributes are allowed on all elements.
	commonAttributes = map[string]string{"class": `^([a-z -]+|n\d+)$`, "part": `^(message|bubble|divider|table|replies)$`, "dir": `^(auto|ltr)$`, "aria-hidden": `^true$`}
)

var patterns = map[string]*regexp.Regexp{}

// compiled returns the compiled pattern. It compiles each pattern once.
func compiled(pattern string) *regexp.Regexp {
	if patterns[pattern] == nil {
		patterns[pattern] = regexp.MustCompile(pattern)
	}
	return patterns[pattern]
}

// checkSpec fails the test if a node is not allowed by the lists above. It returns the node's text.
func checkSpec(t *testing.T, source string, spec any) string {
	t.Helper()
	text, ok := spec.(string)
	if ok {
		return text
	}
	list, ok := spec.([]any)
	if !ok || len(list) < 2 {
		t.Fatalf("%.80q: a spec %v", source, spec)
	}
	tag, _ := list[0].(string)
	own, known := rowElements[tag]
	attributes, ok := list[1].(map[string]any)
	if !known || !ok {
		t.Fatalf("%.80q: an element %v", source, list[:2])
	}
	for name, value := range attributes {
		pattern, allowed := own[name]
		if !allowed {
			pattern, allowed = commonAttributes[name]
		}
		text, isText := value.(string)
		if !allowed || !isText || pattern != "" && !compiled(pattern).MatchString(text) {
			t.Fatalf("%.80q: <%s %s=%.80q>", source, tag, name, value)
		}
	}
	all := ""
	for _, inside := range list[2:] {
		all += checkSpec(t, source, inside)
	}
	return all
}

// checkRow makes rows of a text in each kind and state, and checks their nodes.
func checkRow(t *testing.T, text string) {
	t.Helper()
	words := words.New()
	format := func(int64) string { return "now" }
	for kind := protocol.Agent; kind <= protocol.Dropped; kind++ {
		for state := protocol.Sent; state <= protocol.Failed; state++ {
			row := chat.Row{Key: text, ID: text, Kind: kind, State: state, Name: text, Initials: text, Text: text, At: 1, First: true, Last: true, Offer: true, Live: true}
			if chat.SafePicture(text) {
				row.Picture = text
			}
			var w nodeBuilder
			m := &rowMarkup{markup: markup{nodeBuilder: &w}, words: &words, clock: format, date: format}
			m.parser.Page = "https://page.example/a/b?c#d"
			m.ownPage, m.imageHosts = m.parser.Page, []string{"a.example", "*.b.example"}
			m.row(&row, rowID(1), true)
			var spec any
			if err := json.Unmarshal(w.Buf, &spec); err != nil {
				t.Fatalf("%.80q: %v", text, err)
			}
			if shown := checkSpec(t, text, spec); kind == protocol.Visitor && !strings.Contains(shown, strings.ToValidUTF8(text, "\uFFFD")) && strings.ToValidUTF8(text, "") == text {
				t.Fatalf("%.80q is shown as %.80q", text, shown)
			}
		}
	}
}

// FuzzMarkup makes rows of arbitrary texts, names, ids and pictures. They must contain only the elements and attributes
// of the lists above.
func FuzzMarkup(f *testing.F) {
	for _, text := range hostileTexts(f) {
		f.Add(text)
	}
	f.Fuzz(checkRow)
}

// FuzzTabMessage passes arbitrary messages to a tab that holds the connection and to one that mirrors it. Any script of
// the page's origin can send such messages on the broadcast channel.
func FuzzTabMessage(f *testing.F) {
	texts := hostileTexts(f)
	for i, text := range texts {
		quoted, err := json.Marshal(text)
		if err != nil {
			f.Fatal(err)
		}
		kind := []string{"ask", "here", "snapshot", "event", "command", "heard", "read", "bye"}[i%8]
		f.Add(strings.NewReplacer("$", string(quoted), "#", strconv.Itoa(i%16)).Replace(`{"kind":"` + kind + `","from":$,"seq":#,"n":#,"text":$,"sync":true,"reading":true,"state":$,` +
			`"event":{"kind":#,"state":$,"key":$,"id":$,"owner":{"name":$,"picture":$},"entry":{"key":$,"text":$,"kind":1,"state":2,"at":8640000000000001}},` +
			`"command":{"kind":#,"key":$,"text":$,"flow":$},"conversation":{"session":$,"entries":[{"key":$,"text":$,"name":$,"picture":$}]}}`))
		f.Add(text)
	}
	start := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	states := []protocol.State{protocol.Idle, protocol.Connecting, protocol.Online, protocol.Reconnecting, protocol.Offline, protocol.GaveUp}
	f.Fuzz(func(t *testing.T, text string) {
		for _, holding := range []bool{false, true} {
			tab := tabs.New(start, "me", true)
			if holding {
				tab.Acquired()
			}
			shown := chat.New(start, chat.Config{Options: chat.Options{Flow: "87f66d6d-dba9-4a44-9274-02c6927a083a"}, Visible: true, Open: true, Words: words.New(), NewKey: func() string { return "new" }})
			for range 2 {
				tab.Received(start, text)
				tab.Tick(start.Add(time.Minute))
				for _, feed := range tab.Take().Feed {
					if feed.Sync != nil {
						shown.Sync(start, feed.Sync)
					} else {
						shown.Event(start, *feed.Event)
					}
				}
			}
			b := shown.Take(start)
			if !slices.Contains(states, b.Screen.State) {
				t.Fatalf("%.80q: the state is %q", text, b.Screen.State)
			}
			for _, p := range b.Rows {
				if p.Row == nil {
					continue
				}
				if p.Row.Picture != "" && !chat.SafePicture(p.Row.Picture) || p.Row.At > 8_640_000_000_000_000 {
					t.Fatalf("%.80q: a row with picture %q of %d", text, p.Row.Picture, p.Row.At)
				}
			}
		}
	})
}
