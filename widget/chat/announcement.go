package chat

import (
	"strings"

	"plurachat/widget/markdown"
	"plurachat/widget/pieces"
	"plurachat/widget/words"
)

// announce adds an announcement. Of a burst only the last ones are kept.
func (b *Batch) announce(a Announcement) {
	if len(b.Announce) == mostAnnounced {
		if b.Announce[0].Message != "" {
			b.Unheard++
		}
		b.Announce = append(b.Announce[:0], b.Announce[1:]...)
	}
	b.Announce = append(b.Announce, a)
}

const mostAnnounced = 4

// Announcement is a message or a phrase that screen readers read out. Most announcements of a burst are dropped, so the
// text is made only when it is needed.
type Announcement struct {
	Words   string // a phrase; used if Message is empty
	Name    string // the sender of Message
	Message string // Markdown, as received
}

// Text returns the text to read out.
func (a *Announcement) Text(w *words.Language) string {
	if a.Message == "" {
		return a.Words
	}
	message, _ := pieces.Beginning(a.Message, mostAnnouncedText)
	quote, _, _ := strings.Cut(w.Get("quoted"), "{text}")
	return w.Get("said", "name", a.Name) + " " + markdown.Spoken(markdown.Parse(message), quote)
}

// mostAnnouncedText is the number of characters of one message that are read out. The log has all of them.
const mostAnnouncedText = 4000
