package widget

import (
	"strconv"
	"syscall/js"

	"plurachat/widget/chat"
)

// listen adds the listeners that queue an intent for what the visitor or the browser does.
func (v *view) listen() {
	ls := v.listeners
	if v.hasLauncher {
		ls.on(v.launcher.Value, "click", func(js.Value) { v.enqueueIntent(chat.Intent{Kind: chat.WantToggle}) })
	} else {
		// An inline panel is always open, so the first focus in it counts as opening it. The visitor may have focused it
		// before Go ran.
		connect := func(js.Value) { v.enqueueIntent(chat.Intent{Kind: chat.WantConnect}) }
		ls.on(v.panel.Value, "focusin", connect)
		if v.panel.Call("contains", v.host.v.Get("root").Get("activeElement")).Bool() {
			connect(js.Null())
		}
	}
	ls.on(v.closeButton.Value, "click", func(js.Value) { v.enqueueIntent(chat.Intent{Kind: chat.WantClose}) })
	ls.on(v.panel.Value, "keydown", v.panelKey)
	ls.on(v.panel.Value, "click", v.click)

	// When the picture of a face fails to load, it is removed, and the initials behind it are visible. A picture in a
	// message stays, with its description.
	ls.onCapture(v.panel.Value, "error", func(e js.Value) {
		if target := e.Get("target"); target.Call("matches", "img:not(.picture *)").Bool() {
			target.Call("remove")
		}
	})

	ls.on(v.input.Value, "input", func(js.Value) {
		v.fitInput()
		v.enqueueIntent(chat.Intent{Kind: chat.WantEdit, Text: v.inputText()})
	})
	ls.on(v.input.Value, "blur", func(js.Value) { v.enqueueIntent(chat.Intent{Kind: chat.LeftComposer}) })
	// A press on the button must not move the focus, because a phone's keyboard would close.
	ls.on(v.send.Value, "pointerdown", func(e js.Value) { e.Call("preventDefault") })
	ls.on(v.send.Value, "mousedown", func(e js.Value) { e.Call("preventDefault") })
	ls.on(v.send.Value, "click", func(js.Value) { v.enqueueIntent(chat.Intent{Kind: chat.WantSend, Text: v.inputText()}) })

	ls.on(v.log.element.Value, "scroll", func(js.Value) {
		v.log.endInView = v.log.atEnd()
		v.enqueueIntent(chat.Intent{Kind: chat.Scrolled, On: v.log.endInView})
	})
	v.listenToSize()

	ls.on(document, "keydown", v.pageKey)
	window := js.Global().Get("window")
	ls.on(document, "visibilitychange", func(js.Value) {
		v.enqueueIntent(chat.Intent{Kind: chat.TabShown, On: tabVisible()})
	})
	ls.on(window, "online", func(js.Value) { v.enqueueIntent(chat.Intent{Kind: chat.NetworkIsUp, On: true}) })
	ls.on(window, "offline", func(js.Value) { v.enqueueIntent(chat.Intent{Kind: chat.NetworkIsUp}) })
	ls.on(window, "pagehide", func(js.Value) { v.enqueueIntent(chat.Intent{Kind: chat.PageHidden}) })
	ls.on(window, "pageshow", func(e js.Value) {
		if e.Get("persisted").Truthy() {
			v.enqueueIntent(chat.Intent{Kind: chat.PageBack, On: true})
		}
	})
	ls.on(document, "freeze", func(js.Value) { v.enqueueIntent(chat.Intent{Kind: chat.PageHidden}) })
	ls.on(document, "resume", func(js.Value) { v.enqueueIntent(chat.Intent{Kind: chat.PageBack}) })
}

func tabVisible() bool { return document.Get("visibilityState").String() != "hidden" }

// inputText returns the text in the composer.
func (v *view) inputText() string { return v.input.Get("value").String() }

// setInput replaces the text in the composer.
func (v *view) setInput(text string) {
	if v.inputText() != text {
		v.input.Set("value", text)
	}
	v.fitInput()
}

// fitInput makes the composer as high as its text. The style sheet limits it to six lines. In a closed panel it does
// nothing, because elements have no height there.
func (v *view) fitInput() {
	if !v.screen.Open {
		return
	}
	end := v.log.atEnd()
	style := v.input.Get("style")
	style.Set("height", "auto")
	border := v.input.Get("offsetHeight").Int() - v.input.Get("clientHeight").Int()
	style.Set("height", strconv.Itoa(v.input.Get("scrollHeight").Int()+border)+"px")
	v.keepEnd(end)
}

// panelKey handles a key press in the panel.
func (v *view) panelKey(e js.Value) {
	// Browsers that fill in a form, and scripts, may dispatch a plain Event without these properties.
	key, ok := stringOf(e.Get("key"))
	if !ok || e.Get("defaultPrevented").Bool() {
		return
	}
	// While an input method is composing, Enter and Escape are its own. Safari marks them only by the key code 229.
	if code := e.Get("keyCode"); e.Get("isComposing").Truthy() || code.Type() == js.TypeNumber && code.Int() == 229 {
		return
	}
	if code, _ := stringOf(e.Get("code")); code == "Tab" {
		key = code // WebKit on Linux has no key for Shift+Tab
	}
	switch key {
	case "Escape":
		if v.question != nil {
			e.Call("stopPropagation")
			e.Call("preventDefault") // else the browser closes the panel too, as for the back gesture
			v.enqueueIntent(chat.Intent{Kind: chat.WantAnswer})
		} else if v.hasLauncher {
			e.Call("stopPropagation") // so that it does not also close a dialog of the page
			v.enqueueIntent(chat.Intent{Kind: chat.WantClose})
		}
	case "Enter":
		if e.Get("target").Equal(v.input.Value) && !e.Get("shiftKey").Truthy() && !e.Get("altKey").Truthy() {
			e.Call("preventDefault")
			v.enqueueIntent(chat.Intent{Kind: chat.WantSend, Text: v.inputText()})
		}
	case "Tab":
		v.trapFocus(e)
	}
}

// pageKey handles a key press outside of the panel. Escape answers a question wherever the focus is.
func (v *view) pageKey(e js.Value) {
	if v.question == nil || !e.Get("key").Equal(js.ValueOf("Escape")) || e.Get("defaultPrevented").Bool() {
		return
	}
	e.Call("preventDefault") // so that it does not also close a dialog of the page
	v.enqueueIntent(chat.Intent{Kind: chat.WantAnswer})
}

// trapFocus keeps Tab inside a question, and inside a panel that covers the whole screen.
func (v *view) trapFocus(e js.Value) {
	within := v.panel
	if v.question != nil {
		within = v.question
	} else if !v.fullScreen {
		return
	}
	var stops []js.Value
	at := -1
	has := v.host.v.Get("root").Get("activeElement")
	all := within.Call("querySelectorAll", "button,textarea,a[href],[tabindex='0'],input")
	for i := range all.Length() {
		if e := all.Index(i); e.Call("getClientRects").Length() > 0 { // hidden elements have none
			if e.Equal(has) {
				at = len(stops)
			}
			stops = append(stops, e)
		}
	}
	n := len(stops)
	if n == 0 {
		return
	}
	to := at + 1
	if e.Get("shiftKey").Truthy() {
		to = max(at, 0) - 1
	}
	// In a panel the browser moves the focus, except at both ends. In a question it does not, because WebKit leaves the
	// widget when everything else is inert.
	if to = (to + n) % n; v.question != nil || at == n-1 && to == 0 || at == 0 && to == n-1 {
		e.Call("preventDefault")
		stops[to].Call("focus")
	}
}
