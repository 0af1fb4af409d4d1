package protocoltest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

// Conn is the server's end of one connection. Its methods may be called by any
// goroutine. After the connection has ended, they do nothing.
type Conn struct {
	s       *Server
	number  int
	flow    string
	session *session // set before the connection is live, nil until then
	wire    *wire
	mode    atomic.Int32
	out     queue     // writes the frames, in order
	beat    *deadline // ends the connection if no heartbeat arrives; see Options.HeartbeatTimeout
	idle    *deadline // closes the connection if no frame arrives; see Manners.CloseIdle
	done    chan struct{}

	// Counters for the server's manners. Only functions in out use them.
	numbers        map[string]int // the last id, by type of frame
	errors, blanks int            // number of error frames and of blank messages that were sent

	endOnce sync.Once
	why     string // why the connection has ended
}

// The modes of a connection.
const (
	normal     int32 = iota
	muted            // reads and logs, but sends nothing
	swallowing       // reads, but neither logs nor sends anything
	kicked           // the server has sent a close frame or dropped the connection
)

// is reports whether the connection is in the mode.
func (c *Conn) is(mode int32) bool { return c.mode.Load() == mode }

// Number returns the number of the connection's dial, counting from 1.
func (c *Conn) Number() int { return c.number }

// Session returns the id of the connection's session.
func (c *Conn) Session() string { return c.sessionID() }

func (c *Conn) sessionID() string {
	if c.session == nil {
		return ""
	}
	return c.session.id
}

// SendText sends a text without checking it. The server's [Manners] apply to its
// WebSocket frames.
func (c *Conn) SendText(raw string) { c.send(opText, []byte(raw)) }

// SendBinary sends a binary frame.
func (c *Conn) SendBinary(raw []byte) { c.send(opBinary, slices.Clone(raw)) }

func (c *Conn) send(op byte, raw []byte) { c.out.in(0, func() { c.write(op, raw) }) }

// write writes a frame. Only functions in c.out call it. If writing fails, it
// ends the connection, and drain logs the reason.
func (c *Conn) write(op byte, payload []byte) {
	if !c.is(normal) {
		return
	}
	if op == opText && c.s.manners.Load().ByteOrderMark {
		payload = append([]byte("\ufeff"), payload...)
	}
	if err := c.wire.write(op, payload); err != nil {
		c.end(err.Error())
	}
}

// end closes the connection. Then read returns, and drain cleans up.
func (c *Conn) end(why string) {
	c.endOnce.Do(func() {
		c.why = why
		c.mode.Store(kicked) // frames that have arrived but were not read are ignored
		close(c.done)
		c.wire.drop()
	})
}

// deliver queues a message or recv of the conversation. act is the fault to
// produce. If its Do is Pass, deliver calls the fault function.
func (c *Conn) deliver(kind Kind, t Turn, act Action) {
	c.out.in(0, func() {
		e := Event{Kind: kind, Conn: c.number, Session: c.session.id, Flow: c.flow, Text: t.Text, ID: t.ID}
		if act.Do == Pass && c.is(normal) {
			act = c.s.ask(e)
			c.s.pause(act.Wait, c.done)
		}
		c.transmit(e, c.frame(t, false), act)
	})
}

// transmit writes the frame of e and produces the fault act. Only functions in
// c.out call it.
func (c *Conn) transmit(e Event, frame []byte, act Action) {
	if !c.is(normal) {
		return
	}
	switch {
	case act.Do == Skip:
		c.misbehave(act, e)
		return
	case act.Do != Pass && act.At <= Logged:
		c.misbehave(act, e)
		return
	case act.Do == Drop && act.At == MidFrame:
		_ = c.wire.writeHalf(opText, frame)
		c.misbehave(act, e)
		return
	}
	for _, f := range c.before(e.Kind) {
		c.write(opText, f)
	}
	if e.Kind == Recv || e.Kind == Answer {
		c.s.log(e)
	}
	c.write(opText, frame)
	if act.Do != Pass {
		c.misbehave(act, e)
	}
}

// run opens the conversation and reads until the connection ends.
func (c *Conn) run(ss *session, resumed bool) {
	c.out.hold()
	if !c.open(ss, resumed) {
		c.drain()
		return
	}
	c.out.release()
	beats, m := c.s.heartbeats(), *c.s.manners.Load()
	c.beat = newDeadline(beats, func() {
		if c.is(swallowing) || c.is(kicked) {
			return // the server itself ignores the client's frames
		}
		c.s.violation(c.number, c.sessionID(), "", fmt.Errorf("no heartbeat for %v", beats))
		c.end("no heartbeat")
	})
	defer c.beat.stop()
	hangUp := func(why string) func() {
		return func() {
			if c.is(normal) {
				c.Kick(m.closeCode(), why)
			}
		}
	}
	c.idle = newDeadline(m.CloseIdle, hangUp("idle"))
	defer c.idle.stop()
	defer newDeadline(m.CloseAfter, hangUp("closed after a while")).stop()
	c.drain()
}

