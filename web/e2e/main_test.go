package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"testing"

	"plurachat/web/build"
)

// The dist as it is published, which is built once for all tests.
var (
	dist       *build.Dist
	sizes      []build.Sizes
	compressor = &build.Compressor{Cache: build.CacheDir()}
	tempDir    string // is removed after all tests
)

func TestMain(m *testing.M) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code, err := testMain(ctx, m)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func testMain(ctx context.Context, m *testing.M) (code int, err error) {
	root, err := build.FindRoot(ctx)
	if err != nil {
		return 0, err
	}
	if dist, err = (&build.Recipe{Root: root, Strict: true}).Build(ctx); err != nil {
		return 0, err
	}
	// Compress the files before the tests, because it takes longer than a page waits.
	if sizes, err = dist.Sizes(compressor); err != nil {
		return 0, err
	}
	if tempDir, err = os.MkdirTemp("", "plura-chat"); err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tempDir)) }()
	defer closeEngines()
	return m.Run(), nil
}
