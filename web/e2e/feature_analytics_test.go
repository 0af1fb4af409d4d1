package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/suite"
)

// pushed returns once the entries of the data layer are the given ones, in any order.
func (b *tab) pushed(want ...string) {
	b.t.Helper()
	slices.Sort(want)
	var got []string
	if !suite.Poll(patience, func() bool {
		got = eval[[]string](b, `(window.dataLayer ?? []).map(entry => JSON.stringify(entry)).sort()`)
		return slices.Equal(got, want)
	}) {
		b.t.Fatalf("the data layer has\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// emit makes the widget dispatch an event.
func (b *tab) emit(name, detail string) {
	b.t.Helper()
	eval[any](b, fmt.Sprintf(`(document.querySelector("plura-chat").dispatchEvent(new CustomEvent("plura-chat:%s", {detail: %s})), 0)`, name, detail))
}

// TestFeatureAnalytics checks what is pushed onto the data layer during a conversation, across a reload, and by links
// and suggestions, and that it contains no text, no id and no number.
func TestFeatureAnalytics(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Demo{Hurry: true}.Options())
	tab := chromium.visitor(t).open(s.page("/", s.tag(`data-analytics="DataLayer" data-record='{"phone": "+15551234567"}'`)))
	tab.wait(`performance.getEntriesByType("resource").some(({ name }) => name.includes("plura-chat-analytics-"))`)
	if eval[bool](tab, `"dataLayer" in window`) {
		t.Error("there is a data layer before anything has happened")
	}
	const open, lead, start, end = `{"event":"plura_chat_open"}`, `{"event":"plura_chat_lead"}`, `{"event":"plura_chat_start"}`, `{"event":"plura_chat_end"}`
	tab.launch()
	tab.pushed(open, lead)
	tab.say("hello")
	tab.said("hello")
	tab.say("again")
	tab.said("again")
	tab.pushed(open, lead, start)
	tab.click(part("launcher"))
	tab.wait(`!` + visible(part("panel")))
	tab.click(part("launcher"))
	tab.pushed(open, lead, start, open)

	// The open panel of an earlier page is opened again; its conversation does not begin again.
	tab.reload()
	tab.online()
	tab.pushed(open)
	tab.wait(focused("input") + ` || ` + part("input") + `.focus()`)
	tab.say("still there?")
	tab.said("still there?")
	eval[any](tab, `PluraChat.transcript()`) // which is answered after the module's call
	tab.pushed(open)
	eval[any](tab, `PluraChat.reset()`)
	tab.pushed(open, end, lead)
	eval[any](tab, `PluraChat.send("a new start")`)
	tab.pushed(open, end, lead, start)

	eval[any](tab, `window.dataLayer.length = 0`)
	tab.emit("suggestion", `{text: "secret", kind: "reply"}`)
	tab.emit("suggestion", `{text: "secret", kind: "starter"}`)
	tab.emit("link", `{url: "https://user:secret@www.example.com:8080/secret?id=1"}`)
	tab.emit("link", `{url: "tel:+15551234567"}`)
	tab.emit("link", `{url: "mailto:secret@example.com"}`)
	tab.pushed(`{"event":"plura_chat_suggestion","kind":"reply"}`, `{"event":"plura_chat_suggestion","kind":"starter"}`,
		`{"event":"plura_chat_link","link_kind":"https","link_host":"www.example.com"}`, `{"event":"plura_chat_link","link_kind":"tel"}`, `{"event":"plura_chat_link","link_kind":"mailto"}`)

	// Without the attribute, nothing is pushed. When it is there again, the panel is open.
	eval[any](tab, `document.querySelector("plura-chat").removeAttribute("analytics"), window.dataLayer.length = 0`)
	tab.emit("suggestion", `{text: "secret", kind: "reply"}`)
	tab.click(part("launcher"))
	tab.wait(`!` + visible(part("panel")))
	tab.click(part("launcher"))
	tab.wait(visible(part("panel")))
	eval[any](tab, `document.querySelector("plura-chat").setAttribute("analytics", "datalayer")`)
	tab.pushed(open)
	tab.emit("reset", `undefined`)
	tab.pushed(open, end)
}

// TestFeatureAnalyticsWithoutRecv checks that the beginning of a conversation is pushed once over two page views if the
// server sends no recv, so that the visitor's messages have no ids.
func TestFeatureAnalyticsWithoutRecv(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{Manners: protocoltest.Manners{Recv: protocoltest.RecvNever}})
	tab := chromium.visitor(t).open(s.page("/", s.tag(`data-analytics=datalayer`)))
	tab.launch()
	tab.say("hello")
	tab.said("hello")
	tab.pushed(`{"event":"plura_chat_open"}`, `{"event":"plura_chat_start"}`)
	tab.reload()
	tab.online()
	tab.wait(focused("input") + ` || ` + part("input") + `.focus()`)
	tab.say("again")
	tab.said("again")
	eval[any](tab, `PluraChat.transcript()`) // which is answered after the module's call
	tab.pushed(`{"event":"plura_chat_open"}`)
}

// TestFeatureAnalyticsLate checks that the opening of a panel is pushed once if the panel was opened before the module
// was loaded, and that an own data layer of the page may throw.
func TestFeatureAnalyticsLate(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	module := file(t, `^plura-chat-analytics-.*\.js$`)
	release := s.hold(module.Name)
	tab := chromium.visitor(t).open("about:blank")
	console := recordConsole(tab)
	tab.open(s.page("/", `<script>window.dataLayer = {list: [], push(entry) { this.list.push(entry.event); throw new Error("a tag"); }}</script>`+s.tag(`data-analytics=datalayer`)))
	tab.launch()
	release()
	tab.wait(`dataLayer.list.join() == "plura_chat_open"`)
	tab.say("hello")
	tab.said("hello")
	tab.wait(`dataLayer.list.join() == "plura_chat_open,plura_chat_start"`)
	want := "warning: plura-chat: window.dataLayer: Error: a tag"
	if got := console(); !slices.Equal(got, []string{want, want}) {
		t.Errorf("the console has %q", got)
	}
}

// TestFeatureAnalyticsWarnings checks that a bad value, and a data layer that is not one, lead to one line.
func TestFeatureAnalyticsWarnings(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab := chromium.visitor(t).open("about:blank")
	console := recordConsole(tab)
	said := func(want ...string) {
		t.Helper()
		if !suite.Poll(patience, func() bool { return len(console()) >= len(want) }) || !slices.Equal(console(), want) {
			t.Errorf("the console has %q, want %q", console(), want)
		}
	}
	tab.open(s.page("/", `<script>window.dataLayer = "mine"</script>`+s.tag(`data-analytics=gtm`)))
	const first = `warning: plura-chat: attribute analytics "gtm" is not used; allowed: none, datalayer`
	said(first)
	tab.emit("reset", `undefined`)
	for range 2 {
		eval[any](tab, `document.querySelector("plura-chat").setAttribute("analytics", "datalayer")`)
		tab.emit("reset", `undefined`)
	}
	said(first, `warning: plura-chat: attribute analytics "datalayer" is not used; allowed: datalayer, if window.dataLayer is an array`)
	if eval[string](tab, `window.dataLayer`) != "mine" {
		t.Error("the page's variable has changed")
	}
}

// TestFeatureAnalyticsFrame checks that the page around an iframe pushes onto its own data layer.
func TestFeatureAnalyticsFrame(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab, _ := framedPage(t, chromium, s, s.URL, `data-analytics=datalayer`)
	tab.launch()
	tab.pushed(`{"event":"plura_chat_open"}`)
	eval[any](tab, `PluraChat.send("hello")`)
	tab.pushed(`{"event":"plura_chat_open"}`, `{"event":"plura_chat_start"}`)
}
