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
	returned        bool // the page is back from the back/forward cache, and has not loaded the stored conversation yet
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
	if h.isTouched() {
		w.unsaved = typed != stored.Draft
		stored.Draft = typed // the visitor typed, sent or removed it later than what is stored
	}
	w.chat = chat.New(now, chat.Config{
		Options: w.options, Words: words, Stored: stored, Visible: tabVisible(),
		Open: h.v.Get("open").Bool(), NewKey: uuid.NewString, Offset: offsetAt, OwnHost: h.ownHost,
	})
	w.joinTabs(now)
	w.ticker = newTicker(w.listeners, func() { w.queue.put(item{tick: true}) })
	w.ticker.setVisible(tabVisible())
	w.applyBatches(now)
	w.undrawn.Input = w.undrawn.Input || typed != stored.Draft
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
	w.options, warnings = chat.ParseOptions(w.host.attr, chat.Page{Host: pageHost(), IsColor: isColor})
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
