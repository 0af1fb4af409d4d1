package e2e

import (
	"slices"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/browser"
)

// composer is what the visitor sees of the text field.
type composer struct {
	Value      string `json:"value"`
	Start, End int
	Focus      bool
}

func (b *tab) composer() composer {
	b.t.Helper()
	return eval[composer](b, `(i => ({value: i.value, Start: i.selectionStart, End: i.selectionEnd, Focus: i.matches(":focus")}))(`+part("input")+`)`)
}

// The panel that opens at once is the one that Go takes over: what the visitor wrote and sent before that is
// where it was, and what they were writing goes on.
func TestHandOver(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	release := s.hold(dist.Engine().Name)
	tab := chromium.visitor(t).open(s.page("/", s.tag("")))
	tab.wait(visible(part("launcher")))
	tab.click(part("launcher"))
	tab.wait(focused("input"))
	eval[any](tab, `document.input = `+part("input")+`, document.panel = `+part("panel"))

	for _, text := range []string{"First", "Second"} {
		tab.say(text)
		tab.wait(messages + `.at(-1)?.text == "` + text + `"`)
	}
	early := []message{{"visitor", "sending", "First"}, {"visitor", "sending", "Second"}}
	tab.shows(early)
	tab.press("A draft of three words" + browser.Shift + browser.Left + browser.Shift + browser.Left)
	before := tab.composer()
	if want := (composer{"A draft of three words", 20, 22, true}); before != want {
		t.Fatalf("the composer is %+v, want %+v", before, want)
	}
	if n := s.flow.Dials(); n != 0 {
		t.Errorf("%d sockets were opened before Go was there", n)
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

	// Undo takes back what was typed before Go came.
	tab.press(browser.Control + "z")
	if undone := tab.composer().Value; undone == before.Value || len(undone) >= len(before.Value) {
		t.Errorf("after undo the composer holds %q", undone)
	}
}

// An input method that is composing when Go takes over goes on, and its Enter sends nothing.
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
