package widget

import (
	"os"
	"syscall/js"
	"time"

	"github.com/google/uuid"

	"plurachat/protocol"
	"plurachat/protocol/strictjson"
)

// widget is one chat on a page. Its loop is the one goroutine that touches what
// it owns; everything else only queues.
type widget struct {
	host    host
	scope   *scope
	queue   *queue
	quit    chan struct{}
	ended   bool
	options Options
	archive *Archive
	chat    *Chat
	view    *view
	line    Line

	paint   js.Func // queues a frame
	asked   bool    // a frame is asked for, by two ways:
	frame   js.Value
	timer   js.Value
	undrawn Batch
	calls   map[int]promise
	called  int
}

// promise is a call from the page that waits for its end.
type promise struct{ resolve, reject js.Value }

// newWidget adopts what the loader has drawn, and begins. newLine makes what
// carries the conversation and delivers its events to the widget's queue.
func newWidget(h host, newLine func(*widget, *Record) Line) *widget {
	w := &widget{host: h, queue: newQueue(), quit: make(chan struct{}), calls: map[int]promise{}}
	w.scope = newScope(h.v.Get("signal"), func(reason string) { w.queue.put(item{fault: reason}) })
	now := time.Now()

	words, in := w.readOptions()
	w.archive = &Archive{Store: openStore(w.options.Storage), Flow: w.options.Flow}
	record := w.archive.Load(now)
	w.archive.Prune(now)
	w.line = newLine(w, &record)

	w.paint = w.scope.fn(func([]js.Value) { w.queue.put(item{frame: true}) })
	wearStyle(h.v.Get("root"))
	w.view = newView(h, w.scope, w.want)
	w.view.dress(&w.options, &words, in)
	typed := w.view.text()
	if typed != "" {
		record.Draft = typed // what the visitor has written since is worth more than what was stored
	}
	w.chat = NewChat(now, Config{
		Options: w.options, Words: words, Record: record, Visible: tabVisible(),
		Open: h.v.Get("open").Bool(), NewKey: uuid.NewString, Offset: offsetAt,
	})
	w.take(now)
	w.undrawn.Input = w.undrawn.Input || typed == "" && record.Draft != ""
	w.draw(now)
	w.host.emit("ready", nil)
	w.takeQueue()
	go w.run()
	return w
}

// readOptions reads the attributes, warns of what is wrong with them, and finds
// the words.
func (w *widget) readOptions() (Words, *intl) {
	var warnings []Warning
	w.options, warnings = ParseOptions(w.host.attr, pageHost())
	for _, warning := range warnings {
		log("warn", warning.Text())
	}
	in := newIntl(language(&w.options))
	words := NewWords(translation(in.lang), w.options.Strings)
	words.Plural = in.plural
	return words, in
}

