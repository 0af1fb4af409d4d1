package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/suite"
)

// held is what a page's Go program holds.
type held struct {
	Funcs   int // functions made by js.FuncOf
	Values  int // JavaScript values to which Go refers, including functions
	Memory  int // bytes of WebAssembly memory
	Sockets int // sockets in any state that are not garbage-collected
}

// held gets the numbers from the browser's debugger, because the page has no access to the Go program.
func (b *tab) held() held {
	b.t.Helper()
	// instances returns the result of a function whose this is the array of all objects that inherit from the
	// prototype, after a garbage collection.
	instances := func(prototype, function string) float64 {
		b.t.Helper()
		p, err := chromedp.Run(b.chromedp(), chromedp.Evaluate[*runtime.RemoteObject](prototype))
		if err != nil {
			b.t.Fatal(err)
		}
		all, err := chromedp.Call(b.chromedp(), runtime.QueryObjects, runtime.QueryObjectsParams{PrototypeObjectID: p.ObjectID, ObjectGroup: "held"})
		if err != nil {
			b.t.Fatal(err)
		}
		n, err := chromedp.Run(b.chromedp(), chromedp.CallFunctionOn[float64](function, func(p *runtime.CallFunctionOnParams) { p.ObjectID = all.Objects.ObjectID }))
		if err != nil {
			b.t.Fatal(err)
		}
		if _, err := chromedp.Call(b.chromedp(), runtime.ReleaseObjectGroup, runtime.ReleaseObjectGroupParams{ObjectGroup: "held"}); err != nil {
			b.t.Fatal(err)
		}
		return n
	}
	// wasm_exec.js keeps the values to which Go refers in _values. Released ones are null.
	const values = `this.filter(o => Object.hasOwn(o, "_goRefCounts")).flatMap(go => go._values.slice(7)).filter(v => v != null)`
	return held{
		Values:  int(instances(`Object.prototype`, `function () { return `+values+`.length; }`)),
		Funcs:   int(instances(`Object.prototype`, `function () { return `+values+`.filter(v => typeof v == "function" && /_pendingEvent/.test(v)).length; }`)),
		Memory:  int(instances(`WebAssembly.Memory.prototype`, `function () { return this.reduce((sum, memory) => sum + memory.buffer.byteLength, 0); }`)),
		Sockets: int(instances(`WebSocket.prototype`, `function () { return this.length; }`)),
	}
}

// settled returns what the tab holds after Go's garbage collector has run a few times. Go collects garbage when a
// program has allocated enough. Therefore settled sends frames that the client drops, and after each batch a new name
// of the chat owner: when the heading shows the name, the client has handled the batch.
func (s *site) settled(b *tab) held {
	b.t.Helper()
	if err := s.flow.WaitLive(patience, 1); err != nil {
		b.t.Fatal(err)
	}
	garbage := `{"type":"unknown","content":"` + strings.Repeat("garbage ", 1<<16) + `"}`
	for range 10 {
		s.owners++
		name := fmt.Sprintf("Owner %d", s.owners)
		for _, conn := range s.flow.Conns() {
			for range 8 {
				conn.SendText(garbage)
			}
		}
		// If the page's clock is accelerated, the connection may be replaced in the meantime. The new one gets the name
		// too.
		if !suite.Poll(patience, func() bool {
			for _, conn := range s.flow.Conns() {
				conn.SendText(`{"type":"chatowner","id":"` + name + `","name":"` + name + `"}`)
			}
			return eval[bool](b, part("heading")+`?.textContent == "`+name+`"`)
		}) {
			b.t.Fatalf("the heading is not %q", name)
		}
	}
	return b.held()
}

// hurried returns a script that makes the page's clock and timers run faster, so that long pauses fit into a test. It
// leaves Date as it is. document.later is the original setTimeout.
func hurried(speed int) string {
	return fmt.Sprintf(`<script>{
		const speed = %d, { setTimeout: later, performance } = window, now = performance.now.bind(performance);
		document.later = later.bind(window);
		performance.now = () => now() * speed;
		window.setTimeout = (act, delay = 0, ...rest) => later(act, delay / speed, ...rest);
	}</script>`, speed)
}

func TestReconnectsLeakNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab := chromium.visitor(t).open(s.page("/", hurried(100)+s.tag("")))
	tab.launch()
	tab.heard("How can I help")
	// Fire the event "online" every 5 ms, so that the widget reconnects at once.
	eval[any](tab, `void (function again() { dispatchEvent(new Event("online")); document.later(again, 5); })()`)
	reconnect := func(n int) {
		t.Helper()
		before := s.flow.Dials()
		if err := s.flow.Wait(2*patience, "reconnects", func() bool {
			if s.flow.Live() > 0 {
				s.flow.DropAll()
			}
			return s.flow.Dials() >= before+n
		}); err != nil {
			t.Fatal(err)
		}
		tab.online()
	}
	const warmup, reconnects = 500, 1000
	reconnect(warmup)
	before := s.settled(tab)
	reconnect(reconnects)
	after := s.settled(tab)
	t.Logf("before %d reconnects %+v, after them %+v", reconnects, before, after)
	grown(t, before, after)
}

func TestMountsLeakNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab := chromium.visitor(t).open(s.page("/", `<script async src="/plura-chat.js"></script>`))
	tab.wait(`window.PluraChat && customElements.get("plura-chat")`)
	mount := func() {
		t.Helper()
		eval[any](tab, `(() => {
			const widget = document.createElement("plura-chat");
			for (const [name, value] of Object.entries({"flow-id": "`+flow+`", "socket-url": "ws`+s.URL[len("http"):]+`", "session-url": "`+s.URL+`/webchat/session", open: ""})) {
				widget.setAttribute(name, value);
			}
			document.body.append(widget);
		})()`)
		tab.online()
		tab.heard("How can I help")
	}
	cycle := func(n int) {
		t.Helper()
		for range n {
			mount()
			eval[any](tab, `PluraChat.destroy()`)
			tab.wait(`!document.querySelector("plura-chat")`)
		}
		if err := s.flow.WaitLive(patience, 0); err != nil {
			t.Error(err)
		}
	}
	const warmup, cycles = 100, 100 // Go's heap grows for a while before its size stays the same
	cycle(warmup)
	mount()
	before := s.settled(tab)
	eval[any](tab, `PluraChat.destroy()`)
	cycle(cycles - 1)
	mount()
	after := s.settled(tab)
	t.Logf("before %d mounts %+v, after them %+v", cycles, before, after)
	grown(t, before, after)
}

// grown fails the test if what Go holds has grown by more than late garbage collections explain.
func grown(t *testing.T, before, after held) {
	t.Helper()
	const funcs, values, memory = 5, 500, 4 << 20
	if after.Funcs > before.Funcs+funcs {
		t.Errorf("there are %d live functions, there were %d", after.Funcs, before.Funcs)
	}
	if after.Values > before.Values+values {
		t.Errorf("Go refers to %d values, it was %d", after.Values, before.Values)
	}
	if after.Memory > before.Memory+memory {
		t.Errorf("the WebAssembly memory is %d bytes, it was %d", after.Memory, before.Memory)
	}
	if after.Sockets > before.Sockets+funcs {
		t.Errorf("%d sockets are kept, it was %d", after.Sockets, before.Sockets)
	}
}
