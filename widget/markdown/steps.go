//go:build !js

package markdown

// steps counts the bytes and nodes that the reading of messages looks at, up to a limit, while a test asks for it.
var steps struct{ n, limit int }

// step counts n of them.
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

// tooManySteps is the panic of a step beyond the limit.
type tooManySteps struct{}
