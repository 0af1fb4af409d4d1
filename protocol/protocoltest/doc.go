// Package protocoltest is a Plura-compatible webchat server for tests and
// previews, in the manner of [net/http/httptest].
//
// It initialises sessions, speaks every documented frame, remembers each
// conversation so that it can be resumed, keeps a log of everything that it
// received, and misbehaves on demand: it delays, drops, kicks, refuses, hangs,
// goes half-open, forgets, replays in every manner that the documentation
// leaves room for, and sends raw frames.
//
// The documentation is silent on much of what a server may do: what it
// acknowledges and how, which ids it gives, what a resumed connection gets, how
// it stores a text. [Manners] has a field for each such silence, and [Presets]
// names the servers that follow; a client that holds against all of them does
// not depend on what nobody has promised.
//
// It shares no code with package protocol. What a client sends is held against
// the documentation with encoding/json and a WebSocket server end of its own,
// so that a mistake in the one is not repeated by the other: whatever a client
// sends that the documentation does not describe is a [Violation], and a test
// asserts that there was none.
//
//	srv := protocoltest.NewServer(protocoltest.Options{})
//	defer srv.Close()
//	url := srv.SocketURL() + "/webchat/flow/" + flow + "/session/null/r/true"
//	ws, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{HTTPClient: srv.Client()})
//	…
//	if v := srv.Violations(); len(v) > 0 {
//		t.Errorf("the client broke the protocol: %v", v)
//	}
//
// [NewServer] listens on loopback. [NewPipe] needs no network at all: its
// connections are in memory and block durably, which is what testing/synctest
// asks for, and light enough for ten thousand of them. [New] has no listener;
// its [Server.Handler] is mounted in a server of the caller's.
//
// Everything that a Server does wrong on purpose can be said in three ways:
// beforehand by [Options], at run time by the Server's and the [Conn]'s
// methods, and event by event by [Options.Fault], which a seeded test uses to
// drive the server through the same misfortunes each time.
//
// The package is for native programs; it is not part of what a page loads.
package protocoltest
