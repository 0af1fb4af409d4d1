package widget

import (
	"fmt"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"plurachat/protocol"
	"plurachat/widget/backend"
	"plurachat/widget/chat"
)

// fakeBackend records its calls.
type fakeBackend struct {
	calls []string
}

func (l *fakeBackend) record(format string, args ...any) {
	l.calls = append(l.calls, fmt.Sprintf(format, args...))
}
func (l *fakeBackend) Connect()                         { l.record("connect") }
func (l *fakeBackend) ConnectAnonymous()                { l.record("connect anonymously") }
func (l *fakeBackend) Send(key, text string)            { l.record("send %s", text) }
func (l *fakeBackend) Retry(key string)                 { l.record("retry") }
func (l *fakeBackend) Remove(key string)                { l.record("remove") }
func (l *fakeBackend) Typing(on bool)                   { l.record("typing %v", on) }
func (l *fakeBackend) Attention(waiting bool)           {}
func (l *fakeBackend) Network(up bool)                  { l.record("network %v", up) }
func (l *fakeBackend) Wake()                            { l.record("wake") }
func (l *fakeBackend) Suspend()                         { l.record("suspend") }
func (l *fakeBackend) Tick()                            { l.record("tick") }
func (l *fakeBackend) Identify(string, uint32)          { l.record("identify") }
func (l *fakeBackend) Adopt(string, protocol.SessionID) { l.record("adopt") }
func (l *fakeBackend) Reset()                           { l.record("reset") }
func (l *fakeBackend) StartNew()                        { l.record("new") }
func (l *fakeBackend) Close()                           { l.record("close") }

// page is a widget in an element of its own, with a loader and a backend that only record their calls.
type page struct {
	*testing.T
	*widget
	fake        *fakeBackend
	root        js.Value
	loaderFuncs *listeners // the functions of the loader
	translation string     // JSON of the words of the page's language
	emitted     []string
	saidCount   int
	whileHeld   js.Value // with storage="local": the function that the widget wants to be called with the lock
}

const testCSS = `[part=panel]{position:fixed;inset:0 auto auto 0;width:384px;height:600px;display:flex;flex-direction:column}
[part=log]{flex:1;min-height:0;overflow-y:auto}[hidden]{display:none!important}[part=input]{font:16px/24px sans-serif;padding:10px;flex:1;resize:none}
*{box-sizing:border-box;margin:0}`

// newPage makes a widget with the attributes, which are names and values.
func newPage(t *testing.T, attributes ...string) *page {
	p := &page{T: t, fake: &fakeBackend{}}
	p.loaderFuncs = newListeners(js.Undefined(), func(reason string) { t.Error(reason) })
	object := js.Global().Get("Object")
	private := object.New()
	js.Global().Set("pluraChat", private)

	element := wrap(document.Call("createElement", "div"))
	values := map[string]string{"flow-id": "87f66d6d-dba9-4a44-9274-02c6927a083a", "storage": "none", "lang": "en"}
	for i := 0; i < len(attributes); i += 2 {
		values[attributes[i]] = attributes[i+1]
	}
	for name, value := range values {
		element.SetAttribute(name, value)
	}
	document.Get("body").Call("append", element.Value)
	mode := object.New()
	mode.Set("mode", "open")
	p.root = element.Call("attachShadow", mode)
	sheet := js.Global().Get("CSSStyleSheet").New()
	sheet.Call("replaceSync", testCSS)
	p.root.Set("adoptedStyleSheets", js.Global().Get("Array").Call("of", sheet))

	if values["storage"] == "local" {
		private.Set("locks", p.locks())
	}
	nodes := p.makeNodes(values["mode"] != "inline")
	h := p.makeHost(element, nodes, values["mode"] == "inline")
	t.Cleanup(func() { element.Remove(); p.loaderFuncs.close() })

	p.widget = newWidget(host{h}, func(*widget, *chat.Stored) backend.Backend { return p.fake })
	t.Cleanup(p.destroy)
	return p
}

