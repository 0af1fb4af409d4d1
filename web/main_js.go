//go:build js

package web

import "plurachat/widget"

// Main runs the widget's engine. It is called once, by the program's main function, and returns only
// when the page is done with the widget.
func Main() { widget.Main() }
