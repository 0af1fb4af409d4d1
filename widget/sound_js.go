package widget

import "syscall/js"

// audio is the one AudioContext for all widgets. Browsers limit their number.
var audio js.Value

// chime plays two soft notes. Browsers refuse to play before the visitor has interacted with the page.
func chime() {
	try(func() {
		if audio.IsUndefined() {
			audio = js.Global().Get("AudioContext").New()
		}
		now := audio.Get("currentTime").Float()
		for i, hertz := range []float64{660, 880} {
			at := now + 0.12*float64(i)
			tone, volume := audio.Call("createOscillator"), audio.Call("createGain")
			tone.Get("frequency").Set("value", hertz)
			gain := volume.Get("gain")
			gain.Call("setValueAtTime", 0, at)
			gain.Call("linearRampToValueAtTime", 0.08, at+0.02)
			gain.Call("exponentialRampToValueAtTime", 0.0001, at+0.3)
			tone.Call("connect", volume).Call("connect", audio.Get("destination"))
			tone.Call("start", at)
			tone.Call("stop", at+0.3)
		}
	})
}
