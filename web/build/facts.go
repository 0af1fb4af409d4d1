package build

import (
	"slices"
	"strings"

	"plurachat/protocol"
	"plurachat/widget/chat"
	"plurachat/widget/words"
)

// facts has the constants that both Go and the scripts use. They are defined in Go. Scripts read them from FACTS, which
// the recipe replaces by the values. [TestScriptsSpellNoFacts] checks that no script repeats one.
//
// The values are those that the running program was compiled with. After one has changed, the preview must be started
// again.
type facts struct {
	TextLimit         int               `json:"textLimit"`         // most characters of a visitor's message
	HeartbeatEvery    int64             `json:"heartbeatEvery"`    // ms
	HandoverTime      int64             `json:"handoverTime"`      // ms
	MaxFrame          int               `json:"maxFrame"`          // bytes
	EndedText         string            `json:"endedText"`         // text of the message that ends a flow
	SocketURL         string            `json:"socketURL"`         // default of the attribute socket-url
	SocketPath        string            `json:"socketPath"`        // see socketPath
	SessionPrefix     string            `json:"sessionPrefix"`     // of each session id
	KeyPrefix         string            `json:"keyPrefix"`         // of the keys in a storage
	ChoiceSuffixes    []string          `json:"choiceSuffixes"`    // of the keys of the draft and of the choice of the sound
	ForgetAfter       int64             `json:"forgetAfter"`       // ms
	StoredVersion     int               `json:"storedVersion"`     // of the records in a storage
	VendorKey         string            `json:"vendorKey"`         // key of a session of the vendor's sample page
	Placeholder       string            `json:"placeholder"`       // see placeholder
	LanguageAliases   map[string]string `json:"languageAliases"`   // see words.Aliases
	RightToLeft       string            `json:"rightToLeft"`       // regular expression for tags of right-to-left languages
	NarrowWidth       int               `json:"narrowWidth"`       // px
	NarrowScreen      string            `json:"narrowScreen"`      // media query
	FrameAttributes   []string          `json:"frameAttributes"`   // attributes of the widget in the iframe
	MaxLaunchText     int               `json:"maxLaunchText"`     // characters
	Restarting        string            `json:"restarting"`        // see chat.RestartAttributes; separated by "|"
	FeatureHint       string            `json:"featureHint"`       // see featureHint
	FeatureAttributes string            `json:"featureAttributes"` // see featureAttributes
}

// newFacts returns the facts.
func newFacts() facts {
	return facts{
		TextLimit:         chat.MaxText,
		HeartbeatEvery:    protocol.HeartbeatEvery.Milliseconds(),
		HandoverTime:      protocol.HandoverTime.Milliseconds(),
		MaxFrame:          protocol.MaxFrame,
		EndedText:         protocol.EndedText,
		SocketURL:         protocol.DefaultSocketURL,
		SocketPath:        socketPath(),
		SessionPrefix:     protocol.SessionPrefix,
		KeyPrefix:         chat.KeyPrefix,
		ChoiceSuffixes:    []string{chat.DraftSuffix, chat.SoundSuffix},
		ForgetAfter:       chat.ForgetAfter.Milliseconds(),
		StoredVersion:     chat.StoredVersion,
		VendorKey:         chat.VendorKey,
		Placeholder:       placeholder(),
		LanguageAliases:   words.Aliases,
		RightToLeft:       "^(" + strings.Join(words.RightToLeft, "|") + ")(?![a-z])",
		NarrowWidth:       chat.NarrowWidth,
		NarrowScreen:      chat.NarrowScreen,
		FrameAttributes:   frameAttributes(),
		MaxLaunchText:     chat.MaxLaunchText,
		Restarting:        strings.Join(chat.RestartAttributes, "|"),
		FeatureHint:       featureHint,
		FeatureAttributes: featureAttributes(),
	}
}

// frameAttributes returns all attributes but those that only the page around an iframe reads.
func frameAttributes() []string {
	return slices.DeleteFunc(slices.Clone(chat.Attributes), func(name string) bool {
		return slices.Contains(chat.PageAttributes, name)
	})
}

// placeholder returns what the chat in an iframe of another origin stores in the page: a snapshot for which the loader
// takes the chat to have a conversation.
func placeholder() string {
	snapshot := chat.Stored{Conversation: protocol.Conversation{Session: "in the iframe"}}
	return snapshot.Text(0)
}

// socketPath returns the part of the URL of a new conversation's connection that follows the base URL. It has * for the
// flow, and ends where the value of reconnect is to be appended.
func socketPath() string {
	const flow = "00000000-0000-0000-0000-000000000000"
	url, err := protocol.Endpoint{SocketURL: "wss://host", Flow: flow}.URL()
	if err != nil {
		panic(err) // the URL is constant
	}
	path := strings.TrimSuffix(strings.TrimPrefix(url, "wss://host"), "true")
	return strings.Replace(path, flow, "*", 1)
}
