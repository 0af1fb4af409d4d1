package widget

import (
	"syscall/js"
	"testing"

	"plurachat/widget/chat"
)

// At most one request of a tab waits for the lock, and none when the tab has it. No request leaves functions behind.
func TestLockRequests(t *testing.T) {
	p := newPage(t)
	locks := js.Global().Get("navigator").Get("locks")
	js.Global().Get("pluraChat").Set("locks", locks)
	before := liveFuncs
	ls := newListeners(js.Undefined(), func(reason string) { t.Error(reason) })
	var last item
	options := chat.Options{Flow: "lock requests", Storage: chat.StoreLocal}
	c := openChannel(&options, ls, func(i item) { last = i })
	if c == nil {
		t.Skip("this page has no locks")
	}
	waiting := func(want int) func() bool {
		return func() bool {
			n := make(chan int, 1)
			count := js.FuncOf(func(_ js.Value, args []js.Value) any {
				n <- args[0].Get("pending").Length()
				return nil
			})
			defer count.Release()
			locks.Call("query").Call("then", count)
			return <-n == want
		}
	}
	reported := func(change lockChange) func() bool {
		return func() bool { return last.lock == change && last.generation == c.round }
	}
	stealElsewhere := js.Global().Call("eval", `name => {
		navigator.locks.request(name, { steal: true }, () => new Promise(() => {})).catch(() => {});
	}`)

	stealElsewhere.Invoke(c.name)
	c.requestLock(false)
	p.until("the first request waits", waiting(1))
	for range 3 {
		c.requestLock(true)
		p.until("stolen", reported(lockAcquired))
		p.until("nothing waits", waiting(0))
		stealElsewhere.Invoke(c.name)
		p.until("lost", reported(lockLost))
		c.requestLock(false)
		p.until("a request waits", waiting(1))
	}
	c.requestLock(false)
	p.until("one request waits", waiting(1))
	c.leaveLock()
	p.until("no request waits", waiting(0))
	c.requestLock(false)
	c.close()
	ls.close()
	p.until("released", func() bool { return liveFuncs == before })
}

// A tab whose page is in the back/forward cache does not get the lock. It requests it again when the page is back.
func TestSuspendedTabLeavesTheLock(t *testing.T) {
	p := newMirror(t, mirrored())
	first, round := p.whileHeld, p.channel.round
	p.enqueueIntent(chat.Intent{Kind: chat.PageHidden})
	p.until("suspended", func() bool { return p.channel.round > round })
	if first.Invoke().Truthy() {
		t.Error("a suspended tab keeps the lock")
	}
	p.enqueueIntent(chat.Intent{Kind: chat.PageBack})
	p.until("requested again", func() bool { return !p.whileHeld.Equal(first) })
	if p.tab.Holding() {
		t.Error("the tab holds the connection without the lock")
	}
	if !p.whileHeld.Invoke().Truthy() {
		t.Error("the tab does not keep the lock")
	}
	p.until("holding", func() bool { return p.tab.Holding() })
}
