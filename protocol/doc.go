// Package protocol implements the Plura AI webchat protocol: frames, URLs,
// session initialisation, and a [Client] that keeps one conversation over any
// number of connections.
//
// The package does not use the DOM and does not depend on how a conversation
// is shown. It runs natively and in the browser; only the files named *_js.go and
// *_notjs.go differ.
//
// A conversation is a sequence of [Event] values. One goroutine of the Client
// makes them, from frames, from the clock and from calls of its methods.
// [Conversation.Apply] applies an event to a conversation. The widget, the
// snapshot in storage and other tabs apply the same events, so they have the
// same conversation.
//
// Plura AI documents the wire format ("WebSocket › Connection", "Messages",
// "Session management", "Errors"). Where that documentation says nothing, a
// comment at the code explains the decision.
package protocol
