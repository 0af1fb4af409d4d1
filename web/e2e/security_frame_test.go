package e2e

import (
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/browser"
)

// junk is a JavaScript expression for a list of values: some of each kind that a message between page and iframe can
// have, and, for each property that either side reads, objects with each of these values.
const junk = `(() => {
	const values = [null, undefined, true, false, 0, -1, NaN, Infinity, 1e300, 10n, "", "x", "x".repeat(1e6), "\u202e", [], [null], [[]], [[null]], [undefined, undefined], {}, {a: null}, {then: 1}, {length: 1e9}, new Map([["event", 1]]),
		new Set([1]), new Date(NaN), new Error("x"), /x/, new ArrayBuffer(8), new Uint8Array(8), new Blob(["x"]), Object(1), Object("x"),
		[1], [1, "open"], [1, "open", null], [1, "open", [null]], [NaN, "send", []], [1, "constructor", []], [1, "shadowRoot", []], [-1, {}, "x"], [1, {then: 1}, null], [{}, {}, {}],
		["status"], ["status", null, "online", 0], ["status", {}, "online", 0], ["status", {state: null}, "online", 0], ["status", {state: "evil"}, "evil", 0], ["status", {state: "online"}, {}, 0], ["status", {state: "online"}, "online", {}],
		["error", null, "online", 0], ["error", {code: {}, message: {}}, "online", 0], ["open", null, null, null], ["open", {}, "online", "x"], ["message", {id: {}, text: []}, "online", 0], ["message", "x", "online", 1], ["evil", {}, "online", 0],
		["toString", null, "online", 0], ["status", {state: "online"}, {toString: 1, valueOf: 1}, 0], [{toString: 1, valueOf: 1}, null, "online", 0], [["status"], {state: "evil"}, "online", 0],
		["status", {state: "online", reason: {}}, "online", 0], ["status", {state: "online", reason: "x".repeat(2e6)}, "online", 0],
		["open", null, ["online"], 0], [1, null, {toString: 1, valueOf: 1}], ["__proto__", null, "online", 0], [null, null, null, null], ["session", 1, "online", 0], ["unread", {count: "x"}, "online", 1],
		{launcher: null}, {launcher: 1, badge: 2, heading: 3, title: 4}, {launcher: "", badge: "", heading: "", title: "x".repeat(1e6)}, {launcher: "", badge: "", heading: "", title: "evil"}, {launcher: "", badge: "", heading: ""},
		{launcher: "", badge: "", heading: "", title: "evil Chat"}, {launcher: "", badge: "evil", heading: "", title: "Chat"}, {launcher: "", badge: "", heading: "", title: "(3) evil Chat evil"},
		["link", {url: "http://["}, "online", 0], ["link", {url: "javascript:document.title = 'evil'"}, "online", 0], ["link", {url: parent.location.origin + "/evil"}, "online", 0], ["message", {id: "", from: "", name: "", text: "x".repeat(2e6), at: ""}, "online", 0],
		[1, ["x".repeat(2e6)]], [1, {x: "x".repeat(2e6)}], {begin: {page: 10n, attributes: [], open: true, whole: true}},
		{launcher: "x".repeat(1e6), badge: "", heading: "", title: "Chat"}, {launcher: "", badge: "x".repeat(1e4), heading: "", title: "Chat"},
		{attributes: null}, {attributes: [null], open: true, whole: true}, {attributes: [["onclick", "alert(1)"]], open: true, whole: true}, {attributes: [], open: 1, whole: 1}, {text: null}, {text: 1, start: "x", end: {}, focus: 1}, {text: "x", start: NaN, end: -1, focus: true},
		["onclick", "document.evil=1"], ["lang", {}], ["lang", 5], [["--plura-accent", {}]], [["position", "fixed"]], [["--plura-accent"]]];
	const names = ["hello", "ready", "lent", "event", "result", "wide", "face", "begin", "attribute", "properties", "open", "whole", "call", "draft", "constructor", "toString", "hasOwnProperty", "x"];
	return [...values, ...names.flatMap(name => values.map(value => ({[name]: value}))), Object.fromEntries(names.map(name => [name, null]))];
})()`

