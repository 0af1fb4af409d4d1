package protocoltest

import (
	"fmt"
	"time"
)

// kickGrace is how long the server waits for the client's close frame after its
// own.
const kickGrace = 5 * time.Second

// Drop ends the connection at once, without a close frame. Frames that were sent
// before still arrive: always in memory, nearly always on a network.
func (c *Conn) Drop() { c.misbehave(Action{Do: Drop}, Event{}) }

// Cut drops the connection in the middle of a text frame.
func (c *Conn) Cut() {
	c.out.in(0, func() {
		if c.is(normal) {
			_ = c.wire.writeHalf(opText, encode(messageFrame{Type: "message", Content: "This never arrives."}))
			c.misbehave(Action{Do: Drop, At: MidFrame}, Event{Kind: Answer})
		}
	})
}

// Kick closes the connection with a close frame of that code, even if RFC 6455
// does not allow the code. It reads no further frames.
func (c *Conn) Kick(code int, reason string) {
	c.misbehave(Action{Do: Kick, Code: code, Reason: reason}, Event{})
}

// Swallow makes the connection half-open: nothing that the client sends is
// logged or answered, not even a ping or a close frame, and nothing is sent.
func (c *Conn) Swallow() { c.misbehave(Action{Do: Swallow}, Event{}) }

// Mute makes the connection half-open in the other direction: what the client
// sends is logged and added to the conversation, but nothing is sent.
func (c *Conn) Mute() { c.misbehave(Action{Do: Mute}, Event{}) }

// misbehave produces the fault act, and logs it as a fault in the handling of e.
func (c *Conn) misbehave(act Action, e Event) {
	select {
	case <-c.done:
		return
	default:
	}
	what := act.Do.String()
	if e.Kind != "" {
		what = fmt.Sprintf("%s %s %s", act.Do, act.At, e.Kind)
	}
	c.s.log(Event{Kind: Fault, Conn: c.number, Session: c.sessionID(), Flow: c.flow, ID: e.ID, Text: what})
	switch act.Do {
	case Drop, Refuse:
		c.mode.Store(kicked) // from now on, frames are neither handled nor written
		c.end("dropped")
	case Kick:
		c.mode.Store(kicked)
		c.wire.writeClose(act.code(), act.Reason)
		t := time.AfterFunc(kickGrace, func() { c.end("kicked, and the client did not close") })
		// The timer must not run after the connection has ended.
		go func() {
			<-c.done
			t.Stop()
		}()
	case Swallow, Hang:
		c.mode.Store(swallowing)
	case Mute:
		c.mode.Store(muted)
	}
}
