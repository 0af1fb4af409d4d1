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

// recordSuggestions is a script of a page. It appends the details of suggestion events to document.suggestions, and
// sets document.shown once the starters are in the widget.
const recordSuggestions = `<script>
	document.suggestions = [];
	addEventListener("plura-chat:suggestion", ({ detail }) => document.suggestions.push(JSON.stringify(detail)));
	requestAnimationFrame(function look() {
		document.shown ||= Boolean(document.querySelector("plura-chat")?.shadowRoot?.querySelector("[part~=starters]"));
		requestAnimationFrame(look);
	});
</script>`

// starters is an expression for the labels of the starters that are visible.
const starters = `[...(` + root + `?.querySelectorAll("[part~=starters] button") ?? [])].filter(b => b.getClientRects().length > 0).map(b => b.textContent)`

// starter returns an expression for the starter of that label.
func starter(label string) string {
	return fmt.Sprintf(`[...(%s?.querySelectorAll("[part~=starters] button") ?? [])].find(b => b.textContent == %q)`, root, label)
}

// warned fails the test unless the console gets exactly these warnings.
func warned(t *testing.T, console func() []string, want ...string) {
	t.Helper()
	for i := range want {
		want[i] = "warning: plura-chat: " + want[i]
	}
	if !suite.Poll(patience, func() bool { return len(console()) >= len(want) }) || !slices.Equal(console(), want) {
		t.Errorf("the console has\n%s\nwant\n%s", strings.Join(console(), "\n"), strings.Join(want, "\n"))
	}
}

// TestFeatureStarters checks that a starter is sent at once, that the starters are gone then, also after a reload, and
// that they come back with a new conversation.
func TestFeatureStarters(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{Replay: protocoltest.ReplayAll})
	tab := chromium.visitor(t).open(s.page("/", recordSuggestions+s.tag(`data-starters="Book an appointment| What does it cost? |"`)))
	tab.launch()
	tab.wait(starters + ` == "Book an appointment,What does it cost?"`)
	if got := eval[string](tab, `[`+part("starters")+`.role, `+part("starters")+`.ariaLabel, `+part("starters")+`.closest("[part~=log]")] + ""`); got != "group,Suggested messages," {
		t.Errorf("role, name and log of the starters: %s", got)
	}
	inOrder(tab, "log", "starters", "composer")
	tab.click(starter("What does it cost?"))
	tab.wait(focused("input"))
	tab.said("What does it cost?")
	tab.wait(`!` + part("starters"))
	if got := eval[string](tab, `document.suggestions + ""`); got != `{"text":"What does it cost?","kind":"starter"}` {
		t.Errorf("the events are %s", got)
	}

	tab.reload()
	tab.wait(visible(part("panel")))
	tab.said("What does it cost?")
	tab.online()
	if eval[bool](tab, `document.shown`) {
		t.Error("after a reload, the starters were shown although the visitor has written")
	}

	eval[any](tab, `PluraChat.reset()`)
	tab.wait(visible(part("starters")))
	tab.heard("How can I help")
	eval[any](tab, part("log")+`.focus()`)
	tab.press(browser.TabKey)
	tab.wait(root + `.activeElement == ` + starter("Book an appointment"))
	tab.press(browser.Enter)
	tab.said("Book an appointment")
	tab.wait(`!` + part("starters"))
	tab.heard("You said")

	// The earlier messages stay above the new conversation.
	tab.ask("ask-new")
	tab.click(root + `.querySelector("[data-do=yes]")`)
	tab.wait(visible(part("starters")))
	tab.wait(`(log => log.scrollHeight - log.scrollTop - log.clientHeight < 2)(` + part("log") + `)`)
	tab.click(starter("Book an appointment"))
	tab.wait(messages + `.filter(m => m.state == "sent").length == 2`)
	tab.wait(`!` + part("starters"))
}

// inOrder fails the test unless the panel has these parts in this order.
func inOrder(b *tab, parts ...string) {
	b.t.Helper()
	got := eval[[]string](b, `[...`+part("panel")+`.children].map(e => e.getAttribute("part") ?? e.className)`)
	got = slices.DeleteFunc(got, func(name string) bool { return !slices.Contains(parts, name) })
	if !slices.Equal(got, parts) {
		b.t.Errorf("the panel has %q, want the order %q", got, parts)
	}
}

// TestFeatureStartersBeforeGo checks that a starter may be chosen before Go runs. With a pre-chat form it is sent after
// the form, which takes the place of the starters.
func TestFeatureStartersBeforeGo(t *testing.T) {
	t.Parallel()
	for name, attributes := range map[string]string{"at once": "", "after the form": "data-prechat=phone"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			release := s.hold(dist.Engine().Name)
			tab := chromium.visitor(t).open(s.page("/", s.tag(`data-starters="Call me|Visit me" `+attributes)))
			tab.wait(visible(part("launcher")))
			tab.click(part("launcher"))
			tab.click(starter("Visit me"))
			tab.wait(messages + `.some(m => m.text == "Visit me")`)
			tab.wait(focused("input"))
			if eval[bool](tab, `Boolean(`+part("starters")+`)`) {
				t.Error("the starters are still there")
			}
			release()
			if attributes != "" {
				tab.wait(visible(part("prechat")))
				tab.fill("phone", "+15551234567")
				tab.start()
			}
			tab.said("Visit me")
			if eval[bool](tab, `Boolean(`+part("starters")+`)`) {
				t.Error("the starters are there again")
			}
		})
	}
	t.Run("not behind the form", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, protocoltest.Options{})
		tab := chromium.visitor(t).open(s.page("/", s.tag(`data-starters="Call me|Visit me" data-prechat=phone`)))
		tab.openForm()
		tab.wait(`!` + part("starters"))
		tab.fill("phone", "+15551234567")
		tab.start()
		tab.click(starter("Call me"))
		tab.said("Call me")
	})
}

