// Package image replaces the standard library's image in the WebAssembly build. The comment of package
// plurachat/web/build/slim/color explains why.
package image

// Point is a pair of pixel coordinates.
type Point struct {
	X, Y int
}

// Rectangle holds the points with Min.X <= X < Max.X and Min.Y <= Y < Max.Y.
type Rectangle struct {
	Min, Max Point
}

// Rect returns the rectangle with two opposite corners, in any order.
func Rect(x0, y0, x1, y1 int) Rectangle {
	return Rectangle{Point{min(x0, x1), min(y0, y1)}, Point{max(x0, x1), max(y0, y1)}}
}
