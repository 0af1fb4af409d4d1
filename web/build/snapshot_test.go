package build

import (
	"testing"

	"plurachat/protocol"
	"plurachat/widget/chat"
)

// The loader sees in Go's snapshot whether there is a conversation.
func TestLoaderReadsSnapshots(t *testing.T) {
	const session = "webchat-session.2a36d9fd-3114-4cb4-a0ef-751f3e8e7cc3"
	entry := protocol.Entry{Key: "k", Kind: protocol.Visitor, State: protocol.Sending, Text: "x"}
	cases := []struct {
		snapshot string
		want     bool
	}{
		{(&chat.Stored{Conversation: protocol.Conversation{Session: session}}).Text(200), true},
		{(&chat.Stored{Conversation: protocol.Conversation{Entries: []protocol.Entry{entry}}}).Text(200), true},
		{newFacts().Placeholder, true},
		{(&chat.Stored{Teaser: true}).Text(200), false},
		{(&chat.Stored{}).Text(200), false},
		{"", false}, {"null", false}, {"{}", false}, {"x", false}, {`{"conversation":null}`, false},
	}
	var asked []string
	for _, c := range cases {
		asked = append(asked, c.snapshot)
	}
	var got []bool
	askScript(t, "UTC", "web/loader/storage.js", `
		import { hasConversation } from "./storage.js";
		console.log(JSON.stringify(QUESTIONS.map((it) => Boolean(hasConversation(it)))));`, asked, &got)
	for i, c := range cases {
		if i >= len(got) || got[i] != c.want {
			t.Errorf("%s: want %v, got %v", c.snapshot, c.want, got)
		}
	}
}
