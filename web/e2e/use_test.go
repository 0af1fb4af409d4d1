package e2e

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/browser"
)

var (
	useLasts = flag.Duration("use", 30*time.Second, "how long TestUse uses the chat in each engine")
	useSeed  = flag.Uint64("use-seed", 0, "from which seed TestUse draws what the visitor does; 0: from the time")
)

// use is a visitor who uses the chat for a long time: in one tab or two, on several pages and screens, with outages.
// The acts are drawn from a seed. Each of them checks what the visitor sees, and after each of them every tab must show
// the whole conversation.
type use struct {
	t      *testing.T
	name   string // of the engine
	random *rand.Rand
	s      *site
	v      *visitor
	open   []*tab         // one or two
	said   []string       // what the visitor has said in this conversation
	acts   []string       // what the visitor has done, for the message of a failed test
	done   map[string]int // number of times that each act was done

	mu      sync.Mutex
	answers int // number of the agent's messages in all conversations
}

// acts are what the visitor does. chance is how often, relative to each other.
var acts = []struct {
	name   string
	chance int
	do     func(*use, *tab)
}{
	{"writes", 8, (*use).writes},
	{"reads a long answer", 3, (*use).readsLongAnswer},
	{"loses the line", 3, (*use).losesTheLine},
	{"opens or closes a tab", 3, (*use).opensOrCloses},
	{"reloads", 2, (*use).reloads},
	{"goes to another page and back", 3, (*use).goesAndComesBack},
	{"turns the screen", 3, (*use).turnsTheScreen},
	{"closes the chat", 3, (*use).closesTheChat},
	{"prints the page", 1, (*use).printsThePage},
	{"begins anew", 1, (*use).beginsAnew},
}

// TestUse uses the chat in each engine for a time, an hour with -use 1h.
func TestUse(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		seed := *useSeed
		if seed == 0 {
			seed = uint64(time.Now().UnixNano())
		}
		t.Logf("the seed is %d", seed)
		u := &use{t: t, name: e.Name, random: rand.New(rand.NewPCG(seed, 0)), done: map[string]int{}}
		u.s = newSite(t, protocoltest.Options{
			Replay: []protocoltest.Replay{protocoltest.ReplayAll, protocoltest.ReplayAllNewIDs}[u.random.IntN(2)],
			Flow:   protocoltest.Flow{Answer: u.answer},
		})
		for _, path := range []string{"/", "/prices"} {
			u.s.page(path, u.s.tag("")+`<h1>`+path+`</h1><p><a id=home href="/">Home</a> <a id=prices href="/prices">Prices</a> <a id=imprint href="/imprint">Imprint</a></p>`+longPage)
		}
		u.s.allow("several connections in a row failed") // with an outage, that happens
		u.s.page("/imprint", `<h1>A page without a chat</h1>`)
		u.v = e.visitor(t)
		u.enter()
		t.Cleanup(func() {
			if t.Failed() {
				t.Log(strings.Join(u.acts, "\n"))
			}
		})
		for end := time.Now().Add(*useLasts); time.Now().Before(end) && !t.Failed(); {
			u.act()
		}
		t.Logf("%d acts: %v; %d messages by the agent, %d connections", len(u.acts), u.done, u.answers, u.s.flow.Dials())
	})
}

// act does one of the acts in one of the tabs.
func (u *use) act() {
	u.t.Helper()
	sum := 0
	for _, a := range acts {
		sum += a.chance
	}
	pick := u.random.IntN(sum)
	for _, a := range acts {
		if pick -= a.chance; pick >= 0 {
			continue
		}
		in := u.random.IntN(len(u.open))
		u.acts = append(u.acts, fmt.Sprintf("%s in tab %d the visitor %s", time.Now().Format("04:05.000"), in, a.name))
		u.done[a.name]++
		a.do(u, u.open[in])
		u.agrees()
		for _, report := range u.s.noticed() {
			u.t.Errorf("the visitor %s, and a page noticed: %s", a.name, report)
		}
		u.pauses(u.random.IntN(1500))
		return
	}
}

