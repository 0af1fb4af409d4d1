package protocol

import (
	"time"

	"plurachat/protocol/strictjson"
)

// dialNow dials at once if there is no connection, but at most once in
// dialInterval. Call it for acts of the visitor, and when the network returns.
func (c *Client) dialNow() {
	if !c.mayDial() {
		return
	}
	now := time.Now()
	if c.main != nil {
		if c.main.phase != dialing || now.Sub(c.main.since) < dialInterval || c.probing == probeAnswered {
			return
		}
		c.drop(c.main, errReplaced) // an older dial that has not finished
	}
	if at := later(now, c.lastDial.Add(dialInterval)); c.dialAt.IsZero() || at.Before(c.dialAt) {
		c.dialAt = at
	}
}

// mayDial reports whether a connection is requested and possible. It is not
// possible while the first session is being initialised.
func (c *Client) mayDial() bool {
	return c.wanted && !c.suspended && !c.gaveUp && (c.initialising == nil || c.conv.Session != "")
}

// dial opens the main connection, or the probe if one is due.
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
		return // one dial at a time: browsers delay a second one to the same host
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

// giveUp stops dialling and fails the pending messages. Only a call of allowDialing,
// connectNow, StartNew or sendPending starts dialling again.
func (c *Client) giveUp(err error) {
	c.gaveUp, c.dialAt, c.reason, c.outage.reasons = true, time.Time{}, err, 0
	c.failPending()
}

// scheduleDial sets the time of the next attempt.
func (c *Client) scheduleDial() {
	if !c.mayDial() {
		return
	}
	c.dialAt = time.Now().Add(backoff(c.attempt, c.waiting && !c.offline, c.o.Rand()))
	c.attempt++
}

// opened handles the open socket of a connection.
func (c *Client) opened(conn *connection) {
	if conn == c.main || conn == c.probe {
		conn.phase, conn.since = awaitingSession, time.Now()
		conn.heartbeatAt = conn.since.Add(firstHeartbeat - HeartbeatEvery)
	}
}

// drop closes a connection and schedules the next one.
func (c *Client) drop(conn *connection, why error) { c.closed(conn, why) }

// dropBoth closes the main connection and the probe.
func (c *Client) dropBoth(why error) {
	if c.main != nil {
		c.drop(c.main, why)
	}
	c.dropProbe()
}

// closed handles the end of a connection.
func (c *Client) closed(conn *connection, why error) {
	conn.stop()
	if conn != c.main && conn != c.probe {
		return // dropped before
	}
	c.reason = why
	failed := conn.phase < replaying && !c.offline && why != errReplaced
	if failed {
		c.countFailure()
	}
	if conn == c.probe {
		c.probeClosed()
		return
	}
	c.main = nil
	if conn.phase >= replaying {
		if time.Since(conn.since) > steadyAfter {
			c.attempt = 0
		}
		c.resolveReplay(conn, true)
	} else if failed && conn.requested != "" && conn.requested == c.conv.Session {
		c.refusals++
	}
	if !c.resolveProbe() {
		c.scheduleDial()
	}
}

// countFailure counts connections without a session frame. After failuresToReport of them, it reports to the site owner
// what to check, once in an outage.
func (c *Client) countFailure() {
	if c.outage.failures++; c.outage.failures == failuresToReport {
		c.emit(Event{Kind: Reported, Reason: CodeConnection, Err: ErrUnreachable})
	}
}

// serverError reports an error of the server to the site owner, unless it is the same as the one before.
func (c *Client) serverError(conn *connection, message string) {
	record, _ := strictjson.Parse(c.record) // it was parsed when it was given
	message = scrub(message, record)
	if message != "" && c.record == "" && c.mayHaveLead() {
		message = hidden
	}
	if message == "" {
		message = "no message"
	}
	if conn.phase < replaying && conn.requested == "" && c.outage.errorAt.IsZero() {
		c.outage.errorAt = time.Now()
	}
	if message == c.outage.lastError || conn.errors == maxErrors {
		return
	}
	conn.errors++
	c.outage.lastError = message
	c.emit(Event{Kind: Reported, Reason: CodeServer, Err: &ServerError{message}})
}

// mayHaveLead reports whether the server has lead data of the visitor. After a
// reload, and in another tab, the Client does not have it, and cannot remove it
// from what the server says.
func (c *Client) mayHaveLead() bool { return c.record != "" || c.conv.Digest != 0 }

// maxErrors is the number of errors of one connection that are reported to
// the site owner.
const maxErrors = 8

// steadyAfter is how long a connection must last to reset the backoff. Without
// it, the Client would dial every few seconds to a server that accepts each
// connection and closes it at once.
const steadyAfter = 10 * time.Second

