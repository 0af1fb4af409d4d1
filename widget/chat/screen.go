package chat

import (
	"cmp"
	"strconv"
	"strings"
	"unicode/utf8"

	"plurachat/protocol"
	"plurachat/widget/markdown"
	"plurachat/widget/words"
)

// Screen is everything that the widget shows beside the rows.
type Screen struct {
	Open       bool
	State      protocol.State
	Name       string // of the panel, for screen readers
	Heading    string
	Subheading string
	Picture    string // safe to load; empty: show Initials
	Initials   string
	Status     string // text for the state of the connection; empty when online
	Dots       string // text of the waiting dots; empty: they are hidden
	Jump       string // text of the button that scrolls to the end; empty: it is hidden
	Counter    string // text of the character counter; empty: it is hidden
	TooLong    bool
	CanSend    bool
	Draft      string
	Unread     int
	Badge      string
	Launcher   string // the launcher's accessible name
	InTitle    int    // the count in the tab's title; 0: none
	Notice     Notice
	Form       *Form // nil: the conversation is shown
	Menu       bool  // the menu is open
	SoundOn    bool
	Ask        Question
	Begun      bool   // there is a conversation to download or to end
	Written    bool   // the visitor has written in this conversation
	Earlier    string // text above the first row, which says that messages were dropped; empty: there is none
}

// Notice is an error message of the panel. The zero Notice is none.
type Notice struct {
	Text   string
	Button string     // the button's label; empty: there is no button
	Intent IntentKind // what the button does
	Final  bool       // no message can be sent, so the composer is hidden
}

// Question is the question that the panel shows before an action, with the labels of its buttons. The zero Question is
// none.
type Question struct{ Text, Yes, No string }

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
	s.Heading = cmp.Or(owner, markdown.WithoutBidi(c.o.Heading))
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
func (c *Chat) typing() string { return c.words.Get("typing", "name", c.agentName()) }

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

// launcher sets the launcher's name, and the fields that show the number of unread messages.
func (c *Chat) launcher(s *Screen) {
	if !c.visible {
		s.InTitle = c.unread
	}
	if c.open {
		s.Launcher = c.words.Get("close")
		return
	}
	s.Launcher = cmp.Or(c.o.LaunchLabel, c.words.Get("open"))
	if c.unread == 0 {
		return
	}
	s.Badge = strconv.Itoa(min(c.unread, biggestBadge))
	if c.unread > biggestBadge {
		s.Badge += "+"
	}
	s.Launcher = c.words.Get("openUnread", "open", s.Launcher, "unread", c.words.Count("unread", c.unread))
}
