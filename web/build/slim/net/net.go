// Package net stands in for the standard library's net in the WebAssembly build.
//
// A page has no sockets but the browser's, yet github.com/coder/websocket wraps a connection as a
// net.Conn (NetConn) and reports net.ErrClosed, and the standard package brings a resolver, a
// simulated network and their tables along. This package holds the names and nothing else; the
// recipe puts it in net's place by the go command's -overlay.
package net

import (
	"errors"
	"time"
)

// ErrClosed is the error of an operation on a connection that has been closed. Its text is the
// standard library's.
var ErrClosed = errors.New("use of closed network connection")

// Addr is a network address.
type Addr interface {
	Network() string // name of the network, for example "tcp"
	String() string  // the address in text
}

// Conn is a stream-oriented network connection; see the standard library's Conn for the contract
// of each method.
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
