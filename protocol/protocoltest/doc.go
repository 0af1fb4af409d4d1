// Package protocoltest implements a Plura-compatible webchat server for tests
// and previews. It is used like [net/http/httptest].
//
// The server initialises sessions, handles and sends every documented frame,
// keeps each conversation so that it can be resumed, and logs everything that it
// receives. It produces faults on demand: it delays, drops, closes with any
// code, refuses, hangs, becomes half-open, loses sessions, replays in every way
// that the documentation allows, and sends raw frames.
//
// The documentation leaves open much of what a server may do: what it
// acknowledges and how, which ids it uses, what it sends on a resumed connection,
// how it stores a text. [Manners] has a field for each of these, and [Presets]
// returns named servers that differ in them. A client that works with all of
// them does not depend on undocumented behaviour.
//
// The package shares no code with package protocol, so that a mistake in one of
// them is not repeated in the other. It checks what a client sends against the
// documentation, with encoding/json and its own WebSocket implementation.
// It logs a [Violation] for everything that the documentation does not describe.
// A test of a client should check that there is none.
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
// [NewServer] listens on loopback. [NewPipe] needs no network: its connections
// are in memory, block durably as testing/synctest requires, and are small enough
// for a test with ten thousand of them. [New] has no listener; the caller mounts
// its [Server.Handler] in another server.
//
// Faults can be requested in three ways: by [Options] before the start, by
// methods of Server and [Conn] at run time, and for each event by
// [Options.Fault], which lets a test with a seed repeat the same faults.
//
// The package is for native programs. The widget does not contain it.
package protocoltest
