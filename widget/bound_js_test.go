package widget

import (
	"fmt"
	"strings"
	"syscall/js"
	"testing"

	"plurachat/protocol"
	"plurachat/widget/chat"
	"plurachat/widget/pieces"
)

// Rows that are no longer shown leave no nodes and no functions behind.
func TestRowsAreBounded(t *testing.T) {
	p := newPage(t, "open", "")
	p.says("Maya", "the first", "")
	p.until("the first", func() bool { return len(p.all("[part=message]")) == 1 })
	before := liveFuncs
	const most = protocol.MostEntries
	p.event(protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Key: "failed", Kind: protocol.Visitor, State: protocol.Failed, Text: "not sent"}})
	last := func(text string) func() bool {
		return func() bool {
			all := p.all("[part=message]")
			return p.view.log.undrawn == 0 && len(all) > 0 && strings.Contains(all[len(all)-1].TextContent(), text)
		}
	}
	for n := range most + 500 {
		p.says("Maya", fmt.Sprint("message ", n, "."), "")
		if n%1000 == 700 {
			p.until("some", last(fmt.Sprint("message ", n, ".")))
		}
	}
	p.until("all", last(fmt.Sprint("message ", most+499, ".")))
	all := p.all("[part=message]")
	if len(all) != most {
		t.Errorf("%d messages are in the page, want %d", len(all), most)
	}
	if got := all[0].TextContent(); !strings.Contains(got, "not sent") {
		t.Errorf("the first row is %q", got)
	}
	if got := all[1].TextContent(); !strings.Contains(got, "message 501.") {
		t.Errorf("the second row is %q", got)
	}
	if got := p.one("[part=log]").Get("firstChild").Get("textContent").String(); got != "Earlier messages are no longer shown" {
		t.Errorf("the log begins with %q", got)
	}
	// A burst of more rows than a block can take leaves two blocks that are not full: the one above the burst, and the
	// first one that drawIdle makes.
	if days, blocks := len(p.all(".day")), len(p.all(".block")); days != 1 || blocks > 2*most/blockSize+3 {
		t.Errorf("%d day dividers and %d blocks are left", days, blocks)
	}
	for _, block := range p.all(".block") {
		if !block.Get("firstChild").Truthy() {
			t.Error("an empty block is left")
		}
	}
	if liveFuncs != before {
		t.Errorf("%d functions are not released, %d before", liveFuncs, before)
	}
	p.event(protocol.Event{Kind: protocol.Forgotten})
	p.until("forgotten", func() bool { return len(p.all("[part=message]")) == 0 && len(p.all("[part=divider]")) == 0 })
}

// A visitor who reads further up keeps the scroll position while rows above are removed.
func TestReadingWhileRowsGo(t *testing.T) {
	p := newPage(t, "open", "")
	for n := range protocol.MostEntries {
		p.says("Maya", fmt.Sprint("message ", n, "."), "")
	}
	p.until("all", func() bool { return len(p.all("[part=message]")) == protocol.MostEntries && p.view.log.undrawn == 0 })
	log := p.one("[part=log]")
	log.Set("scrollTop", log.Get("scrollHeight").Float()/2)
	p.until("read", func() bool { return !p.view.log.endInView && !p.chat.Following() })
	row := p.all("[part=message]")[protocol.MostEntries/2]
	row.Call("scrollIntoView")
	before := row.GetBoundingClientRect().Top()
	for n := range 100 {
		p.says("Maya", fmt.Sprint("another ", n, "."), "")
	}
	p.until("more", func() bool {
		all := p.all("[part=message]")
		return strings.Contains(all[len(all)-1].TextContent(), "another 99.") && len(all) == protocol.MostEntries
	})
	if moved := row.GetBoundingClientRect().Top() - before; moved > 40 || moved < -40 {
		t.Errorf("the visible row has moved by %v px", moved)
	}
}

