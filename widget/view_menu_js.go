package widget

import (
	"strconv"
	"syscall/js"
	"time"

	"plurachat/protocol"
	"plurachat/widget/chat"
)

// menuEntry is one entry of the menu.
type menuEntry struct {
	do      string // the entry's data-do
	word    string
	role    string
	always  bool // it is there before anything was said, too
	checked func(*chat.Screen) bool
	intent  chat.Intent
}

// menuEntries are the menu, in order.
var menuEntries = [...]menuEntry{
	{do: "download", word: "download", role: "menuitem", intent: chat.Intent{Kind: chat.WantDownload}},
	{do: "sound", word: "sound", role: "menuitemcheckbox", always: true,
		checked: func(s *chat.Screen) bool { return s.SoundOn }, intent: chat.Intent{Kind: chat.WantSound}},
	{do: "ask-new", word: "startNew", role: "menuitem", intent: chat.Intent{Kind: chat.WantAsk, Ask: chat.AskNew}},
	{do: "ask-end", word: "endDelete", role: "menuitem", intent: chat.Intent{Kind: chat.WantAsk, Ask: chat.AskEnd}},
}

// menuIntent returns what the entry with that data-do is for; false: there is none.
func menuIntent(do string) (chat.Intent, bool) {
	for i := range menuEntries {
		if menuEntries[i].do == do {
			return menuEntries[i].intent, true
		}
	}
	return chat.Intent{}, false
}

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
	for i := range menuEntries {
		item := createButton("", "", "", menuEntries[i].do)
		item.SetAttribute("role", menuEntries[i].role)
		item.SetAttribute("tabindex", "-1")
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

// nameMenu sets the words of the menu.
func (v *view) nameMenu() {
	v.more.SetAttribute("aria-label", v.words.Get("menu"))
	for i, item := range v.items {
		item.SetTextContent(v.words.Get(menuEntries[i].word))
	}
}

// showMenu opens or closes the menu, and moves the keyboard with it.
func (v *view) showMenu(s *chat.Screen, was *chat.Screen) {
	for i, item := range v.items {
		e := &menuEntries[i]
		setHidden(item, !s.Begun && !e.always)
		if e.checked != nil {
			item.SetAttribute("aria-checked", boolText(e.checked(s)))
		}
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
