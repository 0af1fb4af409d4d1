package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/browser"
	"plurachat/web/e2e/suite"
)

// composer is the state of the text field.
type composer struct {
	Value      string `json:"value"`
	Start, End int
	Focus      bool
}

func (b *tab) composer() composer {
	b.t.Helper()
	return eval[composer](b, `(i => ({value: i.value, Start: i.selectionStart, End: i.selectionEnd, Focus: i.getRootNode().activeElement == i}))(`+part("input")+`)`)
}

// TestHandOver checks that Go takes over the nodes of the facade: messages that were sent before stay in their places,
// and the draft keeps its text, selection and focus.
func TestHandOver(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	release := s.hold(dist.Engine().Name)
	tab := chromium.visitor(t).open(s.page("/", s.tag("")))
	tab.wait(visible(part("launcher")))
	tab.click(part("launcher"))
	tab.wait(focused("input"))
	tab.wait(greeted)
	eval[any](tab, `document.input = `+part("input")+`, document.panel = `+part("panel"))

	for _, text := range []string{"First", "Second"} {
		tab.say(text)
		tab.wait(messages + `.at(-1)?.text == "` + text + `"`)
	}
	early := []message{{"agent", "", greeting}, {"visitor", "sending", "First"}, {"visitor", "sending", "Second"}}
	tab.shows(early)
	tab.press("A draft of three words" + browser.Shift + browser.Left + browser.Shift + browser.Left)
	before := tab.composer()
	if want := (composer{"A draft of three words", 20, 22, true}); before != want {
		t.Fatalf("the composer is %+v, want %+v", before, want)
	}
	if size := eval[string](tab, `getComputedStyle(`+part("input")+`).fontSize`); size != "16px" {
		t.Errorf("the composer's text is %s, and a phone zooms in below 16px", size)
	}

	release()
	tab.online()
	tab.said("First")
	tab.said("Second")
	if !eval[bool](tab, `document.input == `+part("input")+` && document.panel == `+part("panel")) {
		t.Error("Go has made nodes of its own")
	}
	if after := tab.composer(); after != before {
		t.Errorf("the composer is %+v, it was %+v", after, before)
	}
	if n := eval[int](tab, root+`.querySelectorAll(".provisional").length`); n != 0 {
		t.Errorf("%d rows of the facade are still there", n)
	}
	if got := s.flow.Messages(""); !slices.Equal(got, []string{"First", "Second"}) {
		t.Errorf("the server got %q", got)
	}
	var visitors []message
	for _, m := range tab.transcript() {
		if m.From == "visitor" {
			visitors = append(visitors, m)
		}
	}
	if want := []message{{"visitor", "sent", "First"}, {"visitor", "sent", "Second"}}; !slices.Equal(visitors, want) {
		t.Errorf("the visitor's messages are\n%swant\n%s", lines(visitors), lines(want))
	}

	// Undo works for text that was typed before the handover.
	tab.press(browser.Control + "z")
	if undone := tab.composer().Value; undone == before.Value || len(undone) >= len(before.Value) {
		t.Errorf("after undo the composer holds %q", undone)
	}
}

// TestSendBeforeGo checks that a text that the page sends before Go runs is drawn only if Go accepts it: one that is not
// empty, and has at most 4,000 characters.
func TestSendBeforeGo(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	release := s.hold(dist.Engine().Name)
	tab := chromium.visitor(t).open(s.page("/", s.tag("")))
	tab.wait(visible(part("launcher")))
	eval[any](tab, `void (document.reasons = [],
		document.send = text => { PluraChat.send(text).catch(({message}) => document.reasons.push(message)); })`)
	eval[any](tab, `document.send("")`) // which is queued before the panel can draw it
	tab.opened()
	eval[any](tab, `[" ", "x".repeat(4001), " " + "\u{1f600}".repeat(4000)].forEach(text => document.send(text))`)
	const drawn = `[...` + root + `.querySelectorAll(".provisional [part~=bubble]")].map(bubble => [...bubble.textContent].length).join()`
	if lengths := eval[string](tab, drawn); lengths != "4000" {
		t.Errorf("rows of so many characters were drawn: %s", lengths)
	}

	release()
	tab.recalls(`all.some(m => m.from == "visitor" && [...m.text].length == 4000)`)
	tab.wait(drawn + ` == ""`) // no row of the facade is left
	want := []string{"the message is empty", "the message is empty", "the message is too long"}
	if got := eval[[]string](tab, `document.reasons`); !slices.Equal(got, want) {
		t.Errorf("the texts were rejected for %q, want %q", got, want)
	}
}

// TestInlineFocusBeforeGo checks that an inline chat connects if the visitor has focused it before Go runs.
func TestInlineFocusBeforeGo(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	release := s.hold(dist.Engine().Name)
	tab := chromium.visitor(t).open(s.page("/", "<body>"+s.tag(`data-mode="inline"`)+longPage))
	tab.wait(part("input"))
	tab.click(part("input"))
	tab.wait(focused("input"))
	release()
	tab.heard("Hi!")
}

