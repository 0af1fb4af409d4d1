package widget

import (
	"syscall/js"
	"time"

	"github.com/google/uuid"

	"plurachat/widget/backend"
	"plurachat/widget/chat"
	"plurachat/widget/tabs"
)

// channel is what tabs share: a lock, which one of them holds, and a broadcast
// channel. Neither keeps a page out of the back/forward cache.
type channel struct {
	name      string
	locks     js.Value // the browser's LockManager, with the early lock (web/start/early_lock.js)
	broadcast js.Value
	release   js.Value // resolves the promise for as long as which the lock is held

	hold   js.Func
	put    func(item)
	ending js.Value // an AbortController: takes back what was asked for
	closed bool
}

// openChannel finds the browser's means; nil where it lacks one, or where tabs
// are to be apart.
func openChannel(o *chat.Options, s *scope, put func(item)) *channel {
	c := &channel{name: chat.StoredKey(o.Flow), put: put}
	if o.Storage != chat.StoreLocal {
		return nil
	}
	if c.locks = js.Global().Get("pluraChat").Get("locks"); !c.locks.Truthy() {
		return nil // an old browser, or a page that is not secure: each tab has a connection
	}
	if !try(func() { c.broadcast = js.Global().Get("BroadcastChannel").New(c.name) }) {
		return nil
	}
	s.on(c.broadcast, "message", func(e js.Value) {
		if message, ok := stringOf(e.Get("data")); ok {
			put(item{message: message})
		}
	})
	c.hold = s.fn(func(args []js.Value) { c.release = args[0] })
	c.ending = js.Global().Get("AbortController").New()
	return c
}

// request asks for the lock, or takes it from whoever holds it. Its functions
// are not the scope's: the browser calls them when it has come to that, and a
// released one would complain on the page's console.
func (c *channel) request(steal bool) {
	options := js.Global().Get("Object").New()
	if steal {
		options.Set("steal", true)
	} else {
		options.Set("signal", c.ending.Get("signal"))
	}
	got := false
	// The lock is held for as long as the promise that this returns is pending.
	held := js.FuncOf(func(js.Value, []js.Value) any {
		got = true
		if c.closed {
			return nil
		}
		c.put(item{lock: lockHeld})
		return js.Global().Get("Promise").New(c.hold)
	})
	var over js.Func
	over = js.FuncOf(func(_ js.Value, args []js.Value) any {
		held.Release()
		over.Release()
		switch failed := args[0].Truthy(); {
		case !failed || c.closed:
		case got: // stolen
			c.put(item{lock: lockLost})
		default:
			// Refused: in a sandbox, or in a frame that has been taken away. To ask again would end the same way, at once and for ever:
			// this tab goes on by itself.
			c.put(item{lock: lockHeld})
		}
		return nil
	})
	if !try(func() { c.locks.Call("request", c.name, options, held).Call("then", over, over) }) {
		held.Release()
		over.Release()
		c.put(item{lock: lockHeld})
	}
}

// giveBack lets another tab have the lock.
func (c *channel) giveBack() {
	if c.release.Truthy() {
		c.release.Invoke()
		c.release = js.Undefined()
	}
}

func (c *channel) post(messages []string) {
	for _, l := range messages {
		try(func() { c.broadcast.Call("postMessage", l) })
	}
}

func (c *channel) close() {
	c.closed = true
	c.giveBack()
	c.ending.Call("abort")
	try(func() { c.broadcast.Call("close") })
}

// joinTabs begins this tab's part. Where there are no other tabs to be part of,
// it holds the connection from the start.
func (w *widget) joinTabs(now time.Time) {
	w.tab = tabs.New(now, uuid.NewString(), tabVisible())
	w.channel = openChannel(&w.options, w.scope, w.queue.put)
	if w.channel == nil {
		w.hold(now)
		return
	}
	w.channel.request(false)
}

// hold makes this tab the one that holds the connection.
func (w *widget) hold(now time.Time) {
	if w.tab.Holding() {
		return
	}
	if w.tab.Acquired(now) && w.channel != nil {
		stored := w.archive.Load(now)
		w.chat.Sync(now, &backend.Snapshot{Conversation: stored.Conversation})
		w.chat.SeenElsewhere(now, stored.Read)
	}
	w.generation++
	w.backend = w.newBackend(w, w.chat.Stored())
}

// release closes the connection of a tab that no longer holds it.
func (w *widget) release(now time.Time) {
	if w.backend == nil {
		return
	}
	w.backend.Close()
	w.backend = nil
	w.generation++
	w.tab.Lost(now)
}

// lockChanged takes news of the lock.
func (w *widget) lockChanged(now time.Time, news lockNews) {
	if news == lockHeld {
		w.away = false
		w.hold(now)
		return
	}
	w.release(now)
	w.channel.request(false)
}

// pageLeaves lets another tab go on while this one is in the back/forward
// cache, or gone.
func (w *widget) pageLeaves(now time.Time) {
	if w.channel == nil || w.away {
		return
	}
	w.away = true
	w.release(now)
	w.tab.Leave()
	w.channel.post(w.tab.Take().Messages)
	w.channel.giveBack()
}

// pageReturns asks for the lock again.
func (w *widget) pageReturns() {
	if w.away {
		w.away = false
		w.channel.request(false)
	}
}

// deliver carries what tabs and client have for each other, until there is
// nothing left to carry.
func (w *widget) deliver(now time.Time) {
	for {
		b := w.tab.Take()
		if b.Steal {
			w.channel.request(true)
		}
		for _, f := range b.Feed {
			if f.Sync != nil {
				w.chat.Sync(now, f.Sync)
			} else {
				w.trace(f.Event)
				w.chat.Event(now, *f.Event)
			}
		}
		for _, key := range b.Seen {
			w.chat.SeenElsewhere(now, key)
		}
		for i := range b.Calls {
			if w.backend != nil {
				b.Calls[i].Call(w.backend)
			}
		}
		if b.Answer {
			w.tab.Broadcast(&backend.Snapshot{Conversation: w.chat.Stored().Conversation, State: w.chat.State()})
			b.Messages = append(b.Messages, w.tab.Take().Messages...)
		}
		if w.channel != nil {
			w.channel.post(b.Messages)
		}
		if len(b.Feed)+len(b.Seen) == 0 {
			return
		}
		w.collect(now)
	}
}
