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

// teaserTag returns a script tag with rules of the teaser.
func (s *site) teaserTag(rules, attributes string) string {
	return s.tag(fmt.Sprintf(`data-teaser='%s' %s`, rules, attributes))
}

// noTeaser fails the test if a teaser is shown until some time after its module was loaded.
func (b *tab) noTeaser(why string) {
	b.t.Helper()
	b.wait(`performance.getEntriesByType("resource").some(({ name }) => name.includes("plura-chat-teaser-"))`)
	if eval[bool](b, `new Promise(done => setTimeout(() => done(`+visible(part("teaser"))+`), 500))`) {
		b.t.Errorf("%s: the teaser says %q", why, eval[string](b, part("teaser")+`.textContent`))
	}
}

// starter returns an expression for a button of the teaser.
func teaserStarter(text string) string {
	return fmt.Sprintf(`[...(%s?.querySelectorAll("button") ?? [])].find(button => button.textContent == %q)`, part("teaser"), text)
}

// TestFeatureTeaserRules checks that the first rule that matches the path and whose moment comes is used, that its
// starters send their text, and that a visit has one teaser.
func TestFeatureTeaserRules(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	const rules = `[{"on": "/blog*", "after": "1ms", "text": "Wrong path"}, {"on": "/pr*/d%C3%A4cher", "after": "100ms", "text": "Questions about <b>prices</b>?", "starters": "What is included? | Can I pay monthly?"},
		{"after": "1h", "text": "Later"}]`
	s.page("/preise/d%C3%A4cher", s.teaserTag(rules, ""))
	page := s.page("/preise/dächer", s.teaserTag(rules, ""))
	visitor := chromium.visitor(t)
	tab := visitor.open(page)
	tab.wait(visible(part("teaser")))
	if text := eval[string](tab, part("invite")+`.textContent`); text != "Questions about <b>prices</b>?" {
		t.Errorf("the teaser says %q", text)
	}
	if got := eval[[]any](tab, `[document.activeElement == document.body, `+part("panel")+`.hidden, `+part("teaser")+`.role, PluraChat.state]`); fmt.Sprint(got) != "[true true status idle]" {
		t.Errorf("focus on the page, panel hidden, role and state: %v", got)
	}
	group := part("teaser") + `.querySelector("[role=group]")`
	if name := eval[string](tab, root+`.getElementById(`+group+`.getAttribute("aria-labelledby")).textContent`); !strings.Contains(name, "prices") {
		t.Errorf("the group of starters is named %q", name)
	}
	tab.picture("teaser with starters")
	tab.reload()
	tab.noTeaser("after a reload")

	// By keyboard.
	tab = chromium.visitor(t).open(page)
	tab.wait(visible(part("teaser")))
	eval[any](tab, `document.addEventListener("plura-chat:suggestion", ({ detail }) => (document.suggestion = JSON.stringify(detail)))`)
	eval[any](tab, teaserStarter("Can I pay monthly?")+`.focus()`)
	tab.press(browser.Enter)
	tab.wait(`!` + part("teaser"))
	tab.said("Can I pay monthly?")
	tab.wait(focused("input"))
	if detail := eval[string](tab, `document.suggestion`); detail != `{"text":"Can I pay monthly?","kind":"starter"}` {
		t.Errorf("the event suggestion has %s", detail)
	}
	if got := s.flow.Messages(""); !slices.Equal(got, []string{"Can I pay monthly?"}) {
		t.Errorf("the flow received %q", got)
	}

	for _, key := range []string{" ", browser.Enter} {
		tab = chromium.visitor(t).open(page)
		tab.wait(visible(part("teaser")))
		eval[any](tab, part("invite")+`.focus()`)
		tab.press(key)
		tab.wait(visible(part("panel")))
	}
}

