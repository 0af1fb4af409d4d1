package check

import (
	"fmt"
	"slices"
	"strings"

	"plurachat/protocol"
)

// Steps of a conversation that has begun.
const (
	stepRecv      = "acknowledgement"
	stepAnswer    = "answer"
	stepTyping    = "typing"
	stepIDs       = "ids"
	stepHeartbeat = "heartbeat"
)

const (
	docRecv      = "one recv with the text of the message"
	docAnswer    = "the flow answers with a message"
	docTyping    = "typing frames get no answer"
	docIDs       = "each frame has an id of its own"
	docHeartbeat = "a heartbeat every 15 s keeps the connection"
	copes        = "nothing; the widget copes with it"
)

// message sends the one message, and waits for its recv and an answer.
func (f *flowCheck) message(conn *tapped) {
	if f.lost(conn) {
		f.skip(stepRecv, docRecv, "the connection is lost")
		return
	}
	f.talking.Send("check", f.o.Message)
	var written heard
	ok := false
	f.tap.wait(f.ctx, answerTime, func() bool {
		written, ok = conn.sent("message")
		return ok || !conn.closed.IsZero()
	})
	if !ok {
		f.wrong(stepRecv, docRecv, "the message could not be written: "+f.ending(conn), "report this to the service")
		return
	}
	recv, answer := false, false
	f.tap.wait(f.ctx, answerTime, func() bool {
		recv = len(conn.recvs(written.n)) > 0
		_, answer = conn.find(written.n, protocol.FrameMessage)
		return recv && answer || !conn.closed.IsZero()
	})
	f.tap.wait(f.ctx, settleTime, func() bool { return false }) // a second recv may follow
	f.acknowledged(conn, written)
	f.answered(conn, written)
}

// sent returns the first frame of that type that the client has sent, and whether there is one. tap.mu is held.
func (c *tapped) sent(name string) (heard, bool) {
	if i := slices.IndexFunc(c.frames, func(h heard) bool { return h.sent == name }); i >= 0 {
		return c.frames[i], true
	}
	return heard{}, false
}

// recvs returns the recvs for messages from a position on, without blank ones. tap.mu is held.
func (c *tapped) recvs(from int) []heard {
	var list []heard
	for _, h := range c.frames {
		usable := h.err == nil && !h.blank && !forOther(h) || h.err == protocol.ErrNoContent
		if h.sent == "" && h.frame.Type == protocol.FrameRecv && usable && h.n >= from {
			list = append(list, h)
		}
	}
	return list
}

// forOther reports whether a recv is for a typing frame or a heartbeat, by its content.
func forOther(h heard) bool {
	text := h.frame.Content
	return h.frame.Type == protocol.FrameRecv && (text == "true" || text == "false" || strings.HasPrefix(text, `{"stamp"`))
}

// acknowledged adds the finding about the recv of the message.
func (f *flowCheck) acknowledged(conn *tapped, written heard) {
	f.tap.mu.Lock()
	recvs, lost := conn.recvs(written.n), !conn.closed.IsZero()
	answer, answered := conn.find(written.n, protocol.FrameMessage)
	delivered := slices.ContainsFunc(f.tap.events, func(e protocol.Event) bool {
		return e.Kind == protocol.Acknowledged || e.Kind == protocol.Answered
	})
	f.tap.mu.Unlock()
	if len(recvs) == 0 {
		switch {
		case delivered && answered:
			f.odd(stepRecv, docRecv, "none; the answer shows that the message has arrived", copes)
		case lost:
			f.wrong(stepRecv, docRecv, "none: "+f.ending(conn), "report this to the service")
		default:
			f.wrong(stepRecv, docRecv, "none within "+seconds(answerTime),
				"check the flow in Plura's inbox: has the message arrived?")
		}
		return
	}
	var odd []string
	first := recvs[0]
	if answered && answer.n < first.n {
		odd = append(odd, "the answer came first")
	}
	if first.err != nil {
		odd = append(odd, "without content")
	} else if first.frame.Content != f.o.Message {
		odd = append(odd, "with the text in another form")
	}
	if len(recvs) > 1 {
		odd = append(odd, fmt.Sprintf("%d times", len(recvs)))
	}
	how := "after " + seconds(first.at.Sub(written.at))
	switch {
	case !delivered:
		f.wrong(stepRecv, docRecv, how+", but the widget does not take it for this message",
			"report this to the makers of the widget")
	case len(odd) > 0:
		f.odd(stepRecv, docRecv, how+": "+strings.Join(odd, ", "), copes)
	default:
		f.right(stepRecv, docRecv, how)
	}
}

// answered adds the finding about the flow's answer.
func (f *flowCheck) answered(conn *tapped, written heard) {
	f.tap.mu.Lock()
	answer, ok := conn.find(written.n, protocol.FrameMessage)
	lost := !conn.closed.IsZero()
	f.tap.mu.Unlock()
	switch {
	case ok:
		f.right(stepAnswer, docAnswer, "after "+seconds(answer.at.Sub(written.at)))
	case lost:
		f.wrong(stepAnswer, docAnswer, "none: "+f.ending(conn), "report this to the service")
	default:
		f.odd(stepAnswer, docAnswer, "none within "+seconds(answerTime),
			"nothing if a person answers; otherwise check that the flow is published")
	}
}

// typing says that the visitor is typing, and that it is not.
func (f *flowCheck) typing(conn *tapped) {
	if f.lost(conn) {
		f.skip(stepTyping, docTyping, "the connection is lost")
		return
	}
	f.tap.mu.Lock()
	from := len(conn.frames)
	f.tap.mu.Unlock()
	f.talking.Typing(true)
	f.talking.Typing(false)
	f.tap.wait(f.ctx, settleTime, func() bool { return false }) // an answer may follow
	f.tap.mu.Lock()
	_, written := conn.sent("typing")
	answered := slices.ContainsFunc(conn.frames[from:], forOther)
	lost := !conn.closed.IsZero()
	f.tap.mu.Unlock()
	switch {
	case lost:
		f.wrong(stepTyping, docTyping, f.ending(conn), "report this to the service")
	case !written:
		f.skip(stepTyping, docTyping, "the client was not ready to send it")
	case answered:
		f.odd(stepTyping, docTyping, "a recv", copes)
	default:
		f.right(stepTyping, docTyping, "no answer")
	}
}

// ids looks for frames without an id, and for ids that occur twice.
func (f *flowCheck) ids(conn *tapped) {
	f.tap.mu.Lock()
	seen := map[string]protocol.Frame{}
	missing, twice := 0, 0
	for _, h := range conn.frames {
		if h.sent != "" || h.err != nil || h.blank || h.frame.Type == protocol.FrameError {
			continue
		}
		old, known := seen[h.frame.ID]
		switch {
		case h.frame.ID == "":
			missing++
		case known && (old.Type != h.frame.Type || old.Content != h.frame.Content):
			twice++
		}
		seen[h.frame.ID] = h.frame
	}
	f.tap.mu.Unlock()
	if missing+twice > 0 {
		f.odd(stepIDs, docIDs, fmt.Sprintf("%d frames without an id, %d with that of another frame", missing, twice), copes)
		return
	}
	f.right(stepIDs, docIDs, "so it is")
}
