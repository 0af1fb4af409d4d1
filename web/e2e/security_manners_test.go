package e2e

import (
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/suite"
)

// converse opens the chat, sends a message and waits for the answer.
func converse(b *tab) {
	b.t.Helper()
	b.launch()
	b.heard("How can I help")
	b.say("hello")
	b.said("hello")
	b.heard("You said: hello")
}

// changedHosts are pages that wrap, replace or extend what all scripts share.
var changedHosts = []struct {
	name          string
	before, after string       // what the page has before and after the tag
	act           func(b *tab) // what happens before the visitor opens the chat, if set
}{
	{name: "wrapped, as monitoring does", before: `<script>
		for (const name of ["fetch", "setTimeout", "clearTimeout", "requestAnimationFrame", "queueMicrotask",
			"addEventListener"]) {
			const own = window[name];
			window[name] = function () { return own.apply(this, arguments); };
		}
		const {WebSocket: Own} = window;
		window.WebSocket = function (url, protocols) {
			return protocols === undefined ? new Own(url) : new Own(url, protocols);
		};
		Object.assign(window.WebSocket, {CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3, prototype: Own.prototype});
		for (const level of ["log", "warn", "debug"]) {
			const own = console[level];
			console[level] = function () { return own.apply(this, arguments); };
		}
	</script>`},
	{name: "replaced afterwards", after: `<script>
		for (const name of ["fetch", "WebSocket", "setTimeout", "clearTimeout", "requestAnimationFrame"]) {
			window[name] = function () { throw new Error(name + " is not for you"); };
		}
		window.console = new Proxy({}, {get() { throw new Error("console is not for you"); }});
	</script>`},
	{name: "arrays and objects", before: `<script>
		Array.prototype.each = Object.prototype.also = function () { throw new Error("each"); };
		Object.prototype.onclick = Object.prototype.style = Object.prototype.part = "x";
		Object.prototype.value = Object.prototype.capture = undefined;
		for (const name of ["find", "filter", "map", "some", "forEach", "includes", "indexOf", "push", "shift", "concat",
			"slice"]) {
			const own = Array.prototype[name];
			Array.prototype[name] = function (...args) {
				if (!Array.isArray(this)) { throw new Error(name + " of what is no array"); }
				return own.apply(this, args);
			};
		}
		Array.from = list => [].slice.call(list);
		String.prototype.startsWith = function (s) { return this.indexOf(s) == 0; };
	</script>`},
	{name: "frozen", before: `<script>
		for (const it of [Object, Array, Function, String, Number, Promise, Map, Set, EventTarget, Node, Element, HTMLElement,
			Event]) {
			Object.freeze(it.prototype);
			Object.freeze(it);
		}
	</script>`},
	{name: "names of forms and pictures", before: `
		<img name=currentScript
			src="data:image/gif;base64,R0lGODlhAQABAIAAACJE3QAAACwAAAAAAQABAAACAkQBADs=">
		<form name=title></form><form name=cookie></form>
		<form id=PluraChat name=PluraChat></form><a id=Go></a><a id=process></a>
		<form id=fs name=path><input name=log></form><form name=visibilityState></form>`},
	{name: "something else of the same name", before: `<script>
		window.PluraChat = {push: 1};
		window.process = {env: {}, exit() { throw new Error("process"); }};
		window.Go = 1;
		window.require = () => { throw new Error("require"); };
		window.fs = {writeSync() { throw new Error("fs"); }};
		window.path = 1;
		window.define = Object.assign(() => { throw new Error("define"); }, {amd: {}});
		window.exports = {};
		window.module = {exports: {}};
	</script>`},
	{name: "locks that throw", before: `<script>
		LockManager.prototype.request = () => { throw new Error("no locks"); };
	</script>`},
	{name: "locks that are refused", before: `<script>
		LockManager.prototype.request = () => Promise.reject(new DOMException("no", "SecurityError"));
	</script>`},
	{name: "no console", before: `<script>delete window.console; window.console = undefined;</script>`},
	{name: "events from scripts", after: `<script>
		addEventListener("plura-chat:ready", ({target}) => {
			for (const type of ["keydown", "keyup", "input", "click", "pointerdown", "focusin", "scroll", "blur"]) {
				for (const node of target.shadowRoot.querySelectorAll("textarea, [part~=log], [part~=header]")) {
					type == "click" || node.dispatchEvent(new Event(type, {bubbles: true, composed: true, cancelable: true}));
					const tab = {key: "Tab"};
					type == "keydown" && node.dispatchEvent(Object.assign(new Event(type, {bubbles: true, composed: true}), tab));
				}
			}
			for (const type of ["pageshow", "storage", "online", "offline", "online", "resize", "visibilitychange", "message"]) {
				dispatchEvent(new Event(type));
				document.dispatchEvent(new Event(type));
			}
			dispatchEvent(new CustomEvent("plura-chat:ready"));
			dispatchEvent(new CustomEvent("plura-chat:error", {detail: null}));
		}, {once: true});
	</script>`},
	{
		name:  "a trigger that is everything",
		after: `<script>document.querySelector("plura-chat")?.setAttribute("launcher", "plura-chat")</script>`,
		act: func(b *tab) {
			// The loader adds the element once there is a body.
			b.wait(`document.querySelector("plura-chat") && PluraChat.state == "idle"`)
			eval[any](b, `document.querySelector("plura-chat").setAttribute("launcher", "*")`)
			eval[any](b, `document.querySelector("plura-chat").removeAttribute("launcher")`)
		},
	},
}