// makeNodes makes the nodes that the loader draws, and returns an object of them.
func (p *page) makeNodes(launcher bool) js.Value {
	nodes := js.Global().Get("Object").New()
	make := func(tag, part string, to js.Value) js.Value {
		e := create(tag, "", part)
		to.Call("append", e.Value)
		nodes.Set(part, e.Value)
		return e.Value
	}
	frame := make("div", "frame", p.root)
	if launcher {
		make("span", "badge", make("button", "launcher", frame))
	}
	panel := make("div", "panel", frame)
	panel.Set("hidden", true)
	header := make("div", "header", panel)
	for _, part := range []string{"avatar", "heading", "subheading"} {
		make("div", part, header)
	}
	make("button", "close", header)
	make("div", "status", panel)
	make("div", "log", panel)
	composer := make("div", "composer", panel)
	make("textarea", "input", composer).Set("rows", 1)
	make("button", "send", composer)
	return nodes
}

// makeHost makes the loader's object for the widget.
func (p *page) makeHost(element element, nodes js.Value, open bool) js.Value {
	h := js.Global().Get("Object").New()
	h.Set("element", element.Value)
	h.Set("root", p.root)
	h.Set("nodes", nodes)
	h.Set("queue", js.Global().Get("Array").New())
	h.Set("open", open)
	h.Set("state", "loading")
	attr := js.FuncOf(func(_ js.Value, args []js.Value) any { return element.Call("getAttribute", args[0]) })
	p.Cleanup(attr.Release)
	h.Set("attr", attr)
	h.Set("isOwnHost", p.loaderFuncs.fn(func([]js.Value) {}))
	h.Set("adopt", p.loaderFuncs.fn(func(args []js.Value) {
		p.root.Set("adoptedStyleSheets", p.root.Get("adoptedStyleSheets").Call("concat", args[0]))
	}))
	h.Set("emitAll", p.loaderFuncs.fn(func(args []js.Value) {
		json := js.Global().Get("JSON")
		for all, i := json.Call("parse", args[0]), 0; i < all.Length(); i++ {
			p.emitted = append(p.emitted, all.Index(i).Index(0).String()+" "+json.Call("stringify", all.Index(i).Index(1)).String())
		}
	}))
	h.Set("languageTag", p.loaderFuncs.fnReturning(func([]js.Value) any {
		if tag := element.Call("getAttribute", "lang"); tag.Truthy() {
			return tag
		}
		return "en"
	}))
	h.Set("isTouched", p.loaderFuncs.fnReturning(func([]js.Value) any {
		return nodes.Get("input").Get("value").String() != ""
	}))
	h.Set("translation", p.loaderFuncs.fnReturning(func([]js.Value) any { return p.translation }))
	h.Set("setModal", p.loaderFuncs.fn(func([]js.Value) {}))
	h.Set("watchScrolling", p.loaderFuncs.fn(func([]js.Value) {}))
	h.Set("crashed", p.loaderFuncs.fn(func(args []js.Value) { p.Error("crashed: " + args[0].String()) }))
	return h
}

// all returns the elements that a selector finds.
func (p *page) all(selector string) []element {
	list := p.root.Call("querySelectorAll", selector)
	out := make([]element, list.Length())
	for i := range out {
		out[i] = wrap(list.Index(i))
	}
	return out
}

// one returns the one element that a selector finds.
func (p *page) one(selector string) element {
	p.Helper()
	list := p.all(selector)
	if len(list) != 1 {
		p.Fatalf("%d elements for %s, want 1", len(list), selector)
	}
	return list[0]
}

// until polls a condition every few milliseconds, and fails the test after 30 seconds.
func (p *page) until(what string, ok func() bool) {
	p.Helper()
	for end := time.Now().Add(30 * time.Second); !ok(); {
		if time.Now().After(end) {
			p.Fatalf("%s: not within 30 s", what)
		}
		frame := make(chan struct{}, 1)
		next := js.FuncOf(func(js.Value, []js.Value) any { frame <- struct{}{}; return nil })
		js.Global().Call("setTimeout", next, 5)
		<-frame
		next.Release()
	}
}

func (p *page) hasCalled(want string) func() bool {
	return func() bool {
		for _, a := range p.fake.calls {
			if a == want {
				return true
			}
		}
		return false
	}
}

func (p *page) event(e protocol.Event) { p.queue.put(item{event: &e, generation: p.generation}) }