// open makes the connection live and queues its opening frames. It returns false
// if a fault or the end of the server prevents that. Then run only waits for the
// connection to end.
func (c *Conn) open(ss *session, resumed bool) bool {
	s := c.s
	e := Event{Kind: Open, Conn: c.number, Flow: c.flow}
	if ss != nil {
		e.Session = ss.id
	}
	act := s.ask(e)
	s.pause(act.Wait, c.done)
	if act.Do != Pass && act.Do != Skip && act.At <= Logged {
		c.misbehave(act, e)
		if act.Do != Mute {
			return false
		}
	}
	s.mu.Lock()
	replay, replayFor, greet := s.replay, s.replayFor, s.flow.Greet
	var record map[string]any
	if ss != nil {
		record = ss.record
	}
	s.mu.Unlock()
	greeting := greet(record)
	if resumed && replayFor != nil {
		replay = replayFor(e)
	}
	s.mu.Lock()
	if s.closed() {
		s.mu.Unlock()
		c.end("the server was closed")
		return false
	}
	if ss == nil {
		ss = s.newSession(c.flow)
		e.Session = ss.id
	}
	c.session = ss
	ss.conns = append(ss.conns, c)
	s.live[c] = struct{}{}
	first := encode(sessionFrame{"session", c.id("session", uuid.NewString()), ss.id})
	delays, frames := s.delays, c.opening(ss, replay, greeting)
	s.logLocked(e)
	at := act
	if act.At == After && act.Do != Pass {
		at = Action{}
	}
	// The queue is held, so that nothing is written while s.mu is locked.
	c.out.after(delays.Open, func() { c.transmit(e, first, at) })
	for _, f := range frames {
		c.out.after(delays.Between, func() { c.write(opText, f) })
	}
	if act.At == After && act.Do != Pass {
		c.out.after(0, func() { c.misbehave(act, e) })
	}
	s.mu.Unlock()
	return true
}

// drain reads and handles frames until the connection ends, and then cleans up.
func (c *Conn) drain() {
	why := c.read()
	c.end(why)
	c.out.stop()
	s := c.s
	s.mu.Lock()
	delete(s.live, c)
	if ss := c.session; ss != nil {
		ss.conns = slices.DeleteFunc(ss.conns, func(o *Conn) bool { return o == c })
	}
	s.logLocked(Event{Kind: Close, Conn: c.number, Session: c.sessionID(), Flow: c.flow, Text: c.why})
	s.mu.Unlock()
}

func (c *Conn) read() (why string) {
	for {
		op, raw, err := c.wire.read()
		if gone := (*closeError)(nil); errors.As(err, &gone) {
			if c.is(swallowing) || c.is(muted) {
				continue // as if the network were down: the client's close frame gets no answer
			}
			return gone.Error()
		}
		if bad := (*wireError)(nil); errors.As(err, &bad) {
			c.s.violation(c.number, c.sessionID(), "", bad)
			c.wire.writeClose(bad.code, bad.text)
			return bad.Error()
		}
		if err != nil {
			return "ended without a close frame: " + err.Error()
		}
		if !c.is(swallowing) && !c.is(kicked) {
			c.handle(op, raw)
		}
	}
}

// handle handles one WebSocket message of the client.
func (c *Conn) handle(op byte, raw []byte) {
	s := c.s
	f, err := parseClientFrame(raw)
	if op == opBinary {
		err = errors.New("a binary frame")
	}
	if err == nil && c.session == nil {
		err = errors.New("a frame on a connection that was refused")
	}
	if d := s.opts.StampTolerance; err == nil && d > 0 && f.kind == Heartbeat && time.Since(f.stamp).Abs() > d {
		err = fmt.Errorf("stamp %s is not the time in UTC", f.stamp.Format(stampLayout))
	}
	if err != nil {
		s.violation(c.number, c.sessionID(), string(raw), err)
		return
	}
	e := Event{Kind: f.kind, Conn: c.number, Session: c.sessionID(), Flow: c.flow, Text: f.text, Raw: string(raw)}
	if f.kind == Message {
		e.ID = uuid.NewString()
	}
	act := s.ask(e)
	if f.kind == Heartbeat || act.Wait > 0 {
		c.beat.postpone(act.Wait)
	}
	c.idle.postpone(act.Wait)
	s.pause(act.Wait, c.done)
	if act.At == Before && act.Do != Pass && act.Do != Mute && act.Do != Skip {
		c.misbehave(act, e)
		return
	}
	if f.kind == Message {
		s.receive(c, e, act)
		return
	}
	s.log(e)
	if act.Do != Pass && act.Do != Skip {
		c.misbehave(act, e)
	} else if act.Do == Pass && s.manners.Load().Recv == RecvAll {
		c.acknowledge(uuid.NewString(), f.body)
	}
}
