package protocol

// problem is an error that is told apart by its text. Unlike what errors.New makes,
// it costs no code at the start.
type problem string

// Error implements error.
func (p problem) Error() string { return string(p) }

// What can be wrong with a frame. Whoever receives one of these ignores the
// frame and keeps the connection.
var (
	ErrMalformed   error = problem("malformed JSON")
	ErrNotText     error = problem("binary frame")
	ErrUnknownType error = problem("unknown frame type")
	ErrNoContent   error = problem("message without content")
	ErrTooLarge    error = problem("frame over 1 MiB")
	ErrNoMessage   error = problem("recv of what is no message")
	ErrTooMuch     error = problem("more than 4 MiB before or in a replay")
)

// Why a connection was given up.
var (
	errSilent    error = problem("nothing arrived for a while, and a message is unanswered")
	errNoSession error = problem("no session frame within 10 s")
	errFrozen    error = problem("the page or the device was asleep, and heartbeats were missed")
	errTimeout   error = problem("no answer in time")
	errReplaced  error = problem("replaced by a new connection")
)

// ServerError is an error that the server has sent over the socket.
type ServerError struct{ Message string }

// Error implements error.
func (e *ServerError) Error() string { return "the server reports: " + e.Message }

// ErrUnreachable tells what a site owner can check where no connection can be
// made: browsers hide the reason.
var ErrUnreachable error = problem("3 connections in a row have failed, and browsers do not tell why. Check that the socket URL names a WebSocket server, that it answers without a redirect and without a subprotocol, that it accepts this page's origin and this flow id, and that the page's Content-Security-Policy allows it in connect-src")

// The Reason of a [Reported] event.
const (
	CodeServer     = "server"     // the server sent an error frame
	CodeConnection = "connection" // no connection can be made
)

// What can be wrong with a configuration.
var (
	ErrBadFlow    error = problem("flow id is not a UUID")
	ErrBadSession error = problem("session is not webchat-session.{uuid}")
	ErrBadURL     error = problem("URL not allowed")
)
