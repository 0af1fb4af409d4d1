package widget

import (
	"strconv"
	"syscall/js"
	"time"

	"plurachat/protocol"
)

// download makes the browser save a text as a file.
func (v *view) download(text string, now time.Time) {
	try(func() {
		parts := js.Global().Get("Array").Call("of", text)
		blob := js.Global().Get("Blob").New(parts, map[string]any{"type": "text/plain;charset=utf-8"})
		url := js.Global().Get("URL").Call("createObjectURL", blob)
		a := create("a", "", "", "target", "_blank", "rel", "noopener")
		a.SetAttribute("href", url.String())
		day, second := string(protocol.AppendStamp(nil, now)[:10]), strconv.FormatInt(now.Unix()%86400, 10)
		a.SetAttribute("download", "chat-"+day+"-"+second+".txt")
		v.panel.AppendChild(a) // Firefox follows only links that are in the document
		a.Call("click")
		a.Remove()
		js.Global().Get("URL").Call("revokeObjectURL", url)
	})
}
