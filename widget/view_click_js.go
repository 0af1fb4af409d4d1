package widget

import (
	"strings"
	"syscall/js"

	"plurachat/widget/chat"
)

// click handles a click on a link of a message, on a button that has a data-do, or on an item of the menu that a module
// of the page has added. They share one listener, because most of them are added and removed with the element beside
// them.
func (v *view) click(e js.Value) {
	if link := e.Get("target").Call("closest", "[part=bubble] a"); link.Truthy() {
		// With one of these keys, the visitor wants another tab or a file, and not what the page makes of the link.
		other := e.Get("ctrlKey").Truthy() || e.Get("metaKey").Truthy() ||
			e.Get("shiftKey").Truthy() || e.Get("altKey").Truthy()
		if !other && !v.host.emitLink(link.Get("href").String()) {
			e.Call("preventDefault")
		}
		return
	}
	button := e.Get("target").Call("closest", "[data-do],[role^=menuitem]")
	if !button.Truthy() {
		return
	}
	switch do := button.Get("dataset").Get("do").String(); do {
	case "retry":
		v.enqueueOfRow(chat.WantRetry, button)
	case "remove":
		v.enqueueOfRow(chat.WantRemove, button)
	case "whole":
		v.enqueueOfRow(chat.WantExpand, button)
	case "new":
		v.enqueueIntent(chat.Intent{Kind: chat.WantNew})
	case "reply":
		v.enqueueIntent(chat.Intent{Kind: chat.WantReply, Text: button.Get("textContent").String()})
	case "menu":
		v.enqueueIntent(chat.Intent{Kind: chat.WantMenu, On: !v.screen.Menu})
	case "yes", "no":
		v.enqueueIntent(chat.Intent{Kind: chat.WantAnswer, On: do == "yes"})
	case "jump":
		v.enqueueIntent(chat.Intent{Kind: chat.WantJump})
	case "notice":
		v.enqueueIntent(chat.Intent{Kind: v.screen.Notice.Intent})
	case "copy":
		v.copyCode(button)
	default:
		intent, ok := menuIntent(do)
		if !ok {
			intent.Kind = chat.WantMenu // an added item closes the menu
		}
		v.enqueueIntent(intent)
	}
}

// enqueueOfRow queues an intent for the row of a button.
func (v *view) enqueueOfRow(kind chat.IntentKind, button js.Value) {
	v.enqueueIntent(chat.Intent{Kind: kind, Key: button.Get("dataset").Get("key").String()})
}

// copyCode copies a code block to the clipboard. The browser or the page's policy may refuse it, at once or later.
func (v *view) copyCode(button js.Value) {
	// These functions do not belong to the listeners: the browser may call them after the widget has ended.
	text := strings.TrimRight(button.Get("parentNode").Get("textContent").String(), "\n")
	var copied, refused js.Func
	done := func(ok bool) any {
		copied.Release()
		refused.Release()
		if button.Get("isConnected").Bool() { // else the chat was removed
			v.showCopied(button, ok)
		}
		return nil
	}
	copied = js.FuncOf(func(js.Value, []js.Value) any { return done(true) })
	refused = js.FuncOf(func(js.Value, []js.Value) any { return done(false) })
	clipboard := js.Global().Get("navigator").Get("clipboard") // undefined in an insecure page
	if !clipboard.Truthy() || !try(func() { clipboard.Call("writeText", text).Call("then", copied, refused) }) {
		done(false)
	}
}

// showCopied shows whether the text was copied: by a mark at the button, its title, and the announcer.
func (v *view) showCopied(button js.Value, ok bool) {
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
