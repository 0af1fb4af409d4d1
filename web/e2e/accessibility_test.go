package e2e

import (
	"fmt"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/browser"
	"plurachat/web/e2e/suite"
)

// ask opens the menu and chooses an entry that asks a question.
func (b *tab) ask(entry string) {
	b.t.Helper()
	b.click(part("menu-button"))
	b.click(root + `.querySelector("[data-do=` + entry + `]")`)
	b.wait(visible(root + `.querySelector("[role=alertdialog]")`))
}

// TestDeletedIsNotReadable checks that nothing of a conversation is left in the page once the visitor has deleted it, and
// that the deletion is read out. What was read out is gone from the page after some seconds, too.
func TestDeletedIsNotReadable(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{})
		tab := e.visitor(t).open(s.page("/", s.tag("")))
		tab.launch()
		tab.say("My name is Ada")
		tab.heard("You said: My name is Ada")
		const announced = `[...` + root + `.querySelectorAll("[aria-live=polite]")].map(region => region.textContent).join("")`
		tab.wait(announced + `.includes("You said: My name is Ada")`)
		tab.wait(announced + ` == ""`)

		tab.say("And Lovelace")
		tab.heard("You said: And Lovelace")
		tab.ask("ask-end")
		tab.click(root + `.querySelector("[data-do=yes]")`)
		tab.wait(`!` + visible(part("panel")))
		tab.wait(announced + ` == "The conversation was deleted from this device."`)
		if text := eval[string](tab, root+`.textContent`); strings.Contains(text, "Ada") || strings.Contains(text, "Lovelace") {
			t.Errorf("the page still has %q", text)
		}
		tab.wait(focused("launcher"))
	})
}

// TestQuestionIsModal checks that Tab stays in a question, that nothing behind it can be used, and that Escape cancels it
// wherever the focus is.
func TestQuestionIsModal(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{})
		tab := e.visitor(t).open(s.page("/", s.tag("")+`<button id=outside>Outside</button>`))
		tab.launch()
		tab.say("Hello")
		tab.heard("You said: Hello")
		tab.ask("ask-end")
		const inside = root + `.activeElement?.closest("[role=alertdialog]") != null`
		tab.wait(inside)
		for _, key := range []string{browser.TabKey, browser.TabKey, browser.TabKey, browser.Shift + browser.TabKey, browser.Shift + browser.TabKey, browser.Shift + browser.TabKey} {
			tab.press(key)
			tab.wait(inside)
		}
		if usable := eval[[]string](tab, `[...`+root+`.querySelectorAll("button, textarea, a")].filter(node => node.getClientRects().length && !node.closest("[inert], [role=alertdialog]")).map(node => node.getAttribute("part") ?? node.textContent)`); len(usable) > 0 {
			t.Errorf("behind the question one can use %q", usable)
		}
		eval[any](tab, `document.querySelector("#outside").focus()`)
		tab.press(browser.Escape)
		tab.wait(`!` + visible(root+`.querySelector("[role=alertdialog]")`))
		tab.wait(visible(part("panel")))
		tab.wait(`!` + root + `.querySelector("[inert]")`)
		tab.shows([]message{{"agent", "", greeting}, {"visitor", "sent", "Hello"}, {"agent", "", "You said: Hello"}})
	})
}

// TestPhonePanelIsModal checks that the page behind a panel that covers the screen is inert, before and after Go runs,
// and only then; also if the chat is destroyed meanwhile. What the page has made inert itself stays so.
func TestPhonePanelIsModal(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{})
		page := s.page("/", `<main><p>Roofs</p><a href="#">More</a></main><div id=own inert>Gone</div>`+s.tag(""))
		release := s.hold(dist.Engine().Name)
		tab := e.visitor(t).open("about:blank")
		tab.size(390, 700)
		tab.open(page)
		const reachable = `(document.body.inert ? [] : ["the page"]).concat(` + root + `.querySelector("[part~=launcher]").inert ? [] : ["the launcher"]).join()`
		const covered = reachable + ` == ""`
		tab.opened()
		tab.wait(covered)
		release()
		tab.online()
		tab.wait(covered + ` && ` + part("panel") + `.getAttribute("aria-modal") == "true"`)
		if region := eval[bool](tab, part("panel")+`.querySelector("[aria-live=polite]") != null`); !region {
			t.Error("the announcer is outside of the modal panel")
		}
		tab.say("Hello")
		tab.heard("You said: Hello")
		tab.ask("ask-end")
		tab.press(browser.Escape)
		tab.wait(`!` + root + `.querySelector("[role=alertdialog]")`)
		tab.wait(covered)
		tab.click(part("close"))
		tab.wait(`!` + visible(part("panel")))
		tab.wait(`!document.body.inert && ` + reachable + ` == "the page,the launcher"`)
		if !eval[bool](tab, `document.querySelector("#own").inert`) {
			t.Error("what the page had made inert is not any more")
		}
		tab.click(part("launcher"))
		tab.wait(covered)
		eval[any](tab, `PluraChat.destroy()`)
		tab.wait(`!document.querySelector("plura-chat") && !document.body.inert`)
	})
}

