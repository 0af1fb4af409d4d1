package chat

import (
	"strconv"
	"time"

	"plurachat/protocol"
)

// Next returns when [Chat.Tick] is due. It is zero if no time is set.
func (c *Chat) Next() time.Time {
	var next time.Time
	for _, t := range [...]time.Time{c.dotsUntil, c.typingUntil, c.saveAt, c.hushAt, c.midnight} {
		if !t.IsZero() && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	return next
}

// Tick does what is due at now.
func (c *Chat) Tick(now time.Time) {
	if due(c.dotsUntil, now) {
		c.dotsUntil = time.Time{}
	}
	if due(c.typingUntil, now) {
		c.stopTyping()
	}
	if due(c.saveAt, now) {
		c.save()
	}
	if due(c.hushAt, now) {
		c.hush()
	}
	if due(c.midnight, now) {
		c.turnDay(now)
		c.updateRows(now, 0, len(c.rows)-1)
	}
}

func due(t, now time.Time) bool { return !t.IsZero() && !now.Before(t) }

const day = 24 * 60 * 60 // seconds

// turnDay sets midnight to the next midnight, when "today" becomes "yesterday".
func (c *Chat) turnDay(now time.Time) {
	past := (now.Unix() + int64(c.offset(now))) % day
	c.midnight = now.Add(time.Duration(day-past) * time.Second)
}

// stamp returns timestamp(t). It caches the last result because the messages of a burst have the same time.
func (c *Chat) stamp(t time.Time) string {
	if t != c.stamped.at {
		c.stamped.at, c.stamped.text = t, timestamp(t)
	}
	return c.stamped.text
}

// timestamp returns a time in the format of the API, RFC 3339 with milliseconds in UTC. It is empty for the zero time.
func timestamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return string(protocol.AppendStamp(nil, t)) + "." + strconv.Itoa(1000 + t.Nanosecond()/1e6)[1:] + "Z"
}

// dayOf returns the number of the visitor's calendar day at t, counted from 1970. The result is cached for a quarter of
// an hour: time zones change their offset only at quarters.
func (c *Chat) dayOf(t time.Time) int {
	s := t.Unix()
	if quarter := s / 900; quarter != c.lastDay.quarter {
		c.lastDay.quarter = quarter
		if s += int64(c.offset(t)); s < 0 {
			s -= day - 1
		}
		c.lastDay.day = int(s / day)
	}
	return c.lastDay.day
}