// TestFeatureStartersValues checks what the attribute may contain, and that the starters follow it.
func TestFeatureStartersValues(t *testing.T) {
	t.Parallel()
	const allowed = ` is not used; allowed: A|B|C or [{"label": "…", "text": "…"}], at most 6 of at most 80 characters`
	s := newSite(t, protocoltest.Options{})
	tab := chromium.visitor(t).open("about:blank")
	console := recordConsole(tab)
	long := strings.Repeat("é", 81)
	tab.open(s.page("/", s.element(`starters='[{"label": "Cost", "text": "What does it cost?"}, {"label": "`+long[:160]+`", "text": "x"}, {"label": "B"}, null, "C", {"label": "D", "text": "`+long+`"}, {"label": " ", "text": "x"}]'`)))
	tab.launch()
	tab.wait(starters + fmt.Sprintf(` == "Cost,%s"`, long[:160]))
	want := []string{`attribute starters "{"label":"B"}, null, C, {"label":"D","text":"` + strings.Repeat("é", 35) + `…"` + allowed}
	warned(t, console, slices.Clone(want)...)

	set := func(value string) {
		eval[any](tab, fmt.Sprintf(`document.querySelector("plura-chat").setAttribute("starters", %q)`, value))
	}
	set("1|2|3|4|5|6|7|8")
	tab.wait(starters + ` == "1,2,3,4,5,6"`)
	want = append(want, `attribute starters "7, 8"`+allowed)
	warned(t, console, slices.Clone(want)...)
	set("[1|2")
	tab.wait(starters + ` == ""`)
	want = append(want, `attribute starters "[1|2"`+allowed)
	warned(t, console, slices.Clone(want)...)

	set(`[{"label": "Cost", "text": "What does it cost?"}]`)
	tab.wait(starters + ` == "Cost"`)
	eval[any](tab, `document.querySelector("plura-chat").setAttribute("lang", "de")`)
	tab.wait(part("starters") + `.ariaLabel == "Vorgeschlagene Nachrichten"`)
	eval[any](tab, `document.querySelector("plura-chat").removeAttribute("starters")`)
	tab.wait(`!` + part("starters"))
	set(`[{"label": "Cost", "text": "What does it cost?"}]`)
	tab.click(starter("Cost"))
	tab.said("What does it cost?")
	warned(t, console, want...)
}

// TestFeatureStartersFit checks that the starters are on the visitor's side, are large enough for fingers, and leave
// most of a low screen to the log.
func TestFeatureStartersFit(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	many := strings.Repeat("|"+strings.Repeat("words ", 12), 6)
	for _, lang := range []string{"en", "ar"} {
		tab := s.phone(t, fullScreen+s.tag(`data-starters="Yes`+many[:len(many)-len(many)/6]+`" data-lang=`+lang), 390, 520)
		tab.launch()
		tab.wait(visible(part("starters")))
		gap := eval[[2]float64](tab, `((chip, panel) => [chip.left - panel.left, panel.right - chip.right])(`+starter("Yes")+`.getBoundingClientRect(), `+part("panel")+`.getBoundingClientRect())`)
		if lang == "ar" {
			gap[0], gap[1] = gap[1], gap[0]
		}
		if gap[1] > 20 || gap[0] < 200 {
			t.Errorf("%s: the first starter is %v px from the sides", lang, gap)
		}
		if height := eval[float64](tab, starter("Yes")+`.offsetHeight`); height < 44 {
			t.Errorf("a starter is %v px high", height)
		}
		if heights := eval[[2]float64](tab, `[`+part("log")+`.offsetHeight, `+part("starters")+`.offsetHeight]`); heights[0] < 140 || heights[1] < 56 {
			t.Errorf("the log and the starters are %v px high", heights)
		}
		if !eval[bool](tab, part("starters")+`.scrollHeight > `+part("starters")+`.clientHeight`) {
			t.Error("the starters do not scroll")
		}
	}
}

// TestFeatureStartersInFrame checks that the page gets the event of a starter in an iframe.
func TestFeatureStartersInFrame(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab, _ := framedPage(t, chromium, s, s.URL, `data-starters="Call me|Visit me"`)
	tab.wait(visible(part("launcher")))
	eval[any](tab, `document.suggestions = [], addEventListener("plura-chat:suggestion", ({ detail }) => document.suggestions.push(JSON.stringify(detail)))`)
	tab.click(part("launcher"))
	tab.clickInFrame("starters] button:last-child:not([x")
	tab.recalls(`all.some(m => m.from == "visitor" && m.text == "Visit me")`)
	if got := eval[string](tab, `document.suggestions + ""`); got != `{"text":"Visit me","kind":"starter"}` {
		t.Errorf("the events are %s", got)
	}
}

// inFrame is an expression for the shadow root of the widget in an iframe of the page's origin.
const inFrame = root + `?.querySelector("iframe[part~=panel]")?.contentDocument?.querySelector("plura-chat")?.shadowRoot`

// clickInFrame clicks the middle of the part in an iframe of the page's origin, once it is visible.
func (b *tab) clickInFrame(name string) {
	b.t.Helper()
	element := inFrame + `?.querySelector("[part~=` + name + `]")`
	b.wait(visible(element))
	at := eval[[2]float64](b, `((r, f) => [f.x + r.x + r.width / 2, f.y + r.y + r.height / 2])((`+element+`).getBoundingClientRect(), `+part("panel")+`.getBoundingClientRect())`)
	if err := b.Click(at[0], at[1]); err != nil {
		b.t.Fatalf("clicking on %s in the iframe: %v", name, err)
	}
}