func (p *page) says(name, text, picture string) {
	p.saidCount++
	p.event(protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{
		Key: fmt.Sprint("a", p.saidCount), ID: "id", Name: name, Text: text, Picture: picture, At: time.Now(),
	}})
}

func (p *page) key(key string, more ...any) {
	options := js.Global().Get("Object").New()
	options.Set("key", key)
	options.Set("bubbles", true)
	options.Set("composed", true)
	options.Set("cancelable", true)
	for i := 0; i < len(more); i += 2 {
		options.Set(more[i].(string), more[i+1])
	}
	p.one("[part=input]").Call("dispatchEvent", js.Global().Get("KeyboardEvent").New("keydown", options))
}

func (p *page) types(text string) {
	p.one("[part=input]").Set("value", text)
	p.one("[part=input]").Call("dispatchEvent", js.Global().Get("Event").New("input"))
}

func TestConversationInThePage(t *testing.T) {
	p := newPage(t)
	testOpening(t, p)
	testGreeting(t, p)
	testSending(t, p)
	testClosing(t, p)
}

// testOpening opens the panel, which connects.
func testOpening(t *testing.T, p *page) {
	t.Helper()
	if !p.one("[part=panel]").Get("hidden").Bool() || len(p.fake.calls) != 0 {
		t.Fatalf("before the panel was opened: %q", p.fake.calls)
	}
	p.one("[part=launcher]").Call("click")
	p.until("open", func() bool { return !p.one("[part=panel]").Get("hidden").Bool() })
	p.until("connect", p.hasCalled("connect"))
	if !p.root.Get("activeElement").Equal(p.one("[part=input]").Value) {
		t.Error("the composer has no focus")
	}
	if a := p.one("[part=launcher]"); a.GetAttribute("aria-expanded") != "true" || a.GetAttribute("aria-label") != "Close chat" {
		t.Errorf("launcher %s %s", a.GetAttribute("aria-expanded"), a.GetAttribute("aria-label"))
	}
}

// testGreeting connects and shows a message of the agent.
func testGreeting(t *testing.T, p *page) {
	t.Helper()
	p.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Connecting})
	p.until("connecting", func() bool { return p.one("[part=status]").TextContent() == "Connecting…" })
	p.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.Online})
	p.event(protocol.Event{Kind: protocol.OwnerNamed, Owner: protocol.Owner{Name: "Flow Tester"}})
	p.says("Maya", "Hi! **How** can I help?", "")
	p.until("the greeting", func() bool { return len(p.all("[part=message]")) == 1 })
	if got := p.one("[part=bubble]").TextContent(); got != "Hi! How can I help?" {
		t.Errorf("bubble %q", got)
	}
	if m := p.one("[part=message]"); m.GetAttribute("data-from") != "agent" || m.GetAttribute("data-id") != "id" || m.HasAttribute("data-state") {
		t.Error("attributes of the agent's message")
	}
	if p.one("[part=heading]").TextContent() != "Flow Tester" || p.one("[part=status]").TextContent() != "" {
		t.Error("the header")
	}
	if got := p.one("[part=panel] [aria-live=polite]").TextContent(); got != "Maya said: Hi! How can I help?" {
		t.Errorf("announced %q", got)
	}
}

// testSending types and sends a message. It is acknowledged, then given up, retried and removed.
func testSending(t *testing.T, p *page) {
	t.Helper()
	p.types("Do you repair\nroofs?")
	p.until("typing", p.hasCalled("typing true"))
	p.key("Enter", "isComposing", true)
	p.key("Enter", "keyCode", 229)
	p.key("Enter", "shiftKey", true)
	p.key("a")
	p.key("Enter")
	p.until("send", p.hasCalled("send Do you repair\nroofs?"))
	if n := strings.Count(strings.Join(p.fake.calls, "|"), "send "); n != 1 {
		t.Errorf("sent %d times", n)
	}
	if p.one("[part=input]").Get("value").String() != "" {
		t.Error("the composer is not empty")
	}
	p.event(protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Key: "v", Kind: protocol.Visitor, State: protocol.Sending, Text: "Do you repair\nroofs?", At: time.Now()}})
	p.until("sending", func() bool { return len(p.all("[data-from=visitor][data-state=sending]")) == 1 })
	p.event(protocol.Event{Kind: protocol.Acknowledged, Key: "v", ID: "m"})
	p.until("sent", func() bool { return len(p.all("[data-state=sent][data-id=m]")) == 1 })
	p.until("dots", func() bool { return !p.one("[part=typing]").Get("hidden").Bool() })

	p.event(protocol.Event{Kind: protocol.GivenUp, Key: "v", Reason: "x"})
	p.until("failed", func() bool { return len(p.all("[data-state=failed] button")) == 2 })
	p.all("[data-state=failed] button")[0].Call("click")
	p.until("retry", p.hasCalled("retry"))
	p.all("[data-state=failed] button")[1].Call("click")
	p.until("remove", p.hasCalled("remove"))
	p.event(protocol.Event{Kind: protocol.Removed, Key: "v"})
	p.until("removed", func() bool { return len(p.all("[part=message]")) == 1 })
}

