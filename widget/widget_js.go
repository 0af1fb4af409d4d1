package widget

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"plurachat/protocol"
	"plurachat/widget/backend"
	"plurachat/widget/chat"
	"plurachat/widget/tabs"
	"plurachat/widget/words"
)

// widget is one chat on a page. Only the goroutine of run changes its state. Callbacks of the browser and other
// goroutines add to the queue. The exceptions run in a callback of the page: call registers promises, and destroy ends
// the widget.
type widget struct {
	host      host
	listeners *listeners
	queue     *queue
	quit      chan struct{}
	ended     bool
	options   chat.Options
	warnings  []chat.Warning // already shown on the console
	archive   *chat.Archive
	chat      *chat.Chat
	view      *view

	newBackend func(*widget, *chat.Stored) backend.Backend
	backend    backend.Backend // nil in a tab that mirrors another one
	generation int             // number of the backend; events of an earlier one are ignored
	tab        *tabs.Tab
	channel    *channel // to the other tabs; nil: there are none
	suspended  bool     // the page is hidden, frozen or in the back/forward cache
	ticker     *ticker

	scheduler       *scheduler
	sizer           batchSizer // limits what processQueue takes
	began           time.Time
	onlineAt        time.Time // when the state was first seen to be Online; zero: not yet
	undrawn         chat.Batch
	unsaved         bool // the state has changes that are not stored
	published       bool // the host has publishedState and publishedUnread
	publishedState  protocol.State
	publishedUnread int
	publishedRead   string // the read mark that the other tabs have
	calls           map[int]promise
	lastCall        int
}

// newWidget takes over the nodes that the loader has drawn, and starts the loop. newBackend makes the backend, which
// delivers its events to the widget's queue.
func newWidget(h host, newBackend func(*widget, *chat.Stored) backend.Backend) *widget {
	w := &widget{
		host: h, newBackend: newBackend, queue: newQueue(), quit: make(chan struct{}), began: time.Now(),
		calls: map[int]promise{},
	}
	w.listeners = newListeners(h.v.Get("signal"), func(reason string) { w.queue.put(item{fault: reason}) })
	now := w.began

	words, in := w.readOptions()
	w.archive = &chat.Archive{Store: openStore(w.options.Storage), Flow: w.options.Flow}
	stored := w.archive.Load(now)
	w.archive.Prune(now)

	w.sizer = batchSizer{budget: frameTime, first: 16}
	w.scheduler = newScheduler(w.listeners, w.queue)
	w.view = newView(h, w.listeners, w.enqueueIntent)
	w.view.applyOptions(&w.options, &words, in)
	typed := w.view.inputText()
	if typed != "" {
		stored.Draft = typed // the visitor typed it later than what is stored
	}
	w.chat = chat.New(now, chat.Config{
		Options: w.options, Words: words, Stored: stored, Visible: tabVisible(),
		Open: h.v.Get("open").Bool(), NewKey: uuid.NewString, Offset: offsetAt, OwnHost: h.ownHost,
	})
	w.joinTabs(now)
	w.ticker = newTicker(w.listeners, func() { w.queue.put(item{tick: true}) })
	w.ticker.setVisible(tabVisible())
	w.applyBatches(now)
	w.undrawn.Input = w.undrawn.Input || typed == "" && stored.Draft != ""
	w.scheduler.requestFrame() // until then what the loader drew is right, and the connection is dialled first
	w.host.emit(chat.Emit{Name: "ready"})
	w.callQueued()
	go w.run()
	return w
}

// readOptions reads the attributes, warns on the console of wrong ones, and returns the words and the formats of the
// language.
func (w *widget) readOptions() (words.Language, *intl) {
	var warnings []chat.Warning
	w.options, warnings = chat.ParseOptions(w.host.attr, pageHost())
	for _, warning := range warnings {
		if !slices.Contains(w.warnings, warning) {
			log("warn", warning.Text())
		}
	}
	w.warnings = warnings
	tag, translation := w.host.language()
	in := newIntl(tag)
	words := words.New(translation, w.options.Strings)
	words.Plural = in.plural
	return words, in
}

