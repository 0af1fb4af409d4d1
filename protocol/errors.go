package protocol

// constError is an error that is identified by its text. Unlike errors.New, it
// needs no initialisation code.
type constError string

// Error implements error.
func (e constError) Error() string { return string(e) }

// Errors of frames. The Client ignores such a frame and keeps the connection.
var (
	ErrMalformed   error = constError("malformed JSON")
	ErrNotText     error = constError("binary frame")
	ErrUnknownType error = constError("unknown frame type")
	ErrNoContent   error = constError("message without content")
	ErrTooLarge    error = constError("frame too large")
	ErrNoMessage   error = constError("recv for something other than a message")
	ErrTooMuch     error = constError("too many frames before the session frame or in a replay")
)

// Reasons for closing a connection.
var (
	errSilent    error = constError("no frame arrived in time, and a message is not acknowledged")
	errNoSession error = constError("no session frame in time")
	errFrozen    error = constError("the page or the device was suspended and missed heartbeats")
	errTimeout   error = constError("timed out")
	errReplaced  error = constError("replaced by a new connection")
)

// ServerError is an error frame of the server.
type ServerError struct{ Message string }

// Error implements error.
func (e *ServerError) Error() string { return "the server reports: " + e.Message }

// ErrUnreachable lists what a site owner can check when no connection can be
// made. Browsers hide the reason.
var ErrUnreachable error = constError("several connections in a row failed, and browsers hide the reason. " +
	"Check that the socket URL names a WebSocket server, that it answers without a redirect " +
	"and without a subprotocol, that it accepts this page's origin and this flow id, " +
	"and that the page's Content-Security-Policy allows it in connect-src")

// Values of Reason in a [Reported] event.
const (
	CodeServer     = "server"     // the server sent an error frame
	CodeConnection = "connection" // connections cannot be made
)

// Errors of the configuration.
var (
	ErrBadFlow    error = constError("flow id is not a UUID")
	ErrBadSession error = constError("session is not webchat-session.{uuid}")
	ErrBadURL     error = constError("URL not allowed")
)
