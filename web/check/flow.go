package check

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"plurachat/protocol"
)

// Steps of the beginning of a conversation.
const (
	stepSocket  = "connection"
	stepSession = "session"
	stepOwner   = "chat owner"
	stepFirst   = "first message"
	stepOrder   = "order of the first frames"
)

const (
	docSocket  = "the server accepts the connection, without a redirect"
	docSession = "the first frame is the session with its id"
	docOwner   = "the second frame is the chat owner"
	docFirst   = "the third frame is a message"
	docOrder   = "session, chatowner, message"
)

// How long the check waits. The widget waits 10 s for the session and 15 s for the connection.
const (
	openTime   = 20 * time.Second
	frameTime  = 12 * time.Second
	answerTime = 30 * time.Second
	settleTime = time.Second
)

// flowCheck is one run of [Checker.Flow].
type flowCheck struct {
	recorder
	o       FlowOptions
	client  *http.Client
	tap     *tap
	flow    string             // the flow, or the instance from session initialisation
	session protocol.SessionID // empty: there is none yet
	talking *protocol.Client
}

// Flow holds a conversation with a flow, step by step, and returns what it finds. It starts one conversation, sends one
// message, and initialises one session if there is a phone number. If ctx ends, it returns what it has found so far.
func (c *Checker) Flow(ctx context.Context, o FlowOptions) (Report, error) {
	o, err := ParseFlowOptions(o)
	if err != nil {
		return Report{}, err
	}
	client := c.client()
	f := &flowCheck{o: o, client: client, tap: newTap(client, o.Origin), flow: o.Flow}
	f.ctx, f.heard, f.phone = ctx, c.Heard, strings.TrimPrefix(o.Phone, "+")
	f.run()
	return f.report(), nil
}

func (f *flowCheck) run() {
	f.preflight()
	if !f.initialise() {
		f.skip(stepSocket, docSocket, "there is no session")
		return
	}
	if conn, ok := f.begin(); ok {
		f.message(conn)
		f.typing(conn)
		f.ids(conn)
		f.heartbeat(conn)
		f.hangUp()
		f.resume()
	}
	f.hangUp()
	f.frames()
}

// dial starts a client like the page's, for a new conversation or that of f.session, and lets it dial once. It returns
// the connection, and whether it is open.
func (f *flowCheck) dial() (*tapped, bool) {
	o := protocol.Options{
		Flow: f.o.Flow, SocketURL: f.o.SocketURL, Dialer: f.tap, Handle: f.tap.handle,
		Conversation: protocol.Conversation{Session: f.session, Flow: f.flow},
	}
	client, err := protocol.NewClient(o)
	if err != nil {
		f.wrong(stepSocket, docSocket, err.Error(), "correct the flow id")
		return nil, false
	}
	n := len(f.tap.conns)
	f.tap.change(func() { f.tap.allowed = true })
	f.talking = client
	client.Start()
	client.Connect()
	f.tap.wait(f.ctx, openTime, func() bool {
		return len(f.tap.conns) > n && !(f.tap.conns[n].opened.IsZero() && f.tap.conns[n].closed.IsZero())
	})
	f.tap.mu.Lock()
	defer f.tap.mu.Unlock()
	if len(f.tap.conns) == n {
		return nil, false // the check was stopped
	}
	return f.tap.conns[n], !f.tap.conns[n].opened.IsZero()
}

// hangUp closes the connection, as a page does that is left.
func (f *flowCheck) hangUp() {
	if f.talking != nil {
		f.talking.Close()
		f.talking.Wait()
		f.talking = nil
	}
}

// begin connects and waits for the first three frames. It returns false if the conversation cannot continue.
func (f *flowCheck) begin() (*tapped, bool) {
	conn, ok := f.dial()
	if conn == nil {
		return nil, false
	}
	if !ok {
		f.wrong(stepSocket, docSocket, f.ending(conn), "check the socket URL, the flow id and the network")
		return conn, false
	}
	how := "open after " + seconds(conn.opened.Sub(conn.dialed))
	if strings.Contains(conn.header.Get("Sec-WebSocket-Extensions"), "permessage-deflate") {
		how += ", compressed"
	}
	f.right(stepSocket, docSocket, how)
	session, ok := f.expect(conn, stepSession, docSession, protocol.FrameSession, Wrong)
	if !ok {
		return conn, false
	}
	f.checkSession(session)
	f.expect(conn, stepOwner, docOwner, protocol.FrameChatOwner, Odd)
	if _, ok := f.expect(conn, stepFirst, docFirst, protocol.FrameMessage, Odd); ok {
		f.order(conn)
	}
	return conn, true
}

// checkSession stores the id of the session. If one was initialised, the server should continue it.
func (f *flowCheck) checkSession(h heard) {
	const step, doc = "initialised session", "the connection continues the session that was initialised"
	if f.session != "" {
		if h.frame.Session == f.session {
			f.right(step, doc, "the same session")
		} else {
			f.wrong(step, doc, "another session, so the lead data is lost", "report this to the service")
		}
	}
	f.session = h.frame.Session
}

// expect waits for the first frame of a type, and adds a finding. absent is the verdict if it does not come while the
// connection lasts.
func (f *flowCheck) expect(conn *tapped, step, doc string, kind protocol.FrameType, absent Verdict) (h heard, ok bool) {
	f.tap.wait(f.ctx, frameTime, func() bool {
		h, ok = conn.find(0, kind)
		return ok || !conn.closed.IsZero()
	})
	switch {
	case ok:
		f.right(step, doc, "after "+seconds(h.at.Sub(conn.opened)))
	case f.lost(conn):
		f.wrong(step, doc, f.ending(conn), "check that the flow is published; then report this to the service")
	default:
		f.add(step, doc, "none within "+seconds(frameTime), absent,
			"check that the flow is published and has this part")
	}
	return h, ok
}

// find returns the first frame of a type that the server has sent, from a position on, and that has content. tap.mu is
// held.
func (c *tapped) find(from int, kind protocol.FrameType) (heard, bool) {
	i := slices.IndexFunc(c.frames, func(h heard) bool {
		return h.sent == "" && h.frame.Type == kind && h.err == nil && !h.blank && h.n >= from
	})
	if i < 0 {
		return heard{}, false
	}
	return c.frames[i], true
}

// order compares the order of the first frames, without those that the widget ignores.
func (f *flowCheck) order(conn *tapped) {
	f.tap.mu.Lock()
	var types []string
	for _, h := range conn.frames {
		if h.sent == "" && h.err == nil && !h.blank && h.frame.Type != protocol.FrameError {
			types = append(types, string(h.frame.Type))
		}
	}
	f.tap.mu.Unlock()
	got := strings.Join(types[:min(3, len(types))], ", ")
	if got == docOrder {
		f.right(stepOrder, docOrder, got)
	} else {
		f.odd(stepOrder, docOrder, got, "nothing; the widget accepts any order")
	}
}

// lost reports whether a connection has ended.
func (f *flowCheck) lost(conn *tapped) bool {
	f.tap.mu.Lock()
	defer f.tap.mu.Unlock()
	return !conn.closed.IsZero()
}

// ending says how a connection has ended, or that it was not answered.
func (f *flowCheck) ending(conn *tapped) string {
	f.tap.mu.Lock()
	defer f.tap.mu.Unlock()
	if conn.closed.IsZero() {
		return "no answer within " + seconds(openTime)
	}
	return conn.why()
}
