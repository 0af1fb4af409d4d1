// Package widget is the part of the chat that runs in the page: the loop that owns the state, the view that draws it,
// and the listeners that report what the visitor does.
//
// The state is a [plurachat/widget/chat.Chat]. It is pure: it takes events of the protocol and intents of the visitor,
// and returns as data what to store, to send, to report to the page and to draw. A [plurachat/widget/tabs.Tab], which
// is also pure, decides which tab holds the connection. The loop (widget_loop_js.go) is the one goroutine that owns
// both. DOM callbacks and sockets only add to its queue. The view (view_*_js.go) applies the results to the DOM and
// decides nothing.
package widget
