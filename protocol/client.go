package protocol

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Client keeps one conversation going over whatever connections it takes. One
// goroutine owns its state; every method only queues, never blocks, and may be
// called from any goroutine.
type Client struct {
	o     Options
	queue *queue
	quit  chan struct{}
	end   sync.Once
	wg    sync.WaitGroup

	conv  Conversation
	state State

	wanted    bool // somebody has asked for a conversation
	suspended bool // the page is in the back/forward cache
	offline   bool // the browser says so; a hint
	waiting   bool // somebody sees that the connection is down
	gaveUp    bool // no session is to be had
	online    bool // a session was named at least once: "reconnecting", no more "connecting"

	main     *link
	attempt  int       // for the backoff
	dialAt   time.Time // when to dial next; zero: not at all
	lastDial time.Time

	probe    *link
	probing  probing
	refusals int // failures of the stored session in a row

	ticked     time.Time                // when the state was last looked at
	awoken     time.Time                // when a connection was last replaced after a sleep
	worked     time.Duration            // how long connections were seen to work, in sum
	firstWrite map[string]time.Duration // worked at the first write of each pending message
	silence    time.Duration            // how long a link may be silent while a message is unanswered

	outage  outage
	why     error  // of the newest failure, until it is told; nil: it is
	record  string // the lead data, which is kept out of errors
	refused bool   // gaveUp because of lead data: without it no connection is made

	initialising context.CancelFunc // not nil while session initialisation is under way
}

// outage is what is known of the time without a session.
type outage struct {
	told     string    // the newest reason that was told
	tellings int       // how many were
	failures int       // connections in a row that came to no session
	errorAt  time.Time // when the server sent an error instead of a new session; zero: it has not
	said     string    // the server's newest error
}

// NewClient checks the options and returns a Client that does nothing yet.
func NewClient(o Options) (*Client, error) {
	flow, err := ParseFlow(o.Flow)
	if err != nil {
		return nil, fmt.Errorf("flow id: %w", err)
	}
	o.Flow = flow
	o.defaults()
	c := &Client{o: o, queue: newQueue(), quit: make(chan struct{}), state: Idle, waiting: true, firstWrite: map[string]time.Duration{}, silence: silenceDeadline}
	c.conv = o.Conversation.Clone()
	for i := range c.conv.Entries {
		if e := &c.conv.Entries[i]; e.State == Sending && e.Writes > 0 {
			c.firstWrite[e.Key] = 0
		}
	}
	return c, nil
}

// Start begins to work; the Client connects when it is asked to.
func (c *Client) Start() { c.spawn(c.run) }

// Close ends everything and closes the socket. It does not wait; no event
// comes from what is called afterwards.
func (c *Client) Close() { c.end.Do(func() { close(c.quit) }) }

// Wait returns when every goroutine of a closed Client has ended.
func (c *Client) Wait() { c.wg.Wait() }

func (c *Client) spawn(f func()) {
	c.wg.Go(func() {
		if c.o.Panicked != nil {
			defer func() {
				if v := recover(); v != nil {
					c.Close()
					c.o.Panicked(v)
				}
			}()
		}
		f()
	})
}

// run is the goroutine that owns the state.
func (c *Client) run() {
	timer := time.NewTimer(0)
	defer c.hangUp()
	for {
		select {
		case <-c.quit:
			return
		case <-c.queue.ready:
		case <-timer.C:
		}
		l, slept := c.main, c.pass(time.Now())
		for _, f := range c.queue.take() {
			select {
			case <-c.quit:
				return
			default:
				f()
			}
		}
		now := time.Now()
		slept = c.pass(now) || slept
		if slept && l != nil && l == c.main {
			c.lose(l, errFrozen) // the server has missed heartbeats and let go
			c.dialNow()
		}
		c.due(now)
		c.tellState()
		timer.Reset(c.next(now))
	}
}

// hangUp ends every connection.
func (c *Client) hangUp() {
	for _, l := range []*link{c.main, c.probe} {
		if l != nil {
			l.stop()
		}
	}
	c.main, c.probe, c.probing, c.dialAt = nil, nil, noProbe, time.Time{}
	if c.initialising != nil {
		c.initialising()
		c.initialising = nil
	}
}

// emit folds an event into the Client's own conversation and passes it on.
func (c *Client) emit(e Event) {
	if e.Kind == Added { // by a key that was made for it, or looked for
		c.conv.insert(e.Entry, e.Before)
		c.conv.bound(&e.Entry)
	} else {
		c.conv.Apply(e)
	}
	c.o.Handle(e)
}

// trace tells a debug log about a frame.
func (c *Client) trace(direction, text string) {
	if c.o.Trace != nil {
		c.o.Trace(direction, text)
	}
}

// Connect asks for a connection: the visitor opened the panel, or there is a
// stored conversation. A Client that is down dials at once, at most every 2 s.
func (c *Client) Connect() {
	c.queue.put(func() {
		c.wanted, c.suspended = true, false
		c.hope()
		c.dialNow()
	})
}

