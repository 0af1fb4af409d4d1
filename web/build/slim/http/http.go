// Package http replaces net/http in the WebAssembly build.
//
// For js/wasm github.com/coder/websocket uses the browser's WebSocket, but the signatures of Dial and Accept have types
// of net/http. The standard package would link an HTTP client, an HTTP/2 server and crypto/tls, which add more than
// 400 KB to the download. This package has only those types. As a package of the standard library, it must only import
// packages of the standard library.
package http

// StatusSwitchingProtocols is the status in the Response of websocket.Dial.
const StatusSwitchingProtocols = 101

// Response is a result of websocket.Dial. It has only the status, because browsers do not show scripts the response of
// the handshake.
type Response struct {
	StatusCode int
}

// Request is a parameter of websocket.Accept, which does not work in browsers.
type Request struct{}

// ResponseWriter is a parameter of websocket.Accept, which does not work in browsers.
type ResponseWriter interface {
	WriteHeader(statusCode int)
}
