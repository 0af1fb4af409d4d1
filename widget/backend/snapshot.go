package backend

import (
	"slices"

	"plurachat/protocol"
)

// Snapshot is a conversation and the state of its connection, as one tab tells another.
type Snapshot struct {
	Conversation protocol.Conversation
	State        protocol.State // empty: it is as it was
}

// Join returns their conversation, and with it what only this tab has: older entries, which storage does not keep, and
// messages of the visitor that are not on their way yet.
func Join(ours, theirs *protocol.Conversation) protocol.Conversation {
	joined := theirs.Clone()
	for i, e := range ours.Entries {
		if theirs.Index(e.Key) >= 0 {
			joined.Entries = slices.Concat(ours.Entries[:i], joined.Entries)
			break
		}
	}
	for _, e := range ours.Entries {
		if e.State == protocol.Sending && joined.Index(e.Key) < 0 {
			joined.Entries = append(joined.Entries, e)
		}
	}
	return joined
}