// pauses waits as a visitor does who reads or thinks.
func (u *use) pauses(ms int) {
	u.t.Helper()
	eval[any](u.open[0], fmt.Sprintf(`new Promise(done => setTimeout(done, %d))`, ms))
}

// answer returns the agent's answer, which begins with its number.
func (u *use) answer(x *protocoltest.Exchange) []protocoltest.Reply {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.answers++
	text := fmt.Sprintf("Answer %d. You said: %s", u.answers, x.Text)
	if strings.Contains(x.Text, "detail") {
		text = fmt.Sprintf("Answer %d. ", u.answers) + longAnswer
	}
	return []protocoltest.Reply{{Text: text, Name: "Maya", Delay: time.Duration(100+50*(u.answers%20)) * time.Millisecond}}
}

// longAnswer is higher than the log on every screen.
var longAnswer = "Here is **all** of it.\n\n" +
	strings.Repeat("A new roof takes three to five days. We remove the old tiles, check the beams, and lay a new membrane.\n\n", 8) +
	"| Roof | Days | Price |\n| --- | ---: | ---: |\n" + strings.Repeat("| Clay tiles | 4 | $12,400 |\n", 6) +
	"\n1. We call you.\n2. We look at the roof.\n   - Bring the plans.\n3. You get an offer.\n\n```\nroof = area * price\n```\n\n" +
	strings.Repeat("Rain does not stop the work, as every evening a tarpaulin covers what is open: see https://example.com/rain.\n\n", 6)

// pushes sends a message that the agent writes without being asked. It returns the message's number.
func (u *use) pushes() int {
	u.t.Helper()
	u.mu.Lock()
	u.answers++
	n := u.answers
	u.mu.Unlock()
	if err := u.s.flow.Push(u.session(), protocoltest.Reply{Text: fmt.Sprintf("Answer %d. One more thing.", n), Name: "Maya"}); err != nil {
		u.t.Fatal(err)
	}
	return n
}

// session returns the session of the conversation: the last one in which the visitor has said something, or the first
// one. After an outage, the client may have opened others, to ask whether the server accepts anybody.
func (u *use) session() string {
	u.t.Helper()
	sessions := u.s.flow.Sessions()
	for _, session := range slices.Backward(sessions) {
		if len(u.s.flow.Messages(session)) > 0 {
			return session
		}
	}
	if len(sessions) == 0 {
		u.t.Fatal("there is no session")
	}
	return sessions[0]
}

// enter opens a tab and the chat in it.
func (u *use) enter() *tab {
	u.t.Helper()
	b := u.v.open(u.s.URL + "/")
	u.open = append(u.open, b)
	b.launch()
	return b
}

// writes types a message, with slips, and sends it.
func (u *use) writes(b *tab) {
	u.t.Helper()
	texts := []string{
		"How much is a roof?", "I’d like to know more, please", "línea, Größe, 屋根, سقف", "👍🏽 thanks", "https://example.com/a?b=c&d=é",
		"First line" + browser.Shift + browser.Enter + "second line", strings.Repeat("long ", 30) + "end", "<b>1 & 2</b> \"quoted\" \\ `x`", "no", strings.Repeat("w", 200),
	}
	u.types(b, texts[u.random.IntN(len(texts))])
	u.sends(b)
}

// types writes a text, with its number so that no two are alike, into the composer, which is empty. Slips are corrected.
func (u *use) types(b *tab, text string) {
	u.t.Helper()
	b.click(part("input"))
	b.wait(focused("input"))
	for i, word := range strings.SplitAfter(fmt.Sprintf("%d. %s", len(u.said)+1, text), " ") {
		switch {
		case u.random.IntN(4) == 0:
			b.press("xy" + browser.Backspace + browser.Backspace)
		case i > 0 && u.random.IntN(6) == 0:
			b.press("z" + browser.Left + browser.Right + browser.Backspace)
		}
		b.press(word)
	}
	want := strings.ReplaceAll(fmt.Sprintf("%d. %s", len(u.said)+1, text), browser.Shift+browser.Enter, "\n")
	if got := b.composer().Value; got != want {
		u.t.Errorf("the visitor typed %q, and the composer has %q", want, got)
	}
	u.said = append(u.said, strings.TrimSpace(want))
}

