// Package protocol speaks the Plura AI webchat protocol: frames, URLs, session
// initialisation, and a [Client] that keeps one conversation going over
// whatever connections it takes.
//
// The package knows no DOM and nothing of what a conversation looks like. It
// runs natively and in the browser; the two differ only in conn_js.go and
// conn_notjs.go.
//
// A conversation is a sequence of [Event] values. The Client decides them, in
// one goroutine, from what arrives on the socket, from the clock and from what
// it is asked to do; [Conversation.Apply] folds them. Whoever folds the same
// events holds the same conversation: the widget that shows it, the record in
// storage, and other tabs that only mirror it.
//
// The wire is documented by Plura AI ("WebSocket › Connection", "Messages",
// "Session management", "Errors"). Where that documentation is silent, the
// decision is told at the code that carries it.
package protocol
