//go:build !js

package protocol

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"plurachat/protocol/protocoltest"
)

// check compares the transcript of a finished conversation with what the server has and with what the client could
// know.
func (c *chaos) check() {
	c.checkVisitor()
	c.checkWrites()
	c.checkAgent()
	c.checkOrder()
	c.checkEvents()
	if v := c.srv.Violations(); len(v) > 0 {
		c.fail("the client broke the protocol: %v", v)
	}
	if c.t.Failed() {
		c.tell()
	}
}

func (c *chaos) fail(format string, args ...any) {
	c.t.Helper()
	c.t.Errorf("-chaos.seed=%d (%s, replay %v): %s", c.seed, c.preset.Name, c.replay, fmt.Sprintf(format, args...))
}

// tell logs everything that happened.
func (c *chaos) tell() {
	c.t.Logf("seed %d shows %s", c.seed, texts(&c.conv))
	for _, e := range c.srv.Log() {
		c.t.Log(e.Time.Format("04:05.000"), e)
	}
	for _, n := range c.tap.notes {
		what := "read"
		if n.wrote {
			what = "wrote"
		}
		c.t.Log(n.at.Format("04:05.000"), "link", n.link, what, n.kind, n.content)
	}
	for _, e := range c.events {
		c.t.Log(e.Kind, e.Key, e.Entry.Key, e.Entry.Text, e.ID, e.Before, e.State)
	}
}

// checkVisitor checks that each message of the visitor was delivered and is shown once.
func (c *chaos) checkVisitor() {
	shown, logged := map[string]int{}, map[string]int{}
	for _, e := range c.conv.Entries {
		switch {
		case e.Kind == Fresh:
			c.renewed++ // the session was refused: the next one does not replay its messages
			continue
		case e.Kind != Agent && e.Kind != Visitor:
			continue
		case strings.TrimSpace(e.Text) == "":
			c.fail("an empty line is shown")
		case e.Kind == Visitor:
			shown[label(e.Text)]++
			if e.State != Sent {
				c.fail("%q is not delivered", e.Text)
			}
		}
	}
	for _, text := range c.srv.Messages("") {
		logged[label(text)]++
	}
	for what, n := range c.sent {
		if missing := n - logged[what]; missing > 0 {
			if c.lost += missing; !c.answeredInVain(what) {
				c.fail("%q never reached the server", what)
			}
		}
		c.doubled += max(0, logged[what]-n)
		if shown[what] != n {
			c.fail("%q shows %d times, it was written %d times", what, shown[what], n)
		}
	}
	for what := range shown {
		if c.sent[what] == 0 {
			c.fail("the visitor never wrote %q, and it is shown", what)
		}
	}
}

// answeredInVain reports whether a message may be lost: either the server sends no recvs and answered another message
// while this one was under way, or the server sends two recvs for a message.
func (c *chaos) answeredInVain(what string) bool {
	if (c.manners.Recv == protocoltest.RecvTwice || c.manners.Blanks) && what == "yes" {
		return true // the client takes the second recv of one "yes" for the recv of the next
	}
	if c.manners.Recv != protocoltest.RecvNever {
		return false
	}
	for i, w := range c.tap.notes {
		if !w.wrote || label(w.content) != what {
			continue
		}
		if slices.ContainsFunc(c.tap.notes[i:], func(n note) bool { return !n.wrote && n.kind == FrameMessage && n.link == w.link }) {
			return true
		}
	}
	return false
}

