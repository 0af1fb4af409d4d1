package protocol

import "time"

// A browser hides why a handshake failed: the server may be down, or refuse
// just this session. After refusalsToProbe failures in a row one probe is
// dialled, with a new session. If it is answered, the stored session is dialled
// once more: if that works, it was an outage, and the probe is dropped; if it
// fails while the probe stays open, the session is refused, and the probe
// becomes the conversation.
type probing uint8

const (
	noProbe       probing = iota
	probeDue              // the next dial is the probe's
	probeOpen             // dialled, not answered
	probeAnswered         // the stored session is being dialled once more
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

// probeHeard keeps a frame for the case that the probe becomes the
// conversation.
func (c *Client) probeHeard(l *link, data string) {
	c.keepEarly(l, data)
	switch f, err := decodeFrame(data); {
	case err != nil:
	case f.Type == FrameError:
		c.serverError(l, f.Content)
	case f.Type == FrameSession && c.probing == probeOpen:
		c.probing = probeAnswered
		l.phase, l.since = settling, time.Now()
		c.outage.errorAt = time.Time{}
		c.dialAt = l.since // the stored session, once more
	}
}

// probeClosed: no answer, or an answer that did not last. Either way it is an
// outage, and the session is kept.
func (c *Client) probeClosed() {
	answered := c.probing == probeAnswered
	c.probe, c.probing, c.refusals = nil, noProbe, 0
	if !answered || (c.main == nil && c.dialAt.IsZero()) {
		c.dialLater()
	}
}

func (c *Client) dropProbe() {
	if c.probe != nil {
		c.probe.stop()
	}
	c.probe, c.probing = nil, noProbe
}

// afterRefusal decides what follows when the main link has failed. It reports
// whether the next step is taken care of.
func (c *Client) afterRefusal() bool {
	switch {
	case c.probing == probeAnswered && c.probe != nil && c.refusals > refusalsToProbe:
		l := c.probe
		c.probe, c.probing, c.refusals = nil, noProbe, 0
		c.main = l
		heard := l.early
		l.early, l.held, l.phase = nil, 0, greeting
		for _, data := range heard {
			c.received(l, data, true, time.Now())
		}
		return true
	case c.probing == probeAnswered: // nobody's fault: the network went away in between
		c.dropProbe()
		c.refusals = 0
	case c.refusals >= refusalsToProbe && c.probing == noProbe:
		c.probing = probeDue
	}
	return false
}
