//go:build !js

package chat

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"plurachat/protocol"
	"plurachat/widget/backend"
)

// A snapshot is drawn if it differs, and settles promises of this tab.
func TestSyncSettles(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	s.now = s.now.Add(time.Second)
	for i, text := range []string{"sent", "failed", "gone", "under way"} {
		s.do(Intent{Kind: CallSend, Text: text, Call: i + 1})
		s.event(protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Key: fmt.Sprint("v", i+1), Kind: protocol.Visitor, State: protocol.Sending, Text: text, At: s.now}})
	}
	same := &backend.Snapshot{Conversation: s.Stored().Conversation.Clone()}
	s.Sync(s.now, same)
	s.applyBatch()
	s.expect("nothing new", &s.settled)
	if len(s.last.Rows) > 0 {
		t.Errorf("what is the same is drawn anew: %d patches", len(s.last.Rows))
	}
	s.emits = nil
	theirs := s.Stored().Conversation.Clone()
	theirs.Entries[1].State, theirs.Entries[1].ID = protocol.Sent, "m1"
	theirs.Entries[2].State, theirs.Entries[2].Reason = protocol.Failed, "no answer"
	s.Stored().Conversation.Entries[3].State = protocol.Sent // sent by the other tab
	theirs.Entries = slices.Delete(theirs.Entries, 3, 4)
	s.Sync(s.now, &backend.Snapshot{Conversation: theirs, State: protocol.Offline})
	s.applyBatch()
	slices.Sort(s.settled)
	s.expect("from another tab", &s.settled, "1 [{id m1}]", "2 no answer[]", "3 the conversation was reset[]")
	s.expect("from another tab", &s.emits, "status state=offline")
	if len(s.rows) != 4 || s.scroll.Kind != ScrollEnd || s.last.Screen.Status != "You’re offline" {
		t.Errorf("%d rows, scroll %+v, %q", len(s.rows), s.scroll, s.last.Screen.Status)
	}
	s.Sync(s.now, &backend.Snapshot{Conversation: theirs})
	s.applyBatch()
	s.expect("again", &s.settled)
	s.expect("again", &s.emits)
	// Only the chat owner's name differs: the rows may show it.
	theirs.Owner.Name = "Kim"
	s.Sync(s.now, &backend.Snapshot{Conversation: theirs})
	s.applyBatch()
	if s.last.Screen.Heading != "Kim" || len(s.last.Rows) == 0 {
		t.Errorf("%+v", s.last.Screen)
	}
}

// A message that waits for the form is in no snapshot. It is not lost.
func TestSyncKeepsHeldMessages(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true, Options: Options{Prechat: []Field{{Name: "phone", Required: true}}}})
	s.do(Intent{Kind: CallSend, Text: "hello", Call: 1})
	s.Sync(s.now, &backend.Snapshot{})
	s.applyBatch()
	s.expect("before the answer", &s.settled)
	s.commands = nil
	s.Sync(s.now, &backend.Snapshot{Conversation: stored("a").Conversation}) // the visitor has answered in another tab
	s.applyBatch()
	s.expect("after the answer", &s.settled)
	s.expect("after the answer", &s.commands, "connect", "send v1 hello")
}

// Messages that another tab received are unread here. A message that is the first of all is handled like others.
func TestSyncCountsUnread(t *testing.T) {
	s := begin(t, Config{Visible: true})
	s.do(Intent{Kind: CallSend, Text: "hello", Call: 1})
	s.event(protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Key: "v1", Kind: protocol.Visitor, State: protocol.Sending, Text: "hello", At: s.now}})
	s.emits = nil
	theirs := s.Stored().Conversation.Clone()
	theirs.Entries[0].State, theirs.Entries[0].ID = protocol.Sent, "m"
	theirs.Entries = append(theirs.Entries, protocol.Entry{Key: "a", Text: "hi", At: s.now})
	s.Sync(s.now, &backend.Snapshot{Conversation: theirs, State: protocol.Online})
	s.applyBatch()
	s.expect("from another tab", &s.settled, "1 [{id m}]")
	s.expect("from another tab", &s.emits, "status state=online", "unread count=1")
	if s.last.Screen.Badge != "1" {
		t.Errorf("%+v", s.last.Screen)
	}
}

// A message that was read in another tab is read here. No read message becomes unread.
func TestSeenElsewhere(t *testing.T) {
	s := begin(t, Config{Visible: true, Stored: stored("aaa")})
	for _, c := range []struct {
		key    string
		unread int
		kept   bool
	}{{"k1", 1, true}, {"k0", 1, false}, {"k1", 1, false}, {"of nothing", 1, false}, {"k2", 0, true}} {
		s.SeenElsewhere(s.now, c.key)
		s.applyBatch()
		if s.last.Screen.Unread != c.unread || s.last.SaveLater != c.kept {
			t.Errorf("read up to %s elsewhere: %d unread, to be kept %v", c.key, s.last.Screen.Unread, s.last.SaveLater)
		}
	}
	// That includes the very first message.
	s = begin(t, Config{Visible: true, Stored: stored("aa")})
	s.SeenElsewhere(s.now, "k0")
	s.applyBatch()
	if s.last.Screen.Unread != 1 {
		t.Errorf("%d unread", s.last.Screen.Unread)
	}
	if s.Reading() {
		t.Error("a closed panel is read")
	}
	s.do(Intent{Kind: WantOpen})
	if !s.Reading() {
		t.Error("an open panel in a visible tab is not read")
	}
	if s.do(Intent{Kind: TabShown}); s.Reading() {
		t.Error("a hidden tab is read")
	}
}
