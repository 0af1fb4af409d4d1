//go:build !js

package chat

import (
	"fmt"
	"testing"
	"time"

	"plurachat/protocol"
)

// The panel opens and closes once. The focus follows, unless the page made the call.
func TestOpeningAndClosing(t *testing.T) {
	s := begin(t, Config{Visible: true})
	s.emits = nil
	for _, c := range []struct {
		do    Intent
		open  bool
		focus Focus
		told  []string
	}{
		{Intent{Kind: WantToggle}, true, FocusComposer, []string{"open"}},
		{Intent{Kind: WantOpen}, true, FocusComposer, nil},
		{Intent{Kind: WantOpen, Quiet: true}, true, FocusNone, nil},
		{Intent{Kind: WantToggle}, false, FocusLauncher, []string{"close"}},
		{Intent{Kind: WantClose}, false, FocusNone, nil},
		{Intent{Kind: WantOpen, Quiet: true}, true, FocusNone, []string{"open"}},
		{Intent{Kind: WantClose, Quiet: true}, false, FocusNone, []string{"close"}},
	} {
		s.do(c.do)
		if s.last.Screen.Open != c.open || s.focus != c.focus {
			t.Errorf("%+v: open %v, focus %v", c.do, s.last.Screen.Open, s.focus)
		}
		s.expect(fmt.Sprint(c.do), &s.emits, c.told...)
	}
	// Closing the panel dismisses the question and ends typing.
	s.do(Intent{Kind: WantOpen})
	s.online()
	s.do(Intent{Kind: WantMenu, On: true})
	s.do(Intent{Kind: WantEdit, Text: "x"})
	s.do(Intent{Kind: WantAsk, Ask: AskEnd})
	if s.last.Screen.Menu || s.last.Screen.Ask != AskEnd.in(&s.words) {
		t.Errorf("asked: %+v", s.last.Screen)
	}
	s.do(Intent{Kind: WantMenu, On: true})
	s.commands = nil
	s.do(Intent{Kind: WantClose})
	s.expect("closed", &s.commands, "typing false", "attend false")
	s.do(Intent{Kind: WantOpen})
	if sc := s.last.Screen; sc.Menu || sc.Ask != (Question{}) {
		t.Errorf("opened again: %+v", sc)
	}
	if s.scroll.Kind != ScrollEnd {
		t.Errorf("opened with nothing unread: scroll %+v", s.scroll)
	}
}

// The menu closes when an item is chosen. An action that cannot be undone is confirmed first.
func TestMenu(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	s.commands = nil
	s.do(Intent{Kind: WantMenu, On: true})
	if !s.last.Screen.Menu {
		t.Error("the menu is closed")
	}
	s.do(Intent{Kind: WantDownload})
	if s.last.Screen.Menu || !s.last.Download {
		t.Error("nothing to download, or the menu is open")
	}
	for _, c := range []struct {
		ask  AskKind
		yes  bool
		want []string
		open bool
	}{
		{AskNew, false, nil, true}, {AskNew, true, []string{"new"}, true}, {AskEnd, false, nil, true}, {AskEnd, true, []string{"reset", "attend false"}, false},
	} {
		s.do(Intent{Kind: WantAsk, Ask: c.ask})
		s.expect("asked", &s.commands)
		s.do(Intent{Kind: WantAnswer, On: c.yes})
		s.expect(fmt.Sprint(c), &s.commands, c.want...)
		if sc := s.last.Screen; sc.Ask != (Question{}) || sc.Open != c.open || c.open && s.focus != FocusComposer {
			t.Errorf("%v: %+v, focus %v", c, sc, s.focus)
		}
		s.do(Intent{Kind: WantAnswer, On: true})
		s.expect("answered again", &s.commands)
	}
}

// The transcript file has the senders, the visitor's local times, and marks unsent messages.
func TestTranscriptAsAFile(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true, Offset: func(time.Time) int { return 2 * 3600 }})
	if got := s.TranscriptText(); got != "Chat transcript\n\n" {
		t.Errorf("of nothing: %q", got)
	}
	s.online()
	s.agent(protocol.Entry{Text: "**bold** [a](https://a.b)"})
	s.event(protocol.Event{Kind: protocol.GivenUp, Key: s.sends("**mine**"), Reason: "no answer"})
	s.agent(protocol.Entry{Kind: protocol.Dropped, At: s.now})
	s.agent(protocol.Entry{Kind: protocol.Ended, At: s.now})
	s.agent(protocol.Entry{Kind: protocol.Fresh, At: s.now})
	s.event(protocol.Event{Kind: protocol.Acknowledged, Key: s.sends("sent"), ID: "m"})
	const want = "Chat transcript: Flow Tester\n\n" +
		"[2026-03-02 12:00] Maya: Hi! How can I help you today?\n\n" +
		"Flow Tester: bold a (https://a.b)\n\n" +
		"[2026-03-02 12:00] You (Not sent): **mine**\n\n" +
		"A message was too large to show.\n\n" +
		"--- Conversation ended ---\n\n--- New conversation ---\n\n" +
		"[2026-03-02 12:00] You: sent\n\n"
	if got := s.TranscriptText(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
