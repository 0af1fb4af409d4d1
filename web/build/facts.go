package build

import (
	"slices"
	"strings"

	"plurachat/protocol"
	"plurachat/widget/chat"
	"plurachat/widget/words"
)

// facts is what both Go and the scripts must know. Go is its source, and scripts read it under the name FACTS, which
// the recipe replaces. [TestScriptsSpellNoFacts] looks for scripts and style sheets that spell one of them.
//
// A recipe has the facts of the program that it is part of: a preview must be started again to show a changed one.
type facts struct {
	TextLimit       int      `json:"textLimit"`       // characters of a visitor's message
	HeartbeatEvery  int64    `json:"heartbeatEvery"`  // ms
	HandoverTime    int64    `json:"handoverTime"`    // ms
	MaxFrame        int      `json:"maxFrame"`        // bytes
	EndedText       string   `json:"endedText"`       // the message that says that a flow has ended
	SocketURL       string   `json:"socketURL"`       // the default
	SocketPath      string   `json:"socketPath"`      // of a new conversation's socket URL, from the base to the value of reconnect; * is the flow
	SessionPrefix   string   `json:"sessionPrefix"`   // of each session id
	KeyPrefix       string   `json:"keyPrefix"`       // of the keys in a storage
	VendorKey       string   `json:"vendorKey"`       // the key in localStorage of a session of the vendor's sample page
	Placeholder     string   `json:"placeholder"`     // a snapshot for which the loader takes the chat to have a conversation
	RightToLeft     string   `json:"rightToLeft"`     // languages, with spaces between them
	MostRightToLeft string   `json:"mostRightToLeft"` // those of most speakers, which the loader knows
	NarrowWidth     int      `json:"narrowWidth"`     // px
	NarrowScreen    string   `json:"narrowScreen"`    // media query
	FrameAttributes []string `json:"frameAttributes"` // of the widget in the iframe
	Restarting      string   `json:"restarting"`      // attributes whose change needs another instance, with "|" between them
}

// newFacts returns the facts of the packages that this program was built with.
func newFacts() facts {
	return facts{
		TextLimit:       chat.MaxText,
		HeartbeatEvery:  protocol.HeartbeatEvery.Milliseconds(),
		HandoverTime:    protocol.HandoverTime.Milliseconds(),
		MaxFrame:        protocol.MaxFrame,
		EndedText:       protocol.EndedText,
		SocketURL:       protocol.DefaultSocketURL,
		SocketPath:      socketPath(),
		SessionPrefix:   protocol.SessionPrefix,
		KeyPrefix:       chat.KeyPrefix,
		VendorKey:       chat.VendorKey,
		Placeholder:     placeholder(),
		RightToLeft:     strings.Join(words.RightToLeft, " "),
		MostRightToLeft: strings.Join(words.RightToLeft[:4], " "),
		NarrowWidth:     chat.NarrowWidth,
		NarrowScreen:    chat.NarrowScreen,
		FrameAttributes: slices.DeleteFunc(slices.Clone(chat.Attributes), func(name string) bool { return slices.Contains(chat.PageAttributes, name) }),
		Restarting:      strings.Join(chat.RestartAttributes, "|"),
	}
}

// placeholder returns what an iframe of another origin stores in the page: a snapshot with a session that is none.
func placeholder() string {
	snapshot := chat.Stored{Conversation: protocol.Conversation{Session: "in the iframe"}}
	return snapshot.Text(0)
}

// socketPath takes the flow, and the value of reconnect, out of the URL of a new conversation.
func socketPath() string {
	const flow = "00000000-0000-0000-0000-000000000000"
	url, err := protocol.Endpoint{SocketURL: "wss://host", Flow: flow}.URL()
	if err != nil {
		panic(err) // the URL is constant
	}
	path := strings.TrimSuffix(strings.TrimPrefix(url, "wss://host"), "true")
	return strings.Replace(path, flow, "*", 1)
}
