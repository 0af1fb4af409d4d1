// Package color stands in for image/color in the WebAssembly build.
//
// honnef.co/go/js/dom/v2 wraps a canvas's ImageData as an image.Image. The widget draws on no
// canvas; the standard package's colour models are linked all the same, as package variables. This
// package holds what dom/v2 names, and works.
package color

// Color converts itself to alpha-premultiplied 16-bit RGBA.
type Color interface {
	RGBA() (r, g, b, a uint32)
}

// Model converts any Color to one from its own colour model.
type Model interface {
	Convert(c Color) Color
}

// NRGBA is a colour of 8 bits a channel, its alpha not premultiplied.
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
