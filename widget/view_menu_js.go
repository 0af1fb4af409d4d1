package widget

import (
	"syscall/js"

	"plurachat/widget/chat"
)

// menuEntry is one entry of the menu.
type menuEntry struct {
	action  string // the value of data-do
	word    string
	role    string
	always  bool // also shown before the conversation has begun
	checked func(*chat.Screen) bool
	intent  chat.Intent
}

// menuEntries are the entries of the menu, in order.
var menuEntries = [...]menuEntry{
	{action: "download", word: "download", role: "menuitem", intent: chat.Intent{Kind: chat.WantDownload}},
	{action: "sound", word: "sound", role: "menuitemcheckbox", always: true,
		checked: func(s *chat.Screen) bool { return s.SoundOn }, intent: chat.Intent{Kind: chat.WantSound}},
	{action: "ask-new", word: "startNew", role: "menuitem", intent: chat.Intent{Kind: chat.WantAsk, Ask: chat.AskNew}},
	{action: "ask-end", word: "endDelete", role: "menuitem", intent: chat.Intent{Kind: chat.WantAsk, Ask: chat.AskEnd}},
}

// menuIntent returns the intent of the entry with that action. It reports false if there is none.
func menuIntent(action string) (chat.Intent, bool) {
	for i := range menuEntries {
		if menuEntries[i].action == action {
			return menuEntries[i].intent, true
		}
	}
	return chat.Intent{}, false
}

// addMenu adds the menu to the header: the button, and the list that it opens.
func (v *view) addMenu() {
	v.menuButton = createButton("", "menu-button", "", "menu")
	v.menuButton.AppendChild(icon("M12 5h.01M12 12h.01M12 19h.01"))
	v.menuButton.SetAttribute("aria-haspopup", "menu")
	v.menuButton.SetAttribute("aria-expanded", "false")
	v.header.InsertBefore(v.menuButton, v.closeButton)
	v.menu = create("div", "", "menu")
	v.menu.SetAttribute("role", "menu")
	setHidden(v.menu, true)
	for i := range menuEntries {
		item := createButton("", "", "", menuEntries[i].action)
		item.SetAttribute("role", menuEntries[i].role)
		item.SetAttribute("tabindex", "-1")
		v.menu.AppendChild(item)
		v.menuItems = append(v.menuItems, item)
	}
	v.header.AppendChild(v.menu)
	v.listeners.on(v.menu.Value, "keydown", v.menuKey)
	// A press outside of the menu closes it.
	v.listeners.on(v.host.v.Get("root"), "pointerdown", func(e js.Value) {
		target := e.Get("target")
		if v.screen.Menu && !v.menu.Call("contains", target).Bool() && !v.menuButton.Call("contains", target).Bool() {
			v.enqueueIntent(chat.Intent{Kind: chat.WantMenu})
		}
	})
}

// labelMenu sets the words of the menu.
func (v *view) labelMenu() {
	v.menuButton.SetAttribute("aria-label", v.words.Get("menu"))
	v.menu.SetAttribute("aria-label", v.words.Get("menu"))
	for i, item := range v.menuItems {
		item.SetTextContent(v.words.Get(menuEntries[i].word))
	}
}

// showMenu opens or closes the menu, and moves the focus with it.
func (v *view) showMenu(s *chat.Screen, was *chat.Screen) {
	for i, item := range v.menuItems {
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
	v.menuButton.SetAttribute("aria-expanded", boolText(s.Menu))
	setHidden(v.menu, !s.Menu)
	switch {
	case s.Menu:
		v.focusItem(0)
	case inside && s.Ask.Text == "":
		focus(v.menuButton)
	}
}

// visibleItems returns the items of the menu that are not hidden. A module of the page may have added some
// (web/aside/contacts.js).
func (v *view) visibleItems() js.Value {
	return v.menu.Call("querySelectorAll", "[role^=menuitem]:not([hidden])")
}

// focusItem moves the focus to the visible item with index i. Indices go round: -1 is the last item.
func (v *view) focusItem(i int) {
	items := v.visibleItems()
	n := items.Length() // at least 1, because one of Go's items is always shown
	item := wrap(items.Index((i + n) % n))
	focus(item)
	v.menu.Set("scrollTop", item.Get("offsetTop").Int()-v.menu.Get("clientHeight").Int()/2) // on a low screen
}

// menuKey handles a key press in the menu, as the ARIA Authoring Practices describe it.
func (v *view) menuKey(e js.Value) {
	items := v.visibleItems()
	at := 0
	for i := range items.Length() {
		if items.Index(i).Equal(e.Get("target")) {
			at = i
		}
	}
	switch e.Get("key").String() {
	case "ArrowDown":
		v.focusItem(at + 1)
	case "ArrowUp":
		v.focusItem(at - 1)
	case "Home":
		v.focusItem(0)
	case "End":
		v.focusItem(-1)
	case "Escape":
		v.enqueueIntent(chat.Intent{Kind: chat.WantMenu})
	case "Tab":
		v.enqueueIntent(chat.Intent{Kind: chat.WantMenu})
		return // the browser moves the focus on
	default:
		return
	}
	e.Call("preventDefault")
	e.Call("stopPropagation")
}
