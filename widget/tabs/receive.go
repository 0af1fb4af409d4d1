package tabs

import (
	"time"

	"plurachat/protocol"
	"plurachat/widget/backend"
)

// Received handles a text from the channel between the tabs. It ignores a text that is not a tab message, because any
// script of the page's origin can write to the channel.
func (t *Tab) Received(now time.Time, text string) {
	m, ok := parseMessage(text)
	if !ok || m.from == t.id {
		return
	}
	t.others = true
	if t.holding {
		t.receivedByHolder(now, m)
	} else {
		t.receivedByMirror(now, m)
	}
	switch m.kind {
	case "read":
		t.out.Seen = append(t.out.Seen, m.text)
	case "sound":
		t.out.Sound = m.text
	}
}

func (t *Tab) receivedByHolder(now time.Time, m message) {
	switch m.kind {
	case "ask":
		t.reader(now, m)
		if m.sync {
			t.out.Answer = true
		} else {
			t.post(message{kind: "here"})
		}
	case "command":
		if m.n > 0 {
			t.post(message{kind: "heard", text: m.from, n: m.n})
			if t.repeated(m) {
				return // the mirror has not received the confirmation
			}
		}
		if aboutConversation(m.command) || m.command.Kind == backend.Typing {
			t.out.Calls = append(t.out.Calls, *m.command)
		}
	case "bye":
		delete(t.readers, m.from)
		t.attend(now)
	}
}

func (t *Tab) receivedByMirror(now time.Time, m message) {
	switch m.kind {
	case "here":
		t.answered()
		if m.from != t.holder || m.seq != t.seq {
			t.synced = false
			t.ask(now)
		}
	case "snapshot":
		t.answered()
		t.holder, t.seq, t.synced = m.from, m.seq, true
		// The client of a new holder may be idle still.
		t.wanted = wanted(m.snapshot.State) || t.wanted && m.snapshot.State == protocol.Idle
		t.out.Feed = append(t.out.Feed, Feed{Sync: m.snapshot})
		for _, u := range t.unheard { // the holder may be a new one
			t.post(message{kind: "command", n: u.n, command: &u.c})
		}
		if len(t.unheard) > 0 {
			t.asked = now
		}
	case "event":
		if !t.synced {
			return // the snapshot that this tab has asked for contains it
		}
		if m.from != t.holder || m.seq != t.seq+1 {
			t.synced = false
			t.ask(now)
			return
		}
		t.seq = m.seq
		t.feed(m.event)
	case "heard":
		if m.text == t.id {
			for len(t.unheard) > 0 && t.unheard[0].n <= m.n {
				t.unheard = t.unheard[1:]
			}
			t.answered()
		}
	}
}

// repeated reports whether a command was executed before; if not, it records its number. Of more than maxTabs mirrors,
// it removes the one whose newest command is the oldest.
func (t *Tab) repeated(m message) bool {
	for i, e := range t.heard {
		if e.mirror == m.from {
			if m.n <= e.n {
				return true
			}
			t.heard = append(t.heard[:i], t.heard[i+1:]...)
			break
		}
	}
	if len(t.heard) == maxTabs {
		t.heard = t.heard[1:]
	}
	t.heard = append(t.heard, executed{m.from, m.n})
	return false
}

// answered ends the wait for the holder, unless commands are still unconfirmed.
func (t *Tab) answered() {
	if len(t.unheard) == 0 {
		t.asked = time.Time{}
	}
}

// reader records whether the panel of the mirror that sent m is being read.
func (t *Tab) reader(now time.Time, m message) {
	if !m.reading {
		delete(t.readers, m.from)
	} else if _, known := t.readers[m.from]; known || len(t.readers) < maxTabs {
		t.readers[m.from] = now
	}
	t.attend(now)
}

// oldestReader returns when the first of the readers expires. Zero means that there are none.
func (t *Tab) oldestReader() (at time.Time) {
	for _, seen := range t.readers {
		if until := seen.Add(readerLasts); at.IsZero() || until.Before(at) {
			at = until
		}
	}
	return at
}

// attend removes expired readers. It then tells the client whether the conversation is being read in any tab, if that
// has changed.
func (t *Tab) attend(now time.Time) {
	for id, seen := range t.readers {
		if now.Sub(seen) >= readerLasts {
			delete(t.readers, id) // the tab ended without a bye message
		}
	}
	if on := t.reading || len(t.readers) > 0; on != t.attending {
		t.attending = on
		t.out.Calls = append(t.out.Calls, backend.Command{Kind: backend.Attend, On: on})
	}
}
