//go:build !js

package web

import "plurachat/web/command"

// Main runs the program's command line. It returns if the command succeeds. Otherwise it exits, with status 1 if the
// command fails, 2 if the command or its flags are not known, and 130 if it was interrupted.
func Main() { command.Main() }