// checkWrites checks that no message is written again after the client has read that the server has it, and that no
// message is written twice on one connection.
func (c *chaos) checkWrites() {
	type write struct {
		at   time.Time
		link int
	}
	writes := map[string][]write{}
	for _, n := range c.tap.notes {
		if what := label(n.content); n.wrote && what != "yes" {
			writes[what] = append(writes[what], write{n.at, n.link})
		}
	}
	for what, list := range writes {
		if c.retried[what] > 0 {
			continue
		}
		for i, w := range list[1:] {
			if w.link == list[i].link {
				c.fail("%q was written twice on one connection", what)
			}
			for _, n := range c.tap.notes {
				if n.wrote || !n.at.Before(w.at) || !c.tells(n, what) {
					continue
				}
				// The recv counts on the connection on which the message was written. A replay counts on the connection
				// on which the message is written again: the client does not rely on all of a replay that was cut off.
				if n.link == w.link || slices.ContainsFunc(list, func(e write) bool { return e.link == n.link && e.at.Before(n.at) }) {
					c.fail("%q was written again on link %d, after link %d had told that it had arrived", what, w.link, n.link)
				}
			}
		}
	}
	c.checkArrivals()
}

// tells reports whether a frame that was read says that the server has the message.
func (c *chaos) tells(n note, what string) bool {
	return n.kind == FrameRecv && !n.bare && label(n.content) == what
}

// checkArrivals checks that messages arrive in the order in which they were written.
func (c *chaos) checkArrivals() {
	var order []string
	for _, text := range c.srv.Messages("") {
		if what := label(text); what != "yes" && c.retried[what] == 0 && !slices.Contains(order, what) {
			order = append(order, what)
		}
	}
	if !slices.IsSortedFunc(order, byNumber) {
		// A message whose second write was also lost waits for its recv, and later messages do not wait for it. No
		// other message may be overtaken.
		twice := map[string]bool{}
		for _, e := range c.conv.Entries {
			twice[label(e.Text)] = e.Writes >= maxWrites
		}
		c.overtaken++
		order = slices.DeleteFunc(order, func(what string) bool { return twice[what] })
	}
	if !slices.IsSortedFunc(order, byNumber) {
		c.fail("out of order: %v", order)
	}
}

// checkAgent checks that each message of the agent that reached the client is shown once.
func (c *chaos) checkAgent() {
	shown, read := map[string]int{}, map[string]bool{}
	for _, e := range c.conv.Entries {
		if e.Kind == Agent {
			shown[label(e.Text)]++
		}
	}
	for _, n := range c.tap.notes {
		if what := label(n.content); !n.wrote && n.kind == FrameMessage && strings.HasPrefix(what, "a") {
			read[what] = true
		}
	}
	for what := range read {
		if shown[what] == 0 && c.heldBack(what) {
			delete(read, what)
		}
	}
	c.read += len(read)
	for what := range read {
		if shown[what] != 1 {
			c.fail("%q shows %d times", what, shown[what])
		}
	}
	for what := range shown {
		if what != "greeting" && !read[what] {
			c.fail("%q is shown, and nobody said it", what)
		}
	}
	// If the agent repeats the words of the greeting, they are shown as often as the agent said them. They may only be
	// taken for the greeting directly after a resume.
	said, sure, opened, wrote := 0, 0, map[int]time.Time{}, map[int]bool{}
	for _, e := range c.srv.Log(protocoltest.Open, protocoltest.Message, protocoltest.Answer) {
		switch {
		case e.Kind == protocoltest.Open:
			opened[e.Conn] = e.Time
		case e.Kind == protocoltest.Message:
			wrote[e.Conn] = true
		case e.Text == chaosGreeting && (wrote[e.Conn] || e.Time.Sub(opened[e.Conn]) > maxReplayTime):
			sure++
		}
	}
	for _, session := range c.srv.Sessions() {
		for _, turn := range c.srv.History(session) {
			if !turn.Visitor && turn.Text == chaosGreeting {
				said++
			}
		}
	}
	if n := shown["greeting"]; n < sure || n > said {
		c.fail("the greeting's words show %d times; they were said %d times, %d of them live", n, said, sure)
	}
}

