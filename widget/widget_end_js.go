package widget

import (
	"os"
	"time"

	"plurachat/widget/chat"
)

// destroy ends the widget: it closes the connection, removes the listeners, and rejects the pending calls. What is
// stored stays. destroy may be called from a callback.
func (w *widget) destroy() {
	if w.ended {
		return
	}
	w.ended = true
	w.chat.Do(time.Now(), chat.Intent{Kind: chat.LeftComposer})
	w.applyChatBatch(time.Now())
	w.saveUnsaved()
	close(w.quit)
	w.disconnect()
	w.scheduler.stop()
	w.ticker.stop()
	w.view.countInTitle(0)
	w.listeners.close()
	for id, p := range w.calls {
		delete(w.calls, id)
		p.fail("Error", "the chat was destroyed")
	}
}

// disconnect closes the connection, and reports to the other tabs that this tab is gone.
func (w *widget) disconnect() {
	if w.channel != nil {
		w.tab.Leave()
		w.channel.post(w.tab.Take().Messages)
		w.channel.close()
	}
	if w.backend != nil {
		w.backend.Close()
	}
}

// rescue recovers from a panic of the loop, and reports it to the loader. It must be deferred.
func (w *widget) rescue() {
	v := recover()
	if v == nil {
		return
	}
	w.disconnect()
	reportCrash(w.host, reasonOf(v))
}

// reportCrash reports to the console, the page and the loader why a widget cannot continue. If the loader
// cannot be told, the program ends, and the loader starts it again.
func reportCrash(h host, reason string) {
	log("error", "plura-chat: "+reason)
	h.emit(chat.Emit{Name: "error", Detail: []chat.Pair{{Name: "code", Value: "panic"}, {Name: "message", Value: reason}}})
	if !h.reportCrash(reason) {
		os.Exit(2) // the loader starts the program again
	}
}
