// Package os stands in for the standard library's os in the WebAssembly build.
//
// A page has no files, processes or environment, yet github.com/google/uuid can stamp an id with the
// user's and group's number, and the standard package opens three standard files when the program
// starts, with a poller, deadlines and a file system's errors behind them. What panics and println
// write does not go through it.
package os

import "syscall"

// Getuid returns -1: there are no users here. The standard package answers the same in a browser.
func Getuid() int {
	return -1
}

// Getgid returns -1, as Getuid does.
func Getgid() int {
	return -1
}

// Exit ends the program, as far as a page can tell: no goroutine runs on and no callback is answered.
func Exit(code int) {
	syscall.Exit(code)
}