// TestHandOverWhileComposing checks that a composition by an input method continues during the handover, and that the
// end of the composition sends nothing.
func TestHandOverWhileComposing(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	release := s.hold(dist.Engine().Name)
	tab := chromium.visitor(t).open(s.page("/", s.tag("")))
	tab.wait(visible(part("launcher")))
	tab.click(part("launcher"))
	tab.wait(focused("input"))
	compose := func(text string) {
		t.Helper()
		n := int64(len([]rune(text)))
		if _, err := chromedp.Call(tab.chromedp(), input.ImeSetComposition, input.ImeSetCompositionParams{Text: text, SelectionStart: n, SelectionEnd: n}); err != nil {
			t.Fatal(err)
		}
	}
	eval[any](tab, `document.ended = 0, `+part("input")+`.addEventListener("compositionend", () => document.ended++)`)
	compose("にほ")
	release()
	tab.online()
	compose("にほん")
	if got := tab.composer().Value; got != "にほん" {
		t.Errorf("the composition is %q", got)
	}
	if ended := eval[int](tab, `document.ended`); ended != 0 {
		t.Errorf("the composition was ended %d times", ended)
	}
	if _, err := chromedp.Call(tab.chromedp(), input.InsertText, input.InsertTextParams{Text: "日本"}); err != nil {
		t.Fatal(err)
	}
	if got := tab.composer().Value; got != "日本" {
		t.Errorf("the composer holds %q", got)
	}
	if got := s.flow.Messages(""); len(got) != 0 {
		t.Errorf("the server got %q", got)
	}
	tab.press(browser.Enter)
	tab.said("日本")
}

// TestSentBeforeStart checks that a message that is sent before start.js has loaded leaves the composer and is shown as
// being sent, and that text that is typed afterwards stays in the composer.
func TestSentBeforeStart(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	release := s.hold(startModule(t))
	tab := chromium.visitor(t).open(s.page("/", s.tag("")))
	tab.wait(visible(part("launcher")))
	tab.click(part("launcher"))
	tab.wait(focused("input"))
	tab.press("   " + browser.Enter) // nothing to send
	tab.say("First")
	tab.press("Second")
	tab.click(part("send"))
	tab.wait(`/^\s*First\s*Second\s*$/.test(` + part("log") + `.innerText)`)
	tab.click(part("input"))
	tab.press("A draft")
	release()
	tab.online()
	tab.said("First")
	tab.said("Second")
	tab.heard("You said: Second")
	if got := s.flow.Messages(""); !slices.Equal(got, []string{"First", "Second"}) {
		t.Errorf("the flow heard %q", got)
	}
	if got := tab.composer(); got.Value != "A draft" || !got.Focus {
		t.Errorf("the composer is %+v", got)
	}

	// A text that is too long for a message stays in the composer. This needs another visitor, because the first one's
	// browser has cached start.js, so that the site cannot hold it back.
	long := strings.Repeat("long ", 801)
	release = s.hold(startModule(t))
	tab = chromium.visitor(t).open(s.URL + "/")
	tab.wait(visible(part("launcher")))
	tab.click(part("launcher"))
	tab.wait(focused("input"))
	eval[any](tab, `(`+part("input")+`).value = "`+long+`"`)
	tab.press(browser.Enter)
	release()
	tab.online()
	if got := tab.composer(); got.Value != long {
		t.Errorf("%d characters are left of %d", len(got.Value), len(long))
	}
}

// TestOpenIsAProperty checks that open works both as a property and as a method. React, Preact and Vue set a property
// if the element has one of that name.
func TestOpenIsAProperty(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab := chromium.visitor(t).open(s.page("/", s.tag("")))
	tab.wait(visible(part("launcher")))
	for _, stage := range []string{"the facade", "Go"} {
		for _, set := range []struct {
			value string
			open  bool
		}{{`true`, true}, {`false`, false}, {`""`, true}, {`null`, false}, {`"open"`, true}, {`undefined`, false}} {
			eval[any](tab, `document.querySelector("plura-chat").open = `+set.value)
			if !suite.Poll(patience, func() bool {
				return eval[bool](tab, visible(part("panel"))) == set.open && eval[bool](tab, `document.querySelector("plura-chat").hasAttribute("open")`) == set.open
			}) {
				t.Errorf("%s, open = %s: the panel is not open == %v", stage, set.value, set.open)
			}
		}
		eval[any](tab, `document.querySelector("plura-chat").open()`)
		tab.online()
		tab.wait(visible(part("panel")))
		eval[any](tab, `document.querySelector("plura-chat").close()`)
		tab.wait(`!` + visible(part("panel")))
	}
}

// TestWebAssemblyGone checks that a new attempt to load the WebAssembly bypasses the browser's cache, so that it
// succeeds after a host has answered 404 and allowed the browser to cache that answer. Until then the greeting stays,
// and what the visitor wrote is shown as not sent.
func TestWebAssemblyGone(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{})
		program := dist.Engine()
		s.gone(program.Name, true)
		s.allow(program.Name) // in the error for the site owner
		tab := e.visitor(t).open(s.page("/", s.tag("")))
		tab.wait(visible(part("launcher")))
		tab.click(part("launcher"))
		tab.wait(greeted)
		tab.say("Before")
		tab.wait(visible(part("retry")))
		tab.shows([]message{{"agent", "", greeting}, {"visitor", "failed", "Before"}})
		if role := eval[string](tab, part("notice")+`.getAttribute("role")`); role != "alert" {
			t.Errorf("the notice's role is %q", role)
		}
		tab.press("A draft")

		s.gone(program.Name, false)
		tab.click(part("retry"))
		tab.online()
		tab.said("Before")
		tab.heard("You said: Before")
		if got := s.flow.Messages(""); !slices.Equal(got, []string{"Before"}) {
			t.Errorf("the server got %q", got)
		}
		if got := tab.composer().Value; got != "A draft" {
			t.Errorf("the draft is %q", got)
		}
	})
}