// testClosing closes the panel; the launcher then shows the number of unread messages.
func testClosing(t *testing.T, p *page) {
	t.Helper()
	p.key("Escape")
	p.until("closed", func() bool { return p.one("[part=panel]").Get("hidden").Bool() })
	if !p.root.Get("activeElement").Equal(p.one("[part=launcher]").Value) {
		t.Error("the launcher has no focus")
	}
	p.says("Maya", "Still there?", "")
	p.until("badge", func() bool { return p.one("[part=badge]").TextContent() == "1" })
	if got := p.one("[part=launcher]").GetAttribute("aria-label"); got != "Open chat, 1 unread message" {
		t.Errorf("launcher %q", got)
	}
}

// allowed are the elements that messages may become.
var allowed = map[string]bool{
	"P": true, "BR": true, "STRONG": true, "EM": true, "S": true, "CODE": true, "A": true, "BLOCKQUOTE": true, "UL": true, "OL": true,
	"LI": true, "PRE": true, "HR": true, "DIV": true, "SPAN": true, "BUTTON": true, "IMG": true, "SVG": true, "PATH": true, "svg": true, "path": true,
}

func TestHostileContent(t *testing.T) {
	p := newPage(t, "open", "")
	js.Global().Set("hacked", false)
	payloads := []string{
		`<script>hacked=true</script>`, `<img src=x onerror="hacked=true">`, `"><svg onload=hacked=true>`, `[x](javascript:hacked=true)`,
		`[x](data:text/html,<script>hacked=true</script>)`, `![x](https://example.com/a.png)`, `<a href="javascript:hacked=true">x</a>`, `javascript:hacked=true`,
		`[x](https://example.com/" onclick="hacked=true)`, `<style>*{display:none}</style>`, "```html\n<script>hacked=true</script>\n```", "\x00\u202e<b>", `[<img src=x onerror=hacked=true>](https://example.com)`,
	}
	for _, text := range payloads {
		p.says(text, text, text)
		p.event(protocol.Event{Kind: protocol.OwnerNamed, Owner: protocol.Owner{ID: text, Name: text, Picture: text}})
		p.event(protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Key: "v" + text, ID: text, Kind: protocol.Visitor, Text: text, At: time.Now()}})
	}
	p.until("all", func() bool { return len(p.all("[part=message]")) == 2*len(payloads) })
	for _, e := range p.all("[part=log] *") {
		if tag := e.TagName(); !allowed[tag] {
			t.Errorf("<%s> in the log", tag)
		}
		for name := range e.Attributes() {
			if strings.HasPrefix(name, "on") || name == "style" || name == "srcdoc" {
				t.Errorf("attribute %s in the log", name)
			}
		}
	}
	for _, a := range p.all("a") {
		if href := a.GetAttribute("href"); !strings.HasPrefix(href, "https://") || a.GetAttribute("rel") != "noopener noreferrer nofollow" || a.GetAttribute("target") != "_blank" {
			t.Errorf("link %q %q", href, a.GetAttribute("rel"))
		}
	}
	for i, e := range p.all("[data-from=visitor] [part=bubble]") {
		if e.TextContent() != payloads[i] {
			t.Errorf("%q is shown as %q", payloads[i], e.TextContent())
		}
	}
	if js.Global().Get("hacked").Bool() {
		t.Error("a payload was executed")
	}
}