// newClient makes a protocol client for this tab. The client sends nothing before the chat requests it.
func newClient(w *widget, stored *chat.Stored) backend.Backend {
	generation := w.generation
	o := protocol.Options{
		Flow: w.options.Flow, SocketURL: w.options.SocketURL, SessionURL: w.options.SessionURL,
		NoReconnect: w.options.NoReconnect, Anonymous: w.options.Anonymous, Conversation: stored.Conversation,
		Handle:   func(e protocol.Event) { w.queue.put(item{event: &e, generation: generation}) },
		Panicked: func(v any) { w.queue.put(item{fault: reasonOf(v)}) },
	}
	if w.options.Debug {
		o.Trace = func(direction, text string) { log("debug", "plura-chat", direction, text) }
	}
	client, err := protocol.NewClient(o)
	if err != nil {
		panic(err)
	}
	client.Start()
	return client
}

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

// processQueue handles the items of the queue, and draws if the requested frame has come or the draw cannot wait for it.
// Of a burst it handles as many items as sizer allows, and the rest in a later task.
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
	o, _ := chat.ParseOptions(w.host.attr, "")
	if w.options.Open = o.Open; o.Open != w.view.screen.Open {
		kind := chat.WantClose
		if o.Open {
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
		w.resume()
	}
}

// applyBatches carries out what the chat and the tab have returned since the last call.
func (w *widget) applyBatches(now time.Time) {
	if w.applyChatBatch(now); !w.ended {
		w.applyTabBatches(now)
	}
}

// applyChatBatch carries out the chat's batch in the order that [chat.Batch] requires: it stores, then it sends, then
// it reports to the page. So what the page is told of or the server has received is always stored. Drawing follows
// later.
func (w *widget) applyChatBatch(now time.Time) {
	b := w.chat.Take(now)
	holding := w.tab.Holding()
	switch {
	case b.Forget && holding:
		w.archive.Forget()
	case b.Forget: // only the holder stores a deletion: what is stored may still be the deleted conversation
		w.archive.ForgetAsMirror()
		b.Save, b.SaveLater, w.unsaved = false, false, false
	}
	if w.unsaved = w.unsaved || b.SaveLater; b.Save {
		w.save()
	}
	for i := range b.Commands {
		w.tab.Command(now, b.Commands[i])
	}
	if read := w.chat.Stored().Read; read != w.publishedRead {
		w.publishedRead = read
		w.tab.Read(read)
	}
	for _, warning := range b.Warnings {
		log("warn", warning.Text())
	}
	w.publish(&b.Screen)
	w.host.emit(b.Emits...)
	for _, e := range b.Emits {
		if e.Name == "error" {
			log("error", "plura-chat: "+e.Detail[1].Value.(string))
		}
	}
	for _, s := range b.Settled {
		w.settleCall(s)
	}
	if b.Download {
		w.view.download(w.chat.TranscriptText(), now)
	}
	if b.Sound && w.tab.Alone() {
		chime()
	}
	if !holding {
		b.Screen.InTitle = 0 // only the tab that holds the connection shows it
	}
	if w.undrawn.Merge(&b); w.undrawn.Stale() {
		w.undrawn.Rows = nil
		w.chat.Redraw(now)
		redrawn := w.chat.Take(now)
		w.undrawn.Merge(&redrawn)
	}
}

// save stores the state.
func (w *widget) save() {
	w.unsaved = false
	if w.tab.Holding() {
		w.archive.Save(w.chat.Stored())
	} else {
		w.archive.SaveAsMirror(w.chat.Stored())
	}
}

// saveUnsaved stores the state if it has changes that are not stored.
func (w *widget) saveUnsaved() {
	if w.unsaved {
		w.save()
	}
}

// publish sets the properties of the host that the page's scripts can read at any time.
func (w *widget) publish(s *chat.Screen) {
	if !w.published || s.State != w.publishedState {
		w.host.v.Set("state", string(s.State))
	}
	if !w.published || s.Unread != w.publishedUnread {
		w.host.v.Set("unread", s.Unread)
	}
	w.published, w.publishedState, w.publishedUnread = true, s.State, s.Unread
}

// sooner returns the earlier one of two times. A zero time counts as no time.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// trace logs an event for a site owner who debugs. It leaves out texts and masks the session.
func (w *widget) trace(e *protocol.Event) {
	if !w.options.Debug {
		return
	}
	switch e.Kind {
	case protocol.StateChanged:
		log("debug", "plura-chat", string(e.State))
	case protocol.SessionBegun:
		log("debug", "plura-chat", "session", e.Session.Masked(), "resumed", e.Resumed)
	case protocol.Ignored:
		log("debug", "plura-chat", "ignored", reasonOf(e.Err))
	}
}