// sends sends what is in the composer, by the key or the button. The message must come into view.
func (u *use) sends(b *tab) {
	u.t.Helper()
	if u.random.IntN(3) == 0 {
		b.click(part("send"))
	} else {
		b.press(browser.Enter)
	}
	b.wait(part("input") + `.value == "" && ` + inLog(fmt.Sprintf(`rows.findLast(row => row.dataset.from == "visitor" && row.querySelector("[part~=bubble]").textContent == %q)`, u.said[len(u.said)-1])))
}

// inLog returns an expression that is true if the top of a row of the log is in view. The row is an expression that may
// use rows.
func inLog(row string) string {
	return `(log => {
		const rows = [...log.querySelectorAll("[part~=message]")], row = (` + row + `)?.getBoundingClientRect(), view = log.getBoundingClientRect();
		return row && row.top >= view.top - 1 && row.top < view.bottom;
	})(` + part("log") + `)`
}

// agentRow returns an expression for the row of the agent's message with a number, for inLog.
func agentRow(n int) string {
	return fmt.Sprintf(`rows.find(row => row.dataset.from == "agent" && row.querySelector("[part~=bubble]").textContent.startsWith("Answer %d."))`, n)
}

// readsLongAnswer asks for a long answer and reads it. The answer's top must come into view, and what the visitor reads
// must not move when the agent writes again.
func (u *use) readsLongAnswer(b *tab) {
	u.t.Helper()
	u.types(b, "Tell me in detail")
	u.sends(b)
	last := `rows.findLast(row => row.dataset.from == "agent" && row.querySelector("[part~=bubble]").textContent.includes("all of it"))`
	u.agrees()
	b.wait(inLog(last))
	anchor := `(log => {
		const top = log.getBoundingClientRect().top;
		document.anchor ??= [...log.querySelectorAll("[part~=message]")].findLast(row => row.getBoundingClientRect().top < top + 40);
		return document.anchor.isConnected ? document.anchor.getBoundingClientRect().top - top : -1e9;
	})(` + part("log") + `)`
	u.pauses(u.random.IntN(1000))
	eval[any](b, `new Promise(done => { document.anchor = undefined; const log = `+part("log")+`; log.addEventListener("scroll", () => setTimeout(done, 100), {once: true}); log.scrollTop += log.scrollTop > 300 ? -200 : 50; })`)
	before := eval[float64](b, anchor)
	n := u.pushes()
	b.wait(part("log") + `.textContent.includes("Answer ` + fmt.Sprint(n) + `.")`)
	b.wait(visible(part("jump")))
	if after := eval[float64](b, anchor); after < before-1 || after > before+1 {
		u.t.Errorf("what the visitor reads moved from %v to %v", before, after)
	}
	u.shot(b, "reads")
	b.click(part("jump"))
	b.wait(inLog(agentRow(n)) + ` && !` + visible(part("jump")))
}

// losesTheLine breaks all connections, for a time, while the visitor writes.
func (u *use) losesTheLine(b *tab) {
	u.t.Helper()
	u.types(b, "Are you still there?")
	if u.random.IntN(2) == 0 {
		u.s.flow.DropAll()
	} else {
		u.s.flow.Down(time.Duration(500+u.random.IntN(4000)) * time.Millisecond)
	}
	if u.random.IntN(2) == 0 {
		u.pauses(u.random.IntN(1500))
		u.shot(b, "is offline")
	}
	u.sends(b)
}

// opensOrCloses opens a second tab or closes one of two.
func (u *use) opensOrCloses(b *tab) {
	u.t.Helper()
	if len(u.open) == 1 {
		u.enter()
		return
	}
	b.close()
	if b == u.open[0] {
		u.open = u.open[1:]
	} else {
		u.open = u.open[:1]
	}
}

// reloads reloads the page while a half-written message is in the composer.
func (u *use) reloads(b *tab) {
	u.t.Helper()
	u.types(b, "A draft over a reload")
	b.reload()
	u.keeps(b)
	u.sends(b)
}