// runDue does everything that has become due.
func (c *Client) runDue(now time.Time) {
	if conn := c.main; conn != nil {
		c.runConnectionDue(conn, now)
	}
	if conn := c.probe; conn != nil && conn.phase == awaitingSession && reached(now, conn.since.Add(sessionTimeout)) {
		c.drop(conn, errNoSession)
	}
	if !c.outage.errorAt.IsZero() && reached(now, c.outage.errorAt.Add(errorTimeout)) {
		c.outage.errorAt = time.Time{}
		c.dropBoth(errNoSession)
		c.giveUp(&ServerError{c.outage.lastError})
	}
	if reached(now, c.dialAt) {
		c.dial(now)
	}
	c.failOverdue()
}

func (c *Client) runConnectionDue(conn *connection, now time.Time) {
	switch {
	case conn.phase == awaitingSession && reached(now, conn.since.Add(sessionTimeout)):
		c.drop(conn, errNoSession)
		return
	case reached(now, conn.silentAt):
		c.silenceLimit = maxSilence // if the next one is silent too, the server is probably slow
		c.drop(conn, errSilent)
		return
	case conn.phase == replaying && reached(now, conn.replayEnds()):
		c.endReplay(conn, now)
	case reached(now, conn.acceptAt):
		c.acceptAnswers(conn, now)
	case reached(now, conn.flushAt):
		c.flush()
	}
	c.heartbeat(conn, now)
}

// heartbeat sends a heartbeat if one is due.
func (c *Client) heartbeat(conn *connection, now time.Time) {
	if conn.phase >= replaying && reached(now, conn.heartbeatAt.Add(HeartbeatEvery)) {
		conn.heartbeatAt = now
		c.trace("→", "heartbeat")
		c.write(conn, AppendHeartbeat(nil, now, c.o.Offset()))
	}
}

// next returns the time until something is due.
func (c *Client) next(now time.Time) time.Duration {
	at := now.Add(time.Hour)
	sooner := func(t time.Time) {
		if !t.IsZero() && t.Before(at) {
			at = t
		}
	}
	sooner(c.dialAt)
	if !c.outage.errorAt.IsZero() {
		sooner(c.outage.errorAt.Add(errorTimeout))
	}
	if conn := c.main; conn != nil {
		sooner(conn.silentAt)
		sooner(conn.flushAt)
		sooner(conn.acceptAt)
		switch conn.phase {
		case awaitingSession:
			sooner(conn.since.Add(sessionTimeout))
		case replaying:
			sooner(conn.replayEnds())
			fallthrough
		case live:
			sooner(conn.heartbeatAt.Add(HeartbeatEvery))
		}
	}
	if conn := c.probe; conn != nil && conn.phase == awaitingSession {
		sooner(conn.since.Add(sessionTimeout))
	}
	sooner(c.nextOverdue(now))
	return max(at.Sub(now), 0)
}

// emitState computes the state of the connection, and emits an event if it has
// changed.
func (c *Client) emitState() {
	up := c.main != nil && c.main.phase >= replaying
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
	case c.hadSession:
		s = Reconnecting
	}
	var why error
	again := c.outage.reasons < maxReasons && !c.offline && c.reason != nil && c.reason.Error() != c.outage.lastReason
	if c.reason != nil && s != Online && (s != c.state || again) {
		why, c.outage.lastReason = c.reason, c.reason.Error()
		c.outage.reasons++
	}
	c.reason = nil
	if s != c.state || why != nil {
		c.state = s
		c.emit(Event{Kind: StateChanged, State: s, Err: why})
	}
}

// countTime counts the time since its last call, and reports whether the page or the device was suspended in between.
// Of this time, at most the interval of heartbeats and a second count for workedFor and silentAt, because a page that
// is not suspended calls countTime that often. It also compares the wall clock, because the monotonic clocks of some
// devices stop during a suspension.
func (c *Client) countTime(now time.Time) (slept bool) {
	last := c.countedAt
	c.countedAt = now
	if c.main == nil || c.main.phase < replaying || last.IsZero() {
		return false
	}
	gone := max(now.Sub(last), time.Duration(now.UnixMilli()-last.UnixMilli())*time.Millisecond)
	awake := min(gone, HeartbeatEvery+time.Second)
	if c.main.phase == live {
		c.workedFor += awake
	}
	if gone > awake && !c.main.silentAt.IsZero() { // frames that arrived meanwhile are still to be handled
		c.main.silentAt = later(c.main.silentAt.Add(gone-awake), now.Add(dialInterval))
	}
	if gone <= serverGoneAfter {
		return false
	}
	if !c.waiting && now.Sub(c.replacedAt) < suspensionInterval {
		return false // a hidden page with throttled timers cannot be distinguished
	}
	c.replacedAt = now
	return true
}

// maxReasons is the number of reasons that are reported in an outage: why the
// connection was lost, and why another one could not be made.
const maxReasons = 2

// suspensionInterval is the least time between two connections that are replaced
// because of a suspension, if no visitor is waiting.
const suspensionInterval = 10 * time.Minute

func reached(now, at time.Time) bool { return !at.IsZero() && !now.Before(at) }

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
