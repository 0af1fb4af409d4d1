package widget

import (
	"slices"
	"syscall/js"
	"testing"

	"plurachat/protocol"
)

// press dispatches a key press at the element that has the focus.
func (p *page) press(key string) {
	options := js.Global().Get("Object").New()
	options.Set("key", key)
	options.Set("bubbles", true)
	options.Set("cancelable", true)
	p.root.Get("activeElement").Call("dispatchEvent", js.Global().Get("KeyboardEvent").New("keydown", options))
}

// Items that a module of the page adds to the menu take part in its keys, and a click on one closes the menu.
func TestAddedMenuItems(t *testing.T) {
	p := newPage(t, "open", "")
	p.until("open", func() bool { return !p.one("[part=panel]").Get("hidden").Bool() })
	menu := p.one("[role=menu]")
	if menu.GetAttribute("part") != "menu" {
		t.Errorf("the menu's part is %q", menu.GetAttribute("part"))
	}
	link := create("a", "", "", "role", "menuitem", "tabindex", "-1", "href", "#called")
	menu.Call("prepend", link.Value)
	gone := create("a", "", "", "role", "menuitem", "tabindex", "-1", "href", "#gone")
	setHidden(gone, true)
	group := create("div", "", "", "role", "group")
	radio := create("button", "", "", "role", "menuitemradio", "tabindex", "-1")
	group.AppendChild(radio)
	for _, e := range []element{gone, create("div", "", "", "role", "separator"), group} {
		menu.AppendChild(e)
	}
	open := func() {
		t.Helper()
		p.one("[part=menu-button]").Call("click")
		p.until("the menu", func() bool { return !menu.Get("hidden").Bool() })
	}
	has := func(after string, want element) {
		t.Helper()
		if e := p.root.Get("activeElement"); !e.Equal(want.Value) {
			t.Errorf("%s: the focus is at %s", after, e.Get("outerHTML").String())
		}
	}
	open()
	has("opened", link)
	sound := p.one("[data-do=sound]")
	for _, step := range []struct {
		key  string
		want element
	}{{"ArrowDown", sound}, {"ArrowDown", radio}, {"ArrowDown", link}, {"ArrowUp", radio}, {"ArrowUp", sound}, {"End", radio}, {"Home", link}} {
		p.press(step.key)
		has(step.key, step.want)
	}
	var prevented []bool
	p.loaderFuncs.on(document, "click", func(e js.Value) {
		prevented = append(prevented, e.Get("defaultPrevented").Bool())
		e.Call("preventDefault") // so that the test's page stays
	})
	for _, item := range []element{link, radio} {
		if menu.Get("hidden").Bool() {
			open()
		}
		prevented = nil
		item.Call("click")
		p.until("the menu is closed", func() bool { return menu.Get("hidden").Bool() })
		if !slices.Equal(prevented, []bool{false}) {
			t.Errorf("a click on an added item: prevented %v", prevented)
		}
	}
}

// The panel tells the modules of the page whether the visitor has written in the current conversation.
func TestPanelTellsWhetherTheVisitorHasWritten(t *testing.T) {
	p := newPage(t, "open", "")
	panel := p.one("[part=panel]")
	written := func() bool { return panel.HasAttribute("data-written") }
	p.says("Maya", "Hi", "")
	p.until("the greeting", func() bool { return len(p.all("[part=message]")) == 1 })
	if written() {
		t.Error("data-written before the visitor has written")
	}
	p.types("Hello")
	p.key("Enter")
	p.until("written", written)
	p.event(protocol.Event{Kind: protocol.Forgotten})
	p.until("forgotten", func() bool { return !written() })
}

// A draft that the page has called for before Go ran fills the composer once, and sends nothing.
func TestQueuedDraft(t *testing.T) {
	p := newPage(t)
	resolved := 0
	call := js.Global().Get("Array").Call("of", "draft", js.Global().Get("Array").Call("of", "My roof leaks"),
		p.loaderFuncs.fn(func(args []js.Value) {
			resolved++
			if len(args) > 0 {
				t.Errorf("draft resolves with %s", js.Global().Get("JSON").Call("stringify", args[0]).String())
			}
		}),
		p.loaderFuncs.fn(func(args []js.Value) { t.Error(args[0].Get("message").String()) }))
	p.host.v.Get("queue").Call("push", call)
	p.callQueued()
	p.callQueued() // the queue is empty
	input := p.one("[part=input]")
	p.until("the draft", func() bool { return resolved == 1 && input.Get("value").String() == "My roof leaks" })
	if p.one("[part=panel]").Get("hidden").Bool() || !p.root.Get("activeElement").Equal(input.Value) {
		t.Error("the panel is not open, or the composer has no focus")
	}
	if at := input.Get("selectionStart").Int(); at != len("My roof leaks") {
		t.Errorf("the caret is at %d", at)
	}
	p.types("I typed")
	call.SetIndex(1, js.Global().Get("Array").Call("of", js.Null())) // not a string
	p.host.v.Get("queue").Call("push", call)
	p.callQueued()
	p.until("a second draft", func() bool { return resolved == 2 })
	p.types("")
	p.host.v.Get("queue").Call("push", call)
	p.callQueued()
	p.until("a converted draft", func() bool { return resolved == 3 && input.Get("value").String() == "null" })
	for _, c := range p.fake.calls {
		if c != "connect" && c != "network true" {
			t.Errorf("the backend is called: %s", c)
		}
	}
}
