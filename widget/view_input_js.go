package widget

import (
	"strconv"
	"strings"
	"syscall/js"

	"plurachat/widget/chat"
)

// listen turns what the browser reports into intents.
func (v *view) listen() {
	s := v.scope
	if v.bubble {
		s.on(v.launcher.Value, "click", func(js.Value) { v.want(chat.Intent{Kind: chat.WantToggle}) })
	} else {
		// An inline panel is always there: the visitor's first touch is what counts as opening.
		s.on(v.panel.Value, "focusin", func(js.Value) { v.want(chat.Intent{Kind: chat.WantConnect}) })
	}
	s.on(v.closer.Value, "click", func(js.Value) { v.want(chat.Intent{Kind: chat.WantClose}) })
	s.on(v.panel.Value, "keydown", v.key)
	s.on(v.panel.Value, "click", v.click)

	// A picture that does not load leaves the initials behind it.
	s.onCapture(v.panel.Value, "error", func(e js.Value) {
		if target := e.Get("target"); target.Get("localName").String() == "img" {
			target.Call("remove")
		}
	})

	s.on(v.input.Value, "input", func(js.Value) {
		v.fit()
		v.want(chat.Intent{Kind: chat.WantEdit, Text: v.text()})
	})
	s.on(v.input.Value, "blur", func(js.Value) { v.want(chat.Intent{Kind: chat.LeftComposer}) })
	// Pressing the button must not take the focus, or a phone's keyboard goes away.
	s.on(v.send.Value, "pointerdown", func(e js.Value) { e.Call("preventDefault") })
	s.on(v.send.Value, "mousedown", func(e js.Value) { e.Call("preventDefault") })
	s.on(v.send.Value, "click", func(js.Value) { v.want(chat.Intent{Kind: chat.WantSend, Text: v.text()}) })

	s.on(v.log.e.Value, "scroll", func(js.Value) {
		v.log.ending = v.log.atEnd()
		v.want(chat.Intent{Kind: chat.Scrolled, On: v.log.ending})
	})
	v.observe()

	window := js.Global().Get("window")
	s.on(document, "visibilitychange", func(js.Value) { v.want(chat.Intent{Kind: chat.TabShown, On: tabVisible()}) })
	s.on(window, "online", func(js.Value) { v.want(chat.Intent{Kind: chat.NetworkIsUp, On: true}) })
	s.on(window, "offline", func(js.Value) { v.want(chat.Intent{Kind: chat.NetworkIsUp}) })
	s.on(window, "pagehide", func(js.Value) { v.want(chat.Intent{Kind: chat.PageHidden}) })
	s.on(window, "pageshow", func(e js.Value) {
		if e.Get("persisted").Truthy() {
			v.want(chat.Intent{Kind: chat.PageBack})
		}
	})
	s.on(document, "freeze", func(js.Value) { v.want(chat.Intent{Kind: chat.PageHidden}) })
	s.on(document, "resume", func(js.Value) { v.want(chat.Intent{Kind: chat.PageBack}) })
}

func tabVisible() bool { return document.Get("visibilityState").String() != "hidden" }

// text is what stands in the composer.
func (v *view) text() string { return v.input.Get("value").String() }

// setInput replaces what stands in the composer.
func (v *view) setInput(text string) {
	if v.text() != text {
		v.input.Set("value", text)
	}
	v.fit()
}

// fit makes the composer as high as its text; the style sheet limits it to six
// lines. In a closed panel nothing has a height.
func (v *view) fit() {
	if !v.now.Open {
		return
	}
	end := v.log.atEnd()
	style := v.input.Get("style")
	style.Set("height", "auto")
	border := v.input.Get("offsetHeight").Int() - v.input.Get("clientHeight").Int()
	style.Set("height", strconv.Itoa(v.input.Get("scrollHeight").Int()+border)+"px")
	v.keepEnd(end)
}

