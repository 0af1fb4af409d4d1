package protocol

import (
	"time"

	"plurachat/protocol/strictjson"
)

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
		c.lose(c.main, errReplaced) // a dial that hangs from before the good news
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
	c.gaveUp, c.dialAt, c.why, c.outage.tellings = true, time.Time{}, err, 0
	c.failPending()
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
		l.beat = l.since.Add(firstBeat - HeartbeatEvery)
	}
}

// lose gives a link up and sees to the next one.
func (c *Client) lose(l *link, why error) { c.closed(l, why) }

// closed: a link has ended, or is given up.
func (c *Client) closed(l *link, why error) {
	l.stop()
	if l != c.main && l != c.probe {
		return // given up before
	}
	if c.why = why; l.phase < settling && !c.offline && why != errReplaced {
		c.failed()
	}
	switch l {
	case c.probe:
		c.probeClosed()
	case c.main:
		c.main = nil
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

// failed counts the connections that came to no session, and tells the site
// owner once in an outage what there is to check.
func (c *Client) failed() {
	if c.outage.failures++; c.outage.failures == failuresToTell {
		c.emit(Event{Kind: Reported, Reason: CodeConnection, Err: ErrUnreachable})
	}
}

// serverError passes the server's error on to the site owner, once.
func (c *Client) serverError(l *link, message string) {
	if c.record != "" {
		v, _ := strictjson.Parse(c.record)
		message = scrub(message, v)
	}
	if message == "" {
		message = "no message"
	}
	if l.phase < settling && l.asked == "" && c.outage.errorAt.IsZero() {
		c.outage.errorAt = time.Now()
	}
	if message == c.outage.said || l.errors == errorsAtMost {
		return
	}
	l.errors++
	c.outage.said = message
	c.emit(Event{Kind: Reported, Reason: CodeServer, Err: &ServerError{message}})
}

// errorsAtMost is how many errors of one connection the site owner is told.
const errorsAtMost = 8

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
		c.lose(l, errNoSession)
	}
	if reached(now, c.outage.errorAt.Add(errorPatience)) && !c.outage.errorAt.IsZero() {
		c.outage.errorAt = time.Time{}
		if c.main != nil {
			c.lose(c.main, errNoSession)
		}
		c.dropProbe()
		c.giveUp(&ServerError{c.outage.said})
	}
	if reached(now, c.dialAt) {
		c.dial(now)
	}
	c.failOverdue()
}

func (c *Client) linkDue(l *link, now time.Time) {
	switch {
	case l.phase == greeting && reached(now, l.since.Add(helloTimeout)):
		c.lose(l, errNoSession)
		return
	case reached(now, l.silentAt):
		c.silence = silenceAtMost // the next one is not as likely dead as slow
		c.lose(l, errSilent)
		return
	case l.phase == settling && reached(now, l.settled()):
		c.settle(l)
	case reached(now, l.believeAt):
		c.believe(l, now)
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
	if !c.outage.errorAt.IsZero() {
		sooner(c.outage.errorAt.Add(errorPatience))
	}
	if l := c.main; l != nil {
		sooner(l.silentAt)
		sooner(l.flushAt)
		sooner(l.believeAt)
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
	var why error
	again := c.outage.tellings < tellingsAtMost && !c.offline && c.why != nil && c.why.Error() != c.outage.told
	if c.why != nil && s != Online && (s != c.state || again) {
		why, c.outage.told = c.why, c.why.Error()
		c.outage.tellings++
	}
	c.why = nil
	if s != c.state || why != nil {
		c.state = s
		c.emit(Event{Kind: StateChanged, State: s, Err: why})
	}
}

// pass takes the time since the last look at the state, and reports whether the
// page or the device was asleep meanwhile. Towards the working time of the
// connection and towards its silence it counts no more than a page that is awake
// lets pass, where a heartbeat is due so often. The monotonic clocks of some
// devices stand still during a sleep, so the wall clock is compared too.
func (c *Client) pass(now time.Time) (slept bool) {
	last := c.ticked
	c.ticked = now
	if c.main == nil || c.main.phase < settling || last.IsZero() {
		return false
	}
	gone := max(now.Sub(last), time.Duration(now.UnixMilli()-last.UnixMilli())*time.Millisecond)
	awake := min(gone, HeartbeatEvery+time.Second)
	if c.main.phase == live {
		c.worked += awake
	}
	if gone > awake && !c.main.silentAt.IsZero() { // what came meanwhile is yet to be heard
		c.main.silentAt = later(c.main.silentAt.Add(gone-awake), now.Add(wakeEvery))
	}
	if gone <= suspendedAfter {
		return false
	}
	if !c.waiting && now.Sub(c.awoken) < sleepsEvery {
		return false // a hidden page whose timers are slowed down looks the same
	}
	c.awoken = now
	return true
}

// tellingsAtMost is how many reasons are told in an outage: why the connection was
// lost, and why there is no other.
const tellingsAtMost = 2

// sleepsEvery is how often a connection is replaced at most because of a sleep,
// where nobody is waiting.
const sleepsEvery = 10 * time.Minute

func reached(now, at time.Time) bool { return !at.IsZero() && !now.Before(at) }

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
