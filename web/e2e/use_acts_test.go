package e2e

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"plurachat/web/e2e/browser"
	"plurachat/web/e2e/suite"
)

// act is something that the visitor does.
type act struct {
	name   string
	chance int // how often, relative to the others
	do     func(*use, *tab)
}

var acts = []act{
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
	{"comes back later", 1, (*use).comesBackLater},
	{"ends and deletes", 1, (*use).endsAndDeletes},
}

// messagesToWrite are what the visitor writes.
var messagesToWrite = []string{
	"How much is a roof?", "I’d like to know more, please", "línea, Größe, 屋根, سقف", "👍🏽 thanks", "no",
	"https://example.com/a?b=c&d=é", "<b>1 & 2</b> \"quoted\" \\ `x`", "First line" + lineBreak + "second line",
	strings.Repeat("long ", 30) + "end", strings.Repeat("w", 200),
}

// lineBreak are the keys that break a line.
const lineBreak = browser.Shift + browser.Enter

// writes types a message, with slips, and sends it.
func (u *use) writes(b *tab) {
	u.t.Helper()
	u.types(b, messagesToWrite[u.random.IntN(len(messagesToWrite))])
	u.sends(b)
}

// types writes a text into the composer, which is empty. It begins with its number, so that no two texts are alike.
// Slips are corrected.
func (u *use) types(b *tab, text string) {
	u.t.Helper()
	text = fmt.Sprintf("%d. %s", len(u.said)+1, text)
	if !suite.Poll(patience, func() bool { b.click(part("input")); return eval[bool](b, focused("input")) }) {
		u.t.Fatal("a click does not focus the composer") // the layout may change between the measuring and the click
	}
	for i, word := range strings.SplitAfter(text, " ") {
		switch {
		case u.random.IntN(4) == 0:
			b.press("xy" + browser.Backspace + browser.Backspace)
		case i > 0 && u.random.IntN(6) == 0:
			b.press("z" + browser.Left + browser.Right + browser.Backspace)
		}
		b.press(word)
	}
	text = strings.ReplaceAll(text, lineBreak, "\n")
	if got := b.composer().Value; got != text {
		u.t.Errorf("the visitor typed %q, and the composer has %q", text, got)
	}
	u.said = append(u.said, text)
}

// sends sends what is in the composer, by the key or the button. The message must come into view, or an answer to it.
func (u *use) sends(b *tab) {
	u.t.Helper()
	if u.random.IntN(3) == 0 {
		b.click(part("send"))
	} else {
		b.press(browser.Enter)
	}
	b.wait(part("input") + `.value == "" && ` + inLog("visitor", `text == `+jsText(u.said[len(u.said)-1])))
}

// inLog returns an expression that is true if the top of a message, or of one below it, is in view. The message is the
// last one of a side for which the condition about its text is true.
func inLog(from, condition string) string {
	return `(log => {
		const rows = [...log.querySelectorAll("[part~=message]")], view = log.getBoundingClientRect();
		const at = rows.findLastIndex(row => {
			const text = row.querySelector("[part~=bubble]").textContent;
			return row.dataset.from == "` + from + `" && ` + condition + `;
		});
		const tops = at < 0 ? [] : rows.slice(at).map(row => row.getBoundingClientRect().top);
		return tops.some(top => top >= view.top - 1 && top < view.bottom);
	})(` + part("log") + `)`
}

// answerInLog returns inLog for the agent's message with a number.
func answerInLog(n int) string {
	return inLog("agent", fmt.Sprintf(`text.startsWith("Answer %d.")`, n))
}

// detail is in a message that the agent answers with longAnswer, which is higher than the log on every screen.
const detail = "in detail"

var longAnswer = "Here is **all** of it.\n\n" +
	strings.Repeat("A new roof takes three to five days. We remove the old "+
		"tiles, check the beams, and lay a new membrane.\n\n", 8) + "| Roof | Days | Price |\n| --- | ---: | ---: |\n" +
	strings.Repeat("| Clay tiles | 4 | $12,400 |\n", 6) + "\n1. We call you.\n2. We look at the roof.\n   - Bring the " +
	"plans.\n3. You get an offer.\n\n```\nroof = area * price\n```\n\n" + strings.Repeat("Rain does not stop the work, "+
	"as every evening a tarpaulin covers what is open: see https://example.com/rain.\n\n", 6)