// TestHostileFrame checks that a page with a modified frame.html accepts only messages of the right form. No exception
// is thrown, and the page shows only titles and states that the widget defines.
func TestHostileFrame(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{})
		// It sends hello, because the widget removes an iframe that does not.
		s.document("/frame.html", `<!doctype html><title>Chat</title><script>
			addEventListener("message", ({ports: [port]}) => { port.postMessage({hello: true}); for (const value of `+junk+`) port.postMessage(value); port.postMessage({face: {launcher: "Done", badge: "", heading: "Done", title: "(3) Chat"}}); });
		</script>`)
		tab := e.visitor(t).open(s.page("/", `<script>document.events = []; addEventListener("pagehide", () => sessionStorage.left = 1);
			new MutationObserver(() => { document.evil ||= /evil/.test(document.title); }).observe(document.head, {childList: true, subtree: true, characterData: true}); for (const name of ["status", "error", "message", "session", "unread", "evil", "toString", "open"]) addEventListener("plura-chat:" + name, ({detail}) => document.events.push([name, detail]));</script>`+s.tag(`data-frame data-links="own"`)))
		tab.wait(visible(part("launcher")))
		eval[any](tab, `(PluraChat.open(), 0)`) // no act of the visitor, so that no link is followed
		tab.wait(root + `.querySelector("iframe")?.title == "Done"`)
		if eval[bool](tab, `Boolean(sessionStorage.left || document.evil)`) || eval[string](tab, `location.pathname`) != "/" {
			t.Error("the frame has navigated the page, or set its title")
		}
		if text := eval[string](tab, part("badge")+`?.textContent ?? ""`); text != "" {
			t.Errorf("the badge says %.20q", text)
		}
		tab.wait(`document.title == "(3) A page"`)
		for _, wrong := range eval[[]string](tab, `document.events.filter(([name, detail]) =>
			!(name == "open" && detail === null) && !(name == "status" && ["loading", "connecting", "online", "failed"].includes(detail?.state) && detail.reason === undefined)).map(event => JSON.stringify(event))`) {
			t.Errorf("the page heard %s", wrong)
		}
		if state := eval[string](tab, `PluraChat.state + " " + typeof PluraChat.unread`); strings.Contains(state, "evil") || !strings.HasSuffix(state, " number") {
			t.Errorf("state and unread are %s", state)
		}
		if held := eval[string](tab, root+`.querySelector("iframe").sandbox.value`); strings.Contains(held, "top-navigation") || strings.Contains(held, "forms") || !strings.Contains(held, "allow-scripts") {
			t.Errorf("the sandbox is %q", held)
		}
		tab.settle()
	})
}

// TestHostilePageAroundFrame checks that frame.html throws no exception and sets no foreign attribute, whatever the
// page that embeds it sends.
func TestHostilePageAroundFrame(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{})
		tab := e.visitor(t).open(s.page("/", `<iframe src="/frame.html" width=400 height=600></iframe>`))
		eval[any](tab, `(async () => {
			const inner = frames[0], channel = new MessageChannel();
			document.wrong = [];
			inner.addEventListener("error", ({message}) => document.wrong.push(message));
			inner.addEventListener("unhandledrejection", ({reason}) => document.wrong.push(String(reason)));
			const heard = new Promise(resolve => { channel.port1.onmessage = ({data}) => data.ready !== undefined && resolve(); });
			inner.postMessage("plura-chat", "*", [channel.port2]);
			for (const value of `+junk+`) channel.port1.postMessage(value);
			channel.port1.postMessage({begin: {attributes: [["flow-id", "`+flow+`"], ["socket-url", "ws" + location.origin.slice(4)]], open: true, whole: false}});
			await heard;
			for (const value of `+junk+`) channel.port1.postMessage(value);
		})()`)
		tab.wait(`frames[0].document.querySelector("plura-chat")?.state == "online"`)
		if wrong := eval[[]string](tab, `document.wrong`); len(wrong) > 0 {
			t.Errorf("in the frame: %q", wrong)
		}
		if eval[bool](tab, `["onclick", "style"].some(name => /evil|fixed/.test(frames[0].document.querySelector("plura-chat").getAttribute(name)))`) {
			t.Error("an attribute that is none of the widget's was set")
		}
		tab.settle()
	})
}

// TestFormInFrame checks that the pre-chat form works in the iframe, by its button and by Enter, although the sandbox
// forbids the submission of forms. The iframe sends requests only to the host of the session URL.
func TestFormInFrame(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		for name, do := range map[string]func(tab *tab, form string){
			"button": func(tab *tab, form string) { eval[any](tab, form+`.querySelector("[type=submit]").click()`) },
			"Enter":  func(tab *tab, form string) { tab.press(browser.Enter) },
		} {
			t.Run(name, func(t *testing.T) {
				s := newSite(t, protocoltest.Demo{Hurry: true}.Options())
				tab := e.visitor(t).open(s.page("/", s.tag(`data-frame data-prechat="first_name,phone"`)))
				tab.wait(visible(part("launcher")))
				tab.click(part("launcher"))
				form := part("panel") + `?.contentDocument?.querySelector("plura-chat")?.shadowRoot?.querySelector("form")`
				tab.wait(part("panel") + `?.localName == "iframe" && ` + form)
				tab.wait(focused("panel"))
				eval[any](tab, `(() => { const [first, phone] = `+form+`.querySelectorAll("input"); first.value = "Ada"; phone.value = "+12025550123"; for (const input of [first, phone]) input.dispatchEvent(new Event("input", {bubbles: true})); phone.focus(); })()`)
				eval[any](tab, `void (document.posted = `+part("panel")+`.contentWindow.performance)`)
				do(tab, form)
				tab.recalls(`all.some(m => m.text.startsWith("Hi Ada"))`)
				for _, url := range eval[[]string](tab, `document.posted.getEntriesByType("resource").map(entry => entry.name)`) {
					if !strings.HasPrefix(url, s.URL+"/") {
						t.Errorf("the frame asked for %s", url)
					}
				}
			})
		}
	})
}
