package e2e

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
)

// strict returns a policy that forbids all that the widget does not need. It names the socket's origin, because 'self'
// does not include sockets in every version of WebKit.
func strict(s *site) string {
	return "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ws" + strings.TrimPrefix(s.URL, "http") +
		"; img-src https: data:; style-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
}

// payloads would have an effect if a browser parsed them as HTML, script, style or a URL.
var payloads = []string{
	`<img src=x onerror="window.harmed=1">`,
	`<script>window.harmed=1</script>`,
	`</textarea></script><svg onload=window.harmed=1>`,
	`<iframe srcdoc="<script>parent.harmed=1</script>"></iframe>`,
	`<style>*{display:none}</style>`,
	`<base href="https://evil.example/">`,
	`<a href="javascript:window.harmed=1">x</a>`,
	`[x](javascript:window.harmed=1)`,
	`[x](JaVaScRiPt&#58;window.harmed=1)`,
	"[x](java\tscript:window.harmed=1)",
	`[x](data:text/html,<script>parent.harmed=1</script>)`,
	`[x](vbscript:x "onmouseover=window.harmed=1")`,
	`![x](x"onerror="window.harmed=1)`,
	"```\n<script>window.harmed=1</script>\n```",
	`javascript:window.harmed=1`,
	`"><plura-chat flow-id=x><form action="https://evil.example"><input name=a>`,
	`__proto__`, `constructor`, "\u202Egpj.exe", "\x00\uFFFF", `${window.harmed=1}`, `{{constructor.constructor('window.harmed=1')()}}`,
}

var safeURL = regexp.MustCompile(`^(https?://|mailto:|tel:|data:image/(png|jpeg|gif|webp)[;,])`)

// hostile is a journey: what strangers can put into frames is shown as text or not at all, no frame ends the
// connection, and nothing violates the page's policy.
func hostile(t *testing.T, e *engine) {
	s := newSite(t, protocoltest.Options{})
	s.header("/", "Content-Security-Policy", strict(s))
	s.allowUnpinned(e)
	tab := e.visitor(t).open(s.page("/", s.tag("")))
	tab.launch()
	tab.heard("How can I help")
	conns := s.flow.Conns()
	if len(conns) != 1 {
		t.Fatalf("%d connections, want 1", len(conns))
	}
	conn := conns[0]

	for i, payload := range payloads {
		for _, frame := range []map[string]any{
			{"type": "message", "id": fmt.Sprint("m", i), "name": "Assistant", "profilepic": "", "content": payload},
			{"type": "message", "id": payload, "name": payload, "profilepic": payload, "content": "Number " + fmt.Sprint(i)},
			{"type": "chatowner", "id": payload, "name": payload, "profilepic": payload},
			{"type": "recv", "id": payload, "name": payload, "profilepic": payload, "content": payload},
			{"type": "session", "id": payload, "session_id": payload},
			{"type": payload, "content": payload},
			{payload: payload, "type": "message", "content": map[string]any{payload: payload}},
		} {
			text, err := json.Marshal(frame)
			if err != nil {
				t.Fatal(err)
			}
			conn.SendText(string(text))
		}
	}
	for _, raw := range []string{"", "null", "[]", `"x"`, "{", `{"type":"message"}`, `{"type":"message","content":null}`, `{"type":["message"]}`, "\ufffe",
		strings.Repeat("[", 100_000), `{"type":"message","content":"` + strings.Repeat("a", 2<<20) + `"}`} {
		conn.SendText(raw)
	}
	conn.SendBinary([]byte("\x00asm"))
	conn.SendText(`{"type":"message","id":"last","name":"Assistant","content":"That was all"}`)
	tab.heard("That was all")

	if eval[bool](tab, `"harmed" in window`) {
		t.Error("a payload was executed")
	}
	allowed := []string{"a", "article", "aside", "b", "blockquote", "br", "button", "circle", "code", "del", "div", "em", "figure", "footer", "g", "h2", "h3", "h4", "h5", "h6",
		"header", "hr", "img", "input", "li", "line", "ol", "p", "path", "pre", "section", "span", "strong", "svg", "textarea", "time", "ul"}
	elements := eval[[]string](tab, `[...new Set([...`+root+`.querySelectorAll("*")].map(e => e.localName))].sort()`)
	for _, name := range elements {
		if !slices.Contains(allowed, name) {
			t.Errorf("there is an element <%s>", name)
		}
	}
	for _, url := range eval[[]string](tab, `[...`+root+`.querySelectorAll("[href], [src]")].map(e => e.getAttribute("href") ?? e.getAttribute("src"))`) {
		if !safeURL.MatchString(url) {
			t.Errorf("there is a URL %q", url)
		}
	}
	if n := eval[int](tab, `document.querySelectorAll("plura-chat").length`); n != 1 {
		t.Errorf("there are %d widgets, want 1", n)
	}

	tab.say("Still there?")
	tab.heard("You said: Still there?")
	if now := s.flow.Conns(); s.flow.Dials() != 1 || len(now) != 1 || now[0] != conn {
		t.Errorf("the connection was lost: %d dials", s.flow.Dials())
	}
}
