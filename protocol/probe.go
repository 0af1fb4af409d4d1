package protocol

import "time"

// probing is the state of the probe.
//
// A browser hides why a handshake failed: the server may be down, or it may
// refuse only this session. After refusalsToProbe consecutive failures, the
// Client dials a probe, which is a second connection with a new session. If the
// server answers the probe, the Client dials the stored session again. If that
// works, there was an outage, and the probe is dropped. If it fails while the
// probe is open, the server refuses the session, and the probe becomes the main
// connection.
type probing uint8

const (
	noProbe       probing = iota
	probeDue              // the next dial is the probe
	probeOpen             // dialled; the session frame has not arrived
	probeAnswered         // the stored session is being dialled again
)

func (c *Client) dialProbe(now time.Time) {
	url, err := c.url(c.o.Flow, "")
	if err != nil {
		c.giveUp(err)
		return
	}
	c.probing, c.lastDial = probeOpen, now
	c.probe = c.connect(url, "")
}

// probeReceived handles a frame of the probe, and keeps it in case the probe
// becomes the main connection.
func (c *Client) probeReceived(conn *connection, data string) {
	c.keepEarly(conn, data)
	switch f, err := decodeFrame(data); {
	case err != nil:
	case f.Type == FrameError:
		c.serverError(conn, f.Content)
	case f.Type == FrameSession && c.probing == probeOpen:
		c.probing = probeAnswered
		conn.phase, conn.since = replaying, time.Now()
		c.outage.errorAt = time.Time{}
		c.dialAt = conn.since // the stored session, again
	}
}

// probeClosed handles the end of the probe, before or after its session frame. In
// both cases there is an outage, and the session is kept.
func (c *Client) probeClosed() {
	c.probe, c.probing, c.refusals = nil, noProbe, 0
	if c.main == nil && c.dialAt.IsZero() { // else the next dial is under way, or planned
		c.scheduleDial()
	}
}

func (c *Client) dropProbe() {
	if c.probe != nil {
		c.probe.stop()
	}
	c.probe, c.probing = nil, noProbe
}

// resolveProbe advances the probe after the main connection has failed. It
// reports whether the probe has become the main connection.
func (c *Client) resolveProbe() bool {
	switch {
	case c.probing == probeAnswered && c.probe != nil && c.refusals > refusalsToProbe:
		conn := c.probe
		c.probe, c.probing, c.refusals = nil, noProbe, 0
		c.main = conn
		heard := conn.early
		conn.early, conn.heldBytes, conn.phase = nil, 0, awaitingSession
		for _, data := range heard {
			c.received(conn, data, true, time.Now())
		}
		return true
	case c.probing == probeAnswered: // the network failed in between
		c.dropProbe()
		c.refusals = 0
	case c.refusals >= refusalsToProbe && c.probing == noProbe:
		c.probing = probeDue
	}
	return false
}