// gone is the value of anchor if the row is not there.
const gone = -1e9

// anchor is an expression for how far the row that the visitor reads is below the top of the log.
var anchor = `(log => {
	const top = log.getBoundingClientRect().top;
	const isAbove = row => row.getBoundingClientRect().top < top + 40;
	document.anchor ??= [...log.querySelectorAll("[part~=message]")].findLast(isAbove);
	return document.anchor.isConnected ? document.anchor.getBoundingClientRect().top - top : -1e9;
})(` + part("log") + `)`

// readsLongAnswer asks for a long answer and reads it. The answer's top must come into view, and what the visitor reads
// must not move when the agent writes again.
func (u *use) readsLongAnswer(b *tab) {
	u.t.Helper()
	u.types(b, "Tell me "+detail)
	u.sends(b)
	u.agrees()
	b.wait(inLog("agent", `text.includes("Here is all of it.")`))
	u.pauses(1000)
	eval[any](b, `(log => {
		document.anchor = undefined;
		log.scrollTop += log.scrollTop > 300 ? -200 : 50;
	})(`+part("log")+`)`)
	const frames = `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))).then(() => `
	before := eval[float64](b, anchor)
	if !suite.Poll(patience, func() bool {
		was := before
		before = eval[float64](b, frames+anchor+`)`)
		return before == was && before != gone
	}) {
		u.t.Fatalf("what the visitor reads is at %v, and does not stay there", before)
	}
	n := u.pushes()
	b.wait(part("log") + fmt.Sprintf(`.textContent.includes("Answer %d.")`, n))
	b.wait(visible(part("jump")))
	if after := eval[float64](b, anchor); after < before-1 || after > before+1 {
		u.t.Errorf("what the visitor reads moved from %v to %v", before, after)
	}
	u.shot(b, "reads")
	b.click(part("jump"))
	b.wait(answerInLog(n) + ` && !` + visible(part("jump")))
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
		u.pauses(1500)
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

// keeps checks that the chat has what the visitor has typed last, and that the visitor can go on typing. On a new page
// the chat is open, but not on a narrow screen, which it would fill.
func (u *use) keeps(b *tab) {
	u.t.Helper()
	const narrow = `matchMedia("(max-width: 479px), (max-height: 479px)").matches`
	b.wait(visible(part("panel")) + ` || ` + narrow + ` && ` + visible(part("launcher")))
	if !eval[bool](b, visible(part("panel"))) {
		b.click(part("launcher"))
	}
	b.online()
	typed := &u.said[len(u.said)-1]
	b.wait(part("input") + `.value == ` + jsText(*typed))
	b.click(part("input"))
	b.press(browser.End + "!")
	*typed += "!"
	b.wait(part("input") + `.value == ` + jsText(*typed))
}

// leaves is how long a tab may take to another page: WebKit's driver sometimes does not answer a script that runs while
// the page is left, for as long as the patience with a call.
const leaves = 3 * patience

// goesAndComesBack follows a link, and uses the browser's Back.
func (u *use) goesAndComesBack(b *tab) {
	u.t.Helper()
	u.types(b, "A draft over two pages")
	from := eval[string](b, `location.pathname`)
	to := map[string]string{"/": "/prices", "/prices": "/"}[from]
	if u.random.IntN(3) == 0 {
		to = "/imprint"
	}
	u.notes("\tto %s", to)
	there := func(path string) string {
		return `location.pathname == "` + path + `" && !document.left && document.readyState == "complete"`
	}
	// A page that comes from the back/forward cache is as it was left.
	const leave = `document.left = true, addEventListener("pageshow", () => document.left = false)`
	eval[any](b, `(`+leave+`, setTimeout(() => document.querySelector('a[href="`+to+`"]').click()), 0)`)
	b.waitFor(leaves, there(to))
	if to != "/imprint" {
		u.keeps(b)
	}
	u.isStored(b)
	eval[any](b, `(`+leave+`, setTimeout(() => history.back()), 0)`)
	b.waitFor(leaves, there(from))
	u.keeps(b)
	u.sends(b)
}

// isStored returns once what the visitor has typed last is stored, unless the tab shows a page without a chat.
func (u *use) isStored(b *tab) {
	u.t.Helper()
	text := jsText(u.said[len(u.said)-1])
	b.wait(`!window.PluraChat || JSON.parse(localStorage["plura-chat:` + flow + `:draft"] ?? "{}").draft == ` + text)
}

// comesBackLater closes all tabs while a half-written message is in the composer, and comes again.
func (u *use) comesBackLater(b *tab) {
	u.t.Helper()
	u.types(b, "A draft for later")
	u.isStored(b)
	blank := u.v.open("about:blank") // WebKit ends with its last tab
	for _, b := range u.open {
		b.close()
	}
	u.open = nil
	u.enter()
	blank.close()
	u.keeps(u.open[0])
	u.sends(u.open[0])
}

// endsAndDeletes deletes the conversation, of which no tab may show anything.
func (u *use) endsAndDeletes(b *tab) {
	u.t.Helper()
	u.deleted = append(u.deleted, u.sessions()...)
	b.click(root + `.querySelector("[data-do=menu]")`)
	b.click(root + `.querySelector("[data-do=ask-end]")`)
	b.click(root + `.querySelector("[data-do=yes]")`)
	for _, b := range u.open {
		b.wait(`!` + messages + `.some(m => m.from == "visitor" || m.text.startsWith("Answer"))`)
	}
	u.said, u.pushed = nil, 0
	b.wait(`!` + visible(part("panel")))
	b.click(part("launcher"))
	b.online()
	u.writes(b)
}

// screens are the sizes of what the visitor holds.
var screens = []struct {
	name          string
	width, height int
}{{"phone", 450, 800}, {"tablet", 820, 1180}, {"landscape", 844, 390}, {"desktop", 1280, 800}}

// turnsTheScreen shows the chat on another screen.
func (u *use) turnsTheScreen(b *tab) {
	u.t.Helper()
	screen := screens[u.random.IntN(len(screens))]
	u.notes("\tto %s", screen.name)
	b.size(screen.width, screen.height)
	const inside = `(r => r.top >= -1 && r.left >= -1 && r.bottom <= innerHeight + 1 && r.right <= innerWidth + 1)`
	for _, name := range []string{"panel", "close", "input", "send"} {
		b.wait(inside + `(` + part(name) + `.getBoundingClientRect())`)
	}
	b.wait(`(log => log.scrollWidth <= log.clientWidth)(` + part("log") + `)`)
	u.writes(b)
	u.agrees()
	u.shot(b, screen.name)
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
	b.wait(answerInLog(n))
	b.wait(`!` + visible(part("badge")))
	u.keeps(b)
	u.sends(b)
}

// printsThePage prints the page, after which the chat must be as before. What is printed is the subject of TestPrint.
func (u *use) printsThePage(b *tab) {
	u.t.Helper()
	before := b.transcript()
	page, err := b.Print()
	if errors.Is(err, errors.ErrUnsupported) {
		return
	}
	if err != nil {
		u.t.Errorf("printing: %v", err)
	}
	u.keep("print", page, ".pdf")
	b.wait(visible(part("panel")))
	b.shows(before)
}

// beginsAnew ends the conversation and begins another one below it.
func (u *use) beginsAnew(b *tab) {
	u.t.Helper()
	old := u.session()
	b.click(root + `.querySelector("[data-do=menu]")`)
	b.click(root + `.querySelector("[data-do=ask-new]")`)
	u.shot(b, "is asked")
	b.click(root + `.querySelector("[data-do=yes]")`)
	b.wait(`!` + visible(root+`.querySelector("[data-do=yes]")`))
	u.writes(b)
	if err := u.s.flow.Wait(patience, "a new session", func() bool { return u.session() != old }); err != nil {
		u.t.Fatal(err)
	}
}
