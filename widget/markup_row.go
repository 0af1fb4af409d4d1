package widget

import (
	"strconv"

	"plurachat/protocol"
	"plurachat/widget/chat"
	"plurachat/widget/markdown"
	"plurachat/widget/words"
)

// rowMarkup makes nodes of the rows of the log.
type rowMarkup struct {
	markup
	parser      markdown.Parser // on the page that the row is shown on
	words       *words.Language
	copy        string                // the name of the buttons beside code; empty: not asked for yet
	clock, date func(ms int64) string // the time of day, and the day, of a moment
}

// rowID is the id of a row's element, for the row of that number.
func rowID(n int) string { return "row" + strconv.Itoa(n) }

// row makes a row. The bubble holds what was said and nothing else; it is
// left empty where it stands already.
func (m *rowMarkup) row(r *chat.Row, id string, moves, bubble bool) {
	attributes := append(make([]string, 0, 8), "id", id)
	if r.Kind > protocol.Visitor {
		m.divider(r, attributes)
		return
	}
	from := "agent"
	if r.Kind == protocol.Visitor {
		from = "visitor"
		attributes = append(attributes, "data-state", [...]string{"sent", "sending", "failed"}[r.State])
	}
	attributes = append(attributes, "data-from", from)
	if r.ID != "" {
		attributes = append(attributes, "data-id", r.ID)
	}
	class := "row"
	if r.First {
		class += " first"
	}
	if r.Last {
		class += " last"
	}
	if moves {
		class += " new"
	}
	m.open("div", class, "message", attributes...)
	if r.First {
		m.name(r)
	}
	if r.Last && r.Kind == protocol.Agent {
		m.template("face\x00"+r.Initials+"\x00"+r.Picture, func() {
			m.open("div", "face", "", "aria-hidden", "true")
			m.face(r.Picture, r.Initials)
			m.close()
		})
	}
	m.open("div", "", "bubble")
	if bubble && r.Kind == protocol.Agent {
		if m.copy == "" {
			m.copy = m.words.Get("copy")
		}
		m.message(m.parser.Parse(r.Text), m.copy)
	} else if bubble {
		m.long(r.Text)
	}
	m.close()
	m.meta(r)
	m.close()
}

// day is the divider above the first row of a day.
func (m *rowMarkup) day(r *chat.Row) {
	var label string
	switch r.Ago {
	case 0:
		label = m.words.Get("today")
	case 1:
		label = m.words.Get("yesterday")
	default:
		label = m.date(r.At)
	}
	m.leaf("div", "day", "divider", label)
}

// divider is a row that nobody said.
func (m *rowMarkup) divider(r *chat.Row, attributes []string) {
	key := "newConversation"
	switch r.Kind {
	case protocol.Ended:
		key = "ended"
	case protocol.Dropped:
		key = "dropped"
	}
	m.open("div", "line", "divider", attributes...)
	m.leaf("span", "", "", m.words.Get(key))
	if r.Offer {
		m.button("do", m.words.Get("startNew"), "new")
	}
	m.close()
}

// name tells who speaks: to the eye above an agent's group, and to a screen
// reader above every group.
func (m *rowMarkup) name(r *chat.Row) {
	said, seen := m.words.Get("youSaid"), ""
	if r.Kind == protocol.Agent {
		said, seen = m.words.Get("said", "name", r.Name), r.Name
	}
	m.template("name\x00"+said+"\x00"+seen, func() {
		m.open("div", "name", "")
		if r.Kind == protocol.Agent {
			m.leaf("span", "", "", seen, "aria-hidden", "true", "dir", "auto")
		}
		m.leaf("span", "quiet", "", said)
		m.close()
	})
}

// face is a picture, over the initials that are seen where there is none or it
// does not load.
func (m *markup) face(picture, initials string) {
	if initials != "" {
		m.text(initials)
	}
	if picture != "" {
		m.leaf("img", "", "", "", "alt", "", "referrerpolicy", "no-referrer", "decoding", "async", "src", picture)
	}
}

// meta tells when the group spoke, or what became of a message, and has the
// button for the rest of a long one.
func (m *rowMarkup) meta(r *chat.Row) {
	told := (r.Last || r.State == protocol.Failed) && (r.State != protocol.Sent || r.At != 0)
	if !told && !r.Cut {
		return
	}
	m.open("div", "meta", "")
	if r.Cut {
		m.button("do", m.words.Get("showAll"), "whole", "data-key", r.Key)
	}
	switch {
	case !told:
	case r.State == protocol.Sending:
		m.leaf("span", "", "", m.words.Get("sending"))
	case r.State == protocol.Failed:
		m.leaf("span", "wrong", "", m.words.Get("notSent"))
		for _, do := range [...]string{"retry", "remove"} {
			m.button("do", m.words.Get(do), do, "data-key", r.Key)
		}
	default:
		m.leaf("span", "", "", m.clock(r.At))
	}
	m.close()
}
