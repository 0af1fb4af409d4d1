//go:build !js

package chat

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"plurachat/protocol"
)

// These tests are about tabs that read old values, as browsers' tabs do for a while after another tab has written, and
// about pages that come back after another page has written.

const nextSession = protocol.SessionID("webchat-session.00000000-0000-4000-8000-00000000000a")

// twoTabs returns the archives of two tabs that have loaded a state. The store of the mirror reads the values of that
// time, and writes to the holder's store, which is returned too.
func twoTabs(r Stored) (holder, mirror *Archive, store Memory) {
	store = storeOf(&r)
	holder = &Archive{Store: store, Flow: testFlow}
	mirror = &Archive{Store: staleStore{maps.Clone(store), store}, Flow: testFlow}
	holder.Load(start)
	mirror.Load(start)
	return holder, mirror, store
}

// A mirror that still reads a deleted conversation does not store it again, whether it was told of the deletion or not.
func TestDeletedStaysDeleted(t *testing.T) {
	for _, told := range []bool{true, false} {
		holder, mirror, store := twoTabs(recordOf(1, "secret"))
		r := recordOf(1, "secret")
		holder.Forget()
		if told {
			mirror.ForgetAsMirror()
			r = Stored{At: start, Conversation: protocol.Conversation{Session: nextSession, Flow: testFlow}}
			unsent := protocol.Entry{Key: "unsent", Kind: protocol.Visitor, State: protocol.Sending, Text: "new"}
			r.Conversation.Entries = append(r.Conversation.Entries, unsent)
		} else {
			r.Read = "another" // it has just been read
		}
		mirror.SaveAsMirror(&r)
		if strings.Contains(store[StoredKey(testFlow)], "secret") {
			t.Errorf("told %v: stored is %v", told, store)
		}
	}
}

// A draft that a mirror stores while the holder deletes the conversation is deleted once the mirror is told.
func TestDraftOfDeletedConversation(t *testing.T) {
	r := recordOf(1, "x")
	r.Draft = ""
	store := storeOf(&r)
	holder, mirror := Archive{Store: store, Flow: testFlow}, Archive{Store: store, Flow: testFlow}
	holder.Load(start)
	r = mirror.Load(start)
	holder.Forget()
	r.Draft = "private"
	mirror.saveChoices(&r)
	mirror.ForgetAsMirror()
	if has(store, StoredKey(testFlow)+DraftSuffix) {
		t.Errorf("stored is %v", store)
	}
}

// A mirror that reads old values does not replace a newer conversation by an older one.
func TestNewerStays(t *testing.T) {
	before := recordOf(2, "x")
	before.Conversation.Entries[1].Kind, before.Conversation.Entries[1].State = protocol.Visitor, protocol.Sending
	holder, mirror, store := twoTabs(before)
	r := recordOf(3, "x")
	r.Conversation.Entries[1].Kind, r.Conversation.Entries[2].Text, r.Read = protocol.Visitor, "the answer", "new"
	holder.Save(&r)
	mirror.SaveAsMirror(&r)
	got := (&Archive{Store: store, Flow: testFlow}).Load(start).Conversation.Entries
	if len(got) != 3 || got[2].Text != "the answer" || got[1].State != protocol.Sent {
		t.Errorf("stored is %+v", got)
	}
}

// A mirror whose conversation is empty, as after a deletion, does not remove the next one.
func TestMirrorRemovesNothing(t *testing.T) {
	holder, mirror, store := twoTabs(recordOf(1, "x"))
	holder.Forget()
	r := recordOf(1, "new")
	holder.Save(&r)
	mirror.Store = staleStore{Memory{}, store}
	mirror.SaveAsMirror(&Stored{})
	if r.Read = "changed"; !holder.Save(&r) {
		t.Errorf("the holder stores nothing more: %v", store)
	}
}

// A page that loads again after another page has deleted the conversation stores the next one.
func TestNextConversationAfterDeletion(t *testing.T) {
	r := recordOf(1, "x")
	store := storeOf(&r)
	a, later := Archive{Store: store, Flow: testFlow}, Archive{Store: store, Flow: testFlow}
	a.Load(start)
	later.Load(start)
	later.Forget()
	if r = a.Load(start); r.Conversation.Begun() {
		t.Fatal("it is not deleted")
	}
	if r = recordOf(1, "new"); !a.Save(&r) {
		t.Errorf("the next conversation is not stored: %v", store)
	}
}

// A tab that sends its draft leaves the other draft that another tab has stored.
func TestTwoDrafts(t *testing.T) {
	store := Memory{}
	a, b := Archive{Store: store, Flow: testFlow}, Archive{Store: store, Flow: testFlow}
	ra, rb := a.Load(start), b.Load(start)
	ra.Draft = "short"
	a.Save(&ra)
	rb.Draft = "half a long text"
	b.Save(&rb)
	ra.Draft = ""
	a.Save(&ra)
	b.Save(&rb) // nothing has changed there
	if next := (&Archive{Store: store, Flow: testFlow}).Load(start); next.Draft != rb.Draft {
		t.Errorf("the next page has the draft %q", next.Draft)
	}
}

// fullStore has room for all its values together.
type fullStore struct {
	Memory
	room int
}

func (f fullStore) Set(key, value string) error {
	n := len(key) + len(value)
	for k, v := range f.Memory {
		if k != key {
			n += len(k) + len(v)
		}
	}
	if n > f.room {
		return errors.New("full")
	}
	return f.Memory.Set(key, value)
}

// In a full store, fewer messages are stored if the draft needs the room.
func TestDraftInAFullStore(t *testing.T) {
	r := recordOf(200, strings.Repeat("x", 100))
	r.Draft = ""
	store := fullStore{Memory{}, len(r.Text(200)) + 400}
	a := Archive{Store: store, Flow: testFlow}
	a.Load(start)
	a.Save(&r)
	if r.Draft = strings.Repeat("d", 600); !a.Save(&r) {
		t.Errorf("the draft is not stored beside %d bytes of messages", len(store.Memory[StoredKey(testFlow)]))
	}
	next := (&Archive{Store: store, Flow: testFlow}).Load(start)
	if n := len(next.Conversation.Entries); next.Draft != r.Draft || n != 50 {
		t.Errorf("stored are the draft %.20q and %d messages", next.Draft, n)
	}
}
