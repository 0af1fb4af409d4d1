package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/browser"
	"plurachat/web/e2e/suite"
)

// framedPage opens a page of s with a widget in an iframe. The page has the policy that the documentation gives to site
// owners: it allows the scripts and the iframe of one origin, and no WebAssembly, no requests and no styles.
func framedPage(t *testing.T, e *engine, s *site, origin, attributes string) (b *tab, console func() []string) {
	t.Helper()
	s.document("/", fmt.Sprintf(`<!doctype html><html lang=en><title>Roofs</title><link rel=icon href=data:,>
		<script async src="%s/plura-chat.js" data-flow-id="%s" data-frame %s %s></script>
		<button id=before>Before</button><h1>Roofs</h1>`, origin, flow, s.endpoints("data-"), attributes))
	s.header("/", "Content-Security-Policy", "default-src 'none'; style-src 'none'; img-src data:; "+
		strings.ReplaceAll(ownersPolicies(t)[2], "https://cdn.example.com", origin))
	b = e.visitor(t).open("about:blank")
	console = func() []string { return nil }
	if e == chromium {
		console = recordConsole(b)
	}
	b.open(s.URL + "/")
	return b, console
}

// recordEvents makes the page append the events of its widgets to document.log.
func (b *tab) recordEvents() {
	b.t.Helper()
	eval[any](b, `(() => {
		document.log = [];
		for (const name of ["ready", "open", "close", "status", "session", "owner", "message", "sent", "failed", "unread", "reset", "error"]) {
			addEventListener("plura-chat:" + name, ({ detail }) => document.log.push([name, detail?.state ?? detail?.count ?? detail?.text ?? ""].join(" ").trim()));
		}
	})()`)
}

func (b *tab) events() []string {
	b.t.Helper()
	return eval[[]string](b, `document.log`)
}

// recalls returns once a condition is true. In the condition, all is the transcript that PluraChat.transcript returns.
func (b *tab) recalls(condition string) {
	b.t.Helper()
	if !suite.Poll(patience, func() bool { return eval[bool](b, `PluraChat.transcript().then(all => `+condition+`)`) }) {
		b.t.Fatalf("waited %s in vain for %s of %s", patience, condition, eval[string](b, `PluraChat.transcript().then(all => JSON.stringify(all))`))
	}
}

// TestFramesAreApart checks that another site that embeds the same iframe cannot read this site's conversation.
func TestFramesAreApart(t *testing.T) {
	t.Parallel()
	s, files := newSite(t, protocoltest.Options{}), newSite(t, protocoltest.Options{})
	tab, _ := framedPage(t, chromium, s, files.URL, "")
	tab.launch()
	tab.wait(focused("panel"))
	tab.press("For this site only" + browser.Enter)
	tab.recalls(`all.some(m => m.text == "For this site only")`)

	other := newSite(t, protocoltest.Options{})
	other.document("/", fmt.Sprintf(`<!doctype html><html lang=en><title>Other</title><link rel=icon href=data:,>
		<script async src="%s/plura-chat.js" data-flow-id="%s" data-frame %s></script>`, files.URL, flow, other.endpoints("data-")))
	tab.open(other.URL + "/")
	tab.launch()
	if said := eval[string](tab, `PluraChat.transcript().then(all => JSON.stringify(all))`); strings.Contains(said, "For this site only") {
		t.Errorf("another site reads %s", said)
	}
}

// TestFrameForbidden checks that a page whose policy forbids the iframe gets a clear error on the console, and the
// visitor a notice in the panel.
func TestFrameForbidden(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	s.document("/", `<!doctype html><html lang=en><title>A page</title><link rel=icon href=data:,>`+s.tag("data-frame"))
	s.header("/", "Content-Security-Policy", "default-src 'none'; script-src 'self'; img-src data:")
	tab := chromium.visitor(t).open("about:blank")
	console := recordConsole(tab)
	tab.open(s.URL + "/")
	tab.wait(visible(part("launcher")))
	tab.click(part("launcher"))
	tab.wait(part("notice") + `?.textContent.includes("isn’t available")`)
	tab.wait(`PluraChat.state == "failed"`)
	if !slices.ContainsFunc(console(), func(line string) bool { return strings.Contains(line, "add "+s.URL+" to its frame-src") }) {
		t.Errorf("the console says %q", console())
	}
}

// TestFrameTellsReasons checks that the page around an iframe hears why there is no connection.
func TestFrameTellsReasons(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab, _ := framedPage(t, chromium, s, s.URL, "")
	eval[any](tab, `addEventListener("plura-chat:status", ({detail}) => document.reason ||= detail.reason)`)
	tab.launch()
	tab.online()
	eval[any](tab, `document.reason = ""`) // a slow machine may have needed two attempts
	s.flow.HangDials(true)
	s.flow.DropAll()
	tab.wait(`PluraChat.state == "reconnecting" && document.reason == "read: the server or the network has closed the connection"`)
	s.flow.HangDials(false)
	tab.online()
}

// TestFrameBackForwardCache checks that the iframe's connection is closed while the page is in the back/forward cache,
// and that the chat continues afterwards.
func TestFrameBackForwardCache(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{Replay: protocoltest.ReplayGreeting})
	files := newSite(t, protocoltest.Options{})
	s.page("/next", `<h1>Another page</h1>`)
	tab, _ := framedPage(t, chromium, s, files.URL, "")
	tab.launch()
	tab.wait(focused("panel"))
	tab.recordEvents()
	tab.press("Before" + browser.Enter + "Half a sen")
	eval[any](tab, `addEventListener("pageshow", event => document.persisted = event.persisted)`)
	tab.wait(`document.log.includes("sent Before")`) // what is not acknowledged would be sent again
	if got := s.flow.Messages(""); !slices.Equal(got, []string{"Before"}) {
		t.Fatalf("the server got %q", got)
	}
	tab.open(s.URL + "/next")
	if err := s.flow.WaitLive(patience, 0); err != nil {
		t.Errorf("the socket is still open: %v", err)
	}
	// chromedp's own function waits for a load event, which a restored page with an iframe does not fire.
	eval[any](tab, `void setTimeout(() => history.back())`)
	tab.wait(`document.persisted`)
	tab.online()
	tab.wait(focused("panel"))
	tab.press("tence" + browser.Enter)
	if !suite.Poll(patience, func() bool { return slices.Equal(s.flow.Messages(""), []string{"Before", "Half a sentence"}) }) {
		t.Errorf("the server got %q", s.flow.Messages(""))
	}
}

// TestFrameMoves checks that the chat continues after the page has moved the element, which makes the browser load the
// iframe again.
func TestFrameMoves(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		frameMoves(t, e)
	})
}

func frameMoves(t *testing.T, e *engine) {
	s := newSite(t, protocoltest.Options{Replay: protocoltest.ReplayGreeting})
	tab, _ := framedPage(t, e, s, s.URL, "")
	tab.launch()
	tab.wait(focused("panel"))
	eval[any](tab, `PluraChat.send("Before")`) // resolves when the message is acknowledged, after which it is not sent again
	tab.recordEvents()
	eval[any](tab, `document.body.append(document.querySelector("plura-chat"))`)
	tab.wait(`document.log.includes("ready")`)
	tab.online()
	if id := eval[string](tab, `PluraChat.send("After").then(sent => sent.id)`); id == "" {
		t.Error("send has no id")
	}
	if got := s.flow.Messages(""); !slices.Equal(got, []string{"Before", "After"}) {
		t.Errorf("the server got %q", got)
	}
}
