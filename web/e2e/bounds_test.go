package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"plurachat/protocol"
	"plurachat/protocol/protocoltest"
)

// noted is a script that records the page's long tasks and the WebAssembly's memory. It defines no global.
const noted = `<script>(() => {
	document.tasks = [];
	new PerformanceObserver(list => document.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({type: "longtask"});
	const { instantiate } = WebAssembly;
	WebAssembly.instantiate = (...given) => instantiate.apply(WebAssembly, given).then(made => {
		document.memory = (made.instance ?? made).exports.mem;
		return made;
	});
})();</script>`

// work returns how long this machine takes, in ms, for what a quick machine does in 200 ms: the maximum of several
// measurements. Tests compare long tasks with it, because other tests run at the same time. It also clears the list of
// long tasks.
func (b *tab) work() float64 {
	b.t.Helper()
	eval[any](b, `(() => {
		document.some = times => {
			let n = 0;
			for (let i = 0; i < times * 1e7; i++) n = (n * 31 + i) | 0;
			return n;
		};
		for (let i = 0; i < 10; i++) document.worked = document.some(1); // fast code is made of it
	})()`)
	most := 0.0
	for range 4 { // in separate evaluations, because on a busy machine each takes seconds
		most = max(most, eval[float64](b, `(() => {
			const begun = performance.now();
			for (let i = 0; i < 20; i++) document.worked = document.some(1);
			return performance.now() - begun;
		})()`))
	}
	// The browser reports long tasks with a delay.
	eval[any](b, `new Promise(done => setTimeout(() => done(document.tasks.length = 0), 200))`)
	return most
}

// longest returns the duration of the longest task since the last call of work, in ms.
func (b *tab) longest() float64 {
	b.t.Helper()
	return eval[float64](b, `new Promise(done => setTimeout(() => done(Math.max(0, ...document.tasks)), 300))`)
}

// agentSays returns the frame of a message by the agent.
func agentSays(id, text string) string {
	data, err := json.Marshal(map[string]string{"type": "message", "id": id, "name": "Assistant", "content": text})
	if err != nil {
		panic(err) // cannot fail for strings
	}
	return string(data)
}

// TestLongMessages checks that messages as long as a frame do not block the page: neither when they arrive, nor when
// they are restored from storage, nor when the visitor expands one.
func TestLongMessages(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab := chromium.visitor(t).open(s.page("/", noted+s.tag("")))
	tab.launch()
	tab.heard("Hi!")
	conn := s.flow.Conns()[0]
	for i, unit := range []string{"plain words and more of them ", "x", "نص عربي ", "文字"} {
		before := tab.work()
		for j := range 5 {
			conn.SendText(agentSays(fmt.Sprint(i, j), strings.Repeat(unit, 1_040_000/len(unit))))
		}
		tab.wait(fmt.Sprintf(root+`.querySelector("[data-id='%s']")`, fmt.Sprint(i, 4)))
		longest := tab.longest()
		bound := max(before, tab.work())
		t.Logf("%q: the longest task took %.0f ms; what is 200 ms of work took %.0f", unit, longest, bound)
		if longest > bound {
			t.Errorf("%q: a task took %.0f ms, and 200 ms of work %.0f", unit, longest, bound)
		}
	}
	if n := eval[int](tab, `Math.max(...`+messages+`.map(m => m.text.length))`); n > 20_000 {
		t.Errorf("%d characters of a message are shown", n)
	}
	tab.picture("long message")

	bound := tab.work()
	eval[any](tab, `(button => { button.focus(); button.click(); })([...`+root+`.querySelectorAll("[data-do=whole]")].at(-1))`)
	tab.wait(messages + `.at(-1).text.length > 300_000`)
	longest := tab.longest()
	t.Logf("all of it: the longest task took %.0f ms; what is 200 ms of work took %.0f", longest, bound)
	if bound = max(bound, tab.work()); longest > 2*bound {
		t.Errorf("showing all of a message took %.0f ms, and 200 ms of work %.0f", longest, bound)
	}
	if !eval[bool](tab, root+`.activeElement?.matches("[part=bubble]")`) {
		t.Error("the keyboard is nowhere")
	}

	conn.SendText(agentSays("stored", strings.Repeat("what is stored ", 10_000)))
	tab.wait(root + `.querySelector("[data-id=stored]")`)
	tab.reload()
	tab.wait(root + `?.querySelector("[data-id=stored] [data-do=whole]")`)
	longest = tab.longest()
	if bound = tab.work(); longest > 2*bound { // this includes Go's start
		t.Errorf("what is stored took %.0f ms, and 200 ms of work %.0f", longest, bound)
	}
}

// TestStream checks that the page stays responsive while the server sends without a pause, and that only the newest
// messages are kept.
func TestStream(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{LogSize: -1})
	tab := chromium.visitor(t).open(s.page("/", noted+s.tag("")))
	tab.launch()
	tab.heard("Hi!")
	const n = 6000
	bound := tab.work()
	conn := s.flow.Conns()[0]
	for i := range n {
		conn.SendText(agentSays(fmt.Sprint(i), fmt.Sprintf("Message %d of %d, with **some** of it in bold", i+1, n)))
	}
	tab.waitFor(4*patience, fmt.Sprintf(root+`.querySelector("[data-id='%d']")`, n-1))
	longest := tab.longest()
	bound = max(bound, tab.work())
	t.Logf("the longest task took %.0f ms; what is 200 ms of work took %.0f; %.0f MB", longest, bound, eval[float64](tab, `document.memory.buffer.byteLength / 1e6`))
	if longest > bound {
		t.Errorf("a task took %.0f ms, and 200 ms of work %.0f", longest, bound)
	}
	tab.wait(fmt.Sprintf(root+`.querySelectorAll("[part~=message]").length == %d`, protocol.MostEntries))
	if first := eval[string](tab, part("log")+`.firstChild.textContent`); first != "Earlier messages are no longer shown" {
		t.Errorf("the log begins with %q", first)
	}
	if mb := eval[float64](tab, `document.memory.buffer.byteLength / 1e6`); mb > 64 {
		t.Errorf("the WebAssembly has %.0f MB", mb)
	}
	eval[any](tab, `(log => log.scrollTo(0, 0))(`+part("log")+`)`)
	tab.picture("earlier messages")
	tab.say("still there?")
	tab.said("still there?")
}