// newClient makes a client of this page's own. It sends nothing before the chat
// asks for it.
func newClient(w *widget, record *Record) Line {
	o := protocol.Options{
		Flow: w.options.Flow, SocketURL: w.options.SocketURL, SessionURL: w.options.SessionURL,
		NoReconnect: w.options.NoReconnect, Conversation: record.Conversation,
		Handle:   func(e protocol.Event) { w.queue.put(item{event: &e}) },
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
func (w *widget) want(i Intent) { w.queue.put(item{intent: &i}) }

// run is the loop.
func (w *widget) run() {
	defer w.rescue() // the conversation is stored by now: another life goes on with it
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		now := time.Now()
		if next := w.chat.Next(); !next.IsZero() {
			timer.Reset(max(next.Sub(now), 0))
		}
		select {
		case <-w.quit:
			return
		case <-w.queue.ready:
		case <-timer.C:
		}
		if w.ended {
			return
		}
		w.turn(time.Now())
	}
}

// turn takes everything that has queued.
func (w *widget) turn(now time.Time) {
	frame, changed := false, false
	for _, it := range w.queue.take() {
		switch {
		case it.intent != nil:
			w.chat.Do(now, *it.intent)
		case it.event != nil:
			w.trace(it.event)
			w.chat.Event(now, *it.event)
		case it.attr == "open":
			w.openChanged(now)
		case it.attr != "":
			changed = true
		case it.frame:
			frame = true
		case it.fault != "":
			panic(it.fault)
		}
	}
	if changed {
		words, in := w.readOptions()
		w.chat.SetOptions(now, w.options, words)
		w.view.dress(&w.options, &words, in)
	}
	w.chat.Tick(now)
	w.take(now)
	if frame || w.urgent() {
		w.draw(now)
	} else if w.undrawn.Drawn() || w.undrawn.Screen != w.view.now {
		w.ask()
	}
}

// openChanged follows the attribute that reflects whether the panel is open:
// mostly our own doing, and then nothing new.
func (w *widget) openChanged(now time.Time) {
	o, _ := ParseOptions(w.host.attr, "")
	if w.options.Open = o.Open; o.Open != w.view.now.Open {
		kind := WantClose
		if o.Open {
			kind = WantOpen
		}
		w.chat.Do(now, Intent{Kind: kind, Quiet: true})
	}
}

// take does what follows from what has happened, in the order in which it
// matters: what is stored cannot be lost any more, then what is sent, then who
// is told. Drawing comes after it.
func (w *widget) take(now time.Time) {
	b := w.chat.Take(now)
	if b.Forget {
		w.archive.Forget()
	}
	if b.Save {
		w.archive.Save(w.chat.Record())
	}
	for i := range b.Commands {
		b.Commands[i].Call(w.line)
	}
	w.host.v.Set("state", string(b.Screen.State))
	w.host.v.Set("unread", b.Screen.Unread)
	for _, e := range b.Emits {
		w.host.emit(e.Name, e.Detail)
	}
	for _, s := range b.Settled {
		w.settle(s)
	}
	if b.Sound {
		chime()
	}
	w.undrawn.Merge(&b)
}

// urgent reports whether to draw without waiting for a frame: what the visitor
// has just asked for, while the browser still knows that it was the visitor.
// (Phones show their keyboard for a focus that comes in that moment only.)
func (w *widget) urgent() bool {
	return w.undrawn.Focus != FocusNone || w.undrawn.Input || w.undrawn.Screen.Open != w.view.now.Open
}

// ask asks for a frame, once. Hidden tabs have none; a timer stands in.
func (w *widget) ask() {
	if w.asked {
		return
	}
	w.asked = true
	w.frame = js.Global().Call("requestAnimationFrame", w.paint)
	w.timer = js.Global().Call("setTimeout", w.paint, 150)
}

// unask takes back what was asked for and has not come.
func (w *widget) unask() {
	if w.asked {
		w.asked = false
		js.Global().Call("cancelAnimationFrame", w.frame)
		js.Global().Call("clearTimeout", w.timer)
	}
}

func (w *widget) draw(now time.Time) {
	b := w.undrawn
	w.unask()
	w.undrawn = Batch{Screen: b.Screen}
	if scrolled, atEnd := w.view.draw(&b); scrolled {
		w.chat.Do(now, Intent{Kind: Scrolled, On: atEnd})
		w.take(now)
		if w.undrawn.Screen != w.view.now {
			w.view.show(&w.undrawn.Screen)
		}
	}
}

// settle ends a call.
func (w *widget) settle(s Settlement) {
	p, ok := w.calls[s.Call]
	if !ok {
		return
	}
	delete(w.calls, s.Call)
	if s.Reason != "" {
		p.reject.Invoke(js.Global().Get("Error").New(s.Reason))
		return
	}
	p.resolve.Invoke(object(s.Detail))
}

// takeQueue takes the calls that the page made before there was anybody to take
// them.
func (w *widget) takeQueue() {
	queue := w.host.v.Get("queue")
	for queue.Length() > 0 {
		c := queue.Call("shift")
		w.call(c.Get("name").String(), c.Get("args"), promise{c.Get("resolve"), c.Get("reject")})
	}
}

// call takes a call from the page.
func (w *widget) call(name string, args js.Value, p promise) {
	intent := Intent{}
	switch name {
	case "open":
		intent.Kind = WantOpen
	case "close":
		intent.Kind = WantClose
	case "toggle":
		intent.Kind = WantToggle
	case "send":
		intent.Kind, intent.Text = CallSend, text(args.Index(0))
	case "identify":
		record, ok := jsonText(args.Index(0))
		if !ok {
			p.reject.Invoke(js.Global().Get("TypeError").New(`identify wants an object with a "phone"`))
			return
		}
		intent.Kind, intent.Text = CallIdentify, record
	case "reset":
		intent.Kind = CallReset
	case "transcript":
		p.resolve.Invoke(w.transcript())
		return
	default:
		p.reject.Invoke(js.Global().Get("TypeError").New("there is no method " + name))
		return
	}
	if intent.Kind < CallSend {
		w.want(intent)
		p.resolve.Invoke()
		return
	}
	w.called++
	intent.Call = w.called
	w.calls[w.called] = p
	w.want(intent)
}

// text is a value as a string, whatever it is.
func text(v js.Value) string {
	if v.Type() == js.TypeString {
		return v.String()
	}
	return js.Global().Call("String", v).String()
}

// jsonText is the JSON of an object from the page that can be lead data.
func jsonText(v js.Value) (s string, ok bool) {
	if v.Type() != js.TypeObject {
		return "", false
	}
	try(func() { s = js.Global().Get("JSON").Call("stringify", v).String() })
	record, err := strictjson.Parse(s)
	return s, err == nil && record.Get("phone").Text() != ""
}

func (w *widget) transcript() js.Value {
	list := js.Global().Get("Array").New()
	for _, m := range w.chat.Transcript() {
		list.Call("push", object([]Pair{{"id", m.ID}, {"from", m.From}, {"name", m.Name}, {"text", m.Text}, {"at", m.At}}))
	}
	return list
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

// destroy ends the widget: what is stored stays, on the page nothing does. It
// may be called from a callback.
func (w *widget) destroy() {
	if w.ended {
		return
	}
	w.ended = true
	w.archive.Save(w.chat.Record())
	close(w.quit)
	w.line.Close()
	w.unask()
	w.view.countInTitle(0)
	w.scope.close()
	for id, p := range w.calls {
		delete(w.calls, id)
		p.reject.Invoke(js.Global().Get("Error").New("the chat was destroyed"))
	}
}

// rescue stops a panic at the top of the loop.
func (w *widget) rescue() {
	v := recover()
	if v == nil {
		return
	}
	w.line.Close()
	fall(w.host, reasonOf(v))
}

// fall ends a widget that cannot go on, and says why.
func fall(h host, reason string) {
	log("error", "plura-chat: "+reason)
	h.emit("error", []Pair{{"code", "panic"}, {"message", reason}})
	if !h.fell(reason) {
		os.Exit(2) // the loader sees it, and begins anew
	}
}
