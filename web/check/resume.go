package check

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"plurachat/protocol"
)

// Steps of the second connection, and of the whole conversation.
const (
	stepResume = "resumed session"
	stepReplay = "what is sent again"
	stepFrames = "other frames"
)

const (
	docResume  = "a connection with the session's id continues the conversation"
	docReplay  = "not documented; the widget keeps the transcript itself"
	notResumed = "report this to the service; visitors get a new conversation at each page"
	docFrames  = "session, chatowner, message and recv, as JSON text"
)

// quietTime is the time without a frame after which a replay is taken to be over, and replayTime is the longest one.
const (
	quietTime  = 2 * time.Second
	replayTime = 15 * time.Second
)

// resume connects again with the session, as a page does that was reloaded. It sends no message.
func (f *flowCheck) resume() {
	conn, ok := f.dial()
	if conn == nil {
		return
	}
	if !ok {
		f.wrong(stepResume, docResume, f.ending(conn), notResumed)
		return
	}
	var h heard
	f.tap.wait(f.ctx, frameTime, func() bool {
		h, ok = conn.find(0, protocol.FrameSession)
		return ok || !conn.closed.IsZero()
	})
	switch {
	case !ok && f.lost(conn):
		f.wrong(stepResume, docResume, f.ending(conn), notResumed)
		return
	case !ok:
		f.wrong(stepResume, docResume, "no session within "+seconds(frameTime), "report this to the service")
		return
	case h.frame.Session != f.session:
		f.wrong(stepResume, docResume, "another session", notResumed)
		return
	}
	f.right(stepResume, docResume, "the same session after "+seconds(h.at.Sub(conn.opened)))
	for end := time.Now().Add(replayTime); time.Now().Before(end) && f.ctx.Err() == nil; {
		f.tap.mu.Lock()
		n := len(conn.frames)
		f.tap.mu.Unlock()
		if !f.tap.wait(f.ctx, quietTime, func() bool { return len(conn.frames) > n }) {
			break
		}
	}
	f.replay(conn)
}

// replay adds the finding about what the second connection repeats of the first.
func (f *flowCheck) replay(conn *tapped) {
	f.tap.mu.Lock()
	_, owner := conn.find(0, protocol.FrameChatOwner)
	before, again := f.tap.conns[0].turns(), conn.turns()
	f.tap.mu.Unlock()
	var parts []string
	if owner {
		parts = append(parts, "the chat owner")
	}
	newIDs, visitor := 0, false
	for _, frame := range again {
		visitor = visitor || frame.Type == protocol.FrameRecv
		same := func(old protocol.Frame) bool { return old.ID == frame.ID && old.Type == frame.Type }
		if !slices.ContainsFunc(before, same) {
			newIDs++
		}
	}
	greeting := len(again) == 1 && len(before) > 1 && again[0].Type == protocol.FrameMessage &&
		again[0].Content == before[0].Content
	switch {
	case greeting:
		parts = append(parts, "the first message")
	case len(again) > 0:
		parts = append(parts, fmt.Sprintf("%d of %d messages", len(again), len(before)))
	}
	if newIDs > 0 {
		parts = append(parts, "with new ids")
	}
	if len(again) > 1 && !visitor {
		parts = append(parts, "without the visitor's")
	}
	observed := strings.Join(parts, ", ")
	switch {
	case observed == "":
		f.right(stepReplay, docReplay, "nothing but the session")
	case greeting || newIDs > 0 || len(again) > 1 && !visitor:
		f.odd(stepReplay, docReplay, observed, "nothing; the widget shows each message once")
	default:
		f.right(stepReplay, docReplay, observed)
	}
}

// turns returns the messages and recvs of a connection, each recv once. tap.mu is held.
func (c *tapped) turns() []protocol.Frame {
	var list []protocol.Frame
	for _, h := range c.frames {
		talk := h.frame.Type == protocol.FrameMessage || h.frame.Type == protocol.FrameRecv
		if h.sent != "" || h.err != nil || h.blank || forOther(h) || !talk {
			continue
		}
		if !slices.ContainsFunc(list, func(old protocol.Frame) bool { return old == h.frame }) {
			list = append(list, h.frame)
		}
	}
	return list
}

// frames adds the finding about frames that the documentation does not describe.
func (f *flowCheck) frames() {
	count := map[string]int{}
	var names []string
	note := func(what string) {
		if count[what]++; count[what] == 1 {
			names = append(names, what)
		}
	}
	f.tap.mu.Lock()
	heardAny := false
	for _, conn := range f.tap.conns {
		for _, h := range conn.frames {
			if h.sent != "" {
				continue
			}
			heardAny = true
			if h.mark {
				note("byte order mark")
			}
			switch {
			case h.err != nil:
				note(h.err.Error())
			case h.blank:
				note("blank " + string(h.frame.Type))
			case h.frame.Type == protocol.FrameError:
				note("error: " + h.frame.Content)
			}
		}
	}
	f.tap.mu.Unlock()
	switch {
	case !heardAny:
		f.skip(stepFrames, docFrames, "the server has sent no frame")
	case len(names) == 0:
		f.right(stepFrames, docFrames, "no others")
	default:
		var list []string
		for _, name := range names[:min(len(names), 8)] {
			list = append(list, fmt.Sprintf("%d × %s", count[name], name))
		}
		f.odd(stepFrames, docFrames, strings.Join(list, ", "),
			"nothing; the widget ignores them, and tells the page of errors")
	}
}
