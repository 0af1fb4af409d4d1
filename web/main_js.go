//go:build js

package web

import "plurachat/widget"

// Main runs the widget. The program's main function calls it once. It never returns.
func Main() { widget.Main() }
