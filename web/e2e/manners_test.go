package e2e

import (
	"slices"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/browser"
)

// recordConsole returns a function that returns the warnings and errors on the tab's console, including those of the
// browser.
func recordConsole(b *tab) func() []string {
	b.t.Helper()
	var mu sync.Mutex
	var all []string
	messages := chromedp.Console(b.chromedp())
	go func() {
		for m, err := range messages {
			if err != nil {
				return // the tab is closed
			}
			if m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleException || m.Type == chromedp.ConsoleWarning {
				mu.Lock()
				all = append(all, string(m.Type)+": "+m.Text)
				mu.Unlock()
			}
		}
	}()
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(all)
	}
}

// TestGuestLeavesNoTrace checks that a conversation adds nothing to the page but window.PluraChat, writes nothing to
// the console, and does not shift the page's layout.
func TestGuestLeavesNoTrace(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Demo{Hurry: true}.Options())
	s.page("/", `<script>
		document.names = Object.getOwnPropertyNames(window);
		document.shift = 0;
		new PerformanceObserver(list => list.getEntries().forEach(entry => entry.hadRecentInput || (document.shift += entry.value))).observe({type: "layout-shift", buffered: true});
		document.looks = () => JSON.stringify([document.title, history.length, scrollX, scrollY, document.body.outerHTML, getComputedStyle(document.body).cssText, document.styleSheets.length, document.adoptedStyleSheets.length]);
		</script><body>`+s.tag("")+`<h1>Roofs</h1>`+longPage+`<script>document.before = document.looks()</script>`)
	tab := chromium.visitor(t).open("about:blank")
	console := recordConsole(tab)
	tab.open(s.URL + "/")

	tab.launch()
	tab.say("How much does a new roof cost?")
	tab.heard("$")
	tab.say("/markdown")
	tab.heard("Not markup")
	// Changes that the visitor did not cause must not shift the layout either.
	eval[any](tab, `new Promise(done => setTimeout(done, 600))`) // layout shifts within half a second of an input do not count
	tab.loses(s)
	tab.wait(`(dispatchEvent(new Event("online")), ` + part("status") + `.textContent == "")`)
	tab.press(browser.Escape)
	tab.wait(`!` + visible(part("panel")))

	if added := eval[[]string](tab, `Object.getOwnPropertyNames(window).filter(name => !document.names.includes(name))`); !slices.Equal(added, []string{"PluraChat"}) {
		t.Errorf("the page has got %v, want only PluraChat", added)
	}
	if got := console(); len(got) > 0 {
		t.Errorf("the console says %q", got)
	}
	if shift := eval[float64](tab, `document.shift`); shift != 0 {
		t.Errorf("the layout has shifted by %v", shift)
	}
	if before, after := eval[string](tab, `document.before`), eval[string](tab, `document.looks()`); before != after {
		t.Errorf("the page was\n%s\nand is\n%s", before, after)
	}
	if tags := eval[string](tab, `[...document.documentElement.children].map(e => e.localName).join()`); tags != "head,body,plura-chat" {
		t.Errorf("the document's elements are %s", tags)
	}
}

// longPage is an element that is taller than the screen.
const longPage = `<div style="height: 3000px">A long page.</div>`

// TestPeculiarHost checks that the chat works and looks the same on a page that has the globals of Node, extends
// built-in prototypes, and styles all elements.
func TestPeculiarHost(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Demo{Hurry: true}.Options())
	s.page("/", `<style>html { font-size: 62.5% } * { color: red !important; font: 30px serif !important; letter-spacing: 1em; text-transform: uppercase; line-height: 3 } div { display: none } button { width: 100% }</style>
		<script>
		window.process = document.process = {env: {NODE_ENV: "production"}, versions: {node: "1.0"}};
		window.global = window; window.require = name => { throw new Error("require " + name); }; window.module = {exports: {}};
		window.Go = document.Go = class {};
		Array.prototype.last = function () { return this[this.length - 1]; };
		Object.prototype.extra = "everywhere";
		Function.prototype.also = 1;
		String.prototype.trim = function () { return String(this).replace(/^\s+|\s+$/g, ""); };
		</script>`+s.tag("")+`<h1>Roofs</h1>`)
	tab := chromium.visitor(t).open(s.URL + "/")
	tab.launch()
	tab.say("How much does a new roof cost?")
	tab.said("How much does a new roof cost?")
	tab.heard("$")
	tab.reload()
	tab.online()
	tab.heard("$")

	if !eval[bool](tab, `window.process === document.process && window.Go === document.Go && !("fs" in window) && !("path" in window)`) {
		t.Error("the page's process or Go is another one, or fs or path has come")
	}
	look := eval[map[string]string](tab, `(() => {
		const of = (part, name) => getComputedStyle(`+root+`.querySelector("[part~=" + part + "]"))[name];
		return {launcher: of("launcher", "width"), input: of("input", "fontSize"), bubble: of("bubble", "fontSize"), spacing: of("bubble", "letterSpacing"), transform: of("bubble", "textTransform")};
	})()`)
	for name, want := range map[string]string{"launcher": "56px", "input": "16px", "bubble": "15px", "spacing": "normal", "transform": "none"} {
		if look[name] != want {
			t.Errorf("%s is %s, want %s", name, look[name], want)
		}
	}
}

// TestClipboardRefused checks that the visitor sees when the browser refuses access to the clipboard, at once or later,
// and that the page gets no error.
func TestClipboardRefused(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		for name, clipboard := range map[string]string{
			"later":   `{writeText: () => Promise.reject(new DOMException("no", "NotAllowedError"))}`,
			"at once": `{writeText() { throw new TypeError("no"); }}`,
			"missing": `undefined`,
		} {
			t.Run(name, func(t *testing.T) {
				s := newSite(t, protocoltest.Demo{Hurry: true}.Options())
				tab := e.visitor(t).open(s.page("/", `<script>Object.defineProperty(navigator, "clipboard", {value: `+clipboard+`})</script>`+s.tag("")))
				tab.launch()
				tab.say("/markdown")
				tab.heard("Not markup")
				tab.click(root + `.querySelector("[data-do=copy]")`)
				tab.wait(root + `.querySelector("[data-do=copy]").matches(".refused:not(.done)")`)
				tab.wait(root + `.querySelector("[data-do=copy]").title.startsWith("Could not copy")`)
				tab.settle()
			})
		}
	})
}