// TestFeatureTeaserNavigation checks that rules follow the navigation of a router.
func TestFeatureTeaserNavigation(t *testing.T) {
	t.Parallel()
	for _, navigation := range []string{"", "delete Window.prototype.navigation; delete window.navigation"} {
		s := newSite(t, protocoltest.Options{})
		tab := chromium.visitor(t).open(s.page("/", `<script>`+navigation+`</script>`+
			s.teaserTag(`[{"on": "/", "after": "1h"}, {"on": "/pricing*", "after": "700ms", "text": "Prices?"}]`, "")))
		tab.noTeaser("on another path")
		eval[any](tab, `history.pushState({}, "", "/pricing/a")`)
		// A change within the rule's paths does not start its time anew.
		eval[any](tab, `history.replaceState({}, "", "/pricing/b")`)
		tab.wait(visible(part("teaser")))
		eval[any](tab, `history.back()`)
		tab.wait(`location.pathname == "/" && !` + part("teaser"))
	}
}

// TestFeatureTeaserStays checks what keeps a teaser away: a narrow window, an opened chat, a stored conversation, and
// a teaser that was dismissed in another tab. A chat that was loaded and not opened does not.
func TestFeatureTeaserStays(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	page := s.page("/", s.teaserTag(`[{"after": "exit"}]`, "data-load=eager"))
	const leave = `document.dispatchEvent(new MouseEvent("mouseout", {clientY: 0}))`

	visitor := chromium.visitor(t)
	tab := visitor.open(page)
	tab.wait(`PluraChat.state != "loading"`)
	tab.size(479, 800)
	tab.noTeaser("before")
	eval[any](tab, leave)
	tab.noTeaser("in a narrow window")
	tab.size(480, 800)
	eval[any](tab, leave)
	tab.wait(visible(part("teaser")))
	tab.size(479, 800)
	tab.wait(`!` + visible(part("teaser")))
	tab.size(1280, 800)
	tab.wait(visible(part("teaser")))
	other := visitor.open(page)
	other.noTeaser("before")
	eval[any](other, leave)
	other.wait(visible(part("teaser")))
	tab.click(part("dismiss"))
	tab.wait(`!` + part("teaser"))
	other.wait(`!` + part("teaser"))
	other.reload()
	other.noTeaser("before")
	eval[any](other, leave)
	other.noTeaser("dismissed before")

	tab = chromium.visitor(t).open(page)
	tab.noTeaser("before")
	eval[any](tab, `PluraChat.open().then(() => PluraChat.close())`)
	tab.wait(`!` + visible(part("panel")))
	eval[any](tab, leave)
	tab.noTeaser("the chat was opened")
}

// TestFeatureTeaserChanges checks that the attribute may change and disappear at any time.
func TestFeatureTeaserChanges(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab := chromium.visitor(t).open(s.page("/", s.teaserTag(`[{"after": "exit"}, {"after": "900ms"}]`, "")))
	tab.wait(`performance.getEntriesByType("resource").some(({ name }) => name.includes("plura-chat-teaser-"))`)
	set := func(value string) {
		eval[any](tab, `(e => `+value+`)(document.querySelector("plura-chat"))`)
	}
	set(`e.removeAttribute("teaser")`)
	eval[any](tab, `document.dispatchEvent(new MouseEvent("mouseout", {clientY: 0}))`)
	eval[any](tab, `new Promise(done => setTimeout(done, 1000))`) // longer than the rule's time
	tab.noTeaser("without the attribute")
	set(`e.setAttribute("teaser", "1ms")`)
	tab.wait(visible(part("teaser")))
	set(`e.setAttribute("teaser", "false")`)
	tab.wait(`!` + part("teaser"))
}

