// Package suite has what the packages of tests in browsers share.
package suite

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"time"

	"plurachat/web/build"
)

// Patience is how long a test waits for what must happen. Tests of a time limit of the product measure the time.
const Patience = 60 * time.Second

// Main builds the widget as for a release and calls run, which prepares and runs the tests. Main exits with the status
// that run returns, or with 1 after an error.
func Main(run func(d *build.Dist, c *build.Compressor) (code int, err error)) {
	code := 1
	d, err := dist()
	if err == nil {
		code, err = run(d, &build.Compressor{Cache: build.CacheDir()})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// dist builds the widget. An interrupt ends the build; later it ends the tests.
func dist() (*build.Dist, error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	root, err := build.FindRoot(ctx)
	if err != nil {
		return nil, err
	}
	return (&build.Recipe{Root: root, Strict: true}).Build(ctx)
}

// Poll calls done until it returns true or the time is over, and reports whether it returned true.
func Poll(limit time.Duration, done func() bool) bool {
	const interval = 30 * time.Millisecond
	for deadline := time.Now().Add(limit); ; {
		if done() {
			return true
		}
		if time.Now().After(deadline) {
			return false
		}
		time.Sleep(interval) // between two calls
	}
}