// TestHostsThatChangeEverything checks that the chat works on pages that wrap, replace or extend what all scripts
// share.
func TestHostsThatChangeEverything(t *testing.T) {
	t.Parallel()
	for _, host := range changedHosts {
		t.Run(host.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			tag := s.tag(`data-load=eager data-debug data-onclick="document.harmed=1" data-style="color:red" data-2x=1`)
			tag = strings.Replace(tag, "async", "", 1)
			tab := chromium.visitor(t).open(s.page("/", host.before+tag+`<h1>Roofs</h1>`+host.after))
			if host.act != nil {
				host.act(tab)
			}
			converse(tab)
			if eval[bool](tab, `Boolean(document.harmed) || `+
				`document.querySelector("plura-chat").hasAttribute("style") || `+
				`document.querySelector("plura-chat").hasAttribute("onclick")`) {
				t.Error("attributes of the tag that are script or style have been copied")
			}
			for _, name := range eval[[]string](tab, `[...`+root+`.querySelectorAll("*")]`+
				`.flatMap(e => e.getAttributeNames()).filter(name => /^(also|onclick|each)$/.test(name))`) {
				t.Errorf("there is an attribute %s", name)
			}
			eval[any](tab, `PluraChat.destroy()`)
		})
	}
}

// TestHostsThatThrow checks what happens if a browser function that the chat needs throws: the chat works, or shows in
// its panel that it does not, and no exception reaches the page.
func TestHostsThatThrow(t *testing.T) {
	t.Parallel()
	for name, sabotage := range map[string]string{
		"fetch":                 `window.fetch = () => { throw new Error("no fetch"); };`,
		"fetch rejects":         `window.fetch = () => Promise.reject(new Error("no fetch"));`,
		"fetch answers a page":  `window.fetch = async () => new Response("<h1>Sign in</h1>", {headers: {"Content-Type": "text/html"}});`,
		"WebSocket":             `window.WebSocket = class { constructor() { throw new Error("no socket"); } };`,
		"no WebSocket":          `window.WebSocket = undefined;`,
		"setTimeout":            `window.setTimeout = () => { throw new Error("no time"); };`,
		"requestAnimationFrame": `window.requestAnimationFrame = () => { throw new Error("no frames"); };`,
		"console":               `window.console = new Proxy({}, {get() { throw new Error("no console"); }});`,
		"console.error":         `for (const level of ["log", "warn", "error", "debug", "info"]) { console[level] = () => { throw new Error("no console"); }; }`,
		"WebAssembly":           `window.WebAssembly = undefined;`,
		"crypto":                `crypto.getRandomValues = () => { throw new Error("no chance"); };`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			s.allow("console.error: plura-chat: ") // the message for the site owner
			tab := chromium.visitor(t).open(s.page("/", `<script>`+sabotage+`</script>`+s.tag("")))
			tab.wait(visible(part("launcher")))
			tab.click(part("launcher"))
			tab.wait(visible(part("panel")))
			tab.wait(`["online", "failed", "connecting", "reconnecting"].includes(PluraChat.state) || ` + visible(part("notice")))
			if strings.HasPrefix(name, "console") {
				tab.heard("How can I help") // the chat works without a console
			} else {
				tab.wait(visible(part("notice")) + ` || PluraChat.state == "online" || ` + part("status") + `?.textContent`)
			}
			eval[any](tab, `document.querySelector("plura-chat").setAttribute("flow-id", "none")`) // the widget writes a warning to the console, which may throw
			tab.wait(`!` + part("launcher"))
		})
	}
}

