//go:build !js

package web

import "plurachat/web/command"

// Main runs the program's command line, on a desk. It returns when the command is done, and exits with status 1 when
// the command fails, 2 when it was misspelt, and 130 when it was interrupted.
func Main() { command.Main() }