// keeps checks that the chat is open with what the visitor has typed last, and that the visitor can go on typing.
func (u *use) keeps(b *tab) {
	u.t.Helper()
	b.wait(visible(part("panel")))
	b.online()
	want := u.said[len(u.said)-1]
	b.wait(part("input") + `.value == ` + jsText(want))
	b.click(part("input"))
	b.press(browser.End + "!")
	u.said[len(u.said)-1] += "!"
	b.wait(part("input") + `.value == ` + jsText(want+"!"))
}

// goesAndComesBack follows a link, and uses the browser's Back.
func (u *use) goesAndComesBack(b *tab) {
	u.t.Helper()
	u.types(b, "A draft over two pages")
	from := eval[string](b, `location.pathname`)
	to := "imprint"
	if u.random.IntN(3) > 0 {
		to = map[string]string{"/": "prices", "/prices": "home"}[from]
	}
	u.acts = append(u.acts, "\tto "+to)
	target := "/" + strings.TrimPrefix(to, "home")
	eval[any](b, `void setTimeout(() => document.querySelector("#`+to+`").click())`)
	b.wait(`location.pathname == "` + target + `" && document.readyState == "complete"`)
	if to != "imprint" {
		u.keeps(b)
	}
	eval[any](b, `void setTimeout(() => history.back())`)
	b.wait(`location.pathname == "` + from + `" && document.readyState == "complete"`)
	u.keeps(b)
	u.sends(b)
}

// turnsTheScreen shows the chat on another screen.
func (u *use) turnsTheScreen(b *tab) {
	u.t.Helper()
	screens := map[string][2]int{"phone": {480, 800}, "tablet": {820, 1180}, "landscape": {844, 390}, "desktop": {1280, 800}}
	names := []string{"phone", "tablet", "landscape", "desktop"}
	name := names[u.random.IntN(len(names))]
	u.acts = append(u.acts, "\tto "+name)
	size := screens[name]
	b.size(size[0], size[1])
	const inside = `(r => r.top >= -1 && r.left >= -1 && r.bottom <= innerHeight + 1 && r.right <= innerWidth + 1)`
	for _, name := range []string{"panel", "close", "input", "send"} {
		b.wait(inside + `(` + part(name) + `.getBoundingClientRect())`)
	}
	b.wait(`(log => log.scrollWidth <= log.clientWidth)(` + part("log") + `)`)
	u.writes(b)
	u.agrees()
	u.shot(b, name)
}

// closesTheChat closes the panel. A message that comes then must be counted, and be in view once the panel is open.
func (u *use) closesTheChat(b *tab) {
	u.t.Helper()
	u.types(b, "A draft in a closed chat")
	b.press(browser.Escape)
	b.wait(`!` + visible(part("panel")) + ` && ` + visible(part("launcher")))
	n := u.pushes()
	if len(u.open) == 1 { // in another tab, the visitor might see the message
		b.wait(part("badge") + `.textContent == "1" && ` + visible(part("badge")))
	}
	u.shot(b, "is told")
	b.click(part("launcher"))
	b.wait(inLog(agentRow(n)))
	b.wait(`!` + visible(part("badge")))
	u.keeps(b)
	u.sends(b)
}

// printsThePage prints the page, after which the chat must be as before.
func (u *use) printsThePage(b *tab) {
	u.t.Helper()
	before := b.transcript()
	page, err := b.Print()
	if err != nil {
		u.t.Errorf("printing: %v", err)
	}
	u.keep("print", page, ".pdf")
	b.wait(visible(part("panel")))
	b.shows(before)
}

// beginsAnew ends the conversation and begins another one.
func (u *use) beginsAnew(b *tab) {
	u.t.Helper()
	old := u.session()
	b.click(part("menu"))
	b.click(root + `.querySelector("[data-do=ask-new]")`)
	u.shot(b, "is asked")
	b.click(root + `.querySelector("[data-do=yes]")`)
	b.wait(`!` + messages + `.some(m => m.from == "visitor")`)
	u.said = nil
	u.writes(b)
	if err := u.s.flow.Wait(patience, "a new session", func() bool { return u.session() != old }); err != nil {
		u.t.Fatal(err)
	}
}
