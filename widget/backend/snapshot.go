package backend

import (
	"slices"

	"plurachat/protocol"
)

// Snapshot is a conversation and the state of its connection, as one tab sends it to another.
type Snapshot struct {
	Conversation protocol.Conversation
	State        protocol.State // empty: the state has not changed
}

// Join returns a copy of the conversation theirs with the entries added that only ours has: older entries, which
// storage does not keep, before it; and messages in the state Sending after it. If ours has a
// session, theirs has not that session, and they share no entry, ours was deleted, and nothing of it is added.
func Join(ours, theirs *protocol.Conversation) protocol.Conversation {
	joined := theirs.Clone()
	first := slices.IndexFunc(ours.Entries, func(e protocol.Entry) bool { return theirs.Index(e.Key) >= 0 })
	if first >= 0 {
		joined.Entries = slices.Concat(ours.Entries[:first], joined.Entries)
	} else if ours.Session != "" && ours.Session != theirs.Session {
		return joined
	}
	for _, e := range ours.Entries {
		if e.State == protocol.Sending && joined.Index(e.Key) < 0 {
			joined.Entries = append(joined.Entries, e)
		}
	}
	return joined
}
