package protocol

import "time"

// dialNow is for acts of the visitor and other good news: a Client that is down
// dials at once, but not more often than every wakeEvery.
func (c *Client) dialNow() {
	if !c.mayDial() {
		return
	}
	now := time.Now()
	if c.main != nil {
		if c.main.phase != dialing || now.Sub(c.main.since) < wakeEvery {
			return
		}
		c.lose(c.main) // a dial that hangs from before the good news
	}
	if at := later(now, c.lastDial.Add(wakeEvery)); c.dialAt.IsZero() || at.Before(c.dialAt) {
		c.dialAt = at
	}
}

// mayDial reports whether a connection is wanted and possible. While the first
// session is being initialised, there is nothing to dial yet.
func (c *Client) mayDial() bool {
	return c.wanted && !c.suspended && !c.gaveUp && (c.initialising == nil || c.conv.Session != "")
}

// dial opens the main link, or the probe when it is the probe's turn.
func (c *Client) dial(now time.Time) {
	c.dialAt = time.Time{}
	if !c.mayDial() {
		return
	}
	if c.probing == probeDue {
		c.dialProbe(now)
		return
	}
	if c.main != nil || c.probing == probeOpen {
		return // one dial at a time: browsers queue a second one to the same host
	}
	flow := c.conv.Flow
	if c.conv.Session == "" || flow == "" {
		flow = c.o.Flow
	}
	url, err := c.url(flow, c.conv.Session)
	if err != nil {
		c.giveUp(err)
		return
	}
	c.lastDial = now
	c.main = c.connect(url, c.conv.Session)
}

func (c *Client) url(flow string, session SessionID) (string, error) {
	return Endpoint{SocketURL: c.o.SocketURL, Flow: flow, Session: session, NoReconnect: c.o.NoReconnect}.URL()
}

// giveUp ends all trying, until somebody asks again.
func (c *Client) giveUp(err error) {
	c.gaveUp, c.dialAt = true, time.Time{}
	c.emit(Event{Kind: Ignored, Err: err})
}

// dialLater sets the time of the next attempt.
func (c *Client) dialLater() {
	if !c.mayDial() {
		return
	}
	c.dialAt = time.Now().Add(backoff(c.attempt, c.waiting && !c.offline, c.o.Rand()))
	c.attempt++
}

// opened: the socket of a link is open.
func (c *Client) opened(l *link) {
	if l == c.main || l == c.probe {
		l.phase, l.since = greeting, time.Now()
	}
}

// lose gives a link up and sees to the next one.
func (c *Client) lose(l *link) { c.closed(l, nil) }

// closed: a link has ended, or is given up.
func (c *Client) closed(l *link, _ error) {
	l.stop()
	switch l {
	case c.probe:
		c.probeClosed()
	case c.main:
		c.main = nil
		c.stopWorking()
		if l.phase >= settling {
			if time.Since(l.since) > steadyAfter {
				c.attempt = 0
			}
			c.resolveReplay(l, true)
		} else if l.asked != "" && l.asked == c.conv.Session && !c.offline {
			c.refusals++
		}
		if !c.afterRefusal() {
			c.dialLater()
		}
	}
}

// steadyAfter is how long a connection must have lived for the backoff to
// begin anew: a server that accepts and throws out at once is not asked every
// few seconds.
const steadyAfter = 10 * time.Second

// due does everything whose time has come.
func (c *Client) due(now time.Time) {
	if l := c.main; l != nil {
		c.linkDue(l, now)
	}
	if l := c.probe; l != nil && l.phase == greeting && reached(now, l.since.Add(helloTimeout)) {
		c.lose(l)
	}
	if reached(now, c.dialAt) {
		c.dial(now)
	}
	c.failOverdue(now)
}

func (c *Client) linkDue(l *link, now time.Time) {
	switch {
	case l.phase == greeting && reached(now, l.since.Add(helloTimeout)),
		reached(now, l.silentAt):
		c.lose(l)
		return
	case l.phase == settling && reached(now, l.settled()):
		c.settle(l)
	case reached(now, l.flushAt):
		c.flush()
	}
	c.heartbeat(l, now)
}

// settled is when a replay is over: after some quiet, and in any case after a
// while.
func (l *link) settled() time.Time {
	quiet, end := later(l.since, l.lastIn).Add(replayQuiet), l.since.Add(replayAtMost)
	if end.Before(quiet) {
		return end
	}
	return quiet
}

// heartbeat sends one where it is due.
func (c *Client) heartbeat(l *link, now time.Time) {
	if l.phase >= settling && reached(now, l.beat.Add(HeartbeatEvery)) {
		l.beat = now
		c.trace("→", "heartbeat")
		c.write(l, AppendHeartbeat(nil, now, c.o.Offset()))
	}
}

// next is how long the Client may sleep.
func (c *Client) next(now time.Time) time.Duration {
	at := now.Add(time.Hour)
	sooner := func(t time.Time) {
		if !t.IsZero() && t.Before(at) {
			at = t
		}
	}
	sooner(c.dialAt)
	if l := c.main; l != nil {
		sooner(l.silentAt)
		sooner(l.flushAt)
		switch l.phase {
		case greeting:
			sooner(l.since.Add(helloTimeout))
		case settling:
			sooner(l.settled())
			fallthrough
		case live:
			sooner(l.beat.Add(HeartbeatEvery))
		}
	}
	if l := c.probe; l != nil && l.phase == greeting {
		sooner(l.since.Add(helloTimeout))
	}
	sooner(c.nextOverdue(now))
	return max(at.Sub(now), 0)
}

// tellState derives the state of the connection and tells when it has changed.
func (c *Client) tellState() {
	up := c.main != nil && c.main.phase >= settling
	s := Connecting
	switch {
	case c.gaveUp:
		s = GaveUp
	case !c.wanted:
		s = Idle
	case up && (!c.offline || !c.main.lastIn.IsZero()):
		s = Online
	case c.offline:
		s = Offline
	case c.online:
		s = Reconnecting
	}
	if s != c.state {
		c.state = s
		c.emit(Event{Kind: StateChanged, State: s})
	}
}

func reached(now, at time.Time) bool { return !at.IsZero() && !now.Before(at) }

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
