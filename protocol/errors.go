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
)

// What can be wrong with a configuration.
var (
	ErrBadFlow    = errors.New("flow id is not a UUID")
	ErrBadSession = errors.New("session is not webchat-session.{uuid}")
	ErrBadURL     = errors.New("URL not allowed")
)
