//go:build js

package widget

import "syscall/js"

// Main registers the widget with the page and serves it until the page goes away.
func Main() {
	mount := js.FuncOf(func(this js.Value, args []js.Value) any { return js.Global().Get("Object").New() })
	js.Global().Get("pluraChat").Call("ready", mount)
	select {}
}
