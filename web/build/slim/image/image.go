// Package image stands in for the standard library's image in the WebAssembly build; package
// plurachat/web/build/slim/color says why.
package image

// Point is a pair of pixel coordinates.
type Point struct {
	X, Y int
}

// Rectangle holds the points with Min.X <= X < Max.X and Min.Y <= Y < Max.Y.
type Rectangle struct {
	Min, Max Point
}

// Rect is the rectangle between two corners, whichever order they come in.
func Rect(x0, y0, x1, y1 int) Rectangle {
	return Rectangle{Point{min(x0, x1), min(y0, y1)}, Point{max(x0, x1), max(y0, y1)}}
}
