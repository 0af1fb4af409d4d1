//go:build !js

package markdown

// steps counts the bytes and nodes that the parser looks at. It counts only while a test has set the limit.
var steps struct{ n, limit int }

// step adds n to the count.
func step(n int) {
	if steps.limit > 0 {
		count(n)
	}
}

func count(n int) {
	if steps.n += n; steps.n > steps.limit {
		panic(tooManySteps{})
	}
}

// tooManySteps is the panic value of a step above the limit.
type tooManySteps struct{}