// TestPhoneIframeIsModal checks the same for a chat in an iframe, whether the panel was opened before the iframe was
// there or after.
func TestPhoneIframeIsModal(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{})
		page := s.page("/", `<main><p>Roofs</p></main>`+s.tag("data-frame"))
		tab := e.visitor(t).open("about:blank")
		tab.size(390, 700)
		tab.open(page)
		const iframe = root + `.querySelector("iframe[part~=panel]")`
		tab.wait(visible(part("launcher")))
		tab.click(part("launcher"))
		tab.wait(`document.body.inert`)
		tab.wait(iframe + ` && document.body.inert && !` + iframe + `.inert && ` + part("launcher") + `.inert`)
		tab.online()
		for range 2 {
			eval[any](tab, `PluraChat.close()`)
			tab.wait(`!` + visible(iframe) + ` && !document.body.inert && !` + part("launcher") + `.inert`)
			eval[any](tab, `PluraChat.open()`)
			tab.wait(visible(iframe) + ` && document.body.inert && !` + iframe + `.inert`)
		}
		tab.size(1000, 700)
		tab.wait(`!document.body.inert`)
	})
}

// TestCodeThatScrolls checks that code is a stop of Tab, with a name, only if it scrolls, and that its button comes after
// it and says what it copies.
func TestCodeThatScrolls(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{})
		tab := e.visitor(t).open(s.page("/", s.tag("")))
		tab.launch()
		s.push(t, "```\nshort\n```\n\n```\n"+strings.Repeat("long ", 60)+"\n```")
		tab.heard("long long")
		const pre = `[...` + root + `.querySelectorAll("pre")]`
		tab.wait(pre + `[1].getAttribute("tabindex") == "0"`)
		got := eval[string](tab, pre+`.map(({ tabIndex, role, ariaLabel, nextSibling }) => [tabIndex, role, ariaLabel, nextSibling.getAttribute("aria-label")].join(" ")).join("; ")`)
		if want := "-1   Copy code; 0 group Code Copy code"; got != want {
			t.Errorf("the code blocks are %q, want %q", got, want)
		}
	})
}

// push makes the agent of the newest session say a text.
func (s *site) push(t *testing.T, text string) {
	t.Helper()
	sessions := s.flow.Sessions()
	if err := s.flow.Push(sessions[len(sessions)-1], protocoltest.Reply{Text: text}); err != nil {
		t.Fatal(err)
	}
}

// contrasts is a script with a function that returns the contrast of two colours, as WCAG defines it, after the browser
// has drawn them: the second one on white, and the first one on both.
const contrasts = `<script>document.contrast = (front, back) => {
	const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
	const lightness = (...colours) => {
		for (const colour of ["#fff", ...colours]) {
			canvas.fillStyle = colour;
			canvas.fillRect(0, 0, 1, 1);
		}
		const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
		return .2126 * r + .7152 * g + .0722 * b + .05;
	};
	const [a, b] = [lightness(back, front), lightness(back)];
	return Math.max(a, b) / Math.min(a, b);
};</script>`

