//go:build !js

package chat

import (
	"testing"

	"plurachat/protocol"
	"plurachat/widget/words"
)

// What is shown beside the rows follows a change of the language. In the zero Language, each text is its key.
func TestScreenFollowsTheLanguage(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	for range protocol.MostEntries {
		s.says("hello")
	}
	s.do(Intent{Kind: WantAsk, Ask: AskEnd})
	s.event(protocol.Event{Kind: protocol.StateChanged, State: protocol.GaveUp})
	english := s.last.Screen
	if english.Earlier == "" || english.Notice.Button == "" || english.Ask.Text == "" {
		t.Fatalf("%+v", english)
	}
	s.SetOptions(s.now, s.o, words.Language{})
	s.applyBatch()
	got, notice := s.last.Screen, Notice{Text: "sessionFailed", Button: "retry", Intent: WantConnect}
	if got.Earlier != "earlier" || got.Notice != notice || got.Ask != (Question{"endDeleteAsk", "endDelete", "cancel"}) {
		t.Errorf("%q, %+v, %+v", got.Earlier, got.Notice, got.Ask)
	}
	s.do(Intent{Kind: WantAsk, Ask: AskNew})
	if got := s.last.Screen.Ask; got != (Question{"startNewAsk", "startNew", "cancel"}) {
		t.Errorf("%+v", got)
	}
	s.SetOptions(s.now, s.o, words.New())
	s.do(Intent{Kind: WantAsk, Ask: AskEnd})
	if got := s.last.Screen; got.Earlier != english.Earlier || got.Notice != english.Notice || got.Ask != english.Ask {
		t.Errorf("back in English: %q, %+v, %+v", got.Earlier, got.Notice, got.Ask)
	}
}