func TestPictureFallsBackToInitials(t *testing.T) {
	p := newPage(t, "open", "")
	p.says("Flow Tester", "hello", "data:image/png;base64,AAAA")
	p.until("the broken picture is gone", func() bool {
		return len(p.all("[part=message]")) == 1 && len(p.all(".face img")) == 0
	})
	if got := p.one(".face").TextContent(); got != "FT" {
		t.Errorf("initials %q", got)
	}
}

func TestScrollingInThePage(t *testing.T) {
	p := newPage(t, "open", "")
	log := p.one("[part=log]")
	for i := range 30 {
		p.says("Maya", fmt.Sprint("line ", i), "")
	}
	p.until("the burst", func() bool { return len(p.all("[part=message]")) == 30 })
	if p.view.log.atEnd() {
		t.Error("it scrolled past the top of an unread burst")
	}
	log.Set("scrollTop", log.Get("scrollHeight"))
	p.until("the end", func() bool { return p.chat.Following() })
	p.says("Maya", "short", "")
	p.until("followed", func() bool { return len(p.all("[part=message]")) == 31 && p.view.log.atEnd() })

	p.says("Maya", strings.Repeat("A long answer.\n\n", 100), "")
	p.until("the long answer", func() bool { return len(p.all("[part=message]")) == 32 })
	last := p.all("[part=message]")[31]
	p.until("its top", func() bool {
		d := last.GetBoundingClientRect().Top() - log.GetBoundingClientRect().Top()
		return d >= 0 && d < 40
	})
	if p.view.log.atEnd() {
		t.Error("it scrolled past the top of a long answer")
	}

	log.Set("scrollTop", 0)
	p.until("the scrolling", func() bool { return !p.chat.Following() })
	p.says("Maya", "news", "")
	p.until("the jump button", func() bool { return !p.one("[part=jump]").Get("hidden").Bool() })
	if log.Get("scrollTop").Float() > 1 {
		t.Error("the log was scrolled while the visitor reads further up")
	}
	p.one("[part=jump]").Call("click")
	p.until("jumped", func() bool { return p.view.log.atEnd() && p.one("[part=jump]").Get("hidden").Bool() })

	// When a phone is turned, the log has another size before its listener is called.
	p.until("the end is known", func() bool { return p.view.log.endInView })
	log.Get("style").Set("maxHeight", "90px")
	if p.view.log.atEnd() {
		t.Fatal("a smaller log still shows its end")
	}
	js.Global().Get("window").Call("dispatchEvent", js.Global().Get("Event").New("resize"))
	if !p.view.log.atEnd() {
		t.Error("the end was in view, and is not when the log gets smaller")
	}
}

func TestComposerGrows(t *testing.T) {
	p := newPage(t, "open", "")
	height := func() float64 { return p.one("[part=input]").GetBoundingClientRect().Height() }
	p.types("one")
	one := height()
	p.types("one\ntwo\nthree")
	if h := height(); h < one+47 || h > one+49 {
		t.Errorf("three lines are %v px high, one is %v", h, one)
	}
	p.types("one")
	if h := height(); h != one {
		t.Errorf("one line again is %v px high, was %v", h, one)
	}
	p.types("one\ntwo\nthree")
	three := height()
	p.one("[part=launcher]").Call("click")
	p.until("closed", func() bool { return !p.view.screen.Open })
	js.Global().Get("window").Call("dispatchEvent", js.Global().Get("Event").New("resize"))
	p.one("[part=launcher]").Call("click")
	p.until("opened", func() bool { return p.view.screen.Open })
	if h := height(); h != three {
		t.Errorf("after it was closed, three lines are %v px high, were %v", h, three)
	}
}

func TestProvisionalRowsAreReplaced(t *testing.T) {
	p := newPage(t)
	row := create("div", "row provisional", "message")
	p.view.log.element.AppendChild(row)
	p.view.log.provisional = append(p.view.log.provisional, row)
	p.says("Maya", "Hi!", "")
	p.event(protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Key: "v", Kind: protocol.Visitor, State: protocol.Sending, Text: "early", At: time.Now()}})
	p.until("replaced", func() bool { return len(p.all(".provisional")) == 0 && len(p.all("[part=message]")) == 2 })
}

