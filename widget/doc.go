// Package widget is what the visitor sees of a chat.
//
// It is built as three rooms with one owner. [Chat] is pure state: events of the
// protocol and intents of the visitor go in, and what is to be stored, sent,
// told and drawn comes out as data ([Batch]); it knows no socket, no clock and
// no DOM, and is tested natively. The view (view_*_js.go) applies what comes out
// and decides nothing. The widget's loop (widget_js.go) is the one goroutine
// that owns both: whatever happens, in the DOM or on the wire, only queues.
package widget
