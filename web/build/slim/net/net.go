// Package net replaces the standard library's net in the WebAssembly build.
//
// github.com/coder/websocket imports it for net.Conn, net.Addr and net.ErrClosed. The standard package would link a
// resolver and a simulated network, which the widget does not use. This package has only those names.
package net

import (
	"errors"
	"time"
)

// ErrClosed is the error of an operation on a closed connection. It has the same text as in the standard library.
var ErrClosed = errors.New("use of closed network connection")

// Addr is a network address.
type Addr interface {
	Network() string // name of the network, for example "tcp"
	String() string  // the address in text
}

// Conn is a stream-oriented network connection. The standard library's Conn documents the methods.
type Conn interface {
	Read(b []byte) (n int, err error)
	Write(b []byte) (n int, err error)
	Close() error
	LocalAddr() Addr
	RemoteAddr() Addr
	SetDeadline(t time.Time) error
	SetReadDeadline(t time.Time) error
	SetWriteDeadline(t time.Time) error
}
