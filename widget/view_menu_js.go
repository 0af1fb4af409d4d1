package widget

import (
	"strconv"
	"syscall/js"
	"time"

	"plurachat/protocol"
	"plurachat/widget/chat"
)

// addMenu adds the header's menu: the button, and the list that it opens.
func (v *view) addMenu() {
	v.more = createButton("", "menu-button", "", "menu")
	v.more.AppendChild(icon("M12 5h.01M12 12h.01M12 19h.01"))
	v.more.SetAttribute("aria-haspopup", "menu")
	v.more.SetAttribute("aria-expanded", "false")
	v.header.InsertBefore(v.more, v.closer)
	v.menu = create("div", "", "menu")
	v.menu.SetAttribute("role", "menu")
	setHidden(v.menu, true)
	for _, do := range [...]string{"download", "sound", "ask-new", "ask-end"} {
		item := createButton("", "", "", do)
		item.SetAttribute("role", "menuitem")
		item.SetAttribute("tabindex", "-1")
		if do == "sound" {
			item.SetAttribute("role", "menuitemcheckbox")
		}
		v.menu.AppendChild(item)
		v.items = append(v.items, item)
	}
	v.header.AppendChild(v.menu)
	v.scope.on(v.menu.Value, "keydown", v.menuKey)
	// A press anywhere else closes the menu.
	v.scope.on(v.host.v.Get("root"), "pointerdown", func(e js.Value) {
		target := e.Get("target")
		if v.now.Menu && !v.menu.Call("contains", target).Bool() && !v.more.Call("contains", target).Bool() {
			v.want(chat.Intent{Kind: chat.WantMenu})
		}
	})
}

func (v *view) nameMenu() {
	v.more.SetAttribute("aria-label", v.words.Get("menu"))
	for i, word := range [...]string{"download", "sound", "startNew", "endDelete"} {
		v.items[i].SetTextContent(v.words.Get(word))
	}
}

// showMenu opens or closes the menu, and moves the keyboard with it.
func (v *view) showMenu(s *chat.Screen, was *chat.Screen) {
	v.items[1].SetAttribute("aria-checked", boolText(s.SoundOn))
	for i, item := range v.items {
		setHidden(item, !s.Begun && i != 1)
	}
	if s.Menu == was.Menu {
		return
	}
	inside := v.menu.Call("contains", v.host.v.Get("root").Get("activeElement")).Bool()
	v.more.SetAttribute("aria-expanded", boolText(s.Menu))
	setHidden(v.menu, !s.Menu)
	switch {
	case s.Menu:
		v.focusItem(0, 1)
	case inside && s.Ask == chat.AskNothing:
		focus(v.more)
	}
}

// focusItem moves the keyboard to the first item from i on in a direction.
func (v *view) focusItem(i, step int) {
	for range v.items {
		i = (i + len(v.items)) % len(v.items)
		if !v.items[i].Get("hidden").Bool() {
			focus(v.items[i])
			return
		}
		i += step
	}
}

// menuKey is the keyboard inside the menu, as the ARIA practices have it.
func (v *view) menuKey(e js.Value) {
	at := 0
	for i, item := range v.items {
		if item.Equal(e.Get("target")) {
			at = i
		}
	}
	switch e.Get("key").String() {
	case "ArrowDown":
		v.focusItem(at+1, 1)
	case "ArrowUp":
		v.focusItem(at-1, -1)
	case "Home":
		v.focusItem(0, 1)
	case "End":
		v.focusItem(len(v.items)-1, -1)
	case "Escape":
		v.want(chat.Intent{Kind: chat.WantMenu})
	case "Tab":
		v.want(chat.Intent{Kind: chat.WantMenu})
		return // and the keyboard moves on
	default:
		return
	}
	e.Call("preventDefault")
	e.Call("stopPropagation")
}

// showAsk asks the visitor whether to do something that cannot be undone.
func (v *view) showAsk(ask chat.AskKind) {
	if v.question != nil {
		v.question.Remove()
		v.question = nil
	}
	text, yes := "startNewAsk", "startNew"
	switch ask {
	case chat.AskNothing:
		return
	case chat.AskEnd:
		text, yes = "endDeleteAsk", "endDelete"
	}
	v.question = create("div", "ask", "")
	box := create("div", "box", "")
	box.SetAttribute("role", "alertdialog")
	box.SetAttribute("aria-modal", "true")
	box.SetAttribute("aria-labelledby", "ask")
	p := createText("p", "", "", v.words.Get(text))
	p.SetAttribute("id", "ask")
	box.AppendChild(p)
	no := createButton("plain", "", v.words.Get("cancel"), "no")
	box.AppendChild(createButton("primary", "", v.words.Get(yes), "yes"))
	box.AppendChild(no)
	v.question.AppendChild(box)
	v.panel.AppendChild(v.question)
	focus(no)
}

// download saves a text as a file.
func (v *view) download(text string, now time.Time) {
	try(func() {
		blob := js.Global().Get("Blob").New(js.Global().Get("Array").Call("of", text), map[string]any{"type": "text/plain;charset=utf-8"})
		url := js.Global().Get("URL").Call("createObjectURL", blob)
		a := create("a", "", "", "target", "_blank", "rel", "noopener")
		a.SetAttribute("href", url.String())
		a.SetAttribute("download", "chat-"+string(protocol.AppendStamp(nil, now)[:10])+"-"+strconv.FormatInt(now.Unix()%86400, 10)+".txt")
		v.panel.AppendChild(a) // Firefox follows only links that are in the page
		a.Call("click")
		a.Remove()
		js.Global().Get("URL").Call("revokeObjectURL", url)
	})
}
