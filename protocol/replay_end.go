package protocol

import (
	"slices"
	"time"
)

// No frame marks the end of a replay. It is over after replayQuiet without a frame,
// and the messages that arrive later are new. There are two exceptions: the page
// was busy, so that the browser may have frames that the Client has not; and the
// replay has paused in the middle of the history, as on a bad line.

// extendReplay makes a replay last until there has been no frame for replayQuiet.
func (conn *connection) extendReplay(now time.Time) {
	conn.quietAt, conn.paused = now.Add(replayQuiet), false
	if !reached(now, conn.since.Add(maxReplayTime)) { // after that it waits once, even if the page is always busy
		conn.late = false
	}
}

// replayEnds returns when to call endReplay.
func (conn *connection) replayEnds() time.Time {
	if conn.endAt.Before(conn.quietAt) {
		return conn.endAt
	}
	return conn.quietAt
}

// endReplay ends a replay, unless more of it is probably on its way.
func (c *Client) endReplay(conn *connection, now time.Time) {
	switch busy := now.Sub(conn.replayEnds()); {
	case !conn.late && busy >= replayLate: // the browser may have frames that the Client has not
		conn.late, conn.quietAt, conn.endAt = true, now.Add(replayLate), conn.endAt.Add(busy+replayLate)
	case !conn.paused && !c.cutInPause && c.pauses(conn.replay):
		conn.paused, conn.late, conn.quietAt = true, false, now.Add(replayPause)
	default:
		c.finishReplay(conn)
	}
}

// pauses reports whether a replay is probably not complete.
func (c *Client) pauses(replay []Frame) bool {
	if len(replay) == 0 {
		return false
	}
	stored, frames := c.normalized(c.confirmed(), replay)
	return isPart(stored, frames, c.isOpening(replay[0]))
}

// isPart reports whether frames are probably a part of the history, and not its
// end: the last one is in the transcript, which goes on, or the frames begin with
// the opening of the conversation and end before what the transcript has. A
// greeting alone is no part of the history, however many messages it has.
func isPart(stored []Entry, frames []Frame, fromOpening bool) bool {
	whole, part := align(stored, frames, false), align(stored, frames, true)
	sides := sidesOf(frames)
	goesOn := slices.ContainsFunc(stored[slices.Max(whole)+1:], func(e Entry) bool {
		return e.Kind != Ended && sides[side(e.Kind == Visitor)]
	})
	if !goesOn && matched(whole) >= matched(part) {
		return false
	}
	last, isVisitor := part[len(part)-1], func(e Entry) bool { return e.Kind == Visitor }
	if !sides[side(true)] && !slices.ContainsFunc(stored[:last+1], isVisitor) {
		return false
	}
	return last >= 0 || fromOpening && matched(part) == 0
}

// matched returns the number of frames that an alignment matches.
func matched(matches []int) (n int) {
	for _, i := range matches {
		if i >= 0 {
			n++
		}
	}
	return n
}