// contrastsOfControls is an expression for the contrasts of what shows where the focus is, and of the composer. It is null
// in a window that is not the active one, whose controls have no focus rings.
var contrastsOfControls = `(() => {
	if (!document.hasFocus()) return null;
	const of = (name, ...property) => getComputedStyle(` + root + `.querySelector("[part~=" + name + "]"), ...property);
	const ring = name => {
		` + root + `.querySelector("[part~=" + name + "]").focus({ focusVisible: true });
		return of(name).outlineColor;
	};
	const surface = of("panel").backgroundColor, header = of("header").backgroundColor;
	const at = {};
	for (const name of ["close", "menu-button"]) {
		at["the ring of " + name] = document.contrast(ring(name), header);
	}
	at["the text of the header / 1.5"] = document.contrast(of("header").color, header) / 1.5;
	at["the ring of the composer"] = document.contrast(ring("input"), surface);
	at["the ring of send"] = document.contrast(ring("send"), surface);
	at["the placeholder / 1.5"] = document.contrast(of("input", "::placeholder").color, surface) / 1.5;
	` + root + `.querySelector("[part~=close]").focus();
	at["the border of the composer"] = document.contrast(of("input").outlineColor, surface);
	return at;
})()`

// TestContrastOfControls checks that focus rings, the composer's border and its placeholder have enough contrast, with
// accents and themes of all kinds: 3 : 1 for what is not text, 4.5 : 1 for text.
func TestContrastOfControls(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{})
		s.page("/", contrasts+s.tag(""))
		v := e.visitor(t)
		enter := func() *tab {
			tab := v.open(s.URL + "/")
			tab.launch()
			return tab
		}
		tab := enter()
		for _, theme := range []string{"light", "dark"} {
			for _, accent := range []string{"#4338ca", "#fff", "#000", "#ffd400", "#e11d48", "#0a0", "#888", "rgb(67 56 202 / 30%)", "#ffffff10", "transparent", "teal"} {
				var measured map[string]float64
				if !suite.Poll(patience, func() bool {
					eval[any](tab, fmt.Sprintf(`(e => { e.setAttribute("theme", %q); e.setAttribute("color", %q); })(document.querySelector("plura-chat"))`, theme, accent))
					if measured = active[map[string]float64](tab, contrastsOfControls); measured == nil {
						tab = enter() // only the newest window of WebKit is the active one
					}
					return measured != nil
				}) {
					t.Fatal("the window is never the active one")
				}
				for what, contrast := range measured {
					if contrast < 3 {
						t.Errorf("%s with the accent %s: %s has the contrast %.2f", theme, accent, what, contrast)
					}
				}
			}
		}
	})
}

// TestLongNames checks that a long name has two lines in the header and above its messages, and is not wider than them.
func TestLongNames(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		name := "Dr. Maximiliane Konstantinopolskaja-Featherstonehaugh of Ridgeline Roofing, Customer Care, Northern District and the Islands beyond"
		s := newSite(t, protocoltest.Options{Flow: protocoltest.Flow{Owner: name}})
		tab := e.visitor(t).open(s.page("/", s.tag("")))
		tab.launch()
		tab.heard("How can I help")
		const lines = `(node => Math.round(node.clientHeight / parseFloat(getComputedStyle(node).lineHeight)))`
		tab.wait(part("heading") + `.textContent.includes("Maximiliane")`)
		got := eval[[]int](tab, `[`+part("heading")+`, `+root+`.querySelector(".name > span")].map(`+lines+`)`)
		if got[0] != 2 || got[1] > 2 || got[1] < 1 {
			t.Errorf("the name has %d lines in the header, and %d above the message", got[0], got[1])
		}
		if eval[bool](tab, part("panel")+`.scrollWidth > `+part("panel")+`.clientWidth`) {
			t.Error("the panel scrolls sideways")
		}
	})
}

// TestMenuOnALowScreen checks that every entry of the menu can be reached on a phone in landscape with its keyboard
// open, where the menu is higher than the panel.
func TestMenuOnALowScreen(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{})
		page := s.page("/", s.tag(""))
		tab := e.visitor(t).open("about:blank")
		tab.size(844, 300)
		tab.open(page)
		tab.launch()
		tab.say("Hello")
		tab.heard("You said: Hello")
		tab.size(844, 200)
		tab.click(part("menu-button"))
		tab.wait(visible(part("menu")))
		tab.press(browser.End)
		tab.wait(root + `.activeElement?.dataset.do == "ask-end"`)
		tab.wait(`(({ top, bottom }) => top >= 0 && bottom <= innerHeight)(` + root + `.activeElement.getBoundingClientRect())`)
	})
}
