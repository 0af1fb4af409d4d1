package widget

import (
	"strconv"

	"plurachat/protocol"
	"plurachat/widget/chat"
	"plurachat/widget/markdown"
	"plurachat/widget/pieces"
	"plurachat/widget/words"
)

// namedBy is the number of characters of a message in the name of a button.
const namedBy = 60

// rowMarkup makes the nodes of the rows of the log.
type rowMarkup struct {
	markup
	parser      markdown.Parser // for the page that the row is shown on
	words       *words.Language
	labels      labels                // of parts of messages; zero: not looked up yet
	clock, date func(ms int64) string // the time of day and the day of a moment
}

// rowID returns the id of the element of row number n.
func rowID(n int) string { return "row" + strconv.Itoa(n) }

// row adds a row.
func (m *rowMarkup) row(r *chat.Row, id string, moves bool) {
	class, part, attributes := rowAttributes(r, moves)
	m.open("div", class, part, append(attributes, "id", id)...)
	if r.Kind > protocol.Visitor {
		m.divider(r)
		m.close()
		return
	}
	m.aboveBubble(r)
	m.open("div", "", "bubble")
	if r.Kind == protocol.Agent {
		if m.labels.copy == "" {
			m.labels = labels{
				copy: m.words.Get("copyCode"), code: m.words.Get("code"), table: m.words.Get("table"), image: m.words.Get("image"),
				done: m.words.Get("done"), open: m.words.Get("notDone"), suggestions: m.words.Get("suggestions"),
			}
		}
		m.live = r.Live
		m.message(m.parser.Parse(r.Text), &m.labels)
	} else {
		m.longText(r.Text)
	}
	m.close()
	m.belowBubble(r)
	m.close()
}

// rowAttributes returns the attributes of a row's element, except its id.
func rowAttributes(r *chat.Row, moves bool) (class, part string, attributes []string) {
	if r.Kind > protocol.Visitor {
		return "line", "divider", nil
	}
	from := "agent"
	attributes = append(make([]string, 0, 10), "role", "article")
	if r.Kind == protocol.Visitor {
		from = "visitor"
		attributes = append(attributes, "data-state", [...]string{"sent", "sending", "failed"}[r.State])
	}
	attributes = append(attributes, "data-from", from)
	if r.ID != "" {
		attributes = append(attributes, "data-id", r.ID)
	}
	class = "row"
	if r.First {
		class += " first"
	}
	if r.Last {
		class += " last"
	}
	if moves {
		class += " new"
	}
	return class, "message", attributes
}

// aboveBubble adds what is above a row's bubble. The bubble itself contains only the message.
func (m *rowMarkup) aboveBubble(r *chat.Row) {
	m.name(r)
	if r.Last && r.Kind == protocol.Agent {
		m.template("face\x00"+r.Initials+"\x00"+r.Picture, func() {
			m.open("div", "face", "", "aria-hidden", "true")
			m.face(r.Picture, r.Initials)
			m.close()
		})
	}
}

// day adds the divider above the first row of a day.
func (m *rowMarkup) day(r *chat.Row) { m.leaf("div", "day", "divider", m.dayLabel(r)) }

// dayLabel returns the words for the day of a row.
func (m *rowMarkup) dayLabel(r *chat.Row) string {
	switch r.Ago {
	case 0:
		return m.words.Get("today")
	case 1:
		return m.words.Get("yesterday")
	}
	return m.date(r.At)
}

// divider adds the content of a row that is not a message.
func (m *rowMarkup) divider(r *chat.Row) {
	m.leaf("span", "", "", m.words.Get(chat.DividerWord(r.Kind)))
	if r.Offer {
		m.button("do", m.words.Get("startNew"), "new")
	}
}

// name adds who wrote a message. Above a group of the agent it is visible; for screen readers it is above every
// message.
func (m *rowMarkup) name(r *chat.Row) {
	said, seen := m.words.Get("youSaid"), ""
	if r.Kind == protocol.Agent {
		said, seen = m.words.Get("said", "name", r.Name), r.Name
	}
	if !r.First {
		m.template("said\x00"+said, func() { m.leaf("div", "quiet", "", said) })
		return
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

// face adds a picture over the initials. The initials are visible if there is no picture or it fails to load.
func (m *markup) face(picture, initials string) {
	if initials != "" {
		m.text(initials)
	}
	if picture != "" {
		m.leaf("img", "", "", "", "alt", "", "referrerpolicy", "no-referrer", "decoding", "async", "src", picture)
	}
}

// belowBubble adds what is below a row's bubble: the time or the state of a message, and the button that shows a long
// message in full. Inside a group the time is for screen readers only.
func (m *rowMarkup) belowBubble(r *chat.Row) {
	hasState := (r.Last || r.State == protocol.Failed) && (r.State != protocol.Sent || r.At != 0)
	if !hasState && r.State == protocol.Sent && r.At != 0 {
		m.leaf("div", "quiet", "", m.clock(r.At))
	}
	if !hasState && !r.Cut {
		return
	}
	m.open("div", "meta", "")
	if r.Cut {
		m.button("do", m.words.Get("showAll"), "whole", "data-key", r.Key)
	}
	switch {
	case !hasState:
	case r.State == protocol.Sending:
		m.leaf("span", "", "", m.words.Get("sending"))
	case r.State == protocol.Failed:
		m.leaf("span", "wrong", "", m.words.Get("notSent"))
		for _, do := range [...]string{"retry", "remove"} {
			// Several messages may have failed, so the name of the button says which one it is for.
			text, _ := pieces.Beginning(r.Text, namedBy)
			word := m.words.Get(do)
			m.button("do", word, do, "data-key", r.Key, "aria-label", word+": "+text)
		}
	default:
		m.leaf("span", "", "", m.clock(r.At))
	}
	m.close()
}
