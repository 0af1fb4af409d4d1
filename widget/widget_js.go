package widget

import (
	"slices"
	"syscall/js"
	"time"

	"github.com/google/uuid"

	"plurachat/protocol"
	"plurachat/widget/backend"
	"plurachat/widget/chat"
	"plurachat/widget/tabs"
	"plurachat/widget/words"
)

// widget is one chat on a page. Its loop is the one goroutine that touches what
// it owns; everything else only queues.
type widget struct {
	host    host
	scope   *scope
	queue   *queue
	quit    chan struct{}
	ended   bool
	options chat.Options
	warned  []chat.Warning // that the console shows already
	archive *chat.Archive
	chat    *chat.Chat
	view    *view

	newBackend func(*widget, *chat.Stored) backend.Backend
	backend    backend.Backend // nil in a tab that mirrors another one
	generation int             // of the backend; events of an earlier one are ignored
	tab        *tabs.Tab
	channel    *channel // to the other tabs; nil: there are none
	away       bool     // the page is in the back/forward cache
	ticker     *ticker

	scheduler *scheduler
	pace      pace // of dealing with what has queued
	began     time.Time
	onlineAt  time.Time // when the chat was first seen to be; zero: not yet
	undrawn   chat.Batch
	unsaved   bool // the record has what the store has not
	told      bool // the page knows state and unread:
	state     protocol.State
	unread    int
	read      string // the read mark that the other tabs know
	calls     map[int]promise
	called    int
}

// newWidget adopts what the loader has drawn, and begins. newBackend makes what
// carries the conversation and delivers its events to the widget's queue.
func newWidget(h host, newBackend func(*widget, *chat.Stored) backend.Backend) *widget {
	w := &widget{host: h, newBackend: newBackend, queue: newQueue(), quit: make(chan struct{}), began: time.Now(), calls: map[int]promise{}}
	w.scope = newScope(h.v.Get("signal"), func(reason string) { w.queue.put(item{fault: reason}) })
	now := w.began

	words, in := w.readOptions()
	w.archive = &chat.Archive{Store: openStore(w.options.Storage), Flow: w.options.Flow}
	record := w.archive.Load(now)
	w.archive.Prune(now)

	w.pace = pace{turn: 15 * time.Millisecond, least: 140, most: 600}
	w.scheduler = newScheduler(w.scope, w.queue)
	w.view = newView(h, w.scope, w.want)
	w.view.dress(&w.options, &words, in)
	typed := w.view.text()
	if typed != "" {
		record.Draft = typed // what the visitor has written since is worth more than what was stored
	}
	w.chat = chat.New(now, chat.Config{
		Options: w.options, Words: words, Stored: record, Visible: tabVisible(),
		Open: h.v.Get("open").Bool(), NewKey: uuid.NewString, Offset: offsetAt, OwnHost: h.ownHost,
	})
	w.joinTabs(now)
	w.ticker = newTicker(w.scope, func() { w.queue.put(item{tick: true}) })
	w.ticker.shown(tabVisible())
	if on := js.Global().Get("navigator").Get("onLine"); on.Type() == js.TypeBoolean && !on.Bool() {
		w.chat.Do(now, chat.Intent{Kind: chat.NetworkIsUp})
	}
	w.take(now)
	w.undrawn.Input = w.undrawn.Input || typed == "" && record.Draft != ""
	w.scheduler.requestFrame() // in a task of its own: what the facade shows is right for so long, and the connection is dialled meanwhile
	w.host.emit(chat.Emit{Name: "ready"})
	w.takeQueue()
	go w.run()
	return w
}

// readOptions reads the attributes, warns of what is wrong with them, and finds
// the words.
func (w *widget) readOptions() (words.Language, *intl) {
	var warnings []chat.Warning
	w.options, warnings = chat.ParseOptions(w.host.attr, pageHost())
	for _, warning := range warnings {
		if !slices.Contains(w.warned, warning) {
			log("warn", warning.Text())
		}
	}
	w.warned = warnings
	in := newIntl(language(&w.options))
	words := words.New(translation(in.lang), w.options.Strings)
	words.Plural = in.plural
	return words, in
}

// newClient makes a client of this page's own. It sends nothing before the chat
// asks for it.
func newClient(w *widget, record *chat.Stored) backend.Backend {
	generation := w.generation
	o := protocol.Options{
		Flow: w.options.Flow, SocketURL: w.options.SocketURL, SessionURL: w.options.SessionURL,
		NoReconnect: w.options.NoReconnect, Anonymous: w.options.Anonymous, Conversation: record.Conversation,
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

// want queues an intent.
func (w *widget) want(i chat.Intent) { w.queue.put(item{intent: &i}) }

// run is the loop.
func (w *widget) run() {
	defer w.rescue() // the conversation is stored by now: another life goes on with it
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
			if w.chat.Visible() && w.queue.patient() {
				w.scheduler.requestFrame()
				continue
			}
		case <-timer.C:
		}
		if w.ended {
			return
		}
		w.turn(time.Now())
	}
}

