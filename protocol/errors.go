package protocol

import "errors"

// What can be wrong with a frame. Whoever receives one of these ignores the
// frame and keeps the connection.
var (
	ErrMalformed   = errors.New("malformed JSON")
	ErrNotText     = errors.New("binary frame")
	ErrUnknownType = errors.New("unknown frame type")
	ErrNoContent   = errors.New("message without content")
	ErrTooLarge    = errors.New("frame over 1 MiB")
	ErrNoMessage   = errors.New("recv of what is no message")
	ErrTooMuch     = errors.New("more than 4 MiB before or in a replay")
)

// Why a connection was given up.
var (
	errSilent    = errors.New("nothing arrived for a while, and a message is unanswered")
	errNoSession = errors.New("no session frame within 10 s")
	errFrozen    = errors.New("the page or the device was asleep, and heartbeats were missed")
	errReplaced  = errors.New("replaced by a new connection")
)

// ServerError is an error that the server has sent over the socket.
type ServerError struct{ Message string }

// Error implements error.
func (e *ServerError) Error() string { return "the server reports: " + e.Message }

// ErrUnreachable tells what a site owner can check where no connection can be
// made: browsers hide the reason.
var ErrUnreachable = errors.New("3 connections in a row have failed, and browsers do not tell why. Check that the socket URL names a WebSocket server, that it answers without a redirect and without a subprotocol, that it accepts this page's origin and this flow id, and that the page's Content-Security-Policy allows it in connect-src")

// The Reason of a [Reported] event.
const (
	CodeServer     = "server"     // the server sent an error frame
	CodeConnection = "connection" // no connection can be made
)

// What can be wrong with a configuration.
var (
	ErrBadFlow    = errors.New("flow id is not a UUID")
	ErrBadSession = errors.New("session is not webchat-session.{uuid}")
	ErrBadURL     = errors.New("URL not allowed")
)
