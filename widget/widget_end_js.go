package widget

import (
	"os"
	"syscall/js"
	"time"

	"plurachat/widget/chat"
)

// destroy ends the widget: what is stored stays, on the page nothing does. It
// may be called from a callback.
func (w *widget) destroy() {
	if w.ended {
		return
	}
	w.ended = true
	w.chat.Do(time.Now(), chat.Intent{Kind: chat.LeftComposer})
	w.collect(time.Now())
	w.keep()
	close(w.quit)
	w.leave()
	w.scheduler.stop()
	w.ticker.stop()
	w.view.countInTitle(0)
	w.scope.close()
	for id, p := range w.calls {
		delete(w.calls, id)
		p.reject.Invoke(js.Global().Get("Error").New("the chat was destroyed"))
	}
}

// leave ends the connection and this tab's part in the conversation.
func (w *widget) leave() {
	if w.channel != nil {
		w.tab.Leave()
		w.channel.post(w.tab.Take().Messages)
		w.channel.close()
	}
	if w.backend != nil {
		w.backend.Close()
	}
}

// rescue stops a panic at the top of the loop.
func (w *widget) rescue() {
	v := recover()
	if v == nil {
		return
	}
	w.leave()
	crash(w.host, reasonOf(v))
}

// crash ends a widget that cannot go on, and says why.
func crash(h host, reason string) {
	log("error", "plura-chat: "+reason)
	h.emit(chat.Emit{Name: "error", Detail: []chat.Pair{{Name: "code", Value: "panic"}, {Name: "message", Value: reason}}})
	if !h.crashed(reason) {
		os.Exit(2) // the loader sees it, and begins anew
	}
}