// Of a long message only the beginning is shown. "Show all" shows all of it, and keeps the focus and the scroll
// position.
func TestShowAll(t *testing.T) {
	p := newPage(t, "open", "")
	text := "**Beginning** " + strings.Repeat("and more words ", 70_000) + "end"
	p.says("Maya", text, "")
	p.until("the beginning", func() bool { return len(p.all("[data-do=whole]")) == 1 })
	bubble := p.one("[part=bubble]").TextContent()
	if n := len(bubble); n > chat.MostShown || !strings.HasPrefix(bubble, "Beginning and more") {
		t.Errorf("%d characters are shown: %.40q", n, bubble)
	}
	if n := len(p.one("[part=panel] [aria-live=polite]").TextContent()); n > 4100 {
		t.Errorf("%d characters are read out", n)
	}
	button := p.one("[data-do=whole]")
	if got := button.TextContent(); got != "Show all" {
		t.Errorf("the button says %q", got)
	}
	button.Call("focus")
	top := p.one("[part=message]").GetBoundingClientRect().Top()
	button.Call("click")
	p.until("all of it", func() bool { return len(p.all("[data-do=whole]")) == 0 })
	if got, want := p.one("[part=bubble]").TextContent(), strings.ReplaceAll(text, "**", ""); got != want {
		t.Errorf("%d characters are shown of %d", len(got), len(want))
	}
	if !p.root.Get("activeElement").Equal(p.one("[part=bubble]").Value) {
		t.Error("the bubble has no focus")
	}
	if moved := p.one("[part=message]").GetBoundingClientRect().Top() - top; moved > 1 || moved < -1 {
		t.Errorf("the visible row has moved by %v px", moved)
	}
	for i, piece := range p.all(".piece") {
		if n := len(piece.TextContent()); n > pieces.Size {
			t.Errorf("piece %d has %d bytes", i, n)
		}
	}
	if width := p.one("[part=bubble]").Get("offsetWidth").Int(); width < 200 {
		t.Errorf("the bubble is %d px wide", width)
	}
	// The long message is still a row of the log: the next one appears below it.
	p.says("Maya", "next", "")
	p.until("next", func() bool { return len(p.all("[part=message]")) == 2 })
}

// A message appears without an animation if drawing the one before took long.
func TestSlowDrawDoesNotAnimate(t *testing.T) {
	p := newPage(t, "open", "")
	delayed := js.Global().Get("Function").New("log", `Object.defineProperty(log, "scrollHeight", {get() {
		for (const end = performance.now() + 20; performance.now() < end;);
		return 1000; }})`)
	delayed.Invoke(p.one("[part=log]").Value)
	for n, text := range []string{"the first", "the second"} {
		p.says("Maya", text, "")
		p.until(text, func() bool { return len(p.all("[part=message]")) == n+1 })
	}
	if class := p.all("[part=message]")[1].Get("className").String(); strings.Contains(class, "new") {
		t.Errorf("the second message is %q", class)
	}
}

// While messages arrive again and again, the announcer keeps the last ones only.
func TestAnnouncerIsBounded(t *testing.T) {
	p := newPage(t, "open", "")
	p.until("open", func() bool { return p.view.screen.Open })
	for n := range 3 * mostAnnounced {
		p.view.announce(fmt.Sprint("text ", n))
	}
	announcer := p.one("[part=panel] [aria-live=polite]")
	if n := announcer.Get("childElementCount").Int(); n != mostAnnounced {
		t.Errorf("it has %d texts", n)
	}
	if got, want := announcer.Get("lastChild").Get("textContent").String(), fmt.Sprint("text ", 3*mostAnnounced-1); got != want {
		t.Errorf("the last one is %q, want %q", got, want)
	}
}

// The server chooses the descriptions of pictures, so no element with one of them is kept.
func TestPrototypesAreBounded(t *testing.T) {
	p := newPage(t, "open", "", "image-hosts", "cdn.example.com")
	for n := range 20 {
		p.says("Maya", fmt.Sprintf("![picture %d](https://cdn.example.com/a.png)", n), "")
	}
	p.until("the pictures", func() bool { return len(p.all("[part=bubble] img")) == 20 })
	for key := range prototypes {
		if strings.Contains(key, "picture 7") {
			t.Errorf("an element is kept for %q", key)
		}
	}
	if got := p.all("[part=bubble] img")[7].GetAttribute("alt"); got != "picture 7" {
		t.Errorf("the picture is described as %q", got)
	}
}
