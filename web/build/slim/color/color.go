// Package color replaces image/color in the WebAssembly build.
//
// honnef.co/go/js/dom/v2 imports it and image to wrap a canvas's ImageData as an image.Image. The widget draws on no
// canvas. The standard package's colour models would be linked even if they are not used, because they are package
// variables. This package has what dom/v2 uses.
package color

// Color is a colour. RGBA returns its channels with 16 bits each, premultiplied by alpha.
type Color interface {
	RGBA() (r, g, b, a uint32)
}

// Model is a colour model. Convert converts any Color to a Color of the model.
type Model interface {
	Convert(c Color) Color
}

// NRGBA is a colour with 8 bits per channel, not premultiplied by alpha.
type NRGBA struct {
	R, G, B, A uint8
}

// RGBA implements Color.
func (c NRGBA) RGBA() (r, g, b, a uint32) {
	widen := func(v uint8) uint32 { return uint32(v) * 0x101 * uint32(c.A) / 0xff }
	return widen(c.R), widen(c.G), widen(c.B), uint32(c.A) * 0x101
}

// NRGBAModel is the model of NRGBA colours.
var NRGBAModel Model = nrgbaModel{}

type nrgbaModel struct{}

// Convert implements Model.
func (nrgbaModel) Convert(c Color) Color {
	if c, ok := c.(NRGBA); ok {
		return c
	}
	r, g, b, a := c.RGBA()
	if a == 0 {
		return NRGBA{}
	}
	narrow := func(v uint32) uint8 { return uint8(v * 0xffff / a >> 8) }
	return NRGBA{narrow(r), narrow(g), narrow(b), uint8(a >> 8)}
}