// heldBack reports whether the page ended before the client knew whether the message was new or part of a replay. The
// client decides that after a second or more without a frame.
func (c *chaos) heldBack(what string) bool {
	for i, n := range c.tap.notes {
		if n.wrote || label(n.content) != what {
			continue
		}
		for _, gone := range c.crashes {
			wrote := slices.ContainsFunc(c.tap.notes, func(m note) bool { return m.wrote && m.link == n.link && m.at.Before(gone) })
			if since := gone.Sub(c.tap.notes[i].at); since >= 0 && since <= maxReplayTime && !wrote {
				return true
			}
		}
	}
	return false
}

// checkOrder compares the order of the transcript with the server's. An answer must be below all messages that the
// server had before it. A message of the agent that was read before the visitor wrote must be above the visitor's
// message.
func (c *chaos) checkOrder() {
	read := map[string]time.Time{}
	for _, n := range c.tap.notes {
		what := label(n.content)
		if _, ok := read[what]; !ok && !n.wrote && n.kind == FrameMessage {
			read[what] = n.at
		}
	}
	had := map[string]int{} // by label: the first position at the server
	sessions := map[string]int{}
	n := 0
	for _, session := range c.srv.Sessions() {
		in := map[string]bool{}
		for _, turn := range c.srv.History(session) {
			what := label(turn.Text)
			if n++; had[what] == 0 {
				had[what] = n
			}
			if !in[what] {
				in[what] = true
				sessions[what]++
			}
		}
	}
	var above []Entry
	for _, e := range c.conv.Entries {
		what := label(e.Text)
		single := what[:min(1, len(what))]
		if single != "m" && single != "a" || e.Kind != Agent && e.Kind != Visitor || c.retried[what] > 0 || sessions[what] != 1 {
			continue
		}
		for _, a := range above {
			other := label(a.Text)
			switch {
			case a.Kind == e.Kind:
				if byNumber(other, what) > 0 && had[other] > had[what] { // a message may have overtaken another
					c.fail("%q stands above %q", other, what)
				}
			case e.Kind == Visitor && had[what] < had[other] && !c.toldReversed(other, what) && !c.toldBarely(e):
				c.fail("the server had %q before it said %q, which stands above it", what, other)
			case e.Kind == Agent && read[what].Before(c.wrote[a.Key]):
				c.fail("%q was there before %q was written, and stands below it", what, other)
			}
		}
		above = append(above, e)
	}
}

// toldReversed reports whether a server that answers first sent, directly after a resume, an answer and then the recv
// of its message: in a replay, that would be their order.
func (c *chaos) toldReversed(answer, message string) bool {
	if !c.manners.AnswersFirst {
		return false
	}
	answered, wrote := map[int]bool{}, map[int]bool{} // by connection
	for _, n := range c.tap.notes {
		switch what := label(n.content); {
		case n.wrote:
			wrote[n.link] = true
		case n.kind == FrameMessage && what == answer && !wrote[n.link]:
			answered[n.link] = true
		case n.kind == FrameRecv && what == message && answered[n.link]:
			return true
		}
	}
	return false
}

// toldBarely reports whether a message was written twice to a server whose recvs have no content. Directly after a
// resume, such a recv does not say which message it acknowledges.
func (c *chaos) toldBarely(e Entry) bool {
	return c.manners.Recv == protocoltest.RecvNoContent && e.Writes > 1
}

// checkEvents checks that each message is written at most twice before it is retried, and not after it was
// acknowledged.
func (c *chaos) checkEvents() {
	written, acknowledged := map[string]int{}, map[string]int{}
	for _, e := range c.events {
		switch e.Kind {
		case Acknowledged:
			acknowledged[e.Key]++
		case Retried:
			written[e.Key], acknowledged[e.Key] = 0, 0
		case Written:
			if written[e.Key]++; written[e.Key] > maxWrites || acknowledged[e.Key] > 0 {
				c.fail("%s was written %d times, acknowledged %d times", e.Key, written[e.Key], acknowledged[e.Key])
			}
		}
	}
}

// byNumber compares two labels by their numbers.
func byNumber(a, b string) int {
	number := func(s string) (n int) {
		fmt.Sscanf(s[1:], "%d", &n)
		return
	}
	return number(a) - number(b)
}
