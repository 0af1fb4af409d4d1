package protocoltest

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/png"
	"math"
	"sync"
)

// This file draws the demo's pictures as data: URLs, so that a preview needs no
// files and no network. They consist of flat shapes on a plain background.

const (
	avatarSize = 96 // pixels, of either side
	samples    = 4  // per pixel and axis, for smooth edges
)

// shape reports whether a point is in a shape. The coordinates go from 0 to 1,
// from the left and from the top.
type shape func(x, y float64) bool

// layer is a shape in one colour.
type layer struct {
	color color.RGBA
	in    shape
}

func rgb(hex uint32) color.RGBA {
	return color.RGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 255}
}

// ellipse returns an ellipse with its centre at (cx, cy).
func ellipse(cx, cy, rx, ry float64) shape {
	return func(x, y float64) bool {
		dx, dy := (x-cx)/rx, (y-cy)/ry
		return dx*dx+dy*dy <= 1
	}
}

func box(x0, y0, x1, y1 float64) shape {
	return func(x, y float64) bool { return x >= x0 && x <= x1 && y >= y0 && y <= y1 }
}

// both returns the intersection of two shapes.
func both(a, b shape) shape { return func(x, y float64) bool { return a(x, y) && b(x, y) } }

// chevron returns the shape of a gable: a band with the height h and the width
// 2w, whose top is at (0.5, top), and which descends on both sides with the given
// slope.
func chevron(top, h, slope, w float64) shape {
	return func(x, y float64) bool {
		d := math.Abs(x - 0.5)
		edge := top + d*slope
		return d <= w && y >= edge && y <= edge+h
	}
}

func everything(float64, float64) bool { return true }

// draw returns a PNG image of the layers as a data: URL. Later layers cover
// earlier ones.
func draw(layers []layer) string {
	img := image.NewRGBA(image.Rect(0, 0, avatarSize, avatarSize))
	for py := range avatarSize {
		for px := range avatarSize {
			var r, g, b int
			for s := range samples * samples {
				x := (float64(px) + (float64(s%samples)+0.5)/samples) / avatarSize
				y := (float64(py) + (float64(s/samples)+0.5)/samples) / avatarSize
				c := layers[0].color
				for _, l := range layers {
					if l.in(x, y) {
						c = l.color
					}
				}
				r, g, b = r+int(c.R), g+int(c.G), b+int(c.B)
			}
			const n = samples * samples
			img.SetRGBA(px, py, color.RGBA{uint8(r / n), uint8(g / n), uint8(b / n), 255})
		}
	}
	var buf bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&buf, img); err != nil {
		panic("protocoltest: drawing an avatar: " + err.Error()) // cannot happen: it writes into memory
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(buf.Bytes())
}

// roofPicture returns the company's logo: two gables on slate blue.
var roofPicture = sync.OnceValue(func() string {
	return draw([]layer{
		{rgb(0x24405c), everything},
		{rgb(0xf2b263), chevron(0.24, 0.115, 0.72, 0.36)},
		{rgb(0xffffff), both(chevron(0.43, 0.6, 0.72, 0.27), box(0, 0, 1, 0.76))},
		{rgb(0x24405c), box(0.43, 0.58, 0.57, 0.76)},
	})
})

// mayaPicture returns the picture of Maya: dark hair down to the shoulders, and
// a green top.
var mayaPicture = sync.OnceValue(func() string {
	return draw([]layer{
		{rgb(0xf6d9c2), everything},
		{rgb(0x3b2a2a), ellipse(0.5, 0.44, 0.265, 0.30)},
		{rgb(0x3b2a2a), box(0.235, 0.44, 0.765, 0.72)},
		{rgb(0x2f7d6b), ellipse(0.5, 1.06, 0.42, 0.34)},
		{rgb(0xc68a68), box(0.425, 0.60, 0.575, 0.78)},
		{rgb(0xc68a68), ellipse(0.5, 0.77, 0.085, 0.055)},
		{rgb(0xdca381), ellipse(0.5, 0.475, 0.175, 0.215)},
		{rgb(0x3b2a2a), both(ellipse(0.5, 0.40, 0.215, 0.19), func(x, y float64) bool {
			return y < 0.41-1.2*(x-0.36)*(x-0.36)
		})},
		{rgb(0x3b2a2a), ellipse(0.43, 0.475, 0.017, 0.021)},
		{rgb(0x3b2a2a), ellipse(0.57, 0.475, 0.017, 0.021)},
		{rgb(0xa2503f), both(ellipse(0.5, 0.555, 0.062, 0.045), box(0, 0.565, 1, 1))},
	})
})

// danielPicture returns the picture of Daniel: short hair, a beard, and a cap in
// the company's colour.
var danielPicture = sync.OnceValue(func() string {
	return draw([]layer{
		{rgb(0xcfe0ee), everything},
		{rgb(0x24405c), ellipse(0.5, 1.07, 0.45, 0.36)},
		{rgb(0xb97f5b), box(0.415, 0.60, 0.585, 0.80)},
		{rgb(0xb97f5b), ellipse(0.5, 0.79, 0.095, 0.055)},
		{rgb(0x5a3b26), ellipse(0.5, 0.49, 0.197, 0.235)},
		{rgb(0xd39c75), both(ellipse(0.5, 0.475, 0.185, 0.225), box(0, 0, 1, 0.56))},
		{rgb(0xd39c75), both(ellipse(0.5, 0.52, 0.13, 0.09), box(0, 0, 1, 0.585))},
		{rgb(0xf2b263), both(ellipse(0.5, 0.36, 0.215, 0.20), box(0, 0, 1, 0.36))},
		{rgb(0xd8923c), both(ellipse(0.5, 0.375, 0.26, 0.04), box(0, 0.345, 1, 1))},
		{rgb(0x3a281c), ellipse(0.43, 0.475, 0.017, 0.021)},
		{rgb(0x3a281c), ellipse(0.57, 0.475, 0.017, 0.021)},
		{rgb(0xffffff), both(ellipse(0.5, 0.595, 0.058, 0.035), box(0, 0.60, 1, 1))},
	})
})
