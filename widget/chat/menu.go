package chat

import (
	"plurachat/widget/backend"
	"plurachat/widget/words"
)

// AskKind is a question that the panel shows before an action.
type AskKind uint8

const (
	AskNothing AskKind = iota
	AskNew             // start a new conversation?
	AskEnd             // end the conversation, and delete it from this device?
)

// in returns the question in a language.
func (a AskKind) in(w *words.Language) Question {
	switch a {
	case AskNew:
		return Question{Text: w.Get("startNewAsk"), Yes: w.Get("startNew"), No: w.Get("cancel")}
	case AskEnd:
		return Question{Text: w.Get("endDeleteAsk"), Yes: w.Get("endDelete"), No: w.Get("cancel")}
	}
	return Question{}
}

// doMenu handles the intents of the menu and of the question.
func (c *Chat) doMenu(w Intent) {
	c.menu = false
	switch w.Kind {
	case WantMenu:
		c.menu = w.On
	case WantDownload:
		c.batch.Download = true
	case WantSound:
		c.stored.Sound = choiceOf(!c.soundOn())
		c.batch.SoundChoice = c.stored.Sound
		c.save()
	case WantAsk:
		c.ask = w.Ask
	case WantAnswer:
		ask := c.ask
		c.ask = AskNothing
		c.batch.Focus = FocusComposer
		if !w.On {
			return
		}
		switch ask {
		case AskNew:
			c.startNew()
		case AskEnd:
			c.setOpen(false, false)
			c.command(backend.Command{Kind: backend.Reset})
		}
	}
}

// soundOn reports whether new messages play a sound.
func (c *Chat) soundOn() bool {
	return c.stored.Sound == Yes || c.stored.Sound == NoChoice && c.o.Sound
}

// SoundChosenElsewhere sets the visitor's choice about the sound to that of another tab.
func (c *Chat) SoundChosenElsewhere(on bool) {
	c.stored.Sound = choiceOf(on)
	c.saveLater()
}
