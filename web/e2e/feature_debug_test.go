package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/suite"
)

// recordTables is a script that appends the tables of the console to document.tables.
const recordTables = `<script>{
	document.tables = [];
	const { table } = console;
	console.table = (rows) => { document.tables.push(rows); table.call(console, rows); };
}</script>`

// tableRow is a row of the table of the attribute debug.
type tableRow struct{ What, Documented, Observed, Verdict string }

// tables returns the tables once there are n of them.
func (b *tab) tables(n int) (all [][]tableRow) {
	b.t.Helper()
	b.wait(fmt.Sprintf(`document.tables.length == %d`, n))
	if err := json.Unmarshal([]byte(eval[string](b, `JSON.stringify(document.tables)`)), &all); err != nil {
		b.t.Fatal(err)
	}
	return all
}

// loadedDebug is a condition for whether the page has loaded the module of the attribute debug.
const loadedDebug = `performance.getEntriesByType("resource").some(({ name }) => name.includes("plura-chat-debug-"))`

// leadAttribute is an attribute with lead data.
const leadAttribute = `data-record='{"phone": "+15551234567"}'`

// TestFeatureDebug checks that the attribute debug prints one table at the first message and one at the end, and that
// they contain no text and no id.
func TestFeatureDebug(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Demo{Hurry: true}.Options())
	tab := chromium.visitor(t).open(s.page("/", recordTables+s.tag(`data-debug `+leadAttribute)))
	tab.wait(loadedDebug)
	if n := eval[int](tab, `document.tables.length`); n != 0 {
		t.Errorf("%d tables before anything has happened", n)
	}
	tab.launch()
	tab.online()
	first := tab.tables(1)[0]
	want := []string{
		"types of the files", "compression of the files", "page policy", "policy violations", "storage", "session", "owner",
		"first message", "acknowledgements", "heartbeats", "connections lost",
	}
	var whats []string
	for _, row := range first {
		whats = append(whats, row.What)
		if row.Verdict != "right" || row.Documented == "" || row.Observed == "" {
			t.Errorf("%+v", row)
		}
	}
	if !slices.Equal(whats, want) {
		t.Errorf("the table has %q", whats)
	}
	tab.say("a secret text")
	tab.said("a secret text")
	s.flow.DropAll()
	tab.wait(`PluraChat.state != "online"`)
	tab.online()
	eval[any](tab, `PluraChat.reset()`)
	all := tab.tables(2)
	if row := all[1][8]; row.Observed != "1 of 1, 0 failed" {
		t.Errorf("%+v", row)
	}
	if row := all[1][10]; !strings.HasPrefix(row.Observed, "1, ") || row.Verdict != "odd" {
		t.Errorf("%+v", row)
	}
	printed := fmt.Sprint(all)
	for _, secret := range append([]string{"secret", "5551234567", flow}, s.flow.Sessions()...) {
		if strings.Contains(printed, secret) {
			t.Errorf("the tables have %q: %s", secret, printed)
		}
	}
}

// TestFeatureDebugFailure checks the table of a conversation that cannot begin.
func TestFeatureDebugFailure(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	s.flow.FailInits(-1, protocoltest.Failure{Status: 404})
	s.allow("console.error: plura-chat: ")
	tab := chromium.visitor(t).open(s.page("/", recordTables+s.tag(`data-debug `+leadAttribute)))
	tab.wait(loadedDebug)
	tab.click(part("launcher"))
	for _, row := range tab.tables(1)[0] {
		missing := slices.Contains([]string{"session", "owner", "first message"}, row.What)
		if missing != (row.Verdict != "right") {
			t.Errorf("%+v", row)
		}
	}
}

// TestFeatureDebugAbsent checks that a page without the attribute, or with the value false, gets no table, and that
// without it the module is not loaded.
func TestFeatureDebugAbsent(t *testing.T) {
	t.Parallel()
	for _, attribute := range []string{"", `data-debug=false`} {
		s := newSite(t, protocoltest.Demo{Hurry: true}.Options())
		tab := chromium.visitor(t).open(s.page("/", recordTables+s.tag(attribute)))
		tab.launch()
		tab.online()
		tab.say("hello")
		tab.said("hello")
		if n := eval[int](tab, `document.tables.length`); n != 0 {
			t.Errorf("%q: %d tables", attribute, n)
		}
		if attribute == "" && eval[bool](tab, loadedDebug) {
			t.Error("the module was loaded")
		}
	}
}

// TestFeatureDebugFramed checks that a chat in an iframe loads the module there, and only there.
func TestFeatureDebugFramed(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Demo{Hurry: true}.Options())
	tab, _ := framedPage(t, chromium, s, s.URL, "data-debug")
	tab.launch()
	tab.online()
	var name string
	for _, f := range dist.Files {
		if strings.HasPrefix(f.Name, "plura-chat-debug-") {
			name = f.Name
		}
	}
	if !suite.Poll(patience, func() bool { return s.asked(name) > 0 }) {
		t.Error("the module was not loaded")
	}
	if eval[bool](tab, loadedDebug) {
		t.Error("the page has loaded the module")
	}
}