func TestDestroyLeavesNothing(t *testing.T) {
	baseline := liveFuncs
	for range 20 {
		p := newPage(t, "open", "")
		p.says("Maya", "Hi", "")
		p.until("shown", func() bool { return len(p.all("[part=message]")) == 1 })
		p.destroy()
		p.destroy()
		if p.scheduler.requestFrame(); p.scheduler.framePending {
			t.Fatal("a frame was requested that would call a released function")
		}
		p.loaderFuncs.close()
		if liveFuncs != baseline {
			t.Fatalf("%d functions are not released, %d before", liveFuncs, baseline)
		}
		if last := p.fake.calls[len(p.fake.calls)-1]; last != "close" {
			t.Fatalf("the last call of the backend is %q", last)
		}
	}
}

func TestWebStore(t *testing.T) {
	s, ok := openStore(chat.StoreSession).(webStore)
	if !ok {
		t.Skip("this page has no storage")
	}
	defer s.Remove("plura-test")
	if err := s.Set("plura-test", "ü"); err != nil {
		t.Fatal(err)
	}
	if v, ok := s.Get("plura-test"); v != "ü" || !ok {
		t.Errorf("got %q, %v", v, ok)
	}
	if _, ok := s.Get("plura-none"); ok {
		t.Error("found a key that was not set")
	}
	if err := s.Set("plura-test", strings.Repeat("x", 20<<20)); err == nil {
		t.Error("20 MiB were stored")
	}
	if v, _ := s.Get("plura-test"); v != "ü" {
		t.Error("the old value is gone")
	}
}

func TestAThousandMessages(t *testing.T) {
	p := newPage(t, "open", "")
	p.host.v.Set("emitAll", js.Global().Get("Object").Get("is")) // costs nothing and has no effect
	for i := range 1000 {
		p.says("Maya", fmt.Sprint("Message ", i, " with **some** text and a [link](https://example.com/)"), "")
	}
	begin := time.Now()
	p.until("a burst", func() bool { return len(p.view.log.rows) == 1000 })
	t.Logf("1,000 messages in one burst: %d ms", time.Since(begin).Milliseconds())
	begin = time.Now()
	p.says("Maya", "one more", "")
	p.until("one more", func() bool { return len(p.view.log.rows) == 1001 })
	t.Logf("one more, with the wait for a frame: %d ms", time.Since(begin).Milliseconds())
	p.until("all rows", func() bool { return len(p.all("[part=message]")) == 1001 })
	for i, row := range p.all("[part=bubble]")[:1000] {
		if got, want := row.TextContent(), fmt.Sprint("Message ", i, " with some text and a link"); got != want {
			t.Fatalf("row %d says %q, want %q", i, got, want)
		}
	}
}

// Of a burst, only what is in view is drawn at once, and the rest when the page is idle. A jump to the end works before
// that, and a row that changes before it is drawn is drawn with the change.
func TestBurstInParts(t *testing.T) {
	p := newPage(t, "open", "")
	p.says("Maya", "Hello", "")
	p.until("the greeting", func() bool { return len(p.all("[part=message]")) == 1 })
	const n = 1000
	for i := range n {
		p.says("Maya", fmt.Sprint("Message ", i), "")
	}
	jump := p.one("[part=jump]")
	p.until("a part", func() bool { return len(p.view.log.rows) == n+1 && !jump.Get("hidden").Bool() })
	if drawn := len(p.all("[part=message]")); drawn+p.view.log.undrawn != n+1 || drawn > 3*blockSize {
		t.Errorf("%d rows are drawn, and %d are not", drawn, p.view.log.undrawn)
	}
	if p.view.log.atEnd() {
		t.Error("it scrolled past the top of an unread burst")
	}
	p.event(protocol.Event{Kind: protocol.Removed, Key: p.view.log.rows[n-1].row.Key})
	jump.Call("click")
	p.until("the end", func() bool { return p.view.log.undrawn == 0 && p.view.log.atEnd() && jump.Get("hidden").Bool() })
	bubbles := p.all("[part=bubble]")
	if len(bubbles) != n {
		t.Fatalf("%d rows, want %d", len(bubbles), n)
	}
	for i, bubble := range bubbles[1:] {
		want := fmt.Sprint("Message ", i)
		if i == n-2 {
			want = fmt.Sprint("Message ", n-1)
		}
		if got := bubble.TextContent(); got != want {
			t.Fatalf("row %d says %q, want %q", i, got, want)
		}
	}
	for _, block := range p.all(".block") {
		if rows := block.Get("children").Length(); rows > blockSize+1 { // 1 for a divider
			t.Errorf("a block has %d rows", rows)
		}
	}
}

