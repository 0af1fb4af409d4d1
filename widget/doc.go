// Package widget is the half of the chat that lives in the page: the loop that owns everything, the view, and the
// listeners.
//
// The state is a [plurachat/widget/chat.Chat], which is pure: events of the protocol and intents of the visitor go in, and
// what is to be stored, sent, told and drawn comes out as data. Which tab holds the connection is decided by a
// [plurachat/widget/tabs.Tab], likewise pure. The loop (widget_js.go) is the one goroutine that owns both: DOM callbacks
// and sockets only add to its queue. The view (view_*_js.go) applies what comes out of the state and decides nothing.
package widget
