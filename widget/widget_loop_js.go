package widget

import (
	"time"

	"plurachat/widget/chat"
)

// enqueueIntent adds an intent to the queue.
func (w *widget) enqueueIntent(i chat.Intent) { w.queue.put(item{intent: &i}) }

// run is the loop. It returns when the widget is destroyed, or after a panic.
func (w *widget) run() {
	defer w.rescue() // the conversation is stored by now, and the loader makes another widget
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		now := time.Now()
		if next := sooner(w.chat.Next(), w.tab.Next()); !next.IsZero() {
			timer.Reset(max(next.Sub(now), 0))
		}
		select {
		case <-w.quit:
			return
		case <-w.queue.ready:
			if w.chat.Visible() && w.queue.canWaitForFrame() {
				w.scheduler.requestFrame()
				continue
			}
		case <-timer.C:
		}
		if w.ended {
			return
		}
		w.processQueue(time.Now())
	}
}

// processQueue handles the items of the queue, and draws if the requested frame has come or the draw cannot wait for
// it. Of a burst it handles as many items as sizer allows, and the rest in a later task.
func (w *widget) processQueue(now time.Time) {
	changed := false
	items, frame, more := w.queue.take(w.sizer.size())
	for i := range items {
		if w.ended {
			return // a listener of the page has destroyed the chat
		}
		changed = w.handle(now, &items[i]) || changed
	}
	if changed {
		words, in := w.readOptions()
		w.chat.SetOptions(now, w.options, words)
		w.view.applyOptions(&w.options, &words, in)
	}
	w.chat.Tick(now)
	w.tab.Tick(now)
	w.applyBatches(now)
	if w.ended {
		return
	}
	w.sizer.report(len(items), time.Since(now))
	switch {
	case w.drawsAtOnce() || frame && !w.awaitsGreeting(now):
		w.draw(now)
	case frame:
		w.scheduler.cancelFrame()
	}
	if more {
		w.scheduler.yieldTask(w.chat.Visible())
	}
	if w.unsaved || w.undrawn.NeedsDrawing() || w.undrawn.Screen != w.view.screen {
		w.scheduler.requestFrame()
	}
}

// handle handles an item of the queue. It reports whether an attribute has changed that is to be read again: after the
// last item, because a script may set several.
func (w *widget) handle(now time.Time, it *item) (attributeChanged bool) {
	switch {
	case it.intent != nil:
		w.doIntent(now, it.intent)
	case it.event != nil:
		if it.generation == w.generation {
			w.tab.Handle(it.event)
		}
	case it.idle:
		w.scheduler.idleTaken()
		w.view.log.drawIdle(it.idleFor)
		w.drawWhenIdle()
	case it.tick:
		if w.backend != nil {
			w.backend.Tick()
		}
	case it.message != "":
		w.tab.Received(now, it.message)
	case it.lock != 0:
		w.lockChanged(now, it.lock, it.generation)
	case it.attr == "open":
		w.openChanged(now)
	case it.attr != "":
		return true
	case it.fault != "":
		w.saveUnsaved()
		panic(it.fault)
	}
	return false
}

// openChanged handles a change of the attribute open. Usually the widget itself has changed it, to reflect the state of
// the panel; then there is nothing to do.
func (w *widget) openChanged(now time.Time) {
	open := chat.Flag(w.host.attr("open"))
	if w.options.Open = open; open != w.view.screen.Open {
		kind := chat.WantClose
		if open {
			kind = chat.WantOpen
		}
		w.chat.Do(now, chat.Intent{Kind: kind, Quiet: true})
	}
}

// doIntent applies an intent to the chat, and to what else depends on it: the tabs, the ticker, and the lock.
func (w *widget) doIntent(now time.Time, i *chat.Intent) {
	w.chat.Do(now, *i)
	switch i.Kind {
	case chat.TabShown:
		w.tab.Show(now, i.On, w.chat.Reading())
		w.ticker.setVisible(i.On)
	case chat.PageHidden:
		w.applyBatches(now)
		w.suspend(now)
	case chat.PageBack:
		if i.On {
			w.returned = true
			w.loadDraft()
		}
		w.resume()
	}
}

// loadDraft shows the draft that a later page of this tab has stored. A page that has just come back may not see it yet,
// and calls loadDraft again when it has the lock.
func (w *widget) loadDraft() {
	if draft, changed := w.archive.ChangedDraft(); changed {
		w.chat.ReplaceDraft(draft)
	}
}

// sooner returns the earlier one of two times. A zero time counts as no time.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
