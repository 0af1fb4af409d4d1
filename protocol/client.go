package protocol

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Client keeps one conversation over any number of connections. One goroutine
// owns its state. Methods only queue, never block, and may be called from any
// goroutine.
type Client struct {
	o     Options
	queue *queue
	quit  chan struct{}
	end   sync.Once
	wg    sync.WaitGroup

	conv  Conversation
	state State

	wanted     bool // a conversation has been requested
	suspended  bool // the page is in the back/forward cache
	offline    bool // the browser reports no network; a hint
	waiting    bool // a visitor is waiting for the connection
	gaveUp     bool // a session could not be established
	hadSession bool // a session frame has arrived before: the state is Reconnecting instead of Connecting

	main     *connection
	attempt  int       // for the backoff
	dialAt   time.Time // when to dial next; zero: never
	lastDial time.Time

	cutInPause bool // the newest connection was lost while its replay had paused; the Client does not wait in the next one

	probe    *connection
	probing  probing
	refusals int // consecutive failures of the stored session

	countedAt    time.Time                // when countTime was last called
	replacedAt   time.Time                // when a connection was last replaced after a suspension
	workedFor    time.Duration            // total time for which connections have worked
	firstWrite   map[string]time.Duration // workedFor at the first write of each pending message
	silenceLimit time.Duration            // how long nothing may arrive while a message is not acknowledged

	outage      outage
	reason      error  // the newest failure that no StateChanged event has carried yet
	record      string // the lead data, which is removed from errors
	digest      uint32 // of record
	leadRefused bool   // gaveUp because the server refused lead data; no connection is made without it

	initialising context.CancelFunc // cancels session initialisation; nil if there is none
}

// outage describes the current period without a session.
type outage struct {
	lastReason string    // the newest reason in a StateChanged event
	reasons    int       // number of reasons in StateChanged events
	failures   int       // consecutive connections without a session frame
	errorAt    time.Time // when the server sent an error instead of a new session; zero: it has not
	lastError  string    // the server's newest error
}

// NewClient checks the options and returns a Client. [Client.Start] starts it.
func NewClient(o Options) (*Client, error) {
	flow, err := ParseFlow(o.Flow)
	if err != nil {
		return nil, fmt.Errorf("flow id: %w", err)
	}
	o.Flow = flow
	o.defaults()
	c := &Client{
		o: o, queue: newQueue(), quit: make(chan struct{}), conv: o.Conversation.Clone(), state: Idle, waiting: true,
		firstWrite: map[string]time.Duration{}, silenceLimit: silenceDeadline,
	}
	for i := range c.conv.Entries {
		if e := &c.conv.Entries[i]; e.State == Sending && e.Writes > 0 {
			c.firstWrite[e.Key] = 0
		}
	}
	return c, nil
}

// Start starts the Client's goroutine. The Client does not connect until a
// method requests it.
func (c *Client) Start() { c.spawn(c.run) }

// Close stops the Client and closes the socket. It does not wait. Methods that
// are called afterwards cause no events.
func (c *Client) Close() { c.end.Do(func() { close(c.quit) }) }

// Wait waits until all goroutines of a closed Client have ended.
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
	defer c.closeConnections()
	for {
		select {
		case <-c.quit:
			return
		case <-c.queue.ready:
		case <-timer.C:
		}
		conn, slept := c.main, c.countTime(time.Now())
		for _, f := range c.queue.drain() {
			select {
			case <-c.quit:
				return
			default:
				f()
			}
		}
		now := time.Now()
		slept = c.countTime(now) || slept
		if slept && conn != nil && conn == c.main {
			c.drop(conn, errFrozen) // the server has missed heartbeats and closed its end
			c.dialNow()
		}
		c.runDue(now)
		c.emitState()
		timer.Reset(c.next(now))
	}
}

// closeConnections closes all connections and cancels session initialisation.
func (c *Client) closeConnections() {
	for _, conn := range []*connection{c.main, c.probe} {
		if conn != nil {
			conn.stop()
		}
	}
	c.main, c.probe, c.probing, c.dialAt = nil, nil, noProbe, time.Time{}
	c.cancelInit()
}

// emit applies an event to the Client's own conversation and calls Handle.
func (c *Client) emit(e Event) {
	if e.Kind == Added { // the key is new: the caller has made it or looked for it
		c.conv.insert(e.Entry, e.Before)
		c.conv.dropExcess(&e.Entry)
	} else {
		c.conv.Apply(e)
	}
	c.o.Handle(e)
}

// trace writes a line about a frame to the debug log.
func (c *Client) trace(direction, text string) {
	if c.o.Trace != nil {
		c.o.Trace(direction, text)
	}
}

// Connect requests a connection. Call it when the visitor opens the panel, or
// when there is a stored conversation. A Client without a connection dials at
// once, at most every 2 s. If the server has refused lead data for the first
// session, Connect does not dial.
func (c *Client) Connect() { c.queue.put(c.connectNow) }

// ConnectAnonymous requests a connection as Connect does, and if the server has
// refused lead data, without it.
func (c *Client) ConnectAnonymous() {
	c.queue.put(func() {
		c.leadRefused = false
		c.connectNow()
	})
}

func (c *Client) connectNow() {
	c.wanted, c.suspended, c.gaveUp = true, false, c.leadRefused
	c.dialNow()
}

