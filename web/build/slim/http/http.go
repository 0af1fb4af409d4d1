// Package http stands in for net/http in the WebAssembly build.
//
// github.com/coder/websocket opens the browser's own WebSocket, yet the signatures of its browser
// build name net/http: Dial returns a mock *http.Response and the stub of Accept takes a request.
// Naming it links an HTTP client, an HTTP/2 server and all of crypto/tls, some 400 KB of a download
// that never uses them. This package holds the names and nothing else; the recipe puts it in
// net/http's place by the go command's -overlay. It must stay able to build as net/http, so it
// imports only what the standard library has.
package http

// StatusSwitchingProtocols is the status that Dial's mock response carries.
const StatusSwitchingProtocols = 101

// Response is what websocket.Dial returns beside the connection. In a browser nobody sees the
// handshake's answer, so there is nothing in it but the status.
type Response struct {
	StatusCode int
}

// Request is named by websocket.Accept, which does not work in a browser.
type Request struct{}

// ResponseWriter is named by websocket.Accept, which does not work in a browser.
type ResponseWriter interface {
	WriteHeader(statusCode int)
}
