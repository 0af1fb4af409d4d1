package widget

import (
	"strings"
	"syscall/js"
	"testing"
	"time"

	"plurachat/protocol"
	"plurachat/widget/backend"
	"plurachat/widget/chat"
	"plurachat/widget/tabs"
)

const mirrorKey = chat.KeyPrefix + "87f66d6d-dba9-4a44-9274-02c6927a083a"

// newMirror makes a page whose widget gets the lock only when p.whileHeld is called, and which has stored r.
func newMirror(t *testing.T, r *chat.Stored) *page {
	store, ok := openStore(chat.StoreLocal).(webStore)
	if !ok {
		t.Skip("this page has no storage")
	}
	t.Cleanup(func() { // after the widget is destroyed
		for _, suffix := range []string{"", chat.DraftSuffix, chat.SoundSuffix} {
			store.Remove(mirrorKey + suffix)
		}
	})
	archive := chat.Archive{Store: store, Flow: strings.TrimPrefix(mirrorKey, chat.KeyPrefix)}
	if !archive.Save(r) {
		t.Fatal("the state is not stored")
	}
	p := newPage(t, "storage", "local")
	if p.tab.Holding() {
		t.Fatal("the tab holds the connection without the lock")
	}
	return p
}

// fnReturning is like fn for a function that returns a value.
func (ls *listeners) fnReturning(f func(args []js.Value) any) js.Func {
	fn := js.FuncOf(func(_ js.Value, args []js.Value) any { return f(args) })
	liveFuncs++
	ls.funcs = append(ls.funcs, fn)
	return fn
}

// locks returns a lock manager that never answers by itself.
func (p *page) locks() js.Value {
	never := js.Global().Get("Promise").New(p.loaderFuncs.fn(func([]js.Value) {}))
	locks := js.Global().Get("Object").New()
	locks.Set("request", p.loaderFuncs.fnReturning(func(args []js.Value) any {
		p.whileHeld = args[2]
		return never
	}))
	return locks
}

func mirrored() *chat.Stored {
	r := &chat.Stored{At: time.Now(), Read: "a", Draft: "half a sen", Sound: chat.Yes}
	r.Conversation.Session = "webchat-session.2a36d9fd-3114-4cb4-a0ef-751f3e8e7cc3"
	r.Conversation.Flow = "87f66d6d-dba9-4a44-9274-02c6927a083a"
	r.Conversation.Entries = []protocol.Entry{{Key: "a", ID: "a", Kind: protocol.Agent, Text: "Hello", At: r.At}}
	return r
}

// A mirror that learns that the conversation was deleted leaves the store to the holder: what it reads there may be the
// conversation that the holder is about to remove.
func TestMirrorLeavesDeletionToHolder(t *testing.T) {
	r := mirrored()
	p := newMirror(t, r)
	now := time.Now()
	holder, other := tabs.New(now, "holder", true), tabs.New(now, "other", true)
	holder.Acquired()
	holder.Take()
	holder.Received(now, other.Take().Messages[0])
	holder.Broadcast(&backend.Snapshot{Conversation: r.Conversation, State: protocol.Online})
	holder.Handle(&protocol.Event{Kind: protocol.Forgotten})
	before, _ := p.archive.Store.Get(mirrorKey)
	for _, message := range holder.Take().Messages {
		p.queue.put(item{message: message})
	}
	p.until("forgotten", func() bool { return strings.Contains(strings.Join(p.emitted, "\n"), "reset ") })
	if after, _ := p.archive.Store.Get(mirrorKey); after != before {
		t.Errorf("the mirror has stored %s", after)
	}
}

// A client is told that the page is offline, also if the tab becomes the holder later.
func TestClientLearnsThatPageIsOffline(t *testing.T) {
	navigator := js.Global().Get("navigator")
	js.Global().Get("Object").Call("defineProperty", navigator, "onLine", map[string]any{"value": false, "configurable": true})
	t.Cleanup(func() { js.Global().Get("Reflect").Call("deleteProperty", navigator, "onLine") })
	if p := newPage(t); !p.hasCalled("network false")() {
		t.Errorf("the only tab calls %q", p.fake.calls)
	}
	p := newMirror(t, mirrored())
	if len(p.fake.calls) > 0 {
		t.Errorf("a mirror calls %q", p.fake.calls)
	}
	p.whileHeld.Invoke()
	p.until("the client knows", p.hasCalled("network false"))
}

// When the page removes the chat, what the visitor typed last is stored.
func TestDestroyStoresTheDraft(t *testing.T) {
	p := newMirror(t, mirrored())
	p.types("half a sentence")
	p.until("typed", func() bool { return p.chat.Stored().Draft == "half a sentence" })
	p.destroy()
	if text, _ := p.archive.Store.Get(mirrorKey + chat.DraftSuffix); !strings.Contains(text, `"half a sentence"`) {
		t.Errorf("stored is %s", text)
	}
}

// The visitor's choice about the sound counts in all tabs, whichever of them holds the connection. The tab in which it
// is made plays the sound.
func TestSoundIsChosenInAMirror(t *testing.T) {
	js.Global().Set("chimes", 0)
	counter := js.Global().Get("Object").New()
	counter.Set("currentTime", 0)
	counter.Set("createOscillator", js.Global().Get("Function").New("chimes++; throw new Error('this page only counts')"))
	before := audio
	audio = counter
	t.Cleanup(func() { audio = before })
	p := newMirror(t, mirrored())
	hasPlayed := func(n int) {
		t.Helper()
		if got := js.Global().Get("chimes").Int(); got != n {
			t.Errorf("the sound was played %d times, want %d", got, n)
		}
	}

	var heard string
	other := js.Global().Get("BroadcastChannel").New(mirrorKey)
	t.Cleanup(func() { other.Call("close") })
	other.Set("onmessage", p.loaderFuncs.fn(func(args []js.Value) { heard += args[0].Get("data").String() }))
	p.enqueueIntent(chat.Intent{Kind: chat.WantSound}) // it was on
	p.until("off", func() bool { return strings.Contains(heard, `"text":"off"`) && p.chat.Stored().Sound == chat.No })
	hasPlayed(0)
	p.enqueueIntent(chat.Intent{Kind: chat.WantSound})
	p.until("on", func() bool { return strings.Contains(heard, `"text":"on"`) })
	hasPlayed(1)

	p.whileHeld.Invoke()
	p.until("it holds the connection", func() bool { return p.tab.Holding() })
	for n, choice := range []string{"off", "on"} {
		p.queue.put(item{message: `{"kind":"sound","from":"other","text":"` + choice + `"}`})
		p.says("Maya", choice, "")
		p.until(choice, func() bool { return len(p.view.log.rows) == 2+n })
		hasPlayed(1 + n)
		if p.view.screen.SoundOn != (choice == "on") {
			t.Errorf("another tab has chosen %s, and the menu does not show it", choice)
		}
	}
}
