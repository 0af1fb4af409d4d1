//go:build !js

package chat

import (
	"testing"

	"plurachat/protocol"
	"plurachat/widget/words"
)

// A message that is sent again moves to the end. The rows around its former place form groups again.
func TestRetriedGoesToTheEnd(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	key := s.sends("Hello?")
	s.event(protocol.Event{Kind: protocol.GivenUp, Key: key, Reason: "no answer"})
	s.says("one")
	s.says("two")
	s.event(protocol.Event{Kind: protocol.Retried, Key: key})
	if n := len(s.rows); n != 4 || s.rows[3].Key != key || s.rows[0].Last || !s.rows[2].Last {
		t.Errorf("rows %+v", s.rows)
	}
}

// A row that is drawn and has not changed is not drawn again.
func TestSameRowsAreNotDrawnAgain(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	for range 20 {
		s.says("more")
	}
	s.event(protocol.Event{Kind: protocol.OwnerNamed, Owner: s.Stored().Conversation.Owner})
	if n := len(s.last.Rows); n > 0 {
		t.Errorf("%d rows are drawn again", n)
	}
	s.says("one more")
	if n := len(s.last.Rows); n != 2 {
		t.Errorf("%d rows are drawn for one, and the one above it", n)
	}
}

// A message that waited for the form is removed from the draft before it is sent. If no message waited, the composer's
// text does not change.
func TestAdmittedMessagesLeaveTheDraft(t *testing.T) {
	s := beginStored(t, Config{Visible: true, Open: true, Options: prechatOptions()})
	s.do(Intent{Kind: CallSend, Text: "held", Call: 1})
	o := s.o
	o.Prechat = nil
	s.SetOptions(s.now, o, words.New())
	s.applyBatch()
	if s.next().Draft != "" || !s.last.Input {
		t.Errorf("the next page has the draft %q", s.next().Draft)
	}
	s = beginStored(t, Config{Visible: true, Open: true, Options: prechatOptions()})
	s.saves = 0
	s.SetOptions(s.now, o, words.New())
	s.applyBatch()
	if s.last.Input || s.saves > 0 {
		t.Error("the composer's text is set though no message waited")
	}
}