func TestAttributesChangeLive(t *testing.T) {
	p := newPage(t, "open", "")
	element := p.host.v.Get("element")
	change := func(name, value string) {
		element.Call("setAttribute", name, value)
		p.queue.put(item{attr: name})
	}
	change("heading", "Roofs")
	change("placeholder", "Ask")
	change("strings", `{"send":"Go","today":"Now"}`)
	p.says("Maya", "Hi", "")
	p.until("changed", func() bool {
		return p.one("[part=heading]").TextContent() == "Roofs" && p.one("[part=input]").GetAttribute("placeholder") == "Ask" &&
			p.one("[part=send]").GetAttribute("aria-label") == "Go" && len(p.all(".day")) == 1 && p.one(".day").TextContent() == "Now"
	})
	p.enqueueIntent(chat.Intent{Kind: chat.WantAsk, Ask: chat.AskEnd})
	p.until("the question", func() bool { return len(p.all("#ask")) == 1 })
	change("strings", `{"endDeleteAsk":"Sure?","cancel":"Never"}`)
	p.until("a changed question", func() bool { return p.one("#ask").TextContent() == "Sure?" })
	if no := p.one("[data-do=no]"); no.TextContent() != "Never" || !p.root.Get("activeElement").Equal(no.Value) {
		t.Error("the changed question has lost its focus")
	}
	p.one("[data-do=yes]").Call("focus")
	change("strings", `{"endDelete":"Delete!"}`)
	p.until("a button with other words", func() bool { return p.one("[data-do=yes]").TextContent() == "Delete!" })
	if got := p.one("#ask").TextContent(); got == "Sure?" || !p.root.Get("activeElement").Equal(p.one("[data-do=yes]").Value) {
		t.Errorf("the question is %q, or the focus has moved", got)
	}
	p.one("[data-do=no]").Call("click")
	change("strings", "{}")
	change("lang", "ar")
	p.until("another language", func() bool {
		return p.one(".day").TextContent() == "Today" && p.one("[part=frame]").GetAttribute("dir") == "rtl"
	})
	element.Call("removeAttribute", "open")
	p.queue.put(item{attr: "open"})
	p.until("closed", func() bool { return p.one("[part=panel]").Get("hidden").Bool() })
}

func TestTitleCountsAndGoesBack(t *testing.T) {
	p := newPage(t)
	before := document.Get("title").String()
	defer document.Set("title", before)
	document.Set("title", "Roofs (3) and more")
	for _, n := range []int{1, 2, 12} {
		p.view.countInTitle(n)
		if got, want := document.Get("title").String(), fmt.Sprintf("(%d) Roofs (3) and more", n); got != want {
			t.Errorf("%d: title %q, want %q", n, got, want)
		}
	}
	p.view.countInTitle(0)
	if got := document.Get("title").String(); got != "Roofs (3) and more" {
		t.Errorf("afterwards: %q", got)
	}
	p.view.countInTitle(1)
	document.Set("title", "Checkout")
	p.view.countInTitle(0)
	if got := document.Get("title").String(); got != "Checkout" {
		t.Errorf("the page's new title became %q", got)
	}
}

func TestPanicIsReportedToTheLoader(t *testing.T) {
	p := newPage(t, "open", "")
	crashed := make(chan string, 1)
	p.host.v.Set("crashed", p.loaderFuncs.fn(func(args []js.Value) { crashed <- args[0].String() }))
	p.queue.put(item{fault: "on purpose"})
	if got := <-crashed; got != "on purpose" {
		t.Errorf("reported %q", got)
	}
	if last := p.fake.calls[len(p.fake.calls)-1]; last != "close" {
		t.Errorf("the last call of the backend is %q", last)
	}
}
