// Package os replaces the standard library's os in the WebAssembly build.
//
// github.com/google/uuid imports it for Getuid and Getgid. The standard package would link files and a poller, because
// it opens the three standard files when the program starts. The output of panics and println does not need package os.
package os

import "syscall"

// Getuid returns -1, as the standard package does in a browser.
func Getuid() int {
	return -1
}

// Getgid returns -1, as Getuid does.
func Getgid() int {
	return -1
}

// Exit ends the program. No goroutine continues and no callback into Go works after it.
func Exit(code int) {
	syscall.Exit(code)
}