// Send sends a message of the visitor. key must be unique on this device; Send
// ignores a key that the conversation has already. The Added event comes first,
// so that the message can be stored before it is written.
func (c *Client) Send(key, text string) {
	c.queue.put(func() {
		if c.conv.Index(key) >= 0 {
			return
		}
		c.emit(Event{Kind: Added, Entry: Entry{Key: key, Kind: Visitor, State: Sending, Text: text, At: time.Now()}})
		c.wanted, c.suspended = true, false
		c.sendPending()
	})
}

// Retry sends a failed message again, at the end of the conversation.
func (c *Client) Retry(key string) {
	c.queue.put(func() {
		if !c.has(key, Failed) {
			return
		}
		if conn := c.main; conn != nil {
			conn.written = slices.DeleteFunc(conn.written, func(w writtenMessage) bool { return w.key == key })
		}
		c.emit(Event{Kind: Retried, Key: key})
		c.wanted = true
		c.sendPending()
	})
}

// sendPending writes the pending messages, or dials if there is no connection.
// If the server refused lead data, it fails them at once instead.
func (c *Client) sendPending() {
	if c.leadRefused {
		c.failPending()
		return
	}
	c.gaveUp = false
	c.flush()
	c.dialNow()
}

// allowDialing lets the Client dial again after it has given up. Call it where
// the session or other lead data is given, or the conversation was deleted.
func (c *Client) allowDialing() { c.gaveUp, c.leadRefused = false, false }

// Remove removes a failed message from the conversation.
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

// Typing sends whether the visitor is typing, for the inbox. It does nothing
// without a connection. The caller limits how often it is sent.
func (c *Client) Typing(on bool) {
	c.queue.put(func() {
		if c.main != nil && c.main.phase == live {
			data := AppendTyping(nil, on)
			c.trace("→", "typing")
			c.write(c.main, data)
		}
	})
}

// Attention reports whether a visitor is waiting for the connection: the tab is
// visible, and the panel is open or a message is pending. If so, the Client
// dials sooner after a lost connection.
func (c *Client) Attention(waiting bool) {
	c.queue.put(func() { c.waiting = waiting })
}

// Network reports the browser's "online" and "offline" events. They are hints:
// the Client keeps a connection that works.
func (c *Client) Network(up bool) {
	c.queue.put(func() {
		c.offline = !up
		if up {
			c.dialNow()
		} else if c.main != nil {
			c.main.lastIn = time.Time{} // a frame after this shows that there is a network
		}
	})
}

// Wake reports that the page is visible again, after visibilitychange, resume or
// a pageshow from the back/forward cache. The Client does at once what has
// become due, replaces a connection that is past its deadline, and dials if
// there is no connection.
func (c *Client) Wake() {
	c.queue.put(func() {
		c.suspended = false
		now := time.Now()
		if conn := c.main; conn != nil && conn.phase >= replaying && now.Sub(conn.heartbeatAt) > serverGoneAfter {
			c.drop(conn, errFrozen) // the server has missed heartbeats and closed its end
		}
		c.dialNow()
	})
}

// Suspend closes the socket and keeps the conversation, for a page that enters
// the back/forward cache. Wake connects again.
func (c *Client) Suspend() {
	c.queue.put(func() {
		c.dropBoth(errReplaced)
		c.suspended, c.dialAt = true, time.Time{}
	})
}

// Tick makes the Client do what has become due. Call it from a timer that
// browsers do not throttle in hidden pages.
func (c *Client) Tick() { c.queue.put(func() {}) }

// Adopt continues in a session that the site's own server has initialised. flow
// and session are flow_id and session of the response. If the session is already
// in use, Adopt only connects.
func (c *Client) Adopt(flow string, session SessionID) {
	c.queue.put(func() {
		c.wanted = true
		c.allowDialing()
		if c.conv.Session != session {
			c.switchTo(flow, session, 0)
		}
		c.dialNow()
	})
}

// StartNew starts a new conversation below a divider. Earlier entries stay. If
// the server has refused lead data, StartNew does not dial, as Connect.
func (c *Client) StartNew() {
	c.queue.put(func() {
		c.wanted, c.gaveUp = true, c.leadRefused
		c.switchTo("", "", 0)
		c.dialNow()
	})
}

// Reset deletes the session, the transcript and unsent messages. The next
// Connect or Send starts a new conversation.
func (c *Client) Reset() {
	c.queue.put(func() {
		c.closeConnections()
		c.wanted, c.hadSession, c.attempt, c.refusals, c.record, c.digest = false, false, 0, 0, "", 0
		c.allowDialing()
		c.outage, c.reason = outage{}, nil
		clear(c.firstWrite)
		c.emit(Event{Kind: Forgotten})
	})
}

// switchTo makes the next connection use another session, and adds a divider.
func (c *Client) switchTo(flow string, session SessionID, digest uint32) {
	c.dropBoth(errReplaced)
	c.refusals, c.attempt, c.lastDial = 0, 0, time.Time{}
	c.addDivider()
	c.emit(Event{Kind: Switched, Flow: flow, Session: session, Digest: digest})
}

// addDivider adds the divider of a new conversation, if there are messages above
// it.
func (c *Client) addDivider() {
	if c.conv.hasConfirmed() {
		c.emit(Event{Kind: Added, Entry: Entry{Key: c.o.NewKey(), Kind: Fresh, At: time.Now()}})
	}
}