// TestTwoVersions checks that a page that includes two versions of the script has one widget and opens one connection.
func TestTwoVersions(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	s.header("/other.js", "Content-Type", "text/javascript")
	s.document("/other.js", strings.Replace(string(dist.Loader().Data), `"0.`, `"9.`, 1))
	tab := chromium.visitor(t).open(s.page("/", s.tag("")+strings.Replace(s.tag(""), "/plura-chat.js", "/other.js", 1)+s.tag("")+`<script async src="/other.js"></script>`))
	converse(tab)
	if n := eval[int](tab, `document.querySelectorAll("plura-chat").length`); n != 1 {
		t.Errorf("there are %d widgets", n)
	}
	if n := s.flow.Dials(); n != 1 {
		t.Errorf("%d sockets were opened", n)
	}

	// Another script has already defined the element: nothing is thrown.
	tab = chromium.visitor(t).open(s.page("/taken", `<script>customElements.define("plura-chat", class extends HTMLElement {})</script>`+s.tag("")))
	tab.wait(`document.readyState == "complete"`)
}

// TestWarnings checks that the console names each attribute with an invalid value, that value and the allowed values,
// but no session ID and no lead data. The widget sends no requests over plain text connections to other hosts.
func TestWarnings(t *testing.T) {
	t.Parallel()
	const session = "webchat-session.2a36d9fd-3114-4cb4-a0ef-751f3e8e7cc3"
	s := newSite(t, protocoltest.Options{})
	tab := chromium.visitor(t).open("about:blank")
	console := recordConsole(tab)
	requested := recordRequests(tab)
	tab.open(s.page("/", strings.NewReplacer("data-socket-url", "data-x", "data-session-url", "data-y").Replace(s.tag(
		`data-socket-url="" data-load=eager data-debug data-record='{"first_name":"Featherstonehaugh"}' data-session="`+session+`x" data-theme=pink data-lang=x`))))
	eval[any](tab, `Object.entries({"socket-url": "ws://foreign.invalid", "session-url": "http://foreign.invalid/x"}).forEach(([name, value]) => document.querySelector("plura-chat").setAttribute(name, value))`)
	tab.wait(`PluraChat.state == "idle"`)
	var text string
	if !suite.Poll(patience, func() bool {
		text = strings.Join(console(), "\n")
		return strings.Contains(text, "socket-url") && strings.Contains(text, "session-url")
	}) {
		t.Errorf("the console says %s", text)
	}
	for _, want := range []string{
		`attribute socket-url "ws://foreign.invalid" is not used; allowed: wss://`,
		`attribute session-url "http://foreign.invalid/x" is not used; allowed: https://`,
		`attribute theme "pink" is not used; allowed: auto, light, dark`,
		`attribute session is not used; allowed: webchat-session.{uuid}`,
		`attribute record is not used; allowed: a JSON object with a "phone"`,
		`attribute lang "x" is not used`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the console does not say %q but\n%s", want, text)
		}
	}
	for _, secret := range []string{session, "Featherstonehaugh"} {
		if strings.Contains(text, secret) {
			t.Errorf("the console says %s:\n%s", secret, text)
		}
	}
	for _, url := range requested() {
		if !strings.HasPrefix(url, s.URL) {
			t.Errorf("a request to %s", url)
		}
	}
}

// TestBrowsersTooOld checks that there is no chat in a browser that lacks something that the widget needs. The console
// says so, calls of the page's own scripts are queued, and nothing is thrown.
func TestBrowsersTooOld(t *testing.T) {
	t.Parallel()
	for name, lack := range map[string]string{
		"new CSSStyleSheet()": `window.CSSStyleSheet = function () { throw new TypeError("Illegal constructor"); };`,
		"replaceSync":         `delete CSSStyleSheet.prototype.replaceSync;`,
		"AbortController":     `delete window.AbortController;`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			everywhere(t, func(t *testing.T, e *engine) {
				s := newSite(t, protocoltest.Options{})
				s.allow("console.error: plura-chat: TypeError: ")
				s.allow("console.error: plura-chat: ReferenceError: ")
				tab := e.visitor(t).open(s.page("/", `<script>`+lack+`</script>`+s.tag("data-load=eager")+s.element("open")+`<script>addEventListener("load", () => PluraChat.open())</script>`))
				if !suite.Poll(patience, func() bool { tab.settle(); return strings.Contains(s.consoleErrors(), "console.error: plura-chat: ") }) {
					t.Error("the console does not tell the owner")
				}
				if eval[bool](tab, visible(part("launcher"))+` || `+visible(part("panel"))) {
					t.Error("there is a chat")
				}
				if state := eval[string](tab, `PluraChat.state`); state != "idle" {
					t.Errorf("the state is %s", state)
				}
			})
		})
	}
}