// TestFeatureTeaserBadRules checks that a bad rule is left out and named in one line, and that the others are used.
func TestFeatureTeaserBadRules(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	long := strings.Repeat("x", 201)
	tab := chromium.visitor(t).open("about:blank")
	console := recordConsole(tab)
	tab.open(s.page("/", s.teaserTag(`[7, {"on": "pricing", "after": "1ms"}, {"text": "x"}, {"after": "soon"}, {"after": "scroll 101%"}, {"after": "1ms", "text": "`+long+`"},
		{"after": "1ms", "visits": 0}, {"after": "1ms", "visit": 2}, {"after": "1ms", "starters": ["A"]}, {"after": "idle"},
		{"after": "200ms", "text": "Good", "starters": "A|B|C|D|E|F|G|`+long+`"}]`, "")))
	tab.wait(visible(part("teaser")))
	if text := eval[string](tab, part("invite")+`.textContent`); text != "Good" {
		t.Errorf("it says %q", text)
	}
	if n := eval[int](tab, part("teaser")+`.querySelectorAll("[role=group] button").length`); n != 6 {
		t.Errorf("%d starters", n)
	}
	const times = `allowed: a time such as 8s, "scroll 50%", "idle 30s", "exit"`
	want := []string{
		`rule 1 "7" is not used; allowed: {"on": "/pricing*", "after": "8s", "text": "…", "starters": "A|B|C", "visits": 2}`,
		`rule 2, on "pricing" is not used; allowed: a path such as /pricing*`,
		`rule 3 without after is not used; ` + times,
		`rule 4, after "soon" is not used; ` + times,
		`rule 5, after "scroll 101%" is not used; ` + times,
		`rule 6, text "` + long[:80] + `…" is not used; allowed: a text of at most 200 characters`,
		`rule 7, visits "0" is not used; allowed: a number such as 2`,
		`rule 8, visit "2" is not used; allowed: on, after, text, starters, visits`,
		`rule 9, starters "["A"]" is not used; allowed: A|B|C`,
		`rule 10, after "idle" is not used; ` + times,
		`rule 11, starters "A|B|C|D|E|F|G|` + long[:66] + `…" is not used; allowed: at most 6 of at most 80 characters`,
	}
	for i := range want {
		want[i] = "warning: plura-chat: attribute teaser, " + want[i]
	}
	if got := console(); !slices.Equal(got, want) {
		t.Errorf("the console has\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}

	for _, value := range []string{"soon", "0s", "[", "exit"} {
		before := len(console())
		eval[any](tab, fmt.Sprintf(`document.querySelector("plura-chat").setAttribute("teaser", %q)`, value))
		line := fmt.Sprintf(`warning: plura-chat: attribute teaser "%s" is not used; allowed: none, a time such as 8s, [{"on": "/pricing*", "after": "8s"}]`, value)
		if !suite.Poll(patience, func() bool { return len(console()) > before }) || console()[before] != line {
			t.Errorf("teaser=%s: the console has %q", value, console()[before:])
		}
	}
	// The same again, and what is right, lead to no line.
	before := len(console())
	for _, value := range []string{"soon", "None", "1m30s"} {
		eval[any](tab, fmt.Sprintf(`document.querySelector("plura-chat").setAttribute("teaser", %q)`, value))
	}
	tab.settle()
	if got := console()[before:]; len(got) > 0 {
		t.Errorf("the console has %q", got)
	}
}

// TestFeatureTeaserElsewhere checks the teaser beside an iframe, and on a page that is read from right to left.
func TestFeatureTeaserElsewhere(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab, _ := framedPage(t, chromium, s, s.URL, `data-teaser='[{"after": "1ms", "text": "Hello", "starters": "A leak"}]'`)
	tab.wait(visible(part("teaser")))
	tab.click(teaserStarter("A leak"))
	tab.wait(`!` + part("teaser"))
	tab.recalls(`all.some(m => m.from == "visitor" && m.text == "A leak")`)

	s = newSite(t, protocoltest.Options{})
	tab = chromium.visitor(t).open(s.page("/", s.teaserTag(`[{"after": "1ms", "text": "هل لديك أسئلة حول الأسعار؟ `+strings.Repeat("سؤال ", 20)+`", "starters": "ماذا يشمل؟|هل يمكنني الدفع شهريا؟"}]`, "data-lang=ar")))
	tab.wait(visible(part("teaser")))
	tab.picture("teaser from right to left")
	if got := eval[bool](tab, `(() => { const [teaser, launcher, invite, dismiss] = ["teaser", "launcher", "invite", "dismiss"].map(name => `+root+`.querySelector("[part~=" + name + "]").getBoundingClientRect());
		return teaser.left == launcher.left && teaser.bottom <= launcher.top && teaser.width <= 360 && invite.left >= dismiss.right; })()`); !got {
		t.Error("the teaser is not where the launcher is")
	}
}