// Send takes a message of the visitor under a key that is unique on this
// device. The Added event comes first, for the message to be stored before
// anything else happens to it; a key that is known already is ignored.
func (c *Client) Send(key, text string) {
	c.queue.put(func() {
		if c.conv.Index(key) >= 0 {
			return
		}
		c.emit(Event{Kind: Added, Entry: Entry{Key: key, Kind: Visitor, State: Sending, Text: text, At: time.Now()}})
		c.wanted, c.suspended = true, false
		c.carryOn()
	})
}

// Retry sends a failed message again, at the end of the conversation.
func (c *Client) Retry(key string) {
	c.queue.put(func() {
		if !c.has(key, Failed) {
			return
		}
		if l := c.main; l != nil {
			l.written = slices.DeleteFunc(l.written, func(w writing) bool { return w.key == key })
		}
		c.emit(Event{Kind: Retried, Key: key})
		c.wanted = true
		c.carryOn()
	})
}

// carryOn sends what is pending, or sees to a connection that does. Where none
// is to be had without lead data, it says so at once.
func (c *Client) carryOn() {
	if c.refused {
		c.failPending()
		return
	}
	c.gaveUp = false
	c.flush()
	c.dialNow()
}

// hope begins to try again after the Client has given up.
func (c *Client) hope() { c.gaveUp, c.refused = false, false }

// Remove takes a failed message out of the conversation.
func (c *Client) Remove(key string) {
	c.queue.put(func() {
		if c.has(key, Failed) {
			c.emit(Event{Kind: Removed, Key: key})
		}
	})
}

func (c *Client) has(key string, state Delivery) bool {
	i := c.conv.Index(key)
	return i >= 0 && c.conv.Entries[i].State == state
}

// Typing tells the inbox that the visitor is, or is no longer, typing. It says
// nothing while there is no connection; how often to call it is the caller's
// to decide.
func (c *Client) Typing(on bool) {
	c.queue.put(func() {
		if c.main != nil && c.main.phase == live {
			data := AppendTyping(nil, on)
			c.trace("→", "typing")
			c.write(c.main, data)
		}
	})
}

// Attention says whether somebody is waiting for the connection: the tab is
// visible, and the panel open or a message pending. It decides how patiently
// a lost connection is made again.
func (c *Client) Attention(waiting bool) {
	c.queue.put(func() { c.waiting = waiting })
}

// Network passes on the browser's "online" and "offline" events. They are
// hints: a connection that works is kept.
func (c *Client) Network(up bool) {
	c.queue.put(func() {
		c.offline = !up
		if up {
			c.dialNow()
		} else if c.main != nil {
			c.main.lastIn = time.Time{} // a frame from now on is proof of a network
		}
	})
}

// Wake says that the page is looked at again: after visibilitychange, resume
// or a pageshow from the back/forward cache. What fell due is done, a
// connection beyond its deadline is replaced, and a lost one made again, at
// once.
func (c *Client) Wake() {
	c.queue.put(func() {
		c.suspended = false
		now := time.Now()
		if l := c.main; l != nil && l.phase >= settling && now.Sub(l.beat) > suspendedAfter {
			c.lose(l, errFrozen) // the server has missed heartbeats and let go
		}
		c.dialNow()
	})
}

// Suspend closes the socket and keeps everything else, for a page that enters
// the back/forward cache; Wake goes on.
func (c *Client) Suspend() {
	c.queue.put(func() {
		if c.main != nil {
			c.lose(c.main, errReplaced)
		}
		c.dropProbe()
		c.suspended, c.dialAt = true, time.Time{}
	})
}

// Tick lets the Client look at the clock, from a timer that browsers do not
// throttle in hidden pages.
func (c *Client) Tick() { c.queue.put(func() {}) }

// Adopt continues in a session that the site's own server initialised: flow
// and session are the flow_id and session of its response. The session that is
// in use already is simply continued.
func (c *Client) Adopt(flow string, session SessionID) {
	c.queue.put(func() {
		c.wanted = true
		c.hope()
		if c.conv.Session != session {
			c.switchTo(flow, session, 0)
		}
		c.dialNow()
	})
}

// StartNew begins a new conversation below a divider; what was said stays.
func (c *Client) StartNew() {
	c.queue.put(func() {
		c.wanted = true
		c.hope()
		c.switchTo("", "", 0)
		c.dialNow()
	})
}

// Reset forgets the session, the transcript and what was still to be sent. The
// next Connect or Send begins anew.
func (c *Client) Reset() {
	c.queue.put(func() {
		c.hangUp()
		c.wanted, c.online, c.attempt, c.refusals, c.record = false, false, 0, 0, ""
		c.hope()
		c.outage, c.why = outage{}, nil
		clear(c.firstWrite)
		c.emit(Event{Kind: Forgotten})
	})
}

// switchTo makes the next connection one to another session, and draws the
// divider above it.
func (c *Client) switchTo(flow string, session SessionID, digest uint32) {
	if c.main != nil {
		c.lose(c.main, errReplaced)
	}
	c.dropProbe()
	c.refusals, c.attempt, c.lastDial = 0, 0, time.Time{}
	c.divide()
	c.emit(Event{Kind: Switched, Flow: flow, Session: session, Digest: digest})
}

// divide draws the divider of a new conversation, if there is anything above.
func (c *Client) divide() {
	if c.conv.begun() {
		c.emit(Event{Kind: Added, Entry: Entry{Key: c.o.NewKey(), Kind: Fresh, At: time.Now()}})
	}
}
