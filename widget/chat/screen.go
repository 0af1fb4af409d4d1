package chat

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"plurachat/protocol"
	"plurachat/widget/markdown"
	"plurachat/widget/words"
)

// screen returns everything that the widget shows beside the rows.
func (c *Chat) screen() Screen {
	owner := c.ownerName()
	s := Screen{
		Open: c.open, State: c.state, Subheading: markdown.WithoutBidi(c.o.Subheading), Picture: c.ownerPicture(),
		Draft: c.stored.Draft, Unread: c.unread, Notice: c.notice.in(&c.words), Form: c.form,
		Menu: c.menu, SoundOn: c.soundOn(), Ask: c.ask.in(&c.words), Begun: len(c.stored.Conversation.Entries) > 0,
		Written: c.written(),
	}
	if c.shortened {
		s.Earlier = c.words.Get("earlier")
	}
	s.Heading = owner
	if owner == "" {
		s.Heading = markdown.WithoutBidi(c.o.Heading)
	}
	if s.Heading == "" {
		s.Heading = c.words.Get("heading")
		s.Name = s.Heading
	} else {
		s.Name = c.words.Get("chatNamed", "name", s.Heading)
	}
	s.Initials = initials(owner) // empty until the chat owner is known: the style sheet then draws an icon
	s.Status = c.status()
	if !c.dotsUntil.IsZero() {
		s.Dots = c.typing()
	}
	if !c.following && c.belowView > 0 {
		s.Jump = c.words.Get("newMessages")
	}
	if n := utf8.RuneCountInString(s.Draft); n > MaxText {
		s.TooLong = true
		s.Counter = c.words.Count("tooLong", n-MaxText)
	} else if n >= counterFrom {
		s.Counter = c.words.Count("charsLeft", MaxText-n)
	}
	s.CanSend = !s.TooLong && strings.TrimSpace(s.Draft) != ""
	c.launcher(&s)
	return s
}

// notice is a [Notice] without its texts, which change with the language.
type notice struct {
	word   string // the key of the text; empty: there is no notice
	intent IntentKind
	final  bool
}

// asksForLead reports whether the notice says that the server has refused lead data.
func (n notice) asksForLead() bool { return n.intent == WantIdentify || n.final }

// in returns the notice in a language.
func (n notice) in(w *words.Language) Notice {
	if n.word == "" {
		return Notice{}
	}
	shown := Notice{Text: w.Get(n.word), Intent: n.intent, Final: n.final}
	if n.intent != 0 {
		shown.Button = w.Get("retry")
	}
	return shown
}

// written reports whether the visitor has written since the conversation began. A message counts at once, also while it
// waits for the form, or is on its way to the conversation.
func (c *Chat) written() bool {
	entries := c.stored.Conversation.Entries
	for i := len(entries) - 1; i >= 0 && entries[i].Kind != protocol.Fresh; i-- {
		if entries[i].Kind == protocol.Visitor {
			return true
		}
	}
	return len(c.held) > 0 || c.underway != ""
}

// typing returns the words for an agent who is typing.
func (c *Chat) typing() string {
	name := c.ownerName()
	if name == "" {
		name = c.words.Get("agent")
	}
	return c.words.Get("typing", "name", name)
}

func (c *Chat) status() string {
	switch c.state {
	case protocol.Connecting:
		return c.words.Get("connecting")
	case protocol.Reconnecting:
		return c.words.Get("reconnecting")
	case protocol.Offline:
		return c.words.Get("offline")
	}
	return ""
}

// launcher sets the fields that show the number of unread messages.
func (c *Chat) launcher(s *Screen) {
	switch {
	case c.open:
		s.Launcher = c.words.Get("close")
	case c.o.LaunchLabel != "":
		s.Launcher = c.o.LaunchLabel
	default:
		s.Launcher = c.words.Get("open")
	}
	if c.unread == 0 {
		return
	}
	if !c.visible {
		s.InTitle = c.unread
	}
	if c.open {
		return
	}
	s.Badge = strconv.Itoa(min(c.unread, biggestBadge))
	if c.unread > biggestBadge {
		s.Badge += "+"
	}
	s.Launcher = c.words.Get("openUnread", "open", s.Launcher, "unread", c.words.Count("unread", c.unread))
}