// key takes a key press in the panel.
func (v *view) key(e js.Value) {
	// When a browser fills in a form, and when a script plays keyboard, it may be a plain Event, without all of this.
	key, ok := stringOf(e.Get("key"))
	if !ok || e.Get("defaultPrevented").Bool() {
		return
	}
	// The Enter and Escape of an input method belong to it; 229 is how Safari says so.
	if code := e.Get("keyCode"); e.Get("isComposing").Truthy() || code.Type() == js.TypeNumber && code.Int() == 229 {
		return
	}
	switch key {
	case "Escape":
		if v.now.Ask != chat.AskNothing {
			e.Call("stopPropagation")
			v.want(chat.Intent{Kind: chat.WantAnswer})
		} else if v.bubble {
			e.Call("stopPropagation") // a dialog of the page behind is not meant
			v.want(chat.Intent{Kind: chat.WantClose})
		}
	case "Enter":
		if e.Get("target").Equal(v.input.Value) && !e.Get("shiftKey").Truthy() && !e.Get("altKey").Truthy() {
			e.Call("preventDefault")
			v.want(chat.Intent{Kind: chat.WantSend, Text: v.text()})
		}
	case "Tab":
		v.trap(e)
	}
}

// trap keeps the keyboard in a panel that is the whole screen.
func (v *view) trap(e js.Value) {
	if !v.phone {
		return
	}
	all := v.panel.Call("querySelectorAll", "button,textarea,a[href],[tabindex='0'],input")
	var first, last js.Value
	for i := range all.Length() {
		if e := all.Index(i); e.Call("getClientRects").Length() > 0 { // what is hidden, or in something hidden, has none
			if first.IsUndefined() {
				first = e
			}
			last = e
		}
	}
	if first.IsUndefined() {
		return
	}
	has := v.host.v.Get("root").Get("activeElement")
	if e.Get("shiftKey").Truthy() {
		first, last = last, first
	}
	if has.Equal(last) {
		e.Call("preventDefault")
		first.Call("focus")
	}
}

// click takes a click on one of the buttons that are made and taken away with
// what they stand beside.
func (v *view) click(e js.Value) {
	button := e.Get("target").Call("closest", "[data-do]")
	if !button.Truthy() {
		return
	}
	switch do := button.Call("getAttribute", "data-do").String(); do {
	case "retry", "remove":
		kind := chat.WantRetry
		if do == "remove" {
			kind = chat.WantRemove
		}
		v.want(chat.Intent{Kind: kind, Key: button.Call("getAttribute", "data-key").String()})
	case "whole":
		v.want(chat.Intent{Kind: chat.WantExpand, Key: button.Call("getAttribute", "data-key").String()})
	case "new":
		v.want(chat.Intent{Kind: chat.WantNew})
	case "menu":
		v.want(chat.Intent{Kind: chat.WantMenu, On: !v.now.Menu})
	case "yes", "no":
		v.want(chat.Intent{Kind: chat.WantAnswer, On: do == "yes"})
	case "jump":
		v.want(chat.Intent{Kind: chat.WantJump})
	case "notice":
		v.want(chat.Intent{Kind: v.now.Notice.Intent})
	case "copy":
		v.copy(button)
	default:
		if intent, ok := menuIntent(do); ok {
			v.want(intent)
		}
	}
}

// copy asks the browser to put a code block into the clipboard. The browser or the page's policy may refuse that, at
// once or later.
func (v *view) copy(button js.Value) {
	// These functions are not the scope's: the browser may call them after the widget has ended.
	text := strings.TrimRight(button.Get("parentNode").Get("textContent").String(), "\n")
	var copied, refused js.Func
	done := func(ok bool) any {
		copied.Release()
		refused.Release()
		if button.Get("isConnected").Bool() { // else the chat is gone
			v.copyDone(button, ok)
		}
		return nil
	}
	copied = js.FuncOf(func(js.Value, []js.Value) any { return done(true) })
	refused = js.FuncOf(func(js.Value, []js.Value) any { return done(false) })
	clipboard := js.Global().Get("navigator").Get("clipboard") // a page that is not secure has none
	if !clipboard.Truthy() || !try(func() { clipboard.Call("writeText", text).Call("then", copied, refused) }) {
		done(false)
	}
}

// copyDone tells the visitor what became of it, where there is no room for words
// by a mark at the button.
func (v *view) copyDone(button js.Value, ok bool) {
	class, word := "done", "copied"
	if !ok {
		class, word = "refused", "notCopied"
	}
	classes := button.Get("classList")
	classes.Call("remove", "done", "refused")
	classes.Call("add", class)
	button.Set("title", v.words.Get(word))
	v.announce(v.words.Get(word))
}