// turn takes what has queued, or as much of it as nobody notices.
func (w *widget) turn(now time.Time) {
	changed := false
	items, frame, more := w.queue.take(w.pace.now())
	for i := range items {
		it := &items[i]
		if w.ended {
			return // a listener of the page's has destroyed the chat
		}
		switch {
		case it.intent != nil:
			w.intend(now, it.intent)
		case it.event != nil:
			if it.generation == w.generation {
				w.tab.Handle(it.event)
			}
		case it.idle:
			w.scheduler.idleTaken()
			w.view.log.drawIdle()
			w.drawWhenIdle()
		case it.tick:
			if w.backend != nil {
				w.backend.Tick()
			}
		case it.message != "":
			w.tab.Received(now, it.message)
		case it.lock != 0:
			w.lockChanged(now, it.lock)
		case it.attr == "open":
			w.openChanged(now)
		case it.attr != "":
			changed = true
		case it.fault != "":
			w.keep()
			panic(it.fault)
		}
	}
	if changed {
		words, in := w.readOptions()
		w.chat.SetOptions(now, w.options, words)
		w.view.dress(&w.options, &words, in)
	}
	w.chat.Tick(now)
	w.tab.Tick(now)
	w.take(now)
	if w.ended {
		return
	}
	w.pace.took(len(items), time.Since(now))
	switch {
	case w.urgent() || frame && !w.awaits(now):
		w.draw(now)
	case frame:
		w.scheduler.cancelFrame()
	}
	if more {
		w.scheduler.yieldTask(w.chat.Visible())
	}
	if w.unsaved || w.undrawn.NeedsDrawing() || w.undrawn.Screen != w.view.now {
		w.scheduler.requestFrame()
	}
}

// openChanged follows the attribute that reflects whether the panel is open:
// mostly our own doing, and then nothing new.
func (w *widget) openChanged(now time.Time) {
	o, _ := chat.ParseOptions(w.host.attr, "")
	if w.options.Open = o.Open; o.Open != w.view.now.Open {
		kind := chat.WantClose
		if o.Open {
			kind = chat.WantOpen
		}
		w.chat.Do(now, chat.Intent{Kind: kind, Quiet: true})
	}
}

// intend takes an intent, and what it means for the other tabs.
func (w *widget) intend(now time.Time, i *chat.Intent) {
	w.chat.Do(now, *i)
	switch i.Kind {
	case chat.TabShown:
		w.tab.Show(now, i.On, w.chat.Reading())
		w.ticker.shown(i.On)
	case chat.PageHidden:
		w.take(now)
		w.pageLeaves(now)
	case chat.PageBack:
		w.pageReturns()
	}
}

// take does what follows from what has happened, in this tab and in the others.
func (w *widget) take(now time.Time) {
	if w.collect(now); !w.ended {
		w.deliver(now)
	}
}

// collect does what follows from what has happened to the chat, in the order in
// which it matters: what is stored cannot be lost any more, then what is sent,
// then who is told. Drawing comes after it.
func (w *widget) collect(now time.Time) {
	b := w.chat.Take(now)
	holding := w.tab.Holding()
	if b.Forget && holding {
		w.archive.Forget()
	}
	if w.unsaved = w.unsaved || b.SaveLater; b.Save {
		w.save()
	}
	for i := range b.Commands {
		w.tab.Command(now, b.Commands[i])
	}
	if read := w.chat.Stored().Read; read != w.read {
		w.read = read
		w.tab.Read(read)
	}
	w.tell(&b.Screen)
	w.host.emit(b.Emits...)
	for _, e := range b.Emits {
		if e.Name == "error" {
			log("error", "plura-chat: "+e.Detail[1].Value.(string))
		}
	}
	for _, s := range b.Settled {
		w.settle(s)
	}
	if b.Download {
		w.view.download(w.chat.TranscriptText(), now)
	}
	if b.Sound && w.tab.Alone() {
		chime()
	}
	if !holding {
		b.Screen.InTitle = 0 // one tab of the visitor's says it
	}
	if w.undrawn.Merge(&b); w.undrawn.Stale() {
		w.undrawn.Rows = nil
		w.chat.Redraw(now)
		anew := w.chat.Take(now)
		w.undrawn.Merge(&anew)
	}
}

// save stores the record.
func (w *widget) save() {
	w.unsaved = false
	if w.tab.Holding() {
		w.archive.Save(w.chat.Stored())
	} else {
		w.archive.SaveAsMirror(w.chat.Stored())
	}
}

// keep stores what has waited for it.
func (w *widget) keep() {
	if w.unsaved {
		w.save()
	}
}

// tell shows the page's script what it may ask for at any time.
func (w *widget) tell(s *chat.Screen) {
	if !w.told || s.State != w.state {
		w.host.v.Set("state", string(s.State))
	}
	if !w.told || s.Unread != w.unread {
		w.host.v.Set("unread", s.Unread)
	}
	w.told, w.state, w.unread = true, s.State, s.Unread
}

func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// trace tells an owner who debugs what happens, without texts and whole ids.
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
