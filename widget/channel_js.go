package widget

import (
	"syscall/js"
	"time"

	"github.com/google/uuid"

	"plurachat/widget/backend"
	"plurachat/widget/chat"
	"plurachat/widget/tabs"
)

// channel connects the tabs of one visitor: a lock, which one of them holds, and a broadcast channel. Neither keeps a
// page out of the back/forward cache.
type channel struct {
	name      string
	locks     js.Value // the browser's LockManager, with the early lock (web/start/early_lock.js)
	broadcast js.Value
	put       func(item)

	round    int      // of requests for the lock; those of an earlier round are cancelled
	abort    js.Value // an AbortController that cancels the request that waits for the lock; undefined: there was none
	executor js.Func  // of the promise that keeps the lock
	resolve  js.Value // resolves that promise; undefined: the lock is not held
}

// openChannel returns the channel of the option's flow. It returns nil if the browser has no locks or no broadcast
// channel, or if the option storage separates the tabs.
func openChannel(o *chat.Options, ls *listeners, put func(item)) *channel {
	c := &channel{name: chat.StoredKey(o.Flow), put: put}
	if o.Storage != chat.StoreLocal {
		return nil
	}
	if c.locks = js.Global().Get("pluraChat").Get("locks"); !c.locks.Truthy() {
		return nil // an old browser, or an insecure page: each tab has a connection of its own
	}
	if !try(func() { c.broadcast = js.Global().Get("BroadcastChannel").New(c.name) }) {
		return nil
	}
	ls.on(c.broadcast, "message", func(e js.Value) {
		if message, ok := stringOf(e.Get("data")); ok {
			put(item{message: message})
		}
	})
	c.executor = ls.fn(func(args []js.Value) { c.resolve = args[0] })
	return c
}

// requestLock requests the lock, or steals it from the tab that holds it. The new request replaces the one that waits;
// if it steals, then only when it has the lock. Its functions do not belong to the listeners: the browser may call them
// after the widget has ended, and a call of a released function would be reported on the page's console.
func (c *channel) requestLock(steal bool) {
	options := js.Global().Get("Object").New()
	if steal {
		options.Set("steal", true)
	} else {
		c.cancelRequests()
		options.Set("signal", c.abort.Get("signal"))
	}
	round, granted := c.round, false
	report := func(change lockChange) { c.put(item{lock: change, generation: round}) }
	// The lock is held as long as the promise that this function returns is pending.
	whileHeld := js.FuncOf(func(js.Value, []js.Value) any {
		if round != c.round {
			return nil // too late
		}
		if steal {
			c.cancelRequests()
			round = c.round
		}
		granted = true
		report(lockAcquired)
		return js.Global().Get("Promise").New(c.executor)
	})
	var onSettled js.Func
	settled := func(failed bool) {
		whileHeld.Release()
		onSettled.Release()
		liveFuncs -= 2
		switch {
		case !failed || round != c.round:
		case granted: // another tab has stolen it
			report(lockLost)
		default:
			// The browser refuses locks, in a sandbox or in an iframe that was removed. Another request would fail at
			// once too, so this tab takes the connection as if it had the lock.
			report(lockAcquired)
		}
	}
	onSettled = js.FuncOf(func(_ js.Value, args []js.Value) any {
		settled(args[0].Truthy())
		return nil
	})
	liveFuncs += 2
	if !try(func() { c.locks.Call("request", c.name, options, whileHeld).Call("then", onSettled, onSettled) }) {
		settled(true)
	}
}

// cancelRequests cancels the request that waits for the lock. The channel reports nothing more of the requests so far.
func (c *channel) cancelRequests() {
	if c.abort.Truthy() {
		c.abort.Call("abort")
	}
	c.abort = js.Global().Get("AbortController").New()
	c.round++
}

// leaveLock releases the lock, so that another tab can get it, and cancels the request for it.
func (c *channel) leaveLock() {
	c.cancelRequests()
	if c.resolve.Truthy() {
		c.resolve.Invoke()
		c.resolve = js.Undefined()
	}
}

// post broadcasts messages to the other tabs.
func (c *channel) post(messages []string) {
	for _, message := range messages {
		try(func() { c.broadcast.Call("postMessage", message) })
	}
}

// close leaves the lock and closes the broadcast channel.
func (c *channel) close() {
	c.leaveLock()
	try(func() { c.broadcast.Call("close") })
}

// joinTabs starts this tab's part in the conversation. If there is no channel, the tab holds the connection from the
// start.
func (w *widget) joinTabs(now time.Time) {
	w.tab = tabs.New(now, uuid.NewString(), tabVisible())
	w.channel = openChannel(&w.options, w.listeners, w.queue.put)
	if w.channel == nil {
		w.becomeHolder(now)
		return
	}
	w.channel.requestLock(false)
}

// becomeHolder makes this tab the holder: it loads what another tab has stored meanwhile, and makes a backend.
func (w *widget) becomeHolder(now time.Time) {
	if w.tab.Holding() {
		return
	}
	if w.tab.Acquired() && w.channel != nil {
		stored := w.archive.Load(now)
		w.chat.Sync(now, &backend.Snapshot{Conversation: stored.Conversation})
		w.chat.SeenElsewhere(now, stored.Read)
		if w.returned {
			w.returned = false
			w.loadDraft()
		}
	}
	w.generation++
	w.backend = w.newBackend(w, w.chat.Stored())
	if on := js.Global().Get("navigator").Get("onLine"); on.Type() == js.TypeBoolean && !on.Bool() {
		w.backend.Network(false) // a mirror passes on no changes of the network
	}
}

// stopHolding closes the backend of a tab that has lost the lock or releases it.
func (w *widget) stopHolding(now time.Time) {
	if w.backend == nil {
		return
	}
	w.backend.Close()
	w.backend = nil
	w.generation++
	w.tab.Lost(now)
}

// lockChanged handles a change of the lock, which belongs to a round of requests.
func (w *widget) lockChanged(now time.Time, change lockChange, round int) {
	if round != w.channel.round {
		return // the widget has left the lock since
	}
	if change == lockAcquired {
		w.suspended = false
		w.becomeHolder(now)
		return
	}
	w.stopHolding(now)
	w.channel.requestLock(false)
}

// suspend passes the connection on to another tab while this page is hidden, frozen or in the back/forward cache. The
// page may end without another event.
func (w *widget) suspend(now time.Time) {
	if w.channel == nil || w.suspended {
		return
	}
	w.suspended = true
	w.stopHolding(now)
	w.tab.Leave()
	w.channel.post(w.tab.Take().Messages)
	w.channel.leaveLock()
}

// resume requests the lock again.
func (w *widget) resume() {
	if w.suspended {
		w.suspended = false
		w.channel.requestLock(false)
	}
}

// applyTabBatches carries out the batches of the tab: it passes events to the chat, commands to the backend, and
// messages to the other tabs. It repeats this until the chat has nothing more to pass on.
func (w *widget) applyTabBatches(now time.Time) {
	for {
		b := w.tab.Take()
		if b.Steal {
			w.channel.requestLock(true)
		}
		if b.Sound != "" {
			w.chat.SoundChosenElsewhere(b.Sound == "on")
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
		if len(b.Feed)+len(b.Seen)+len(b.Sound) == 0 {
			return
		}
		w.applyChatBatch(now)
	}
}
